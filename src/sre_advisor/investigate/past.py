"""What is on record of a thread: its events, and the model's conversation as it was left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from pydantic import JsonValue

from sre_advisor.advisors.contract import Exchange
from sre_advisor.advisors.conversation import Conversation
from sre_advisor.journal.events import (
    ConversationKept,
    DiagnosisMade,
    Event,
    ModelTurned,
    QuestionAsked,
    QuestionJoined,
    ToolCalled,
)
from sre_advisor.model import Evidence

E = TypeVar("E")


class Keeps(Protocol):
    """What an investigation needs of its record: the journal, or a trial's memory."""

    async def append(self, *events: Event) -> None:
        """Keep the events, in order."""
        ...

    async def of_investigation(self, investigation: str, *kinds: str) -> tuple[Event, ...]:
        """What is kept of one investigation, of these kinds if any are named, oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class Past:
    """What the journal knows of the thread so far."""

    events: tuple[Event, ...]

    def last(self, kind: type[E], question: str | None = None) -> E | None:
        """The newest event of a kind, of one question if named."""
        found = (e for e in reversed(self.events) if question is None or e.question == question)
        return next((e for e in found if isinstance(e, kind)), None)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """All evidence of the thread, ascending."""
        found = {e.evidence.id: e.evidence for e in self.events if isinstance(e, ToolCalled)}
        return tuple(sorted(found.values(), key=lambda e: int(e.id[1:])))

    @property
    def history(self) -> tuple[Exchange, ...]:
        """Earlier questions with the answers they got."""
        asked = {e.asked.id: e.asked.text for e in self.events if isinstance(e, QuestionAsked)}
        asked |= {e.into: e.text for e in self.events if isinstance(e, QuestionJoined)}
        made = [e for e in self.events if isinstance(e, DiagnosisMade) and e.question in asked]
        return tuple(Exchange(asked[e.question or ""], e.diagnosis) for e in made)

    @property
    def conversation(self) -> Conversation | None:
        """The newest conversation that an advisor can go on with."""
        kept = self.last(ConversationKept)
        match kept.messages if kept else None:
            case {
                "fingerprint": str() as fingerprint,
                "system": list() as system,
                "tools": list() as tools,
                "messages": list() as messages,
            }:
                objects = [tuple(o for o in part if isinstance(o, dict)) for part in (system, tools, messages)]
                return Conversation(fingerprint, *objects)
            case _:
                return None

    def cost_usd(self, question: str) -> float:
        """What the model's turns for one question have cost."""
        turns = [e for e in self.events if isinstance(e, ModelTurned) and e.question == question]
        return sum(_usd(turn.detail) for turn in turns)

    def model_calls(self, question: str) -> int:
        """How often the model was asked for one question."""
        return sum(isinstance(e, ModelTurned) and e.question == question for e in self.events)

    def tool_calls(self, question: str) -> int:
        """How often something was read for one question."""
        return sum(isinstance(e, ToolCalled) and e.question == question for e in self.events)


def kept_conversation(conversation: Conversation) -> JsonValue:
    """A conversation as the record keeps it."""
    return {
        "fingerprint": conversation.fingerprint,
        "system": list(conversation.system),
        "tools": list(conversation.tools),
        "messages": list(conversation.messages),
    }


def _usd(detail: Mapping[str, JsonValue]) -> float:
    cost = detail.get("cost_usd")
    return float(cost) if isinstance(cost, int | float) else 0.0
