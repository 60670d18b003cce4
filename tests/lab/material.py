# The CA and RA certificates of one lab, made to its settings.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Material(settings, base) holds the certificates; .answer is the bundle that GetCACert hands out."""
from . import keys, pki

CA_NAME = pki.name("LAB-CA01-CA", "test", "lab")
ROOT_NAME = pki.name("LAB Root CA")
OTHER_NAME = pki.name("Somebody Else CA")
LDAP_CDP = ("ldap:///CN=LAB-CA01-CA,CN=CA01,CN=CDP,CN=Public%20Key%20Services,CN=Services,CN=Configuration,"
            "DC=lab,DC=test?certificateRevocationList?base?objectClass=cRLDistributionPoint")
V1_TEMPLATES = {"sign": "EnrollmentAgentOffline", "encrypt": "CEPEncryption"}
SIGN = ("digitalSignature",)
ENCRYPT = ("keyEncipherment",)

# Rows of certificates: role (decides end date and v1 template), key, key usage, RA EKU, days by which it ends earlier.
RA_SETS = {
    "pair": (("sign", "ra-sign", SIGN, True, 0), ("encrypt", "ra-encrypt", ENCRYPT, True, 0)),
    "combined": (("sign", "ra-sign", SIGN + ENCRYPT, True, 0),),
    "none": (),
    "sign-only": (("sign", "ra-sign", SIGN, True, 0),),
    "encrypt-only": (("encrypt", "ra-encrypt", ENCRYPT, True, 0),),
    "both-sign": (("sign", "ra-sign", SIGN, True, 0), ("encrypt", "ra-encrypt", SIGN, True, 0)),
    "both-encrypt": (("sign", "ra-sign", ENCRYPT, True, 0), ("encrypt", "ra-encrypt", ENCRYPT, True, 0)),
    "no-eku": (("sign", "ra-sign", SIGN, False, 0), ("encrypt", "ra-encrypt", ENCRYPT, False, 0)),
    "encrypt-no-eku": (("sign", "ra-sign", SIGN, True, 0), ("encrypt", "ra-encrypt", ENCRYPT, False, 0)),
    "two-pairs": (("sign", "ra-sign-old", SIGN, True, 520), ("encrypt", "ra-encrypt-old", ENCRYPT, True, 520),
                  ("sign", "ra-sign", SIGN, True, 0), ("encrypt", "ra-encrypt", ENCRYPT, True, 0)),
    "expired-pair-left": (
        ("sign", "ra-sign-old", SIGN, True, 560), ("encrypt", "ra-encrypt-old", ENCRYPT, True, 560),
        ("sign", "ra-sign", SIGN, True, 0), ("encrypt", "ra-encrypt", ENCRYPT, True, 0)),
}


def make_ca(subject, key, begin, end, number=1, version=0, issuer=None, signature="sha256", extra=(),
            bits=2048):
    extensions = [pki.basic_constraints(), pki.key_usage("digitalSignature", "keyCertSign", "cRLSign"),
                  pki.ca_version(version), *extra]
    return pki.issue(subject, keys.key(key, bits), pki.days(begin, end), extensions, issuer, number, signature)


def ca_one(settings, _base):
    new = make_ca(CA_NAME, "ca", -1000, settings.ca_days, bits=settings.ca_bits)
    return [new], new, new


def ca_hidden(settings, base):
    """The CA is not part of the answer."""
    _, new, root = ca_one(settings, base)
    return [], new, root


def ca_v1(settings, _base):
    root = pki.root_v1(CA_NAME, keys.key("ca"), pki.days(-1000, settings.ca_days))
    return [root], root, root


def ca_renewed(settings, _base):
    """Two generations with different keys; the RA certificates are from the new one."""
    old = make_ca(CA_NAME, "ca-old", -1500, 500)
    new = make_ca(CA_NAME, "ca", -300, settings.ca_days, number=2, version=0x10001)
    return [old, new], new, new


def ca_old(settings, base):
    """The same two generations, the RA certificates still from the old one."""
    (old, new), _, _ = ca_renewed(settings, base)
    return [old, new], old, old


def ca_same_key(settings, _base):
    """Renewed with the same key: both generations verify everything."""
    old = make_ca(CA_NAME, "ca", -1500, 500)
    new = make_ca(CA_NAME, "ca", -100, settings.ca_days, number=2, version=1)
    return [old, new], old, old


def ca_subordinate(settings, base):
    """An issuing CA below an offline root that is not part of the answer."""
    root = make_ca(ROOT_NAME, "root", -2000, 5000, signature="sha1")
    points = (pki.crl_points(base + "/crl/root.crl"), pki.issuer_url(base + "/aia/root.crt"))
    new = make_ca(CA_NAME, "ca", -1000, settings.ca_days, number=3, issuer=root, extra=points)
    return [new], new, root


def ca_chain(settings, base):
    """The same, with the root (SHA-1 self-signature) in the answer."""
    _, new, root = ca_subordinate(settings, base)
    return [new, root], new, root


def ca_foreign(settings, base):
    """The RA certificates come from a CA that is not in the answer."""
    cas, _, _ = ca_one(settings, base)
    return cas, other_ca(), cas[0]


# setting `ca` -> (certificates in the answer, the one above the RA certificates, the root)
CA_SETS = {"one": ca_one, "renewed": ca_renewed, "old-ra": ca_old, "same-key": ca_same_key,
           "subordinate": ca_subordinate, "chain": ca_chain, "foreign": ca_foreign, "hidden": ca_hidden, "v1": ca_v1}


def other_ca():
    return make_ca(OTHER_NAME, "ca-other", -1000, 2000)


class Material:
    """cas, ras: the certificates; issuer: the CA above the RAs; newest: the CA in use; root: the top."""

    def __init__(self, settings, base, closed_port):
        self.base, self.closed_port, self.settings = base, closed_port, settings
        self.cas, self.issuer, self.root = CA_SETS[settings.ca](settings, base)
        self.newest = next((ca for ca in reversed(self.cas) if ca.subject == CA_NAME), self.issuer)
        self.ras = [self._ra(row, number) for number, row in enumerate(RA_SETS[settings.ra], start=10)]

    def _points(self):
        closed = f"http://127.0.0.1:{self.closed_port}/crl/ca.crl"
        urls = {"both": (LDAP_CDP, self.base + "/crl/ca.crl"), "ldap": (LDAP_CDP,), "closed": (closed,), "none": (),
                "two": (self.base + "/crl/first.crl", self.base + "/crl/ca.crl")}
        chosen = urls[self.settings.cdp]
        return [pki.crl_points(*chosen)] if chosen else []

    def _ra(self, row, number):
        role, key, usage, agent, earlier = row
        settings = self.settings
        end = (settings.sign_days if role == "sign" else settings.encrypt_days) - earlier
        begin = min(-settings.ra_age, end - 730) if end < 0 else -settings.ra_age
        begin -= earlier
        extensions = [pki.key_usage(*usage)]
        extensions.append(pki.extended_usage(pki.REQUEST_AGENT if agent else pki.CLIENT_AUTH))
        extensions.append(pki.template_v2() if settings.template == "v2" else pki.template_v1(V1_TEMPLATES[role]))
        extensions += self._points() + [pki.issuer_url(self.base + "/aia/ca.crt")]
        subject = pki.name(settings.subject, tag=settings.subject_tag)
        return pki.issue(subject, keys.key(key, settings.ra_bits), pki.days(begin, end), extensions, self.issuer,
                         number, settings.signature)

    @property
    def answer(self):
        """The certificates in the order in which the server lists them."""
        if self.settings.order == "ra-first":
            return self.ras + self.cas
        if self.settings.order == "mixed":
            return self.ras[1:] + self.cas + self.ras[:1]
        return self.cas + self.ras

    @property
    def pkcs7(self):
        return pki.degenerate([one.der for one in self.answer], self.settings.content)
