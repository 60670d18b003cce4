# Revocation lists: fetched once, from where the certificates say, with nothing that is meant for NDES.
# SPDX-License-Identifier: GPL-3.0-or-later
from lab import Lab
from running import OK, run_plugin

RACERT = "check_ndes_racert"


def test_a_shared_list_is_fetched_once():
    with Lab(["crl-fresh"]) as lab:
        run = run_plugin(RACERT, *lab.arguments(RACERT))
        fetched = {path: count for path, count in lab.side_counters.as_dict()["requests"].items() if "crl" in path}
    assert run.code == OK and "crl_hours=" in run.first_line, run
    assert sum(fetched.values()) == 1, fetched


def test_connect_address_is_for_ndes_only():
    """Nobody listens on 127.0.0.9; the list's host is reached all the same."""
    with Lab(["crl-fresh"]) as lab:
        run = run_plugin(RACERT, "--file", lab.file("cacert.p7b"), "--check-crl", "-I", "127.0.0.9")
    assert run.code == OK and "crl_hours=" in run.first_line, run


def test_file_without_crl_check_needs_no_network():
    with Lab(["crl-closed"]) as lab:
        run = run_plugin(RACERT, "--file", lab.file("cacert.p7b"))
    assert run.code == OK and "crl_hours=" not in run.first_line, run
