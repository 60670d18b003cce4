# One running lab: servers, files and counters for the scenarios asked for.
# SPDX-License-Identifier: GPL-3.0-or-later
"""with Lab(["ra-expired"], tls=True) as lab: lab.url, lab.ca_file, lab.counters, lab.advance(minutes=61)"""
import pathlib
import shutil
import socket
import tempfile

from . import auth, scenarios
from .material import Material, other_ca
from .ndes import Site
from .settings import combine
from .tls import Tls
from .wire import Server, raise_all

PATH = "/certsrv/mscep/mscep.dll"
# A label of 64 letters is refused by every resolver before it asks anybody.
UNRESOLVABLE = "n" * 64 + ".example.test"
WRONG_PASSWORD = "not-the-password"


class Lab:
    """A server on 127.0.0.1 for the named scenarios; without names a healthy NDES.

    url, admin_url      what to check
    side_url            plain HTTP beside it: CRLs, AIA, /lab/status, /lab/advance?minutes=N (not in the counters)
    ca_file             trust anchor for TLS; scep_ca_file: the CA of the RA certificates; other_ca_file: a stranger
    password_file       of user `lab.user`; wrong_password_file
    counters, side_counters, clock, material, settings, directory (removed at the end)
    """

    def __init__(self, names=(), tls=False, port=0):
        self.scenarios = [scenarios.find(name) for name in ([names] if isinstance(names, str) else names)]
        self.settings = combine(self.scenarios)
        self.uses_tls = tls or any(scenario.layer == "tls" for scenario in self.scenarios)
        self.user = f"{auth.DOMAIN}\\{auth.USER}"
        self._wanted_port = port
        self.directory = None

    def __enter__(self):
        self._server, self._side = Server(self._wanted_port), Server()
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="ndes-lab-"))
        self._closed = socket.socket()
        self._closed.bind(("127.0.0.1", 0))  # held, never listening: connections are refused
        self.material = Material(self.settings, self.side_url, self.closed_port)
        self.site = Site(self.settings, self.material, self._server.counters)
        self._files()
        tls = Tls(self.directory, self.settings.tls) if self.uses_tls else None
        self.ca_file = str(tls.ca_file) if tls else None
        self._server.start(self.site, tls.context if tls else None)
        self._side.start(self.site)
        return self

    def __exit__(self, *_):
        self._server.stop()
        self._side.stop()
        self._closed.close()
        shutil.rmtree(self.directory, ignore_errors=True)
        raise_all(self._server.errors + self._side.errors)

    def _files(self):
        files = {"scep-ca.pem": self.material.newest.pem, "other-ca.pem": other_ca().pem,
                 "cacert.p7b": self.material.pkcs7, "bundle.pem": b"".join(one.pem for one in self.material.answer),
                 "password": auth.PASSWORD.encode() + b"\n", "wrong-password": WRONG_PASSWORD.encode() + b"\n"}
        for name, data in files.items():
            (self.directory / name).write_bytes(data)
            (self.directory / name).chmod(0o600)
        (self.directory / "state").mkdir()

    def file(self, name):
        return str(self.directory / name)

    @property
    def port(self):
        return self.closed_port if self.settings.target == "refused" else self._server.port

    @property
    def closed_port(self):
        return self._closed.getsockname()[1]

    @property
    def side_url(self):
        return f"http://127.0.0.1:{self._side.port}"

    def url_of(self, path=PATH, host="127.0.0.1"):
        if self.settings.target == "unresolvable":
            host = UNRESOLVABLE
        return f"{'https' if self.uses_tls else 'http'}://{host}:{self.port}{path}"

    @property
    def url(self):
        return self.url_of()

    @property
    def admin_url(self):
        return self.url_of("/certsrv/mscep_admin/")

    @property
    def scep_ca_file(self):
        return self.file("scep-ca.pem")

    @property
    def other_ca_file(self):
        return self.file("other-ca.pem")

    @property
    def password_file(self):
        return self.file("password")

    @property
    def wrong_password_file(self):
        return self.file("wrong-password")

    @property
    def counters(self):
        return self._server.counters

    @property
    def side_counters(self):
        """Of the plain server beside: who fetched revocation lists."""
        return self._side.counters

    @property
    def clock(self):
        return self.site.clock

    def advance(self, minutes):
        """Let time pass for the password cache."""
        self.site.clock.advance(minutes * 60)

    def facts(self):
        """What --scenario prints, and what the scenarios' arguments may contain in braces."""
        ras = self.material.ras
        return {"url": self.url, "admin_url": self.admin_url, "side_url": self.side_url, "port": self.port,
                "ca_file": self.ca_file, "scep_ca_file": self.scep_ca_file, "other_ca_file": self.other_ca_file,
                "user": self.user, "password_file": self.password_file,
                "wrong_password_file": self.wrong_password_file, "state_dir": self.file("state"),
                "client_cert": self.file("client.pem"), "client_key": self.file("client.key"),
                "bundle": self.file("bundle.pem"), "p7b": self.file("cacert.p7b"),
                "sign_sha256": ras[0].sha256 if ras else "", "encrypt_sha256": ras[-1].sha256 if ras else ""}

    def arguments(self, plugin):
        """The command line for a plugin, without its name: URL, trust, and what the scenarios add."""
        facts = self.facts()
        words = ["-u", self.url]
        if self.ca_file:
            words += ["--ca-cert", self.ca_file]
        for scenario in self.scenarios:
            words += [word.format(**facts) for word in scenario.arguments(plugin)]
        if plugin == "check_ndes_http" and not any(word.startswith(("--state-dir", "--admin=off")) for word in words):
            words.append(f"--state-dir={facts['state_dir']}")
        return words
