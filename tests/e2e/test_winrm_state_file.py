# check_ndes_apppool over several runs: its state file, its requests, and what it must not ask for.
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import os

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
    record = json.loads(path.read_text())
    record["time"] -= seconds
    record["total"][0] -= seconds
    record["pending_since"] -= seconds * (record["pending_since"] > 0)
    for sample in record["samples"]:
        sample[0] -= seconds
    path.write_text(json.dumps(record))


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
    assert run().ids() == [], "a day later; WAS was restarted"


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
    age(tmp_path / "scep.json", 7200)
    run()
    age(tmp_path / "scep.json", 7200)
    assert run().ids() == []


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


def test_unusable_file(lab, run, tmp_path):
    file = tmp_path / "scep.json"
    file.write_text("{}")
    assert run().findings() == [("ndes-pool-state", "UNKNOWN")]
    assert file.read_text() == "{}", "left for the operator to look at"
    file.unlink()
    assert run().ids() == []
    assert run("--pool=DefaultAppPool", "--application=/").findings() == [("ndes-pool-state", "UNKNOWN")]
    missing = run_plugin(PLUGIN, *lab.arguments(), "--state-file=/nonexistent/file", "--output=json")
    assert missing.findings() == [("ndes-pool-state", "UNKNOWN")]


def test_file_is_private(run, tmp_path):
    os.umask(0)
    run()
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
    (("--pool=_Total",), "wants the name of one pool"),
    (("--pool=",), "needs a value that is not empty"),
    (("--pending-time=2d",), "needs a time"),
    (("--event-window=31d",), "needs a time"),
    (("--failures-warning=x",), "--failures-warning"),
    (("-w", "3:1"), "--warning"),
])
def test_usage(lab, words, part):
    result = run_plugin(PLUGIN, *lab.arguments(), *words)
    assert result.code == 3 and part in result.out
