# What an operator would see: the checks that ask Active Directory, against a Samba domain full of good and bad things.
# SPDX-License-Identifier: GPL-3.0-or-later
"""python3 -m peers.demo DIRECTORY-OF-THE-PLUGINS, with tests and tests/e2e in PYTHONPATH. Needs root."""
import subprocess
import sys

from .directory_authorities import MAIN
from .process import is_root
from .samba_dc import samba_dc

TEMPLATE, ACCOUNT = "check_ndes_template", "check_ndes_account"
STATES = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
SERVICE = "NDESTEST\\svc-ndes"


def template(name, *more):
    return (TEMPLATE, ("--template", name, "--account", SERVICE, "--ca", MAIN, *more))


def account(name, *more):
    return (ACCOUNT, ("--account", f"NDESTEST\\{name}", *more))


# check, options, the state that it must lead to
SHOWN = (
    (*template("NDESDevice", "-v"), "OK"),
    (*template("DenyFirst", "--posture=off"), "CRITICAL"),
    (*template("NDESDevice (shown)", "--posture=off"), "CRITICAL"),
    (*account("svc-ndes", "-v"), "OK"),
    (*account("gmsa-ndes$", "--ndes-host", "NDES01"), "OK"),
    (*account("acct-expired-password"), "CRITICAL"),
)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if not is_root():
        print("SKIPPED: check_ndes_template and check_ndes_account: the domain controller that they would ask is made "
              "by root only.")
        return 0
    wrong = []
    with samba_dc() as domain:
        ticket = domain.login()
        for check, options, wanted in SHOWN:
            words = ["-H", "localhost", *options]
            done = subprocess.run([*domain.inside, f"{sys.argv[1]}/{check}", *words], env=ticket, capture_output=True,
                                  text=True, timeout=60, check=False)
            shown = " ".join(f"'{word}'" if set(word) & set(" \\$") else word for word in words)
            print(f"$ {check} {shown}\n{done.stdout}(exit code {done.returncode})\n", flush=True)
            if STATES[done.returncode] != wanted:
                wrong.append(f"{check} {shown}: {STATES[done.returncode]}, not {wanted}")
    print("\n".join(wrong) if wrong else f"{len(SHOWN)} runs against a domain controller, each said what it should.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
