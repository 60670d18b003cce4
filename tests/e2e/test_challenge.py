# --admin=challenge: it must never take more passwords than its interval allows.
# SPDX-License-Identifier: GPL-3.0-or-later
import dataclasses
import json
import os
import re
import subprocess
import time

import pytest

from lab import Lab, admin
from running import CRITICAL, OK, UNKNOWN, plugin_path, run_plugin

HTTP = "check_ndes_http"


def minted(lab):
    return lab.counters.as_dict()["minted"]


def ledgers(lab):
    """{kind: the state file}, changed in place by the tests: "server" is about the address, "target" about the URL."""
    paths = [os.path.join(lab.file("state"), name) for name in os.listdir(lab.file("state")) if name.endswith(".json")]
    assert len(paths) == 2, paths
    with open(paths[0], "rb") as file:
        return dict(zip(("server", "target") if b'"target":"server ' in file.read() else ("target", "server"), paths))


def ledger(lab):
    return ledgers(lab)["target"]


def age(lab, minutes):
    """Makes the last fetch so many minutes older."""
    for path in ledgers(lab).values():
        change(path, lambda state: state.update(time=state["time"] - 60 * minutes))


def change(path, how):
    with open(path, encoding="ascii") as file:
        state = json.load(file)
    how(state)
    with open(path, "w", encoding="ascii") as file:
        json.dump(state, file, separators=(",", ":"))


def test_repeats_within_the_interval_and_asks_after_it():
    with Lab(["admin-password"]) as lab:
        words = lab.arguments(HTTP)
        first = run_plugin(HTTP, *words, "-v")
        assert first.code == OK and "a one-time challenge password" in first.out, first
        for _ in range(8):
            run = run_plugin(HTTP, *words, "-v")
            assert run.code == OK and "0 minutes ago: a one-time challenge password" in run.out, run
        assert minted(lab) == 1
        age(lab, 20)
        run = run_plugin(HTTP, *words, "-v")
        assert "20 minutes ago" in run.out and minted(lab) == 1, run
        age(lab, 11)
        assert run_plugin(HTTP, *words).code == OK and minted(lab) == 2


def test_a_day_of_checks_never_fills_the_cache():
    """At the default interval, an hour has at most two of five passwords."""
    with Lab(["admin-password"]) as lab:
        words = lab.arguments(HTTP)
        for _ in range(12):
            run = run_plugin(HTTP, *words)
            assert run.code == OK, run
            lab.advance(minutes=31)
            age(lab, 31)
        assert minted(lab) == 12


def test_two_at_once_mint_once():
    with Lab(["admin-password"]) as lab:
        command = [str(plugin_path(HTTP)), *lab.arguments(HTTP), "-v"]
        runs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(6)]
        outputs = [run.communicate(timeout=60)[0] for run in runs]
        assert [run.returncode for run in runs] == [OK] * 6, outputs
        assert minted(lab) == 1
    assert sum("minutes ago" in output for output in outputs) == 5, outputs


@pytest.mark.parametrize("content", [b"", b"{", b"\x00" * 100, b"[]", b'{"ndes-state":1}', b"x" * 100000])
def test_damaged_ledger_means_do_not_ask(content):
    with Lab(["admin-password"]) as lab:
        words = lab.arguments(HTTP)
        run_plugin(HTTP, *words)
        for path in ledgers(lab).values():
            with open(path, "rb") as file:
                good = file.read()
            with open(path, "wb") as file:
                file.write(content)
            run = run_plugin(HTTP, *words)
            assert run.code == UNKNOWN and "[ndes-admin-state]" in run.first_line and path in run.out, run
            assert minted(lab) == 1
            with open(path, "rb") as file:
                assert file.read() == content
            with open(path, "wb") as file:
                file.write(good)
        os.remove(ledger(lab))
        assert run_plugin(HTTP, *words).code == OK and minted(lab) == 2


def test_unusable_directory_means_do_not_ask():
    with Lab(["admin-password"]) as lab:
        for directory in ("/nonexistent", lab.file("password"), "/proc"):
            run = run_plugin(HTTP, *lab.arguments(HTTP), f"--state-dir={directory}")
            assert run.code == UNKNOWN and "[ndes-admin-state]" in run.first_line, run
            assert "(so the admin page was not requested)" in run.out
        assert minted(lab) == 0


@pytest.mark.parametrize("mode", ["auto", "required", "forbidden"])
def test_open_page_is_not_asked_for_without_a_directory(mode):
    """Each ordinary run would cost a password, and none would know of the other."""
    with Lab(["admin-open"]) as lab:
        for _ in range(3):
            run = run_plugin(HTTP, *lab.arguments(HTTP), "--state-dir=/nonexistent", f"--admin={mode}", "--output=json")
            assert run.findings() == [("ndes-admin-state", "UNKNOWN")], run
        assert minted(lab) == 0


def test_open_page_asked_by_many_at_once():
    with Lab(["admin-open"]) as lab:
        command = [str(plugin_path(HTTP)), *lab.arguments(HTTP), "-t", "60"]
        runs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(50)]
        outputs = [run.communicate(timeout=90)[0] for run in runs]
        assert all("[ndes-admin-open]" in output for output in outputs), outputs
        assert minted(lab) == 1


SPELLINGS = ("http://localhost:{port}/certsrv/mscep_admin/", "http://LocalHost:{port}/CertSrv/mscep_admin/",
             "http://localhost:{port}/x/../certsrv/mscep%5Fadmin/", "http://127.0.0.1:{port}/certsrv/mscep_admin/",
             "http://127.1:{port}/certsrv/mscep_admin/")


@pytest.mark.parametrize("scenario", ["admin-password", "admin-open"])
def test_one_server_by_many_names_mints_once(scenario):
    """The same URL in other words is the same page; another name of the address may be another server: not asked, UNKNOWN."""
    with Lab([scenario]) as lab:
        words = lab.arguments(HTTP)[2:]
        codes = []
        for spelling in SPELLINGS:
            admin_url = spelling.format(port=lab.port)
            host, path = admin_url.partition("/")[0] + "//" + admin_url.split("/")[2], "/" + admin_url.split("/", 3)[3]
            run = run_plugin(HTTP, "-u", f"{host}/certsrv/mscep/mscep.dll", f"--admin-path={path}", *words, "--output=json")
            codes.append(run.ids())
        assert minted(lab) == 1
    same, other = ([] if scenario == "admin-password" else ["ndes-admin-open"]), ["ndes-admin-elsewhere"]
    assert codes == [same] * 3 + [other] * 2, codes


def test_device_page_and_empty_page_are_no_open_door(monkeypatch):
    """Anybody may see them, and nobody gets a password by them."""
    for page in (admin.PAGES["blank"], lambda *_: admin.bare_page()):
        with Lab(["admin-open"]) as lab:
            monkeypatch.setitem(admin.PAGES, lab.settings.admin, page)
            run = run_plugin(HTTP, *lab.arguments(HTTP), "--output=json")
        assert run.findings() == [("ndes-admin-unknown", "WARNING")], run


def test_clock_set_back_means_do_not_ask():
    with Lab(["admin-password"]) as lab:
        words = lab.arguments(HTTP)
        run_plugin(HTTP, *words)
        age(lab, -120)
        run = run_plugin(HTTP, *words)
        assert run.code == UNKNOWN and "future" in run.out and minted(lab) == 1, run
        assert run_plugin(HTTP, *words).code == OK and minted(lab) == 1, "the interval began anew"
        age(lab, 31)
        assert run_plugin(HTTP, *words).code == OK and minted(lab) == 2


def test_wrong_password_is_not_tried_again_at_once():
    """Else a five-minute check would lock the account."""
    with Lab(["admin-auth"]) as lab:
        words = lab.arguments(HTTP)
        first = run_plugin(HTTP, *words)
        asked = sum(lab.counters.as_dict()["requests"].values())
        second = run_plugin(HTTP, *words)
        assert first.code == second.code == UNKNOWN
        assert "[ndes-admin-auth]" in second.first_line and "0 minutes ago" in second.out, second
        assert ledger(lab) in second.out, "the message names the file to remove"
        assert sum(lab.counters.as_dict()["requests"].values()) - asked == 4, "only the anonymous requests"


def test_full_cache_is_named_and_ends():
    with Lab(["admin-full"]) as lab:
        words = lab.arguments(HTTP)
        run = run_plugin(HTTP, *words)
        assert run.code == CRITICAL and "[ndes-admin-full]" in run.first_line, run
        lab.advance(minutes=61)
        age(lab, 31)
        assert run_plugin(HTTP, *words).code == OK


def test_crash_counts_as_a_fetch():
    """Killed while the page is being fetched: the next run must not ask again."""
    with Lab(["admin-password"]) as lab:
        run_plugin(HTTP, *lab.arguments(HTTP))
        change(ledger(lab), lambda state: state["record"].update(ending="unfinished", status=0))
        run = run_plugin(HTTP, *lab.arguments(HTTP))
        assert run.code == UNKNOWN and "[ndes-admin-state]" in run.first_line and minted(lab) == 1, run
        assert "was ended before the answer" in run.out, run


def remember(page, passwords):
    """Keeps the last bold token of a page: the password."""
    passwords.append(re.findall(r"<B> ([0-9A-F]+) </B>", page)[-1])
    return page


@pytest.mark.parametrize("name", ["admin-password", "admin-32", "admin-single", "admin-german", "admin-bom"])
def test_secrets_stay_secret(name, monkeypatch):
    """Neither the challenge password nor the sign-in password is printed, at any level, or kept."""
    passwords = []
    with Lab([name]) as lab:
        pages = admin.PAGES[lab.settings.admin]
        monkeypatch.setitem(admin.PAGES, lab.settings.admin, lambda *given: remember(pages(*given), passwords))
        run = run_plugin(HTTP, *lab.arguments(HTTP), "-vvv")
        json_run = run_plugin(HTTP, *lab.arguments(HTTP), "-vvv", "--output=json")
        kept = "".join(open(path, encoding="ascii").read() for path in ledgers(lab).values())
        with open(lab.file("password"), encoding="ascii") as file:
            password = file.read().strip()
        assert passwords and len(passwords[-1]) >= 16
        for secret in passwords + [password]:
            assert secret not in run.out + json_run.out + kept


def test_a_connection_cut_at_the_page_is_not_asked_again(monkeypatch):
    """libcurl would repeat the request on a new connection, and NDES would mint again."""
    fetches = []

    def cut(*_):
        fetches.append(1)
        cut_connection()

    with Lab(["admin-password"]) as lab:
        monkeypatch.setitem(admin.PAGES, lab.settings.admin, cut)
        run = run_plugin(HTTP, *lab.arguments(HTTP))
    assert len(fetches) == 1, fetches
    assert run.code == CRITICAL and "[ndes-http-broken]" in run.first_line, run


def test_other_names_of_the_same_account_and_server_share_the_ledger():
    """The cache is the server's: whoever asks, it is one slot. What the page says to one is no answer for another."""
    with Lab(["admin-password"]) as lab:
        words = [word for word in lab.arguments(HTTP) if not word.startswith("--user")]
        for user in ("LAB\\ndesadmin", "lab\\NDESadmin", "ndesadmin", "LAB\\NdesAdmin"):
            run = run_plugin(HTTP, *words, f"--user={user}", "-v")
            assert run.code == (UNKNOWN if user == "ndesadmin" else OK), run
            assert ("LAB/ndesadmin signed in 0 minutes ago" in run.out) == (user == "ndesadmin"), run
        assert minted(lab) == 1


def test_a_node_that_answers_to_the_common_name_counts_once():
    with Lab(["admin-password"]) as lab:
        for _ in range(2):
            assert run_plugin(HTTP, *lab.arguments(HTTP), "-I", "127.0.0.1").code == OK
            run = run_plugin(HTTP, *lab.arguments(HTTP))
            assert run.code == UNKNOWN and "this address was requested as 127.0.0.1/certsrv/mscep_admin at 127.0.0.1" in run.out, run
        assert minted(lab) == 1


def test_single_password_is_believed_when_it_was_seen():
    """With one-time passwords the short interval would empty the cache in five minutes."""
    quick = ("--single-password", "--challenge-interval=1m")
    with Lab(["admin-password"]) as lab:
        assert run_plugin(HTTP, *lab.arguments(HTTP), *quick).code == OK
        for _ in range(3):
            age(lab, 2)
            run = run_plugin(HTTP, *lab.arguments(HTTP), *quick, "-v")
            assert "--single-password is wrong" in run.out, run
        assert minted(lab) == 1
    with Lab(["admin-single"]) as lab:
        for _ in range(3):
            run = run_plugin(HTTP, *lab.arguments(HTTP), "--challenge-interval=1m", "-v")
            assert "signed in:" in run.out, run
            age(lab, 2)


def test_open_page_is_not_emptied_by_looking_at_it(tmp_path):
    """Each look at an open page costs a password: one per interval, not one per run."""
    with Lab(["admin-open"]) as lab:
        for _ in range(6):
            run = run_plugin(HTTP, *lab.arguments(HTTP), f"--state-dir={tmp_path}")
            assert run.code == CRITICAL and "[ndes-admin-open]" in run.first_line, run
        assert minted(lab) == 1
        assert "minutes ago" in run.out and str(tmp_path) in run.out, run


def test_page_that_is_opened_later_is_remembered_too():
    """The ledger holds a sign-in that is not over yet when somebody switches Anonymous on."""
    with Lab(["admin-password"]) as lab:
        words = lab.arguments(HTTP)
        assert run_plugin(HTTP, *words).code == OK
        lab.site.settings = dataclasses.replace(lab.settings, anonymous=True)
        for _ in range(4):
            run = run_plugin(HTTP, *words)
            assert run.code == CRITICAL and "[ndes-admin-open]" in run.first_line, run
        assert minted(lab) == 2


def test_what_never_reached_the_server_is_no_fetch(monkeypatch):
    """A page that was cut is kept as such; only a request that can have arrived blocks the next one."""
    with Lab(["admin-password"]) as lab:
        words = lab.arguments(HTTP)
        with monkeypatch.context() as patch:
            patch.setitem(admin.PAGES, lab.settings.admin, cut_connection)
            first = run_plugin(HTTP, *words)
        second = run_plugin(HTTP, *words)
    assert "[ndes-http-broken]" in first.first_line and "[ndes-http-broken]" in second.first_line, f"{first}{second}"


def cut_connection(*_):
    raise ConnectionAbortedError("cut after NDES made the page")


def hang_up_slowly(*_):
    time.sleep(7)
    raise ConnectionAbortedError("too late")


@pytest.mark.parametrize("ending", ["cut", "late"])
def test_open_page_that_does_not_come_counts(monkeypatch, tmp_path, ending):
    """NDES may have made its password by then: not asked for in each run. Of other names that says nothing."""
    fetches = []

    def page(*given):
        fetches.append(1)
        return (cut_connection if ending == "cut" else hang_up_slowly)(*given)

    with Lab(["admin-open"]) as lab:
        monkeypatch.setitem(admin.PAGES, lab.settings.admin, page)
        words = (*lab.arguments(HTTP), "-t", "4", "-v")
        first = run_plugin(HTTP, *words)
        again = run_plugin(HTTP, *words)
        assert len(fetches) == 1 and first.code == again.code, f"{first}{again}"
        assert "admin page, 0 minutes ago: " in again.out and "admin page: " in first.out, f"{first}{again}"
        alias = [word.replace("127.0.0.1", "localhost") if word.startswith("http") else word for word in words]
        run_plugin(HTTP, *alias)
        assert len(fetches) == 2


def test_long_url_is_asked_though_the_admin_page_is_blocked(monkeypatch):
    """What is dropped on the way is what --admin=forbidden wants; it must not cost another answer."""
    with Lab(["admin-open"]) as lab:
        monkeypatch.setitem(admin.PAGES, lab.settings.admin, hang_up_slowly)
        run = run_plugin(HTTP, *lab.arguments(HTTP), "--admin=forbidden", "--long-url", "-t", "4", "-v")
        assert run.code == OK and "no answer: blocked on the way" in run.out, run
        assert "[OK] a URL of 17408 bytes passes" in run.out, run
