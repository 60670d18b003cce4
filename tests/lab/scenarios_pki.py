# The scenarios of RA and CA certificates and of revocation lists.
# SPDX-License-Identifier: GPL-3.0-or-later
from .scenario import Scenario, both, critical, warning

CHECK = ("--check-crl",)
ZEROS = "--fingerprint=" + "00" * 32


def S(name, about, settings, *findings, args=()):
    return Scenario(name, about, "pki", settings, racert=findings, racert_args=args)


def R(name, about, settings, *findings, args=CHECK):
    return Scenario(name, about, "crl", settings, racert=findings, racert_args=args)


PKI = (
    S("ra-combined", "one certificate for both roles", {"ra": "combined"}),
    S("ra-v2", "custom template without a name", {"template": "v2"}),
    S("ra-combined-v2", "both at once", {"ra": "combined", "template": "v2"}),
    S("ra-first", "RA certificates before the CA", {"order": "ra-first"}),
    S("ra-mixed", "CA between the RA certificates", {"order": "mixed"}),
    S("content-empty", "eContent is an empty string", {"content": "empty"}),
    S("content-zero", "eContent is one zero byte", {"content": "zero"}),
    S("ra-subject", "free text as subject", {"subject": "Ger\u00e4teausstellung \u2013 Werk 7".encode()}),
    S("ra-subject-pipe", "a subject that looks like perfdata", {"subject": b"RA|days=1;2;3 'x'=5"}),
    S("ra-subject-control", "control characters and an escape sequence in the subject",
      {"subject": b"RA\x1b[31mred\x07\x00\x7f\r"}),
    S("ra-subject-newline", "new lines in the subject", {"subject": b"RA\nOK - all is well | x=1\n"}),
    S("ra-subject-latin1", "a subject in Latin-1 (TeletexString)",
      {"subject": b"RA-Z\xfcrich-\xff", "subject_tag": 0x14}),
    S("ra-subject-bmp", "a subject in UTF-16 (BMPString)",
      {"subject": "RA-\u65e5\u672c".encode("utf-16-be"), "subject_tag": 0x1E}),
    Scenario("ra-subject-not-utf8", "a UTF8String that is no UTF-8: OpenSSL takes the whole bundle for broken", "pki",
             {"subject": b"RA-\xe9\xff\xc0\x80-Z\xfcrich"}, **both(critical("ndes-cacert-invalid"))),
    S("ra-subject-long", "a subject of 20,000 characters", {"subject": b"R" * 20000}),
    S("ra-two-pairs", "two generations, the older one about to end", {"ra": "two-pairs"}),
    S("ra-expired-pair-left", "an expired generation beside the new one", {"ra": "expired-pair-left"}),
    S("ca-renewed", "two CA generations, RA from the new one", {"ca": "renewed"}),
    S("ca-same-key", "CA renewed with the same key", {"ca": "same-key"}),
    S("ca-chain", "upper chain with a SHA-1 root", {"ca": "chain"}),
    S("ca-subordinate", "issuing CA without its root", {"ca": "subordinate"}),
    S("ca-file", "RA certificates from the CA that the operator names", {}, args=("--ca-file={scep_ca_file}",)),
    S("ra-fingerprint", "both fingerprints are as expected", {},
      args=("--fingerprint={sign_sha256}", "--fingerprint={encrypt_sha256}")),
    S("ra-subject-named", "the subject is as expected", {}, args=("--subject=NDES01-MSCEP-RA",)),
    S("ra-none-allowed", "only CA certificates, and that is wanted", {"ra": "none"}, args=("--allow-no-ra",)),
    S("ra-expired", "both expired", {"sign_days": -3, "encrypt_days": -3}, critical("ndes-ra-expired")),
    S("ra-expired-sign", "signing certificate expired", {"sign_days": -3}, critical("ndes-ra-expired")),
    S("ra-expired-encrypt", "encryption certificate expired", {"encrypt_days": -3}, critical("ndes-ra-expired")),
    S("ra-expiring-45", "expires in 45 days", {"sign_days": 45}, warning("ndes-ra-expiring")),
    S("ra-expiring-20", "expires in 20 days", {"encrypt_days": 20}, critical("ndes-ra-expiring")),
    S("ra-notyet", "valid from next week on", {"ra_age": -7}, critical("ndes-ra-notyet")),
    S("ra-no-encrypt", "no certificate with keyEncipherment", {"ra": "both-sign"}, critical("ndes-ra-usage")),
    S("ra-no-sign", "no certificate with digitalSignature", {"ra": "both-encrypt"}, critical("ndes-ra-usage")),
    S("ra-sign-only", "the encryption certificate was deleted", {"ra": "sign-only"}, critical("ndes-ra-usage")),
    S("ra-encrypt-only", "the signing certificate was deleted", {"ra": "encrypt-only"}, critical("ndes-ra-usage")),
    S("ra-no-eku", "neither has the EKU of a request agent", {"ra": "no-eku"},
      critical("ndes-ra-usage")),
    S("ra-encrypt-no-eku", "the encryption certificate lacks that EKU", {"ra": "encrypt-no-eku"},
      critical("ndes-ra-usage")),
    S("ra-missing", "only CA certificates in the bundle", {"ra": "none"}, critical("ndes-ra-missing")),
    S("ra-oldca", "CA renewed, RA certificates still from the old CA", {"ca": "old-ra"}, warning("ndes-ra-oldca")),
    S("ra-foreign", "RA certificates from a CA that is not in the answer", {"ca": "foreign"},
      critical("ndes-ra-chain")),
    S("ra-other-ca-file", "not from the CA that the operator names", {}, critical("ndes-ra-chain"),
      args=("--ca-file={other_ca_file}",)),
    S("ra-pss", "RSASSA-PSS signature", {"signature": "pss"}, warning("ndes-ra-signature")),
    S("ra-sha1", "SHA-1 signature", {"signature": "sha1"}, warning("ndes-ra-signature")),
    S("ra-1024", "RSA with 1024 bits", {"ra_bits": 1024}, warning("ndes-ra-weakkey")),
    S("ca-1024", "a root with 1024 bits that issues good RA certificates", {"ca_bits": 1024},
      warning("ndes-ra-weakkey")),
    S("ca-missing", "only RA certificates in the bundle", {"ca": "hidden"}, critical("ndes-ca-missing")),
    S("ca-v1-ra-expired", "a root of version 1 beside expired RA certificates",
      {"ca": "v1", "sign_days": -3, "encrypt_days": -3}, critical("ndes-ra-expired")),
    Scenario("ra-notyet-here", "not yet valid by our clock, but by the server's", "pki",
             {"ra_age": -7, "date_skew": 8 * 86400}, http=(warning("ndes-time-skew"),),
             racert=(critical("ndes-ra-notyet"), warning("ndes-time-skew"))),
    S("ra-unexpected", "another fingerprint than expected", {}, critical("ndes-ra-unexpected"), args=(ZEROS,)),
    S("ra-unexpected-subject", "another subject than expected", {}, critical("ndes-ra-unexpected"),
      args=("--subject=NDES02-MSCEP-RA",)),
    S("ca-expired", "CA certificate expired", {"ca_days": -5}, critical("ndes-ca-expired")),
    S("ca-expiring-60", "CA certificate ends in 60 days", {"ca_days": 60}, warning("ndes-ca-expiring")),
    S("ca-expiring-15", "CA certificate ends in 15 days", {"ca_days": 15}, critical("ndes-ca-expiring")),
)

CRL = (
    R("crl-fresh", "CRL valid for days", {}),
    R("crl-ldap", "CDP only as ldap: URL, not fetchable from here", {"cdp": "ldap"}),
    R("crl-chain", "CRLs of issuing CA and root", {"ca": "chain"}),
    R("crl-unasked", "CRL expired, but nobody asked", {"crl": "expired"}, args=()),
    R("crl-expired", "CRL past nextUpdate", {"crl": "expired"}, critical("ndes-crl-expired")),
    R("crl-expiring", "two hours to nextUpdate", {"crl": "expiring"}, warning("ndes-crl-expiring")),
    R("crl-missing", "404 at the CDP", {"crl": "missing"}, warning("ndes-crl-unreachable")),
    R("crl-closed", "nobody listens at the CDP", {"cdp": "closed"}, warning("ndes-crl-unreachable")),
    R("crl-revoked", "RA certificates revoked", {"crl": "revoked"}, critical("ndes-ra-revoked")),
    R("crl-forged", "CRL signed by another key", {"crl": "forged"}, critical("ndes-crl-invalid")),
    R("crl-only-ca", "CRL of CA certificates alone", {"crl": "only-ca"}, critical("ndes-crl-invalid")),
    R("crl-delta", "a delta CRL at the distribution point", {"crl": "delta"}, critical("ndes-crl-invalid")),
    R("crl-garbage", "HTML instead of a CRL", {"crl": "garbage"}, critical("ndes-crl-invalid")),
    R("crl-huge", "CRL of more than 10 MB", {"crl": "huge"}, warning("ndes-crl-unreachable")),
)
