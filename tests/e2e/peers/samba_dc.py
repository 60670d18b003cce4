# Samba as an Active Directory domain controller: Kerberos, LDAP, accounts in every sort of trouble.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Realm NDES.TEST on dc1. It binds fixed ports, so it lives in a network of its own:

with samba_dc() as dc, dc.inside():    # this thread, its sockets and the programs it starts are in there, too
    env = dc.kinit("monitor")
"""

import contextlib
import ctypes
import hashlib
import os
from pathlib import Path

from lab import keys

from .namespace import NamespaceRefused, enter, private_loopback
from .process import PeerMissing, is_root, need, need_file, run, started, work_directory

REALM = "NDES.TEST"
DOMAIN = "NDESTEST"
USER = "monitor"
PASSWORD = "Mon1tor-Passw0rd"  # of all users
SERVICE_USER = "svc-ndes"
# Whom the domain turns away, and how kinit words it.
TROUBLED = {"locked": "revoked", "disabled": "revoked", "expired": "expired", "must-change": "expired",
            "account-expired": "revoked"}
USERS = (USER, SERVICE_USER, *TROUBLED)
COMPUTER = "DC1$"
SERVICE_NAMES = ("WSMAN/localhost", "HOST/localhost", "HTTP/localhost", "ldap/localhost", "ldap/dc1.ndes.test")
LOCKOUT_THRESHOLD = 20

_PORTS = (88, 389)
_LONG_AGO = "133000000000000000"  # June 2022
_FOR_EVER = str(-1 << 63)
_NORMAL, _DISABLED, _NEVER_EXPIRES = 0x200, 0x2, 0x10000
_SET_LAST_CHANGE = "local_oid:1.3.6.1.4.1.7165.4.3.20:0"  # lets pwdLastSet be any time
_CLONE_NEWNET = 0x40000000
_FOLDERS = ("etc", "run", "log", "ncalrpc")

_SMB_CONF = """\
[global]
netbios name = DC1
realm = NDES.TEST
workgroup = NDESTEST
server role = active directory domain controller
server services = ldap, cldap, kdc
dcerpc endpoint servers =
interfaces = 127.0.0.1
bind interfaces only = yes
tls enabled = no
private dir = {directory}/private
lock directory = {directory}
state directory = {directory}/state
cache directory = {directory}/cache
binddns dir = {directory}/bind-dns
pid directory = {directory}/run
ncalrpc dir = {directory}/ncalrpc
log file = {directory}/log/samba.log
"""

_KRB5_CONF = """\
[libdefaults]
default_realm = NDES.TEST
dns_lookup_kdc = false
dns_lookup_realm = false
dns_canonicalize_hostname = false
rdns = false
udp_preference_limit = 1
[realms]
NDES.TEST = {
 kdc = 127.0.0.1:88
}
[domain_realm]
localhost = NDES.TEST
.ndes.test = NDES.TEST
"""


class Database:
    """The accounts, changed behind the back of the server, as an administrator would from elsewhere."""

    def __init__(self, smb_conf):
        try:
            import ldb
            from samba.auth import system_session
            from samba.param import LoadParm
            from samba.samdb import SamDB
        except ImportError as error:
            raise PeerMissing(f"{error}: install the package 'python3-samba'") from None
        self._ldb, self._parameters = ldb, LoadParm()
        self._parameters.load(str(smb_conf))
        path = self._parameters.private_path("sam.ldb")
        self._sam = SamDB(url=path, session_info=system_session(self._parameters), lp=self._parameters)

    def find(self, condition, *attributes):
        """Rows that meet an LDAP filter."""
        return self._sam.search(self._sam.domain_dn(), expression=condition, attrs=list(attributes))

    def account(self, name, *attributes):
        return self.find(f"(sAMAccountName={name})", *attributes)[0]

    def add_user(self, name):
        self._sam.newuser(name, PASSWORD)

    def write(self, where, attribute, values, how="REPLACE", controls=()):
        """Replaces an attribute of an account or of a row; or adds or deletes single values."""
        message = self._ldb.Message(self.account(where).dn if isinstance(where, str) else where)
        message[attribute] = self._ldb.MessageElement(values, getattr(self._ldb, f"FLAG_MOD_{how}"), attribute)
        self._sam.modify(message, list(controls))

    def domain(self):
        return self._ldb.Dn(self._sam, self._sam.domain_dn())

    def export_keytab(self, name, path):
        from samba import dckeytab  # noqa: F401 - gives Net its export_keytab
        from samba.net import Net
        Net(None, self._parameters).export_keytab(keytab=str(path), principal=name)


class SambaDc:
    """A running domain controller; see inside(), kinit(), give_spn()."""

    def __init__(self, directory, pid):
        self.directory, self.pid = directory, pid
        self.smb_conf = directory / "etc" / "smb.conf"
        self.keytab = directory / f"{USER}.keytab"
        self._database = None

    @property
    def database(self):
        self._database = self._database or Database(self.smb_conf)
        return self._database

    def enter(self, *command):
        """The command, so that it runs in the network of the domain controller."""
        return [*enter(self.pid), *map(str, command)]

    @contextlib.contextmanager
    def inside(self):
        """Takes this thread there: what it binds or starts is there, too, and stays when the thread is back."""
        with open("/proc/thread-self/ns/net", "rb") as home, open(f"/proc/{self.pid}/ns/net", "rb") as there:
            _change_network(there)
            try:
                yield self
            finally:
                _change_network(home)

    def environment(self, cache="none"):
        """For programs that use Kerberos; cache is the name of a ticket cache, by default one without a ticket."""
        search = os.environ.get("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin"
        return {**os.environ, "PATH": search, "KRB5_CONFIG": f"{self.directory}/etc/krb5.conf",
                "KRB5CCNAME": f"FILE:{self.directory}/ticket-{cache}"}

    def kinit(self, user=USER, password=PASSWORD, cache=None):
        """The environment with a fresh ticket of the user; fails if the domain refuses one."""
        env = self.environment(cache or user)
        run(self.enter(need("kinit", "krb5-user"), user), env=env, text_in=password + "\n")
        return env

    def take_spn(self, name):
        """Takes a service name from whoever has it."""
        for row in self.database.find(f"(servicePrincipalName={name})"):
            self.database.write(row.dn, "servicePrincipalName", [name], "DELETE")

    def give_spn(self, name, account=COMPUTER):
        """Moves a service name to another account; by default back to where it belongs."""
        self.take_spn(name)
        self.database.write(account, "servicePrincipalName", [name], "ADD")

    @contextlib.contextmanager
    def spn_at(self, name, account=None):
        """A service name at another account, or nowhere, for the time of a block."""
        self.give_spn(name, account) if account else self.take_spn(name)
        try:
            yield
        finally:
            self.give_spn(name)

    def bad_passwords(self, user=USER):
        """How many wrong passwords count against the user now (badPwdCount)."""
        return int(self.database.account(user, "badPwdCount")["badPwdCount"][0])

    def forgive(self, user=USER):
        """Unlocks the account and forgets its wrong passwords."""
        self.database.write(user, "lockoutTime", ["0"])
        self.database.write(user, "badPwdCount", ["0"])


def _change_network(namespace):
    """Of the calling thread only; Python 3.11 has no os.setns()."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(namespace.fileno(), _CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


def _provision(directory):
    run(private_loopback([need("samba-tool", "samba-common-bin"), "domain", "provision", f"--realm={REALM}",
                          f"--domain={DOMAIN}", "--server-role=dc", "--dns-backend=NONE", "--host-name=dc1",
                          "--host-ip=127.0.0.1", "--adminpass=Adm1n-Passw0rd", "--base-schema=2012_R2",
                          f"--targetdir={directory}", "--option=interfaces=127.0.0.1",
                          "--option=bind interfaces only=yes", "--configfile=/dev/null"]), timeout=120)


def _populate(directory):
    database = Database(directory / "etc" / "smb.conf")
    database.write(database.domain(), "lockoutThreshold", [str(LOCKOUT_THRESHOLD)])
    database.write(database.domain(), "lockoutDuration", [_FOR_EVER])
    for user in USERS:
        database.add_user(user)
        if user not in ("expired", "must-change"):
            database.write(user, "userAccountControl", [str(_NORMAL | _NEVER_EXPIRES)])
    database.write("disabled", "userAccountControl", [str(_NORMAL | _NEVER_EXPIRES | _DISABLED)])
    database.write("locked", "lockoutTime", [_LONG_AGO])
    database.write("expired", "pwdLastSet", [_LONG_AGO], controls=[_SET_LAST_CHANGE])
    database.write("must-change", "pwdLastSet", ["0"])
    database.write("account-expired", "accountExpires", [_LONG_AGO])
    database.write(COMPUTER, "servicePrincipalName", SERVICE_NAMES, "ADD")
    database.export_keytab(USER, directory / f"{USER}.keytab")


def _configure(directory):
    """What names the directory cannot come from the cache."""
    for name in _FOLDERS:
        (directory / name).mkdir(exist_ok=True)
    (directory / "etc" / "smb.conf").write_text(_SMB_CONF.format(directory=directory))
    (directory / "etc" / "krb5.conf").write_text(_KRB5_CONF)


def _cache(samba):
    """Another Samba, or another text of this file, makes another domain."""
    key = hashlib.sha256(run([samba, "--version"]).encode() + Path(__file__).read_bytes()).hexdigest()
    return keys.directory() / f"samba-dc-{key[:16]}.tar.gz"


def _make(directory, samba):
    """Puts a domain into the directory: out of the cache in 0.3 seconds, or new in 6."""
    cache, tar = _cache(samba), need("tar", "tar")
    if cache.exists():
        run([tar, "-xpzf", cache, "-C", directory])
        return _configure(directory)
    _provision(directory)
    _configure(directory)
    _populate(directory)
    with work_directory("tar") as packed:
        run([tar, "-czf", packed / "tar", "-C", directory, "."], env={**os.environ, "GZIP": "-1"})
        for old in cache.parent.glob("samba-dc-*.tar.gz"):
            old.unlink(missing_ok=True)
        keys.write_new(cache, (packed / "tar").read_bytes())
    return None


def _listens(pid):
    """Whether all ports are open in the network of the process, once it has one of its own."""
    if os.readlink(f"/proc/{pid}/ns/net") == os.readlink("/proc/thread-self/ns/net"):
        return False
    rows = [line.split() for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]]
    open_ports = {int(row[1].rpartition(":")[2], 16) for row in rows if row[3] == "0A"}
    return open_ports.issuperset(_PORTS)


@contextlib.contextmanager
def samba_dc():
    if not is_root():
        raise NamespaceRefused("Samba cannot make a domain in a user namespace")
    samba = need("samba", "samba")
    need_file("/usr/share/samba/setup/provision.ldif", "samba-ad-provision")
    with work_directory("dc") as directory:
        _make(directory, samba)
        command = private_loopback([samba, "--foreground", "--model=single", "--no-process-group", "--debug-stdout",
                                    "--debuglevel=1", f"--configfile={directory}/etc/smb.conf"])
        with started(command, directory / "log" / "stdout") as process:
            process.wait_ready(lambda: _listens(process.pid))
            yield SambaDc(directory, process.pid)
