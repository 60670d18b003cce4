# The certificate templates of the domain: good ones, and one for each thing that can be wrong.
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the checks must say about them is in directory_template_cases.py."""
from .directory_rows import (ADMINS, ANY_PURPOSE, AUTO_ENROLL, CLIENT, IPSEC, PKINIT, READ, READ_MONITOR,
                             REQUEST_AGENT, SERVER, SERVICE_ENROLLS, SMART_CARD, Template, enroll)

NAME_FLAG, ENROLLMENT_FLAG = "msPKI-Certificate-Name-Flag", "msPKI-Enrollment-Flag"
KEY_SIZE, RA_SIGNATURE, VERSION = "msPKI-Minimal-Key-Size", "msPKI-RA-Signature", "msPKI-Template-Schema-Version"
USAGE, PERIOD = "pKIKeyUsage", "pKIExpirationPeriod"
SCHEMA_IDS = {   # schemaIDGUIDs
    "msPKI-Certificate-Application-Policy": "dbd90548-aa37-4202-9966-8c537ba5ce32",
    "msPKI-Certificate-Name-Flag": "ea1dddc4-60ff-416e-8cc0-17cee534bce7",
    "msPKI-Enrollment-Flag": "d15ef7d8-f226-46db-ae79-b34e560bd12c",
    "msPKI-Minimal-Key-Size": "e96a63f5-417f-46d3-be52-db7703c503df",
    "msPKI-RA-Signature": "fe17e04b-937d-4f7e-8e0e-9292c8d5683e",
    "msPKI-Template-Schema-Version": "0c15e9f5-491d-4594-918f-32813a091da9",
    "pKIExpirationPeriod": "041570d2-3b9e-11d2-90cc-00c04fd91ab1",
    "pKIExtendedKeyUsage": "18976af6-3b9e-11d2-90cc-00c04fd91ab1",
    "pKIKeyUsage": "e9b0a87e-3b9d-11d2-90cc-00c04fd91ab1",
    "revision": "bf967a21-0de6-11d0-a285-00aa003049e2",
}
NAME_FLAG_ID = SCHEMA_IDS[NAME_FLAG]
DISPLAY_NAME_ID = "bf967953-0de6-11d0-a285-00aa003049e2"
SIGN, ENCIPHER, BOTH, NEITHER = b"\x80\x00", b"\x20\x00", b"\xa0\x00", b"\x08\x00"
BASE = ADMINS + READ
STRANGERS = "{strangers}"


def years(number):
    return (-number * 365 * 864_000_000_000).to_bytes(8, "little", signed=True)


def usages(*oids):
    """EKUs, in both places; none: absent."""
    values = list(oids) or None
    return {"pKIExtendedKeyUsage": values, "msPKI-Certificate-Application-Policy": values}


def first_version(*oids, **more):
    """Of schema version 1: the attributes that came with version 2 are not there."""
    names = (VERSION, "msPKI-Template-Minor-Revision", "msPKI-Certificate-Application-Policy", "msPKI-Cert-Template-OID")
    return {**dict.fromkeys(names), "pKIExtendedKeyUsage": list(oids), **more}


def hiding(*attributes):
    """Entries that hide attributes from the monitoring account."""
    return "".join(f"(OD;;RP;{SCHEMA_IDS[name]};;{{monitor}})" for name in attributes)


def _hidden(name, *attributes, but=None):
    return Template(name, f"the monitoring account may not read {', '.join(attributes)}",
                    ADMINS + hiding(*attributes) + READ + SERVICE_ENROLLS, but=but or {})


def _access(name, about, entries, **more):
    return Template(name, about, BASE + entries, **more)


GOOD = (
    Template("NDESDevice", "version 2, as NDES needs it"),
    Template("NDESDeviceV3", "version 3", but={VERSION: 3}),
    Template("NDESDeviceV4", "version 4; flags that are negative as signed numbers",
             but={VERSION: 4, NAME_FLAG: -2147483647, "flags": -2147352959, "msPKI-Private-Key-Flag": -2130706432}),
    Template("NDESSign", "digitalSignature only", but={USAGE: SIGN}),
    Template("NDESEncrypt", "keyEncipherment only", but={USAGE: ENCIPHER}),
    Template("NDESUsageByte", "key usage of one byte", but={USAGE: b"\xa0"}),
    _access("AutoEnrollToo", "AutoEnroll beside Enroll", SERVICE_ENROLLS + enroll("{svc-ndes}", AUTO_ENROLL)),
    _access("ByNestedGroup", "Enroll through a group in a group", enroll("{ndes-outer}")),
    _access("ByEveryRight", "all extended rights: no GUID", "(OA;;CR;;;{svc-ndes})"),
    _access("ByPlainRight", "an ordinary entry with the control right", "(A;;CR;;;{svc-ndes})"),
    _access("ByFullControl", "GENERIC_ALL", "(A;;GA;;;{svc-ndes})"),
    _access("ByComputer", "Enroll for a computer account and a gMSA", enroll("{NDES01$}") + enroll("{gmsa-ndes$}")),
    _access("ByPrimaryGroup", "Enroll for the primary group, not a broad one", enroll("{ndes-primary}")),
    _access("ByFormerSid", "Enroll for a SID that the account had in another domain",
            enroll("S-1-5-21-1111111111-2222222222-3333333333-1105")),
    _access("GrantBeforeDeny", "an allow entry comes first: order decides",
            SERVICE_ENROLLS + "(OD;;CR;0e10c968-78fb-11d2-90d4-00c04f79dc55;;{svc-ndes})"),
    _access("DenyForStrangers", "a deny entry that is for others",
            "(OD;;CR;0e10c968-78fb-11d2-90d4-00c04f79dc55;;{strangers})" + SERVICE_ENROLLS),
    _access("DenyInheritOnly", "a deny entry that is for children only",
            "(OD;CIIO;CR;0e10c968-78fb-11d2-90d4-00c04f79dc55;;{svc-ndes})" + SERVICE_ENROLLS),
    _access("DenyAutoEnroll", "a deny entry of another right",
            "(OD;;CR;a05b8cc2-17bc-4802-a710-e7c15ab866a2;;{svc-ndes})" + SERVICE_ENROLLS),
    Template("ReadForService", "Read for the account, not for everybody",
             ADMINS + READ_MONITOR + "(A;;LCRPLORC;;;{svc-ndes})" + SERVICE_ENROLLS),
    Template("Gerät (A*B) \\ C, 1", "a name of special characters"),
    Template("NDES|Pipe'Quote", "a bar and a quote in the name"),
    Template("NDESKey1024", "a small key is no fault", but={KEY_SIZE: 1024}),
    Template("NDESOldKeyAbsent", "version 1: no minimal key size, no RA signature",
             but=first_version(IPSEC, **{KEY_SIZE: None, RA_SIGNATURE: None})),
    _access("DenyStrangersFirst", "a deny entry for others before the allow entry of an account whose groups are hidden",
            "(OD;;CR;0e10c968-78fb-11d2-90d4-00c04f79dc55;;{strangers})" + enroll("{acct-tokenless}")),
    Template("NDESRevised", "another revision", but={"revision": 101, "msPKI-Template-Minor-Revision": 7}),
)

BAD = (
    Template("NoRead", "Enroll without Read", ADMINS + READ_MONITOR + SERVICE_ENROLLS),
    Template("ReadDenied", "Read denied", ADMINS + "(D;;RP;;;{svc-ndes})" + READ + SERVICE_ENROLLS),
    _access("NoEnroll", "nobody but admins", ""),
    _access("OnlyAutoEnroll", "an object entry of another right", enroll("{svc-ndes}", AUTO_ENROLL)),
    _access("OnlyStrangers", "Enroll for a group without the account", enroll(STRANGERS)),
    _access("DenyFirst", "a deny entry before the allow entry",
            "(OD;;CR;0e10c968-78fb-11d2-90d4-00c04f79dc55;;{svc-ndes})" + SERVICE_ENROLLS),
    _access("DenyEveryRight", "all control rights denied", "(D;;CR;;;{svc-ndes})" + SERVICE_ENROLLS),
    _access("DenyByGroup", "a deny entry for a group in a group",
            "(OD;;CR;0e10c968-78fb-11d2-90d4-00c04f79dc55;;{ndes-outer})" + SERVICE_ENROLLS),
    _access("DenyEveryone", "a deny entry for Everyone", "(D;;CR;;;WD)" + SERVICE_ENROLLS),
    Template("DenyEveryoneFirst", "the same before everything else, as Windows orders it",
             "(D;;CR;;;WD)" + BASE + SERVICE_ENROLLS),
    _access("DenyAfterStrangers", "others may before everybody may not",
            enroll(STRANGERS) + "(OD;;CR;0e10c968-78fb-11d2-90d4-00c04f79dc55;;WD)"),
    _access("InheritOnly", "an allow entry that is for children only",
            "(OA;CIIO;CR;0e10c968-78fb-11d2-90d4-00c04f79dc55;;{svc-ndes})"),
    _access("WriteOnly", "an entry without the control right", "(OA;;RPWP;0e10c968-78fb-11d2-90d4-00c04f79dc55;;{svc-ndes})"),
    Template("SubjectFromDirectory", "the subject comes from the directory", but={NAME_FLAG: 0x8A000000 - (1 << 32)}),
    Template("SubjectZero", "no flag about the subject", but={NAME_FLAG: 0}),
    Template("OnlySan", "only the alternative name comes from the request", but={NAME_FLAG: 0x10000}),
    Template("Approval", "the manager must approve", but={ENROLLMENT_FLAG: 0x2}),
    Template("Signature", "a signature of an agent is asked for", but={RA_SIGNATURE: 1}),
    Template("NeitherUsage", "neither signature nor encipherment", but={USAGE: NEITHER}),
    Template("Key4096", "more than the clients' keys have", but={KEY_SIZE: 4096}),
    Template("TenYears", "lives longer than the CA's certificate", but={PERIOD: years(10)}),
    Template("Unpublished", "on no CA", published=False),
    Template("OnlyExpired", "on a CA that has expired", published=False),
    Template("Several", "three things at once", ADMINS + READ, but={NAME_FLAG: 0, ENROLLMENT_FLAG: 2, KEY_SIZE: 8192}),
)

POSTURE = (
    _access("BroadAuthenticated", "Enroll for Authenticated Users", SERVICE_ENROLLS + enroll("AU")),
    _access("BroadUsers", "Enroll for Domain Users", SERVICE_ENROLLS + enroll("DU")),
    _access("BroadComputers", "Enroll for Domain Computers", SERVICE_ENROLLS + enroll("DC")),
    _access("BroadEveryone", "every right for Everyone", SERVICE_ENROLLS + "(OA;;CR;;;WD)"),
    _access("BroadNoUsage", "the same without any usage: any purpose", SERVICE_ENROLLS + enroll("AU"), but=usages()),
    _access("BroadAnyPurpose", "any purpose", SERVICE_ENROLLS + enroll("AU"), but=usages(ANY_PURPOSE)),
    _access("BroadSmartCard", "smart card logon", SERVICE_ENROLLS + enroll("AU"), but=usages(SMART_CARD)),
    _access("BroadPkinit", "PKINIT", SERVICE_ENROLLS + enroll("AU"), but=usages(PKINIT)),
    _access("BroadNoLogon", "broad, but of no use for a logon", SERVICE_ENROLLS + enroll("AU"), but=usages(IPSEC)),
    _access("BroadDenied", "Authenticated Users are denied first",
            SERVICE_ENROLLS + "(OD;;CR;0e10c968-78fb-11d2-90d4-00c04f79dc55;;AU)" + enroll("AU")),
    _access("WritableDacl", "strangers may change the rights", SERVICE_ENROLLS + "(A;;WD;;;{strangers})"),
    _access("WritableOwner", "strangers may take it", SERVICE_ENROLLS + "(A;;WO;;;{strangers})"),
    _access("WritableAll", "strangers have full control", SERVICE_ENROLLS + "(A;;GA;;;{strangers})"),
    _access("WritableProperties", "strangers may write all", SERVICE_ENROLLS + "(A;;WP;;;{strangers})"),
    _access("WritableGeneric", "GENERIC_WRITE", SERVICE_ENROLLS + "(A;;GW;;;{strangers})"),
    _access("WritableNameFlag", "strangers may write the flags of the subject",
            SERVICE_ENROLLS + f"(OA;;WP;{NAME_FLAG_ID};;{STRANGERS})"),
    _access("WritableLabel", "strangers may write the display name: harmless",
            SERVICE_ENROLLS + f"(OA;;WP;{DISPLAY_NAME_ID};;{STRANGERS})"),
    _access("WritableChildren", "an entry for children only", SERVICE_ENROLLS + "(A;CIIO;GA;;;{strangers})"),
    _access("WritableMarked", "an account that adminCount marks has full control", SERVICE_ENROLLS + "(A;;GA;;;{admin-marked})"),
    _access("WritableMarkedToo", "beside strangers", SERVICE_ENROLLS + "(A;;GA;;;{admin-marked})(A;;WD;;;{strangers})"),
    Template("OwnedByStranger", "the owner is no admin", owner="{stranger}"),
    Template("EmptyList", "a DACL that gives nobody but the monitoring account a right", access=READ_MONITOR),
    Template("FirstVersion", "version 1 and the subject from the request", but=first_version(IPSEC)),
    Template("NoSecurityExtension", "without the SID, for a logon", but={ENROLLMENT_FLAG: 0x80000}),
    Template("NoSecurityNoLogon", "without the SID, of no use for a logon",
             but={ENROLLMENT_FLAG: 0x80000, **usages(IPSEC)}),
    Template("ServerUsage", "server authentication", but=usages(CLIENT, SERVER)),
    Template("AnyUsage", "any purpose, which is server authentication, too", but=usages(ANY_PURPOSE)),
    Template("NoUsage", "the same without any usage", but=usages()),
)

# What comes with AD CS; on LAB Agent CA only.
STANDARD = (
    Template("IPSECIntermediateOffline", "what NDES asks for until somebody changes it", published=False,
             but=first_version(IPSEC, flags=66113, revision=7)),
    Template("CEPEncryption", "the RA's certificate to decrypt", published=False,
             but=first_version(REQUEST_AGENT, pKIKeyUsage=ENCIPHER, flags=66113)),
    Template("EnrollmentAgentOffline", "the RA's certificate to sign", published=False,
             but=first_version(REQUEST_AGENT, pKIKeyUsage=SIGN, flags=66049)),
)

# Rights that hide from the monitoring account.
HIDDEN = (
    Template("HiddenRights", "the monitoring account may not read the rights",
             ADMINS + "(D;;RC;;;{monitor})" + READ + SERVICE_ENROLLS),
    Template("HiddenAll", "the monitoring account may read nothing of it",
             ADMINS + "(D;;RPRCLCLO;;;{monitor})" + READ + SERVICE_ENROLLS),
    Template("HiddenFlags", "the monitoring account may not read the flags of the subject",
             ADMINS + hiding(NAME_FLAG) + READ + SERVICE_ENROLLS),
    Template("KeyAbsent", "no minimal key size, no RA signature, which every template of version 2 has",
             but={KEY_SIZE: None, RA_SIGNATURE: None}),
    _hidden("HiddenVersion", VERSION),
    _hidden("HiddenEnrollment", ENROLLMENT_FLAG, but={ENROLLMENT_FLAG: 2}),
    _hidden("HiddenSignature", RA_SIGNATURE, but={RA_SIGNATURE: 1}),
    _hidden("HiddenKeySize", KEY_SIZE, but={KEY_SIZE: 8192}),
    _hidden("HiddenPeriod", PERIOD, but={PERIOD: years(10)}),
    _hidden("HiddenUsage", USAGE, but={USAGE: NEITHER}),
    _hidden("HiddenRevision", "revision"),
    _hidden("HiddenPurposes", *usages()),
    _hidden("HiddenPurpose", "pKIExtendedKeyUsage", but={"pKIExtendedKeyUsage": [CLIENT, SERVER]}),
)

TEMPLATES = (*GOOD, *BAD, *POSTURE, *STANDARD, *HIDDEN)
