# Proves with MIT Kerberos and curl that the lab's Negotiate accepts real tickets.
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import socket
import subprocess
import time

import pytest

from lab import Lab

KRB5_CONF = """[libdefaults]
default_realm = LAB.TEST
dns_lookup_kdc = false
rdns = false
dns_canonicalize_hostname = false
udp_preference_limit = 1
[realms]
LAB.TEST = {{
  kdc = 127.0.0.1:{port}
}}
[domain_realm]
localhost = LAB.TEST
"""
KDC_CONF = """[kdcdefaults]
kdc_listen = 127.0.0.1:{port}
kdc_tcp_listen = 127.0.0.1:{port}
[realms]
LAB.TEST = {{
  database_name = {directory}/db
  key_stash_file = {directory}/stash
  acl_file = {directory}/acl
}}
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def wait_for(port):
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"no KDC on port {port}")


@pytest.fixture
def realm(tmp_path, monkeypatch):
    """A KDC with user1 (signed in) and HTTP/localhost in a key table."""
    port = free_port()
    for name, text in (("krb5.conf", KRB5_CONF), ("kdc.conf", KDC_CONF)):
        (tmp_path / name).write_text(text.format(port=port, directory=tmp_path))
    for key, value in {"KRB5_CONFIG": "krb5.conf", "KRB5_KDC_PROFILE": "kdc.conf"}.items():
        monkeypatch.setenv(key, str(tmp_path / value))
    monkeypatch.setenv("KRB5CCNAME", f"FILE:{tmp_path}/cc")
    monkeypatch.setenv("KRB5_KTNAME", f"FILE:{tmp_path}/http.keytab")
    monkeypatch.setenv("KRB5RCACHENAME", f"dfl:{tmp_path}")
    monkeypatch.setenv("PATH", os.environ["PATH"] + ":/usr/sbin:/sbin")

    def run(*words, **more):
        subprocess.run(words, check=True, capture_output=True, **more)

    run("kdb5_util", "create", "-s", "-P", "master", "-r", "LAB.TEST")
    run("kadmin.local", "-q", "addprinc -pw Passw0rd user1")
    run("kadmin.local", "-q", "addprinc -randkey HTTP/localhost")
    run("kadmin.local", "-q", f"ktadd -k {tmp_path}/http.keytab HTTP/localhost")
    with subprocess.Popen(["krb5kdc", "-n"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as kdc:
        try:
            wait_for(port)
            run("kinit", "user1", input=b"Passw0rd\n")
            yield tmp_path
        finally:
            kdc.terminate()


def negotiate(lab, **environment):
    url = lab.url_of("/certsrv/mscep_admin/", host="localhost")
    done = subprocess.run(["curl", "-s", "--max-time", "60", "-o", "/dev/null", "-w", "%{http_code}", "--negotiate",
                           "-u", ":", url], capture_output=True, check=False, env=dict(os.environ, **environment))
    return done.stdout.decode()


def test_ticket_signs_in_and_no_ticket_does_not(realm):
    with Lab() as lab:
        assert negotiate(lab) == "200"
        assert lab.counters.minted == 1
        assert negotiate(lab, KRB5CCNAME=f"FILE:{realm}/none") == "401"
        assert lab.counters.minted == 1
