# What the checks that ask Active Directory cost, beside one search of ldapsearch with the same ticket.
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Samba domain controller; Kerberos from a ticket cache, signed and encrypted on the plain port."""
import contextlib
import urllib.parse

from meter import PATIENCE
from peers.directory_authorities import MAIN

TEMPLATE, ACCOUNT = PLUGINS = ("check_ndes_template", "check_ndes_account")
TEMPLATE_FLOOR, ACCOUNT_FLOOR, LDAPSEARCH = ("floor of check_ndes_template", "floor of check_ndes_account",
                                             "ldapsearch, one search")
SLOW = ()
ONLY_TIMED = ()
# program, compared with, at most so many times its instructions
FLOORS = ((TEMPLATE, TEMPLATE_FLOOR, 1.15), (ACCOUNT, ACCOUNT_FLOOR, 1.15))
OTHERS = ((TEMPLATE, LDAPSEARCH, 1.6), (ACCOUNT, LDAPSEARCH, 1.5))
# system calls, bytes, connections, peak memory in KiB: what it was, and a tenth
MOST = {TEMPLATE: (920, 9700, 1, 13500), ACCOUNT: (880, 4900, 1, 10700)}

SERVICE = "NDESTEST\\svc-ndes"
BASE = "DC=ndes,DC=test"
CONFIGURATION = f"CN=Configuration,{BASE}"
ANYTHING = "(objectClass=*)"
ACCOUNT_ATTRIBUTES = (
    "objectClass", "objectSid", "sIDHistory", "primaryGroupID", "memberOf", "sAMAccountName", "userPrincipalName",
    "msDS-PrincipalName", "userAccountControl", "msDS-User-Account-Control-Computed",
    "msDS-UserPasswordExpiryTimeComputed", "msDS-ManagedPasswordInterval", "msDS-GroupMSAMembership", "pwdLastSet",
    "accountExpires", "lockoutTime", "badPwdCount", "servicePrincipalName")
PKI_ATTRIBUTES = (
    "cn", "displayName", "revision", "msPKI-Template-Minor-Revision", "msPKI-Template-Schema-Version",
    "msPKI-Cert-Template-OID", "msPKI-Certificate-Name-Flag", "msPKI-Enrollment-Flag", "msPKI-RA-Signature",
    "msPKI-Minimal-Key-Size", "msPKI-Certificate-Application-Policy", "pKIExtendedKeyUsage", "pKIKeyUsage",
    "pKIExpirationPeriod", "nTSecurityDescriptor", "dNSHostName", "certificateTemplates", "cACertificate")
ACCOUNT_FILTER = "(|(sAMAccountName=svc-ndes)(sAMAccountName=svc-ndes$))"


def search(base, scope, found_by, attributes, extension=""):
    """As an LDAP URL, which floor_ldap takes (RFC 4516)."""
    end = f"?{extension}" if extension else ""
    return f"ldap:///{urllib.parse.quote(base)}?{','.join(attributes)}?{scope}?{urllib.parse.quote(found_by)}{end}"


ROOT = search("", "base", ANYTHING,
              ("defaultNamingContext", "configurationNamingContext", "dnsHostName", "currentTime"))
DOMAINS = search(f"CN=Partitions,{CONFIGURATION}", "one",
                 "(&(nETBIOSName=*)(|(nETBIOSName=NDESTEST)(dnsRoot=NDESTEST)))", ("nCName", "dnsRoot"))
GROUPS = search(f"CN=svc-ndes,CN=Users,{BASE}", "base", ANYTHING, ("tokenGroups",))
# Those of the two checks, in their order.
TEMPLATE_SEARCHES = (
    ROOT,
    search(f"CN=Public Key Services,CN=Services,{CONFIGURATION}", "sub",
           f"(|(&(objectClass=pKIEnrollmentService)(cn={MAIN}))(&(objectClass=pKICertificateTemplate)(|(cn=NDESDevice))))",
           PKI_ATTRIBUTES, "descriptors"),
    search(BASE, "sub", ACCOUNT_FILTER, ACCOUNT_ATTRIBUTES), DOMAINS, GROUPS)
ACCOUNT_SEARCHES = (ROOT, search(BASE, "sub", f"(|{ACCOUNT_FILTER})", ("dNSHostName", *ACCOUNT_ATTRIBUTES)), DOMAINS,
                    GROUPS)


def commands(build):
    floor = [str(build.parent / "tests/bench/floor_ldap"), "ldap://localhost"]
    return {
        TEMPLATE: [str(build / TEMPLATE), "-H", "localhost", "--template", "NDESDevice", "--account", SERVICE, "--ca", MAIN,
                   *PATIENCE],
        TEMPLATE_FLOOR: [*floor, *TEMPLATE_SEARCHES],
        ACCOUNT: [str(build / ACCOUNT), "-H", "localhost", "--account", SERVICE, *PATIENCE],
        ACCOUNT_FLOOR: [*floor, *ACCOUNT_SEARCHES],
        LDAPSEARCH: ["/usr/bin/ldapsearch", "-LLL", "-Q", "-Y", "GSSAPI", "-N", "-H", "ldap://localhost",
                     "-b", BASE, "(sAMAccountName=svc-ndes)", "userAccountControl"],
    }


@contextlib.contextmanager
def programs(build, _domain):
    """The commands by name, ready to be run in the domain's network."""
    yield commands(build)
