# What one scenario of the lab is: a switch, and what the plugins must say about it.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenario, the row type of the tables in scenarios_*.py; a finding is a pair (ID, STATE)."""
import dataclasses

RANKING = ("OK", "UNKNOWN", "WARNING", "CRITICAL")


def critical(name):
    return name, "CRITICAL"


def warning(name):
    return name, "WARNING"


def unknown(name):
    return name, "UNKNOWN"


def short(plugin):
    """check_ndes_http -> http: so the rows' fields are called."""
    return plugin.removeprefix("check_ndes_")


def worst(expected):
    """The state of a run that reports these findings."""
    return max((state for _, state in expected), key=RANKING.index, default="OK")


def patience(*expected):
    """--timeout in seconds for a server that misbehaves: short if that is what it is about, else enough on a busy machine."""
    return "3" if any(name.endswith("-timeout") for name, _ in expected) else "30"


def compare(expected, findings):
    """Complaints about findings that are not exactly the expected ones; OK notes do not count."""
    found = {pair for pair in findings if pair[1] != "OK"}
    return [f"missing {name} {state}" for name, state in expected if (name, state) not in found] + \
           [f"false alarm {name} {state}" for name, state in sorted(found - set(expected))]


@dataclasses.dataclass(frozen=True)
class Scenario:
    """http, racert: the findings that must appear; nothing else may.
    http_args, racert_args: what to add to the command line; {names} are keys of Lab.facts()."""
    name: str
    about: str
    layer: str                     # web | limits | admin | pki | crl | tls | net
    settings: dict = dataclasses.field(default_factory=dict)
    http: tuple = ()
    racert: tuple = ()
    http_args: tuple = ()
    racert_args: tuple = ()

    def expected(self, plugin):
        return getattr(self, short(plugin))

    def arguments(self, plugin):
        return getattr(self, f"{short(plugin)}_args")

    def verdict(self, plugin, findings):
        """Compare (ID, STATE) pairs that a plugin reported with the table: a list of complaints, empty if right."""
        return compare(self.expected(plugin), findings)


def both(*expected):
    """For faults that keep both plugins from their source: same ID, same state."""
    return {"http": expected, "racert": expected}
