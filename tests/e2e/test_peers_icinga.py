# The checks run by a real Icinga 2: states, output and performance data as its API reports them.
# SPDX-License-Identifier: GPL-3.0-or-later

import json
from pathlib import Path

import pytest

from peers.icinga import Service, icinga
from lab import Lab
from lab.ldap.healthy import ACCOUNT as ACCOUNT_DN, FOREST, QUESTIONS, TEMPLATE as TEMPLATE_DN
from lab.ldap.healthy import enroll, filetime, healthy as healthy_directory, template_rights, text
from lab.ldap.server import USER, LdapLab
from lab.winrm import WinrmLab, healthy as healthy_host
from running import CRITICAL, DIRECTORY_PLUGINS, OK, PLUGINS, WINRM_PLUGINS, run_plugin

HTTP, RACERT, APPPOOL, CONNECTOR, TEMPLATE, ACCOUNT = (
    f"check_ndes_{name}" for name in ("http", "racert", "apppool", "connector", "template", "account"))


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


@pytest.fixture(scope="module")
def directory():
    """An account that ends some day: so there is a figure for each date."""
    entries = healthy_directory()
    entries.find(ACCOUNT_DN).attributes["accountExpires"] = text(filetime(100))
    with LdapLab(entries) as lab:
        yield lab


@pytest.fixture(scope="module")
def denying():
    """Only a stranger may enrol on the template, and the account is disabled."""
    entries = healthy_directory()
    entries.find(TEMPLATE_DN).attributes["nTSecurityDescriptor"] = [template_rights(enroll(f"{FOREST}-9999"))]
    entries.find(ACCOUNT_DN).attributes["userAccountControl"] = text(514)
    with LdapLab(entries) as lab:
        yield lab


def winrm_arguments(lab):
    return {"-H": "localhost", "-p": str(lab.port), "-S": True, "--ca-cert": Path(lab.ca_file), "--auth": "basic",
            "--user": lab.user, "--password-file": Path(lab.password_file)}


def ldap_arguments(lab, plugin):
    question = QUESTIONS[plugin]
    return {"-H": "127.0.0.1", "-p": str(lab.port), "-S": True, "--ca-cert": Path(lab.ca_file), "--auth": "simple",
            "--user": USER, "--password-file": Path(lab.password_file), **dict(zip(question[::2], question[1::2]))}


def arguments(lab):
    return {"-u": lab.url, "--ca-cert": Path(lab.ca_file)}


@pytest.fixture(scope="module")
def scheduler(healthy, broken, windows, stopped, directory, denying):
    services = [Service("ndes_http", HTTP, arguments(healthy)), Service("ndes_racert", RACERT, arguments(healthy)),
                Service("ndes_broken", HTTP, arguments(broken)),
                Service("ndes_plain", RACERT, {**arguments(healthy), "--perfdata-thresholds": "plain"}),
                Service("ndes_apppool", APPPOOL, winrm_arguments(windows)),
                Service("ndes_connector", CONNECTOR, winrm_arguments(windows)),
                Service("ndes_stopped", APPPOOL, winrm_arguments(stopped)),
                Service("ndes_template", TEMPLATE, ldap_arguments(directory, TEMPLATE)),
                Service("ndes_account", ACCOUNT, ldap_arguments(directory, ACCOUNT)),
                Service("ndes_noenroll", TEMPLATE, ldap_arguments(denying, TEMPLATE)),
                Service("ndes_disabled", ACCOUNT, ldap_arguments(denying, ACCOUNT))]
    with icinga(services) as daemon:
        yield daemon


@pytest.mark.parametrize("service, start", [
    ("ndes_http", "NDES HTTP OK - "), ("ndes_racert", "NDES RACERT OK - "), ("ndes_apppool", "NDES APPPOOL OK - "),
    ("ndes_connector", "NDES CONNECTOR OK - "), ("ndes_template", "NDES TEMPLATE OK - "),
    ("ndes_account", "NDES ACCOUNT OK - ")])
def test_healthy_server_is_ok(scheduler, service, start):
    result = scheduler.result(service)
    assert (result["exit_status"], result["state"]) == (OK, 0), result
    assert result["output"].startswith(start)
    assert "|" not in result["output"]


@pytest.mark.parametrize("service, start, finding", [
    ("ndes_broken", "NDES HTTP CRITICAL - ", "[ndes-http-503]"),
    ("ndes_stopped", "NDES APPPOOL CRITICAL - ", "[ndes-pool-stopped]"),
    ("ndes_noenroll", "NDES TEMPLATE CRITICAL - ", "[ndes-tmpl-noenroll]"),
    ("ndes_disabled", "NDES ACCOUNT CRITICAL - ", "[ndes-acct-disabled]")])
def test_fault_is_critical_with_cause_and_remedy(scheduler, service, start, finding):
    result = scheduler.result(service)
    assert (result["exit_status"], result["state"]) == (CRITICAL, 2), result
    first, _, rest = result["output"].partition("\n")
    assert first.startswith(start) and finding in first
    assert "cause: " in rest and "fix: " in rest


@pytest.mark.parametrize("service, plugin", [
    ("ndes_http", HTTP), ("ndes_racert", RACERT), ("ndes_apppool", APPPOOL), ("ndes_connector", CONNECTOR),
    ("ndes_template", TEMPLATE), ("ndes_account", ACCOUNT)])
def test_every_metric_is_parsed(scheduler, healthy, windows, directory, service, plugin):
    words = {**dict.fromkeys(PLUGINS, ["-u", healthy.url, "--ca-cert", healthy.ca_file]),
             **dict.fromkeys(WINRM_PLUGINS, windows.arguments()),
             **{name: [*directory.arguments(), *QUESTIONS[name]] for name in DIRECTORY_PLUGINS}}[plugin]
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
