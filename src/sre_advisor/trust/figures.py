"""Figures from votes and outcomes on record; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sre_advisor.journal.events import Event, OutcomeTold, QuestionAnswered, Voted

KINDS = ("question_answered", "voted", "outcome_told")
"""The kinds of event that count."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many questions were answered and what people said of the answers; each person counts once an answer."""

    answered: int
    helpful: int
    not_helpful: int
    confirmed: int
    corrected: int

    def sentence(self) -> str:
        """The tally in one sentence, with its denominators, so that a small number looks small."""
        judged = self.helpful + self.not_helpful
        voted = f"{self.helpful} of {judged} votes helpful" if judged else "no votes yet"
        told = self.confirmed + self.corrected
        right = f"; cause right in {self.confirmed} of {told} cases people told of" if told else ""
        return f"So far: {self.answered} answered, {voted}{right}."


def tally(events: Iterable[Event]) -> Tally:
    """Count; the latest word of a person on an answer replaces the earlier one."""
    answered: set[str] = set()
    votes: dict[tuple[str | None, str], str] = {}
    causes: dict[tuple[str | None, str], str] = {}
    for event in events:
        match event:
            case QuestionAnswered():
                answered.add(event.question or "")
            case Voted(vote="was_the_cause"):
                causes[event.question, event.user] = "confirmed"
            case Voted(vote="withdrawn", withdraws="was_the_cause"):
                causes.pop((event.question, event.user), None)
            case Voted():
                votes[event.question, event.user] = event.vote
            case OutcomeTold():
                causes[event.question, event.user] = "corrected"
            case _:
                pass
    cast, told = list(votes.values()), list(causes.values())
    return Tally(
        answered=len(answered),
        helpful=cast.count("helpful"),
        not_helpful=cast.count("not_helpful"),
        confirmed=told.count("confirmed"),
        corrected=told.count("corrected"),
    )
