"""The day's account: who used how much, from the journal's records; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sre_advisor.broker.config import DayQuota, QuotasConfig, ReadQuota
from sre_advisor.journal.spent import ASKED, REFUSED, Spent

TERMINAL = "terminal"
"""Stands for the person and the channel of a question that did not come from Slack."""


@dataclass(frozen=True, slots=True)
class Use:
    """An amount of everything that is limited."""

    calls: int = 0
    bytes: int = 0
    rows: int = 0
    query_cost: int = 0
    tokens: int = 0
    usd: float = 0.0

    def __add__(self, other: Use) -> Use:
        return Use(
            self.calls + other.calls,
            self.bytes + other.bytes,
            self.rows + other.rows,
            self.query_cost + other.query_cost,
            self.tokens + other.tokens,
            self.usd + other.usd,
        )


@dataclass(frozen=True, slots=True)
class Account:
    """Something with limits of its own: a question, a person, a channel, the day, a backend."""

    scope: str
    key: str = ""

    @property
    def words(self) -> str:
        """As a person reads it in a refusal."""
        return {"question": "this question", "day": "everybody today"}.get(
            self.scope, f"this {self.scope} today" if self.scope != "backend" else f"{self.key} today"
        )


Limit = ReadQuota | DayQuota
NOTHING = Use()


@dataclass(slots=True)
class Tally:
    """One UTC day's use by account; `last` is the newest record in it."""

    day: datetime
    last: int = 0
    used: dict[Account, Use] = field(default_factory=lambda: defaultdict(Use))
    owners: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    asked: dict[Account, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, records: Iterable[Spent]) -> None:
        """Count records, in their order, each once."""
        for record in records:
            if record.seq <= self.last:
                continue
            self.last = record.seq
            if record.kind == ASKED:
                self._asked(record)
            elif record.kind == REFUSED:
                self._refused(record.question)
            else:
                self._used(record)

    def _asked(self, record: Spent) -> None:
        question = record.question or ""
        self.owners[question] = (record.asker or TERMINAL, record.channel or TERMINAL)
        if record.at >= self.day.isoformat(timespec="microseconds"):
            for account in self.of_asking(question):
                self.asked[account].append(question)

    def _refused(self, question: str | None) -> None:
        for account in self.of_asking(question or ""):
            if question in self.asked[account]:
                self.asked[account].remove(question)

    def _used(self, record: Spent) -> None:
        use = Use(
            calls=record.calls,
            bytes=record.bytes,
            rows=record.rows,
            query_cost=record.query_cost,
            tokens=record.tokens,
            usd=record.usd,
        )
        for account in self.accounts(record.question or "", record.source if record.calls else None):
            self.used[account] += use

    def of_asking(self, question: str) -> tuple[Account, ...]:
        """The accounts that limit how many questions are asked."""
        person, channel = self.owners.get(question, (TERMINAL, TERMINAL))
        return Account("person", person), Account("channel", channel), Account("day")

    def accounts(self, question: str, source: str | None) -> tuple[Account, ...]:
        """Every account that a read (or, without a source, a model call) of this question is charged to."""
        backend = (Account("backend", source),) if source else ()
        return (Account("question", question), *self.of_asking(question), *backend)

    def turn(self, question: str, account: Account) -> int:
        """The how manieth question of the account this one is, refused ones not counted."""
        asked = self.asked[account]
        return asked.index(question) + 1 if question in asked else len(asked) + 1


def limit_of(config: QuotasConfig, account: Account) -> Limit:
    """The account's limits."""
    match account.scope:
        case "question":
            return config.question
        case "person":
            return config.person
        case "channel":
            return config.channel
        case "day":
            return config.day
        case _:
            return config.of_backend(account.key)


def exceeded(account: Account, limit: Limit, used: Use, foreseen: Use) -> str | None:
    """Which limit one more read would pass, in words; None when there is room.

    Calls and query cost are known before a read; bytes and rows only after, so a read that begins below those limits
    is let through.
    """
    if limit.calls is not None and used.calls + foreseen.calls > limit.calls:
        return f"{account.words}: the limit of {limit.calls:,} reads is reached"
    if (
        limit.query_cost is not None
        and foreseen.query_cost
        and used.query_cost + foreseen.query_cost > limit.query_cost
    ):
        return (
            f"{account.words}: the query could touch {foreseen.query_cost:,} samples and "
            f"{max(0, limit.query_cost - used.query_cost):,} of {limit.query_cost:,} are left; ask for less"
        )
    if limit.bytes is not None and used.bytes >= limit.bytes:
        return f"{account.words}: the limit of {limit.bytes:,} bytes is reached"
    if limit.rows is not None and used.rows >= limit.rows:
        return f"{account.words}: the limit of {limit.rows:,} rows is reached"
    return None
