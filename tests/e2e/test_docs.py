# The documentation says what the checks do: options, perfdata and findings are those of --describe.
# SPDX-License-Identifier: GPL-3.0-or-later
import fnmatch
import re
import subprocess
from pathlib import Path

import pytest

from lab import Lab
from lab.lab import UNRESOLVABLE
from running import CHECKS, DIRECTORY_PLUGINS, EVERY, PLUGINS, TOP, WINRM_PLUGINS, build_directory, described, run_plugin

# Every check has these; --help and --describe say what they do.
COMMON_OPTIONS = {
    "hostname", "ssl", "port", "address", "use-ipv4", "use-ipv6", "source-address", "client-cert", "private-key",
    "passphrase-file", "ca-cert", "insecure", "tls-min", "timeout", "timeout-result", "state", "output",
    "perfdata-thresholds", "verbose", "help", "version", "extra-opts", "describe"}
# Those that ask for SCEP, those that ask by WinRM, and those that ask by LDAP; winrm-setup.md and directory-rights.md
# explain the latter.
SIGN_IN = {"auth", "user", "password-file", "password", "keytab", "ticket-cache"}
GROUP_OPTIONS = {
    **dict.fromkeys(PLUGINS, {"url", "proxy", "useragent", "header", "follow-redirects"}),
    **dict.fromkeys(WINRM_PLUGINS, {"url", "service-name", "service-host"} | SIGN_IN),
    **dict.fromkeys(DIRECTORY_PLUGINS, {"domain", "starttls"} | SIGN_IN)}


def test_list_of_checks_is_complete():
    """What is built, the folders and the table of the readme: all have the checks of plugins/checks."""
    table = re.findall(r"^\| `(check_ndes_\w+)` \|", (TOP / "README.md").read_text(encoding="utf-8"), re.M)
    built = [path.name for path in Path(build_directory()).glob("check_ndes_*") if path.is_file()]
    folders = [f"check_ndes_{path.parent.name}" for path in (TOP / "plugins").glob("*/main.c")]
    assert set(CHECKS.values()) <= {"scep", "winrm", "ldap"}
    assert table == list(EVERY)
    assert sorted(EVERY) == sorted(built) == sorted(folders)


def page(plugin):
    return (TOP / "packaging" / f"{plugin}.md").read_text(encoding="utf-8")


def test_runbook_is_the_generated_one():
    made = subprocess.run([TOP / "packaging" / "generate", "runbook", build_directory()], capture_output=True,
                          text=True, check=True).stdout
    assert made == (TOP / "packaging" / "runbook.md").read_text(encoding="utf-8"), "run packaging/generate runbook"


@pytest.mark.parametrize("plugin", EVERY)
def test_page_names_existing_options_only(plugin):
    options = {option["name"] for option in described(plugin)["options"]}
    text = re.sub(r"object CheckCommand.*?\n    }\n", "", page(plugin), flags=re.S)
    named = set(re.findall(r"(?<![\w-])--([a-z][a-z-]+)", text))
    assert named <= options, named - options


@pytest.mark.parametrize("plugin", EVERY)
def test_page_names_every_option(plugin):
    options = described(plugin)["options"]
    usual = COMMON_OPTIONS | GROUP_OPTIONS[plugin]
    assert usual <= {option["name"] for option in options}
    text = page(plugin)
    missing = []
    for name, letter in ((option["name"], option.get("letter", "")) for option in options):
        forms = [f"--{name}", f"`{name} ="] + ([f"-{letter}"] if letter else [])  # the second is that of INI files
        if name not in usual and not re.search(rf"(?<![\w-])({'|'.join(forms)})(?![\w-])", text):
            missing.append(name)
    assert not missing


@pytest.mark.parametrize("plugin", EVERY)
def test_page_lists_all_perfdata(plugin):
    table = page(plugin).partition("## Perfdata")[2].partition("\n## ")[0]
    named = [label for line in table.splitlines() if line.startswith("| `") for label in
             re.findall(r"`([a-z_]+)`", line.split("|")[1])]
    assert sorted(named) == sorted(metric["label"] for metric in described(plugin)["metrics"])


@pytest.mark.parametrize("plugin", EVERY)
def test_page_names_existing_findings_only(plugin):
    known = {finding["id"] for finding in described(plugin)["findings"]}
    named = set(re.findall(r"`(ndes-[a-z0-9-]+)`", page(plugin)))
    assert named <= known, named - known


@pytest.mark.parametrize("plugin", EVERY)
def test_page_names_every_finding(plugin):
    """Each by its ID, or by a pattern such as `ndes-net-*`; every pattern stands for something."""
    known = [finding["id"] for finding in described(plugin)["findings"]]
    named = set(re.findall(r"`(ndes-[a-z0-9*-]+)`", page(plugin)))
    assert not [one for one in known if not any(fnmatch.fnmatchcase(one, name) for name in named)]
    assert not [name for name in named if not fnmatch.filter(known, name)]


# Options of the examples that name files which are not here.
FILES = ("--password-file", "--ca-file", "--file", "--keytab", "--releases", "--state-file")
# Hosts of the examples, and in their place some that refuse at once.
NOWHERE = (*((f"{name}.example.com", "127.0.0.1:1") for name in ("ndes", "dc1", "dc2")), ("192.0.2.10", "127.0.0.1"),
           ("--domain=example.com", f"--domain={UNRESOLVABLE}"))


def masked(text):
    """What depends on the day and on the machine, taken out."""
    return re.sub(r"-?\d+(\.\d+)?", "N", re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "DATE", text))


def test_sample_of_the_readme_is_real():
    readme = (TOP / "README.md").read_text(encoding="utf-8")
    sample = re.search(r"^    \$ check_ndes_racert .*\n((?:    .*\n)+)", readme, re.M)[1]
    with Lab(["ra-expired-sign"], tls=True) as lab:
        run = run_plugin("check_ndes_racert", *lab.arguments("check_ndes_racert"))
    assert masked(re.sub(r"^    ", "", sample, flags=re.M)) == masked(run.out)


@pytest.mark.parametrize("plugin", EVERY)
def test_examples_of_help_are_accepted(plugin):
    """Each example parses: what is wrong with it can only be the host, or the domain, that does not exist."""
    examples = described(plugin)["examples"].replace("\\\n", " ")
    for line in examples.strip().splitlines():
        words = re.sub(r"#.*", "", line).replace("'", "").split()
        local = [word for word in words[1:] if not word.startswith(FILES)]
        if "--user" in line and plugin not in PLUGINS:
            local += ["--password-file=/etc/hostname"]  # a password is wanted, and never sent
        if "--admin=challenge" in local or not local:
            continue
        for name, other in NOWHERE:
            local = [word.replace(name, other) for word in local]
        run = run_plugin(plugin, *local)
        wanted = "ndes-net-dns" if "--domain" in line else "ndes-(net|winrm|ldap)-refused"
        assert re.search(rf"\[{wanted}\]", run.first_line), f"{line}\n{run}"
