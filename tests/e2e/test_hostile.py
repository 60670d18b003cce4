# Servers that misbehave: a right finding within the deadline, bounded memory, clean output.
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from lab.hostile import HOSTILES, HostileLab
from lab.scenario import worst
from running import NAMES, PLUGINS, VALGRIND, run_plugin


def deadline_of(words):
    return int(words[words.index("-t") + 1]) if "-t" in words else 10


@pytest.mark.parametrize("plugin", PLUGINS)
@pytest.mark.parametrize("name", list(HOSTILES))
def test_hostile(name, plugin, record_property):
    with HostileLab(name) as lab:
        words = list(lab.arguments(plugin))
        run = run_plugin(plugin, *words, "--output=json")
    found = run.findings()
    record_property("matrix", (1000 + list(HOSTILES).index(name), name, plugin,
                               ", ".join(" ".join(pair) for pair in found) or "OK"))
    assert not lab.row.verdict(plugin, found), f"{lab.row.about}\n{run}"
    assert NAMES[run.code] == worst(lab.row.expected(plugin)), run
    assert VALGRIND or run.seconds < deadline_of(words) + 2, run


@pytest.mark.parametrize("name", ["reason-pipe", "reason-control", "server-header", "odd-status", "caps-strange"])
def test_foreign_text_is_no_perfdata(name):
    """What a server says must not become perfdata or break the lines."""
    with HostileLab(name) as lab:
        run = run_plugin("check_ndes_http", *lab.arguments("check_ndes_http"), "-vvv")
    assert run.first_line.startswith(f"NDES HTTP {NAMES[run.code]} - "), run
    assert run.out.count("|") == 1, run
    assert all(" " <= character or character == "\n" for character in run.out), run
