# What a row of the directory's tables is: a template, a certification authority, an account, a group.
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables are directory_templates, directory_authorities and directory_accounts; samba_directory writes them into a
domain. In `access` {name} stands for the SID of the account or group of that name, as sAMAccountName has it."""
import dataclasses

ENROLL = "0e10c968-78fb-11d2-90d4-00c04f79dc55"
AUTO_ENROLL = "a05b8cc2-17bc-4802-a710-e7c15ab866a2"
CLIENT, SERVER = "1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1"
SMART_CARD, ANY_PURPOSE = "1.3.6.1.4.1.311.20.2.2", "2.5.29.37.0"
PKINIT, IPSEC, REQUEST_AGENT = "1.3.6.1.5.2.3.4", "1.3.6.1.5.5.8.2.2", "1.3.6.1.4.1.311.20.2.1"

MONITOR, SERVICE = "monitor", "svc-ndes"
READ = "(A;;LCRPLORC;;;AU)"
READ_MONITOR = "(A;;LCRPLORC;;;{monitor})"
ADMINS = "(A;;GA;;;EA)(A;;GA;;;DA)"


def enroll(who, right=ENROLL):
    """The entry as the console of the templates writes it: its RP and WP belong to the right, not to the template."""
    return f"(OA;;RPWPCR;{right};;{who})"


SERVICE_ENROLLS = enroll("{svc-ndes}")


@dataclasses.dataclass(frozen=True)
class Template:
    """A template that NDES can use, changed by `but` (None takes an attribute away). access: the entries of the DACL."""
    name: str
    about: str
    access: str = ADMINS + READ + SERVICE_ENROLLS
    owner: str = "EA"
    but: dict = dataclasses.field(default_factory=dict)
    published: bool = True        # by LAB Issuing CA


@dataclasses.dataclass(frozen=True)
class Authority:
    """certificates: days that each has left, when the domain is made. templates: published beside those of the rows."""
    name: str
    about: str
    certificates: tuple = (3000,)
    trusted: bool = True          # in NTAuthCertificates
    templates: tuple = ()
    host: str = "ca1.ndes.test"


@dataclasses.dataclass(frozen=True)
class Account:
    """kind: user, computer or gmsa. uac: flags beside those of the kind. groups: it is a member of.
    password_age, expires_in: days; None: not set. raw: attributes that Samba's own checks would refuse."""
    name: str
    about: str
    kind: str = "user"
    uac: int = 0
    groups: tuple = ()
    spns: tuple = ()
    password_age: float | None = None
    must_change: bool = False
    expires: int | None = None    # accountExpires as it is
    expires_in: float | None = None
    access: str | None = None
    but: dict = dataclasses.field(default_factory=dict)
    raw: dict = dataclasses.field(default_factory=dict)
    retrieve: str | None = None   # entries of msDS-GroupMSAMembership
