# Makes the files of a Samba domain: new in some 10 seconds, or out of the lab's cache in 0.2.
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cache is where lab.keys has the key pairs. Its domain protects nothing: the passwords are in samba_people.py.
What is in the domain: samba_people, and samba_directory with its tables."""

import hashlib
import os
import sys
import tempfile
import time
from pathlib import Path

from lab import keys

from . import directory_accounts, directory_authorities, directory_rows, directory_templates
from . import samba_people as people
from .namespace import private_loopback
from .process import need, run

REALM, DOMAIN = "NDES.TEST", "NDESTEST"
# A fortnight: passwords live for 42 days, and their end is not yet near then.
CACHE_SECONDS = 14 * 86400
_HERE = Path(__file__).resolve().parent
_DIRECTORY = _HERE / "samba_directory.py"
_SOURCES = (__file__, people.__file__, _DIRECTORY, directory_rows.__file__, directory_accounts.__file__,
            directory_authorities.__file__, directory_templates.__file__)

_SMB_CONF = f"""\
[global]
netbios name = DC1
realm = {REALM}
workgroup = {DOMAIN}
server role = active directory domain controller
server services = ldap, cldap, kdc
dcerpc endpoint servers =
interfaces = 127.0.0.1 127.0.0.2
bind interfaces only = yes
tls enabled = yes
tls keyfile = TLS/server.pem
tls certfile = TLS/server.pem
tls cafile = TLS/lab-ca.pem
ldap server require strong auth = STRONG_AUTH
private dir = DIRECTORY/private
lock directory = DIRECTORY
state directory = DIRECTORY/state
cache directory = DIRECTORY/cache
binddns dir = DIRECTORY/bind-dns
pid directory = DIRECTORY/run
ncalrpc dir = DIRECTORY/ncalrpc
log file = DIRECTORY/log/samba.log
"""


def make_domain(directory, tls, strong_auth="yes"):
    """Fills an empty directory and returns smb.conf: all that samba needs to know. tls: where lab.tls has its files."""
    cached = _cache_file()
    fresh = _fresh(cached)
    if fresh:
        run([need("tar", "tar"), "-xpzf", cached, "-C", directory])
    else:
        _provision(directory)
    smb_conf = _configure(directory, tls, strong_auth)
    if not fresh:
        for script in (people.__file__, _DIRECTORY):
            run([sys.executable, script, smb_conf, directory / "private" / "sam.ldb"])
        _store(directory, cached)
    return smb_conf


def _cache_file():
    """Another Samba, or other people, make another domain."""
    sources = [Path(name).read_bytes() for name in _SOURCES]
    version = run([need("samba", "samba-ad-dc"), "--version"]).encode()
    return keys.directory() / f"samba-dc-{hashlib.sha256(b''.join([version, *sources])).hexdigest()[:16]}.tar.gz"


def _fresh(cached):
    return cached.exists() and time.time() - cached.stat().st_mtime < CACHE_SECONDS


def _provision(directory):
    options = ["--option=interfaces=127.0.0.1", "--option=bind interfaces only=yes"]
    run(private_loopback([
        need("samba-tool", "samba-common-bin"), "domain", "provision", f"--realm={REALM}", f"--domain={DOMAIN}",
        "--server-role=dc", "--dns-backend=NONE", "--adminpass=Adm1n-Lab-Passw0rd", "--host-name=dc1",
        "--host-ip=127.0.0.1", "--base-schema=2012_R2", f"--targetdir={directory}", "--configfile=/dev/null",
        *options]), timeout=180)


def _configure(directory, tls, strong_auth):
    """What names the directory comes from no cache."""
    for name in ("etc", "run", "log", "ncalrpc"):
        (directory / name).mkdir(exist_ok=True)
    smb_conf = directory / "etc" / "smb.conf"
    text = _SMB_CONF.replace("DIRECTORY", str(directory)).replace("TLS/", f"{tls}/")
    smb_conf.write_text(text.replace("STRONG_AUTH", strong_auth))
    return smb_conf


def _store(directory, cached):
    """Files and modes only: the extended attributes are those of the shares, which nobody serves here."""
    handle, archive = tempfile.mkstemp(dir=cached.parent)
    os.close(handle)
    run(["sh", "-c", 'tar -c -C "$1" . | gzip -1 > "$2"', "sh", directory, archive])
    for old in cached.parent.glob("samba-dc-*.tar.gz"):
        if not _fresh(old):
            old.unlink(missing_ok=True)
    os.replace(archive, cached)
