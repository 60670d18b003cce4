# An Icinga 2 daemon that runs our plugins by a CheckCommand, asked through its API.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Without systemd, as the user that Debian's package runs it as; the plugins are copied to where it may read them."""

import base64
import contextlib
import getpass
import grp
import http.client
import json
import os
import pwd
import secrets
import shutil
import ssl
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from running import plugin_path
from .process import as_user, free_port, give, is_root, need, run, started, work_directory

RESULT_SECONDS = 30

_HEAD = """\
const PluginDir = "/usr/lib/nagios/plugins"
const ManubulonPluginDir = PluginDir
const PluginContribDir = PluginDir
include <itl>
include <plugins>
const NodeName = "localhost"
object Endpoint NodeName {{}}
object Zone "lab" {{ endpoints = [ NodeName ] }}
object CheckerComponent "checker" {{}}
object ApiListener "api" {{ bind_host = "127.0.0.1"; bind_port = {port} }}
object ApiUser "root" {{ password = "{password}"; permissions = [ "*" ] }}
object Host "ndes" {{ check_command = "dummy" }}
"""

_SERVICE = """\
object CheckCommand "{name}" {{ command = {command}; arguments = {arguments} }}
object Service "{name}" {{
  host_name = "ndes"
  check_command = "{name}"
  check_interval = 1s
  retry_interval = 1s
  max_check_attempts = 1
}}
"""


@dataclass
class Service:
    """A plugin and its arguments: True stands for a bare flag, a Path for a file that is copied for the daemon."""

    name: str
    plugin: str
    arguments: dict = field(default_factory=dict)

    def text(self, plugins):
        command = [str(plugins / self.plugin)]
        pairs = ", ".join(f"{json.dumps(key)} = {{ {self.value(value, plugins)} }}"
                          for key, value in self.arguments.items())
        return _SERVICE.format(name=self.name, command=json.dumps(command), arguments=f"{{ {pairs} }}")

    def value(self, value, plugins):
        if value is True:
            return "set_if = true"
        if isinstance(value, Path):
            value = shutil.copy(value, plugins / f"{self.name}-{value.name}")
        return f"value = {json.dumps(str(value))}"


@dataclass
class Icinga:
    port: int
    password: str

    def _ask(self, path, method="GET"):
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        login = base64.b64encode(f"root:{self.password}".encode()).decode()
        request = urllib.request.Request(f"https://127.0.0.1:{self.port}/v1{path}", method=method,
                                         headers={"Authorization": f"Basic {login}", "Accept": "application/json"})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}),
                                             urllib.request.HTTPSHandler(context=context))
        with opener.open(request, timeout=5) as answer:
            return json.load(answer)

    def ready(self):
        with contextlib.suppress(OSError, http.client.HTTPException):
            return bool(self._ask("/status"))
        return False

    def result(self, service):
        """The last check result of a service; waits for the first one."""
        deadline = time.monotonic() + RESULT_SECONDS
        while time.monotonic() < deadline:
            found = self._ask(f"/objects/services/ndes!{service}?attrs=last_check_result")
            result = found["results"][0]["attrs"]["last_check_result"]
            if result:
                return result
            time.sleep(0.1)
        raise AssertionError(f"Icinga has no result of {service} after {RESULT_SECONDS} seconds")

    def parse_perfdata(self, item):
        """What Icinga's own parser makes of one item: value, unit, warn, crit, min, max."""
        query = urllib.parse.urlencode({"command": f"parse_performance_data({json.dumps(item)})"})
        return self._ask(f"/console/execute-script?{query}", "POST")["results"][0].get("result")


def _owner():
    return "nagios" if is_root() else getpass.getuser()


def _group():
    """The group that the daemon will run in: ours, or that of the user that we switch to."""
    number = pwd.getpwnam(_owner()).pw_gid if is_root() else os.getgid()
    return grp.getgrgid(number).gr_name


def _make_certificate(directory):
    """The API listener wants a certificate of its node and the CA that signed it."""
    certs = directory / "lib" / "certs"
    certs.mkdir(parents=True)
    run([need("openssl", "openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-keyout", certs / "localhost.key", "-out", certs / "localhost.crt"])
    shutil.copy(certs / "localhost.crt", certs / "ca.crt")


def _make_configuration(directory, port, password, services):
    plugins = directory / "plugins"
    plugins.mkdir()
    for name in {service.plugin for service in services}:
        shutil.copy(plugin_path(name), plugins)
    for name in ("log", "cache", "spool", "run", "cfg"):
        (directory / name).mkdir()
    path = directory / "cfg" / "icinga2.conf"
    path.write_text(_HEAD.format(port=port, password=password) + "".join(service.text(plugins) for service in services))
    return path


@contextlib.contextmanager
def icinga(services):
    """Runs the services every second."""
    program = need("icinga2", "icinga2-bin")
    port, password = free_port(), secrets.token_hex(8)
    with work_directory("icinga") as directory:
        _make_certificate(directory)
        config = _make_configuration(directory, port, password, services)
        owner = _owner()
        if is_root():
            give(directory, owner)
        env = {**os.environ, "ICINGA2_USER": owner, "ICINGA2_GROUP": _group(), "HOME": str(directory)}
        places = [f"-D{name}={directory}/{part}" for name, part in
                  (("DataDir", "lib"), ("LogDir", "log"), ("CacheDir", "cache"), ("SpoolDir", "spool"),
                   ("InitRunDir", "run"), ("ConfigDir", "cfg"))]
        drop = as_user(owner)
        run([*drop, program, "daemon", "-C", "-c", config, *places], env=env, cwd=directory)
        peer = Icinga(port, password)
        command = [*drop, program, "daemon", "-c", config, *places]
        with started(command, directory / "icinga.out", env=env, cwd=directory) as daemon:
            daemon.wait_ready(peer.ready)
            yield peer
