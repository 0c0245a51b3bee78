"""How a thread stands by its record: what is open, what was stopped, what was corrected. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sre_advisor.journal.events import (
    DiagnosisMade,
    Event,
    QuestionAnswered,
    QuestionAsked,
    QuestionJoined,
    QuestionRefused,
    QuestionStarted,
    StopAsked,
)
from sre_advisor.model import Question
from sre_advisor.slack.meaning import is_correction

KINDS = (
    "question_asked",
    "question_started",
    "question_answered",
    "question_refused",
    "question_joined",
    "diagnosis_made",
    "stop_asked",
)
"""What is needed to know how a thread stands."""
CORRECTED_WITHIN = timedelta(minutes=10)
EDITED_WITHIN = timedelta(minutes=2)
"""How long after a question its asker may still change what is being answered."""


def open_questions(events: Sequence[Event]) -> tuple[Question, ...]:
    """What was asked and is not closed, oldest first."""
    closed = {e.question for e in events if isinstance(e, QuestionAnswered | QuestionRefused | QuestionJoined)}
    return tuple(e.asked for e in events if isinstance(e, QuestionAsked) and e.asked.id not in closed)


def begun(question: Question, events: Sequence[Event]) -> bool:
    """Whether anybody worked on it, also before a restart."""
    return any(isinstance(e, QuestionStarted) and e.question == question.id for e in events)


def diagnosed(question: Question, events: Sequence[Event]) -> bool:
    """Whether its diagnosis is on record: what is being posted is not taken back."""
    return any(isinstance(e, DiagnosisMade) and e.question == question.id for e in events)


def stops_of(question: Question, events: Sequence[Event]) -> tuple[StopAsked, ...]:
    """Who asked to stop it: after it was asked."""
    return tuple(e for e in _after(question, events) if isinstance(e, StopAsked))


def correction_of(question: Question, events: Sequence[Event]) -> Question | None:
    """What its asker wrote next, if that corrects it and is itself still to be answered.

    Another question of theirs in between takes a later correction for itself.
    """
    waiting = {q.id for q in open_questions(events)}
    for event in _after(question, events):
        if not isinstance(event, QuestionAsked) or event.asked.asker != question.asker:
            continue
        later = event.asked
        return later if later.id in waiting and corrects(question, later) else None
    return None


def corrects(question: Question, later: Question) -> bool:
    """Whether the later message changes what the question is, rather than asking something else."""
    if is_edit(question, later):
        return True
    return later.asked_at - question.asked_at <= CORRECTED_WITHIN and is_correction(later.text) and not later.fresh


def is_edit(question: Question, later: Question) -> bool:
    """Whether both are the same message, before and after an edit."""
    return later.ts is not None and later.ts == question.ts


def both(question: Question, later: Question) -> str:
    """A question and its correction as one text."""
    return later.text if is_edit(question, later) else f"{question.text}\n(corrected: {later.text})"


def joined_into(question: Question, events: Sequence[Event]) -> QuestionJoined | None:
    """The newest question that this one corrected."""
    found = (e for e in reversed(events) if isinstance(e, QuestionJoined) and e.into == question.id)
    return next(found, None)


def as_corrected(question: Question, events: Sequence[Event]) -> Question:
    """The question with what it corrected, to be looked into from the beginning."""
    joined = joined_into(question, events)
    return replace(question, text=joined.text, fresh=True) if joined else question


def _after(question: Question, events: Sequence[Event]) -> Sequence[Event]:
    at = next((n for n, e in enumerate(events) if isinstance(e, QuestionAsked) and e.asked.id == question.id), None)
    return () if at is None else events[at + 1 :]
