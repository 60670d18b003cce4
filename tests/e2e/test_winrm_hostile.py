# WinRM servers that misbehave: a right finding within the deadline, bounded memory, clean output.
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from lab.scenario import worst
from lab.winrm.hostile import ROWS, HostileWinrm
from running import NAMES, SLACK, VALGRIND, deadline_of, run_plugin

CASES = [pytest.param(row, plugin, id=f"{row.name}-{plugin}") for row in ROWS for plugin in row.plugins]


@pytest.mark.parametrize("row, plugin", CASES)
def test_hostile(row, plugin, record_property):
    """Peak memory is looked at for every run: see running.check_manners()."""
    with HostileWinrm(row.name) as lab:
        words = lab.arguments()
        run = run_plugin(plugin, *words, "--output=json")
    found = run.findings()
    record_property("matrix", (3000 + ROWS.index(row), row.name, plugin,
                               ", ".join(" ".join(pair) for pair in found) or "OK"))
    assert not row.verdict(plugin, found), f"{row.about}\n{run}"
    assert NAMES[run.code] == worst(row.by_plugin.get(plugin, row.expected)), run
    assert VALGRIND or run.seconds < deadline_of(words) + SLACK, run
