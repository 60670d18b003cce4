# The command line as people type it: help, version, JSON, wrong options, files that are no use.
# SPDX-License-Identifier: GPL-3.0-or-later
import json

import pytest

from lab import Lab
from lab.ldap.healthy import ACCOUNT, QUESTIONS, filetime, healthy, text
from lab.ldap.server import PASSWORD, USER, LdapLab
from running import DIRECTORY_PLUGINS, EVERY, OK, PLUGINS, SERVICES, UNKNOWN, WINRM_PLUGINS, run_plugin

PASSWORD_FILE = "/etc/hostname"  # any file with a line in it; no sign-in comes of these

# What a plugin wants to know besides the server.
NEEDS = {"check_ndes_template": ["--template", "T", "--account", "svc"], "check_ndes_account": ["--account", "svc"]}

# What was typed, and what the answer must say: the option and what is wrong with its value.
WRONG = (
    (["--frobnicate"], "unknown option --frobnicate"),
    (["-Z"], "unknown option -Z"),
    (["--hostn"], "option --hostname needs a value"),
    (["-t"], "option --timeout needs a value"),
    (["-t", "0", "-H", "h"], "option --timeout needs a whole number from 1 to 3600, not '0'"),
    (["-t", "ten", "-H", "h"], "option --timeout needs a whole number from 1 to 3600, not 'ten'"),
    (["stray", "-H", "h"], "unexpected argument 'stray'"),
    (["-H", "h", "-p", "70000"], "option --port needs a whole number from 1 to 65535, not '70000'"),
    (["-H", "h", "-w", "abc"], "option --warning 'abc' is not a range"),
    (["-H", "h", "-w", "20:10"], "option --warning '20:10' has a start above its end"),
    (["-H", "h", "-c", ""], "option --critical '' is an empty range"),
    (["-H", "h", "-c", "nan"], "option --critical 'nan' is not a range"),
    (["-H", "h", "-w", "10x"], "option --warning '10x' is not a range"),
    (["-H", "h", "--output=xml"], "option --output needs text or json, not 'xml'"),
    (["-H", "h", "--state", "ndes-nothing=ok"], "option --state does not know finding 'ndes-nothing'"),
    (["-H", "h", "--state", "ndes-http-500=sunny"],
     "option --state needs ndes-http-500=ok, warning, critical or unknown, not 'sunny'"),
    (["-H", "h", "--state", "ndes-http-500"],
     "option --state needs ID=STATE, such as ndes-http-slow=critical, not 'ndes-http-500'"),
    (["-H", "h", "--timeout-result=maybe"],
     "option --timeout-result needs ok, warning, critical or unknown, not 'maybe'"),
    (["-H", "h", "--tls-min=1.4"], "option --tls-min needs 1.0, 1.1, 1.2 or 1.3, not '1.4'"),
    (["-H", "h", "--extra-opts=@/nonexistent.ini"], "option --extra-opts cannot read /nonexistent.ini: No such file"),
    (["-H", "h", "-S", "-J", "/nonexistent.pem"], "option --client-cert cannot read /nonexistent.pem: No such file"),
    (["-H", "h", "-S", "--ca-cert", "/nonexistent.pem"], "option --ca-cert cannot read /nonexistent.pem: No such file"),
    (["-H", "h", "--passphrase-file", "/dev/null"], "option --passphrase-file cannot read /dev/null"),
    (["-H", "h", "-K", "FILE"], "--private-key has no effect without --client-cert"),
    (["-H", "h", "--passphrase-file", "FILE"], "--passphrase-file has no effect without --client-cert"),
)

# Of the plugins that ask one server by HTTP.
WRONG_SERVER = (
    ([], "option --hostname is missing"),
    (["-H", "h", "-u", "https://h/"], "options --hostname h and --url https://h/ contradict each other"),
    (["-u", "ftp://h/x"], "option --url 'ftp://h/x' must start with http:// or https://"),
    (["-u", "https://"], "option --url 'https://' has no host name"),
    (["-u", "https://h/x y"], "option --url 'https://h/x y' contains a space"),
    (["-u", "https://user:secret@h/"], "option --url contains a user name or password"),  # which is not repeated
    (["-H", "h h"], "option --hostname 'h h' is not a host name"),
    (["-H", "192.0.2.1", "-6"], "option --use-ipv6 contradicts the address 192.0.2.1"),
)

WRONG_HTTP = (
    (["-H", "h", "-C", "30,14,7"], "option --certificate needs days as W or W,C such as 30,14, not '30,14,7'"),
    (["-H", "h", "-C", "14,30"], "option --certificate '14,30' has no effect"),
    (["-H", "h", "-C", "many"], "option --certificate needs days as W or W,C such as 30,14, not 'many'"),
    (["-H", "h", "--admin=maybe"],
     "option --admin needs auto, required, forbidden, off or challenge, not 'maybe'"),
    (["-H", "h", "--profile=x"], "option --profile needs auto, ndes, intune or other, not 'x'"),
    (["-H", "h", "--long-url=70000"], "option --long-url needs a whole number from 1024 to 65536, not '70000'"),
    (["-H", "h", "--long-url=12"], "option --long-url needs a whole number from 1024 to 65536, not '12'"),
    (["-H", "h", "--password=secret"], "option --password would be visible in the process list"),
    (["-H", "h", "--admin=challenge", "--user=u"], "--user needs --password-file"),
    (["-H", "h", "--admin=challenge", "--challenge-interval=5m"], "--challenge-interval", "300 s", "below 12m"),
    (["-H", "h", "--follow-redirects", "-k", "X-Token: t"], "give --follow-redirects or --header, not both"),
    (["-H", "u:Passw0rd@h"], "option --hostname '(not shown: it contains an @)'"),
    (["-u", "u:Passw0rd@h/x"], "option --hostname is missing"),
    (["-H", "h", "-u", "u:Passw0rd@h/x"], "option --url '(not shown: it contains an @)'"),
    (["-u", "https://u:Pass/w0rd@h"], "option --url '(not shown: it contains an @)'"),
    (["-H", "h", "--admin=challenge", "--auth=ntlm"], "--auth=ntlm needs --user and --password-file"),
    (["-H", "h", "--password-file", "/etc"], "option --password-file cannot read /etc: is a directory"),
    (["-H", "h", "--password-file", "/nonexistent"], "option --password-file cannot read /nonexistent: No such file"),
    (["-H", "h", "--admin-path=mscep_admin"], "--admin-path", "'mscep_admin'", "starts with a slash"),
    (["-H", "h", "--admin-path=/x/", "--admin=off"], "--admin-path has no effect with --admin=off"),
    *((["-H", "h", *words], f"{words[0].partition('=')[0]} has no effect without --admin=challenge")
      for words in (["--user=u"], ["--auth=ntlm"], ["--single-password"])),
    (["-H", "h", "--state-dir=/tmp", "--admin=off"], "--state-dir has no effect with --admin=off"),
    (["-H", "h", "--challenge-interval=1h", "--admin=off"], "--challenge-interval has no effect with --admin=off"),
    (["-H", "h", "--admin=challenge", "--auth=ntlm", "--ticket-cache=FILE:/x"],
     "--keytab and --ticket-cache work with --auth=negotiate only"),
    (["-H", "h", "--admin=challenge", "--user=D\\u", "--keytab", "FILE"], "Kerberos needs --user as user@REALM, not"),
    (["-H", "h", "--admin=challenge", "--auth=negotiate", "--user=D/u"], "Kerberos needs --user as user@REALM, not"),
    (["-H", "h", "--admin=challenge", "--user=u@R", "--keytab=/nonexistent"], "option --keytab cannot read /nonexistent"),
    (["-H", "h", "--ticket-cache=FILE:/x"], "--ticket-cache has no effect without --admin=challenge"),
    (["-H", "h", "--admin=challenge", "--keytab", "FILE"], "--keytab has no effect without --user"),
    (["-H", "h", "--admin=challenge", "--password-file", "FILE"], "--password-file has no effect without --user"),
    (["-H", "h", "-w", "5", "-c", "2"], "option --warning '5' has no effect: --critical '2' is reached first"),
)

WRONG_WINRM = (
    (["-H", "h", "--auth=basic", "--user=u", "--password-file", "FILE"], "--auth=basic needs -S"),
    (["-H", "h", "--auth=ntlm"], "NTLM needs --user and --password-file"),
    (["-H", "h", "-S", "--insecure", "--auth=basic", "--user=u", "--password-file", "FILE"],
     "--insecure works with --auth=kerberos only"),
    (["-H", "h", "--auth=digest"], "option --auth needs auto, kerberos, ntlm, basic or certificate, not 'digest'"),
    (["-H", "h", "--user=u@X", "--keytab=/nonexistent"], "option --keytab cannot read /nonexistent: No such file"),
    (["-H", "h", "--password=secret"], "option --password would be visible in the process list"),
    (["-H", "h", "--service-name=WSMAN/h"], "--service-name and --service-host need names"),
    (["-H", "h", "--event-window=soon"], "option --event-window needs a time such as"),
    (["-H", "h", "--keytab", "FILE"], "--keytab has no effect without --user"),
    (["-H", "h", "--password-file", "FILE"], "--password-file has no effect without --user"),
    (["-H", "h", "--user=u@X", "--password-file", "FILE", "--keytab", "FILE"], "give --keytab or --password-file, not both"),
    (["-H", "h", "--pending-time=1m"], "--pending-time has no effect without --state-file"),
    (["-H", "h", "-w", "5", "-c", "2"], "option --warning '5' has no effect: --critical '2' is reached first"),
    (["-H", "h", "--failures-warning=20"], "option --failures-warning '20' has no effect: --failures-critical '",
     "' (the default) is reached first"),
)

WRONG_RACERT = (
    (["--file", "/nonexistent"], "--file", "cannot read /nonexistent: No such file"),
    (["--file", "/etc"], "--file", "cannot read /etc: is a directory"),
    (["--file", "/dev/null"], "--file", "cannot read /dev/null"),
    (["--file", "x", "-H", "h"], "give --file or --hostname, not both"),
    (["--file", "x", "-u", "http://h"], "give --file or --url, not both"),
    (["-H", "h", "--crl-warning=3:"], "--crl-warning has no effect without --check-crl"),
    (["-H", "h", "--check-crl", "--crl-critical=12:"],
     "option --crl-warning '6:' (the default) has no effect: --crl-critical '12:' is reached first"),
    (["-H", "h", "-w", "30d", "-c", "60d"], "option --warning '30d' has no effect: --critical '60d' is reached first"),
    (["-H", "h", "-w", "3:"], "option --warning '3:' has no effect: --critical '30:' (the default) is reached first"),
    (["-H", "h", "--ca-critical=120d"],
     "option --ca-warning '90:' (the default) has no effect: --ca-critical '120d' is reached first"),
    (["-H", "h", "-w", "130%"], "option --warning '130%' is more than 100%, the whole lifetime"),
    (["-H", "h", "-w", "60"], "option --warning '60' would alert above that many days; write 60: or 60d"),
    (["-H", "h", "-w", "10d:5h"], "option --warning '10d:5h' mixes units"),
    (["-H", "h", "--fingerprint=abc"], "option --fingerprint needs a SHA-256 fingerprint of 64 hex digits, not 'abc'"),
    (["-H", "h", "--ca-file=/nonexistent"], "--ca-file", "cannot read /nonexistent: No such file"),
)

WRONG_LDAP = (
    ([], "no domain controller given: use -H HOST or --domain NAME"),
    (["-H", "h", "--domain", "example.com"], "give --domain or --hostname, not both"),
    (["-H", "h", "-S", "-T"], "give --starttls or --ssl, not both"),
    (["-H", "h h"], "option --hostname 'h h' is not a host name"),
    (["-H", "h", "-H", "i i"], "option --hostname 'i i' is not a host name"),
    (["-H", "h:1", "-p", "2"], "option --hostname 'h:1' has a port that contradicts -p"),
    (["-H", "h", "-H", "i", "-I", "127.0.0.1"], "-I needs exactly one -H"),
    (["--domain", "example.com", "-I", "127.0.0.1"], "-I needs exactly one -H"),
    (["-H", "h", "-u", "https://h/"], "unknown option -u"),
    (["-H", "h", "--url", "https://h/"], "unknown option --url"),
    (["-H", "h", "-x", "http://proxy:3128"], "unknown option -x"),
    (["-H", "h", "--auth=digest"], "option --auth needs auto, gssapi, gss-spnego or simple, not 'digest'"),
    (["-H", "h", "--auth=simple", "--user=u", "--password-file", "FILE"], "a simple bind needs -S or -T"),
    (["-H", "h", "--user=EXAMPLE\\u", "--password-file", "FILE"], "a simple bind needs -S or -T", "user@REALM"),
    (["-H", "h", "--user=CN=u,DC=example,DC=com", "--password-file", "FILE"], "a simple bind needs -S or -T"),
    (["-H", "h", "-S", "--insecure", "--user=EXAMPLE\\u", "--password-file", "FILE"],
     "a simple bind sends the password to the server: refused with --insecure"),
    (["-H", "h", "-T", "--insecure", "--auth=simple", "--user=u", "--password-file", "FILE"],
     "a simple bind sends the password to the server: refused with --insecure"),
    (["-H", "h", "-S", "--insecure"], "with --insecure nothing proves who answers inside TLS"),
    (["-H", "h", "-S", "--auth=simple"], "a simple bind needs --user and --password-file"),
    (["-H", "h", "-S", "--auth=simple", "--user=u"], "a simple bind needs --user and --password-file"),
    (["-H", "h", "-S", "--auth=simple", "--user=u", "--keytab", "FILE"], "--keytab and --ticket-cache work with Kerberos only"),
    (["-H", "h", "--auth=gssapi", "--user=EXAMPLE\\u", "--password-file", "FILE"], "Kerberos needs --user as user@REALM"),
    (["-H", "h", "--password-file", "FILE"], "--password-file has no effect without --user"),
    (["-H", "h", "--user=u@X", "--password-file", "FILE", "--keytab", "FILE"], "give --keytab or --password-file, not both"),
    (["-H", "h", "--user=u@X", "--ticket-cache=FILE:x", "--keytab", "FILE"], "give --ticket-cache or --keytab, not both"),
    (["-H", "h", "--time-warning=5", "--time-critical=2"],
     "option --time-warning '5' has no effect: --time-critical '2' is reached first"),
    (["-H", "h", "-w", "3:", "-c", "14:"], "option --warning '3:' has no effect: --critical '14:' is reached first"),
    (["-H", "h", "-c", "100:"], "' (the default) has no effect: --critical '100:' is reached first"),
    (["-H", "h", "--user=u@X", "--keytab=/nonexistent"], "option --keytab cannot read /nonexistent: No such file"),
    (["-H", "h", "--password=secret"], "option --password would be visible in the process list"),
    (["-H", "h", "--user=u@X", "--password", "secret"], "option --password would be visible in the process list"),
    (["-H", "h", "--password-file", "/etc"], "option --password-file cannot read /etc: is a directory"),
    (["-H", "h", "--password-file", "/nonexistent"], "option --password-file cannot read /nonexistent: No such file"),
    (["-H", "h", "--ca-cert", "FILE"], "-J and --ca-cert need -S or -T"),
    (["-H", "h", "-J", "FILE"], "-J and --ca-cert need -S or -T"),
    (["-H", "h", "-S", "-J", "FILE", "--passphrase-file", "FILE"], "--passphrase-file cannot be used here"),
    (["-H", "h", "--posture=maybe"], "option --posture needs", "on", "off", "not 'maybe'"),
    (["-H", "h", "--time-warning=soon"], "option --time-warning 'soon' is not a range"),
    (["-H", "h", "--account", "NetworkService"], "option --account 'NetworkService' is a built-in identity",
     "the computer account of the NDES server", "'EXAMPLE\\NDES01$'"),
    (["-H", "h", "--account", "NT AUTHORITY\\SYSTEM"], "option --account 'NT AUTHORITY\\SYSTEM' is a built-in identity"),
    (["-H", "h", "--account", "EXAMPLE\\"], "option --account 'EXAMPLE\\' is not a name"),
    (["-H", "h", "--account", "\\svc"], "option --account '\\svc' has no domain name"),
    (["-H", "h", "--account", "@example.com"], "option --account '@example.com' is not a name"),
    (["-H", "h", "--account", "svc@"], "option --account 'svc@' is not a name"),
    (["-H", "h", "--account", ""], "option --account needs a non-empty value"),
    (["-H", "h", "--account", "S-1-5-x"], "option --account 'S-1-5-x' is not a valid SID"),
    (["-H", "h", "--account", 300 * "a"], "is too long for an account name"),
    (["-H", "h", "--account", "a\tb"], "contains a control character"),
)

WRONG_TEMPLATE = (
    (["-H", "h", "--client-key-bits=12"], "option --client-key-bits needs a whole number from 256 to 65536, not '12'"),
    (["-H", "h", "--profile=x"], "option --profile needs ndes or intune, not 'x'"),
    (["-H", "h", "--ca", "ca1\\"], "option --ca 'ca1\\' has no name of a CA after the \\"),
    *((["-H", "h", "--expect-revision", value], f"option --expect-revision '{value}' is not a valid revision, such as 100.7")
      for value in ("100", "100.", ".7", "100.7.1", "-1.7", "100,7", "T=100", "t=x.y")),
    (["-H", "h", "-p", "3268"], "port 3268 is the global catalog, which lacks most attributes of templates"),
    (["-H", "h", "-H", "i:3269", "-S"], "port 3269 is the global catalog"),
    (["--domain", "example.com", "-p", "3269", "-S"], "port 3269 is the global catalog"),
    (["-H", "h", "-w", "130%"], "option --warning '130%' is more than 100%, the whole lifetime"),
    (["-H", "h", "--expect-revision=U=1.2"], "option --expect-revision 'U=1.2' names a template that is not checked"),
    (["-H", "h", "--expect-revision=1.2", "--expect-revision=T=1.2"], "'T=1.2' is the second one for this template"),
    (["-H", "h", "--template=U", "--expect-revision=1.2"], "'1.2' does not name the template"),
)

WRONG_ACCOUNT = (
    (["-H", "h", "--ndes-host=CN=x"], "option --ndes-host 'CN=x' is not the name of a computer"),
    (["-H", "h", "-w", "10%"], "option --warning '10%' needs days or hours"),
    (["-H", "h", "-c", "10%:"], "option --critical"),
    (["-H", "h", "--spn", "https://ndes/"], "option --spn needs a host", "not 'https://ndes/'"),
    (["-H", "h", "--spn", "HTTP/"], "option --spn needs a host"),
    (["-H", "h", "--spn", "nd es"], "option --spn needs a host"),
    (["-H", "h", "--spn", ""], "option --spn"),
)

# Without what a plugin needs.
BARE = (
    ("check_ndes_template", [], ["no template given: use --template"]),
    ("check_ndes_template", ["-H", "h", "--account", "svc"], ["no template given: use --template"]),
    ("check_ndes_template", ["-H", "h", "--template", "T"], ["option --account is missing"]),
    ("check_ndes_account", [], ["option --account is missing"]),
    ("check_ndes_account", ["-H", "h"], ["option --account is missing"]),
)


def rows(table, plugins):
    return [(plugin, [*NEEDS.get(plugin, []), *words], said) for words, *said in table for plugin in plugins]


ALL = [*rows(WRONG, EVERY), *rows(WRONG_SERVER, PLUGINS + WINRM_PLUGINS), *rows(WRONG_HTTP, ["check_ndes_http"]),
       *rows(WRONG_WINRM, WINRM_PLUGINS), *rows(WRONG_RACERT, ["check_ndes_racert"]), *rows(WRONG_LDAP, DIRECTORY_PLUGINS),
       *rows(WRONG_TEMPLATE, ["check_ndes_template"]), *rows(WRONG_ACCOUNT, ["check_ndes_account"]), *BARE]


def check_refusal(plugin, words, said):
    """One line that says these things, and exit code 3."""
    run = run_plugin(plugin, *(PASSWORD_FILE if word == "FILE" else word for word in words))
    assert run.code == UNKNOWN, run
    assert run.out.startswith(f"{SERVICES[plugin]} UNKNOWN - "), run
    assert run.out.count("\n") == 1 and run.out.endswith("\n"), run
    assert all(text in run.out for text in said), f"{said}\n{run}"
    assert "secret" not in run.out, run


@pytest.mark.parametrize("plugin, words, said", ALL,
                         ids=[f"{plugin} {' '.join(words)}"[:100] for plugin, words, _ in ALL])
def test_wrong_option_is_one_clear_line(plugin, words, said):
    check_refusal(plugin, words, said)


def test_empty_password_file(tmp_path):
    empty = tmp_path / "password"
    for content in ("", "\n", "\nsecret\n"):
        empty.write_text(content, encoding="ascii")
        for words in ([], ["--admin=challenge", "--user=u"]):
            check_refusal("check_ndes_http", ["-H", "h", "--password-file", empty, *words],
                          [f"option --password-file found an empty first line in {empty}"])


@pytest.mark.parametrize("plugin", DIRECTORY_PLUGINS)
def test_empty_password_file_of_a_user(plugin, tmp_path):
    empty = tmp_path / "password"
    empty.write_text("\nsecret\n", encoding="ascii")
    for words in (["--user=u@X"], ["-S", "--user=EXAMPLE\\u"]):
        check_refusal(plugin, [*NEEDS[plugin], "-H", "h", *words, "--password-file", empty],
                      [f"option --password-file found an empty first line in {empty}"])


@pytest.mark.parametrize("plugin", DIRECTORY_PLUGINS)
@pytest.mark.parametrize("words", [(), ("-vvv",), ("--output=json",), ("--auth=gssapi",)], ids=" ".join)
def test_password_of_a_section(plugin, words, tmp_path):
    """A password may stand in a file of sections: it signs in, and neither success nor refusal shows it."""
    ini = tmp_path / "secret.ini"
    with LdapLab() as lab:
        ini.write_text(f"[ndes]\nhostname = 127.0.0.1:{lab.port}\nssl\nca-cert = {lab.ca_file}\nauth = simple\n"
                       f"user = {USER}\npassword = {PASSWORD}\n", encoding="ascii")
        run = run_plugin(plugin, f"--extra-opts=ndes@{ini}", *QUESTIONS[plugin], *words)
        assert run.code == (UNKNOWN if "--auth=gssapi" in words else OK), run
        assert PASSWORD not in run.out, run


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


@pytest.mark.parametrize("plugin", EVERY)
def test_relations_are_between_options_that_exist(plugin):
    """What --describe says of an option's needs, conflicts and pair names others, and values that they may have."""
    options = {option["name"]: option for option in json.loads(run_plugin(plugin, "--describe").out)["options"]}
    for option in options.values():
        for words in (option.get("needs"), option.get("idle_with"), option.get("pair"),
                      *option.get("conflicts", "").split()):
            name, _, value = (words or option["name"]).partition("=")
            assert name in options and (not value or value in options[name]["choices"]), (option["name"], words)
        if "pair" in option:
            assert options[option["pair"]]["type"] == option["type"] and option["pair"].endswith("warning")
        assert option["name"].endswith("critical") == ("pair" in option), option["name"]


def test_metrics_are_the_described_ones():
    described = {plugin: [metric["label"] for metric in json.loads(run_plugin(plugin, "--describe").out)["metrics"]]
                 for plugin in PLUGINS}
    with Lab(["admin-password"], tls=True) as lab:
        for plugin in PLUGINS:
            words = [*lab.arguments(plugin), *(["--check-crl"] if plugin == "check_ndes_racert" else ["--long-url"])]
            run = run_plugin(plugin, *words, "--output=json")
            labels = [metric["label"] for metric in run.json()["metrics"]]
            assert labels == described[plugin], run


@pytest.mark.parametrize("plugin", DIRECTORY_PLUGINS)
def test_metrics_of_the_directory_are_the_described_ones(plugin):
    """Those of dates that never come are left out; here all of them come."""
    described = [metric["label"] for metric in json.loads(run_plugin(plugin, "--describe").out)["metrics"]]
    directory = healthy()
    directory.find(ACCOUNT).attributes["accountExpires"] = text(filetime(100))
    with LdapLab(directory) as lab:
        run = run_plugin(plugin, *lab.arguments(), *QUESTIONS[plugin], "--output=json")
    assert run.code == OK and [metric["label"] for metric in run.json()["metrics"]] == described, run


def test_extra_opts_section(tmp_path):
    ini = tmp_path / "plugins.ini"
    with Lab(["healthy"]) as lab:
        ini.write_text(f"[ndes]\nurl = {lab.url}\nw = 10\n--admin = off\n\n[check_ndes_http]\nurl={lab.url}\n"
                       f"state-dir={tmp_path}\n")
        run = run_plugin("check_ndes_http", f"--extra-opts=ndes@{ini}")
        assert run.code == OK and ";10;" in run.first_line and "time_admin" not in run.first_line, run
        run = run_plugin("check_ndes_http", "--extra-opts", env={"MP_CONFIG_FILE": str(ini)})
        assert run.code == OK and "time_admin" in run.first_line, run
        run = run_plugin("check_ndes_http", f"--extra-opts=ndes@{ini}", "-w", "20")
        assert ";20;" in run.first_line, "the command line wins"
        run = run_plugin("check_ndes_http", f"--extra-opts=missing@{ini}")
        assert run.code == UNKNOWN and "missing" in run.out, run


@pytest.mark.parametrize("plugin", [name for name in EVERY if name != "check_ndes_racert"])
@pytest.mark.parametrize("line", ["user", "user =", "password", "keytab"])
def test_ini_line_without_a_value(tmp_path, plugin, line):
    ini = tmp_path / "plugins.ini"
    ini.write_text(f"[ndes]\nhostname = h\n{line}\n")
    run = run_plugin(plugin, f"--extra-opts=ndes@{ini}")
    assert run.code == UNKNOWN and f"--{line.split()[0]}" in run.out and "crashed" not in run.out, run


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
    check_more_and_more(outputs)


@pytest.mark.parametrize("plugin", DIRECTORY_PLUGINS)
def test_each_level_shows_more_of_the_directory(plugin):
    with LdapLab() as lab:
        check_more_and_more([run_plugin(plugin, *lab.arguments(), *QUESTIONS[plugin], *words).out
                             for words in ([], ["-v"], ["-vv"])])


def check_more_and_more(outputs):
    counts = [len(output.splitlines()) for output in outputs]
    assert counts[0] == 1 and counts == sorted(set(counts)), outputs
