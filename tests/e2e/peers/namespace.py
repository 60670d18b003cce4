# A private loopback for servers that insist on binding every address.
# SPDX-License-Identifier: GPL-3.0-or-later
"""root unshares the network only; everybody else needs a user namespace around it."""

import subprocess

from .process import PeerFailed, is_root, need


class NamespaceRefused(Exception):
    """This machine lets an ordinary user have no namespaces of his own."""


def _unshare():
    words = [need("unshare", "util-linux"), "--net"]
    return words if is_root() else [*words, "--user", "--map-root-user"]


def private_loopback(command):
    """The command, wrapped: it becomes a process in a network of its own, with the loopback up."""
    trial = subprocess.run([*_unshare(), "true"], capture_output=True, text=True, check=False)
    if trial.returncode != 0:
        kind = PeerFailed if is_root() else NamespaceRefused
        raise kind(f"unshare: {trial.stderr.strip()}")
    up = f'{need("ip", "iproute2")} link set lo up && exec "$@"'
    return [*_unshare(), "sh", "-c", up, "sh", *command]


def enter(pid):
    """The words in front of a command that run it in the network of process pid."""
    words = [need("nsenter", "util-linux"), "--target", str(pid), "--net"]
    return words if is_root() else [*words, "--user", "--preserve-credentials"]
