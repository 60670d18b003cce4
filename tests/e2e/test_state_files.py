# What the checks keep between runs: one policy for all, and a file that is not theirs stays as it is.
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import os
import subprocess
from contextlib import contextmanager

import pytest

from lab import Lab
from lab.winrm.healthy import healthy
from lab.winrm.server import WinrmLab
from running import OK, SERVICES, UNKNOWN, run_plugin

NOBODY = 65534
FINDING = {"check_ndes_http": "ndes-admin-state", "check_ndes_apppool": "ndes-pool-state",
           "check_ndes_connector": "ndes-conn-state"}
HTTP = "check_ndes_http"
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
each_check = pytest.mark.parametrize("plugin", FINDING)


@contextmanager
def server(plugin):
    """Words for a healthy server."""
    if plugin == HTTP:
        with Lab(["admin-password"]) as lab:
            yield [word for word in lab.arguments(HTTP) if not word.startswith("--state-dir")], lab
    else:
        with WinrmLab(healthy()) as lab:
            yield lab.arguments(), lab


def state_words(plugin, directory):
    return [f"--state-dir={directory}"] if plugin == HTTP else [f"--state-file={directory / 'some.conf'}"]


def state_file(plugin, directory):
    """The file that a first run made; of the two of check_ndes_http that about its URL."""
    files = [path for path in directory.iterdir() if not path.name.endswith(".lock")
             and b'"target":"server ' not in path.read_bytes()]
    assert len(files) == 1, files
    return files[0]


@contextmanager
def second_run(plugin, directory):
    """run() of a check whose first run was fine, and its file."""
    with server(plugin) as (words, lab):
        def run(*options, **more):
            return run_plugin(plugin, *words, *state_words(plugin, directory), *options, **more)
        assert run().code == OK
        run.lab = lab
        yield run, state_file(plugin, directory)


def assert_unknown(plugin, run, part):
    """As the operator reads it."""
    assert run.code == UNKNOWN, run
    assert run.first_line.startswith(f"{SERVICES[plugin]} UNKNOWN - cannot use state file /"), run
    assert part in run.out and f"[{FINDING[plugin]}]" in run.first_line, run


@each_check
def test_foreign_file_stays(plugin, tmp_path):
    """Byte for byte, with its mode and times; and no lock is left beside it."""
    with second_run(plugin, tmp_path) as (run, file):
        for path in tmp_path.iterdir():
            path.unlink()
        file.write_bytes(b"[webserver]\nport = 80\n\xff\x00")
        before = file.stat()
        assert_unknown(plugin, run(), "it is not a state file of these checks")
        after = file.stat()
    assert file.read_bytes() == b"[webserver]\nport = 80\n\xff\x00"
    assert (before.st_ino, before.st_mode, before.st_mtime_ns) == (after.st_ino, after.st_mode, after.st_mtime_ns)
    assert list(tmp_path.iterdir()) == [file]


@each_check
def test_file_of_another_check_stays(plugin, tmp_path):
    other = b'{"ndes-state":1,"kind":"template","target":"dc1","time":1,"record":{}}'
    with second_run(plugin, tmp_path) as (run, file):
        file.write_bytes(other)
        assert_unknown(plugin, run(), "used for something else (template: dc1), give each a file of its own")
    assert file.read_bytes() == other


@each_check
def test_links_and_pipes(plugin, tmp_path):
    """They are neither followed nor waited for."""
    with second_run(plugin, tmp_path) as (run, file):
        file.unlink()
        os.mkfifo(file)
        assert_unknown(plugin, run(), "it is not a regular file")
        file.unlink()
        target = tmp_path / "target"
        target.write_bytes(b"precious")
        file.symlink_to(target)
        assert_unknown(plugin, run(), "it is a symbolic link")
        assert target.read_bytes() == b"precious" and file.is_symlink()


@each_check
def test_file_that_others_may_write(plugin, tmp_path):
    with second_run(plugin, tmp_path) as (run, file):
        file.chmod(0o666)
        assert_unknown(plugin, run(), "others may write to it (mode 0666)")


@each_check
def test_directory_that_is_missing(plugin, tmp_path):
    with server(plugin) as (words, _):
        run = run_plugin(plugin, *words, *state_words(plugin, tmp_path / "missing"))
    assert_unknown(plugin, run, "cannot open its directory: No such file or directory")


@needs_root
@each_check
def test_file_of_another_user(plugin, tmp_path):
    with second_run(plugin, tmp_path) as (run, file):
        os.chown(file, NOBODY, NOBODY)
        assert_unknown(plugin, run(), f"it belongs to another user (uid {NOBODY}, not 0)")


@needs_root
@each_check
def test_run_of_root_leaves_the_file_to_the_scheduler(plugin, tmp_path):
    os.chown(tmp_path, NOBODY, NOBODY)
    with second_run(plugin, tmp_path) as (run, file):
        assert run().code == OK
        for path in (file, file.with_name(file.name + ".lock")):
            about = path.stat()
            assert (about.st_uid, about.st_gid, about.st_mode & 0o777) == (NOBODY, NOBODY, 0o600), path


FULL = """mount -t tmpfs -o size=64k,mode=755 none "$0" && cp -a "$0.kept/." "$0" && { cat /dev/zero >"$0/filling"; } 2>/dev/null
"$@"; code=$?; cp "$0"/* "$0.after"; exit $code"""


@needs_root
@each_check
def test_full_disk(plugin, tmp_path):
    """On a disk that is really full the old file stays, and nothing is left beside it."""
    disk, kept, after = (tmp_path / name for name in ("disk", "disk.kept", "disk.after"))
    for directory in (disk, kept, after):
        directory.mkdir()
    with second_run(plugin, disk) as (run, file):
        subprocess.run(["cp", "-a", f"{disk}/.", kept], check=True)
        for path in kept.glob("*.json") if plugin == HTTP else ():
            state = json.loads(path.read_text())
            state["time"] -= 3600  # so that a fetch is due
            path.write_text(json.dumps(state, separators=(",", ":")))
        old = (kept / file.name).read_text()
        result = run(inside=("unshare", "--mount", "sh", "-c", FULL, disk))
        assert_unknown(plugin, result, "No space left on device")
        assert plugin != HTTP or run.lab.counters.as_dict()["minted"] == 1
    assert (after / file.name).read_text() == old
    assert {path.name for path in after.iterdir()} == {"filling", *(path.name for path in kept.iterdir())}
