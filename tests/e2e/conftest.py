# Finds the lab, keeps the Windows domain that several files ask for, and prints the matrix at the end of the run.
# SPDX-License-Identifier: GPL-3.0-or-later
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # tests/, for `lab`
sys.path.insert(0, str(Path(__file__).resolve().parent))

from peers.namespace import NamespaceRefused  # noqa: E402 - found by the path above
from peers.samba_dc import samba_dc  # noqa: E402 - found by the path above


@pytest.fixture(scope="module")
def domain():
    """A Samba domain controller in a network namespace of its own."""
    try:
        with samba_dc() as running:
            yield running
    except NamespaceRefused as refusal:
        pytest.skip(f"needs root: {refusal}")


@pytest.fixture(scope="module")
def fleet(domain, request):
    """The servers that the test's module lists as MEMBERS, all in the domain."""
    with domain.fleet(request.module.MEMBERS) as servers:
        yield servers


@pytest.fixture(scope="module")
def ticket(domain):
    """The environment with a Kerberos ticket of the monitoring account."""
    return domain.login()


def _recorded(terminalreporter, wanted):
    """What the tests have recorded under a name."""
    return [value for reports in terminalreporter.stats.values() for report in reports
            if getattr(report, "when", None) == "call"
            for name, value in report.user_properties if name == wanted]


def pytest_terminal_summary(terminalreporter):
    """The table of the whole suite: fault, check, ID, state. And how much was compared with other implementations."""
    rows, oracles = _recorded(terminalreporter, "matrix"), _recorded(terminalreporter, "oracle")
    if not rows and not oracles:
        return
    terminalreporter.section("matrix: fault, check, findings")
    for order, fault, check, findings in sorted(map(tuple, rows)):
        terminalreporter.write_line(f"{fault:24} {check:18} {findings}")
    for line in sorted(oracles):
        terminalreporter.write_line(f"oracle: {line}")
