# Runs a lab in the foreground, for hands and for scripts in other languages.
# SPDX-License-Identifier: GPL-3.0-or-later
"""python3 -m lab --list | --scenario NAME ... [--tls] [--port N]"""
import argparse
import json
import os
import select
import signal
import sys

from . import hostile, scenarios
from .lab import Lab
from .settings import Conflict


def listing():
    for row in scenarios.ROWS:
        print(f"{row.name:24} {row.layer:7} {row.about}")
    for row in hostile.ROWS:
        print(f"{row.name:24} hostile {row.about}")


def parse(words):
    parser = argparse.ArgumentParser(prog="python3 -m lab", description="NDES lab on 127.0.0.1")
    parser.add_argument("--list", action="store_true", help="show all scenarios")
    parser.add_argument("--scenario", action="append", default=[], metavar="NAME",
                        help="switch this on (repeatable; default: a healthy NDES)")
    parser.add_argument("--tls", action="store_true", help="serve https")
    parser.add_argument("--port", type=int, default=0, metavar="N", help="port (default: any free one)")
    return parser.parse_args(words)


def choose(options):
    """The server asked for: hostile ones stand alone."""
    hostiles = [name for name in options.scenario if name in hostile.HOSTILES]
    if not hostiles:
        return Lab(options.scenario, options.tls, options.port)
    if len(options.scenario) > 1:
        raise Conflict(f"{hostiles[0]}: a hostile server stands alone")
    return hostile.HostileLab(hostiles[0], options.port)


def signal_pipe():
    """A descriptor that becomes readable at SIGTERM or SIGINT, whichever thread gets the signal."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    return reading


def wait_for_end(signals):
    """Until a signal, or until standard input closes (a terminal or /dev/null is not watched)."""
    watched = [signals]
    if sys.stdin and not sys.stdin.isatty() and os.path.realpath("/dev/stdin") != os.devnull:
        watched.append(sys.stdin.fileno())
    while True:
        ready, _, _ = select.select(watched, [], [])
        if signals in ready or not os.read(sys.stdin.fileno(), 4096):
            return


def run(lab):
    signals = signal_pipe()
    with lab:
        arguments = {plugin: lab.arguments(plugin) for plugin in ("check_ndes_http", "check_ndes_racert")}
        print(json.dumps({**lab.facts(), "arguments": arguments}), flush=True)
        wait_for_end(signals)


def main(words=None):
    options = parse(words)
    if options.list:
        listing()
        return 0
    try:
        run(choose(options))
    except (ValueError, OSError) as complaint:
        print(f"lab: {complaint}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
