# The matrix of what the directory shows: a Samba domain full of templates, CAs and accounts, and what the checks say.
# SPDX-License-Identifier: GPL-3.0-or-later
import re
from pathlib import Path

import pytest

from directory_account_cases import CASES as ACCOUNT_CASES
from directory_cases import ACCOUNT, SERVICE, TEMPLATE
from directory_template_cases import CASES as TEMPLATE_CASES
from lab.ldap import data, hostile
from lab.scenario import worst
from peers import samba_people as people
from peers.directory_authorities import MAIN
from peers.secrecy import assert_secret
from running import DIRECTORY_PLUGINS, NAMES, OK, UNKNOWN, check_text, described, run_plugin

CASES = (*TEMPLATE_CASES, *ACCOUNT_CASES)
SEARCHES = {TEMPLATE: 8, ACCOUNT: 4}
USUAL = {TEMPLATE: ("--template", "NDESDevice", "--account", SERVICE, "--ca", MAIN), ACCOUNT: ("--account", SERVICE)}

# Findings that need more than an entry or an answer: the test that expects them.
ELSEWHERE = {
    "ndes-net-dns": "test_directory_bind.py::test_name_that_does_not_resolve",
    "ndes-ldap-refused": "test_directory_bind.py::test_nobody_listens",
    "ndes-ldap-settings": "test_directory_bind.py::test_source_address_that_is_not_ours",
    "ndes-ldap-slow": "test_directory_bind.py::test_limits_of_time",
    "ndes-ldap-ticket": "test_directory_bind.py::test_no_ticket",
    "ndes-ldap-clock": "test_directory_bind.py::test_clock",
    "ndes-ldap-spn": "test_directory_bind.py::test_service_name_that_nobody_has",
    "ndes-acct-locked": "test_directory_matrix.py::test_locked",
}


@pytest.fixture(scope="module")
def sids(domain):
    return domain.sids()


@pytest.fixture(scope="module")
def check(domain, ticket):
    """check(plugin, *words): a run as the monitoring account, with its ticket."""
    def run(plugin, *words):
        return run_plugin(plugin, "-H", "localhost", *words, env=ticket, inside=domain.inside)
    return run


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.plugin[11:]}-{case.name}")
def test_case(check, sids, case, record_property):
    words = [word.format_map(sids) if word.startswith("{") else word for word in case.words]
    run = check(case.plugin, *words, "--output=json")
    found = run.findings()
    shown = ", ".join(f"{name} {state}" for name, state in found) or "OK"
    record_property("matrix", (5000 + CASES.index(case), case.name, case.plugin, shown))
    assert not case.verdict(found), run
    assert NAMES[run.code] == worst(case.expected) == run.json()["state"], run
    connections, searches = re.search(r"(\d+) connections?, (\d+) search(?:es)?", run.out).groups()
    assert int(connections) == 1 and int(searches) <= SEARCHES[case.plugin], run


@pytest.mark.parametrize("case", CASES[::6], ids=lambda case: f"{case.plugin[11:]}-{case.name}")
def test_text(check, sids, case):
    """Whatever is said fits into its bounds."""
    words = [word.format_map(sids) if word.startswith("{") else word for word in case.words]
    for loud in ((), ("-v",), ("-vv",), ("-vvv",)):
        run = check(case.plugin, *words, *loud)
        check_text(case.plugin, run.code, run)


def test_names_of_groups(check):
    """Whatever the state: the notes of a bad one have them, too."""
    words = ("--template", "ByNestedGroup", "--account", SERVICE, "--ca", MAIN)
    assert "(NDESTEST/ndes-outer), a group of the account" in check(TEMPLATE, *words, "-v").out
    run = check(TEMPLATE, *words, "--expect-revision=1.0")
    assert "(NDESTEST/ndes-outer), a group of the account" in run.out, run


def test_administrator_who_may_write(check):
    """Noted, not reported."""
    run = check(TEMPLATE, "--template", "WritableMarked", "--account", SERVICE, "--ca", MAIN, "-v")
    assert run.code == OK and "may be changed by NDESTEST/admin-marked (WPWDWO by ACE" in run.out, run


def test_published_elsewhere(check):
    """The other CAs are asked for if that of --ca does not publish the template."""
    run = check(TEMPLATE, "--template", "NDESSign", "--account", SERVICE, "--ca", "LAB Renewed CA")
    assert f"is not published on CA 'LAB Renewed CA' (which publishes 1 other), but on '{MAIN}'" in run.out, run


def test_locked(check, domain):
    domain.lock(people.LOCKED)
    run = check(ACCOUNT, "--account", f"NDESTEST\\{people.LOCKED}", "--output=json")
    assert run.findings() == [("ndes-acct-locked", "CRITICAL")], run


def test_looking_counts_no_bad_password(check, domain):
    """Neither at the account looked at, nor at ours."""
    before = [domain.bad_passwords(user) for user in (people.SERVICE, people.MONITOR)]
    assert check(ACCOUNT, *USUAL[ACCOUNT]).code == OK
    assert [domain.bad_passwords(user) for user in (people.SERVICE, people.MONITOR)] == before


def test_figures(check):
    """Performance data of what is known, none of what never comes."""
    values = {metric["label"]: metric["value"] for metric in check(ACCOUNT, *USUAL[ACCOUNT], "--output=json").json()["metrics"]}
    assert 27 < values["password_days"] < 42.1 and values["bad_passwords"] == 0 and values["time"] > 0, values
    assert "account_days" not in values, values
    values = {metric["label"]: metric["value"] for metric in check(TEMPLATE, *USUAL[TEMPLATE], "--output=json").json()["metrics"]}
    assert 2980 < values["ca_days"] < 3000.1 and values["templates"] == 1, values


@pytest.mark.parametrize("identity", ["ApplicationPoolIdentity", "NetworkService", "NT AUTHORITY\\NETWORK SERVICE",
                                      "LocalSystem"])
@pytest.mark.parametrize("plugin", DIRECTORY_PLUGINS)
def test_identity_that_is_in_no_directory(plugin, identity):
    words = ("--template", "NDESDevice") if plugin == TEMPLATE else ()
    run = run_plugin(plugin, "-H", "localhost", *words, "--account", identity)
    assert run.code == UNKNOWN and "computer account" in run.out and "NDES01$" in run.out, run


@pytest.mark.parametrize("plugin", DIRECTORY_PLUGINS)
@pytest.mark.parametrize("words", [(), ("-vvv",), ("--output=json",)], ids=" ".join)
def test_passwords_stay_secret(domain, tmp_path, plugin, words):
    run = run_plugin(plugin, "-H", "localhost", *USUAL[plugin], "--user", people.MONITOR + "@NDES.TEST", "--password-file",
                     domain.password_file, *words, env=domain.env, inside=domain.inside)
    assert run.code == OK, run
    assert_secret((people.PASSWORD,), run, tmp_path)


@pytest.mark.parametrize("plugin", DIRECTORY_PLUGINS)
def test_every_finding_is_expected_somewhere(plugin):
    expected = {name for case in CASES if case.plugin == plugin for name, _ in case.expected}
    expected |= {name for row in (*hostile.ROWS, *data.ROWS) for name, _ in row.findings(plugin) or ()}
    known = {finding["id"] for finding in described(plugin)["findings"]}
    elsewhere = set(ELSEWHERE) & known
    assert known - expected - elsewhere == set(), "nothing proves these"
    assert expected | elsewhere <= known, "--describe lacks them"


@pytest.mark.parametrize("where", sorted(set(ELSEWHERE.values())))
def test_elsewhere_exists(where):
    file, _, name = where.partition("::")
    assert f"def {name}(" in (Path(__file__).parent / file).read_text(encoding="utf-8")
