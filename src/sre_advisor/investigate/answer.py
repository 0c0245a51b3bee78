"""What an investigation gives back, and the voice it speaks with on the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from pydantic import JsonValue

from sre_advisor.investigate.chart import Chart
from sre_advisor.investigate.progress import Step
from sre_advisor.model import Diagnosis, Evidence, FirstLook, Question


@dataclass(frozen=True, slots=True)
class Answer:
    """One question's whole answer; `trouble` says in words what went wrong on the way (a model that failed, …)."""

    question: Question
    advisor: str
    first_look: FirstLook
    diagnosis: Diagnosis
    evidence: tuple[Evidence, ...]
    model_calls: int
    tool_calls: int
    cost_usd: float
    duration_s: float
    trouble: tuple[str, ...] = ()

    def as_json(self) -> dict[str, JsonValue]:
        """The object that `ask --json` prints; docs/reference/ask-json.md describes it."""
        asked_at: datetime = self.question.asked_at
        return {
            "question": self.question.text,
            "asked_at": asked_at.isoformat().replace("+00:00", "Z"),
            "advisor": self.advisor,
            "first_look": self.first_look.model_dump(mode="json"),
            "diagnosis": self.diagnosis.model_dump(mode="json"),
            "evidence": [e.model_dump(mode="json") for e in self.evidence],
            "model_calls": self.model_calls,
            "tool_calls": self.tool_calls,
            "cost_usd": round(self.cost_usd, 6),
            "duration_s": round(self.duration_s, 3),
            "trouble": list(self.trouble),
        }


class Voice(Protocol):
    """Where the investigation's words go: a Slack thread, a terminal, nowhere."""

    async def first_look(self, question: Question, look: FirstLook, evidence: tuple[Evidence, ...]) -> None:
        """Show the first look, before any model is asked; said again of one question, it takes the earlier's place."""
        ...

    async def chart(self, question: Question, chart: Chart) -> None:
        """Show what moved as a picture; what goes wrong with it is logged, never raised."""
        ...

    async def answer(self, answer: Answer) -> None:
        """Show the diagnosis."""
        ...


@runtime_checkable
class Watcher(Protocol):
    """A voice that also shows how far the reading has come."""

    def planned(self, question: Question, steps: tuple[Step, ...]) -> None:
        """Show what is going to be read; never waits and never raises."""
        ...

    def came(self, question: Question, evidence: Evidence) -> None:
        """Show that a read came back; never waits and never raises."""
        ...
