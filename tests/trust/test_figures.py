"""Figures count what people said last, with their denominators."""

from datetime import UTC, datetime
from typing import Literal

from sre_advisor.journal.events import OutcomeTold, QuestionAnswered, Voted
from sre_advisor.trust.figures import tally

AT = datetime(2026, 1, 1, tzinfo=UTC)


def vote(question: str, user: str, what: Literal["helpful", "not_helpful", "was_the_cause", "withdrawn"]) -> Voted:
    return Voted(investigation="i", question=question, user=user, vote=what, at=AT)


def answered(question: str) -> QuestionAnswered:
    return QuestionAnswered(investigation="i", question=question, model_calls=0, tool_calls=0, cost_usd=0, duration_s=1)


def test_a_changed_vote_counts_once() -> None:
    counted = tally([answered("q1"), vote("q1", "U1", "helpful"), vote("q1", "U1", "not_helpful")])
    assert (counted.helpful, counted.not_helpful) == (0, 1)


def test_a_withdrawn_vote_does_not_count() -> None:
    counted = tally([answered("q1"), vote("q1", "U1", "helpful"), vote("q1", "U1", "withdrawn")])
    assert counted.helpful == counted.not_helpful == 0


def test_a_correction_after_a_confirmation_is_a_correction() -> None:
    told = OutcomeTold(investigation="i", question="q1", user="U1", cause="dns", at=AT)
    counted = tally([answered("q1"), answered("q1"), vote("q1", "U1", "was_the_cause"), told])
    assert (counted.answered, counted.confirmed, counted.corrected) == (1, 0, 1)
    assert counted.sentence() == "So far: 1 answered, no votes yet; cause right in 0 of 1 cases people told of."
