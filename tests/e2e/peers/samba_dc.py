# A real Active Directory domain controller: Samba, in a network namespace of its own.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Realm NDES.TEST, domain NDESTEST, host dc1; accounts as in samba_people.py, what NDES needs as in samba_directory.py.
LDAP, LDAPS and StartTLS on 127.0.0.1, which the certificate names, and on 127.0.0.2, which it does not. Needs root."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from lab.tls import Tls

from . import name_server
from . import samba_people as people
from .namespace import NamespaceRefused, enter, private_loopback
from .process import PeerFailed, Process, is_root, need, run, started, work_directory
from .samba_make import DOMAIN, REALM, make_domain  # noqa: F401 - DOMAIN is for the tests

TESTS = Path(__file__).resolve().parents[2]

_KRB5 = f"""\
[libdefaults]
default_realm = {REALM}
dns_lookup_kdc = false
dns_lookup_realm = false
dns_canonicalize_hostname = false
rdns = false
udp_preference_limit = 1
[realms]
{REALM} = {{
 kdc = 127.0.0.1:88
}}
[domain_realm]
.ndes.test = {REALM}
localhost = {REALM}
"""


class Domain:
    """A running domain. `inside` are the words that run a command in its network, which process `holder` keeps."""

    def __init__(self, directory, holder, smb_conf, tls):
        self.directory = directory
        self.holder = holder
        self.inside = enter(holder)
        self.smb_conf = smb_conf
        self.ca_file = str(tls.ca_file)
        self._database = directory / "dc/private/sam.ldb"
        self.env = {**os.environ, "KRB5_CONFIG": f"{directory}/krb5.conf", "KRB5CCNAME": f"FILE:{directory}/none"}
        (directory / "krb5.conf").write_text(_KRB5)
        self.password_file = self.file("password", people.PASSWORD + "\n")
        self.wrong_password_file = self.file("wrong", "Wrong-Passw0rd-1\n")

    def file(self, name, text):
        path = self.directory / name
        path.write_text(text)
        path.chmod(0o600)
        return str(path)

    def tool(self, *words):
        """samba-tool, on the database itself."""
        return run([need("samba-tool", "samba-common-bin"), *words, "-s", self.smb_conf, "-H", self._database])

    def login(self, user=people.MONITOR):
        """An environment with a fresh ticket."""
        env = {**self.env, "KRB5CCNAME": f"FILE:{self.directory}/ticket-{user}"}
        run([*self.inside, need("kinit", "krb5-user"), user], env=env, text_in=people.PASSWORD + "\n")
        return env

    def lock(self, user):
        """As an attacker would: by wrong passwords."""
        for _ in range(people.LOCKOUT_THRESHOLD + 1):
            subprocess.run([*self.inside, need("kinit", "krb5-user"), user], env=self.env, input="wrong\n", text=True,
                           capture_output=True, timeout=20, check=False)

    def keytab(self, user=people.MONITOR):
        """A key table of the user, from the controller's database."""
        path = self.directory / f"{user}.keytab"
        if not path.exists():
            run([need("samba-tool", "samba-common-bin"), "domain", "exportkeytab", path, f"--principal={user}@{REALM}",
                 "-s", self.smb_conf])
        return str(path)

    def sids(self):
        """{sAMAccountName: SID} of all that has one in letters of ASCII."""
        text = run([need("ldbsearch", "ldb-tools"), "-H", self._database, "(sAMAccountName=*)", "sAMAccountName",
                    "objectSid"])
        rows = [dict(line.split(": ", 1) for line in block.splitlines() if ": " in line) for block in text.split("\n\n")]
        return {row["sAMAccountName"]: row["objectSid"] for row in rows if "sAMAccountName" in row and "objectSid" in row}

    @contextlib.contextmanager
    def names(self, zone):
        """The words to run a command inside with a name server that knows `zone`; see name_server.py."""
        resolv = self.file("resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
        Path(resolv).chmod(0o644)
        command = [*self.inside, sys.executable, name_server.__file__, self.file("zone.json", json.dumps(zone))]
        log = self.directory / "names.log"
        log.unlink(missing_ok=True)
        with started(command, log) as server:
            server.wait_ready(lambda: "ready" in server.log_text())
            yield [*self.inside, need("unshare", "util-linux"), "--mount", "sh", "-c",
                   f'mount --bind {resolv} /etc/resolv.conf && exec "$@"', "sh"]

    @contextlib.contextmanager
    def service_name(self, name, owner, other):
        """For a while the SPN belongs to another account, or to none."""
        self.tool("spn", "delete", name, owner)
        try:
            if other:
                self.tool("spn", "add", name, other)
            yield
        finally:
            if other:
                self.tool("spn", "delete", name, other)
            self.tool("spn", "add", name, owner)

    def bad_passwords(self, user=people.MONITOR):
        """How many wrong passwords the controller has counted."""
        text = run([need("ldbsearch", "ldb-tools"), "-H", self._database, f"(sAMAccountName={user})", "badPwdCount"])
        return sum(int(line.split(":")[1]) for line in text.splitlines() if line.startswith("badPwdCount:"))

    @contextlib.contextmanager
    def servers(self, module, *words):
        """WinRM servers of the lab, signing in by this domain: a module that prints facts of each by its name."""
        command = [*self.inside, sys.executable, "-m", module, *words]
        log = self.directory / f"{module}.log"
        with open(log, "wb") as errors, subprocess.Popen(
                command, env={**self.env, "PYTHONPATH": str(TESTS)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=errors, text=True) as process:
            fleet = Fleet(process)
            line = process.stdout.readline()
            if not line:
                raise PeerFailed(f"{module} does not start: {log.read_text(errors='replace')[-2000:]}")
            fleet.facts = json.loads(line)
            yield fleet
            process.stdin.close()
            if process.wait(20) != 0:
                raise PeerFailed(f"the lab failed: {log.read_text(errors='replace')[-3000:]}")

    def fleet(self, members):
        """Servers with Samba as the acceptor; see lab.winrm.fleet."""
        return self.servers("lab.winrm.fleet", str(self.smb_conf), self.file("members.json", json.dumps(members)))

    def bound(self, module="lab.winrm.bound"):
        """Servers that insist on channel binding, `right` and `other`; see that module, or lab.ldap.bound."""
        return self.servers(module, f"{self.directory}/dc/private/secrets.keytab", "right", "other")


class Fleet:
    def __init__(self, process):
        self._process = process
        self.facts = {}

    def arguments(self, name):
        """How a plugin finds a server; credentials are the test's matter."""
        facts = self.facts[name]
        words = ["-H", "localhost", "-p", str(facts["port"])]
        return words + (["-S", "--ca-cert", facts["ca_file"]] if facts["ca_file"] else [])

    def counters(self, name):
        self._process.stdin.write(name + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


def _command(domain):
    return [*domain.inside, need("samba", "samba-ad-dc"), "-F", "-M", "single", "-s", domain.smb_conf,
            "--no-process-group", "-d", "1", "--debug-stdout"]


def _answers(domain):
    command = [*domain.inside, need("ldapsearch", "ldap-utils"), "-x", "-LLL", "-H", "ldap://127.0.0.1", "-b", "", "-s",
               "base", "currentTime"]
    return subprocess.run(command, capture_output=True, timeout=20, check=False).returncode == 0


@contextlib.contextmanager
def samba_dc(strong_auth="yes"):
    """strong_auth: smb.conf's `ldap server require strong auth`."""
    if not is_root():
        raise NamespaceRefused("a domain controller can only be made by root")
    with work_directory("domain") as directory:
        holder = Process(private_loopback([shutil.which("sleep"), "infinity"]), directory / "holder.log")
        try:
            holder.wait_ready(lambda: Path(f"/proc/{holder.pid}/comm").read_text().strip() == "sleep")
            (directory / "dc").mkdir()
            (directory / "tls").mkdir()
            tls = Tls(directory / "tls", "controller")
            domain = Domain(directory, holder.pid, make_domain(directory / "dc", directory / "tls", strong_auth), tls)
            run([*domain.inside, need("ip", "iproute2"), "address", "add", "127.0.0.2/8", "dev", "lo"])
            with started(_command(domain), directory / "samba.log") as samba:
                samba.wait_ready(lambda: _answers(domain))
                yield domain
        finally:
            holder.stop()
