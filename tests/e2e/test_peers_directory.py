# The Samba domain as a directory: OpenLDAP's ldapsearch shows that it holds what its tables say, and how it may be asked.
# SPDX-License-Identifier: GPL-3.0-or-later
import base64
import subprocess

import pytest

from peers import samba_people as people
from peers.directory_accounts import ACCOUNTS
from peers.directory_authorities import AUTHORITIES, MAIN
from peers.directory_templates import TEMPLATES
from peers.process import need

DOMAIN, CONFIGURATION = "DC=ndes,DC=test", "CN=Configuration,DC=ndes,DC=test"
SERVICES = f"CN=Public Key Services,CN=Services,{CONFIGURATION}"
TEMPLATE_BASE = f"CN=Certificate Templates,{SERVICES}"
DESCRIPTORS = ("-E", "!1.2.840.113556.1.4.801=::MAMCAQU=")
KERBEROS = ("-Q", "-Y", "GSSAPI", "-N", "-H", "ldap://localhost")
EXPIRED, LOCKED = 0x800000, 0x10
COMPUTED = {"acct-good": 0, "acct-disabled": 0, "acct-oldlock": 0, "acct-expired-password": EXPIRED, "acct-over": 0,
            "acct-must-change": EXPIRED, "acct-old-never": 0, "acct-everything": EXPIRED, "OLDHOST$": 0, "gmsa-old$": 0}
# What a stranger may do by Samba's own access check: bits of sDRightsEffective (3 owner and group, 4 DACL), attributes to write.
STRANGER = {
    "NDESDevice": (0, 0), "WritableDacl": (4, 0), "WritableOwner": (3, 0), "WritableAll": (7, 20),
    "WritableProperties": (0, 20), "WritableGeneric": (0, 20), "WritableNameFlag": (0, 1), "WritableLabel": (0, 1),
    "WritableChildren": (0, 0), "OwnedByStranger": (4, 0), "BroadAuthenticated": (0, 0)}


class Answer:
    """Entries as {name in lower case: [values]}."""

    def __init__(self, done):
        self.code, self.errors, self.entries = done.returncode, done.stderr, []
        for block in done.stdout.split("\n\n"):
            entry = {}
            for line in block.splitlines():
                name, mark, value = line.partition(": ")
                if mark and not line.startswith("#"):
                    if name.endswith(":"):
                        name, value = name[:-1], base64.b64decode(value)
                    entry.setdefault(name.lower(), []).append(value)
            if "dn" in entry:
                self.entries.append(entry)

    def values(self, name):
        """Of all entries, as text."""
        return [value.decode() if isinstance(value, bytes) else value
                for entry in self.entries for value in entry.get(name.lower(), [])]


@pytest.fixture(scope="module")
def search(domain, ticket):
    def run(*words, way=KERBEROS, env=None):
        command = [*domain.inside, need("ldapsearch", "ldap-utils"), "-LLL", "-o", "ldif-wrap=no", *way, *words]
        return Answer(subprocess.run(command, env={**(env or ticket), "LDAPTLS_CACERT": domain.ca_file}, text=True,
                                     capture_output=True, timeout=30, check=False))
    return run


def simple(url, *words, user=f"{people.MONITOR}@ndes.test", password=people.PASSWORD):
    return "-x", "-D", user, "-w", password, "-H", url, *words


def test_monitor_sees_the_templates(search):
    found = search("-b", TEMPLATE_BASE, *DESCRIPTORS, "(objectClass=pKICertificateTemplate)", "cn", "nTSecurityDescriptor")
    assert sorted(found.values("cn")) == sorted(row.name for row in TEMPLATES if row.name != "HiddenAll")
    hidden = [entry["cn"][0] for entry in found.entries if "ntsecuritydescriptor" not in entry]
    assert hidden == ["HiddenRights"]
    without = search("-b", TEMPLATE_BASE, "(objectClass=pKICertificateTemplate)", "nTSecurityDescriptor")
    assert not without.values("nTSecurityDescriptor"), "the control must be needed"


def test_descriptors_are_stored_as_they_are_written(search):
    """The order of the entries above all."""
    from samba.dcerpc import security
    from samba.ndr import ndr_unpack
    kinds = {}
    for entry in search("-b", TEMPLATE_BASE, *DESCRIPTORS, "(cn=*)", "cn", "nTSecurityDescriptor").entries:
        if "ntsecuritydescriptor" in entry and isinstance(entry["cn"][0], str):
            descriptor = ndr_unpack(security.descriptor, entry["ntsecuritydescriptor"][0])
            kinds[entry["cn"][0]] = [ace.type for ace in descriptor.dacl.aces]
    assert kinds["NDESDevice"] == [0, 0, 0, 5]
    assert kinds["GrantBeforeDeny"] == [0, 0, 0, 5, 6]
    assert kinds["DenyFirst"] == [0, 0, 0, 6, 5]
    assert kinds["DenyEveryRight"] == [0, 0, 0, 1, 5]


def test_authorities(search):
    found = search("-b", f"CN=Enrollment Services,{SERVICES}", "(objectClass=pKIEnrollmentService)", "cn",
                   "certificateTemplates", "cACertificate")
    assert sorted(found.values("cn")) == sorted(row.name for row in AUTHORITIES)
    main = next(entry for entry in found.entries if entry["cn"] == [MAIN])
    assert len(main["certificatetemplates"]) == sum(row.published for row in TEMPLATES)
    trusted = search("-b", f"CN=NTAuthCertificates,{SERVICES}", "cACertificate").entries[0]["cacertificate"]
    assert set(main["cacertificate"]) < set(trusted)
    outside = next(entry for entry in found.entries if entry["cn"] == ["LAB Outside CA"])
    assert not set(outside["cacertificate"]) & set(trusted)


def test_states_of_accounts(search):
    names = ("sAMAccountName", "msDS-User-Account-Control-Computed", "objectClass")
    found = search("-b", DOMAIN, "(objectClass=user)", *names)
    computed = {entry["samaccountname"][0]: int(entry[names[1].lower()][0]) for entry in found.entries
                if "samaccountname" in entry and names[1].lower() in entry}
    assert {name: computed[name] for name in COMPUTED} == COMPUTED
    assert "acct-restricted" not in computed
    assert len(found.entries) >= len(ACCOUNTS) - 1


@pytest.mark.parametrize("question, count", [
    ("(servicePrincipalName=HTTP/twice.ndes.test)", 2), ("(servicePrincipalName=http/cased.ndes.test)", 1),
    ("(servicePrincipalName=HTTP/none.ndes.test)", 0), ("(userPrincipalName=same@ndes.test)", 2),
    ("(|(userPrincipalName=twin@ndes.test)(sAMAccountName=twin))", 2), ("(sAMAccountName=acct-hidden)", 0),
    ("(member:1.2.840.113556.1.4.1941:=CN=acct-tokenless,OU=NDES,DC=ndes,DC=test)", 2),
    ("(member:1.2.840.113556.1.4.1941:=CN=acct-admin-nested,OU=NDES,DC=ndes,DC=test)", 5)])
def test_what_is_found(search, question, count):
    assert len(search("-b", DOMAIN, question, "cn").entries) == count


@pytest.mark.parametrize("name, shown", [("acct-good", True), ("acct-tokenless", False), ("acct-hidden", False),
                                         ("acct-restricted", True)])
def test_groups_that_the_monitor_may_read(search, name, shown):
    found = search("-b", f"CN={name},OU=NDES,{DOMAIN}", "-s", "base", "tokenGroups")
    assert len(found.entries) == 1 and bool(found.entries[0].get("tokengroups")) == shown


def test_former_sid(search):
    assert len(search("-b", f"CN=acct-former,OU=NDES,{DOMAIN}", "-s", "base", "sIDHistory").entries[0]["sidhistory"]) == 1


@pytest.mark.parametrize("name", STRANGER)
def test_rights_of_a_stranger(search, domain, name):
    """Samba's own access check says of the templates what the tables say."""
    rights, attributes = STRANGER[name]
    entry = search("-b", f"CN={name},{TEMPLATE_BASE}", "-s", "base", "sDRightsEffective", "allowedAttributesEffective",
                   env=domain.login("stranger")).entries[0]
    assert int(entry["sdrightseffective"][0]) == rights, entry
    writable = len(entry.get("allowedattributeseffective", []))
    assert writable == attributes if attributes < 2 else writable >= attributes, entry


def test_ways_to_bind(search):
    base = ("-b", DOMAIN, "-s", "base", "dn")
    assert search(*base).code == 0
    assert search(*base, way=simple("ldaps://127.0.0.1")).code == 0
    assert search(*base, way=simple("ldap://127.0.0.1", "-ZZ")).code == 0
    assert search(*base, way=simple("ldap://127.0.0.1")).code == 8
    assert search(*base, way=simple("ldap://127.0.0.2", "-ZZ")).code not in (0, 8), "the name is not in the certificate"
    assert search(*base, way=("-x", "-H", "ldap://127.0.0.3")).code == 255
    assert search(*base, way=("-x", "-H", "ldap://127.0.0.1")).code == 1, "anonymous"


@pytest.mark.parametrize("user, data", [("acct-over", "701"), ("acct-expired-password", "532"), (people.STALE, "773"),
                                        (people.DISABLED, "533"), ("nobody", "52e"), (people.LOCKED, "775")])
def test_reasons_of_result_49(search, domain, user, data):
    if user == people.LOCKED:
        domain.lock(user)
    done = search("-b", "", way=simple("ldaps://127.0.0.1", user=f"{user}@ndes.test"))
    assert done.code == 49 and f"data {data}," in done.errors, done.errors


def test_names(domain):
    """The name server answers those who run with its words, and nobody else."""
    zone = {"_ldap._tcp.ndes.test": {"SRV": ["0 100 389 dc1.ndes.test."]}, "dc1.ndes.test": {"A": ["127.0.0.1"]},
            "sick.ndes.test": {"rcode": "SERVFAIL"}}
    query = ["-LLL", "-x", "-H", "ldap:///dc%3Dndes%2Cdc%3Dtest", "-s", "base", "-b", "", "dnsHostName"]
    with domain.names(zone) as network:
        done = subprocess.run([*network, need("ldapsearch", "ldap-utils"), *query], capture_output=True, text=True,
                              timeout=20, check=False)
        assert "dnsHostName: dc1.ndes.test" in done.stdout, done
        for name, code in (("dc1.ndes.test", 0), ("sick.ndes.test", 2), ("nowhere.ndes.test", 2)):
            assert subprocess.run([*network, "getent", "hosts", name], timeout=20, check=False).returncode == code
    assert subprocess.run([*domain.inside, "getent", "hosts", "dc1.ndes.test"], timeout=20, check=False).returncode == 2
