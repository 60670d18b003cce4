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


def test_without_ticket_the_check_cannot_look(peer, tmp_path):
    before = peer.passwords_shown()
    answer = challenge(peer, peer.without_ticket(), tmp_path, "--output=json")
    assert (answer.code, answer.ids()) == (UNKNOWN, ["ndes-admin-auth"]), answer
    assert peer.passwords_shown() == before


def test_text_output_names_the_refused_login(peer, tmp_path):
    answer = challenge(peer, peer.without_ticket(), tmp_path)
    assert answer.first_line.startswith("NDES HTTP UNKNOWN - ") and "[ndes-admin-auth]" in answer.first_line, answer


def test_anonymous_request_is_enough_by_default(peer):
    before = peer.passwords_shown()
    answer = run_plugin(HTTP, "-u", peer.url, "--output=json", env=peer.without_ticket())
    assert (answer.code, answer.ids()) == (OK, []), answer
    assert peer.passwords_shown() == before


def test_racert_reads_certificates_made_by_openssl(peer):
    answer = run_plugin("check_ndes_racert", "-u", peer.url, "--output=json")
    assert (answer.code, answer.ids()) == (OK, []), answer
