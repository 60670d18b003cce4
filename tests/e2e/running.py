# Runs a plugin as a scheduler would, and measures it: findings, time, peak memory; with valgrind if asked.
# SPDX-License-Identifier: GPL-3.0-or-later
"""NDES_BUILD names the directory of the plugins (build/plugins of the clone by default). With NDES_VALGRIND=1
every run goes through valgrind: a leak or a bad access is exit code 99, and times and memory mean nothing. With
NDES_SANITIZED=1 the plugins were built with sanitizers: what these find is on stderr, and memory means nothing."""
import json
import os
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

OK, WARNING, CRITICAL, UNKNOWN = range(4)
NAMES = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
TOP = Path(__file__).resolve().parents[2]
# {check_ndes_http: scep, ...}: all checks, each with what it asks by.
CHECKS = dict(line.split() for line in (TOP / "plugins" / "checks").read_text(encoding="utf-8").splitlines()
              if not line.startswith("#"))
EVERY = tuple(CHECKS)
PLUGINS, WINRM_PLUGINS, DIRECTORY_PLUGINS = (tuple(name for name in CHECKS if CHECKS[name] == kind)
                                             for kind in ("scep", "winrm", "ldap"))
SERVICES = {name: name.removeprefix("check_").replace("_", " ").upper() for name in CHECKS}
VALGRIND = os.environ.get("NDES_VALGRIND") == "1"
SANITIZED = os.environ.get("NDES_SANITIZED") == "1"
MEMORY_MAXIMUM_KIB = {**dict.fromkeys(PLUGINS + DIRECTORY_PLUGINS, 16 * 1024), **dict.fromkeys(WINRM_PLUGINS, 20 * 1024)}
SLACK = 20  # seconds that a busy machine may add to --timeout: who does not keep to it at all hangs for longer
FIRST_LINE_MAXIMUM, OUTPUT_MAXIMUM = 900, 8192
_MEMCHECK = ("valgrind", "--quiet", "--error-exitcode=99", "--leak-check=full", "--num-callers=40",
             "--errors-for-leak-kinds=definite", "--show-leak-kinds=definite", "--read-inline-info=no",
             "--suppressions=" + str(Path(__file__).parent / "valgrind.supp"))
# Without symbols, as the libraries' leaks would have them looked up in every run, which takes longer than the run.
_SANITIZERS = {"LSAN_OPTIONS": f"suppressions={Path(__file__).parent / 'lsan.supp'}:print_suppressions=0",
               "ASAN_OPTIONS": "symbolize=0"}
_STATE = tempfile.TemporaryDirectory(prefix="ndes-state-")
# Not wait4's maximum: that includes the memory of this Python before exec.
_MEASURE = ("/usr/bin/time", "--quiet", "--format=%M", "--output=PEAK")


@dataclass
class Run:
    """What a run left behind."""
    code: int
    out: str
    err: str
    seconds: float
    peak_kib: int

    @property
    def first_line(self):
        return self.out.split("\n", 1)[0]

    def json(self):
        return json.loads(self.out)

    def findings(self):
        """(ID, STATE) pairs of a run with --output=json."""
        return [(finding["id"], finding["state"]) for finding in self.json()["findings"]]

    def ids(self):
        return [name for name, _ in self.findings()]

    def __str__(self):
        return f"exit {self.code} after {self.seconds:.2f} s, {self.peak_kib} KiB\n{self.out}{self.err}"


def build_directory():
    return Path(os.environ.get("NDES_BUILD", TOP / "build" / "plugins")).resolve()


def plugin_path(name):
    path = build_directory() / name
    assert os.access(path, os.X_OK), f"{path} is missing: build the suite, or set NDES_BUILD to the directory of the plugins"
    return path


def _slower(options):
    """Under valgrind a deadline of a few seconds is over before the first request, and that of 10 s, which is usual, may be."""
    words = [*options, *(() if "-t" in options else ("-t", "10"))]
    for at, word in enumerate(words[:-1]):
        if word == "-t" and words[at + 1].isdigit():
            words[at + 1] = str(5 * int(words[at + 1]))
    return words


def environment(more):
    """For every run of a plugin. State files of runs without --state-dir are nobody else's."""
    return {**_SANITIZERS, **os.environ, "LC_ALL": "C", "XDG_STATE_HOME": _STATE.name, **more}


def run_plugin(name, *options, env=None, limit=60, inside=()):
    """Runs a plugin to its end, at most `limit` seconds; `inside` are words to put in front of the command."""
    words = _slower(map(str, options)) if VALGRIND else list(map(str, options))
    watcher = _MEMCHECK if VALGRIND else () if SANITIZED else _MEASURE
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, tempfile.NamedTemporaryFile() as peak:
        command = [*inside, *(word.replace("PEAK", peak.name) for word in watcher), str(plugin_path(name)), *words]
        started = time.monotonic()
        process = subprocess.Popen(command, env=environment(env or {}), stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                   start_new_session=True)
        while True:
            pid, status, _ = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() - started > limit * (5 if VALGRIND else 1):
                os.killpg(process.pid, signal.SIGKILL)  # the plugin, too, not only what watches it
                os.wait4(process.pid, 0)
                raise AssertionError(f"{command} did not end within {limit} s")
            time.sleep(0.002)
        seconds = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        run = Run(process.returncode, out.read().decode(errors="replace"), err.read().decode(errors="replace"),
                  seconds, int(peak.read() or 0))
    check_manners(name, run)
    return run


def deadline_of(words):
    """The --timeout of a command line in seconds."""
    words = list(map(str, words))
    return int(words[words.index("-t") + 1]) if "-t" in words else 10


def described(plugin):
    """What --describe says: options, findings, metrics."""
    return run_plugin(plugin, "--describe").json()


def check_manners(name, run):
    """What holds for every run, whatever it found."""
    assert run.code in (OK, WARNING, CRITICAL, UNKNOWN), f"exit code or valgrind: {run}"
    assert run.err == "", f"nothing may be written to stderr: {run}"
    assert run.out.isascii(), f"output must be ASCII: {run}"
    assert VALGRIND or SANITIZED or run.peak_kib <= MEMORY_MAXIMUM_KIB[name], f"too much memory: {run}"


def check_text(plugin, code, run):
    """The verdict as text: a first line with one bar at most; all of it within its budget."""
    assert run.code == code, run
    assert run.first_line.startswith(f"{SERVICES[plugin]} {NAMES[run.code]} - "), run
    assert len(run.first_line) <= FIRST_LINE_MAXIMUM and len(run.out) <= OUTPUT_MAXIMUM, run
    assert run.out.count("|") == (1 if "=" in run.first_line.partition("|")[2] else 0), run
