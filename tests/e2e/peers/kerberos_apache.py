# Apache with mod_auth_gssapi in front of an NDES password page, and the MIT KDC behind it.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Realm LAB.TEST with the user user1 and the service HTTP/localhost, all on loopback."""

import contextlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from .ndes_files import make_ndes_files
from .process import accepts, free_port, give, is_root, need, need_file, run, started, work_directory

USER = "user1"
PASSWORD = "Passw0rd-lab"
WEB_USER = "www-data"
MODULES = "/usr/lib/apache2/modules"

_KRB5 = """\
[libdefaults]
default_realm = LAB.TEST
dns_lookup_kdc = false
dns_lookup_realm = false
dns_canonicalize_hostname = false
rdns = false
udp_preference_limit = 1
[realms]
LAB.TEST = {{
 kdc = 127.0.0.1:{port}
}}
[domain_realm]
localhost = LAB.TEST
"""

_KDC = """\
[kdcdefaults]
kdc_listen = 127.0.0.1:{port}
kdc_tcp_listen = 127.0.0.1:{port}
[logging]
kdc = FILE:{directory}/kdc.log
[realms]
LAB.TEST = {{
 database_name = {directory}/principal
 key_stash_file = {directory}/stash
 acl_file = {directory}/acl
}}
"""

_HTTPD = """\
ServerRoot {directory}
ServerName localhost
PidFile {directory}/httpd.pid
DefaultRuntimeDir {directory}
Mutex file:{directory}
ErrorLog {directory}/error.log
LogFormat "%u %>s %U" peer
CustomLog {directory}/access.log peer
Listen 127.0.0.1:{port}
{modules}
{user}
DocumentRoot {directory}/htdocs
TypesConfig /dev/null
AddType text/html .html
AddType text/plain .txt
AddType application/x-x509-ca-ra-cert .p7b
DirectoryIndex password.html
StartServers 2
<Directory {directory}/htdocs>
 Require all granted
</Directory>
<Location /certsrv/mscep_admin/>
 AuthType GSSAPI
 AuthName "mscep_admin"
 GssapiAllowedMech krb5
 GssapiSSLonly Off
 GssapiConnectionBound On
 Require valid-user
</Location>
RewriteEngine On
RewriteCond %{{QUERY_STRING}} (^|&)operation=GetCACaps(&|$)
RewriteRule ^/certsrv/mscep/mscep\\.dll$ /GetCACaps.txt [END]
RewriteCond %{{QUERY_STRING}} (^|&)operation=GetCACert(&|$)
RewriteRule ^/certsrv/mscep/mscep\\.dll$ /GetCACert.p7b [END]
RewriteRule ^/certsrv/mscep/mscep\\.dll$ - [F]
"""

_MODULES = ("mpm_prefork", "authn_core", "authz_core", "authz_user", "auth_gssapi", "dir", "env", "mime", "rewrite")


@dataclass
class KerberosApache:
    url: str
    admin_url: str
    directory: Path
    env: dict
    principal = f"{USER}@LAB.TEST"

    @property
    def keytab(self):
        return self.directory / "user.keytab"

    def logons_refused(self):
        """How many wrong passwords the KDC has counted."""
        return (self.directory / "kdc.log").read_text(errors="replace").count("PREAUTH_FAILED")

    def login(self, cache="ticket"):
        """An environment with a fresh ticket of the user."""
        env = self.without_ticket(cache)
        run([need("kinit", "krb5-user"), USER], env=env, text_in=PASSWORD + "\n")
        return env

    def without_ticket(self, cache="none"):
        return {**self.env, "KRB5CCNAME": f"FILE:{self.directory}/{cache}"}

    def passwords_shown(self):
        """How often the password page went out: on a real server each one spends a slot of the cache."""
        lines = (self.directory / "access.log").read_text(errors="replace").splitlines()
        return sum(" 200 /certsrv/mscep_admin/" in line for line in lines)


def _make_realm(directory, port):
    (directory / "krb5.conf").write_text(_KRB5.format(port=port))
    (directory / "kdc.conf").write_text(_KDC.format(port=port, directory=directory))
    env = {**os.environ, "KRB5_CONFIG": f"{directory}/krb5.conf", "KRB5_KDC_PROFILE": f"{directory}/kdc.conf",
           "KRB5CCNAME": f"FILE:{directory}/none"}
    run([need("kdb5_util", "krb5-kdc"), "create", "-s", "-P", "master", "-r", "LAB.TEST"], env=env)
    admin = need("kadmin.local", "krb5-admin-server")
    for query in (f"addprinc -pw {PASSWORD} +requires_preauth {USER}", "addprinc -randkey HTTP/localhost",
                  f"ktadd -k {directory}/http.keytab HTTP/localhost", f"ktadd -norandkey -k {directory}/user.keytab {USER}"):
        run([admin, "-r", "LAB.TEST", "-q", query], env=env)
    return env


def _make_site(directory, port):
    need_file(f"{MODULES}/mod_auth_gssapi.so", "libapache2-mod-auth-gssapi")
    root = directory / "htdocs"
    (root / "certsrv" / "mscep_admin").mkdir(parents=True)
    files = make_ndes_files(directory)
    shutil.copy(files.caps, root)
    shutil.copy(files.certificates, root)
    shutil.copy(files.page, root / "certsrv" / "mscep_admin")
    modules = "\n".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in _MODULES)
    user = f"User {WEB_USER}\nGroup {WEB_USER}" if is_root() else ""
    (directory / "httpd.conf").write_text(_HTTPD.format(directory=directory, port=port, modules=modules, user=user))
    if is_root():
        give(directory, WEB_USER)


@contextlib.contextmanager
def kerberos_apache():
    apache = need("apache2", "apache2")
    kdc = need("krb5kdc", "krb5-kdc")
    kdc_port, port = free_port(), free_port()
    with work_directory("kerberos") as directory:
        env = _make_realm(directory, kdc_port)
        _make_site(directory, port)
        with started([kdc, "-n"], directory / "kdc.out", env=env) as realm:
            realm.wait_ready(lambda: accepts(kdc_port))
            web_env = {**env, "KRB5_KTNAME": f"FILE:{directory}/http.keytab"}
            command = [apache, "-f", directory / "httpd.conf", "-DFOREGROUND"]
            with started(command, directory / "httpd.out", env=web_env) as web:
                web.wait_ready(lambda: accepts(port))
                base = f"http://localhost:{port}/certsrv"
                yield KerberosApache(f"{base}/mscep/mscep.dll", f"{base}/mscep_admin/", directory, env)
