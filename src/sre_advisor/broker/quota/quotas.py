"""Asks for room before something is used, against the journal's account of the day."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from weakref import WeakValueDictionary

from sre_advisor.broker.config import DayQuota, QuotasConfig
from sre_advisor.broker.quota.tally import NOTHING, Account, Tally, Use, exceeded, limit_of
from sre_advisor.connectors.contract import QuotaExceeded
from sre_advisor.journal.spent import Spent
from sre_advisor.model import Question

Records = Callable[[datetime, int], Awaitable[tuple[Spent, ...]]]
"""What is on record from a time on, after a record's number (Journal.spent)."""


async def nothing_on_record(since: datetime, after: int) -> tuple[Spent, ...]:
    """For those who keep no journal: only what is under way is counted."""
    del since, after
    return ()


@dataclass(frozen=True, slots=True)
class ModelLeft:
    """What one question may still take of the model; None: no limit. `why` names the tightest quota."""

    usd: float | None = None
    tokens: int | None = None
    why: str = ""

    @property
    def nothing(self) -> bool:
        """Whether the model may not be asked at all."""
        return (self.usd is not None and self.usd <= 0) or (self.tokens is not None and self.tokens <= 0)


class Quotas:
    """One process's view of the account; what is under way here is counted before it is on record."""

    def __init__(
        self,
        config: QuotasConfig,
        records: Records = nothing_on_record,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._config, self._records, self._clock = config, records, clock
        self._tally = Tally(_day(clock()))
        self._under_way: dict[Account, Use] = defaultdict(Use)
        self._slots: WeakValueDictionary[Account, asyncio.Semaphore] = WeakValueDictionary()
        self._lock = asyncio.Lock()

    async def admit_question(self, question: Question) -> str | None:
        """Why this question may not be answered today; None when it may. It must be on record already."""
        tally = await self._fresh()
        for account in self._of_asking(tally, question):
            limit = limit_of(self._config, account)
            most = limit.questions if isinstance(limit, DayQuota) else None
            if most is not None and tally.turn(question.id, account) > most:
                return f"{account.words}: the limit of {most:,} questions is reached; it starts anew at midnight UTC"
        return None

    async def admit_read(self, question: Question, source: str, query_cost: int) -> Ticket:
        """Room for one read, held until the ticket is given back; raises QuotaExceeded."""
        tally = await self._fresh()
        foreseen = Use(calls=1, query_cost=query_cost)
        accounts = self._accounts(tally, question, source)
        for account in accounts:
            used = tally.used.get(account, NOTHING) + self._under_way.get(account, NOTHING)
            words = exceeded(account, limit_of(self._config, account), used, foreseen)
            if words:
                raise QuotaExceeded(words)
        for account in accounts:
            self._under_way[account] += foreseen
        return Ticket(self, accounts, foreseen)

    @asynccontextmanager
    async def slot(self, question: Question, source: str) -> AsyncGenerator[None]:
        """Wait until no account has too many reads under way at once."""
        async with AsyncExitStack() as stack:
            for account in self._accounts(
                self._tally, question, source
            ):  # always in this order: no two can wait for each other
                most = limit_of(self._config, account).parallel
                if most is not None:
                    await stack.enter_async_context(self._slots.setdefault(account, asyncio.Semaphore(most)))
            yield

    @contextmanager
    def reserved(self, question: Question, usd: float) -> Generator[None]:
        """Count money as used while a question may spend it, so that many at once do not pass a limit together."""
        accounts, use = self._of_asking(self._tally, question), Use(usd=usd)
        for account in accounts:
            self._under_way[account] += use
        try:
            yield
        finally:
            for account in accounts:
                self._give_back(account, use)

    async def model_left(self, question: Question) -> ModelLeft:
        """What the tightest of the person's, the channel's and the day's limits leaves for the model."""
        tally = await self._fresh()
        left = ModelLeft()
        for account in self._of_asking(tally, question):
            limit = limit_of(self._config, account)
            assert isinstance(limit, DayQuota)
            used = tally.used.get(account, NOTHING) + self._under_way.get(account, NOTHING)
            if limit.cost_usd is not None and (left.usd is None or limit.cost_usd - used.usd < left.usd):
                why = f"{account.words}: {limit.cost_usd:.2f} USD for the model"
                left = ModelLeft(limit.cost_usd - used.usd, left.tokens, why)
            if limit.model_tokens is not None:
                tokens = limit.model_tokens - used.tokens
                if left.tokens is None or tokens < left.tokens:
                    spent = left.usd is not None and left.usd <= 0
                    why = left.why if spent else f"{account.words}: {limit.model_tokens:,} tokens of the model"
                    left = ModelLeft(left.usd, tokens, why)
        return left

    def give_back(self, accounts: tuple[Account, ...], use: Use) -> None:
        """The read is on record now, or did not happen."""
        for account in accounts:
            self._give_back(account, use)

    def _give_back(self, account: Account, use: Use) -> None:
        left = self._under_way[account] + Use(calls=-use.calls, query_cost=-use.query_cost, usd=-use.usd)
        if left.calls or left.query_cost or abs(left.usd) > 1e-9:
            self._under_way[account] = left
        else:
            self._under_way.pop(account, None)

    async def _fresh(self) -> Tally:
        """The account with everything that is on record by now, other replicas' use too."""
        async with self._lock:
            today = _day(self._clock())
            if self._tally.day != today:
                self._tally = Tally(today)
            self._tally.add(await self._records(today, self._tally.last))
            return self._tally

    def _of_asking(self, tally: Tally, question: Question) -> tuple[Account, ...]:
        self._own(tally, question)
        return tally.of_asking(question.id)

    def _accounts(self, tally: Tally, question: Question, source: str) -> tuple[Account, ...]:
        self._own(tally, question)
        return tally.accounts(question.id, source)

    @staticmethod
    def _own(tally: Tally, question: Question) -> None:
        """A question from before yesterday, or one that is not on record, is known by itself."""
        tally.owners.setdefault(question.id, (question.asker or "terminal", question.channel or "terminal"))


@dataclass(frozen=True, slots=True)
class Ticket:
    """Room that was given to a read."""

    quotas: Quotas
    accounts: tuple[Account, ...]
    use: Use

    def release(self) -> None:
        """Give the room back once the read is on record."""
        self.quotas.give_back(self.accounts, self.use)


def _day(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
