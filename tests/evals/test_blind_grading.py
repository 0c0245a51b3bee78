"""A person grades at a terminal without being told whose answer it is or what code thinks of it."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import sre_advisor
from sre_advisor.evals.grading.labels import read_labels
from tests.evals.small_suite import written_suite

WAIT_S = 40


def program(*words: str) -> list[str]:
    return [sys.executable, "-m", "sre_advisor.cli", "evals", *words]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(sre_advisor.__file__).parents[1]), "COLUMNS": "100", "TERM": "dumb"}


def at_a_terminal(words: list[str], keys: list[str]) -> tuple[str, int]:
    """What is seen by somebody who answers each prompt in turn."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(words, stdin=theirs, stdout=theirs, stderr=theirs, env=environment(), close_fds=True)
    os.close(theirs)
    seen, left, answered, until = "", list(keys), 0, time.monotonic() + WAIT_S
    while time.monotonic() < until:
        ready, _, _ = select.select([ours], [], [], 0.2)
        if ready:
            try:
                piece = os.read(ours, 65_536)
            except OSError:  # how Linux says that the other side is gone
                break
            if not piece:
                break
            seen += piece.decode(errors="replace")
        if left and seen.count("uit: ") + seen.count("u or q: ") > answered:
            os.write(ours, left.pop(0).encode() + b"\n")
            answered += 1
    os.close(ours)
    return seen, process.wait(timeout=WAIT_S)


def test_answers_are_graded_blind_and_where_one_stopped_one_goes_on(tmp_path: Path) -> None:
    suite, run = written_suite(tmp_path / "suite", ("bad_deploy", "disk_full")), tmp_path / "run"
    asking = program(
        "run", "--suite", str(suite), "--model", "scripted:1", "--model", "scripted:0", "--out", str(run), "--json"
    )
    subprocess.run(asking, env=environment(), check=True, capture_output=True, timeout=WAIT_S)
    grading = program("grade", str(run), "--suite", str(suite))

    seen, code = at_a_terminal(grading, ["x", "r", "q"])
    assert code == 0, seen
    assert "r, w, u or q" in seen, "what is no verdict is asked again"
    (first,) = read_labels(suite / "labels.jsonl")
    assert (first.said, first.by) == ("right", "human")

    again, code = at_a_terminal(grading, ["w", "w", "u"])
    assert code == 0, again
    assert "1 of 3" in again, "what was graded is not asked again"
    assert sorted(label.said for label in read_labels(suite / "labels.jsonl")) == ["right", "unsure", "wrong", "wrong"]

    for word in ("scripted", "graded:", "cause_found", "passed"):
        assert word not in seen + again.partition("people and code")[0], f"{word} would lead"
    assert "people and code agree on" in again
    told = subprocess.run(
        [*grading, "--json"], env=environment(), check=True, capture_output=True, stdin=subprocess.DEVNULL,
        timeout=WAIT_S,
    )  # fmt: skip
    assert json.loads(told.stdout)["people and code"]["answers"] == 3
