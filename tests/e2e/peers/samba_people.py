#!/usr/bin/python3
# Puts the accounts of the tests into a domain that samba_dc.py has just made: samba_people.py SMB.CONF SAM.LDB
# SPDX-License-Identifier: GPL-3.0-or-later
"""In one process and before the server runs: each call of samba-tool would take half a second."""
import sys

import ldb
from samba.auth import system_session
from samba.param import LoadParm
from samba.samdb import SamDB

MONITOR, PASSWORD = "monitor", "M0nitor-Lab-Passw0rd"
LOCKED, DISABLED, STALE, SERVICE = "locked", "disabled", "stale", "svc-ndes"
LOCKOUT_THRESHOLD = 3
SERVER_NAMES = ("WSMAN/localhost", "HOST/localhost", "HTTP/localhost", "ldap/localhost", "ldap/dc1.ndes.test")


def replace(database, name, **values):
    message = ldb.Message(ldb.Dn(database, name))
    for key, value in values.items():
        message[key] = ldb.MessageElement(value, ldb.FLAG_MOD_REPLACE, key)
    database.modify(message)


def main():
    settings = LoadParm()
    settings.load(sys.argv[1])
    database = SamDB(sys.argv[2], session_info=system_session(), lp=settings)
    domain = str(database.domain_dn())
    database.transaction_start()
    replace(database, domain, lockoutThreshold=str(LOCKOUT_THRESHOLD))
    for user in (MONITOR, LOCKED, DISABLED, SERVICE):
        database.newuser(user, PASSWORD)
    database.newuser(STALE, PASSWORD, force_password_change_at_next_login_req=True)
    disabled = f"CN={DISABLED},CN=Users,{domain}"
    replace(database, disabled, userAccountControl="514")  # NORMAL_ACCOUNT, ACCOUNTDISABLE
    controller = f"CN=DC1,OU=Domain Controllers,{domain}"
    message = ldb.Message(ldb.Dn(database, controller))
    message["n"] = ldb.MessageElement(list(SERVER_NAMES), ldb.FLAG_MOD_ADD, "servicePrincipalName")
    database.modify(message)
    database.transaction_commit()


if __name__ == "__main__":
    main()
