# The matrix: every fault is named by the check that should name it, and no check raises a false alarm.
# SPDX-License-Identifier: GPL-3.0-or-later
from pathlib import Path

import pytest

from lab import Lab
from lab.hostile import ROWS as HOSTILE_ROWS
from lab.scenario import worst
from lab.scenarios import ROWS
from running import NAMES, PLUGINS, SANITIZED, VALGRIND, check_text, described, run_plugin

# Findings that no server brings about alone: the test that expects them.
ELSEWHERE = {
    ("ndes-net-proxy", "check_ndes_http"): "test_process.py::test_proxy_that_refuses",
    ("ndes-net-proxy", "check_ndes_racert"): "test_process.py::test_proxy_that_refuses",
    ("ndes-http-settings", "check_ndes_http"): "test_options.py::test_source_address_that_is_not_ours",
    ("ndes-http-settings", "check_ndes_racert"): "test_options.py::test_source_address_that_is_not_ours",
    ("ndes-admin-elsewhere", "check_ndes_http"): "test_challenge.py::test_one_server_by_many_names_mints_once",
    ("ndes-admin-state", "check_ndes_http"): "test_challenge.py::test_unusable_directory_means_do_not_ask",
}


@pytest.mark.parametrize("plugin", PLUGINS)
@pytest.mark.parametrize("scenario", ROWS, ids=lambda row: row.name)
def test_scenario(scenario, plugin, record_property):
    with Lab([scenario.name]) as lab:
        words = lab.arguments(plugin)
        run = run_plugin(plugin, *words, "--output=json")
        text = None if SANITIZED or VALGRIND else run_plugin(plugin, *words)
    found = run.findings()
    shown = ", ".join(f"{name} {state}" for name, state in found) or "OK"
    record_property("matrix", (ROWS.index(scenario), scenario.name, plugin, shown))
    assert not scenario.verdict(plugin, found), f"{scenario.about}\n{run}"
    assert NAMES[run.code] == worst(scenario.expected(plugin)), run
    assert run.json()["state"] == NAMES[run.code]
    assert run.json()["exit_code"] == run.code
    if text:
        check_text(plugin, run.code, text)


@pytest.mark.parametrize("plugin", PLUGINS)
def test_every_finding_is_expected_somewhere(plugin):
    expected = {name for row in (*ROWS, *HOSTILE_ROWS) for name, _ in row.expected(plugin)}
    elsewhere = {name for name, check in ELSEWHERE if check == plugin}
    assert not expected & elsewhere, "has a row of its own: take it out of ELSEWHERE"
    known = {finding["id"] for finding in described(plugin)["findings"]}
    assert known - expected - elsewhere == set(), "nothing proves these"
    assert expected | elsewhere <= known, "--describe lacks them"


@pytest.mark.parametrize("where", sorted(set(ELSEWHERE.values())))
def test_elsewhere_exists(where):
    file, _, name = where.partition("::")
    assert f"def {name}(" in (Path(__file__).parent / file).read_text(encoding="utf-8")
