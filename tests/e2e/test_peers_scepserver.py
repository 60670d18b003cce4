# Both checks against Debian's Go SCEP server, a plain CA without RA certificates.
# SPDX-License-Identifier: GPL-3.0-or-later

import subprocess

import pytest

from peers.namespace import NamespaceRefused
from running import CRITICAL, OK, run_plugin
from peers.process import need
from peers.scepserver import CHALLENGE, scep_server

HTTP, RACERT = "check_ndes_http", "check_ndes_racert"
OTHER = ("--profile=other", "--admin=off")


@pytest.fixture(scope="module")
def peer():
    try:
        with scep_server() as server:
            yield server
    except NamespaceRefused as refusal:
        pytest.skip(f"needs root or user namespaces: {refusal}")


def check(peer, name, *options):
    return run_plugin(name, "-u", peer.url, *options, inside=peer.inside)


def test_the_peer_enrols_a_foreign_client(peer, tmp_path):
    command = [*peer.inside, need("scepclient", "scep"), "-server-url", peer.url, "-private-key", tmp_path / "k",
               "-certificate", tmp_path / "c.pem", "-challenge", CHALLENGE, "-cn", "device1"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "c.pem").exists()


def test_the_peer_answers_the_bare_url_with_500(peer):
    answer = peer.curl("--include", peer.url)
    assert answer.startswith(b"HTTP/1.1 500 ") and answer.endswith(b"operation not implemented")


def test_http_is_content_with_it(peer):
    answer = check(peer, HTTP, *OTHER)
    assert answer.code == OK, answer
    assert answer.first_line.startswith("NDES HTTP OK - "), answer


def test_http_knows_all_its_capabilities(peer):
    answer = check(peer, HTTP, *OTHER, "--require-caps=POSTPKIOperation,SHA-256,AES,SCEPStandard", "--output=json")
    assert (answer.code, answer.ids()) == (OK, []), answer


def test_http_misses_a_capability_that_it_lacks(peer):
    answer = check(peer, HTTP, *OTHER, "--require-caps=SHA-512", "--output=json")
    assert answer.ids() == ["ndes-http-caps"], answer


def test_http_judges_the_bare_url_of_an_ndes_profile(peer):
    answer = check(peer, HTTP, "--profile=ndes", "--admin=off", "--output=json")
    assert (answer.code, answer.ids()) == (CRITICAL, ["ndes-http-500"]), answer


def test_http_finds_no_admin_page(peer):
    assert check(peer, HTTP, "--profile=other").code == OK
    required = check(peer, HTTP, "--profile=other", "--admin=required", "--output=json")
    assert required.ids() == ["ndes-admin-missing"], required


def test_http_passes_its_long_url(peer):
    answer = check(peer, HTTP, *OTHER, "--long-url")
    assert answer.code == OK, answer


def test_racert_accepts_a_plain_ca_on_request(peer):
    answer = check(peer, RACERT, "--allow-no-ra")
    assert answer.code == OK, answer
    assert answer.first_line.startswith("NDES RACERT OK - "), answer


def test_racert_misses_the_ra_certificates(peer):
    answer = check(peer, RACERT)
    assert answer.code == CRITICAL and "[ndes-ra-missing]" in answer.first_line, answer


def test_racert_judges_the_file_of_the_ca_alike(peer):
    answer = run_plugin(RACERT, "--file", peer.ca_file, "--allow-no-ra", "--output=json")
    assert (answer.code, answer.ids()) == (OK, []), answer


def test_racert_builds_the_chain_to_the_given_ca(peer):
    answer = check(peer, RACERT, "--allow-no-ra", "--ca-file", peer.ca_file, "--output=json")
    assert (answer.code, answer.ids()) == (OK, []), answer
