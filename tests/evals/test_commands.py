"""The commands: exit codes for CI, and one line for what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sre_advisor.cli import app
from tests.evals.small_suite import written_suite


def _run(*words: str | Path) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["evals", *map(str, words)])
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    return written_suite(tmp_path / "suite", ("disk_full", "nothing"))


def test_a_run_compared_under_gates_gives_ci_its_exit_code(tmp_path: Path, suite: Path) -> None:
    out = tmp_path / "run"
    code, told, errors = _run(
        "run",
        "--suite",
        suite,
        "--model",
        "scripted:1",
        "--model",
        "scripted:0",
        "--trials",
        "2",
        "--out",
        out,
        "--json",
    )
    assert code == 0, errors
    assert [a["rates"]["cause_found"]["estimate"] for a in json.loads(told)["arms"]] == [1.0, 0.0]
    (tmp_path / "gates.yaml").write_text("no_worse_than: {cause_found: 0.02}\nnever: [forbidden_command]\n")
    code, told, _ = _run("compare", out, "--gates", tmp_path / "gates.yaml", "--json")
    assert (code, json.loads(told)["passed"]) == (1, False)
    code, told, _ = _run(
        "compare", out, "--a", "scripted:0", "--b", "scripted:1", "--gates", tmp_path / "gates.yaml", "--json"
    )
    assert (code, json.loads(told)["passed"]) == (0, True)
    code, told, _ = _run("compare", out)
    assert code == 0
    assert "2 cases got worse" in told
    assert "disk-full-1" in told
    code, _, _ = _run("report", out, "--html", tmp_path / "page.html")
    assert code == 0
    assert "Eval of small" in (tmp_path / "page.html").read_text()


def test_a_run_stopped_by_its_cap_says_so_and_goes_on(tmp_path: Path, suite: Path) -> None:
    words = ("run", "--suite", suite, "--model", "scripted:1$0.1", "--trials", "2", "--out", tmp_path / "run")
    code, _, errors = _run(*words, "--max-usd", "0.25")
    assert code == 3
    assert "stopped early: the cap of 0.25 USD" in errors
    assert _run(*words, "--max-usd", "0.5")[0] == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("run", "--suite", "gone", "--model", "offline", "--out", "x"), "gone: there is no such folder"),
        (("run", "--suite", "SUITE", "--model", "scripted:2", "--out", "x"), "write scripted:P"),
        (("run", "--suite", "SUITE", "--model", "gpt-9", "--out", "x"), "'gpt-9': is not known; known are offline"),
        (("run", "--suite", "SUITE", "--model", "claude-sonnet-5-5", "--out", "x"), "ANTHROPIC_API_KEY is not set"),
        (("run", "--suite", "SUITE", "--model", "offline", "--only", "nope", "--out", "x"), "no case or tag nope"),
        (("compare", "SUITE"), "is no folder of a run"),
        (("compare",), "name the folder of a run"),
        (("report", "gone"), "is no folder of a run"),
        (("grade", "gone"), "is no folder of a run"),
        (("canary", "--baseline", "gone", "--state", "s.json", "--suite", "SUITE"), "is no folder of a run"),
        (("import", "gone", "--out", "x"), "there is no such file or folder"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    tmp_path: Path, suite: Path, words: tuple[str, ...], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    code, _, errors = _run(*(str(suite) if w == "SUITE" else w for w in words))
    assert code == 2
    assert told in errors
    assert errors.startswith("sre-advisor: ")
    assert errors.count("\n") == 1


def test_another_suites_run_is_refused(tmp_path: Path, suite: Path) -> None:
    assert _run("run", "--suite", suite, "--model", "offline", "--out", tmp_path / "run")[0] == 0
    other = written_suite(tmp_path / "other", ("nothing",))
    code, _, errors = _run("run", "--suite", other, "--model", "offline", "--out", tmp_path / "run")
    assert (code, "name another --out" in errors) == (2, True)


def test_grading_by_hand_without_a_terminal_says_that_nobody_was_asked(tmp_path: Path, suite: Path) -> None:
    out = tmp_path / "run"
    _run("run", "--suite", suite, "--model", "scripted:1", "--out", out)
    code, told, errors = _run("grade", out, "--suite", suite)
    assert code == 0
    assert "standard input is no terminal" in errors
    assert "people and code: no answer was judged by both" in told
