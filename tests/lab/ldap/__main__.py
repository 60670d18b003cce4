# Runs a directory server in the foreground, for hands and for other tests.
# SPDX-License-Identifier: GPL-3.0-or-later
"""python3 -m lab.ldap --list | [--scenario NAME] [--starttls] [--clock-ahead SECONDS] [--port N]

Prints a line of JSON when ready; then, for each line on standard input, the counters. Ends with standard input."""
import argparse
import json
import sys

from . import data, hostile
from .healthy import healthy
from .server import LdapLab


def listing():
    for row in data.ROWS:
        print(f"{row.name:28} entries {row.about}")
    for row in hostile.ROWS:
        print(f"{row.name:28} hostile {row.about}")


def choose(options):
    more = {"port": options.port, "tls": None if options.starttls else options.tls,
            "directory": healthy(options.clock_ahead)}
    if options.scenario in hostile.HOSTILES:
        return hostile.HostileLdap(options.scenario, **more)
    next(row for row in data.ROWS if row.name == options.scenario).change(more["directory"])
    return LdapLab(**more)


def main():
    parser = argparse.ArgumentParser(prog="python3 -m lab.ldap", description="directory server on 127.0.0.1")
    parser.add_argument("--list", action="store_true", help="show all scenarios")
    parser.add_argument("--scenario", default="healthy", metavar="NAME",
                        choices=[row.name for row in (*data.ROWS, *hostile.ROWS)])
    parser.add_argument("--starttls", action="store_true", help="plain, with StartTLS, instead of LDAPS")
    parser.add_argument("--tls", default="good", metavar="VARIANT", help="of lab.tls.SERVERS (default: good)")
    parser.add_argument("--clock-ahead", type=int, default=0, metavar="SECONDS")
    parser.add_argument("--port", type=int, default=0, metavar="N", help="port (default: any free one)")
    options = parser.parse_args()
    if options.list:
        return listing()
    with choose(options) as lab:
        print(json.dumps(lab.facts()), flush=True)
        for _ in sys.stdin:
            print(json.dumps(lab.counters()), flush=True)
    return None


if __name__ == "__main__":
    main()
