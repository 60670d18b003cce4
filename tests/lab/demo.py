# What an operator would see: the checks against the lab, healthy and with some faults switched on.
# SPDX-License-Identifier: GPL-3.0-or-later
"""python3 -m lab.demo DIRECTORY-OF-THE-PLUGINS"""
import subprocess
import sys
from pathlib import Path

from . import Lab
from .winrm.healthy import healthy
from .winrm.scenarios_apppool import APPPOOL as APPPOOL_ROWS
from .winrm.scenarios_connector import CONNECTOR as CONNECTOR_ROWS
from .winrm.server import WinrmLab

HTTP, RACERT, APPPOOL, CONNECTOR = "check_ndes_http", "check_ndes_racert", "check_ndes_apppool", "check_ndes_connector"
STATES = ("OK", "WARNING", "CRITICAL", "UNKNOWN")

# scenario, check, options, the state that it must lead to
SHOWN = (
    ("healthy", HTTP, (), "OK"),
    ("healthy", RACERT, ("-v",), "OK"),
    ("policy", HTTP, ("--profile=intune", "-v"), "OK"),
    ("http-503", HTTP, (), "CRITICAL"),
    ("ra-expired-sign", RACERT, (), "CRITICAL"),
    ("ra-expiring-45", RACERT, (), "WARNING"),
    ("ra-oldca", RACERT, (), "WARNING"),
    ("admin-full", HTTP, (), "CRITICAL"),
    ("limit-httpsys-400", HTTP, (), "CRITICAL"),
    ("tls-expiring-20", HTTP, (), "WARNING"),
    ("portal", HTTP, (), "CRITICAL"),
)
# The same of the checks that ask Windows, from the lab of WinRM; None: a healthy server.
WINRM_ROWS = {row.name: row for row in (*APPPOOL_ROWS, *CONNECTOR_ROWS)}
WINRM_SHOWN = (
    (None, APPPOOL, ("-v",), "OK"),
    ("pool-identity", APPPOOL, (), "CRITICAL"),
    ("pool-rapidfail", APPPOOL, (), "CRITICAL"),
    (None, CONNECTOR, ("-v",), "OK"),
    ("conn-stopped", CONNECTOR, (), "CRITICAL"),
    ("conn-stale", CONNECTOR, (), "WARNING"),
)


TOP = Path(__file__).resolve().parents[2]
# As long as nothing is installed, the table of releases is in the source tree.
RELEASES = {CONNECTOR: (f"--releases={TOP}/packaging/connector-releases",)}


def show(plugins, name, check, options):
    """One run of a check that asks for SCEP."""
    with Lab([name], tls=True) as lab:
        return run(plugins, check, [*lab.arguments(check), *options], lab, name, lab.scenarios[0].about)


def show_winrm(plugins, name, check, options):
    """The same for a check that asks by WinRM."""
    row = WINRM_ROWS.get(name)
    host = row.host() if row else healthy()
    with WinrmLab(host, **(row.server if row else {})) as lab:
        words = [*lab.arguments(), *(row.arguments(check) if row else ()), *RELEASES.get(check, ()), *options]
        return run(plugins, check, words, lab, name or "healthy", row.about if row else "a healthy server")


def run(plugins, check, words, lab, name, about):
    """Runs one check, prints command and output, returns the state."""
    done = subprocess.run([f"{plugins}/{check}", *words], capture_output=True, text=True, timeout=60, check=False)
    shown = " ".join(word.replace(str(lab.directory), "LAB").replace(f"{TOP}/", "") for word in words)
    print(f"--- {name}: {about}\n$ {check} {shown}\n{done.stdout}(exit code {done.returncode})\n", flush=True)
    return STATES[done.returncode]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    wrong = []
    for name, check, options, wanted in SHOWN:
        state = show(sys.argv[1], name, check, options)
        if state != wanted:
            wrong.append(f"{name}: {check} said {state}, not {wanted}")
    for name, check, options, wanted in WINRM_SHOWN:
        state = show_winrm(sys.argv[1], name, check, options)
        if state != wanted:
            wrong.append(f"{name}: {check} said {state}, not {wanted}")
    print("\n".join(wrong) if wrong else f"{len(SHOWN) + len(WINRM_SHOWN)} runs, each said what it should.")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
