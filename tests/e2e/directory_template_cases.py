# What check_ndes_template must say about the templates and CAs of the domain; see peers/directory_templates.py.
# SPDX-License-Identifier: GPL-3.0-or-later
from directory_cases import SERVICE, TEMPLATE, Case, critical, unknown, warning
from peers.directory_authorities import MAIN
from peers.directory_templates import BAD, GOOD

NOENROLL, SUBJECT, APPROVAL = (critical(f"ndes-tmpl-{word}") for word in ("noenroll", "subject", "approval"))
USAGE, KEY_SIZE, VALIDITY = critical("ndes-tmpl-usage"), critical("ndes-tmpl-keysize"), warning("ndes-tmpl-validity")
MISSING, UNPUBLISHED = critical("ndes-tmpl-missing"), critical("ndes-tmpl-unpublished")
SERVER = warning("ndes-tmpl-serverauth")
BROAD, WRITABLE = warning("ndes-tmpl-broad"), warning("ndes-tmpl-writable")
CHANGED, NO_CA, NTAUTH = warning("ndes-tmpl-changed"), critical("ndes-tmpl-noca"), critical("ndes-tmpl-ntauth")
HIDDEN, RA_LEFT, FIRST = unknown("ndes-ldap-hidden"), warning("ndes-tmpl-raleft"), warning("ndes-tmpl-v1")
DEFAULT = "IPSECIntermediateOffline"
OFF = "--posture=off"


def _words(template, account=SERVICE, authority=MAIN):
    return ("--template", template, "--account", account, "--ca", authority)


def _of(name, template, *expected, more=(), account=SERVICE, authority=MAIN):
    """One template, nothing said of posture."""
    return Case(name, TEMPLATE, (*_words(template, account, authority), OFF, *more), expected)


def _roles(name, *expected, sign=None, encrypt=None, general=None, authority=MAIN, more=()):
    words = [word for role, template in (("signature", sign), ("encryption", encrypt), ("general", general)) if template
             for word in (f"--{role}-template", template)]
    return Case(name, TEMPLATE, (*words, "--account", SERVICE, "--ca", authority, OFF, *more), expected)


def _posture(template, *expected):
    return Case(f"posture-{template}", TEMPLATE, _words(template), expected)


# Templates of the table of good ones that are good for another account.
_OTHER_ACCOUNTS = {"ByComputer": "NDESTEST\\NDES01$", "ByPrimaryGroup": "NDESTEST\\acct-primary",
                   "ByFormerSid": "NDESTEST\\acct-former",
                   "DenyStrangersFirst": "NDESTEST\\acct-tokenless"}
_FAULTS = {
    "NoRead": (NOENROLL,), "ReadDenied": (NOENROLL,), "NoEnroll": (NOENROLL,), "OnlyAutoEnroll": (NOENROLL,),
    "OnlyStrangers": (NOENROLL,), "DenyFirst": (NOENROLL,), "DenyEveryRight": (NOENROLL,), "DenyByGroup": (NOENROLL,),
    "DenyEveryone": (NOENROLL,), "DenyEveryoneFirst": (NOENROLL,),
    "DenyAfterStrangers": (NOENROLL,), "InheritOnly": (NOENROLL,), "WriteOnly": (NOENROLL,),
    "SubjectFromDirectory": (SUBJECT,), "SubjectZero": (SUBJECT,), "OnlySan": (SUBJECT,), "Approval": (APPROVAL,),
    "Signature": (APPROVAL,), "Key4096": (KEY_SIZE,), "TenYears": (VALIDITY,), "Unpublished": (UNPUBLISHED,),
    "Several": (NOENROLL, SUBJECT, APPROVAL, KEY_SIZE),
}

CASES = (
    *(_of(f"good-{row.name}", row.name, account=_OTHER_ACCOUNTS.get(row.name, SERVICE)) for row in GOOD),
    *(_of(f"bad-{row.name}", row.name, *_FAULTS[row.name]) for row in BAD if row.name in _FAULTS),
    # names
    _of("name-in-another-case", "ndesDEVICE"),
    _of("name-unknown", "NoSuchTemplate", MISSING),
    _of("name-shown", "NDESDevice (shown)", MISSING),
    _of("name-wildcard", "NDES*", MISSING),
    _of("name-parentheses", "NDESDevice)(cn=*", MISSING),
    _of("names-of-two", "NDESSign", MISSING, more=("--template", "NDESDevice", "--template", "Nowhere")),
    # roles
    _roles("roles-good", sign="NDESSign", encrypt="NDESEncrypt", general="NDESDevice"),
    _roles("roles-one-for-all", sign="NDESDevice", encrypt="NDESDevice", general="NDESDevice"),
    _roles("roles-one-byte", general="NDESUsageByte"),
    _roles("role-sign-cannot", USAGE, sign="NDESEncrypt"),
    _roles("role-encrypt-cannot", USAGE, encrypt="NDESSign"),
    _roles("role-general-signs", USAGE, general="NDESSign"),
    _roles("role-general-encrypts", USAGE, general="NDESEncrypt"),
    _roles("role-sign-neither", USAGE, sign="NeitherUsage"),
    _roles("role-encrypt-neither", USAGE, encrypt="NeitherUsage"),
    _roles("roles-default-intune", warning("ndes-tmpl-default"), sign=DEFAULT, encrypt=DEFAULT, general=DEFAULT,
           authority="LAB Agent CA", more=("--profile=intune",)),
    _roles("roles-default-ndes", sign=DEFAULT, encrypt=DEFAULT, general=DEFAULT, authority="LAB Agent CA"),
    _roles("roles-one-default", sign="NDESDevice", encrypt=DEFAULT, general="NDESDevice", authority="LAB Agent CA",
           more=("--profile=intune",)),
    # limits
    _of("key-of-the-clients", "Key4096", more=("--client-key-bits", "4096")),
    _of("key-smaller-clients", "NDESDevice", KEY_SIZE, more=("--client-key-bits", "1024")),
    _of("revision-as-expected", "NDESRevised", more=("--expect-revision", "101.7")),
    _of("revision-changed", "NDESRevised", CHANGED, more=("--expect-revision", "100.4")),
    _of("revision-minor-changed", "NDESRevised", CHANGED, more=("--expect-revision", "101.6")),
    _of("revision-of-each", "NDESRevised", more=("--template", "NDESDevice", "--expect-revision", "NDESRevised=101.7",
                                                 "--expect-revision", "NDESDevice=100.4")),
    _of("revision-of-one", "NDESRevised", CHANGED, more=("--template", "NDESDevice", "--expect-revision",
                                                         "ndesrevised=1.0", "--expect-revision", "NDESDevice=100.4")),
    # CAs
    _of("ca-with-host", "NDESDevice", authority=f"ca1.ndes.test\\{MAIN}"),
    _of("ca-in-another-case", "NDESDevice", authority=MAIN.lower()),
    _of("ca-special-characters", "NDESDevice", authority="LAB (Süd) * CA"),
    _of("ca-unknown", "NDESDevice", NO_CA, authority="No Such CA"),
    _of("ca-wildcard", "NDESDevice", NO_CA, authority="LAB*"),
    _of("ca-empty", "NDESDevice", UNPUBLISHED, authority="LAB Empty CA"),
    _of("ca-other", "NDESSign", UNPUBLISHED, authority="LAB Renewed CA"),
    _of("ca-publishes-in-another-case", "NDESDevice", authority="LAB Other Case CA"),
    _of("ca-expired", "NDESDevice", critical("ndes-ca-expired"), authority="LAB Expired CA"),
    _of("ca-ending", "NDESDevice", warning("ndes-ca-expiring"), VALIDITY, authority="LAB Ending CA"),
    _of("ca-ending-critical", "NDESDevice", critical("ndes-ca-expiring"), VALIDITY, authority="LAB Ending CA",
        more=("-c", "61:")),
    _of("ca-ending-allowed", "NDESDevice", VALIDITY, authority="LAB Ending CA", more=("-w", "20:", "-c", "10:")),
    _of("ca-renewed", "NDESDevice", authority="LAB Renewed CA"),
    _of("ca-renewed-first", "NDESDevice", authority="LAB Renewed First CA"),
    _of("ca-short", "TenYears", VALIDITY, authority="LAB Short CA"),
    _of("ca-short-enough", "NDESDevice", authority="LAB Short CA"),
    _of("ca-any", "NDESDevice", authority="LAB Outside CA"),
    _of("ntauth", "NDESDevice", more=("--require-ntauth",)),
    _of("ntauth-renewed", "NDESDevice", authority="LAB Renewed CA", more=("--require-ntauth",)),
    _of("ntauth-missing", "NDESDevice", NTAUTH, authority="LAB Outside CA", more=("--require-ntauth",)),
    _of("ntauth-old-only", "NDESDevice", NTAUTH, authority="LAB Half CA", more=("--require-ntauth",)),
    Case("no-ca-named", TEMPLATE, ("--template", "NDESSign", "--account", SERVICE, OFF)),
    Case("no-ca-named-many", TEMPLATE, ("--template", "NDESDevice", "--account", SERVICE, OFF, "--require-ntauth")),
    Case("no-ca-named-best", TEMPLATE, ("--template", "TenYears", "--account", SERVICE, OFF), (VALIDITY,)),
    Case("no-ca-named-expired", TEMPLATE, ("--template", "OnlyExpired", "--template", "NDESDevice", "--account", SERVICE,
                                           OFF), (critical("ndes-ca-expired"),)),
    Case("no-ca-publishes", TEMPLATE, ("--template", "Unpublished", "--account", SERVICE, OFF), (UNPUBLISHED,)),
    # accounts
    _of("account-principal", "NDESDevice", account="svc-ndes@ndes.test"),
    _of("account-plain", "NDESDevice", account="svc-ndes"),
    _of("account-dn", "NDESDevice", account="CN=svc-ndes,CN=Users,DC=ndes,DC=test"),
    _of("account-sid", "NDESDevice", account="{svc-ndes}"),
    _of("account-computer", "NDESDevice", NOENROLL, account="NDESTEST\\NDES01$"),
    _of("account-gmsa", "ByComputer", account="NDESTEST\\gmsa-ndes$"),
    _of("account-gmsa-short", "ByComputer", account="NDESTEST\\gmsa-ndes"),
    _of("account-other-gmsa", "ByComputer", NOENROLL, account="NDESTEST\\gmsa-all$"),
    _of("account-without-rights", "NDESDevice", NOENROLL, account="NDESTEST\\acct-good"),
    _of("account-admin", "NoEnroll", account="NDESTEST\\acct-admin"),
    _of("account-admin-nested", "NoEnroll", account="NDESTEST\\acct-admin-nested"),
    _of("account-unknown", "NDESDevice", critical("ndes-acct-missing"), account="NDESTEST\\nobody"),
    _of("account-wildcard", "NDESDevice", critical("ndes-acct-missing"), account="NDESTEST\\svc*"),
    _of("account-ambiguous", "NDESDevice", unknown("ndes-acct-ambiguous"), account="same@ndes.test"),
    # what the monitoring account may not see
    _of("hidden-rights", "HiddenRights", HIDDEN),
    _of("hidden-flags", "HiddenFlags", HIDDEN),
    _of("hidden-template", "HiddenAll", HIDDEN),
    *(_of(f"hidden-{name}", name, HIDDEN) for name in ("HiddenVersion", "HiddenEnrollment", "HiddenSignature",
                                                      "HiddenKeySize", "HiddenPeriod", "KeyAbsent")),
    _of("hidden-usage", "HiddenUsage"),
    _roles("hidden-usage-of-role", HIDDEN, sign="HiddenUsage"),
    _of("hidden-revision", "HiddenRevision"),
    _of("hidden-revision-expected", "HiddenRevision", HIDDEN, more=("--expect-revision", "100.4")),
    _of("hidden-purposes", "HiddenPurposes"),
    _posture("HiddenPurposes", HIDDEN),
    _posture("HiddenPurpose", HIDDEN),
    _of("account-dn-otherwise", "NDESDevice", account="cn=SVC\\2Dndes, cn=Users, DC=ndes,DC=test"),
    _of("hidden-account", "NDESDevice", HIDDEN, account="CN=acct-hidden,OU=NDES,DC=ndes,DC=test"),
    _of("hidden-groups", "NDESDevice", HIDDEN, account="NDESTEST\\acct-tokenless"),
    _of("hidden-groups-deny", "DenyAfterStrangers", HIDDEN, account="NDESTEST\\acct-tokenless"),
    _of("hidden-groups-denied", "DenyEveryoneFirst", NOENROLL, account="NDESTEST\\acct-tokenless"),
    _of("hidden-groups-chain", "ByNestedGroup", account="NDESTEST\\acct-tokenless"),
    # posture
    *(_posture(name) for name in ("NDESDevice", "NDESDeviceV3", "NDESDeviceV4", "ByNestedGroup", "BroadNoLogon",
                                  "BroadDenied", "WritableLabel", "WritableChildren", "NoSecurityNoLogon", "WritableMarked")),
    *(_posture(name, BROAD) for name in ("BroadAuthenticated", "BroadUsers", "BroadComputers", "BroadEveryone",
                                         "BroadSmartCard", "BroadPkinit")),
    *(_posture(name, BROAD, SERVER) for name in ("BroadNoUsage", "BroadAnyPurpose")),
    *(_posture(name, WRITABLE) for name in ("WritableDacl", "WritableOwner", "WritableAll", "WritableProperties",
                                            "WritableGeneric", "WritableNameFlag", "OwnedByStranger", "ByFullControl",
                                            "WritableMarkedToo")),
    _posture("EmptyList", NOENROLL),
    _posture("FirstVersion", FIRST),
    _posture("NoSecurityExtension", warning("ndes-tmpl-nosid")),
    *(_posture(name, SERVER) for name in ("ServerUsage", "AnyUsage", "NoUsage")),
    Case("posture-no-ra-template", TEMPLATE, _words("NDESDevice", authority="LAB Short CA")),
    Case("posture-ra-left", TEMPLATE, _words("NDESDevice", authority="LAB Agent CA"), (RA_LEFT,)),
    Case("posture-default", TEMPLATE, _words(DEFAULT, authority="LAB Agent CA"), (RA_LEFT, FIRST)),
    *(_of(f"posture-off-{name}", name) for name in ("BroadAuthenticated", "WritableAll", "OwnedByStranger",
                                                     "FirstVersion", "NoSecurityExtension", "ServerUsage")),
)
