"""What the loop needs of a model: to open a conversation and to take one turn in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from sre_advisor.advisors.contract import Brief, ToolCard
from sre_advisor.advisors.conversation import Conversation, JsonObject
from sre_advisor.advisors.ledger import Ledger


class FailureKind(StrEnum):
    """The closed set of ways a model can fail to give a turn."""

    OVERLOADED = "overloaded"
    RATE_LIMITED = "rate_limited"
    SPEND_LIMIT = "spend_limit"
    UNAUTHORISED = "unauthorised"
    UNKNOWN_MODEL = "unknown_model"
    BAD_REQUEST = "bad_request"
    TOO_LARGE = "too_large"
    REFUSED = "refused"
    TRUNCATED = "truncated"
    GARBLED = "garbled"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"


class ModelFailure(Exception):
    """The model gave no usable turn; `words` are for people, `detail` for operators; neither holds a secret."""

    def __init__(self, kind: FailureKind, words: str, detail: str = "") -> None:
        super().__init__(f"{kind}: {words}")
        self.kind, self.words, self.detail = kind, words, detail


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A complete call the model asked for; `args` is None when they were no JSON object."""

    id: str
    name: str
    args: JsonObject | None


@dataclass(frozen=True, slots=True)
class Turn:
    """One complete assistant turn: `message` exactly as received, and either calls, or an answer, or a pause.

    `thinking_dropped` says that it answers the conversation without its earlier thinking, which must stay dropped.
    """

    message: JsonObject
    calls: tuple[ToolCall, ...] = ()
    answer: str = ""
    paused: bool = False
    thinking_dropped: bool = False


class Model(Protocol):
    """A model that can be talked to; knows prices, settings and the wire."""

    @property
    def name(self) -> str:
        """The model's id."""
        ...

    def opening(self, brief: Brief, cards: tuple[ToolCard, ...]) -> Conversation:
        """A conversation that ends in the question: the thread's earlier one continued if it fits, else a fresh one."""
        ...

    def typical_usd(self, conversation: Conversation) -> float:
        """What the next turn is expected to cost at most when the model answers at usual length."""
        ...

    async def turn(self, conversation: Conversation, ledger: Ledger, *, may_read: bool) -> Turn:
        """One turn, retried within the ledger's limits.

        Raises ModelFailure when no turn could be had and LimitReached before a call that a limit forbids.
        """
        ...
