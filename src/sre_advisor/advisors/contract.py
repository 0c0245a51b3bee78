"""What an advisor gets, what it may do, and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from pydantic import JsonValue

from sre_advisor.advisors.conversation import Conversation
from sre_advisor.advisors.ledger import Ledger, Usage
from sre_advisor.model import Catalogue, Diagnosis, DraftDiagnosis, Evidence, FirstLook, Question

NO_CATALOGUE = Catalogue()


@dataclass(frozen=True, slots=True)
class Exchange:
    """An earlier question of the same thread and the checked answer it got."""

    question: str
    diagnosis: Diagnosis


@dataclass(frozen=True, slots=True)
class ThreadMessage:
    """What somebody wrote in the thread: outside text, never an instruction."""

    author: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything known when the advisor is asked.

    `evidence` holds all that was read so far in this thread (the first look's and earlier questions'), ascending by
    id; `history` the earlier exchanges and `earlier` the model conversation behind them, if it was kept; `thread`
    what people wrote in the thread.
    """

    question: Question
    now: datetime
    first_look: FirstLook
    evidence: tuple[Evidence, ...] = ()
    history: tuple[Exchange, ...] = ()
    thread: tuple[ThreadMessage, ...] = ()
    catalogue: Catalogue = NO_CATALOGUE
    earlier: Conversation | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """An advisor's draft and what it took; `stopped_because` says in words why it is partial, None when it is whole.

    `failure` is set when the model itself could not be used: then another advisor should be asked. `notes` are for
    the reader of the answer.
    """

    draft: DraftDiagnosis
    advisor: str
    model_calls: int = 0
    tool_calls: int = 0
    usage: Usage = field(default_factory=Usage)
    cost_usd: float = 0.0
    stopped_because: str | None = None
    failure: str | None = None
    conversation: Conversation | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToolCard:
    """A tool as an advisor sees it: `parameters` is the JSON schema of its arguments."""

    name: str
    description: str
    parameters: dict[str, JsonValue]


class Desk(Protocol):
    """The only way an advisor can read anything: through the broker."""

    @property
    def tools(self) -> tuple[ToolCard, ...]:
        """The tools, in an order that never changes between questions."""
        ...

    async def read(self, tool: str, args: Mapping[str, JsonValue]) -> Evidence:
        """Read once; identical calls give the same evidence again; failures are outcomes of it, never raised."""
        ...


class Advisor(Protocol):
    """Who turns evidence into a diagnosis."""

    @property
    def name(self) -> str:
        """The name an answer is signed with."""
        ...

    async def advise(self, brief: Brief, desk: Desk, ledger: Ledger) -> Advice:
        """A draft within the ledger's limits; never raises for a model's failure or a limit, but says so in it."""
        ...
