# Both checks run by a real Icinga 2: states, output and performance data as its API reports them.
# SPDX-License-Identifier: GPL-3.0-or-later

import json
from pathlib import Path

import pytest

from peers.icinga import Service, icinga
from lab import Lab
from running import CRITICAL, OK, run_plugin

HTTP, RACERT = "check_ndes_http", "check_ndes_racert"


@pytest.fixture(scope="module")
def healthy():
    with Lab([], tls=True) as lab:
        yield lab


@pytest.fixture(scope="module")
def broken():
    with Lab(["http-503"], tls=True) as lab:
        yield lab


def arguments(lab):
    return {"-u": lab.url, "--ca-cert": Path(lab.ca_file)}


@pytest.fixture(scope="module")
def scheduler(healthy, broken):
    services = [Service("ndes_http", HTTP, arguments(healthy)), Service("ndes_racert", RACERT, arguments(healthy)),
                Service("ndes_broken", HTTP, arguments(broken)),
                Service("ndes_plain", RACERT, {**arguments(healthy), "--perfdata-thresholds": "plain"})]
    with icinga(services) as daemon:
        yield daemon


@pytest.mark.parametrize("service, start", [("ndes_http", "NDES HTTP OK - "), ("ndes_racert", "NDES RACERT OK - ")])
def test_healthy_server_is_ok(scheduler, service, start):
    result = scheduler.result(service)
    assert (result["exit_status"], result["state"]) == (OK, 0), result
    assert result["output"].startswith(start)
    assert "|" not in result["output"]


def test_fault_is_critical_with_cause_and_remedy(scheduler):
    result = scheduler.result("ndes_broken")
    assert (result["exit_status"], result["state"]) == (CRITICAL, 2), result
    first, _, rest = result["output"].partition("\n")
    assert first.startswith("NDES HTTP CRITICAL - ") and "[ndes-http-503]" in first
    assert "cause: " in rest and "fix: " in rest


@pytest.mark.parametrize("service, plugin", [("ndes_http", HTTP), ("ndes_racert", RACERT)])
def test_every_metric_is_parsed(scheduler, healthy, service, plugin):
    answer = run_plugin(plugin, "-u", healthy.url, "--ca-cert", healthy.ca_file, "--output=json")
    metrics = {metric["label"]: metric for metric in json.loads(answer.out)["metrics"]}
    items = map(scheduler.parse_perfdata, scheduler.result(service)["performance_data"])
    parsed = {item["label"]: item for item in items}
    assert metrics and set(parsed) == set(metrics)
    for label, item in parsed.items():
        known = not metrics[label].get("uom") or item["unit"]
        assert known, f"Icinga does not know the unit of {label}: {metrics[label]}"


def test_plain_thresholds_reach_icinga(scheduler):
    parsed = [scheduler.parse_perfdata(item) for item in scheduler.result("ndes_plain")["performance_data"]]
    assert any(item["warn"] == 60 and item["crit"] == 30 for item in parsed), parsed
