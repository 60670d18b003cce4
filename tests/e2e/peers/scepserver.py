# The Go SCEP server of Debian's package scep: a plain CA without RA certificates.
# SPDX-License-Identifier: GPL-3.0-or-later
"""It binds all addresses, so it lives in a network of its own; plugins are run in there, too."""

import contextlib
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .namespace import enter, private_loopback
from .process import need, run, started, work_directory

PORT = 18080
KEY_PASSWORD = "depot"
CHALLENGE = "secret"


@dataclass
class ScepServer:
    url: str
    inside: list
    directory: Path
    ca_file: Path

    def curl(self, *options):
        """Body of a request from inside the namespace."""
        command = [*self.inside, need("curl", "curl"), "--silent", "--noproxy", "*", "--max-time", "5", *options]
        return subprocess.run(command, capture_output=True, check=False).stdout


@contextlib.contextmanager
def scep_server():
    server = need("scepserver", "scep")
    with work_directory("scep") as directory:
        run([server, "ca", "-init", "-keySize", "2048", "-key-password", KEY_PASSWORD, "-organization", "Peer",
             "-depot", "depot"], cwd=directory)
        command = private_loopback([server, "-depot", "depot", "-port", str(PORT), "-capass", KEY_PASSWORD,
                                    "-challenge", CHALLENGE, "-allowrenew", "0"])
        with started(command, directory / "log", cwd=directory) as process:
            peer = ScepServer(f"http://127.0.0.1:{PORT}/scep", enter(process.pid), directory,
                              directory / "depot" / "ca.pem")
            process.wait_ready(lambda: b"POSTPKIOperation" in peer.curl(f"{peer.url}?operation=GetCACaps"))
            yield peer
