# Directory servers and entries that misbehave: a right finding within the deadline, bounded memory, clean output.
# SPDX-License-Identifier: GPL-3.0-or-later
import re

import pytest

from lab.ldap import data, healthy, hostile, hostile_answers, messages
from lab.ldap.hostile import ACCOUNT, TEMPLATE
from lab.ldap.server import PASSWORD, LdapLab
from lab.scenario import worst
from peers.secrecy import assert_secret
from running import NAMES, OK, SLACK, UNKNOWN, VALGRIND, check_text, deadline_of, run_plugin

SEARCHES = {TEMPLATE: 8, ACCOUNT: 4}
PAGES_MAXIMUM = 200
WHAT = healthy.QUESTIONS
ROWS = [pytest.param(row, plugin, id=f"{row.name}-{plugin[11:]}") for row in hostile.ROWS for plugin in hostile.PLUGINS]
DATA = [pytest.param(row, plugin, id=f"{row.name}-{plugin[11:]}") for row in data.ROWS for plugin in hostile.PLUGINS
        if row.findings(plugin) is not None]


def check(lab, plugin, *words, what=None):
    return run_plugin(plugin, *lab.arguments(), *(what or WHAT[plugin]), *words)


def findings_of(run):
    """Of a run that the watchdog ended, too: that prints one line in any case."""
    if run.out.startswith("{"):
        return run.findings()
    state, name = re.fullmatch(r"NDES [A-Z]+ ([A-Z]+) - not finished within .* \[([a-z-]+)\]", run.first_line).groups()
    return [(name, state)]


def matrix(record_property, order, name, plugin, found):
    record_property("matrix", (order, name, plugin, ", ".join(" ".join(pair) for pair in found) or "OK"))


@pytest.mark.parametrize("row, plugin", ROWS)
def test_hostile(row, plugin, tmp_path, record_property):
    """Peak memory is looked at for every run: see running.check_manners()."""
    with hostile.HostileLdap(row.name) as lab:
        run = check(lab, plugin, "--output=json")
        counters = lab.counters()
    found = findings_of(run)
    matrix(record_property, 6000 + hostile.ROWS.index(row), row.name, plugin, found)
    assert not row.verdict(plugin, found), f"{row.about}\n{run}"
    assert NAMES[run.code] == worst(row.findings(plugin)), run
    assert VALGRIND or run.seconds < deadline_of(lab.arguments()) + SLACK, run
    assert_secret((PASSWORD,), run, tmp_path)
    # TLS that fails is looked at once more: for the certificate, and nothing else
    assert counters["connections"] <= (2 if found == [("ndes-ldap-tls", "CRITICAL")] else 1), counters
    assert counters["bind"] <= 1, "a password must not be tried twice"
    assert counters["search"] <= (PAGES_MAXIMUM if "pages" in row.name else SEARCHES[plugin]), counters


@pytest.mark.parametrize("row, plugin", DATA)
def test_data(row, plugin, record_property):
    directory = healthy.healthy()
    row.change(directory)
    with LdapLab(directory) as lab:
        run = check(lab, plugin, "--output=json", what=row.words)
        lab.settle()
        counters = lab.counters()
        text = check(lab, plugin, "-vv", what=row.words)
    found = run.findings()
    matrix(record_property, 7000 + data.ROWS.index(row), row.name, plugin, found)
    assert not row.verdict(plugin, found), f"{row.about}\n{run}"
    assert NAMES[run.code] == worst(row.findings(plugin)), run
    check_text(plugin, run.code, text)
    assert counters["connections"] == counters["bind"] == counters["unbind"] == 1, counters
    assert counters["search"] <= SEARCHES[plugin], counters


def test_descriptor_cut_short():
    """None of them is understood, none is taken for a denial. Cut at every byte: tests/unit/test_descriptor.c."""
    directory = healthy.healthy()
    attributes = directory.find(healthy.TEMPLATE).attributes
    whole = attributes["nTSecurityDescriptor"][0]
    with LdapLab(directory) as lab:
        assert check(lab, TEMPLATE).code == OK
        for size in range(1, len(whole), 16):
            attributes["nTSecurityDescriptor"] = [whole[:size]]
            run = check(lab, TEMPLATE, "--output=json")
            assert run.findings() == [("ndes-ldap-descriptor", "UNKNOWN")], f"cut to {size} bytes\n{run}"


@pytest.mark.parametrize("position", range(0, 20))
def test_descriptor_with_a_damaged_head(position):
    """A byte of the head is other than it was: an answer, and no crash."""
    directory = healthy.healthy()
    attributes = directory.find(healthy.TEMPLATE).attributes
    whole = attributes["nTSecurityDescriptor"][0]
    with LdapLab(directory) as lab:
        for value in (0x00, 0x7F, 0x80, 0xFF):
            attributes["nTSecurityDescriptor"] = [whole[:position] + bytes([value]) + whole[position + 1:]]
            run = check(lab, TEMPLATE, "--output=json")
            assert set(run.ids()) <= {"ndes-ldap-descriptor", "ndes-tmpl-noenroll", "ndes-tmpl-writable",
                                      "ndes-tmpl-broad"}, f"{value} at {position}\n{run}"


@pytest.mark.parametrize("plugin", hostile.PLUGINS)
@pytest.mark.parametrize("variant", ["expired", "not-yet", "wrong-name", "untrusted", "self-signed", "no-intermediate",
                                     "old", "plain"])
def test_certificates(plugin, variant):
    """The password is not sent to somebody who cannot prove who he is."""
    with LdapLab(tls=variant) as lab:
        run = check(lab, plugin, "-t", "3" if variant == "plain" else "30", "--output=json")
        counters = lab.counters()
    assert findings_of(run) in ([("ndes-ldap-tls", "CRITICAL")], [("ndes-ldap-timeout", "CRITICAL")][:variant == "plain"]), run
    assert counters["bind"] == 0


@pytest.mark.parametrize("plugin", hostile.PLUGINS)
@pytest.mark.parametrize("variant", ["good", "intermediate", "only-1.2"])
def test_good_certificates(plugin, variant):
    with LdapLab(tls=variant) as lab:
        assert check(lab, plugin).code == OK


@pytest.mark.parametrize("plugin", hostile.PLUGINS)
@pytest.mark.parametrize("variant, expected", [(None, []), ("no-starttls", ["ndes-ldap-tls"])], ids=["good", "refused"])
def test_start_tls(plugin, variant, expected):
    """In the clear nothing is sent but the wish for TLS."""
    lab = LdapLab(tls=None)
    if variant:
        respond = lab.respond
        lab.respond = lambda request, connection: [refusal(request)] if request.kind == "extended" else \
            respond(request, connection)
    with lab:
        run = check(lab, plugin, "--output=json")
        counters = lab.counters()
    assert run.ids() == expected, run
    assert counters["bind"] == (0 if variant else 1) and counters["extended"] == counters["connections"] == 1


@pytest.mark.parametrize("plugin", hostile.PLUGINS)
@pytest.mark.parametrize("kind", ["small_entry", "intermediate"])
def test_start_tls_flood(plugin, kind):
    """Messages without end where StartTLS has one answer: peak memory is looked at for every run."""
    lab = LdapLab(tls=None)
    respond = lab.respond
    flood = hostile_answers.flood(getattr(hostile_answers, kind))
    lab.respond = lambda request, connection: flood(hostile.Asked(lab, request, connection)) \
        if request.kind == "extended" else respond(request, connection)
    with lab:
        run = check(lab, plugin, "--output=json")
        assert lab.counters()["bind"] == 0
    assert run.ids() == ["ndes-ldap-broken"], run


def refusal(request):
    """As a controller without a certificate."""
    return messages.result(request.number, messages.EXTENDED_ANSWER, messages.UNAVAILABLE,
                           "00000000: LdapErr: DSID-0C091184, comment: Error initializing SSL/TLS, data 0, v4563")


@pytest.mark.parametrize("days, expected", [(0, []), (52, ["ndes-acct-password"])])
def test_the_clock_is_the_servers(days, expected):
    """By its time the password has eight days left."""
    with LdapLab(healthy.healthy(clock_ahead=days * 86400)) as lab:
        run = check(lab, ACCOUNT, "--output=json")
    assert run.ids() == expected, run


@pytest.mark.parametrize("plugin", hostile.PLUGINS)
def test_a_little_late(plugin):
    """A clock that is 20 minutes ahead harms no bind with a password."""
    with LdapLab(healthy.healthy(clock_ahead=1200)) as lab:
        assert check(lab, plugin).code == OK


@pytest.mark.parametrize("plugin", hostile.PLUGINS)
def test_a_base_that_does_not_exist_is_named(plugin):
    with LdapLab() as lab:
        run = check(lab, plugin, "-b", "OU=Nowhere,DC=lab,DC=test")
    assert run.code == UNKNOWN and "[ndes-ldap-base]" in run.first_line, run
    assert "OU=Nowhere,DC=lab,DC=test" in run.out, run
