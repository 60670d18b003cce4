# The password page behind NTLM, verified by python3-impacket.
# SPDX-License-Identifier: GPL-3.0-or-later

import os
import subprocess

import pytest

from peers.ndes_files import PASSWORD as PAGE_PASSWORD
from peers.ntlm_server import DOMAIN, PASSWORD, USER, ntlm_server
from running import OK, UNKNOWN, run_plugin
from peers.process import need
from peers.secrecy import assert_secret

WRONG = "not-the-password"


@pytest.fixture
def peer():
    with ntlm_server() as server:
        yield server


@pytest.fixture
def iis():
    """Offers Negotiate and NTLM, as IIS does; there is no Kerberos behind it."""
    with ntlm_server(("Negotiate", "NTLM")) as server:
        yield server


@pytest.fixture
def state_dir(tmp_path):
    path = tmp_path / "state"
    path.mkdir()
    return path


def secret_file(directory, password, end="\n"):
    path = directory / "password"
    path.write_text(password + end)
    path.chmod(0o600)
    return path


def sign_in(peer, state_dir, secret, *options, user=USER, auth="ntlm"):
    return challenge(peer, state_dir, f"--auth={auth}", "--user", user, "--password-file", secret, *options)


def challenge(peer, state_dir, *options):
    env = {**os.environ, "KRB5CCNAME": f"FILE:{state_dir}/no-ticket"}
    return run_plugin("check_ndes_http", "-u", peer.url, "--admin=challenge", "--state-dir", state_dir, *options, env=env)


@pytest.mark.parametrize("user, password, status", [(USER, PASSWORD, "200"), (f"{DOMAIN}\\{USER}", PASSWORD, "200"),
                                                    (USER, WRONG, "401"), ("nobody", PASSWORD, "401")])
def test_the_peer_verifies_curl(peer, user, password, status):
    command = [need("curl", "curl"), "--silent", "--output", "/dev/null", "--write-out", "%{http_code}", "--noproxy", "*",
               "--ntlm", "--user", f"{user}:{password}", peer.admin_url]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert done.stdout == status


@pytest.mark.parametrize("user, domain", [(USER, ""), (f"{DOMAIN}\\{USER}", DOMAIN)], ids=["user", "domain-user"])
def test_right_password_opens_the_page(peer, tmp_path, state_dir, user, domain):
    answer = sign_in(peer, state_dir, secret_file(tmp_path, PASSWORD), user=user)
    assert answer.code == OK, answer
    assert (domain, USER, True) in peer.logins
    assert peer.passwords_shown == 1


@pytest.mark.parametrize("end", ["", "\r\n"], ids=["no-newline", "crlf"])
def test_line_end_is_no_part_of_the_password(peer, tmp_path, state_dir, end):
    answer = sign_in(peer, state_dir, secret_file(tmp_path, PASSWORD, end))
    assert answer.code == OK, answer


def test_wrong_password_is_unknown(peer, tmp_path, state_dir):
    answer = sign_in(peer, state_dir, secret_file(tmp_path, WRONG), "--output=json", user=f"{DOMAIN}\\{USER}")
    assert (answer.code, answer.ids()) == (UNKNOWN, ["ndes-admin-auth"]), answer
    assert peer.logins and not any(accepted for _, _, accepted in peer.logins)
    assert peer.passwords_shown == 0


def test_wrong_password_is_tried_only_once(peer, tmp_path, state_dir):
    sign_in(peer, state_dir, secret_file(tmp_path, WRONG))
    assert len(peer.logins) == 1, "more tries lock the account"


def test_password_from_extra_opts(peer, tmp_path, state_dir):
    ini = tmp_path / "plugins.ini"
    ini.write_text(f"[ndes]\nuser={DOMAIN}\\{USER}\npassword={PASSWORD}\n")
    ini.chmod(0o600)
    answer = challenge(peer, state_dir, "--auth=ntlm", f"--extra-opts=ndes@{ini}")
    assert answer.code == OK, answer
    assert (DOMAIN, USER, True) in peer.logins


@pytest.mark.parametrize("auth", ["auto", "ntlm"])
def test_password_works_beside_negotiate(iis, tmp_path, state_dir, auth):
    answer = sign_in(iis, state_dir, secret_file(tmp_path, PASSWORD), auth=auth)
    assert answer.code == OK, answer
    assert iis.passwords_shown == 1


@pytest.mark.parametrize("level", ["-v", "-vv", "-vvv"])
@pytest.mark.parametrize("password", [PASSWORD, WRONG], ids=["right", "wrong"])
def test_passwords_stay_secret(peer, tmp_path, state_dir, level, password):
    answer = sign_in(peer, state_dir, secret_file(tmp_path, password), level)
    assert answer.code == (OK if password == PASSWORD else UNKNOWN), answer
    assert_secret((password, PAGE_PASSWORD), answer, state_dir)
