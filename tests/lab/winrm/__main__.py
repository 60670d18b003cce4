# Runs a WinRM lab in the foreground, for hands and for scripts in other languages.
# SPDX-License-Identifier: GPL-3.0-or-later
"""python3 -m lab.winrm --list | [--scenario NAME] [--switch NAME ...] [--gate NAME] [--tls] [--port N]

Negotiate and Kerberos need a domain: see fleet.py."""
import argparse
import dataclasses
import json
import sys

from ..__main__ import signal_pipe, wait_for_end
from . import gate, hostile
from .operations import Switches
from .server import WinrmLab

SWITCHES = tuple(field.name for field in dataclasses.fields(Switches) if field.type is bool) + ("unencrypted_refused",)


def listing():
    print("healthy                  a healthy host, changed with --switch")
    for row in hostile.ROWS:
        print(f"{row.name:24} hostile {row.about}")
    for name in SWITCHES:
        print(f"{name:24} switch")


def parse(words):
    parser = argparse.ArgumentParser(prog="python3 -m lab.winrm", description="WinRM lab on 127.0.0.1")
    parser.add_argument("--list", action="store_true", help="show all scenarios and switches")
    parser.add_argument("--scenario", default="healthy", metavar="NAME", choices=["healthy", *hostile.HOSTILES],
                        help="healthy (default), or a hostile server")
    parser.add_argument("--switch", action="append", default=[], metavar="NAME", choices=SWITCHES,
                        help="switch this on (repeatable)")
    parser.add_argument("--gate", default="basic", choices=("basic", "certificate", "open"),
                        help="how to sign in (default: basic)")
    parser.add_argument("--tls", action="store_true", help="serve https; basic and certificate always do")
    parser.add_argument("--clock-ahead", type=int, default=0, metavar="SECONDS")
    parser.add_argument("--delay", type=float, default=0, metavar="SECONDS", help="before each answer")
    parser.add_argument("--port", type=int, default=0, metavar="N", help="port (default: any free one)")
    return parser.parse_args(words)


def make_gate(options):
    """The gate, and the variant of TLS that it needs."""
    return {"basic": (gate.BasicGate(), True), "certificate": (gate.CertificateGate(), "client-1.2"),
            "open": (gate.OpenGate(), options.tls)}[options.gate]


def choose(options):
    chosen, tls = make_gate(options)
    more = {name: True for name in options.switch}
    more |= {"gate": chosen, "tls": tls, "port": options.port, "delay": options.delay,
             "clock_ahead": options.clock_ahead}
    return WinrmLab(**more) if options.scenario == "healthy" else hostile.HostileWinrm(options.scenario, **more)


def main(words=None):
    options = parse(words)
    if options.list:
        listing()
        return 0
    try:
        signals = signal_pipe()
        with choose(options) as lab:
            print(json.dumps(lab.facts()), flush=True)
            wait_for_end(signals)
    except (ValueError, OSError) as complaint:
        print(f"lab.winrm: {complaint}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
