# What the checks that ask Active Directory cost, beside one search of ldapsearch with the same ticket.
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Samba domain controller; Kerberos from a ticket cache, signed and encrypted on the plain port."""
import contextlib

import winrm
from peers.directory_authorities import MAIN
from peers.samba_dc import samba_dc

MEMORY_MAXIMUM_KIB = 16 * 1024
TEMPLATE, ACCOUNT, LDAPSEARCH = "check_ndes_template", "check_ndes_account", "ldapsearch, one search"
PLUGINS = (TEMPLATE, ACCOUNT)
# program, compared with, at most this times its wall time
GOALS = ((TEMPLATE, LDAPSEARCH, 1.5), (ACCOUNT, LDAPSEARCH, 1.5))
SERVICE = "NDESTEST\\svc-ndes"


def commands(build):
    return {
        TEMPLATE: [str(build / TEMPLATE), "-H", "localhost", "--template", "NDESDevice", "--account", SERVICE, "--ca", MAIN],
        ACCOUNT: [str(build / ACCOUNT), "-H", "localhost", "--account", SERVICE],
        LDAPSEARCH: ["/usr/bin/ldapsearch", "-LLL", "-Q", "-Y", "GSSAPI", "-N", "-H", "ldap://localhost",
                     "-b", "DC=ndes,DC=test", "(sAMAccountName=svc-ndes)", "userAccountControl"],
    }


@contextlib.contextmanager
def programs(build):
    """The commands by name, ready to be run, and the environment that they need."""
    with samba_dc() as domain:
        ticket = domain.login()
        with winrm.network_of(domain.holder):
            yield commands(build), {name: ticket[name] for name in ("KRB5_CONFIG", "KRB5CCNAME")}
