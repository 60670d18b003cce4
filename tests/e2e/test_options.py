# The command line as people type it: help, version, JSON, wrong options, files that are no use.
# SPDX-License-Identifier: GPL-3.0-or-later
import json

import pytest

from lab import Lab
from running import EVERY, OK, PLUGINS, SERVICES, UNKNOWN, run_plugin

PASSWORD_FILE = "/etc/hostname"  # any file with a line in it; no sign-in comes of these

# What was typed, and what the answer must say: the option and what is wrong with its value.
WRONG = (
    ([], "option --hostname is missing"),
    (["--frobnicate"], "unknown option --frobnicate"),
    (["-Z"], "unknown option -Z"),
    (["--host"], "option --hostname needs a value"),
    (["-t"], "option --timeout needs a value"),
    (["-t", "0", "-H", "h"], "option --timeout needs a whole number from 1 to 3600, not '0'"),
    (["-t", "ten", "-H", "h"], "option --timeout needs a whole number from 1 to 3600, not 'ten'"),
    (["stray", "-H", "h"], "unexpected argument 'stray'"),
    (["-H", "h", "-p", "70000"], "option --port needs a whole number from 1 to 65535, not '70000'"),
    (["-H", "h", "-u", "https://h/"], "options --hostname h and --url https://h/ contradict each other"),
    (["-u", "ftp://h/x"], "option --url 'ftp://h/x' must start with http:// or https://"),
    (["-u", "https://"], "option --url 'https://' has no host name"),
    (["-u", "https://h/x y"], "option --url 'https://h/x y' holds a blank"),
    (["-u", "https://user:secret@h/"], "option --url holds a user name or password"),  # which is not repeated
    (["-H", "h h"], "option --hostname 'h h' is not a host name"),
    (["-H", "h", "-w", "abc"], "option --warning 'abc' is not a range"),
    (["-H", "h", "-w", "20:10"], "option --warning '20:10' has a start above its end"),
    (["-H", "h", "-c", ""], "option --critical '' is an empty range"),
    (["-H", "h", "-c", "nan"], "option --critical 'nan' is not a range"),
    (["-H", "h", "-w", "10x"], "option --warning '10x' is not a range"),
    (["-H", "h", "--output=xml"], "option --output needs text or json, not 'xml'"),
    (["-H", "h", "--state", "ndes-nothing=ok"], "option --state knows no finding 'ndes-nothing'"),
    (["-H", "h", "--state", "ndes-http-500=sunny"],
     "option --state needs ndes-http-500=ok, warning, critical or unknown, not 'sunny'"),
    (["-H", "h", "--state", "ndes-http-500"],
     "option --state needs ID=STATE, such as ndes-http-slow=critical, not 'ndes-http-500'"),
    (["-H", "h", "--timeout-result=maybe"],
     "option --timeout-result needs ok, warning, critical or unknown, not 'maybe'"),
    (["-H", "h", "--tls-min=1.4"], "option --tls-min needs 1.0, 1.1, 1.2 or 1.3, not '1.4'"),
    (["-H", "192.0.2.1", "-6"], "option --use-ipv6 does not go with the address 192.0.2.1"),
    (["-H", "h", "--extra-opts=@/nonexistent.ini"], "option --extra-opts cannot read /nonexistent.ini: No such file"),
    (["-H", "h", "-S", "-J", "/nonexistent.pem"], "option --client-cert cannot read /nonexistent.pem: No such file"),
    (["-H", "h", "-S", "--ca-cert", "/nonexistent.pem"], "option --ca-cert cannot read /nonexistent.pem: No such file"),
    (["-H", "h", "--passphrase-file", "/dev/null"], "option --passphrase-file cannot read /dev/null"),
)

WRONG_HTTP = (
    (["-H", "h", "-C", "30,14,7"], "option --certificate wants days as W or W,C such as 30,14, not '30,14,7'"),
    (["-H", "h", "-C", "14,30"], "option --certificate '14,30' would never warn"),
    (["-H", "h", "-C", "many"], "option --certificate wants days as W or W,C such as 30,14, not 'many'"),
    (["-H", "h", "--admin=maybe"],
     "option --admin needs auto, required, forbidden, off or challenge, not 'maybe'"),
    (["-H", "h", "--profile=x"], "option --profile needs auto, ndes, intune or other, not 'x'"),
    (["-H", "h", "--long-url=70000"], "option --long-url needs a whole number from 1024 to 65536, not '70000'"),
    (["-H", "h", "--long-url=12"], "option --long-url needs a whole number from 1024 to 65536, not '12'"),
    (["-H", "h", "--password=secret"], "option --password would be visible in the process list"),
    (["-H", "h", "--admin=challenge", "--user=u"], "--user needs --password-file"),
    (["-H", "h", "--admin=challenge", "--challenge-interval=5m"], "--challenge-interval", "5m", "below 12m"),
    (["-H", "h", "--admin=challenge", "--auth=ntlm"], "--auth=ntlm needs --user and --password-file"),
    (["-H", "h", "--password-file", "/etc"], "option --password-file cannot read /etc: is a directory"),
    (["-H", "h", "--password-file", "/nonexistent"], "option --password-file cannot read /nonexistent: No such file"),
    (["-H", "h", "--admin-path=mscep_admin"], "--admin-path", "'mscep_admin'", "begins with a slash"),
)

WRONG_WINRM = (
    (["-H", "h", "--auth=basic", "--user=u", "--password-file", "FILE"], "--auth=basic needs -S"),
    (["-H", "h", "--auth=ntlm"], "NTLM needs --user and --password-file"),
    (["-H", "h", "--auth=digest"], "option --auth needs auto, kerberos, ntlm, basic or certificate, not 'digest'"),
    (["-H", "h", "--keytab=/nonexistent"], "option --keytab cannot read /nonexistent: No such file"),
    (["-H", "h", "--password=secret"], "option --password would be visible in the process list"),
    (["-H", "h", "--service-name=WSMAN/h"], "--service-name and --service-host want names"),
    (["-H", "h", "--event-window=soon"], "option --event-window needs a time such as"),
)

WRONG_RACERT = (
    (["--file", "/nonexistent"], "--file", "cannot read /nonexistent: No such file"),
    (["--file", "/etc"], "--file", "cannot read /etc: is a directory"),
    (["--file", "/dev/null"], "--file", "cannot read /dev/null"),
    (["--file", "x", "-H", "h"], "give either --file or a server (-H, -u), not both"),
    (["-H", "h", "-w", "60"], "option --warning '60' would alert above that many days; write 60: or 60d"),
    (["-H", "h", "-w", "10d:5h"], "option --warning '10d:5h' mixes units"),
    (["-H", "h", "--fingerprint=abc"], "option --fingerprint wants a SHA-256 fingerprint of 64 hex digits, not 'abc'"),
    (["-H", "h", "--ca-file=/nonexistent"], "--ca-file", "cannot read /nonexistent: No such file"),
)

ALL = [(plugin, words, said) for words, *said in WRONG for plugin in EVERY]
ALL += [("check_ndes_http", words, said) for words, *said in WRONG_HTTP]
ALL += [(plugin, words, said) for words, *said in WRONG_WINRM for plugin in EVERY[2:]]
ALL += [("check_ndes_racert", words, said) for words, *said in WRONG_RACERT]


def check_refusal(plugin, words, said):
    """One line that says these things, and exit code 3."""
    run = run_plugin(plugin, *(PASSWORD_FILE if word == "FILE" else word for word in words))
    assert run.code == UNKNOWN, run
    assert run.out.startswith(f"{SERVICES[plugin]} UNKNOWN - "), run
    assert run.out.count("\n") == 1 and run.out.endswith("\n"), run
    assert all(text in run.out for text in said), f"{said}\n{run}"
    assert "secret" not in run.out, run


@pytest.mark.parametrize("plugin, words, said", ALL,
                         ids=[f"{plugin} {' '.join(words)}" for plugin, words, _ in ALL])
def test_wrong_option_is_one_clear_line(plugin, words, said):
    check_refusal(plugin, words, said)


def test_empty_password_file(tmp_path):
    empty = tmp_path / "password"
    for content in ("", "\n", "\nsecret\n"):
        empty.write_text(content, encoding="ascii")
        for words in ([], ["--admin=challenge", "--user=u"]):
            check_refusal("check_ndes_http", ["-H", "h", "--password-file", empty, *words],
                          [f"option --password-file finds nothing in the first line of {empty}"])


@pytest.mark.parametrize("plugin", PLUGINS)
def test_source_address_that_is_not_ours(plugin):
    """Nothing was asked, so nothing is said about the server."""
    run = run_plugin(plugin, "-H", "127.0.0.1", "--source-address", "192.0.2.1", "--output=json")
    assert run.code == UNKNOWN and run.findings() == [("ndes-http-settings", "UNKNOWN")], run


@pytest.mark.parametrize("plugin", EVERY)
def test_help(plugin):
    run = run_plugin(plugin, "--help")
    assert run.code == UNKNOWN
    assert all(len(line) <= 80 for line in run.out.splitlines()), run
    assert run.out.index("Examples:") > run.out.index("--timeout")
    assert run_plugin(plugin, "-h").out == run.out


@pytest.mark.parametrize("plugin", EVERY)
def test_version(plugin):
    run = run_plugin(plugin, "-V")
    assert run.code == UNKNOWN
    assert run.out.startswith(f"{plugin} "), run


@pytest.mark.parametrize("plugin", EVERY)
def test_describe_is_json_and_agrees_with_help(plugin):
    run = run_plugin(plugin, "--describe")
    described = json.loads(run.out)
    assert run.code == OK and described["plugin"] == plugin
    text = run_plugin(plugin, "--help").out
    for option in described["options"]:
        assert f"--{option['name']}" in text
    for finding in described["findings"]:
        assert finding["id"] in text and finding["cause"] and finding["remedy"]
    labels = [metric["label"] for metric in described["metrics"]]
    assert len(set(label[:19] for label in labels)) == len(labels)


def test_metrics_are_the_described_ones():
    described = {plugin: [metric["label"] for metric in json.loads(run_plugin(plugin, "--describe").out)["metrics"]]
                 for plugin in PLUGINS}
    with Lab(["admin-password"], tls=True) as lab:
        for plugin in PLUGINS:
            words = [*lab.arguments(plugin), *(["--check-crl"] if plugin == "check_ndes_racert" else ["--long-url"])]
            run = run_plugin(plugin, *words, "--output=json")
            labels = [metric["label"] for metric in run.json()["metrics"]]
            assert labels == described[plugin], run


def test_extra_opts_section(tmp_path):
    ini = tmp_path / "plugins.ini"
    with Lab(["healthy"]) as lab:
        ini.write_text(f"[ndes]\nurl = {lab.url}\nw = 10\n--admin = off\n\n[check_ndes_http]\nurl={lab.url}\n")
        run = run_plugin("check_ndes_http", f"--extra-opts=ndes@{ini}")
        assert run.code == OK and ";10;" in run.first_line and "time_admin" not in run.first_line, run
        run = run_plugin("check_ndes_http", "--extra-opts", env={"MP_CONFIG_FILE": str(ini)})
        assert run.code == OK and "time_admin" in run.first_line, run
        run = run_plugin("check_ndes_http", f"--extra-opts=ndes@{ini}", "-w", "20")
        assert ";20;" in run.first_line, "the command line wins"
        run = run_plugin("check_ndes_http", f"--extra-opts=missing@{ini}")
        assert run.code == UNKNOWN and "missing" in run.out, run


def test_state_is_remapped():
    with Lab(["http-503"]) as lab:
        words = lab.arguments("check_ndes_http")
        assert run_plugin("check_ndes_http", *words, "--state=ndes-http-503=warning").code == 1
        run = run_plugin("check_ndes_http", *words, "--state=NDES-HTTP-503=ok")
        assert run.code == OK and "[ndes-http-503]" in run.first_line, run


def test_timeout_result():
    with Lab(["timeout"]) as lab:
        words = lab.arguments("check_ndes_http")
        run = run_plugin("check_ndes_http", *words, "--timeout-result=unknown")
        assert run.code == UNKNOWN and "[ndes-http-timeout]" in run.first_line, run


def test_threshold_forms():
    with Lab(["healthy"]) as lab:
        words = [*lab.arguments("check_ndes_racert")]
        assert ";60:;30:" in run_plugin("check_ndes_racert", *words).first_line
        assert ";60;30" in run_plugin("check_ndes_racert", *words, "--perfdata-thresholds=plain").first_line
        assert ";" not in run_plugin("check_ndes_racert", *words, "--perfdata-thresholds=none").first_line
        run = run_plugin("check_ndes_racert", *words, "-w", "99%", "-c", "1%")
        assert run.code == 1 and "[ndes-ra-expiring]" in run.first_line, run


@pytest.mark.parametrize("name", ["scep-ca.pem", "cacert.p7b", "bundle.pem"])
def test_racert_reads_files(name):
    with Lab(["healthy"]) as lab:
        run = run_plugin("check_ndes_racert", "--file", lab.file(name), *(["--allow-no-ra"] if "ca.pem" in name else []))
    assert run.code == OK, run


@pytest.mark.parametrize("plugin", PLUGINS)
def test_each_level_of_verbosity_shows_more(plugin):
    with Lab(["healthy"]) as lab:
        outputs = [run_plugin(plugin, *lab.arguments(plugin), *words).out for words in ([], ["-v"], ["-vv"], ["-vvv"])]
    counts = [len(output.splitlines()) for output in outputs]
    assert counts[0] == 1 and counts == sorted(set(counts)), outputs
