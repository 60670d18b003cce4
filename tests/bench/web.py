# What the checks that speak SCEP cost, beside curl and the programs that admins use today.
# SPDX-License-Identifier: GPL-3.0-or-later
"""nginx with the lab's answers on 127.0.0.1, whose certificate the system's store trusts: see README.md."""
import contextlib
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from meter import PATIENCE, BenchError

TESTS = Path(__file__).resolve().parents[1]
STORE = Path("/etc/ssl/certs")
PEERS = Path("/usr/lib/nagios/plugins")
TOOLS = ("/usr/bin/curl", "/usr/sbin/nginx", "/usr/bin/openssl", "/usr/bin/mount", PEERS / "check_curl",
         PEERS / "check_ssl_cert")
PORT = 18443  # nobody else is in this network namespace
DLL = "/certsrv/mscep/mscep.dll"
ADMIN = "/certsrv/mscep_admin/"
CAPS, CACERT = (f"{DLL}?operation={name}&message=ca" for name in ("GetCACaps", "GetCACert"))
OPERATIONS = ("GetCACaps", "GetCACert")
PLUGINS = ("check_ndes_http", "check_ndes_racert")
TRUE, HTTP, RACERT, CURL, CHECK_CURL, SSL_CERT, LAB = (
    "/bin/true", *PLUGINS, "curl -s, one URL", "check_curl -S, one URL", "check_ssl_cert", "check_ndes_http against tests/lab")
HTTP_FLOOR, RACERT_FLOOR = "floor of check_ndes_http", "floor of check_ndes_racert"
SLOW = (SSL_CERT,)
ONLY_TIMED = (TRUE, SSL_CERT)  # the latter is a script that starts many programs
# program, compared with, at most so many times its instructions
FLOORS = ((HTTP, HTTP_FLOOR, 1.10), (RACERT, RACERT_FLOOR, 1.10))
OTHERS = ((HTTP, CURL, 0.5), (HTTP, CHECK_CURL, 1.3))
# system calls, bytes, connections, peak memory in KiB: what it was, and a tenth
MOST = {HTTP: (530, 9900, 1, 14080), RACERT: (510, 6600, 1, 14400)}


def commands(build):
    """Programs by the name they have in the table. None of them may leave the machine or read a user's settings."""
    http, racert = (str(build / name) for name in PLUGINS)
    floor = [str(build.parent / "tests/bench/floor_http"), str(STORE)]
    host = f"https://localhost:{PORT}"
    return {
        TRUE: ["/bin/true"],
        HTTP: [http, "-u", host + DLL, *PATIENCE],
        HTTP_FLOOR: [*floor, host + DLL, host + CAPS, host + CACERT, host + ADMIN],
        RACERT: [racert, "-u", host + DLL, *PATIENCE],
        RACERT_FLOOR: [*floor, host + CACERT],
        CURL: ["/usr/bin/curl", "-s", host + CAPS],
        CHECK_CURL: [str(PEERS / "check_curl"), "-S", "-H", "localhost", "-p", str(PORT), "-u", CAPS, *PATIENCE],
        SSL_CERT: [str(PEERS / "check_ssl_cert"), "-H", "localhost", "-p", str(PORT), "--ignore-ocsp", "--ignore-sct",
                   "--ignore-maximum-validity", "--no-proxy", "--cn", "localhost"],
    }


def trust_in_system_store(ca_file, directory):
    """Puts the lab's CA beside the machine's own, in bundle and hashed directory, for this namespace only."""
    store = directory / "certs"
    shutil.copytree(STORE, store, symlinks=True)
    bundle = store / "ca-certificates.crt"
    pem = Path(ca_file).read_bytes()
    both = bundle.read_bytes() + pem
    bundle.unlink()  # it may be a link to the machine's own file
    bundle.write_bytes(both)
    (store / "ndes-lab.pem").write_bytes(pem)
    digest = subprocess.run(["/usr/bin/openssl", "x509", "-noout", "-subject_hash", "-in", ca_file], check=True,
                            capture_output=True, text=True).stdout.strip()
    number = next(n for n in range(100) if not os.path.lexists(store / f"{digest}.{n}"))
    (store / f"{digest}.{number}").symlink_to("ndes-lab.pem")
    subprocess.run(["/usr/bin/mount", "--bind", store, STORE], check=True)
    return both.count(b"-BEGIN CERTIFICATE-")


@contextlib.contextmanager
def running(command, **settings):
    process = subprocess.Popen(command, **settings)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def lab():
    """The Python lab on TLS: certificates and answers for nginx. Yields its facts."""
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    with running([sys.executable, "-m", "lab", "--tls"], env=environment, stdin=subprocess.PIPE,
                 stdout=subprocess.PIPE) as process:
        line = process.stdout.readline()
        if not line:
            raise BenchError("the lab does not start: try /usr/bin/python3 -m lab --tls in tests/")
        yield json.loads(line)


def fetch(facts, url):
    """(headers, body), whatever the status."""
    trust = ssl.create_default_context(cafile=facts["ca_file"])
    try:
        with urllib.request.urlopen(url, context=trust, timeout=10) as answer:
            return answer.headers, answer.read()
    except urllib.error.HTTPError as refusal:
        return refusal.headers, refusal.read()


def nginx_settings(facts, directory):
    """nginx gives the lab's answers from files. One cipher and one group, so that each handshake is the same work."""
    places = []
    for name in ("bare", *OPERATIONS):
        query = "" if name == "bare" else f"?operation={name}&message=ca"
        headers, body = fetch(facts, facts["url"] + query)
        (directory / name).write_bytes(body)
        places.append(f'location = /answer/{name} {{ internal; types {{}} default_type "{headers["Content-Type"]}"; '
                      f"alias {directory}/{name}; }}")
    offers = fetch(facts, facts["admin_url"])[0].get_all("WWW-Authenticate")
    offered = " ".join(f'add_header WWW-Authenticate "{offer}" always;' for offer in offers)
    kept = " ".join(f"{name}_temp_path {directory};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    by_operation = " ".join(f"{name} {name};" for name in OPERATIONS)
    pair = Path(facts["ca_file"]).with_name("server.pem")
    return f"""
daemon off; master_process off; user root; pid {directory}/nginx.pid;
events {{ worker_connections 64; }}
http {{
  {kept} access_log off;
  map $arg_operation $answer {{ default bare; {by_operation} }}
  server {{
    listen 127.0.0.1:{PORT} ssl; server_name localhost; ssl_protocols TLSv1.3; ssl_ecdh_curve X25519;
    ssl_conf_command Ciphersuites TLS_AES_256_GCM_SHA384; ssl_session_tickets off;
    ssl_certificate {pair}; ssl_certificate_key {pair};
    location = {DLL} {{ rewrite ^ /answer/$answer last; }}
    location = {ADMIN} {{ {offered} return 401; }}
    {' '.join(places)}
  }}
}}
"""


@contextlib.contextmanager
def nginx(facts, directory):
    settings, errors = directory / "nginx.conf", directory / "errors"
    settings.write_text(nginx_settings(facts, directory))
    with running(["/usr/sbin/nginx", "-c", settings, "-e", errors]) as process:
        deadline = time.monotonic() + 10
        while True:
            with socket.socket() as probe:
                if not probe.connect_ex(("127.0.0.1", PORT)):
                    break
            if process.poll() is not None or time.monotonic() > deadline:
                raise BenchError(f"nginx does not start: {errors.read_text().strip()}")
            time.sleep(0.02)
        yield
