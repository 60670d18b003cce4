# What a case of the directory's matrix is.
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables are in directory_template_cases.py and directory_account_cases.py."""
import dataclasses

from lab.scenario import compare, critical, unknown, warning

TEMPLATE, ACCOUNT = "check_ndes_template", "check_ndes_account"
SERVICE = "NDESTEST\\svc-ndes"

__all__ = ("ACCOUNT", "SERVICE", "TEMPLATE", "Case", "critical", "unknown", "warning")


@dataclasses.dataclass(frozen=True)
class Case:
    """expected: the findings that must appear; nothing else may. {name} in words is the SID of that account."""
    name: str
    plugin: str
    words: tuple
    expected: tuple = ()

    def verdict(self, findings):
        return compare(self.expected, findings)
