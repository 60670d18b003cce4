# What check_ndes_account must say about the accounts of the domain; see peers/directory_accounts.py.
# SPDX-License-Identifier: GPL-3.0-or-later
from directory_cases import ACCOUNT, Case, critical, unknown, warning

DISABLED, PASSWORD, EXPIRED = (critical(f"ndes-acct-{word}") for word in ("disabled", "password", "expired"))
MISSING, RETRIEVE = critical("ndes-acct-missing"), critical("ndes-acct-retrieve")
PASSWORD_SOON, EXPIRING = warning("ndes-acct-password"), warning("ndes-acct-expired")
SPN, ROLLING, FLAGS, PRIVILEGED = (warning(f"ndes-acct-{word}") for word in ("spn", "rolling", "flags", "privileged"))
AMBIGUOUS, HIDDEN = unknown("ndes-acct-ambiguous"), unknown("ndes-ldap-hidden")
REFERRAL = unknown("ndes-ldap-referral")
UNIT = "OU=NDES,DC=ndes,DC=test"
SOON, SOONER = ("-w", "25:", "-c", "2:"), ("-w", "26:", "-c", "25:")


def _of(account, *expected, more=(), name=""):
    """name: of a second case of this account."""
    label = "-".join(word for word in (account.rstrip("$"), name) if word)
    return Case(label, ACCOUNT, ("--account", f"NDESTEST\\{account}", *more), expected)


def _written(name, text, *expected, more=()):
    """An account in another spelling."""
    return Case(name, ACCOUNT, ("--account", text, *more), expected)


def _spn(account, *names):
    return ("--account", f"NDESTEST\\{account}", *(word for name in names for word in ("--spn", name)))


CASES = (
    # state
    *(_of(name) for name in ("svc-ndes", "acct-good", "acct-never", "acct-endless", "acct-oldlock", "acct-old-never",
                             "acct-primary", "acct-former", "acct-denied", "acct-grouped")),
    _of("acct-disabled", DISABLED),
    _of("acct-expired-password", PASSWORD),
    _of("acct-must-change", PASSWORD),
    _of("acct-over", EXPIRED),
    _of("acct-everything", DISABLED, PASSWORD, EXPIRED),
    # limits: what has 28 to 42 days, and what has 6 to 20
    _of("acct-good", more=SOON, name="far"),
    _of("acct-good", PASSWORD_SOON, more=("-w", "60:", "-c", "2:"), name="near"),
    _of("acct-good", PASSWORD, more=("-w", "60:", "-c", "60:"), name="nearer"),
    _of("acct-soon", more=("-w", "3:", "-c", "1:"), name="far"),
    _of("acct-soon", PASSWORD_SOON, more=SOON),
    _of("acct-soon", PASSWORD, more=SOONER, name="sooner"),
    _of("acct-ending", more=("-w", "3:", "-c", "1:"), name="far"),
    _of("acct-ending", EXPIRING, more=SOON),
    _of("acct-ending", EXPIRED, more=SOONER, name="sooner"),
    _of("acct-never", more=("-w", "9999:", "-c", "999:"), name="no-limit"),
    # spellings
    _written("spelled-principal", "svc-ndes@ndes.test"),
    _written("spelled-principal-other-case", "SVC-NDES@NDES.TEST"),
    _written("spelled-implicit-principal", "acct-good@ndes.test"),
    _written("spelled-other-suffix", "scep@example.com"),
    _written("spelled-plain", "svc-ndes"),
    _written("spelled-dn", "CN=svc-ndes,CN=Users,DC=ndes,DC=test"),
    _written("spelled-dn-otherwise", "cn=SVC\\2Dndes, cn=Users, DC=ndes,DC=test"),
    _written("spelled-sid", "{svc-ndes}"),
    _written("spelled-special", "NDESTEST\\acct-gerät (A_B)_ 1"),
    _written("spelled-special-dn", f"CN=acct-gerät (A*B)\\, 1,{UNIT}"),
    _written("spelled-gmsa-short", "NDESTEST\\gmsa-ndes"),
    _written("spelled-computer-short", "NDESTEST\\NDES01"),
    _written("spelled-base", "svc-ndes", more=("-b", "CN=Users,DC=ndes,DC=test")),
    _written("spelled-other-base", "svc-ndes", MISSING, more=("-b", UNIT)),
    _written("spelled-no-base", "svc-ndes", unknown("ndes-ldap-base"), more=("-b", "OU=Nowhere,DC=ndes,DC=test")),
    _written("missing", "NDESTEST\\nobody", MISSING),
    _written("missing-principal", "nobody@ndes.test", MISSING),
    _written("missing-dn", f"CN=nobody,{UNIT}", MISSING),
    _written("missing-sid", "{svc-ndes}99", MISSING),
    _written("missing-built-in-sid", "S-1-5-32-999", MISSING),
    _written("missing-domain", "NOWHERE\\svc-ndes", unknown("ndes-acct-missing")),
    # of another domain, or perhaps
    _written("elsewhere-sid", "S-1-5-21-1-2-3-1105", REFERRAL),
    _written("elsewhere-dn", "CN=svc-ndes,CN=Users,DC=child,DC=ndes,DC=test", REFERRAL),
    _written("elsewhere-principal", "svc-ndes@child.ndes.test", REFERRAL),
    _written("elsewhere-other-suffix", "nobody@example.com", REFERRAL),
    _written("spelled-dns-domain", "ndes.test\\svc-ndes"),
    # built in: the computer
    _written("built-in", "NetworkService", more=("--ndes-host", "NDES01", "--spn", "ndes01.ndes.test")),
    _written("built-in-dns", "IIS APPPOOL\\SCEP", more=("--ndes-host", "ndes01.ndes.test")),
    _written("built-in-domain", "S-1-5-20", more=("--ndes-host", "NDESTEST\\NDES01$")),
    _written("built-in-missing", "NetworkService", MISSING, more=("--ndes-host", "NDES09")),
    _written("built-in-elsewhere", "NetworkService", REFERRAL, more=("--ndes-host", "ndes09.child.ndes.test")),
    _written("built-in-nowhere", "NetworkService", unknown("ndes-acct-missing"), more=("--ndes-host", "NOWHERE\\NDES01")),
    _written("missing-wildcard", "NDESTEST\\svc*", MISSING),
    _written("missing-parentheses", "svc-ndes)(cn=*", MISSING),
    _written("twins", "twin@ndes.test", AMBIGUOUS),
    _written("twin-by-name", "NDESTEST\\twin"),
    _written("same-principal", "same@ndes.test", AMBIGUOUS),
    _written("same-principal-by-name", "NDESTEST\\acct-same-2"),
    # the global catalog, which has the accounts of the forest, but not all of each
    _written("catalog", "NDESTEST\\svc-ndes", more=("-p", "3268")),
    _written("catalog-gmsa", "NDESTEST\\gmsa-ndes$", more=("-p", "3268", "--ndes-host", "NDES01")),
    _written("catalog-spn", "NDESTEST\\svc-ndes", warning("ndes-acct-spn"), more=("-p", "3268", "--spn", "nowhere.ndes.test")),
    # service names
    Case("spn-good", ACCOUNT, _spn("acct-spn", "ndes.ndes.test", "HTTP/ndes", "cased.ndes.test", "http/NDES.ndes.test")),
    Case("spn-none", ACCOUNT, _spn("acct-spn", "none.ndes.test"), (SPN,)),
    Case("spn-one-of-two", ACCOUNT, _spn("acct-spn", "ndes.ndes.test", "none.ndes.test"), (SPN,)),
    Case("spn-elsewhere", ACCOUNT, _spn("acct-good", "other.ndes.test"), (SPN,)),
    Case("spn-twice", ACCOUNT, _spn("acct-spn-twice-1", "twice.ndes.test"), (SPN,)),
    Case("spn-wildcard", ACCOUNT, _spn("acct-spn", "ndes*"), (SPN,)),
    Case("spn-computer-host", ACCOUNT, _spn("NDES01$", "ndes01.ndes.test", "NDES01")),
    # those that roll their passwords themselves
    _of("NDES01$"),
    _of("OLDHOST$"),
    _of("gmsa-ndes$"),
    _of("gmsa-ndes$", more=("--ndes-host", "NDES01"), name="host"),
    _of("gmsa-ndes$", more=("--ndes-host", "ndes01$"), name="host-dollar"),
    _of("gmsa-ndes$", more=("--ndes-host", "ndes01.ndes.test"), name="host-dns"),
    _of("gmsa-ndes$", more=("--ndes-host", "scep.ndes.test"), name="host-alias"),
    _of("gmsa-ndes$", RETRIEVE, more=("--ndes-host", "NDES02"), name="other-host"),
    _of("gmsa-ndes$", unknown("ndes-acct-missing"), more=("--ndes-host", "NDES09"), name="no-host"),
    _of("gmsa-group$", more=("--ndes-host", "NDES02"), name="host"),
    _of("gmsa-group$", RETRIEVE, more=("--ndes-host", "NDES01"), name="other-host"),
    _of("gmsa-all$", more=("--ndes-host", "NDES01"), name="host"),
    _of("gmsa-denied$", RETRIEVE, more=("--ndes-host", "NDES01"), name="host"),
    _of("gmsa-nobody$", RETRIEVE, more=("--ndes-host", "NDES01"), name="host"),
    _of("gmsa-nobody$"),
    # a computer whose groups are not shown
    _of("gmsa-group$", HIDDEN, more=("--ndes-host", "NDES03"), name="tokenless-host"),
    _written("gmsa-group-tokenless-by-chain", "gmsa-group$", more=("--ndes-host", "NDES03")),
    _of("gmsa-banned$", RETRIEVE, more=("--ndes-host", "NDES03"), name="tokenless-host"),
    _of("gmsa-strangers$", more=("--ndes-host", "NDES03"), name="tokenless-host"),
    _of("gmsa-old$", ROLLING),
    _of("gmsa-slow$"),
    _of("gmsa-disabled$", DISABLED),
    # posture
    *(_of(name, FLAGS) for name in ("acct-notrequired", "acct-des", "acct-delegation", "acct-nopreauth")),
    *(_of(name, PRIVILEGED) for name in ("acct-admin", "acct-admin-nested", "acct-schema-nested", "acct-primary-admin")),
    *(_of(name, more=("--posture=off",), name="off") for name in ("acct-notrequired", "acct-des", "acct-delegation",
                                                                "acct-nopreauth", "acct-admin", "acct-admin-nested")),
    # what the monitoring account may not see
    _written("hidden-account", f"CN=acct-hidden,{UNIT}", HIDDEN),
    _of("acct-restricted", HIDDEN),
    _of("acct-tokenless", HIDDEN),
    # without DOMAIN\\ a search is left, for member-of-in-chain
    _written("tokenless-by-chain", "acct-tokenless", HIDDEN),
    _of("acct-tokenless-admin", HIDDEN),
    _written("tokenless-admin-by-chain", "acct-tokenless-admin", PRIVILEGED),
    _of("acct-tokenless", more=("--posture=off",), name="off"),
)
