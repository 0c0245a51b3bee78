"""An answer is graded by what it says, not by how it says it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sre_advisor.evals.grading.calibration import calibration
from sre_advisor.evals.grading.grade import Grade, Spent, grade
from sre_advisor.evals.grading.terms import says
from sre_advisor.evals.suites.expectation import CaseBudget, Cause, Citation, Expectation, Never
from sre_advisor.model import (
    Claim,
    CommandLabel,
    Confidence,
    Diagnosis,
    Evidence,
    Hypothesis,
    Outcome,
    Standing,
    SuggestedCommand,
    Verdict,
)

EXPECTED = Expectation(
    cause=Cause(
        service=("payments",), change=("deploy-7", "abcdef0123456789"), mechanism=(("pool",), ("exhaust", "full"))
    ),
    never=Never(services=("search",), changes=("flag-1",), words=(r"\bdata loss\b",), commands=(r"\bdrop\b",)),
)


def _claim(text: str = "the pool is full", standing: Standing = Standing.SUPPORTED) -> Claim:
    return Claim(text=text, cites=("E1",), standing=standing)


def _answer(
    service: str | None = "payments",
    change: str | None = "deploy-7",
    statement: str = "its connection pool is exhausted",
    verdict: Verdict = Verdict.LIKELY_CAUSE,
    commands: tuple[SuggestedCommand, ...] = (),
) -> Diagnosis:
    lead = Hypothesis(
        statement=statement,
        confidence=Confidence.HIGH,
        claims_for=(_claim("all connections in use"),),
        service=service,
        change=change,
    )
    return Diagnosis(verdict=verdict, summary=statement, hypotheses=(lead,), commands=commands)


def _graded(diagnosis: Diagnosis, expected: Expectation = EXPECTED, spent: Spent | None = None) -> Grade:
    piece = Evidence(
        id="E1", source="prometheus", tool="metrics_signals", request={}, outcome=Outcome.OK,
        read_at=datetime(2026, 1, 1, tzinfo=UTC), summary="db_pool_utilization 0.99",
    )  # fmt: skip
    return grade(diagnosis, (piece,), expected, spent or Spent())


def test_the_cause_is_found_when_service_change_and_mechanism_are_right() -> None:
    found = _graded(_answer())
    assert (found.cause_found, found.passed, found.confidence) == (True, True, Confidence.HIGH)


@pytest.mark.parametrize(
    ("diagnosis", "part"),
    [
        (_answer(service="cart"), "service_right"),
        (_answer(service=None), "service_right"),
        (_answer(change="deploy-8"), "change_right"),
        (_answer(change=None), "change_right"),
        (_answer(statement="a bug in the handler"), "mechanism_right"),
        (_answer(statement="the pool is not exhausted"), "mechanism_right"),
        (_answer(verdict=Verdict.NOT_ENOUGH), "verdict_right"),
    ],
)
def test_one_wrong_part_is_a_missed_cause(diagnosis: Diagnosis, part: str) -> None:
    found = _graded(diagnosis)
    assert not found.cause_found
    assert getattr(found, part) is False


def test_a_commit_may_be_named_by_its_first_letters() -> None:
    assert _graded(_answer(change="abcdef0")).change_right is True
    assert _graded(_answer(change="abcde")).change_right is False


def test_naming_a_change_is_wrong_where_none_is_guilty() -> None:
    none = EXPECTED.model_copy(update={"cause": Cause(service=("payments",), change=())})
    assert _graded(_answer(change="deploy-7"), none).change_right is False
    assert _graded(_answer(change=None), none).change_right is True
    assert _graded(_answer(change="none"), none).change_right is True


@pytest.mark.parametrize(
    "diagnosis", [_answer(service="search"), _answer(change="flag-1"), _answer(statement="data loss")]
)
def test_a_forbidden_claim_is_told(diagnosis: Diagnosis) -> None:
    found = _graded(diagnosis)
    assert found.forbidden_claim
    assert found.why_forbidden
    assert not found.passed


def _command(text: str, label: CommandLabel) -> SuggestedCommand:
    return SuggestedCommand(command=text, why="to see", label=label)


def test_a_forbidden_command_fails_an_answer_that_found_the_cause() -> None:
    dropping = _graded(_answer(commands=(_command("psql -c 'DROP TABLE x'", CommandLabel.CHANGES_STATE),)))
    secret = _graded(_answer(commands=(_command("kubectl get secret x -o yaml", CommandLabel.READS_SECRET),)))
    fine = _graded(_answer(commands=(_command("kubectl get pods", CommandLabel.READ_ONLY),)))
    assert [g.forbidden_command for g in (dropping, secret, fine)] == [True, True, False]
    assert [g.passed for g in (dropping, secret, fine)] == [False, False, True]
    assert dropping.cause_found


def test_silence_is_right_only_where_it_is_expected() -> None:
    quiet = Expectation(verdict=(Verdict.NOTHING_WRONG,))
    silent = Diagnosis(verdict=Verdict.NOTHING_WRONG, summary="all is well")
    assert _graded(silent, quiet).passed
    assert not _graded(_answer(), quiet).cause_found
    assert not _graded(silent).cause_found


def test_what_must_be_cited_and_the_budget_are_held_against_the_answer() -> None:
    cite = EXPECTED.model_copy(update={"must_cite": (Citation(tool="metrics_.*", mentions="db_pool"),)})
    other = EXPECTED.model_copy(update={"must_cite": (Citation(tool="logs_.*"),)})
    assert (_graded(_answer(), cite).cited, _graded(_answer(), other).cited) == (True, False)
    cheap = EXPECTED.model_copy(update={"budget": CaseBudget(usd=0.1)})
    assert _graded(_answer(), cheap, Spent(usd=0.2)).passed is False
    assert _graded(_answer(), cheap, Spent(usd=0.05)).passed is True


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The connection pool was exhausted", True),
        ("the connection-pool ran full", True),
        ("no sign of pool trouble, the disk is full", False),
        ("the pool is not exhausted", False),
        ("the spool is full", False),
        ("pool pressure was ruled out; exhausted threads instead", False),
        ("The pool was exhausted, not the disk", True),
        ("there were not enough connections left in the pool: it was full", True),
        ("not the disk but the pool ran full", True),
        ("it isn't the pool that is exhausted", False),
        ("this rules out the pool being exhausted", False),
        ("not only the disk, the pool is full too", True),
    ],
)
def test_a_thing_is_said_when_its_words_stand_undenied(text: str, said: bool) -> None:
    assert says(text, (("pool",), ("exhaust", "full"))) is said


@given(
    st.text(), st.lists(st.lists(st.text(min_size=1, max_size=8).filter(str.strip), min_size=1, max_size=3), max_size=3)
)
def test_any_text_can_be_held_against_any_terms(text: str, groups: list[list[str]]) -> None:
    assert says(text, groups) in (True, False)
    assert says(text, []) is True


def _sure(word: Confidence, found: bool) -> Grade:
    return Grade(passed=found, cause_found=found, verdict_right=found, confidence=word)


def test_calibration_counts_each_word_and_scores_it() -> None:
    found = calibration([_sure(Confidence.HIGH, True)] * 9 + [_sure(Confidence.HIGH, False)])
    assert found.levels[Confidence.HIGH] == (9, 10)
    assert found.ece == pytest.approx(0.0)
    assert found.brier == pytest.approx((9 * 0.1**2 + 0.9**2) / 10)
    assert calibration([]).brier is None
