# The checks run by a real Icinga 2: states, output and performance data as its API reports them.
# SPDX-License-Identifier: GPL-3.0-or-later

import json
from pathlib import Path

import pytest

from peers.icinga import Service, icinga
from lab import Lab
from lab.winrm import WinrmLab, healthy as healthy_host
from running import CRITICAL, OK, run_plugin

HTTP, RACERT, APPPOOL, CONNECTOR = "check_ndes_http", "check_ndes_racert", "check_ndes_apppool", "check_ndes_connector"


@pytest.fixture(scope="module")
def healthy():
    with Lab([], tls=True) as lab:
        yield lab


@pytest.fixture(scope="module")
def broken():
    with Lab(["http-503"], tls=True) as lab:
        yield lab


@pytest.fixture(scope="module")
def windows():
    with WinrmLab() as lab:
        yield lab


@pytest.fixture(scope="module")
def stopped():
    host = healthy_host()
    host.stop_pool("SCEP")
    with WinrmLab(host) as lab:
        yield lab


def winrm_arguments(lab):
    return {"-H": "localhost", "-p": str(lab.port), "-S": True, "--ca-cert": Path(lab.ca_file), "--auth": "basic",
            "--user": lab.user, "--password-file": Path(lab.password_file)}


def arguments(lab):
    return {"-u": lab.url, "--ca-cert": Path(lab.ca_file)}


@pytest.fixture(scope="module")
def scheduler(healthy, broken, windows, stopped):
    services = [Service("ndes_http", HTTP, arguments(healthy)), Service("ndes_racert", RACERT, arguments(healthy)),
                Service("ndes_broken", HTTP, arguments(broken)),
                Service("ndes_plain", RACERT, {**arguments(healthy), "--perfdata-thresholds": "plain"}),
                Service("ndes_apppool", APPPOOL, winrm_arguments(windows)),
                Service("ndes_connector", CONNECTOR, winrm_arguments(windows)),
                Service("ndes_stopped", APPPOOL, winrm_arguments(stopped))]
    with icinga(services) as daemon:
        yield daemon


@pytest.mark.parametrize("service, start", [
    ("ndes_http", "NDES HTTP OK - "), ("ndes_racert", "NDES RACERT OK - "), ("ndes_apppool", "NDES APPPOOL OK - "),
    ("ndes_connector", "NDES CONNECTOR OK - ")])
def test_healthy_server_is_ok(scheduler, service, start):
    result = scheduler.result(service)
    assert (result["exit_status"], result["state"]) == (OK, 0), result
    assert result["output"].startswith(start)
    assert "|" not in result["output"]


@pytest.mark.parametrize("service, start, finding", [
    ("ndes_broken", "NDES HTTP CRITICAL - ", "[ndes-http-503]"),
    ("ndes_stopped", "NDES APPPOOL CRITICAL - ", "[ndes-pool-stopped]")])
def test_fault_is_critical_with_cause_and_remedy(scheduler, service, start, finding):
    result = scheduler.result(service)
    assert (result["exit_status"], result["state"]) == (CRITICAL, 2), result
    first, _, rest = result["output"].partition("\n")
    assert first.startswith(start) and finding in first
    assert "cause: " in rest and "fix: " in rest


@pytest.mark.parametrize("service, plugin", [
    ("ndes_http", HTTP), ("ndes_racert", RACERT), ("ndes_apppool", APPPOOL), ("ndes_connector", CONNECTOR)])
def test_every_metric_is_parsed(scheduler, healthy, windows, service, plugin):
    words = windows.arguments() if plugin in (APPPOOL, CONNECTOR) else ["-u", healthy.url, "--ca-cert", healthy.ca_file]
    answer = run_plugin(plugin, *words, "--output=json")
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
