# Many WinRM servers in one process, inside the network of a domain controller.
# SPDX-License-Identifier: GPL-3.0-or-later
"""python3 -m lab.winrm.fleet SMB.CONF MEMBERS.json

MEMBERS.json: {name: {"gate": {keywords of NegotiateGate}, "server": {keywords of WinrmLab}, "scenario": name}}, all of
them optional. Prints a line of JSON when ready, {name: facts}; then, for each line `NAME` on standard input, the
counters of that server as JSON, `replaced` of somebody in between among them. Ends with standard input."""
import contextlib
import json
import pathlib
import sys

from .gensec import NegotiateGate
from .scenarios_apppool import APPPOOL
from .scenarios_connector import CONNECTOR
from .server import WinrmLab

SCENARIOS = {row.name: row for row in (*APPPOOL, *CONNECTOR)}


def make(smb_conf, member):
    host, server = None, dict(member.get("server", {}))
    if "scenario" in member:
        row = SCENARIOS[member["scenario"]]
        host = row.host()
        server |= row.server
    return WinrmLab(host, gate=NegotiateGate(smb_conf, **member.get("gate", {})), **server)


def say(value):
    print(json.dumps(value), flush=True)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    members = json.loads(pathlib.Path(sys.argv[2]).read_text(encoding="utf-8"))
    with contextlib.ExitStack() as stack:
        labs = {name: stack.enter_context(make(sys.argv[1], member)) for name, member in members.items()}
        say({name: {"port": lab.port, "ca_file": lab.ca_file, "url": lab.url} for name, lab in labs.items()})
        for line in sys.stdin:
            lab = labs[line.strip()]
            say(lab.counters.as_dict() | {"replaced": lab.gate.middle.replaced if lab.gate.middle else 0})


if __name__ == "__main__":
    main()
