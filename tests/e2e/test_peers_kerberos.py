# The password page behind Kerberos: Apache with mod_auth_gssapi and an MIT KDC.
# SPDX-License-Identifier: GPL-3.0-or-later

import subprocess

import pytest

from peers.kerberos_apache import kerberos_apache
from peers.kerberos_apache import PASSWORD as LOGIN_PASSWORD
from peers.ndes_files import PASSWORD
from running import OK, UNKNOWN, run_plugin
from peers.process import need
from peers.secrecy import assert_secret

HTTP = "check_ndes_http"
LOUD = [(), ("-v",), ("-vv",), ("-vvv",), ("--output=json",), ("--output=json", "-vvv")]


@pytest.fixture(scope="module")
def peer():
    with kerberos_apache() as server:
        yield server


@pytest.fixture(scope="module")
def ticket(peer):
    return peer.login()


def challenge(peer, env, state_dir, *options):
    return run_plugin(HTTP, "-u", peer.url, "--admin=challenge", "--auth=negotiate", "--state-dir", state_dir, *options,
                      env=env)


def curl_status(peer, env):
    command = [need("curl", "curl"), "--silent", "--output", "/dev/null", "--write-out", "%{http_code}", "--noproxy", "*",
               "--negotiate", "--user", ":", peer.admin_url]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=20, check=False).stdout


def test_the_peer_lets_in_curl_with_a_ticket_only(peer, ticket):
    assert curl_status(peer, ticket) == "200"
    assert curl_status(peer, peer.without_ticket()) == "401"


def test_ticket_opens_the_password_page(peer, ticket, tmp_path):
    before = peer.passwords_shown()
    answer = challenge(peer, ticket, tmp_path, "-v")
    assert answer.code == OK, answer
    assert "password" in answer.out, answer
    assert peer.passwords_shown() == before + 1


def test_no_second_password_within_the_interval(peer, ticket, tmp_path):
    before = peer.passwords_shown()
    assert challenge(peer, ticket, tmp_path).code == OK
    assert peer.passwords_shown() == before + 1
    again = challenge(peer, ticket, tmp_path, "--output=json")
    assert (again.code, again.ids()) == (OK, []), again
    assert peer.passwords_shown() == before + 1


@pytest.mark.parametrize("options", LOUD, ids=" ".join)
def test_passwords_stay_secret(peer, ticket, tmp_path, options):
    answer = challenge(peer, ticket, tmp_path, *options)
    assert answer.code == OK, answer
    assert_secret((PASSWORD, LOGIN_PASSWORD), answer, tmp_path)


@pytest.fixture(scope="module")
def ways(peer, ticket, tmp_path_factory):
    """Of giving credentials by options, with nothing in the environment."""
    password = tmp_path_factory.mktemp("login") / "password"
    password.write_text(LOGIN_PASSWORD + "\n")
    user = f"--user={peer.principal}"
    return {"keytab": [user, f"--keytab={peer.keytab}"], "password": [user, f"--password-file={password}"],
            "cache": [f"--ticket-cache={ticket['KRB5CCNAME']}"],
            "cache of a user": [user, f"--ticket-cache={ticket['KRB5CCNAME']}"]}


@pytest.mark.parametrize("way", ["keytab", "password", "cache", "cache of a user"])
def test_credentials_by_options(peer, ways, tmp_path, way):
    before = peer.passwords_shown()
    answer = challenge(peer, peer.without_ticket(), tmp_path, *ways[way], "-vvv")
    assert answer.code == OK and "signed in: a one-time challenge password" in answer.out, answer
    assert peer.passwords_shown() == before + 1
    assert_secret((PASSWORD, LOGIN_PASSWORD), answer, tmp_path)


def test_keytab_needs_no_word_of_the_scheme(peer, ways, tmp_path):
    answer = run_plugin(HTTP, "-u", peer.url, "--admin=challenge", "--state-dir", tmp_path, *ways["keytab"],
                        env=peer.without_ticket())
    assert answer.code == OK and "admin page gives passwords" in answer.first_line, answer


def test_refused_password_is_tried_once(peer, tmp_path):
    """The KDC counts wrong passwords; NDES is never asked, and the next try is after the interval."""
    wrong = tmp_path / "wrong"
    wrong.write_text("Passw0rd-wrong\n")
    words = f"--user={peer.principal}", f"--password-file={wrong}"
    asked, shown = peer.logons_refused(), peer.passwords_shown()
    first = challenge(peer, peer.without_ticket(), tmp_path, *words)
    again = challenge(peer, peer.without_ticket(), tmp_path, *words)
    assert first.code == again.code == UNKNOWN and "[ndes-admin-auth]" in first.first_line, first
    assert first.first_line.startswith("NDES HTTP UNKNOWN - admin page: Kerberos sign-in refused: "), first
    assert "next try in 30 minutes" in first.out and "0 minutes ago" in again.out, again
    assert peer.logons_refused() == asked + 1 and peer.passwords_shown() == shown
    assert_secret(("Passw0rd-wrong",), first, tmp_path / "none")


def test_other_reasons_for_no_ticket_are_tried_again(peer, ways, tmp_path):
    """Nothing counts these: once the cause is gone the very next run signs in."""
    words = [word.replace(peer.principal, "user1@NOWHERE.TEST") for word in ways["password"]]
    for _ in range(2):
        answer = challenge(peer, peer.without_ticket(), tmp_path, *words)
        assert answer.code == UNKNOWN and "admin page: cannot obtain a Kerberos ticket: " in answer.first_line, answer
        assert "NOWHERE.TEST" in answer.out and "next try" not in answer.out, answer
    assert challenge(peer, peer.without_ticket(), tmp_path, *ways["password"]).code == OK


def test_without_ticket_the_check_cannot_look(peer, tmp_path):
    before = peer.passwords_shown()
    answer = challenge(peer, peer.without_ticket(), tmp_path, "--output=json")
    assert (answer.code, answer.ids()) == (UNKNOWN, ["ndes-admin-auth"]), answer
    assert peer.passwords_shown() == before


def test_text_output_names_the_refused_login(peer, tmp_path):
    answer = challenge(peer, peer.without_ticket(), tmp_path)
    assert answer.first_line.startswith("NDES HTTP UNKNOWN - admin page: cannot obtain a Kerberos ticket: "), answer
    assert "[ndes-admin-auth]" in answer.first_line, answer


def test_anonymous_request_is_enough_by_default(peer, tmp_path):
    before = peer.passwords_shown()
    answer = run_plugin(HTTP, "-u", peer.url, "--state-dir", tmp_path, "--output=json", env=peer.without_ticket())
    assert (answer.code, answer.ids()) == (OK, []), answer
    assert peer.passwords_shown() == before


def test_racert_reads_certificates_made_by_openssl(peer):
    answer = run_plugin("check_ndes_racert", "-u", peer.url, "--output=json")
    assert (answer.code, answer.ids()) == (OK, []), answer
