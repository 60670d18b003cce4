# The classic event logs as WMI shows them.
# SPDX-License-Identifier: GPL-3.0-or-later
"""ntlog_table(host) is Win32_NTLogEvent: its rows are made from the logs of the host when asked for."""
from .host import CLASSIC_LOGS, CRITICAL, ERROR, INFORMATION, WARNING, Table

COLUMNS = ("Category", "CategoryString", "ComputerName", "Data", "EventCode", "EventIdentifier", "EventType",
           "InsertionStrings", "Logfile", "Message", "RecordNumber", "SourceName", "TimeGenerated", "TimeWritten",
           "Type", "User")
TYPES = {CRITICAL: (1, "Error"), ERROR: (1, "Error"), WARNING: (2, "Warning"), INFORMATION: (3, "Information")}
WARNING_BITS = 0x80000000


def row(host, log, event):
    kind, word = TYPES[event.level]
    return {"Category": 0, "CategoryString": None, "ComputerName": host.name, "Data": None, "EventCode": event.id,
            "EventIdentifier": event.id | (WARNING_BITS if kind < 3 else 0), "EventType": kind,
            "InsertionStrings": list(event.data) or None, "Logfile": log, "Message": event.message,
            "RecordNumber": event.record, "SourceName": event.provider if host.classic_by_provider else event.source,
            "TimeGenerated": event.time.replace(microsecond=0), "TimeWritten": event.time.replace(microsecond=0),
            "Type": word, "User": None}


def ntlog_table(host):
    def make():
        """Newest first, as the provider walks a log."""
        return [row(host, log, event) for log in CLASSIC_LOGS for event in reversed(host.logs.get(log, ()))]
    return Table(columns=COLUMNS, keys=("Logfile", "RecordNumber"), make=make)
