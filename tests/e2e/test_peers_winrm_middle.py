# Somebody between us and a WinRM server that encrypts: what he says in the clear never betters a verdict.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kerberos and NTLM by a Samba domain controller; the server of the lab is ill in each scenario, and he answers in its place."""
import pytest

from lab.winrm.middle import ANSWERS
from peers import samba_people as people
from peers.samba_dc import DOMAIN
from running import CRITICAL, OK, UNKNOWN, run_plugin

APPPOOL, CONNECTOR = "check_ndes_apppool", "check_ndes_connector"
USER = f"{DOMAIN}\\{people.MONITOR}"
ILL = {"pool-crashing-seen": APPPOOL, "pool-disagree-iis6": APPPOOL, "conn-requests-many": CONNECTOR, "conn-stale-long": CONNECTOR}
# Enough of what he can say, where not all of it is tried: each is understood in a way of its own.
SOME = ("denied", "timed-out", "no-channel", "invalid-class", "status-403", "no-rows")
SAID = [(scenario, kind) for scenario in ILL for kind in ANSWERS
        if scenario == "pool-crashing-seen" or kind in SOME]
MEMBERS = {
    **{scenario: {"scenario": scenario} for scenario in ILL},
    **{f"{scenario}/{kind}": {"scenario": scenario, "gate": {"middle": kind}} for scenario, kind in SAID},
}
DAY = 86400
# Headers in the clear that would put events before the window, or a check-in of yesterday into the last hour.
DATES = {"pool-crashing-seen": DAY, "conn-stale-long": -2 * DAY}
MEMBERS |= {f"{scenario}/date": {"scenario": scenario, "server": {"date_ahead": ahead}}
            for scenario, ahead in DATES.items()}
MEMBERS |= {"ahead": {"server": {"clock_ahead": 2 * DAY}}, "no-clock": {"scenario": "ok-no-clock"}}
# What makes an end of the run, whatever else there is.
ENDS = {"ndes-winrm-broken", "ndes-winrm-logon", "ndes-winrm-missing"}
PLACES_MAXIMUM = 40


@pytest.fixture
def check(domain, fleet, ticket):
    """check(server, plugin, way)"""
    def run(server, plugin, way="kerberos"):
        words = () if way == "kerberos" else ("--user", USER, "--password-file", domain.password_file)
        return run_plugin(plugin, *fleet.arguments(server), *words, "--output=json", inside=domain.inside,
                          env=ticket if way == "kerberos" else domain.env)
    return run


@pytest.mark.parametrize("scenario", ILL)
def test_without_him(check, scenario):
    assert check(scenario, ILL[scenario]).code == CRITICAL


@pytest.mark.parametrize("scenario, kind", SAID)
def test_answer_in_the_clear(check, fleet, scenario, kind):
    """At each place: the run ends there, and what was seen before counts."""
    server, places = f"{scenario}/{kind}", 0
    for places in range(PLACES_MAXIMUM):
        before = fleet.counters(server)["replaced"]
        run = check(server, ILL[scenario], "ntlm" if places == 2 else "kerberos")
        if fleet.counters(server)["replaced"] == before:
            break
        assert run.code in (CRITICAL, UNKNOWN), f"{kind} as answer {places + 1}\n{run}"
        assert ENDS & set(run.ids()), f"{kind} as answer {places + 1}\n{run}"
    assert 4 <= places < PLACES_MAXIMUM
    assert run.code == CRITICAL, run


@pytest.mark.parametrize("way", ["kerberos", "ntlm"])
@pytest.mark.parametrize("scenario", DATES)
def test_date_in_the_clear(check, scenario, way):
    assert check(f"{scenario}/date", ILL[scenario], way).code == CRITICAL


def test_clock_of_the_server(check):
    """What the server itself says of its time counts: the check-in was two days ago by it."""
    run = check("ahead", CONNECTOR, "ntlm")
    assert run.findings() == [("ndes-conn-stale", "CRITICAL")], run


def test_clock_that_is_not_shown(check):
    run = check("no-clock", CONNECTOR)
    assert run.code == OK and any("server's clock is not available, using ours" in note for note in run.json()["notes"]), run
