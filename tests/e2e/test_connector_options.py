# The options that only check_ndes_connector has: what is refused, and that the message says why.
# SPDX-License-Identifier: GPL-3.0-or-later
import json

import pytest

from lab.winrm.healthy import healthy
from lab.winrm.scenarios_connector import CORE, REVOKE, hidden_services, no_last, no_thumbprint, stopped
from lab.winrm.server import WinrmLab
from lab.wire import Closed
from running import OK, UNKNOWN, run_plugin

PLUGIN = "check_ndes_connector"
SOMEWHERE = ("-H", "127.0.0.1", "-p", "1")
EVERY_PART = ("services", "version", "heartbeat", "certificate", "events")


@pytest.mark.parametrize("words, reason", [
    (("--cert-warning", "30"), "option --cert-warning '30'"),
    (("--min-version", "six"), "option --min-version needs a version such as 6.2406.0.1001, not 'six'"),
    (("--skip", "nothing"), "option --skip needs services, version, heartbeat, certificate or events, not 'nothing'"),
    (("--heartbeat-warning", "x"), "option --heartbeat-warning 'x'"),
    (("--event-window", "10s"), "option --event-window needs a time"),
    (("--releases", "/nonexistent"), "option --releases: cannot read /nonexistent"),
    (("--min-version", "6.1", "--skip", "version"), "--min-version has no effect with --skip=version"),
    (("--releases", "/dev/null", "--skip", "version"), "--releases has no effect with --skip=version"),
    (("--version-key", "x", "--skip", "version"), "--version-key has no effect with --skip=version"),
    (("--service", "x", "--skip", "services"), "--service has no effect with --skip=services"),
    (("--start-grace", "0", "--skip", "services"), "--start-grace has no effect with --skip=services"),
    (("--state-file", "x", "--skip", "services"), "--state-file has no effect with --skip=services"),
    (("--pending-time", "0", "--skip", "services"), "--pending-time has no effect with --skip=services"),
    (("--pending-time", "5m"), "--pending-time has no effect without --state-file"),
    (("--heartbeat-warning", "1", "--skip", "heartbeat"), "--heartbeat-warning has no effect with --skip=heartbeat"),
    (("--heartbeat-critical", "1", "--skip", "heartbeat"), "--heartbeat-critical has no effect with --skip=heartbeat"),
    (("--cert-warning", "1d", "--skip", "certificate"), "--cert-warning has no effect with --skip=certificate"),
    (("--cert-critical", "1d", "--skip", "certificate"), "--cert-critical has no effect with --skip=certificate"),
    (("--failures-warning", "1", "--skip", "events"), "--failures-warning has no effect with --skip=events"),
    (("--failures-critical", "1", "--skip", "events"), "--failures-critical has no effect with --skip=events"),
    (("--event-window", "1h", "--skip", "events"), "--event-window has no effect with --skip=events"),
    (("--cert-warning", "3d"),
     "option --cert-warning '3d' has no effect: --cert-critical '7:' (the default) is reached first"),
    (("--cert-critical", "130%"), "option --cert-critical '130%' is more than 100%, the whole lifetime"),
    (("--heartbeat-warning", "30"),
     "option --heartbeat-warning '30' has no effect: --heartbeat-critical '24' (the default) is reached first"),
    (tuple(word for part in EVERY_PART for word in ("--skip", part)), "--skip leaves nothing to check"),
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
    assert f"{path}, line {line} is not `version YYYY-MM-DD`" in run.first_line, run


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


@pytest.fixture
def pending(tmp_path):
    """A server whose core service is starting; run(*options) with a state file."""
    with WinrmLab(healthy()) as lab:
        lab.host.set_service(CORE, "Start Pending")

        def run(*options):
            return run_plugin(PLUGIN, *lab.arguments(), "--state-file", tmp_path / "state", "--output=json", *options)
        run.host, run.file = lab.host, tmp_path / "state"
        yield run


def age(path, seconds):
    """As if the last run had been so long ago."""
    state = json.loads(path.read_text())
    state["time"] -= seconds
    state["record"]["starting"] = {name: since - seconds for name, since in state["record"]["starting"].items()}
    path.write_text(json.dumps(state, separators=(",", ":")))


def test_pending_time(pending):
    assert pending().ids() == [], "an update restarts it"
    age(pending.file, 200)
    assert pending().ids() == []
    age(pending.file, 200)
    assert pending().findings() == [("ndes-conn-pending", "WARNING")]
    assert pending("--pending-time=1h").ids() == []
    pending.host.set_service(CORE, "Running")
    assert pending().ids() == []
    pending.host.set_service(CORE, "Start Pending")
    assert pending().ids() == [], "it begins anew"


def test_clock_set_back(pending):
    """Said once, and nobody knows for how long; then it goes on."""
    assert pending().ids() == []
    age(pending.file, -86400)
    assert pending().findings() == [("ndes-conn-pending", "WARNING"), ("ndes-conn-state", "UNKNOWN")]
    assert pending().ids() == []


def test_unusable_state_file(pending):
    """What was seen is told all the same."""
    pending.file.write_text("{}")
    first = pending()
    assert first.findings() == [("ndes-conn-pending", "WARNING"), ("ndes-conn-state", "UNKNOWN")]
    assert "for how long is not known (the state file cannot be used)" in first.out
    assert pending.file.read_text() == "{}"
    pending.host.set_service(CORE, "Running")
    missing = pending("--state-file=/nonexistent/file")
    assert missing.findings() == [("ndes-conn-state", "UNKNOWN")]
    assert "cannot use state file /nonexistent/file" in missing.out


class BreakingLab(WinrmLab):
    """Closes the connection instead of answering the n-th request."""

    def __init__(self, host, number):
        super().__init__(host)
        self.number = number

    def respond(self, soap, connection):
        if len(self.service.actions) + 1 == self.number:
            raise Closed
        return super().respond(soap, connection)


def much_to_ask():
    """A host where each part looks into something."""
    host = healthy()
    for change in (stopped(REVOKE), no_last, no_thumbprint):
        change(host)
    hidden_services(CORE)(host)
    return host


def test_break_at_each_request():
    """Whichever request breaks: that is what is told, besides what was seen before, and nobody tries again."""
    with WinrmLab(much_to_ask()) as lab:
        whole = run_plugin(PLUGIN, *lab.arguments(), "--output=json")
        total = len(lab.counters.as_dict()["actions"])
    known = set(whole.findings())
    for number in range(1, total):  # the last one, Unsubscribe, is a mere courtesy
        with BreakingLab(much_to_ask(), number) as lab:
            run = run_plugin(PLUGIN, *lab.arguments(), "--output=json")
            asked = len(lab.counters.as_dict()["actions"])
        assert ("ndes-winrm-broken", "UNKNOWN") in run.findings(), (number, run)
        assert set(run.findings()) - {("ndes-winrm-broken", "UNKNOWN")} <= known, (number, run)
        assert asked == number - 1, (number, run)
