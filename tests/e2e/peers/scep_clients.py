# certmonger and strongSwan as SCEP clients: what they make of an NDES server's answers.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both were written by others, so a lab that pleases them isn't only believed by our own client."""

import re
import subprocess
from dataclasses import dataclass

from .process import need, need_file, run

_SUBMIT = "/usr/lib/certmonger/scep-submit"
_PEM = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.S)


@dataclass
class Certificates:
    """Descriptions of the certificates, by the role that the client saw."""

    ca: list
    ra: list


def _submit(option, url, ca_file=None):
    """Runs certmonger's helper; it prints its answer and ends with 0."""
    need_file(_SUBMIT, "certmonger")
    trust = ["-R", ca_file] if ca_file else []
    return run([_SUBMIT, "-u", url, *trust, option])


def certmonger_caps(url, ca_file=None):
    return _submit("-c", url, ca_file).split()


def certmonger_certificates(url, ca_file=None):
    """certmonger prints the RA certificate first, then the CA certificate, then the rest."""
    return [describe(pem) for pem in _PEM.findall(_submit("-C", url, ca_file))]


def strongswan_certificates(url, directory):
    """pki --scepca stores each certificate in a file named by the role that it found."""
    ca, ra = directory / "ca.pem", directory / "ra.pem"
    output = run([need("pki", "strongswan-pki"), "--scepca", "--url", url, "--caout", ca, "--raout", ra,
                  "--outform", "pem", "--force"])
    found = Certificates([describe(path.read_text()) for path in sorted(directory.glob("ca*.pem"))],
                         [describe(path.read_text()) for path in sorted(directory.glob("ra*.pem"))])
    return found, output


def describe(pem):
    """Usages of a certificate in openssl's words; the subject may be anything."""
    return subprocess.run([need("openssl", "openssl"), "x509", "-noout", "-ext",
                           "keyUsage,extendedKeyUsage,basicConstraints"],
                          input=pem, text=True, capture_output=True, check=True).stdout
