# check_ndes_apppool over several runs: its state file, its requests, and what it must not ask for.
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import os
import threading

import pytest

from lab.winrm.healthy import POOL_PASSWORD, healthy
from lab.winrm.host import IIS6
from lab.winrm.server import WinrmLab
from running import run_plugin

PLUGIN = "check_ndes_apppool"
STARTING, RUNNING = (1, 0, 1), (3, 1, 2)


@pytest.fixture
def lab():
    with WinrmLab(healthy()) as server:
        yield server


@pytest.fixture
def run(lab, tmp_path):
    """A run with a state file."""
    def one(*options):
        return run_plugin(PLUGIN, *lab.arguments(), "--state-file", tmp_path / "scep.json", "--output=json", *options)
    return one


def metrics(result):
    return {metric["label"]: metric["value"] for metric in result.json()["metrics"]}


def age(path, seconds):
    """As if the last run had been so long ago."""
    state = json.loads(path.read_text())
    record = state["record"]
    state["time"] -= seconds
    record["total"][0] -= seconds
    record["pending_since"] -= seconds * (record["pending_since"] > 0)
    for sample in record["samples"]:
        sample[0] -= seconds
    path.write_text(json.dumps(state, separators=(",", ":")))


def test_recycles(lab, run, tmp_path):
    first = run()
    assert first.ids() == [] and "recycles_per_hour" not in metrics(first)
    age(tmp_path / "scep.json", 300)
    lab.host.pool_counters("SCEP")["TotalApplicationPoolRecycles"] += 1
    second = run()
    assert second.ids() == [] and metrics(second)["recycles_per_hour"] == 1, "one recycle is no storm"
    lab.host.pool_counters("SCEP")["TotalApplicationPoolRecycles"] += 4
    assert run().findings() == [("ndes-pool-crashing", "WARNING")]
    lab.host.pool_counters("SCEP")["TotalApplicationPoolRecycles"] += 8
    assert run().findings() == [("ndes-pool-crashing", "CRITICAL")]
    lab.host.pool_counters("SCEP")["TotalApplicationPoolRecycles"] = 0
    age(tmp_path / "scep.json", 86400)
    third = run()
    assert third.ids() == [] and "recycles_per_hour" not in metrics(third), "a day later: nothing to compare with"


def test_failures(lab, run, tmp_path):
    """Failures that IIS calls recent no longer, when the next run comes."""
    assert run().ids() == []
    age(tmp_path / "scep.json", 600)
    lab.host.pool_counters("SCEP").update(TotalWorkerProcessFailures=1, TotalWorkerProcessPingFailures=1)
    result = run()
    assert result.findings() == [("ndes-pool-crashing", "WARNING")]
    assert metrics(result)["new_failures"] == 2 and metrics(result)["recent_failures"] == 0
    age(tmp_path / "scep.json", 600)
    assert run().ids() == ["ndes-pool-crashing"], "still within the hour"
    age(tmp_path / "scep.json", 3600)
    assert run().ids() == []
    lab.host.pool_counters("SCEP").update(TotalWorkerProcessFailures=40)
    age(tmp_path / "scep.json", 60 * 3600)
    assert run().ids() == [], "some time since the day before yesterday is not the last hour"


def test_pending(lab, run, tmp_path):
    lab.host.set_pool_state("SCEP", *STARTING)
    assert run().ids() == []
    age(tmp_path / "scep.json", 200)
    assert run().ids() == []
    age(tmp_path / "scep.json", 200)
    assert run().findings() == [("ndes-pool-pending", "WARNING")]
    assert run("--pending-time=1h").ids() == []
    lab.host.set_pool_state("SCEP", *RUNNING)
    assert run().ids() == []
    lab.host.set_pool_state("SCEP", *STARTING)
    assert run().ids() == [], "it begins anew"
    age(tmp_path / "scep.json", 86400)
    assert run().ids() == [], "what it did in between is not known"


def test_clock_set_back(lab, run, tmp_path):
    """Said once; the file is begun anew."""
    run()
    age(tmp_path / "scep.json", -86400 - 1800)
    result = run()
    assert result.findings() == [("ndes-pool-state", "UNKNOWN")] and "dated 24 hours in the future" in result.out
    assert run().ids() == []


def test_shared_file(lab, run, tmp_path):
    other = "--pool=DefaultAppPool", "--application=/"
    assert run().ids() == []
    result = run(*other)
    assert result.findings() == [("ndes-pool-state", "UNKNOWN")] and "(pool: pool SCEP at localhost)" in result.out
    assert run().ids() == [], "the first one keeps its history"


def test_file_outlives_the_way(run, lab, tmp_path):
    """HTTP or HTTPS, this port or that: it is the same pool."""
    assert run().ids() == []
    age(tmp_path / "scep.json", 60)
    with WinrmLab(healthy(), tls=True) as secure:
        result = run_plugin(PLUGIN, *secure.arguments(), "--state-file", tmp_path / "scep.json", "--output=json")
    assert result.ids() == [] and "recycles_per_hour" in metrics(result)


def test_broken_off(run, lab):
    """A stopped pool that was seen is told although the server then falls silent."""
    lab.host.stop_pool("SCEP")
    handle, ended = lab.service.handle, threading.Event()

    def stall(*words, **more):
        if b"root/webadministration" in b"".join(word for word in words if isinstance(word, bytes)):
            ended.wait(60)
        return handle(*words, **more)
    lab.service.handle = stall
    result = run("-t", "5")
    ended.set()
    assert sorted(result.ids()) == ["ndes-pool-stopped", "ndes-winrm-timeout"]


def test_unusable_file(lab, run, tmp_path):
    file = tmp_path / "scep.json"
    file.write_text("[webserver]")
    assert run().findings() == [("ndes-pool-state", "UNKNOWN")]
    assert file.read_text() == "[webserver]", "a slip of the operator's pen costs no file"
    file.unlink()
    file.mkdir()
    assert run().findings() == [("ndes-pool-state", "UNKNOWN")]
    missing = run_plugin(PLUGIN, *lab.arguments(), "--state-file=/nonexistent/file", "--output=json")
    assert missing.findings() == [("ndes-pool-state", "UNKNOWN")]


def test_file_is_private(run, tmp_path):
    before = os.umask(0)
    try:
        run()
    finally:
        os.umask(before)
    assert {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == \
        {"scep.json": 0o600, "scep.json.lock": 0o600}


def test_usual_requests(lab):
    assert run_plugin(PLUGIN, *lab.arguments(), "--identity", r"NDESTEST\svc-ndes").code == 0
    assert lab.counters.as_dict()["actions"] == ["Enumerate"] * 6


def texts(lab):
    """What went over the wire as answers, once the server says so."""
    sent = []
    handle = lab.service.handle

    def listen(*words, **more):
        status, xml = handle(*words, **more)
        sent.append(xml.decode())
        return status, xml
    lab.service.handle = listen
    return sent


def test_password_stays_on_the_server(lab):
    """Only with --identity, and only if nothing else shows it, the object is asked for that holds the password."""
    sent = texts(lab)
    run_plugin(PLUGIN, *lab.arguments(), "--identity", r"NDESTEST\svc-ndes")
    lab.host.drop_namespace(IIS6)
    run_plugin(PLUGIN, *lab.arguments())
    assert sent and POOL_PASSWORD not in "".join(sent)
    result = run_plugin(PLUGIN, *lab.arguments(), "--identity", r"NDESTEST\svc-ndes", "-vvv")
    assert POOL_PASSWORD in "".join(sent), "as the page says"
    assert result.code == 0 and POOL_PASSWORD not in result.out


@pytest.mark.parametrize("words,part", [
    (("--pool=_Total",), "needs the name of one pool"),
    (("--pool=",), "needs a non-empty value"),
    (("--pending-time=2d",), "needs a time"),
    (("--pending-time=5m",), "has no effect without --state-file"),
    (("--recycles-warning=4",), "has no effect without --state-file"),
    (("--recycles-critical=12",), "has no effect without --state-file"),
    (("--event-window=31d",), "needs a time"),
    (("--failures-warning=x",), "--failures-warning"),
    (("-w", "3:1"), "--warning"),
])
def test_usage(lab, words, part):
    result = run_plugin(PLUGIN, *lab.arguments(), *words)
    assert result.code == 3 and part in result.out
