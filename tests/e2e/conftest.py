# Finds the lab, and prints the matrix at the end of the run.
# SPDX-License-Identifier: GPL-3.0-or-later
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # tests/, for `lab`
sys.path.insert(0, str(Path(__file__).resolve().parent))


def pytest_terminal_summary(terminalreporter):
    """The table of the whole suite: fault, check, ID, state."""
    rows = []
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", None) == "call":
                rows += [value for name, value in report.user_properties if name == "matrix"]
    if not rows:
        return
    terminalreporter.section("matrix: fault, check, findings")
    for order, fault, check, findings in sorted(map(tuple, rows)):
        terminalreporter.write_line(f"{fault:24} {check:18} {findings}")
