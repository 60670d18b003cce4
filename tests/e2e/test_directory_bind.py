# Reaching a domain controller and signing in: each way works, and each reason why not has its finding.
# SPDX-License-Identifier: GPL-3.0-or-later
import contextlib
import socket

import pytest

from directory_cases import ACCOUNT, SERVICE, TEMPLATE
from lab.lab import UNRESOLVABLE
from lab.ldap.forger import WAYS as FORGERIES
from lab.ldap.healthy import QUESTIONS
from lab.ldap.server import USER, LdapLab
from lab.tls import Tls
from peers import samba_people as people
from peers.directory_authorities import MAIN
from peers.namespace import NamespaceRefused
from peers.process import need
from peers.samba_dc import REALM, samba_dc
from running import CRITICAL, DIRECTORY_PLUGINS, OK, SLACK, UNKNOWN, run_plugin

pytestmark = pytest.mark.usefixtures("whole_stacks")
EVERY_PLUGIN = pytest.mark.parametrize("plugin", DIRECTORY_PLUGINS)
PRINCIPAL = f"{people.MONITOR}@{REALM}"
WHAT = {TEMPLATE: ("--template", "NDESDevice", "--account", SERVICE, "--ca", MAIN), ACCOUNT: ("--account", SERVICE)}
LOCALHOST, CONTROLLER = ("-H", "localhost"), ("-H", "dc1.ndes.test", "-I", "127.0.0.1")
LDAPS, START_TLS = ("-S", "--ca-cert", "CA"), ("-T", "--ca-cert", "CA")
SIMPLE = ("--auth=simple", "--user", PRINCIPAL, "--password-file", "PASSWORD")
PASSWORD = ("--user", PRINCIPAL, "--password-file", "PASSWORD")

# Ways to sign in with -vv: words, what the cost line says of them.
WAYS = (
    ("ticket", LOCALHOST, "GSSAPI"),
    ("ticket-cache", (*LOCALHOST, "--ticket-cache", "CACHE"), "GSSAPI"),
    ("keytab", (*LOCALHOST, "--user", PRINCIPAL, "--keytab", "KEYTAB"), "GSSAPI"),
    ("password", (*LOCALHOST, *PASSWORD), "GSSAPI"),
    ("gssapi", (*LOCALHOST, "--auth=gssapi"), "GSSAPI"),
    ("gss-spnego", (*LOCALHOST, "--auth=gss-spnego"), "GSS-SPNEGO"),
    ("gss-spnego-password", (*LOCALHOST, "--auth=gss-spnego", *PASSWORD), "GSS-SPNEGO"),
    ("by-its-name", CONTROLLER, "GSSAPI"),
    ("simple-ldaps", ("-H", "127.0.0.1", *LDAPS, *SIMPLE), "simple"),
    ("simple-start-tls", ("-H", "127.0.0.1", *START_TLS, *SIMPLE), "simple"),
    ("simple-by-name", (*CONTROLLER, *LDAPS, *SIMPLE), "simple"),
    ("simple-old-name", ("-H", "127.0.0.1", *LDAPS, "--auth=simple", "--user", f"NDESTEST\\{people.MONITOR}",
                         "--password-file", "PASSWORD"), "simple"),
    ("simple-dn", ("-H", "127.0.0.1", *LDAPS, "--auth=simple", "--user", "CN=monitor,CN=Users,DC=ndes,DC=test",
                   "--password-file", "PASSWORD"), "simple"),
    ("tls-1.3", ("-H", "127.0.0.1", *LDAPS, "--tls-min", "1.3", *SIMPLE), "simple"),
)


@pytest.fixture
def check(domain, ticket):
    """check(plugin, *words, env=None, inside=()): a run against the domain, with the ticket."""
    def run(plugin, *words, env=None, inside=(), network=None, at=domain):
        places = {"CA": at.ca_file, "PASSWORD": at.password_file, "WRONG": at.wrong_password_file,
                  "KEYTAB": at.keytab(), "CACHE": ticket["KRB5CCNAME"]}
        return run_plugin(plugin, *(places.get(word, word) for word in words), *WHAT[plugin], env=env or ticket,
                          inside=(*(network or at.inside), *inside))
    return run


@pytest.fixture(scope="module")
def lenient():
    """A controller that lets SASL without a layer of its own through TLS."""
    try:
        with samba_dc("allow_sasl_over_tls") as running:
            yield running
    except NamespaceRefused as refusal:
        pytest.skip(f"needs root: {refusal}")


def assert_only(run, name, state):
    assert run.findings() == [(name, state)], run


@EVERY_PLUGIN
@pytest.mark.parametrize("name, words, method", WAYS, ids=[row[0] for row in WAYS])
def test_ways_to_sign_in(check, plugin, name, words, method):
    run = check(plugin, *words, "-vv")
    assert run.code == OK, run
    assert "1 connection," in run.out and f"; {method}" in run.out, run


@EVERY_PLUGIN
@pytest.mark.parametrize("words", [(), PASSWORD, ("--keytab", "KEYTAB", "--user", PRINCIPAL)], ids=["ticket", "password",
                                                                                                   "keytab"])
def test_without_ticket_at_hand(check, domain, plugin, words):
    """A password and a key table get a ticket of their own; without them there is none."""
    run = check(plugin, *LOCALHOST, *words, "--output=json", env=domain.env)
    assert run.findings() == ([] if words else [("ndes-ldap-ticket", "UNKNOWN")]), run


@EVERY_PLUGIN
def test_no_ticket(check, domain, plugin):
    assert_only(check(plugin, *LOCALHOST, "--output=json", env=domain.env), "ndes-ldap-ticket", "UNKNOWN")


@EVERY_PLUGIN
@pytest.mark.parametrize("mechanism", ["gssapi", "gss-spnego"])
def test_kerberos_is_sealed(check, plugin, mechanism):
    run = check(plugin, *LOCALHOST, f"--auth={mechanism}", "-vv")
    assert run.code == OK and "encrypted" in run.out, run


@EVERY_PLUGIN
@pytest.mark.parametrize("protection", [LDAPS, START_TLS], ids=["ldaps", "starttls"])
@pytest.mark.parametrize("mechanism", ["gssapi", "gss-spnego"])
def test_kerberos_in_tls(check, lenient, plugin, protection, mechanism):
    run = check(plugin, *CONTROLLER, *protection, f"--auth={mechanism}", "-vv", at=lenient, env=lenient.login())
    assert run.code == OK, run


@EVERY_PLUGIN
@pytest.mark.parametrize("protection", [LDAPS, START_TLS], ids=["ldaps", "starttls"])
def test_kerberos_in_tls_refused(check, plugin, protection):
    """Samba's default: no SASL inside TLS."""
    run = check(plugin, *CONTROLLER, *protection, "--auth=gssapi", "--output=json")
    assert_only(run, "ndes-ldap-unprotected", "UNKNOWN")


@pytest.mark.parametrize("server", ["right", "other"])
def test_channel_binding(domain, ticket, server):
    """An acceptor that insists on it, and one whose TLS ends at somebody else's certificate."""
    with domain.bound("lab.ldap.bound") as servers:
        facts = servers.facts[server]
        run = run_plugin(ACCOUNT, *CONTROLLER, "-p", facts["port"], "-S", "--ca-cert", facts["ca_file"],
                         "--account", "LAB\\svc-ndes", "--output=json", env=ticket, inside=domain.inside)
    assert run.findings() == ([] if server == "right" else [("ndes-ldap-unprotected", "UNKNOWN")]), run


@pytest.fixture(scope="module")
def forgers(domain):
    with domain.servers("lab.ldap.forger", f"{domain.directory}/dc/private/secrets.keytab", *FORGERIES) as servers:
        yield servers


# Whom the ticket is of makes no difference to what a server must prove.
TICKETS = {"cache": (), "ticket-cache": ("--ticket-cache", "CACHE"), "password": PASSWORD,
           "keytab": ("--keytab", "KEYTAB", "--user", PRINCIPAL)}
NOT_EVEN_A_TOKEN = ("at-once", "empty-first", "empty-token")
FORGED = {ACCOUNT: ("--account", "LAB\\svc-ndes"), TEMPLATE: QUESTIONS[TEMPLATE]}


@EVERY_PLUGIN
@pytest.mark.parametrize("words", TICKETS.values(), ids=TICKETS)
@pytest.mark.parametrize("mechanism", ["gssapi", "gss-spnego"])
@pytest.mark.parametrize("way", FORGERIES)
def test_server_that_proves_nothing(check, domain, ticket, forgers, plugin, way, mechanism, words):
    """In the clear it could make the whole directory up. What SASL itself notices is a fault; then the rootDSE may be looked
    at, for the clock."""
    places = {"PASSWORD": domain.password_file, "KEYTAB": domain.keytab(), "CACHE": ticket["KRB5CCNAME"]}
    before = len(forgers.counters(way)["bases"])
    run = run_plugin(plugin, *forgers.arguments(way), f"--auth={mechanism}", "--output=json", *FORGED[plugin],
                     *(places.get(word, word) for word in words), inside=domain.inside,
                     env=domain.env if words else ticket)
    asked = forgers.counters(way)["bases"][before:]
    assert (run.findings(), asked) in (([("ndes-ldap-broken", "UNKNOWN")], []), ([("ndes-ldap-fault", "UNKNOWN")], [""])), run
    assert way not in NOT_EVEN_A_TOKEN or "without proving its identity" in run.out, run


@EVERY_PLUGIN
def test_next_controller_after_one_that_proves_nothing(check, forgers, plugin):
    run = check(plugin, "-H", f"localhost:{forgers.facts['at-once']['port']}", *LOCALHOST, "-v")
    assert run.code == OK and "without proving its identity" in run.out, run


@EVERY_PLUGIN
def test_simple_needs_tls(plugin):
    """Refused before anybody is asked."""
    with LdapLab(tls=None, plain_binds=True) as lab:
        words = [word for word in lab.arguments() if word not in ("-T", "--ca-cert", lab.ca_file)]
        run = run_plugin(plugin, *words, *WHAT[plugin])
        assert run.code == UNKNOWN and "TLS" in run.out and "[ndes-" not in run.out, run
        assert lab.counters()["connections"] == 0


@EVERY_PLUGIN
@pytest.mark.parametrize("words", [(*LOCALHOST, "--user", PRINCIPAL, "--password-file", "WRONG"),
                                   ("-H", "127.0.0.1", *LDAPS, "--auth=simple", "--user", PRINCIPAL, "--password-file",
                                    "WRONG")], ids=["kerberos", "simple"])
def test_wrong_password_counts_once(check, domain, plugin, words):
    before = domain.bad_passwords()
    run = check(plugin, *words, "--output=json", env=domain.env)
    assert_only(run, "ndes-ldap-logon", "UNKNOWN")
    assert domain.bad_passwords() == before + 1
    assert check(plugin, *LOCALHOST, *PASSWORD, env=domain.env).code == OK    # which sets the counter back


@EVERY_PLUGIN
def test_wrong_password_is_tried_at_one_kdc(check, domain, plugin):
    """MIT Kerberos would ask the primary KDC for a second opinion, and that would count, too."""
    text = (domain.directory / "krb5.conf").read_text().replace(" kdc = 127", " primary_kdc = 127.0.0.2:88\n kdc = 127")
    env = {**domain.env, "KRB5_CONFIG": domain.file("krb5-primary.conf", text)}
    before = domain.bad_passwords()
    run = check(plugin, *LOCALHOST, "--user", PRINCIPAL, "--password-file", "WRONG", "--output=json", env=env)
    assert_only(run, "ndes-ldap-logon", "UNKNOWN")
    assert domain.bad_passwords() == before + 1
    assert check(plugin, *LOCALHOST, *PASSWORD, env=domain.env).code == OK


@EVERY_PLUGIN
def test_cache_of_somebody_else(check, domain, plugin):
    """--user is whom we sign in as, not who happens to be in the cache."""
    other = domain.login(people.SERVICE)["KRB5CCNAME"]
    run = check(plugin, *LOCALHOST, "--user", PRINCIPAL, "--ticket-cache", other, "--output=json")
    assert_only(run, "ndes-ldap-ticket", "UNKNOWN")
    assert check(plugin, *LOCALHOST, "--user", f"{people.SERVICE}@{REALM}", "--ticket-cache", other).code == OK


@EVERY_PLUGIN
def test_nothing_is_read_before_the_sign_in(plugin):
    """In the clear somebody on the way could change the clock that every verdict goes by."""
    kinds, lab = [], LdapLab()
    respond = lab.respond
    lab.respond = lambda request, connection: kinds.append(request.kind) or respond(request, connection)
    with lab:
        assert run_plugin(plugin, *lab.arguments(), *QUESTIONS[plugin]).code == OK
    assert kinds[0] == "bind" and "search" in kinds


@EVERY_PLUGIN
@pytest.mark.parametrize("user, finding", [
    (people.DISABLED, "ndes-ldap-locked"), (people.STALE, "ndes-ldap-locked"), ("acct-over", "ndes-ldap-locked"),
    ("acct-expired-password", "ndes-ldap-locked"), (people.LOCKED, "ndes-ldap-locked"), ("nobody", "ndes-ldap-logon")])
def test_accounts_that_cannot_sign_in(check, domain, plugin, user, finding):
    if user == people.LOCKED:
        domain.lock(user)
    for words in (LOCALHOST, ("-H", "127.0.0.1", *LDAPS, "--auth=simple")):
        run = check(plugin, *words, "--user", f"{user}@{REALM}", "--password-file", "PASSWORD", "--output=json",
                    env=domain.env)
        assert_only(run, finding, "UNKNOWN")


@EVERY_PLUGIN
def test_realm_that_nobody_knows(check, domain, plugin):
    run = check(plugin, *LOCALHOST, "--user", f"{people.MONITOR}@ELSEWHERE.TEST", "--password-file", "PASSWORD",
                "--output=json", env=domain.env)
    assert_only(run, "ndes-ldap-ticket", "UNKNOWN")


@EVERY_PLUGIN
def test_service_name_that_nobody_has(check, plugin):
    """The name of the server is what the ticket is asked for."""
    run = check(plugin, "-H", "127.0.0.1", "--output=json")
    assert_only(run, "ndes-ldap-spn", "UNKNOWN")


@EVERY_PLUGIN
def test_service_name_of_another(check, domain, plugin):
    """The ticket is for another account, so that the server cannot read it."""
    with domain.service_name("ldap/localhost", "DC1$", people.SERVICE):
        run = check(plugin, *LOCALHOST, *PASSWORD, "--output=json", env=domain.env)
    assert run.code == UNKNOWN and run.ids() in (["ndes-ldap-spn"], ["ndes-ldap-logon"]), run


@EVERY_PLUGIN
@pytest.mark.parametrize("words", [(), PASSWORD], ids=["ticket", "password"])
def test_clock(check, domain, plugin, words):
    """A client whose clock is 20 minutes ahead. With a password MIT Kerberos learns the right time and goes on."""
    shifted = ("env", "FAKETIME_DONT_FAKE_MONOTONIC=1", need("faketime", "faketime"), "-f", "+20m")
    run = check(plugin, *LOCALHOST, *words, "--output=json", inside=shifted, env=domain.env if words else None)
    assert run.findings() == ([] if words else [("ndes-ldap-clock", "UNKNOWN")]), run


@EVERY_PLUGIN
def test_certificate_that_names_another(check, plugin):
    run = check(plugin, "-H", "127.0.0.2", *LDAPS, *SIMPLE, "--output=json")
    assert_only(run, "ndes-ldap-tls", "CRITICAL")


@EVERY_PLUGIN
@pytest.mark.parametrize("flag", ["-S", "-T"])
def test_authority_that_we_do_not_trust(check, plugin, flag, tmp_path):
    other = Tls(tmp_path, "untrusted")
    own = (tmp_path / "server.pem").read_text()
    (tmp_path / "other.pem").write_text(own[:own.index("-----END CERTIFICATE-----")] + "-----END CERTIFICATE-----\n")
    assert other.ca_file.exists()
    run = check(plugin, "-H", "127.0.0.1", flag, "--ca-cert", tmp_path / "other.pem", *SIMPLE, "--output=json")
    assert_only(run, "ndes-ldap-tls", "CRITICAL")


@EVERY_PLUGIN
@pytest.mark.parametrize("words", [("--ca-cert", "/nonexistent/ca.pem"), ("--ca-cert", "/etc/hostname")], ids=" ".join)
def test_files_that_are_no_use(check, plugin, words):
    """Our own fault, never the server's."""
    run = check(plugin, "-H", "127.0.0.1", "-S", *words, *SIMPLE)
    assert run.code == UNKNOWN and words[-1] in run.out, run


@EVERY_PLUGIN
def test_insecure_shows_no_password(plugin):
    """A password goes to no server that has not proved who it is."""
    with LdapLab(tls="untrusted") as lab:
        run = run_plugin(plugin, *lab.arguments(), "--insecure", *WHAT[plugin])
        assert run.code == UNKNOWN and "--insecure" in run.out and "[ndes-" not in run.out, run
        assert lab.counters()["connections"] == 0


@EVERY_PLUGIN
@pytest.mark.parametrize("flag", ["-S", "-T"])
@pytest.mark.parametrize("mechanism", ["gssapi", "gss-spnego"])
def test_insecure_with_a_ticket(plugin, mechanism, flag):
    """Inside TLS it is the certificate that proves the server: Kerberos' proof could be passed on."""
    with LdapLab(tls="untrusted" if flag == "-S" else None) as lab:
        run = run_plugin(plugin, "-H", f"localhost:{lab.port}", flag, "--insecure", f"--auth={mechanism}", *WHAT[plugin])
        assert run.code == UNKNOWN and "--insecure" in run.out and "[ndes-" not in run.out, run
        assert lab.counters()["connections"] == 0


@EVERY_PLUGIN
def test_tls_port_without_tls(check, plugin):
    """LDAP in the clear at the port of LDAPS, and the other way round."""
    run = check(plugin, *LOCALHOST, "-p", "636", "-t", "5", "--output=json")
    assert run.code in (CRITICAL, UNKNOWN) and run.ids() in (["ndes-ldap-broken"], ["ndes-ldap-timeout"]), run
    run = check(plugin, "-H", "127.0.0.1", "-p", "389", *LDAPS, *SIMPLE, "-t", "5", "--output=json")
    assert_only(run, "ndes-ldap-tls", "CRITICAL")


@EVERY_PLUGIN
@pytest.mark.parametrize("words", [("-p", "9"), ("-H", "127.0.0.4")], ids=["port", "address"])
def test_nobody_listens(check, plugin, words):
    run = check(plugin, "-H", "127.0.0.3", *words, "--output=json")
    assert_only(run, "ndes-ldap-refused", "CRITICAL")


@EVERY_PLUGIN
def test_name_that_does_not_resolve(plugin):
    """The network comes first: nobody is bothered for a ticket before the server answers."""
    run = run_plugin(plugin, "-H", UNRESOLVABLE, *WHAT[plugin], "--output=json")
    assert run.code == CRITICAL
    assert_only(run, "ndes-net-dns", "CRITICAL")


@EVERY_PLUGIN
def test_source_address_that_is_not_ours(check, plugin):
    run = check(plugin, *LOCALHOST, "--source-address", "192.0.2.1", "--output=json")
    assert_only(run, "ndes-ldap-settings", "UNKNOWN")


@EVERY_PLUGIN
@pytest.mark.parametrize("first", ["127.0.0.3", UNRESOLVABLE])
def test_next_controller(check, plugin, first):
    """One that is down is skipped, and told of."""
    run = check(plugin, "-H", first, *LOCALHOST, "-v")
    assert run.code == OK and "skipped" in run.out and first in run.out, run


@EVERY_PLUGIN
def test_next_controller_after_silence(plugin):
    """One that accepts and says nothing gets its share of the deadline, not all of it."""
    with silent() as port, LdapLab() as lab:
        run = run_plugin(plugin, "-H", f"127.0.0.1:{port}", "-H", f"127.0.0.1:{lab.port}", "-t", "5", "-S", "--ca-cert",
                         lab.ca_file, "--auth=simple", "--user", USER, "--password-file", lab.password_file,
                         *QUESTIONS[plugin], "--output=json")
    assert run.findings() == [], run
    assert any(f"skipped: 127.0.0.1 port {port}" in note for note in run.json()["notes"]), run


@EVERY_PLUGIN
def test_silence(check, plugin):
    with silent() as port:
        run = run_plugin(plugin, "-H", "127.0.0.1", "-p", port, "-S", "-t", "2", *WHAT[plugin], "--output=json")
    assert_only(run, "ndes-ldap-timeout", "CRITICAL")
    assert run.seconds < 2 + SLACK


@contextlib.contextmanager
def silent():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@EVERY_PLUGIN
def test_no_second_try_with_a_wrong_password(check, domain, plugin):
    """Several controllers of one domain: a refused password is refused by all of them, and counts once."""
    before = domain.bad_passwords()
    run = check(plugin, "-H", "127.0.0.1", "-H", "dc1.ndes.test", *LDAPS, "--auth=simple", "--user", PRINCIPAL,
                "--password-file", "WRONG", "--output=json")
    assert_only(run, "ndes-ldap-logon", "UNKNOWN")
    assert domain.bad_passwords() == before + 1
    assert check(plugin, *LOCALHOST, *PASSWORD, env=domain.env).code == OK


@EVERY_PLUGIN
def test_limits_of_time(check, plugin):
    run = check(plugin, *LOCALHOST, "--time-warning", "0.000001", "--output=json")
    assert_only(run, "ndes-ldap-slow", "WARNING")
    run = check(plugin, *LOCALHOST, "--time-warning", "0.000001", "--time-critical", "0.000002", "--output=json")
    assert_only(run, "ndes-ldap-slow", "CRITICAL")


# Zones of the domain: what the run must find, and what its text says.
SERVICE_NAME, GOOD = "_ldap._tcp.ndes.test", "0 100 389 dc1.ndes.test."
HOSTS = {"dc1.ndes.test": {"A": ["127.0.0.1"]}, "dead.ndes.test": {"A": ["127.0.0.3"]}}
ZONES = {
    "one": ({SERVICE_NAME: {"SRV": [GOOD]}}, []),
    "dead-first": ({SERVICE_NAME: {"SRV": [GOOD.replace("0", "5", 1), "0 100 389 dead.ndes.test."]}}, []),
    "nameless-first": ({SERVICE_NAME: {"SRV": [GOOD.replace("0", "5", 1), "0 100 389 nowhere.ndes.test."]}}, []),
    "by-weight": ({SERVICE_NAME: {"SRV": ["0 0 389 dead.ndes.test.", GOOD]}}, []),
    "all-dead": ({SERVICE_NAME: {"SRV": ["0 1 389 dead.ndes.test.", "1 1 389 dead.ndes.test."]}},
                 [("ndes-ldap-refused", "CRITICAL")]),
    "none": ({}, [("ndes-net-dns", "CRITICAL")]),
    "empty": ({SERVICE_NAME: {"A": ["127.0.0.1"]}}, [("ndes-net-dns", "CRITICAL")]),
    "refused": ({SERVICE_NAME: {"rcode": "REFUSED"}}, [("ndes-net-dns", "CRITICAL")]),
    "broken": ({SERVICE_NAME: {"rcode": "SERVFAIL"}}, [("ndes-net-dns", "CRITICAL")]),
    "not-offered": ({SERVICE_NAME: {"SRV": ["0 0 0 ."]}}, [("ndes-net-dns", "CRITICAL")]),
    "many": ({SERVICE_NAME: {"SRV": [f"1 1 389 dead.ndes.test." for _ in range(1)] + [
        f"{number + 2} 1 389 dead{number}.ndes.test." for number in range(12)] + [GOOD]}}, []),
}


@EVERY_PLUGIN
@pytest.mark.parametrize("zone", ZONES)
def test_domain_by_its_records(check, domain, plugin, zone):
    records, expected = ZONES[zone]
    with domain.names({**HOSTS, **records}) as network:
        run = check(plugin, "--domain", "ndes.test", "--output=json", network=network)
    assert run.findings() == expected, run


@EVERY_PLUGIN
def test_domain_in_tls(check, lenient, plugin):
    """The records say 389; with -S it is the port of LDAPS, and the name of the record is in the certificate."""
    with lenient.names({**HOSTS, SERVICE_NAME: {"SRV": [GOOD]}}) as network:
        run = check(plugin, "--domain", "ndes.test", *LDAPS, "--output=json", network=network, at=lenient,
                    env=lenient.login())
    assert run.findings() == [], run


@EVERY_PLUGIN
def test_name_server_that_is_silent(check, domain, plugin):
    with domain.names({**HOSTS, SERVICE_NAME: {"rcode": "SILENT"}}) as network:
        run = check(plugin, "--domain", "ndes.test", "-t", "2", "--output=json", network=network)
    assert run.code == CRITICAL and run.ids() in (["ndes-net-dns"], ["ndes-ldap-timeout"]), run
    assert run.seconds < 2 + SLACK, run
