# The options that only check_ndes_connector has: what is refused, and that the message says why.
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from lab.winrm.server import WinrmLab
from running import OK, UNKNOWN, run_plugin

PLUGIN = "check_ndes_connector"
SOMEWHERE = ("-H", "127.0.0.1", "-p", "1")
EVERY_PART = ("services", "version", "heartbeat", "certificate", "events")


@pytest.mark.parametrize("words, reason", [
    (("--cert-warning", "30"), "option --cert-warning '30'"),
    (("--min-version", "six"), "option --min-version wants a version such as 6.2406.0.1001, not 'six'"),
    (("--skip", "nothing"), "option --skip needs services, version, heartbeat, certificate or events, not 'nothing'"),
    (("--heartbeat-warning", "x"), "option --heartbeat-warning 'x'"),
    (("--event-window", "10s"), "option --event-window needs a time"),
    (("--releases", "/nonexistent"), "option --releases: cannot read /nonexistent"),
    (tuple(word for part in EVERY_PART for word in ("--skip", part)), "--skip leaves nothing to look at"),
], ids=lambda value: value[0] if isinstance(value, tuple) else "")
def test_refused(words, reason):
    run = run_plugin(PLUGIN, *SOMEWHERE, *words)
    assert run.code == UNKNOWN
    assert reason in run.first_line, run


@pytest.mark.parametrize("content, line", [("6.1 yesterday\n", 1), ("# fine\n6.1 2025-01-01\n6 2025-01-01\n", 3)])
def test_table_of_releases_that_is_none(content, line, tmp_path):
    path = tmp_path / "releases"
    path.write_text(content, encoding="ascii")
    run = run_plugin(PLUGIN, *SOMEWHERE, "--releases", path)
    assert run.code == UNKNOWN
    assert f"{path}, line {line} is no version and date" in run.first_line, run


def test_version_key_that_is_shown_spares_requests():
    """-v says what to give; given, the search is gone and the verdict is the same."""
    with WinrmLab() as lab:
        first = run_plugin(PLUGIN, *lab.arguments(), "-v")
        searched = len(lab.counters.as_dict()["actions"])
    key = first.out.partition("--version-key='")[2].partition("'")[0]
    with WinrmLab() as lab:
        second = run_plugin(PLUGIN, *lab.arguments(), "--version-key", key)
        spared = searched - len(lab.counters.as_dict()["actions"])
    assert first.code == second.code == OK, second
    assert spared == 3
    assert first.first_line.partition(" | ")[0] == second.first_line.partition(" | ")[0]
