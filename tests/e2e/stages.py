# Which test runs on which build: pytest --stage plain|sanitized|valgrind; all of them without it.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever is not named here runs on the sanitized build, once. test_stages.py proves that no test is lost."""

STAGES = ("plain", "sanitized", "valgrind")

# On the plain build besides the lab's own tests, which run no check, and those with servers and clients of others.
PLAIN = {
    "test_stages.py": "no check runs there",
    "test_directory_bind.py::test_clock": "under faketime a program with the address sanitizer hangs",
    "test_peers_winrm.py::test_clock": "the same",
    "test_process.py::test_a_crash_is_unknown_and_says_so": "a sanitizer takes the signals",
    "test_torture.py": "an allocator that fails in the place of the sanitizer's",
    "test_parent.py::test_few_descriptors": "a sanitizer opens files, too",
    "test_directory_hostile.py::test_hostile[notice-": "libldap 2.5 loses a notice of disconnection",
}
# On both: servers that misbehave, as the memory that they make a check take can only be told on the plain build, and
# signing in to real peers.
BOTH = ("test_hostile.py::test_hostile", "test_winrm_hostile.py::test_hostile", "test_directory_hostile.py::test_hostile",
        "test_peers_kerberos.py", "test_peers_ntlm.py", "test_peers_winrm.py")
# Of everything else that has so many sets of parameters, every so-manieth runs on the plain build, too.
EVERY = 12

# Under valgrind: all ways to sign in, with one of the two checks that share the code,
SIGN_INS = (
    "test_directory_bind.py::test_ways_to_sign_in", "test_directory_bind.py::test_channel_binding",
    "test_peers_winrm.py::test_healthy", "test_peers_winrm.py::test_ways_to_sign_in",
    "test_peers_ntlm.py::test_right_password_opens_the_page", "test_peers_ntlm.py::test_password_works_beside_negotiate",
    "test_peers_ntlm.py::test_wrong_password_is_unknown", "test_peers_kerberos.py::test_ticket_opens_the_password_page",
)
SIGN_INS_OF_OTHERS = ("check_ndes_template", "check_ndes_connector")
# each parser of foreign data, by the name of its fuzz target,
PARSERS = {
    "admin_page": "test_matrix.py::test_scenario[admin-password-check_ndes_http]",
    "bundle": "test_matrix.py::test_scenario[ca-chain-check_ndes_racert]",
    "caps": "test_matrix.py::test_scenario[caps-unknown-check_ndes_http]",
    "crl": "test_matrix.py::test_scenario[crl-fresh-check_ndes_racert]",
    "descriptor": "test_directory_hostile.py::test_data[descriptor-callback-template]",
    "entry": "test_directory_hostile.py::test_data[many-groups-account]",
    "heartbeat": "test_winrm_matrix.py::test_scenario[conn-heartbeat-future-check_ndes_connector]",
    "ini": "test_options.py::test_extra_opts_section",
    "negotiate": "test_peers_winrm.py::test_faults_of_the_server[bad-base64-kerberos]",
    "range": "test_options.py::test_threshold_forms",
    "reply": "test_winrm_matrix.py::test_scenario[winrm-pretty-check_ndes_apppool]",
    "sealed": "test_peers_winrm.py::test_faults_of_the_server[wrong-length-kerberos]",
    "state": "test_state_files.py::test_foreign_file_stays[check_ndes_connector]",
    "store_blob": "test_winrm_matrix.py::test_scenario[winrm-certificate-check_ndes_connector]",
}
# and so many of these, evenly spread.
SPREAD = {
    "test_matrix.py::test_scenario": 3, "test_winrm_matrix.py::test_scenario": 3, "test_directory_matrix.py::test_case": 2,
    "test_hostile.py::test_hostile": 2, "test_winrm_hostile.py::test_hostile": 2,
    "test_directory_hostile.py::test_hostile": 2, "test_directory_hostile.py::test_data": 2,
    "test_options.py::test_wrong_option_is_one_clear_line": 2, "test_hostile.py::test_header_lines": 1,
}


def function(test):
    """Of `file.py::function[parameters]` what is before the parameters."""
    return test.partition("[")[0]


def by_function(tests):
    """{file.py::function: its tests}; tests are pairs of (`file.py::function[parameters]`, folder)."""
    groups = {}
    for test in tests:
        groups.setdefault(function(test[0]), []).append(test)
    return groups


def plain_only(test, folder):
    return folder == "lab" or test.startswith(tuple(PLAIN)) or test.startswith("test_peers_") and not test.startswith(BOTH)


def evenly(tests, count):
    return tests[::max(1, len(tests) // count)][:count]


def chosen(stage, tests):
    """Those of the tests that a stage runs."""
    if stage == "sanitized":
        return {test for test in tests if not plain_only(*test)}
    if stage == "plain":
        picked = {test for test in tests if test[0].startswith(BOTH) or plain_only(*test)}
        return picked.union(*(group[EVERY - 1::EVERY] for group in by_function(tests).values()))
    picked = {test for test in tests if test[0] in PARSERS.values() or
              function(test[0]) in SIGN_INS and not any(other in test[0] for other in SIGN_INS_OF_OTHERS)}
    return picked.union(*(evenly(group, SPREAD[name]) for name, group in by_function(tests).items() if name in SPREAD))
