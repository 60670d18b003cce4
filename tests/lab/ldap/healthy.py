# The entries of a healthy directory: a domain, a CA, a template, a service account.
# SPDX-License-Identifier: GPL-3.0-or-later
"""healthy() makes a Directory; tests change its entries by DN. QUESTIONS: with them all is well, by plugin."""
import time

from .. import pki
from ..material import make_ca
from . import rights
from .filters import matches

DOMAIN, CONFIGURATION = "DC=lab,DC=test", "CN=Configuration,DC=lab,DC=test"
SERVICES = f"CN=Public Key Services,CN=Services,{CONFIGURATION}"
TEMPLATE = f"CN=NDESDevice,CN=Certificate Templates,{SERVICES}"
AUTHORITY = f"CN=LAB Issuing CA,CN=Enrollment Services,{SERVICES}"
ACCOUNT = f"CN=svc-ndes,OU=NDES,{DOMAIN}"
INNER, OUTER = f"CN=ndes-inner,OU=NDES,{DOMAIN}", f"CN=ndes-outer,OU=NDES,{DOMAIN}"
FOREST = "S-1-5-21-1000000001-1000000002-1000000003"
GMSA, HOST = f"CN=gmsa-ndes,CN=Managed Service Accounts,{DOMAIN}", f"CN=NDES01,CN=Computers,{DOMAIN}"
HOST_SID = f"{FOREST}-1107"
ADMINS, SERVICE_SID, INNER_SID, OUTER_SID = f"{FOREST}-512", f"{FOREST}-1103", f"{FOREST}-1104", f"{FOREST}-1105"
QUESTIONS = {"check_ndes_template": ("--template", "NDESDevice", "--account", "LAB\\svc-ndes", "--ca", "LAB Issuing CA"),
             "check_ndes_account": ("--account", "LAB\\svc-ndes")}
NEVER = 0x7FFFFFFFFFFFFFFF
DAY = 864_000_000_000
CONSTRUCTED = ("tokenGroups", "msDS-PrincipalName", "msDS-User-Account-Control-Computed",
               "msDS-UserPasswordExpiryTimeComputed")
CLIENT = b"1.3.6.1.5.5.7.3.2"


def filetime(days_from_now=0):
    return int((time.time() + 11_644_473_600) * 10_000_000 + days_from_now * DAY)


def text(*values):
    return [str(value).encode() for value in values]


class Entry:
    """attributes: {name: [bytes]}; operational ones are shown only if asked for."""

    def __init__(self, dn, attributes, operational=()):
        self.dn, self.attributes, self.operational = dn, attributes, operational

    def get(self, name):
        wanted = name.lower()
        return next((values for key, values in self.attributes.items() if key.lower() == wanted), [])

    def shown(self, wanted, descriptors=False):
        """What a search for these attributes gets; descriptors: it bore the control that asks for them."""
        named = [name.lower() for name in wanted]
        every = not wanted or "*" in wanted
        return {key: values for key, values in self.attributes.items()
                if (key.lower() in named or every and key not in self.operational)
                and (descriptors or key != "nTSecurityDescriptor")}


class Directory:
    def __init__(self, root, entries):
        self.root = root
        self.entries = {one.dn.lower(): one for one in entries}

    def find(self, dn):
        return self.entries.get(dn.lower())

    def search(self, base, scope, element):
        """The entries in their order; None if there is no such base."""
        base = base.lower()
        if base not in self.entries:
            return None
        chosen = []
        for dn, one in self.entries.items():
            inside = dn == base if scope == 0 else dn.partition(",")[2] == base if scope == 1 else \
                dn == base or dn.endswith("," + base)
            if inside and matches(self, one, element):
                chosen.append(one)
        return chosen


def root(clock_ahead=0):
    moment = time.strftime("%Y%m%d%H%M%S.0Z", time.gmtime(time.time() + clock_ahead))
    return Entry("", {
        "objectClass": text("top"), "currentTime": text(moment), "defaultNamingContext": text(DOMAIN),
        "rootDomainNamingContext": text(DOMAIN), "configurationNamingContext": text(CONFIGURATION),
        "schemaNamingContext": text("CN=Schema," + CONFIGURATION), "dnsHostName": text("dc1.lab.test"),
        "namingContexts": text(DOMAIN, CONFIGURATION), "supportedLDAPVersion": text(3),
        "supportedCapabilities": text("1.2.840.113556.1.4.800", "1.2.840.113556.1.4.1670"),
        "supportedSASLMechanisms": text("GSSAPI", "GSS-SPNEGO"),
        "dsServiceName": text(f"CN=NTDS Settings,CN=DC1,CN=Servers,CN=Site,CN=Sites,{CONFIGURATION}"),
        "supportedControl": text("1.2.840.113556.1.4.319", "1.2.840.113556.1.4.801"),
        "domainFunctionality": text(7), "isGlobalCatalogReady": text("TRUE")})


def template_rights(*aces):
    return rights.descriptor(f"{FOREST}-519", rights.acl(
        rights.ace(rights.ALLOW, rights.FULL, ADMINS), rights.ace(rights.ALLOW, rights.READ, "S-1-5-11"), *aces))


def enroll(who=SERVICE_SID):
    return rights.ace(rights.ALLOW_OBJECT, rights.CONTROL, who, rights.ENROLL)


def template():
    return Entry(TEMPLATE, {
        "objectClass": text("top", "pKICertificateTemplate"), "cn": text("NDESDevice"),
        "displayName": text("NDES device"), "name": text("NDESDevice"), "distinguishedName": text(TEMPLATE),
        "flags": text(131649), "revision": text(100), "msPKI-Template-Schema-Version": text(2),
        "msPKI-Template-Minor-Revision": text(4), "msPKI-Cert-Template-OID": text("1.3.6.1.4.1.311.21.8.1.2.3"),
        "msPKI-Certificate-Name-Flag": text(1), "msPKI-Enrollment-Flag": text(0), "msPKI-RA-Signature": text(0),
        "msPKI-Minimal-Key-Size": text(2048), "msPKI-Private-Key-Flag": text(16842752), "pKIKeyUsage": [b"\xa0\x00"],
        "pKIDefaultKeySpec": text(1), "pKIExtendedKeyUsage": [CLIENT], "msPKI-Certificate-Application-Policy": [CLIENT],
        "pKIExpirationPeriod": [(-365 * DAY).to_bytes(8, "little", signed=True)],
        "pKIOverlapPeriod": [(-42 * DAY).to_bytes(8, "little", signed=True)],
        "nTSecurityDescriptor": [template_rights(enroll())]}, ("nTSecurityDescriptor",))


def authority():
    certificate = make_ca(pki.name("LAB Issuing CA", "test", "lab"), "ca", -1000, 3000).der
    return Entry(AUTHORITY, {
        "objectClass": text("top", "pKIEnrollmentService"), "cn": text("LAB Issuing CA"), "name": text("LAB Issuing CA"),
        "distinguishedName": text(AUTHORITY), "dNSHostName": text("ca1.lab.test"), "flags": text(10),
        "cACertificate": [certificate], "cACertificateDN": text("CN=LAB Issuing CA,DC=lab,DC=test"),
        "certificateTemplates": text("NDESDevice")})


def account():
    return Entry(ACCOUNT, {
        "objectClass": text("top", "person", "organizationalPerson", "user"), "cn": text("svc-ndes"),
        "distinguishedName": text(ACCOUNT), "sAMAccountName": text("svc-ndes"),
        "userPrincipalName": text("svc-ndes@lab.test"), "msDS-PrincipalName": text("LAB\\svc-ndes"), "objectSid": [rights.sid(SERVICE_SID)],
        "userAccountControl": text(512), "primaryGroupID": text(513), "accountExpires": text(NEVER),
        "pwdLastSet": text(filetime(-10)), "badPwdCount": text(0), "lockoutTime": text(0), "memberOf": text(INNER),
        "msDS-User-Account-Control-Computed": text(0), "msDS-UserPasswordExpiryTimeComputed": text(filetime(60)),
        "servicePrincipalName": text("HTTP/ndes.lab.test", "HTTP/ndes"),
        "tokenGroups": [rights.sid(one) for one in (INNER_SID, OUTER_SID, f"{FOREST}-513", "S-1-5-32-545")]},
        CONSTRUCTED)


def retrieve(*aces):
    """Who may fetch the password of a gMSA."""
    return rights.descriptor("S-1-5-18", rights.acl(*aces))


def computer(dn, name, number, kind, **more):
    """A computer, or a gMSA, which is one, too."""
    return Entry(dn, {
        "objectClass": text("top", "person", "organizationalPerson", "user", "computer", *kind), "cn": text(name),
        "distinguishedName": text(dn), "sAMAccountName": text(name + "$"), "objectSid": [rights.sid(number)],
        "msDS-PrincipalName": text(f"LAB\\{name}$"),
        "userAccountControl": text(4096), "primaryGroupID": text(515), "accountExpires": text(NEVER),
        "pwdLastSet": text(filetime(-10)), "badPwdCount": text(0), "msDS-User-Account-Control-Computed": text(0),
        "msDS-UserPasswordExpiryTimeComputed": text(NEVER), "tokenGroups": [rights.sid(f"{FOREST}-515")], **more},
        CONSTRUCTED)


def group(dn, name, number, *members):
    return Entry(dn, {"objectClass": text("top", "group"), "cn": text(name), "sAMAccountName": text(name),
                      "distinguishedName": text(dn), "objectSid": [rights.sid(number)], "member": text(*members)})


def container(dn):
    return Entry(dn, {"objectClass": text("top", "container"), "distinguishedName": text(dn)})


def partition(name, domain, dns):
    """What the forest knows of a domain."""
    return Entry(f"CN={name},CN=Partitions,{CONFIGURATION}", {
        "objectClass": text("top", "crossRef"), "cn": text(name), "nETBIOSName": text(name), "nCName": text(domain),
        "dnsRoot": text(dns), "systemFlags": text(3)})


def healthy(clock_ahead=0):
    containers = (f"OU=NDES,{DOMAIN}", f"CN=Computers,{DOMAIN}", f"CN=Managed Service Accounts,{DOMAIN}",
                  CONFIGURATION, f"CN=Services,{CONFIGURATION}", SERVICES,
                  f"CN=Certificate Templates,{SERVICES}", f"CN=Enrollment Services,{SERVICES}",
                  f"CN=Partitions,{CONFIGURATION}")
    ca = authority()
    return Directory(root(clock_ahead), [
        Entry(DOMAIN, {"objectClass": text("top", "domainDNS"), "objectSid": [rights.sid(FOREST)]}),
        *(container(dn) for dn in containers), template(), ca, account(), group(INNER, "ndes-inner", INNER_SID, ACCOUNT),
        group(OUTER, "ndes-outer", OUTER_SID, INNER), computer(HOST, "NDES01", HOST_SID, ()),
        computer(GMSA, "gmsa-ndes", f"{FOREST}-1108", ("msDS-GroupManagedServiceAccount",), **{
            "msDS-ManagedPasswordInterval": text(30),
            "msDS-GroupMSAMembership": [retrieve(rights.ace(rights.ALLOW, rights.READ, HOST_SID))]}),
        Entry(f"CN=NTAuthCertificates,{SERVICES}", {
            "objectClass": text("top", "certificationAuthority"), "cn": text("NTAuthCertificates"),
            "cACertificate": ca.get("cACertificate")}),
        partition("LAB", DOMAIN, "lab.test")])
