"""A test that is marked to have the machine for itself has it, however many processes run the tests."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from tests.alone import machine

ROOT = Path(__file__).resolve().parents[1]
CONFTEST = """
from tests.conftest import pytest_runtest_protocol

def pytest_configure(config):
    config.addinivalue_line("markers", "alone: as in the project")
"""
TESTS = """
import json, os, time
from pathlib import Path
import pytest

@pytest.fixture
def stay(request):
    began = time.monotonic()
    time.sleep(0.2)
    with open({log!r}, "a") as log:
        print(json.dumps([os.getpid(), request.node.originalname, began, time.monotonic()]), file=log)

@pytest.mark.parametrize("number", range(3))
def test_with_others(number, stay):
    pass

@pytest.mark.alone
def test_alone(stay):
    pass
"""


def test_it_overlaps_no_test_of_another_process(tmp_path: Path) -> None:
    log = tmp_path / "log"
    (tmp_path / "conftest.py").write_text(CONFTEST)
    for name in ("test_one.py", "test_two.py"):
        (tmp_path / name).write_text(TESTS.format(log=str(log)))
    options = ["-q", "-n", "2", "--dist", "loadfile", "-p", "no:cacheprovider", "--rootdir", str(tmp_path)]
    outside = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(tmp_path)],
        env=outside | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "8 passed" in done.stdout, done.stdout + done.stderr
    ran = [json.loads(line) for line in log.open()]
    assert len({process for process, *_ in ran}) == 2
    overlapping = [
        {name, another}
        for at, (process, name, began, ended) in enumerate(ran)
        for other, another, its_begin, its_end in ran[at + 1 :]
        if process != other and began < its_end and its_begin < ended
    ]
    assert all(pair == {"test_with_others"} for pair in overlapping)


def visitor(folder: Path, name: str, entered: list[str], *, alone: bool) -> threading.Thread:
    def enter() -> None:
        with machine(folder, alone=alone):
            entered.append(name)

    thread = threading.Thread(target=enter, daemon=True)
    thread.start()
    return thread


def test_others_come_in_beside_each_other(tmp_path: Path) -> None:
    entered: list[str] = []
    with machine(tmp_path, alone=False):
        visitor(tmp_path, "other", entered, alone=False).join(10)
        assert entered == ["other"]


def test_who_waits_to_be_alone_is_let_in_before_those_who_come_later(tmp_path: Path) -> None:
    entered: list[str] = []
    with machine(tmp_path, alone=False):
        first = visitor(tmp_path, "alone", entered, alone=True)
        until_shut(tmp_path / "door")
        then = visitor(tmp_path, "later", entered, alone=False)
        then.join(0.3)
        assert entered == []
    first.join(10)
    then.join(10)
    assert entered == ["alone", "later"]


def until_shut(door: Path) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with door.open("ab") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
        time.sleep(0.01)
    raise AssertionError("who wants to be alone did not wait at the door")
