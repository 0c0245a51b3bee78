"""What an investigation may spend, checked before each call, and what it has spent."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, Field, JsonValue

Record = Callable[[Mapping[str, JsonValue]], None]


class Limits(BaseModel):
    """The most one question may take."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model_calls: int = Field(default=8, ge=1, le=50)
    tool_calls: int = Field(default=40, ge=0, le=500)
    seconds: float = Field(default=180.0, gt=0)
    cost_usd: float = Field(default=0.50, gt=0)
    tokens: int | None = Field(default=None, ge=1, description="tokens read and written; null: no limit of its own")


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the API counts them: `input` only holds what was neither read from nor written to the cache."""

    input: int = 0
    cache_write: int = 0
    cache_read: int = 0
    output: int = 0

    @property
    def all_input(self) -> int:
        """Every token the model read."""
        return self.input + self.cache_write + self.cache_read

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.input + other.input,
            self.cache_write + other.cache_write,
            self.cache_read + other.cache_read,
            self.output + other.output,
        )


class LimitReached(Exception):
    """A limit forbids the next call; the words say which."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def drop_record(event: Mapping[str, JsonValue]) -> None:
    """A record kept by nobody, for callers without a journal."""
    del event


@dataclass(slots=True)
class Ledger:
    """One question's account; `record` gets each model turn as a JSON event, `clock` counts seconds."""

    limits: Limits = field(default_factory=Limits)
    record: Record = drop_record
    clock: Callable[[], float] = time.monotonic
    model_calls: int = 0
    tool_calls: int = 0
    usage: Usage = field(default_factory=Usage)
    cost_usd: float = 0.0
    started: float = field(init=False)

    def __post_init__(self) -> None:
        self.started = self.clock()

    @property
    def seconds_left(self) -> float:
        """What remains until the deadline, never below zero."""
        return max(0.0, self.started + self.limits.seconds - self.clock())

    @property
    def tokens(self) -> int:
        """Tokens read and written so far."""
        return self.usage.all_input + self.usage.output

    @property
    def usd_left(self) -> float:
        """What may still be spent."""
        return max(0.0, self.limits.cost_usd - self.cost_usd)

    def admit_model_call(self, worst_usd: float) -> None:
        """Count a model call that may cost up to `worst_usd`, or raise LimitReached before it is made."""
        if self.model_calls >= self.limits.model_calls:
            raise LimitReached(f"the limit of {self.limits.model_calls} model calls was reached")
        if self.seconds_left <= 0:
            raise LimitReached(f"the time limit of {self.limits.seconds:g} s was reached")
        if self.limits.tokens is not None and self.tokens >= self.limits.tokens:
            raise LimitReached(f"the limit of {self.limits.tokens:,} tokens was reached")
        if worst_usd > self.usd_left:
            raise LimitReached(
                f"the cost limit of {self.limits.cost_usd:.2f} USD would have been passed: {self.cost_usd:.4f} USD "
                f"are spent and the next call could take {worst_usd:.4f}"
            )
        self.model_calls += 1

    def admit_tool_call(self) -> bool:
        """Count a tool call and allow it, or refuse it."""
        if self.tool_calls >= self.limits.tool_calls or self.seconds_left <= 0:
            return False
        self.tool_calls += 1
        return True

    def charge(self, usage: Usage, usd: float) -> None:
        """Add what a model call took."""
        self.usage += usage
        self.cost_usd += usd

    def why_last(self, worst_usd: float) -> str | None:
        """Why the next model call must be the one that answers, or None when another could follow it.

        A fifth of the time is kept for the answer; a call after the next would cost at least as much again.
        """
        if self.model_calls + 1 >= self.limits.model_calls:
            return f"the limit of {self.limits.model_calls} model calls"
        if self.tool_calls >= self.limits.tool_calls:
            return f"the limit of {self.limits.tool_calls} tool calls"
        if self.seconds_left < self.limits.seconds / 5:
            return f"the time limit of {self.limits.seconds:g} s"
        if self.limits.tokens is not None and 2 * self.tokens > self.limits.tokens:
            return f"the limit of {self.limits.tokens:,} tokens"
        if 2 * worst_usd > self.usd_left:
            return f"the cost limit of {self.limits.cost_usd:.2f} USD"
        return None
