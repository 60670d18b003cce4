# The NDES lab: servers on loopback that behave like NDES, each fault switchable.
# SPDX-License-Identifier: GPL-3.0-or-later
from .hostile import HostileLab
from .lab import Lab
from .scenarios import SCENARIOS, find

__all__ = ["HostileLab", "Lab", "SCENARIOS", "find"]
