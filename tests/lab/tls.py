# The TLS side of the lab: its own CA, and server certificates with and without faults.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tls(directory, variant) writes lab-ca.pem, server and client files, and has the server's ssl context."""
import dataclasses
import ssl
import warnings

from . import keys, pki
from .material import make_ca

GOOD_NAMES = ("localhost", "ndes.example.test")


@dataclasses.dataclass(frozen=True)
class Variant:
    begin: int = -100
    end: int = 300
    names: tuple = GOOD_NAMES
    addresses: tuple = ("127.0.0.1",)
    issuer: str = "lab"                    # lab | other | self | intermediate
    send_intermediate: bool = True
    lowest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2
    highest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3
    client: bool = False                   # demand a client certificate
    plain: bool = False                    # no TLS at all on the https port


SERVERS = {
    "good": Variant(),
    "expired": Variant(begin=-400, end=-10),
    "not-yet": Variant(begin=5),
    "ends-in-10": Variant(end=10),
    "ends-in-20": Variant(end=20),
    "wrong-name": Variant(names=("intern.example.test",), addresses=()),
    "untrusted": Variant(issuer="other"),
    "self-signed": Variant(issuer="self"),
    "intermediate": Variant(issuer="intermediate"),
    "no-intermediate": Variant(issuer="intermediate", send_intermediate=False),
    "old": Variant(lowest=ssl.TLSVersion.TLSv1, highest=ssl.TLSVersion.TLSv1_1),
    "only-1.2": Variant(highest=ssl.TLSVersion.TLSv1_2),
    "client-1.2": Variant(highest=ssl.TLSVersion.TLSv1_2, client=True),
    "client-1.3": Variant(lowest=ssl.TLSVersion.TLSv1_3, client=True),
    "plain": Variant(plain=True),
    "controller": Variant(names=("dc1.ndes.test", "localhost")),
}


class Tls:
    def __init__(self, directory, name):
        self.variant = SERVERS[name]
        self.directory = directory
        self.ca = make_ca(pki.name("Lab TLS CA"), "tls-ca", -500, 3000)
        self.ca_file = self._write("lab-ca.pem", self.ca.pem)
        self.client_cert = directory / "client.pem"
        self.client_key = directory / "client.key"
        self.context = None if self.variant.plain else self._context()

    def _write(self, name, data):
        path = self.directory / name
        path.write_bytes(data)
        path.chmod(0o600)
        return path

    def _server_certificate(self):
        """PEM of the certificate and what is sent with it."""
        variant, subject = self.variant, pki.name((self.variant.names + ("localhost",))[0])
        intermediate = make_ca(pki.name("Lab TLS Issuing CA"), "tls-issuing", -400, 2000, number=7, issuer=self.ca) \
            if variant.issuer == "intermediate" else None
        issuers = {"lab": self.ca, "self": None, "intermediate": intermediate}
        issuer = make_ca(pki.name("Some Other TLS CA"), "tls-other", -500, 3000) if variant.issuer == "other" \
            else issuers[variant.issuer]
        extensions = [pki.key_usage("digitalSignature", "keyEncipherment", critical=True),
                      pki.extended_usage(pki.SERVER_AUTH),
                      pki.alternative_names(variant.names, variant.addresses)]
        server = pki.issue(subject, keys.key("tls-server"), pki.days(variant.begin, variant.end), extensions, issuer, 8)
        return server.pem + (intermediate.pem if intermediate and variant.send_intermediate else b"")

    def _context(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        pair = self._write("server.pem", self._server_certificate() + keys.pem(keys.key("tls-server")))
        context.load_cert_chain(pair)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # old versions are what the variant is about
            context.minimum_version, context.maximum_version = self.variant.lowest, self.variant.highest
        if self.variant.lowest < ssl.TLSVersion.TLSv1_2:
            context.set_ciphers("DEFAULT@SECLEVEL=0")
        if self.variant.client:
            self._demand_client(context)
        return context

    def _demand_client(self, context):
        client = pki.issue(pki.name("monitor"), keys.key("tls-client"), pki.days(-10, 300),
                           [pki.key_usage("digitalSignature"), pki.extended_usage(pki.CLIENT_AUTH)], self.ca, 9)
        self._write("client.pem", client.pem)
        self._write("client.key", keys.pem(client.key))
        context.load_verify_locations(self.ca_file)
        context.verify_mode = ssl.CERT_REQUIRED
