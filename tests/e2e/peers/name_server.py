#!/usr/bin/python3
# A name server on 127.0.0.1:53 of a private network: name_server.py ZONE.json
# SPDX-License-Identifier: GPL-3.0-or-later
"""ZONE.json: {name: {"SRV": ["0 100 389 dc1.ndes.test."], "A": ["127.0.0.1"]}}; "rcode": "SERVFAIL" refuses a name, and
"rcode": "SILENT" never answers. Names that are not in it do not exist. Prints `ready` when it is."""
import json
import socket
import sys

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


def answer(zone, data):
    """The reply to a query, or None for silence."""
    query = dns.message.from_wire(data)
    reply = dns.message.make_response(query, recursion_available=True)
    question = query.question[0]
    entry = zone.get(question.name.to_text(omit_final_dot=True).lower())
    if entry is None:
        reply.set_rcode(dns.rcode.NXDOMAIN)
    elif entry.get("rcode") == "SILENT":
        return None
    elif "rcode" in entry:
        reply.set_rcode(dns.rcode.from_text(entry["rcode"]))
    elif records := entry.get(dns.rdatatype.to_text(question.rdtype)):
        reply.answer.append(dns.rrset.from_text_list(question.name, 60, "IN", question.rdtype, records))
    reply.flags |= dns.flags.AA
    return reply.to_wire()


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        zone = {name.lower(): entry for name, entry in json.load(file).items()}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 53))
        print("ready", flush=True)
        while True:
            data, client = server.recvfrom(4096)
            reply = answer(zone, data)
            if reply:
                server.sendto(reply, client)


if __name__ == "__main__":
    main()
