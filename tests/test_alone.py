"""A test that is marked to have the machine for itself has it, however many processes run the tests."""

from __future__ import annotations

import ast
import fcntl
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from tests.alone import MARK, machine

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


def test_what_is_held_to_a_time_on_the_clock_has_the_machine_for_itself() -> None:
    files = {path.relative_to(ROOT): ast.parse(path.read_text()) for path in (ROOT / "tests").rglob("test_*.py")}
    shared = [f"{path}: {test.name}" for path, module in files.items() for test in _timed(module)]
    assert shared == []


def _timed(module: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Tests that read a clock and want less of something than so much, and share the machine."""
    if any("pytestmark" in ast.unparse(node) and _says_alone(node) for node in module.body):
        return
    for node in module.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or not node.name.startswith("test_"):
            continue
        if _reads_a_clock(node) and _wants_less(node) and not any(map(_says_alone, node.decorator_list)):
            yield node


def _reads_a_clock(test: ast.AST) -> bool:
    called = (ast.unparse(n.func) for n in ast.walk(test) if isinstance(n, ast.Call))
    return any(name.endswith(("monotonic", "perf_counter")) for name in called)


def _says_alone(node: ast.AST) -> bool:
    return f"mark.{MARK}" in ast.unparse(node)


def _wants_less(test: ast.AST) -> bool:
    compared = [c for a in ast.walk(test) if isinstance(a, ast.Assert) for c in ast.walk(a)]
    return any(isinstance(op, ast.Lt | ast.LtE) for c in compared if isinstance(c, ast.Compare) for op in c.ops)
