# Starts, awaits and stops the processes of the real peers.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every peer runs in a directory of its own and ends with its context manager."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

START_SECONDS = 30
STOP_SECONDS = 10


class PeerMissing(AssertionError):
    """A program of a peer is not installed: a failure, never a skipped test."""


class PeerFailed(AssertionError):
    """A peer is installed, but did not start or did not do its part."""


def need(program, package):
    """The path of a program; where it is missing, says which Debian package has it."""
    path = shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if path is None:
        raise PeerMissing(f"{program} is missing: install the package '{package}'")
    return path


def need_file(path, package):
    """The same for a file that is no program in PATH."""
    if not Path(path).exists():
        raise PeerMissing(f"{path} is missing: install the package '{package}'")
    return str(path)


def free_port():
    """A TCP port of 127.0.0.1 that nobody used a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_root():
    return os.geteuid() == 0


@contextlib.contextmanager
def work_directory(name, owner=None):
    """A temporary directory, which other users may enter; owner gets it where we may give it away."""
    path = Path(tempfile.mkdtemp(prefix=f"ndes-{name}-"))
    try:
        path.chmod(0o755)
        if owner and is_root():
            give(path, owner)
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def give(path, owner):
    """Hands a directory and all in it to a user of this machine."""
    try:
        user = pwd.getpwnam(owner)
    except KeyError:
        raise PeerMissing(f"this machine has no user '{owner}'") from None
    for entry in [path, *path.rglob("*")]:
        os.chown(entry, user.pw_uid, user.pw_gid, follow_symlinks=False)


def as_user(owner):
    """The words in front of a command that drop root; none where we aren't root."""
    if not is_root():
        return []
    return [need("setpriv", "util-linux"), f"--reuid={owner}", f"--regid={owner}", "--clear-groups"]


def run(command, env=None, cwd=None, text_in=None, timeout=START_SECONDS):
    """Runs a helper program to its end and returns what it printed; fails if it fails."""
    done = subprocess.run([str(word) for word in command], env=env, cwd=cwd, input=text_in, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout, check=False)
    if done.returncode != 0:
        raise PeerFailed(f"{command[0]} ended with {done.returncode}: {done.stdout[-2000:]}")
    return done.stdout


class Process:
    """A running server with its log."""

    def __init__(self, command, log, env=None, cwd=None):
        self.name = Path(str(command[0])).name
        self.log = Path(log)
        with open(self.log, "ab") as sink:
            self.child = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=sink,
                                          stderr=sink, env=env, cwd=cwd, start_new_session=True)

    @property
    def pid(self):
        return self.child.pid

    def log_text(self):
        return self.log.read_text(errors="replace")

    def fail(self, what):
        raise PeerFailed(f"{self.name} {what}; its log ends: {self.log_text()[-2000:]}")

    def wait_ready(self, probe, seconds=START_SECONDS):
        """Polls until probe() is true; fails when the server ends or the time is over."""
        deadline = time.monotonic() + seconds
        while not probe():
            if self.child.poll() is not None:
                self.fail(f"ended at once with {self.child.returncode}")
            if time.monotonic() > deadline:
                self.fail(f"was not ready after {seconds} seconds")
            time.sleep(0.03)

    def stop(self):
        """Asks the process to end; what it leaves behind in its own session is ended, too."""
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.child.wait(STOP_SECONDS)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait(STOP_SECONDS)


@contextlib.contextmanager
def started(command, log, env=None, cwd=None):
    """A Process that is stopped at the end of the block."""
    process = Process(command, log, env, cwd)
    try:
        yield process
    finally:
        process.stop()


def accepts(port, host="127.0.0.1"):
    """True once somebody accepts connections on the port."""
    with contextlib.suppress(OSError), socket.create_connection((host, port), 1):
        return True
    return False
