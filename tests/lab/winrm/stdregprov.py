# The registry as WMI offers it: the static methods of StdRegProv.
# SPDX-License-Identifier: GPL-3.0-or-later
"""METHODS maps each method (lower case) to a function(host, row, arguments) -> [(name, value), ...]."""
from .faults import Fault
from .host import REG_BINARY, REG_DWORD, REG_EXPAND_SZ, REG_MULTI_SZ, REG_QWORD, REG_SZ

HKLM = "2147483650"
DONE, NO_VALUE, NO_KEY, DENIED = 0, 1, 2, 5


def key_path(arguments):
    """The key below HKLM; None for another hive."""
    names = {name.lower(): value for name, value in arguments.items()}
    if "ssubkeyname" not in names:
        raise Fault("schema")
    return names["ssubkeyname"].strip("\\") if names.get("hdefkey", HKLM) == HKLM else None


def is_denied(host, path):
    """A denied key hides what is below, too."""
    lower = path.lower()
    return any(lower == one.lower() or lower.startswith(one.lower() + "\\") for one in host.registry_denied)


def children(host, path):
    """Names of the keys directly below; None if the key does not exist."""
    prefix, found = path.lower() + "\\" if path else "", {}
    for key in host.registry:
        if key.lower().startswith(prefix):
            name = key[len(prefix):].partition("\\")[0]
            found.setdefault(name.lower(), name)
    return list(found.values()) if found or path in host.registry else None


def reader(kind, result, show=lambda data: data):
    """A Get...Value method: its type of value, and its output parameter."""
    def read(host, row, arguments):
        path = key_path(arguments)
        name = next((value for key, value in arguments.items() if key.lower() == "svaluename"), "")
        if path is not None and is_denied(host, path):
            return [(result, None), ("ReturnValue", DENIED)]
        if path is None or children(host, path) is None:
            return [(result, None), ("ReturnValue", NO_KEY)]
        found = host.registry.get(path, {}).get(name)
        if found is None or found[0] not in kind:
            return [(result, None), ("ReturnValue", NO_VALUE)]
        return [(result, show(found[1])), ("ReturnValue", DONE)]
    return read


def enum_key(host, row, arguments):
    path = key_path(arguments)
    if path is not None and is_denied(host, path):
        return [("sNames", None), ("ReturnValue", DENIED)]
    names = None if path is None else children(host, path)
    if names is None:
        return [("sNames", None), ("ReturnValue", NO_KEY)]
    return [("sNames", names or None), ("ReturnValue", DONE)]


def enum_values(host, row, arguments):
    path = key_path(arguments)
    if path is not None and is_denied(host, path):
        return [("sNames", None), ("Types", None), ("ReturnValue", DENIED)]
    if path is None or children(host, path) is None:
        return [("sNames", None), ("Types", None), ("ReturnValue", NO_KEY)]
    values = host.registry.get(path, {})
    return [("sNames", list(values) or None), ("Types", [kind for kind, _ in values.values()] or None),
            ("ReturnValue", DONE)]


METHODS = {
    "getstringvalue": reader({REG_SZ, REG_EXPAND_SZ}, "sValue"),
    "getexpandedstringvalue": reader({REG_SZ, REG_EXPAND_SZ}, "sValue"),
    "getmultistringvalue": reader({REG_MULTI_SZ}, "sValue"),
    "getdwordvalue": reader({REG_DWORD}, "uValue"),
    "getqwordvalue": reader({REG_QWORD}, "uValue"),
    "getbinaryvalue": reader({REG_BINARY}, "uValue", list),
    "enumkey": enum_key,
    "enumvalues": enum_values,
}
