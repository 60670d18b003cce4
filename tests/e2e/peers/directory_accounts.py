# The accounts and groups of the domain that the checks look at; those that sign in are in samba_people.py.
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the checks must say about them is in directory_account_cases.py. Days count from when the domain was made."""
from .directory_rows import Account

NEVER = 0x7FFFFFFFFFFFFFFF
LOCKED_LONG_AGO = 131_000_000_000_000_000     # in 2016
FORMER_SID = "S-1-5-21-1111111111-2222222222-3333333333-1105"
PASSWORD_NOT_REQUIRED, NEVER_EXPIRES, DES_ONLY = 0x20, 0x10000, 0x200000
DISABLED, DELEGATION, NO_PREAUTHENTICATION = 0x2, 0x80000, 0x400000
PROPERTY_SET_RESTRICTIONS = "4c164200-20c0-11d0-a768-00aa006e0529"
TOKEN_GROUPS = "b7c69e6d-2cc7-11d2-854e-00a0c983f608"
READ = "(A;;GA;;;DA)(A;;GA;;;SY)(A;;RPLCLORC;;;AU)"
DAYS_LEFT_SOON = 20      # of the accounts whose end is near

# Groups, and the groups that they are in: the outermost first.
GROUPS = (
    ("ndes-outer", ()),
    ("ndes-inner", ("ndes-outer",)),
    ("ndes-primary", ()),
    ("strangers", ()),
    ("hosts-outer", ()),
    ("hosts", ("hosts-outer",)),
    ("admins-outer", ("Domain Admins",)),
    ("admins-inner", ("admins-outer",)),
    ("schema-inner", ("Schema Admins",)),
    ("Grüppe (A*B) \\, C", ()),
)

ACCOUNTS = (
    Account("acct-good", "healthy; a password that gets old some day"),
    Account("acct-never", "a password that never expires, an account that never ends (0)", uac=NEVER_EXPIRES,
            expires=0),
    Account("acct-endless", "an account that never ends, the other way to say so", expires=NEVER),
    Account("acct-disabled", "disabled", uac=DISABLED),
    Account("acct-oldlock", "was locked long ago; the lock is over", raw={"lockoutTime": str(LOCKED_LONG_AGO)}),
    Account("acct-expired-password", "the password is too old", password_age=400),
    Account("acct-old-never", "an old password that never expires", password_age=4000, uac=NEVER_EXPIRES),
    Account("acct-must-change", "the password must be changed", must_change=True),
    Account("acct-soon", "the password ends soon: a policy of its own, 20 days"),
    Account("acct-over", "the account has ended", expires_in=-5),
    Account("acct-ending", "the account ends soon", expires_in=DAYS_LEFT_SOON),
    Account("acct-everything", "disabled, ended, and its password too old", uac=DISABLED, expires_in=-5,
            password_age=400),
    Account("acct-notrequired", "needs no password", uac=PASSWORD_NOT_REQUIRED),
    Account("acct-des", "DES only", uac=DES_ONLY),
    Account("acct-delegation", "trusted for every delegation", uac=DELEGATION),
    Account("acct-nopreauth", "no pre-authentication", uac=NO_PREAUTHENTICATION),
    Account("acct-admin", "a domain admin", groups=("Domain Admins",)),
    Account("acct-admin-nested", "a domain admin through two groups", groups=("admins-inner",)),
    Account("acct-schema-nested", "a schema admin through a group", groups=("schema-inner",)),
    Account("acct-primary-admin", "a domain admin by the primary group", groups=("Domain Admins",),
            but={"primaryGroupID": "512"}),
    Account("acct-primary", "a primary group of its own", groups=("ndes-primary",), but={"primaryGroupID": "ndes-primary"}),
    Account("acct-former", "came from another domain", raw={"sIDHistory": FORMER_SID}),
    Account("acct-denied", "a member of the group that templates deny", groups=("ndes-inner",)),
    Account("stranger", "owns what it should not", groups=("strangers",)),
    Account("admin-marked", "was an administrator, or is one", but={"adminCount": 1}),
    Account("acct-hidden", "the monitoring account may read nothing", access="(D;;RP;;;{monitor})" + READ),
    Account("acct-restricted", "the monitoring account may not read the state",
            access=f"(OD;;RP;{PROPERTY_SET_RESTRICTIONS};;{{monitor}})" + READ),
    Account("acct-tokenless", "the monitoring account may not read the groups", groups=("ndes-inner",),
            access=f"(OD;;RP;{TOKEN_GROUPS};;{{monitor}})" + READ),
    Account("acct-tokenless-admin", "the same, and it is a domain admin through groups", groups=("admins-inner",),
            access=f"(OD;;RP;{TOKEN_GROUPS};;{{monitor}})" + READ),
    Account("acct-gerät (A*B), 1", "a name of special characters"),
    Account("acct-grouped", "in a group of a name of special characters", groups=("Grüppe (A*B) \\, C",)),
    # two that answer to one name
    Account("twin", "another account has its name as principal name"),
    Account("acct-twin", "its principal name is twin@ndes.test", raw={"userPrincipalName": "twin@ndes.test"}),
    Account("acct-same-1", "shares a principal name", raw={"userPrincipalName": "same@ndes.test"}),
    Account("acct-same-2", "shares a principal name", raw={"userPrincipalName": "same@ndes.test"}),
    Account("acct-principal", "a principal name of another suffix", but={"userPrincipalName": "scep@example.com"}),
    # service names
    Account("acct-spn", "has its names", spns=("HTTP/ndes.ndes.test", "HTTP/ndes", "http/Cased.NDES.test")),
    Account("acct-spn-other", "has a name that should be elsewhere", spns=("HTTP/other.ndes.test",)),
    Account("acct-spn-twice-1", "shares a name", raw={"servicePrincipalName": "HTTP/twice.ndes.test"}),
    Account("acct-spn-twice-2", "shares a name", raw={"servicePrincipalName": "HTTP/twice.ndes.test"}),
    Account("acct-spn-host", "has HOST of a computer's name", spns=("HOST/hostonly.ndes.test",)),
    # accounts that roll their own password
    Account("NDES01$", "the server", kind="computer", spns=("HOST/ndes01.ndes.test", "HOST/NDES01",
                                                                 "HOST/scep.ndes.test")),
    Account("NDES02$", "another server, in a group that may fetch passwords", kind="computer", groups=("hosts",)),
    Account("NDES03$", "the same, and the monitoring account may not read its groups", kind="computer", groups=("hosts",),
            access=f"(OD;;RP;{TOKEN_GROUPS};;{{monitor}})" + READ),
    Account("OLDHOST$", "a computer whose password does not roll", kind="computer", password_age=400),
    Account("gmsa-ndes$", "a gMSA for the server", kind="gmsa", retrieve="(A;;RPWP;;;{NDES01$})"),
    Account("gmsa-group$", "a gMSA for a group of servers", kind="gmsa", retrieve="(A;;RP;;;{hosts-outer})"),
    Account("gmsa-all$", "a gMSA for the server by full control", kind="gmsa", retrieve="(A;;GA;;;{NDES01$})"),
    Account("gmsa-denied$", "a gMSA that the server is denied", kind="gmsa",
            retrieve="(D;;RP;;;{NDES01$})(A;;RPWP;;;{NDES01$})"),
    Account("gmsa-banned$", "a gMSA that a server is denied and its group is not", kind="gmsa",
            retrieve="(D;;RP;;;{NDES03$})(A;;RP;;;{hosts-outer})"),
    Account("gmsa-strangers$", "a gMSA for a server, but for one that is in a group", kind="gmsa",
            retrieve="(D;;RP;;;{strangers})(A;;RP;;;{NDES03$})"),
    Account("gmsa-nobody$", "a gMSA without a list", kind="gmsa"),
    Account("gmsa-old$", "a gMSA that does not roll", kind="gmsa", password_age=400, retrieve="(A;;RP;;;{NDES01$})"),
    Account("gmsa-slow$", "a gMSA that may take its time", kind="gmsa", password_age=100, retrieve="(A;;RP;;;{NDES01$})",
            but={"msDS-ManagedPasswordInterval": "365"}),
    Account("gmsa-disabled$", "a gMSA that is disabled", kind="gmsa", uac=DISABLED, retrieve="(A;;RP;;;{NDES01$})"),
)
