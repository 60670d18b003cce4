# A dictionary whose names are compared without regard to case, as WMI and the registry do.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names({"Win32_Service": ...})["win32_service"]; iterating gives the names as they were written."""
import collections.abc


class Names(collections.abc.MutableMapping):
    """Plain dictionaries put in as values become Names, too."""

    def __init__(self, start=()):
        self._entries = {}
        self.update(start)

    def __getitem__(self, name):
        return self._entries[name.lower()][1]

    def __setitem__(self, name, value):
        if type(value) is dict:
            value = Names(value)
        self._entries[name.lower()] = (name, value)

    def __delitem__(self, name):
        del self._entries[name.lower()]

    def __iter__(self):
        return iter([name for name, _ in self._entries.values()])

    def __len__(self):
        return len(self._entries)

    def __contains__(self, name):
        return name.lower() in self._entries

    def written(self, name):
        """The name as it was written; None if absent."""
        return self._entries.get(name.lower(), (None,))[0]

    def __repr__(self):
        return repr(dict(self))
