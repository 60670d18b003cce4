# The table of all scenarios: what the end-to-end matrix runs over.
# SPDX-License-Identifier: GPL-3.0-or-later
"""SCENARIOS maps each name to its Scenario; the rows live in scenarios_{web,admin,pki,tls}.py."""
from .scenarios_admin import ADMIN
from .scenarios_pki import CRL, PKI
from .scenarios_tls import TLS
from .scenarios_web import CAPS, CAUSES, LIMITS, NET, WEB

ROWS = WEB + CAUSES + CAPS + LIMITS + ADMIN + PKI + CRL + TLS + NET
SCENARIOS = {row.name: row for row in ROWS}
if len(SCENARIOS) != len(ROWS):
    raise ValueError("two scenarios have the same name")


def find(name):
    """The scenario of that name."""
    try:
        return SCENARIOS[name]
    except KeyError:
        raise ValueError(f"no scenario '{name}'; --list shows them all") from None
