# Static answers of an NDES server, for peers that can't make them: capabilities, certificates, password page.
# SPDX-License-Identifier: GPL-3.0-or-later
"""The certificates are made by the openssl command, so that no code of ours stands behind them."""

from dataclasses import dataclass
from pathlib import Path

from .process import need, run

CAPS = "POSTPKIOperation\nRenewal\nSHA-512\nSHA-256\nSHA-1\nDES3\n"
PASSWORD = "8CE317021F690069"
THUMBPRINT = "A656FA66 AB12B433 A2DA5CF7 CC153D9A"

_PAGE = (
    "<HTML><Head><Meta HTTP-Equiv=\"Content-Type\" Content=\"text/html; charset=UTF-8\">"
    "<Title>Network Device Enrollment Service</Title></Head><Body BgColor=#FFFFFF>"
    "<Font ID=locPageFont Face=\"Arial\"><Table><TR><TD>"
    "<LocID ID=locMSCertSrv>Certificate services</LocID></TD></TR></Table>"
    "<P ID=locPageTitle><B> Network Device Enrollment Service </B>"
    "<P ID=locPageDesc> Network Device Enrollment Service allows you to obtain certificates for routers or other "
    "network devices."
    f"<P> The thumbprint (hash value) for the CA certificate is: <B> {THUMBPRINT} </B>"
    f"<P> The enrollment challenge password is: <B> {PASSWORD} </B>"
    "<P> This password can be used only once and will expire within 60 minutes."
    "<P> Each enrollment requires a new challenge password."
    "<P><A HRef=\"http://go.microsoft.com/fwlink/?LinkId=67852\">More</A></Font></Body></HTML>")

_ROLES = """\
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[sign]
keyUsage = critical,digitalSignature
extendedKeyUsage = 1.3.6.1.4.1.311.20.2.1
authorityKeyIdentifier = keyid
[encrypt]
keyUsage = critical,keyEncipherment
extendedKeyUsage = 1.3.6.1.4.1.311.20.2.1
authorityKeyIdentifier = keyid
"""


@dataclass
class NdesFiles:
    caps: Path
    certificates: Path
    page: Path
    ca_file: Path


def _request(openssl, directory, name, subject):
    run([openssl, "req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", subject, "-keyout", f"{name}.key",
         "-out", f"{name}.csr"], cwd=directory)


def _certificate(openssl, directory, name, subject):
    _request(openssl, directory, name, subject)
    issuer = ["-signkey", "ca.key"] if name == "ca" else ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"]
    run([openssl, "x509", "-req", "-in", f"{name}.csr", "-days", "700", "-sha256", "-extfile", "roles.cnf",
         "-extensions", name, "-out", f"{name}.pem", *issuer], cwd=directory)


def make_ndes_files(directory):
    """Fills the directory with the three answers and the keys behind them."""
    openssl = need("openssl", "openssl")
    (directory / "roles.cnf").write_text(_ROLES)
    _certificate(openssl, directory, "ca", "/DC=test/DC=lab/CN=Peer CA")
    _certificate(openssl, directory, "sign", "/CN=PEER01-MSCEP-RA")
    _certificate(openssl, directory, "encrypt", "/CN=PEER01-MSCEP-RA")
    run([openssl, "crl2pkcs7", "-nocrl", "-certfile", "ca.pem", "-certfile", "sign.pem", "-certfile", "encrypt.pem",
         "-outform", "DER", "-out", "GetCACert.p7b"], cwd=directory)
    (directory / "GetCACaps.txt").write_text(CAPS)
    (directory / "password.html").write_bytes(_PAGE.encode("utf-16-le"))
    return NdesFiles(directory / "GetCACaps.txt", directory / "GetCACert.p7b", directory / "password.html",
                     directory / "ca.pem")
