"""People grade blind, a model judges by the rubric, and how far they agree is told."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sre_advisor.app.evals.judging import Grading, grade_run
from sre_advisor.evals.grading.judge import Judged, judge, message
from sre_advisor.evals.grading.labels import (
    Label,
    agreement,
    append_label,
    digest,
    read_labels,
    words_of,
    words_of_code,
)
from sre_advisor.evals.trouble import EvalTrouble
from sre_advisor.model import Diagnosis, Verdict
from tests.evals.small_suite import asked, small_suite
from tests.standins.model_script import Step, answer
from tests.standins.model_server import ModelServer

AT = datetime(2026, 5, 1, tzinfo=UTC)


def _label(case: str, said: str, by: str = "human") -> Label:
    return Label.model_validate({"case": case, "answer": "a", "said": said, "by": by, "who": "somebody", "at": AT})


def test_an_answer_is_known_without_its_author() -> None:
    one = Diagnosis(verdict=Verdict.NOT_ENOUGH, summary="x", advisor="model A")
    assert digest(one) == digest(one.model_copy(update={"advisor": "model B"}))
    assert digest(one) != digest(one.model_copy(update={"summary": "y"}))


def test_the_newest_word_counts_and_doubt_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "labels.jsonl"
    for label in (_label("1", "right"), _label("1", "wrong"), _label("2", "unsure"), _label("3", "right")):
        append_label(file, label)
    with file.open("ab") as stream:
        stream.write(b'{"case": "4"')
    people = words_of(read_labels(file), "human")
    code = {("1", "a"): "wrong", ("2", "a"): "right", ("3", "a"): "wrong"}
    found = agreement(people, code)
    assert (found.answers, found.agreed) == (2, 1)
    assert "agree on 1 of 2 answers (kappa" in found.words("people", "code")


def test_a_broken_line_of_labels_is_named(tmp_path: Path) -> None:
    (tmp_path / "labels.jsonl").write_text("{}\n")
    with pytest.raises(EvalTrouble, match="line 1: is no label"):
        read_labels(tmp_path / "labels.jsonl")


async def test_a_judge_sees_the_rubric_and_never_the_author(tmp_path: Path) -> None:
    suite = small_suite(tmp_path)
    expected = suite.cases[0].expected
    shown = message("why?", expected, Diagnosis(verdict=Verdict.NOT_ENOUGH, summary="x", advisor="secret-model"))
    assert "secret-model" not in shown
    assert expected.cause.service[0] in shown
    replies = iter(["no JSON", '```json\n{"said": "wrong", "why": "other cause"}\n```'])

    async def ask(_system: str, _message: str) -> str:
        return next(replies)

    found = await judge(ask, "why?", expected, Diagnosis(verdict=Verdict.NOT_ENOUGH, summary="x"))
    assert found == Judged(said="wrong", why="other cause")


async def test_a_judge_that_gives_no_verdict_twice_is_an_error(tmp_path: Path) -> None:
    async def ask(_system: str, _message: str) -> str:
        return "I would rather not say"

    diagnosis = Diagnosis(verdict=Verdict.NOT_ENOUGH, summary="x")
    with pytest.raises(EvalTrouble, match="no verdict, twice"):
        await judge(ask, "why?", small_suite(tmp_path).cases[0].expected, diagnosis)


async def test_a_models_verdicts_are_kept_and_not_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, _ = await asked(small_suite(tmp_path), ["scripted:0.5"], 4, tmp_path / "run")
    different = len({(t.case, digest(t.diagnosis)) for t in folder.trials if t.diagnosis})

    def verdict(request: dict[str, Any]) -> Step:
        """Right wherever the answer names a service that the rubric names."""
        told = json.loads(request["messages"][0]["content"])
        named = [h["service"] for h in told["answer"]["hypotheses"]] or [told["answer"]["verdict"]]
        rubric = next((r for r in told["rubric"] if "began in" in r), told["rubric"][0])
        return answer({"said": "right" if named[0] in rubric else "wrong", "why": "by the rubric"})

    async with ModelServer(verdict) as server:
        monkeypatch.setenv("ANTHROPIC_API_KEY", server.api_key)
        monkeypatch.setenv("SRE_ADVISOR_MODEL__BASE_URL", server.url)
        wanted = Grading(tmp_path / "run", str(tmp_path / "suite"), None, "claude-sonnet-5-5", None, as_json=True)
        for _ in range(2):
            assert await grade_run(None, wanted) == 0
        assert len(server.requests) == different
    labels = read_labels(tmp_path / "suite" / "labels.jsonl")
    assert words_of(labels, "model") == words_of_code(folder.trials)
    told = capsys.readouterr().out
    assert f'"agreed": {different}' in told
    assert '"kappa": 1.0' in told


async def test_a_judges_cap_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await asked(small_suite(tmp_path), ["scripted:1"], 1, tmp_path / "run")
    async with ModelServer([]) as server:
        monkeypatch.setenv("ANTHROPIC_API_KEY", server.api_key)
        monkeypatch.setenv("SRE_ADVISOR_MODEL__BASE_URL", server.url)
        wanted = Grading(tmp_path / "run", str(tmp_path / "suite"), None, "claude-sonnet-5-5", 0.0001, as_json=True)
        with pytest.raises(EvalTrouble, match=r"cap of 0.0001 USD"):
            await grade_run(None, wanted)
        assert server.requests == []
