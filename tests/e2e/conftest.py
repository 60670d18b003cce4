# Finds the lab, picks the tests of a stage, keeps the Windows domain that several files ask for, and prints the matrix.
# SPDX-License-Identifier: GPL-3.0-or-later
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # tests/, for `lab`
sys.path.insert(0, str(Path(__file__).resolve().parent))

import stages  # noqa: E402 - found by the path above
from peers.namespace import NamespaceRefused  # noqa: E402 - found by the path above
from peers.samba_dc import samba_dc  # noqa: E402 - found by the path above


def pytest_addoption(parser):
    parser.addoption("--stage", choices=stages.STAGES, help="only the tests of this stage of tests/run: see stages.py")


def _group(item, stage):
    """Tests that share what a file starts. The longest files start it once for each function where much time is waiting."""
    shared = stage == "valgrind" and item.path.name.startswith("test_peers_winrm")
    return f"{item.path.name}::{item.originalname}" if shared else item.path.name


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Takes out what is not of the stage. With --dist loadgroup a domain or a peer is started once; those files come first, as
    the tests of one cannot be shared out."""
    named = [((f"{item.path.name}::{item.name}", item.path.parent.name), item) for item in items]
    if config.option.stage:
        wanted = stages.chosen(config.option.stage, [name for name, _ in named])
        config.hook.pytest_deselected(items=[item for name, item in named if name not in wanted])
        items[:] = [item for name, item in named if name in wanted]
    for item in items:
        if "domain" in item.fixturenames or item.path.name.startswith(("test_peers_", "test_stages")):
            item.add_marker(pytest.mark.xdist_group(_group(item, config.option.stage)))
    items.sort(key=lambda item: not any(item.iter_markers("xdist_group")))


@pytest.fixture
def whole_stacks(monkeypatch):
    """For sanitized runs: the slow unwinder sees through libraries without frame pointers, and functions have names."""
    monkeypatch.setenv("ASAN_OPTIONS", "fast_unwind_on_malloc=0:symbolize=1")


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
