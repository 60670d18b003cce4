# What the checks that ask by WinRM cost, beside one request of curl with the same ticket to the same server.
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Samba domain controller and the lab's WinRM server; Kerberos from a ticket cache, encrypted messages over HTTP."""
import contextlib
import ctypes
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "e2e")]

from peers.samba_dc import samba_dc  # noqa: E402  (the path to it is set above)

CLONE_NEWNET = 0x40000000
MEMORY_MAXIMUM_KIB = 20 * 1024
APPPOOL, CONNECTOR, QUIET, CURL = ("check_ndes_apppool", "check_ndes_connector", "check_ndes_connector --skip=events",
                                   "curl --negotiate, one request")
PLUGINS = (APPPOOL, CONNECTOR)
# program, compared with, at most this times its wall time; the connector waits half a second for the end of its events
GOALS = ((APPPOOL, CURL, 2),)


@contextlib.contextmanager
def network_of(pid):
    """For a while this process is in the network of another one."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open("/proc/self/ns/net", encoding="ascii") as own, open(f"/proc/{pid}/ns/net", encoding="ascii") as other:
        if libc.setns(other.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns")
        try:
            yield
        finally:
            libc.setns(own.fileno(), CLONE_NEWNET)


def commands(build, facts):
    server = ["-H", "localhost", "-p", str(facts["port"])]
    return {
        APPPOOL: [str(build / APPPOOL), *server],
        CONNECTOR: [str(build / CONNECTOR), *server],
        QUIET: [str(build / CONNECTOR), *server, "--skip=events"],
        CURL: ["/usr/bin/curl", "-s", "-f", "-o", "/dev/null", "--negotiate", "-u", ":", "-X", "POST", "-d", "",
               facts["url"]],
    }


@contextlib.contextmanager
def programs(build):
    """The commands by name, ready to be run, and the environment that they need."""
    with samba_dc() as domain, domain.fleet({"plain": {}}) as fleet:
        ticket = domain.login()
        environment = {name: ticket[name] for name in ("KRB5_CONFIG", "KRB5CCNAME")}
        with network_of(domain.holder):
            yield commands(build, fleet.facts["plain"]), environment

