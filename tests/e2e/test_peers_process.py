# The helpers behind the real peers: what is missing or broken must fail loudly, what was started must end.
# SPDX-License-Identifier: GPL-3.0-or-later

import os
import socket
import time

import pytest

from running import plugin_path
from peers.process import PeerFailed, PeerMissing, accepts, free_port, need, need_file, started, work_directory


def test_missing_program_names_its_package():
    with pytest.raises(PeerMissing, match="no-such-program is missing: install the package 'some-package'"):
        need("no-such-program", "some-package")
    with pytest.raises(PeerMissing, match="install the package 'some-package'"):
        need_file("/no/such/file", "some-package")


def test_missing_plugin_names_the_variable(monkeypatch, tmp_path):
    monkeypatch.setenv("NDES_BUILD", str(tmp_path))
    with pytest.raises(AssertionError, match="set NDES_BUILD"):
        plugin_path("check_ndes_http")


def test_server_that_dies_fails_with_its_log(tmp_path):
    with started(["sh", "-c", "echo no config; exit 3"], tmp_path / "log") as process:
        with pytest.raises(PeerFailed, match="ended at once with 3.*no config"):
            process.wait_ready(lambda: False)


def test_server_that_hangs_fails_at_the_deadline(tmp_path):
    with started(["sleep", "60"], tmp_path / "log") as process:
        with pytest.raises(PeerFailed, match="not ready"):
            process.wait_ready(lambda: False, seconds=0.2)


def test_started_process_and_its_children_end(tmp_path):
    with started(["sh", "-c", "sleep 60 & echo $! >child; wait"], tmp_path / "log", cwd=tmp_path) as process:
        process.wait_ready(lambda: (tmp_path / "child").exists() and (tmp_path / "child").read_text())
        child = int((tmp_path / "child").read_text())
    deadline = time.monotonic() + 5
    while is_running(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_running(process.pid) and not is_running(child)


def is_running(pid):
    """A zombie that nobody has reaped yet counts as ended."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_free_port_is_free():
    port = free_port()
    assert not accepts(port)
    with socket.create_server(("127.0.0.1", port)):
        assert accepts(port)


def test_work_directory_leaves_nothing():
    with work_directory("test") as directory:
        (directory / "file").write_text("x")
    assert not os.path.exists(directory)
