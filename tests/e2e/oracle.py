# Asks our reader and our evaluator of security descriptors, many questions in one run.
# SPDX-License-Identifier: GPL-3.0-or-later
import re
import subprocess

from running import build_directory

RP, WP, CR, WD, WO = 0x10, 0x20, 0x100, 0x40000, 0x80000
ENROLL = "0e10c968-78fb-11d2-90d4-00c04f79dc55"
_ACE = re.compile(r"\((\w+);(\w*);(\w*);([^;]*);([^;]*);([^;)]*)\)")


def ask(lines):
    """The answers of tests/oracle/access_oracle, one for each line."""
    program = build_directory().parent / "tests" / "oracle" / "access_oracle"
    done = subprocess.run([program], input="".join(f"{line}\n" for line in lines), text=True, capture_output=True,
                          timeout=60, check=False)
    answers = done.stdout.splitlines()
    assert done.returncode == 0 and len(answers) == len(lines), f"{done.returncode}: {answers[-1:]} {done.stderr}"
    return answers


def read(data):
    return f"read {data.hex()}"


def decide(data, sids, mask, guids):
    return f"decide {data.hex()} {','.join(sids)} {mask} {','.join(guids) or '-'}"


def rewritten(text, change):
    """SDDL with each ACE replaced by what change(kind, flags, rights, scope, inherited, trustee) makes of it."""
    return _ACE.sub(lambda match: "({};{};{};{};{};{})".format(*change(*match.groups())), text)


def has_right(rights, letters):
    return letters in [rights[at:at + 2] for at in range(0, len(rights), 2)]
