# The matrix of what WinRM shows: every fault is named by its check, with its ID, and no other check raises an alarm.
# SPDX-License-Identifier: GPL-3.0-or-later
from pathlib import Path

import pytest

from lab.scenario import worst
from lab.winrm.healthy import POOL_PASSWORD
from lab.winrm.hostile import ROWS as HOSTILE
from lab.winrm.scenarios_apppool import APPPOOL
from lab.winrm.scenarios_connector import CONNECTOR
from lab.winrm.scenarios_server import SERVER
from lab.winrm.server import WinrmLab
from running import NAMES, SANITIZED, VALGRIND, WINRM_PLUGINS, check_text, described, run_plugin

ROWS = (*SERVER, *APPPOOL, *CONNECTOR)
# SOAP requests of a run against a server that answers each query at once; one without sign-in may come before.
# check_ndes_apppool asks twice more if one source must stand in for another; see test_usual_requests.
BUDGET = {"check_ndes_apppool": 8, "check_ndes_connector": 12}

# Findings that need a domain, or another machine: the test that expects them.
ELSEWHERE = {
    "ndes-net-dns": "test_winrm_connection.py::test_name_that_does_not_resolve",
    "ndes-winrm-refused": "test_winrm_connection.py::test_nobody_listens",
    "ndes-winrm-settings": "test_winrm_connection.py::test_source_address_that_is_not_ours",
    "ndes-winrm-tls": "test_winrm_connection.py::test_certificates",
    "ndes-winrm-ticket": "test_winrm_connection.py::test_without_ticket",
    "ndes-winrm-locked": "test_peers_winrm.py::test_accounts",
    "ndes-winrm-clock": "test_peers_winrm.py::test_clock",
    "ndes-winrm-spn": "test_peers_winrm.py::test_service_names",
    "ndes-pool-state": "test_winrm_state_file.py::test_unusable_file",
    "ndes-conn-state": "test_connector_options.py::test_unusable_state_file",
}


# A row that changes what one check is for may mean nothing to the other.
CASES = [pytest.param(row, plugin, id=f"{row.name}-{plugin}") for row in ROWS
         for plugin in WINRM_PLUGINS if row.expected(plugin) is not None]


@pytest.mark.parametrize("scenario, plugin", CASES)
def test_scenario(scenario, plugin, record_property):
    with WinrmLab(scenario.host(), hasty=True, **scenario.server) as lab:
        words = [*lab.arguments(), *scenario.arguments(plugin)]
        run = run_plugin(plugin, *words, "--output=json")
        counters = lab.counters.as_dict()
        left_open = lab.service.open_contexts
        text = None if SANITIZED or VALGRIND else run_plugin(plugin, *words, "-vv")
    found = run.findings()
    shown = ", ".join(f"{name} {state}" for name, state in found) or "OK"
    record_property("matrix", (2000 + ROWS.index(scenario), scenario.name, plugin, shown))
    assert not scenario.verdict(plugin, found), f"{scenario.about}\n{run}"
    assert NAMES[run.code] == worst(scenario.expected(plugin)) == run.json()["state"], run
    assert POOL_PASSWORD not in run.out
    assert counters["connections"] <= 1, "one TCP connection"
    assert left_open == 0, "an enumeration or subscription was not ended"
    if not scenario.server:
        assert len(counters["actions"]) <= BUDGET[plugin] + scenario.extra, counters["actions"]
    if text:
        check_text(plugin, run.code, text)
        assert POOL_PASSWORD not in text.out


@pytest.mark.parametrize("plugin", WINRM_PLUGINS)
def test_every_finding_is_expected_somewhere(plugin):
    expected = {name for row in ROWS for name, _ in row.expected(plugin) or ()}
    expected |= {name for row in HOSTILE for name, _ in row.by_plugin.get(plugin, row.expected) if plugin in row.plugins}
    known = {finding["id"] for finding in described(plugin)["findings"]}
    elsewhere = set(ELSEWHERE) & known
    assert not expected & elsewhere, "has a row of its own: take it out of ELSEWHERE"
    assert known - expected - elsewhere == set(), "nothing proves these"
    assert expected | elsewhere <= known, "--describe lacks them"


@pytest.mark.parametrize("where", sorted(set(ELSEWHERE.values())))
def test_elsewhere_exists(where):
    file, _, name = where.partition("::")
    assert f"def {name}(" in (Path(__file__).parent / file).read_text(encoding="utf-8")
