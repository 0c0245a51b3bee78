"""The canary is held to its baseline, and says when the model does worse."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sre_advisor.app.evals.watching import Canary, one_round
from sre_advisor.broker.redaction import Redactor
from sre_advisor.credentials import Credentials
from sre_advisor.evals.canary import begin, read_state, with_round
from sre_advisor.evals.grading.grade import Grade, Spent
from sre_advisor.evals.trials.arms import parse_arms
from sre_advisor.evals.trials.trial import Trial
from sre_advisor.evals.trouble import EvalTrouble
from sre_advisor.settings import Settings
from tests.evals.small_suite import asked, run_file, small_suite

AT = datetime(2026, 5, 1, tzinfo=UTC)


def _trial(case: str, number: int, found: bool, arm: str = "scripted:1") -> Trial:
    told = Grade(passed=found, cause_found=found, verdict_right=found)
    return Trial(case=case, arm=arm, trial=number, spent=Spent(usd=0.01), grade=told)


async def test_a_round_asks_every_case_once_and_is_kept(tmp_path: Path) -> None:
    suite = small_suite(tmp_path)
    await asked(suite, ["scripted:1"], 4, tmp_path / "run")
    canary = Canary(str(tmp_path / "suite"), tmp_path / "run", tmp_path / "state.json", alpha=0.05)
    await one_round(canary, Settings(), Credentials(), Redactor(()))
    state = await one_round(canary, Settings(), Credentials(), Redactor(()))
    assert [(r.passed, r.of) for r in state.rounds] == [(3, 3), (3, 3)]
    assert read_state(tmp_path / "state.json") == state
    assert (state.baseline_passed, state.baseline_trials) == (12, 12)
    assert not state.watch().alarms
    assert "as it was" in state.words()


def test_a_model_that_falls_is_found_and_told_with_its_false_alarm_rate(tmp_path: Path) -> None:
    suite = small_suite(tmp_path)
    cases = [c.id for c in suite.cases]
    run = run_file(suite, parse_arms(["scripted:1"], []), 10)
    state = begin(run, [_trial(c, n, True) for c in cases for n in range(10)], "scripted:1", cases, 0.02)
    rounds = 0
    while not state.watch().alarms:
        state, rounds = with_round(state, [_trial(c, rounds, c == cases[0]) for c in cases], AT), rounds + 1
        assert rounds < 25
    assert "answers worse than it did" in state.words()
    assert "at most 2.0%" in state.words()
    assert cases[1] in state.words()


def test_a_baseline_that_says_too_little_is_refused(tmp_path: Path) -> None:
    suite = small_suite(tmp_path)
    cases = [c.id for c in suite.cases]
    run = run_file(suite, parse_arms(["scripted:1"], []), 2)
    with pytest.raises(EvalTrouble, match="no model claude"):
        begin(run, [], "claude", cases, 0.01)
    with pytest.raises(EvalTrouble, match="equally often"):
        begin(run, [_trial(cases[0], 0, True)], "scripted:1", cases, 0.01)


async def test_a_watch_keeps_its_suite_model_and_alpha(tmp_path: Path) -> None:
    suite = small_suite(tmp_path)
    await asked(suite, ["scripted:1"], 2, tmp_path / "run")
    place, state = str(tmp_path / "suite"), tmp_path / "state.json"
    await one_round(Canary(place, tmp_path / "run", state, alpha=0.05), Settings(), Credentials(), Redactor(()))
    for other, words in (
        (Canary(place, tmp_path / "run", state, alpha=0.01), "a watch keeps both"),
        (Canary(place, tmp_path / "run", state, model="scripted:0.5"), "a watch keeps both"),
        (Canary(place, tmp_path / "run", state, only=("nothing",)), "watches other cases"),
        (Canary("bundled", tmp_path / "run", tmp_path / "new.json"), "another suite"),
    ):
        with pytest.raises(EvalTrouble, match=words):
            await one_round(other, Settings(), Credentials(), Redactor(()))
    state.write_text("{")
    with pytest.raises(EvalTrouble, match="not a canary's state"):
        await one_round(Canary(place, tmp_path / "run", state), Settings(), Credentials(), Redactor(()))


def test_a_round_in_which_the_model_could_not_be_had_does_not_count(tmp_path: Path) -> None:
    suite = small_suite(tmp_path)
    cases = [c.id for c in suite.cases]
    run = run_file(suite, parse_arms(["scripted:1"], []), 1)
    state = begin(run, [_trial(c, 0, True) for c in cases], "scripted:1", cases, 0.01)
    failed = [Trial(case=c, arm="scripted:1", trial=0, spent=Spent(), failed="overloaded") for c in cases]
    with pytest.raises(EvalTrouble, match="could not ask"):
        with_round(state, failed, AT)
