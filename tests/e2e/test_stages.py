# No test is lost: each runs on the plain or on the sanitized build, and tests/run asks for every stage.
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import subprocess
import sys
from pathlib import Path

import pytest

import stages

TOP = Path(__file__).resolve().parents[2]


def collected(*words):
    """{file.py::function[parameters]} that pytest would run. The environment of tests/run must not change that."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run([sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *words,
                           "tests/lab", "tests/e2e"], cwd=TOP, env=env, capture_output=True, text=True, check=False)
    found = [line for line in done.stdout.splitlines() if "::" in line]
    assert done.returncode == 0 and len(set(found)) == len(found), done.stdout[-2000:] + done.stderr
    return {line.removeprefix("tests/") for line in found}


@pytest.fixture(scope="module")
def every():
    return collected()


@pytest.fixture(scope="module")
def by_stage():
    return {stage: collected("--stage", stage) for stage in stages.STAGES}


def of(tests, name):
    return {test for test in tests if test.startswith(f"e2e/{name}")}


def test_each_test_has_a_build(every, by_stage):
    assert by_stage["plain"] | by_stage["sanitized"] == every
    assert by_stage["valgrind"] < every


def test_what_runs_twice_is_a_sample(by_stage):
    twice = by_stage["plain"] & by_stage["sanitized"]
    twice -= {test for name in stages.BOTH for test in of(twice, name)}
    assert 0 < len(twice) < len(by_stage["sanitized"]) / 6


def test_real_peers_meet_the_plain_build(every, by_stage):
    peers = of(every, "test_peers_")
    assert peers and peers <= by_stage["plain"]
    assert peers & by_stage["sanitized"] <= {test for name in stages.BOTH for test in of(every, name)}


@pytest.mark.parametrize("name", [*stages.PLAIN, *stages.BOTH])
def test_table_names_what_exists(every, by_stage, name):
    assert of(every, name) and of(every, name) <= by_stage["plain"]


@pytest.mark.parametrize("name", stages.SIGN_INS)
def test_each_sign_in_is_seen_by_valgrind(every, by_stage, name):
    wanted = {test for test in of(every, name) if not any(other in test for other in stages.SIGN_INS_OF_OTHERS)}
    assert wanted and wanted <= by_stage["valgrind"]


def test_each_parser_is_seen_by_valgrind(by_stage):
    targets = {path.stem.removeprefix("fuzz_") for path in (TOP / "tests/fuzz").glob("fuzz_*.c")}
    assert targets == set(stages.PARSERS), "a fuzz target is a parser: name the test that runs it, in stages.py"
    assert {f"e2e/{test}" for test in stages.PARSERS.values()} <= by_stage["valgrind"]


def test_sample_of_valgrind_is_as_large_as_it_says(by_stage):
    for name, count in stages.SPREAD.items():
        assert len(of(by_stage["valgrind"], name + "[")) >= count, name


def test_nothing_is_skipped_on_a_build():
    """What cannot run on one is named in stages.py: then it runs on another."""
    for path in Path(__file__).parent.glob("test_*.py"):
        for mark in ("SANITIZED", "VALGRIND"):
            assert f"skipif({mark}" not in path.read_text(encoding="utf-8"), path


@pytest.mark.parametrize("stage", stages.STAGES)
def test_every_stage_is_run(stage):
    assert f"--stage {stage} " in (TOP / "tests/run").read_text(encoding="utf-8")
