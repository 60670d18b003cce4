#!/usr/bin/python3
# Puts templates, CAs and accounts into a domain that samba_dc.py has just made: samba_directory.py SMB.CONF SAM.LDB
# SPDX-License-Identifier: GPL-3.0-or-later
"""In one process and before the server runs. The rows are those of directory_accounts, _templates and _authorities."""
import sys
import time
from pathlib import Path

import ldb
from samba.auth import system_session
from samba.dcerpc import security
from samba.ndr import ndr_pack, ndr_unpack
from samba.param import LoadParm
from samba.samdb import SamDB

sys.path[:0] = [str(Path(__file__).resolve().parents[levels]) for levels in (1, 2)]

from lab import keys, pki  # noqa: E402 - found by the path above
from lab.material import make_ca  # noqa: E402 - found by the path above
from peers import samba_people as people  # noqa: E402 - found by the path above
from peers.directory_accounts import ACCOUNTS, DAYS_LEFT_SOON, GROUPS  # noqa: E402 - found by the path above
from peers.directory_authorities import AUTHORITIES, MAIN  # noqa: E402 - found by the path above
from peers.directory_rows import CLIENT, MONITOR, SERVICE  # noqa: E402 - found by the path above
from peers.directory_templates import BOTH, TEMPLATES, years  # noqa: E402 - found by the path above

BYPASS = ["local_oid:1.3.6.1.4.1.7165.4.3.20:0"]     # pwdLastSet as it is
DAY = 864_000_000_000                                # FILETIME
UNIT = "OU=NDES"
SERVICES = "CN=Public Key Services,CN=Services,"
KINDS = {   # objectClass, userAccountControl
    "user": (["top", "person", "organizationalPerson", "user"], 0x200),
    "computer": (["top", "person", "organizationalPerson", "user", "computer"], 0x1000),
    "gmsa": (["top", "person", "organizationalPerson", "user", "computer", "msDS-GroupManagedServiceAccount"], 0x1000),
}
SIX_WEEKS = (-42 * DAY).to_bytes(8, "little", signed=True)
TEMPLATE = {
    "flags": 131649, "revision": 100, "msPKI-Template-Minor-Revision": 4, "msPKI-Template-Schema-Version": 2,
    "pKIDefaultKeySpec": 1, "pKIKeyUsage": BOTH, "pKIMaxIssuingDepth": 0, "pKICriticalExtensions": "2.5.29.15",
    "pKIExpirationPeriod": years(1), "pKIOverlapPeriod": SIX_WEEKS, "pKIExtendedKeyUsage": CLIENT,
    "pKIDefaultCSPs": "1,Microsoft RSA SChannel Cryptographic Provider", "msPKI-RA-Signature": 0,
    "msPKI-Enrollment-Flag": 0, "msPKI-Private-Key-Flag": 16842752, "msPKI-Certificate-Name-Flag": 1,
    "msPKI-Minimal-Key-Size": 2048, "msPKI-Certificate-Application-Policy": CLIENT,
}


def filetime(days_from_now):
    return str(int((time.time() + 11_644_473_600) * 10_000_000 + days_from_now * DAY))


def escaped(name):
    """A value for a DN."""
    return "".join("\\" + letter if letter in ',+"\\<>;=#' else letter for letter in name)


class Directory:
    """The database, and the SIDs of what is in it by name."""

    def __init__(self, smb_conf, path):
        settings = LoadParm()
        settings.load(smb_conf)
        self.database = SamDB(path, session_info=system_session(), lp=settings)
        self.domain = str(self.database.domain_dn())
        self.services = SERVICES + str(self.database.get_config_basedn())
        self.domain_sid = security.dom_sid(self.database.get_domain_sid())
        self.sids = {}

    def add(self, name, values):
        message = {"dn": ldb.Dn(self.database, name)}
        for key, value in values.items():
            if value is not None:
                message[key] = [one if isinstance(one, bytes) else str(one)
                                for one in (value if isinstance(value, list) else [value])]
        self.database.add(message)

    def replace(self, name, controls=None, **values):
        message = ldb.Message(ldb.Dn(self.database, name))
        for key, value in values.items():
            message[key] = ldb.MessageElement(value, ldb.FLAG_MOD_REPLACE, key)
        self.database.modify(message, controls or [])

    def append(self, name, key, value):
        message = ldb.Message(ldb.Dn(self.database, name))
        message[key] = ldb.MessageElement(value, ldb.FLAG_MOD_ADD, key)
        self.database.modify(message)

    def find(self, name):
        """DN and SID of an account or group."""
        found = self.database.search(self.domain, ldb.SCOPE_SUBTREE,
                                     f"(sAMAccountName={ldb.binary_encode(name)})", ["objectSid"])[0]
        return str(found.dn), str(ndr_unpack(security.dom_sid, found["objectSid"][0]))

    def learn(self, name):
        dn, self.sids[name] = self.find(name)
        return dn

    def descriptor(self, owner, entries):
        """Self-relative bytes; protected, so that nothing is inherited."""
        text = f"O:{owner}G:DAD:PAI{entries}".format_map(self.sids)
        return ndr_pack(security.descriptor.from_sddl(text, self.domain_sid))


def add_groups(directory):
    for name, above in GROUPS:
        dn = f"CN={escaped(name)},{UNIT},{directory.domain}"
        directory.add(dn, {"objectClass": "group", "sAMAccountName": name.translate({ord(bad): "_" for bad in "*,\\"})})
        directory.sids[name] = str(ndr_unpack(security.dom_sid, directory.database.search(
            dn, ldb.SCOPE_BASE, attrs=["objectSid"])[0]["objectSid"][0]))
        for group in above:
            join(directory, group, dn)


def join(directory, group, member):
    unit = "CN=Users" if group.endswith(" Admins") else UNIT
    directory.append(f"CN={escaped(group)},{unit},{directory.domain}", "member", member)


def place(directory, row):
    """The DN of an account."""
    unit = {"user": UNIT, "computer": "CN=Computers", "gmsa": "CN=Managed Service Accounts"}[row.kind]
    return f"CN={escaped(row.name.rstrip('$'))},{unit},{directory.domain}"


def logon_name(row):
    """A sAMAccountName may not hold all that a name may."""
    return row.name.translate({ord(bad): "_" for bad in "*,"})


def add_account(directory, row):
    dn, (classes, uac) = place(directory, row), KINDS[row.kind]
    values = {"objectClass": classes, "sAMAccountName": logon_name(row), "userAccountControl": uac | row.uac,
              "servicePrincipalName": list(row.spns) or None, "accountExpires": row.expires}
    if row.kind == "gmsa":
        values |= {"msDS-ManagedPasswordInterval": 30}
    else:
        values["clearTextPassword"] = people.PASSWORD.encode("utf-16-le")
    values |= {key: value for key, value in row.but.items() if key != "primaryGroupID"}
    if row.expires_in is not None:
        values["accountExpires"] = filetime(row.expires_in)
    directory.add(dn, values)
    directory.learn(logon_name(row))
    directory.sids[row.name] = directory.sids[logon_name(row)]
    for group in row.groups:
        join(directory, group, dn)
    if "primaryGroupID" in row.but:
        wanted = row.but["primaryGroupID"]
        directory.replace(dn, primaryGroupID=directory.sids[wanted].rpartition("-")[2] if wanted in directory.sids else wanted)
    if row.must_change:
        directory.replace(dn, pwdLastSet="0")
    if row.password_age is not None or row.kind == "gmsa":
        directory.replace(dn, BYPASS, pwdLastSet=filetime(-(row.password_age or 0)))


def protect_accounts(directory):
    """When all SIDs are known."""
    for row in ACCOUNTS:
        if row.access:
            directory.replace(place(directory, row), nTSecurityDescriptor=directory.descriptor("DA", row.access))
        if row.retrieve:
            directory.replace(place(directory, row), **{"msDS-GroupMSAMembership": directory.descriptor("SY", row.retrieve)})


def write_raw(directory, path):
    """What Samba's modules refuse, past them: names that two accounts have, and what only a migration writes."""
    name = f"{directory.domain.upper()}.ldb"
    partition = ldb.Ldb(str(Path(path).parent / "sam.ldb.d" / name))
    partition.transaction_start()
    for row in ACCOUNTS:
        message = ldb.Message(ldb.Dn(partition, place(directory, row)))
        for key, value in row.raw.items():
            value = ndr_pack(security.dom_sid(value)) if key == "sIDHistory" else value
            message[key] = ldb.MessageElement(value, ldb.FLAG_MOD_REPLACE, key)
        if row.raw:
            partition.modify(message)
    partition.transaction_commit()


def add_policy(directory):
    """A password policy for one account."""
    base = f"CN=Password Settings Container,CN=System,{directory.domain}"
    account = next(row for row in ACCOUNTS if row.name == "acct-soon")
    directory.add(f"CN=short-lived,{base}", {
        "objectClass": "msDS-PasswordSettings", "msDS-PasswordSettingsPrecedence": 1,
        "msDS-PasswordReversibleEncryptionEnabled": "FALSE", "msDS-PasswordHistoryLength": 0,
        "msDS-PasswordComplexityEnabled": "FALSE", "msDS-MinimumPasswordLength": 1, "msDS-MinimumPasswordAge": 0,
        "msDS-MaximumPasswordAge": -DAYS_LEFT_SOON * DAY, "msDS-LockoutThreshold": 0,
        "msDS-LockoutObservationWindow": 0, "msDS-LockoutDuration": 0, "msDS-PSOAppliesTo": place(directory, account)})


def add_templates(directory):
    for number, row in enumerate(TEMPLATES, start=1):
        values = {"objectClass": ["top", "pKICertificateTemplate"], "displayName": f"{row.name} (shown)", **TEMPLATE,
                  "msPKI-Cert-Template-OID": f"1.3.6.1.4.1.311.21.8.1.2.3.4.5.6.{number}", **row.but}
        name = f"CN={escaped(row.name)},CN=Certificate Templates,{directory.services}"
        directory.add(name, values)
        directory.replace(name, nTSecurityDescriptor=directory.descriptor(row.owner, row.access))


def add_authorities(directory):
    trusted, number = [], 1
    for row in AUTHORITIES:
        certificates = []
        for days in row.certificates:
            number += 1
            begin = min(-1000, days - 3650)
            certificates.append(make_ca(pki.name(row.name, "test", "ndes"), "ca", begin, days, number).der)
        templates = list(row.templates)
        if row.name == MAIN:
            templates += [template.name for template in TEMPLATES if template.published]
        directory.add(f"CN={escaped(row.name)},CN=Enrollment Services,{directory.services}", {
            "objectClass": ["top", "pKIEnrollmentService"], "dNSHostName": row.host, "flags": 10,
            "cACertificate": certificates, "cACertificateDN": f"CN={escaped(row.name)},DC=ndes,DC=test",
            "certificateTemplates": templates or None})
        trusted += certificates if row.trusted is True else certificates[:1] if row.trusted == "first" else []
    directory.add(f"CN=NTAuthCertificates,{directory.services}", {
        "objectClass": ["top", "certificationAuthority"], "cACertificate": trusted, "authorityRevocationList": b"\0",
        "certificateRevocationList": b"\0"})


def main():
    keys.key("ca")     # where a test needs it next
    directory = Directory(sys.argv[1], sys.argv[2])
    directory.database.transaction_start()
    directory.add(f"{UNIT},{directory.domain}", {"objectClass": "organizationalUnit"})
    for name in (MONITOR, SERVICE):
        directory.learn(name)
    add_groups(directory)
    join(directory, "ndes-inner", directory.find(SERVICE)[0])
    for row in ACCOUNTS:
        add_account(directory, row)
    add_policy(directory)
    protect_accounts(directory)
    add_templates(directory)
    add_authorities(directory)
    directory.database.transaction_commit()
    write_raw(directory, sys.argv[2])


if __name__ == "__main__":
    main()
