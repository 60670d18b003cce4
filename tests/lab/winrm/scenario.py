# What one scenario of the WinRM lab is: a changed host, a changed server, and what the plugins must say about them.
# SPDX-License-Identifier: GPL-3.0-or-later
"""WinrmScenario, the row type of the tables in scenarios_apppool.py and scenarios_connector.py."""
import dataclasses
import datetime
from collections.abc import Callable

from ..scenario import compare, critical, short, unknown, warning
from .healthy import healthy

__all__ = ("WinrmScenario", "both", "critical", "unknown", "utc", "warning")


def utc(year, month, day, hour=12):
    return datetime.datetime(year, month, day, hour, tzinfo=datetime.timezone.utc)


@dataclasses.dataclass(frozen=True)
class WinrmScenario:
    """apppool, connector: the findings that must appear; nothing else may. None: this plugin is not run.
    apppool_args, connector_args: what to add to the command line."""
    name: str
    about: str
    change: Callable | None = None  # called with the healthy host, changes it
    server: dict = dataclasses.field(default_factory=dict)  # switches of the WinRM server
    apppool: tuple | None = ()
    connector: tuple | None = ()
    apppool_args: tuple = ()
    connector_args: tuple = ()
    extra: int = 0  # SOAP requests beyond the usual: what is not as it should be is looked into
    at: datetime.datetime | None = None  # what the server's clock says, if that matters; else as ours

    def host(self):
        """A new host, changed."""
        host = healthy(at=self.at)
        if self.change:
            self.change(host)
        return host

    def expected(self, plugin):
        return getattr(self, short(plugin))

    def arguments(self, plugin):
        return getattr(self, f"{short(plugin)}_args")

    def verdict(self, plugin, findings):
        """Compare (ID, STATE) pairs that a plugin reported with the table: a list of complaints, empty if right."""
        return compare(self.expected(plugin), findings)


def both(*expected):
    """For faults that keep both plugins from the server: same ID, same state."""
    return {"apppool": expected, "connector": expected}
