# What an operator would see: the checks against the lab, healthy and with some faults switched on.
# SPDX-License-Identifier: GPL-3.0-or-later
"""python3 -m lab.demo DIRECTORY-OF-THE-PLUGINS"""
import subprocess
import sys

from . import Lab

HTTP, RACERT = "check_ndes_http", "check_ndes_racert"
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


def show(plugins, name, check, options):
    """Runs one check, prints command and output, returns the state."""
    with Lab([name], tls=True) as lab:
        about = lab.scenarios[0].about
        words = [*lab.arguments(check), *options]
        run = subprocess.run([f"{plugins}/{check}", *words], capture_output=True, text=True, timeout=60, check=False)
    shown = " ".join(word.replace(str(lab.directory), "LAB") for word in words)
    print(f"--- {name}: {about}\n$ {check} {shown}\n{run.stdout}(exit code {run.returncode})\n", flush=True)
    return STATES[run.returncode]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    wrong = []
    for name, check, options, wanted in SHOWN:
        state = show(sys.argv[1], name, check, options)
        if state != wanted:
            wrong.append(f"{name}: {check} said {state}, not {wanted}")
    print("\n".join(wrong) if wrong else f"{len(SHOWN)} runs, each said what it should.")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
