# Every knob of the lab in one place; a scenario is a name for a few of them.
# SPDX-License-Identifier: GPL-3.0-or-later
"""The default settings are a healthy NDES on IIS 10 without a policy module."""
import dataclasses

DEFAULT_CAPS = b"POSTPKIOperation\nRenewal\nSHA-512\nSHA-256\nSHA-1\nDES3\n"
DEFAULT_SUBJECT = b"NDES01-MSCEP-RA"


@dataclasses.dataclass(frozen=True)
class Settings:
    # web: what answers, and how fast
    bare: str = "page"                   # bare URL: page | policy (403.0 of the Intune policy module)
    fault: str = ""                      # a row of faults.FAULTS
    old_iis: bool = False                # Server: Microsoft-IIS/7.5
    caps: bytes = DEFAULT_CAPS
    caps_type: str | None = "text/plain"
    cacert: str = "pkcs7"                # a row of scep.CACERT_BODIES
    cacert_type: str | None = None       # None: the right one for the body
    date_skew: int = 0                   # seconds added to the Date header
    date_sent: bool = True
    first_delay: float = 0               # seconds before the first answer of the DLL
    delay: float = 0                     # seconds before each answer of the DLL
    drip: float = 0                      # seconds between single bytes of an answer of the DLL

    # limits
    httpsys_limit: int = 65534           # request line and headers together
    httpsys_style: str = "400"           # 400 | 414
    query_limit: int = 65536             # IIS maxQueryString of the two locations
    path_limit: int = 4096               # IIS maxUrl
    proxy_limit: int = 0                 # 0: no proxy in front
    proxy_status: int = 414              # what it says to longer requests; a row of faults.PROXY_REFUSALS

    # admin page
    admin: str = "password"              # a row of admin.PAGES
    admin_charset: str = "utf-16-le"
    admin_bom: bool = False
    admin_type: str = "text/html"
    password_digits: int = 16
    prefilled: int = 0                   # cache slots taken before the first visit
    offers: tuple = ("Negotiate", "NTLM")
    anonymous: bool = False              # anonymous access switched on
    admin_status: int = 0                # 0: as it should be; 404: removed or hidden; 302: login page; 500
    admin_cut: bool = False              # the connection is closed instead of an answer

    # RA and CA certificates
    ca: str = "one"                      # a row of material.CA_SETS
    ca_days: int = 2555
    ca_bits: int = 2048                  # of the CA set "one"
    ra: str = "pair"                     # a row of material.RA_SETS
    ra_age: int = 200                    # days since issue; negative: not yet valid
    sign_days: int = 530
    encrypt_days: int = 530
    template: str = "v1"                 # v1 | v2
    signature: str = "sha256"            # sha256 | sha1 | pss
    ra_bits: int = 2048
    subject: bytes = DEFAULT_SUBJECT
    subject_tag: int = 0x0C              # the ASN.1 string type of the subject's CN: UTF8String
    order: str = "ca-first"              # ca-first | ra-first | mixed
    content: str = "absent"              # eContent of the PKCS#7: absent | empty | zero

    # revocation
    cdp: str = "both"                    # both (LDAP and HTTP) | two (HTTP) | ldap | none | closed (HTTP to a shut port)
    crl: str = "fresh"                   # a row of crl.CRLS

    # TLS and network
    tls: str = "good"                    # a row of tls.SERVERS
    target: str = "lab"                  # lab | refused | unresolvable: where the URL points


class Conflict(ValueError):
    """Two scenarios want different values for the same setting."""


def combine(scenarios):
    """The settings of several scenarios together."""
    merged = {}
    for scenario in scenarios:
        for key, value in scenario.settings.items():
            if merged.setdefault(key, value) != value:
                raise Conflict(f"{scenario.name}: '{key}' is already set by another scenario")
    return Settings(**merged)
