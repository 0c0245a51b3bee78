"""The journal: putting on record, and looking up what is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from types import TracebackType
from typing import Self, TypeVar

from pydantic import JsonValue
from sqlalchemy import Connection, Select, select

from sre_advisor.journal.batches import Batches, Entry
from sre_advisor.journal.config import DatabaseConfig
from sre_advisor.journal.database import Database
from sre_advisor.journal.engine import open_engine
from sre_advisor.journal.events import EVENTS, Event, Expired, QuestionAsked
from sre_advisor.journal.expiry import compact, untouched_since, wipe
from sre_advisor.journal.heads import Head, HeadLog
from sre_advisor.journal.keys import Keyring, load_keys
from sre_advisor.journal.records import records
from sre_advisor.journal.schema import RECORDS, migrate
from sre_advisor.journal.spent import Spent, spent_since
from sre_advisor.journal.tail import Tail, lock_chain
from sre_advisor.journal.trouble import JournalUnavailable
from sre_advisor.journal.verification import Verification, verify
from sre_advisor.model import Question

__all__ = ["Journal", "JournalUnavailable"]

T = TypeVar("T")
_CLOSED = ("question_answered", "question_refused", "question_joined")


class Journal:
    """The append-only record."""

    def __init__(self, database: Database, keys: Keyring, redact: Callable[[JsonValue], JsonValue], heads: HeadLog):
        self._database, self._keys, self._heads = database, keys, heads
        self._tail = Tail(keys, redact, heads, database.where)
        self._batches = Batches(self._append)
        self._observers: list[Callable[[Event], None]] = []

    @classmethod
    async def open(cls, config: DatabaseConfig, redact: Callable[[JsonValue], JsonValue]) -> Journal:
        """Connect, migrate, and load the key; raises JournalUnavailable."""
        heads = HeadLog(config.head_file, config.head_every, 60 * config.head_minutes)
        heads.check()
        database = Database(open_engine(config.url))
        journal = cls(database, load_keys(config), redact, heads)
        await database.transact(_migrate)
        database.presence.remember()
        return journal

    def tell(self, observer: Callable[[Event], None]) -> None:
        """Call it with each event that this process has put on record."""
        self._observers.append(observer)

    async def append(self, *events: Event) -> None:
        """Write the events, in order, all or none; returns when they are on disk."""
        if events:
            await self._batches.add(Entry(events))
            self._told(events)

    async def append_once(self, happened: Event, key: str) -> bool:
        """Write the event unless one with this key is on record; True when it was written."""
        written = await self._batches.add(Entry((happened,), key))
        if written:
            self._told((happened,))
        return written

    async def of_investigation(self, investigation: str, *kinds: str) -> tuple[Event, ...]:
        """What is on record about one investigation, of these kinds if any are named, oldest first."""
        query = _bodies().where(RECORDS.c.investigation == investigation).order_by(RECORDS.c.seq)
        if kinds:
            query = query.where(RECORDS.c.kind.in_(kinds))
        return await self._found(query)

    async def is_closed(self, question: Question) -> bool:
        """Whether the question was answered or refused."""
        of_it = (RECORDS.c.investigation == question.investigation, RECORDS.c.question == question.id)
        query = select(RECORDS.c.seq).where(*of_it, RECORDS.c.kind.in_(_CLOSED)).limit(1)
        return await self._database.read(lambda c: c.execute(query).first() is not None)

    async def of_kinds(
        self, *kinds: str, under: str = "", holding: str = "", most: int | None = None
    ) -> tuple[Event, ...]:
        """Every event of these kinds, oldest first.

        Of investigations whose name begins with `under` and whose body has `holding` in it, where that is given: the
        database looks for it, which costs a hundredth of reading everything. At most the oldest `most`.
        """
        query = _bodies().where(RECORDS.c.kind.in_(kinds)).order_by(RECORDS.c.seq).limit(most)
        if under:
            query = query.where(RECORDS.c.investigation.startswith(under, autoescape=True))
        if holding:
            query = query.where(RECORDS.c.body.contains(holding, autoescape=True))
        return await self._found(query)

    async def question(self, question: str, investigation: str | None = None) -> Question | None:
        """The question of this id, found faster where its investigation is known."""
        query = _bodies().where(RECORDS.c.kind == "question_asked", RECORDS.c.question == question).limit(1)
        if investigation is not None:
            query = query.where(RECORDS.c.investigation == investigation)
        found = await self._found(query)
        return next((e.asked for e in found if isinstance(e, QuestionAsked)), None)

    async def after(self, seq: int, *kinds: str) -> tuple[int, tuple[Event, ...]]:
        """The events of these kinds after the record number `seq`, oldest first, and the newest record's number."""
        query = _bodies().where(RECORDS.c.seq > seq, RECORDS.c.kind.in_(kinds)).order_by(RECORDS.c.seq)
        newest = select(RECORDS.c.seq).order_by(RECORDS.c.seq.desc()).limit(1)

        def look(connection: Connection) -> tuple[int, tuple[Event, ...]]:
            last = connection.execute(newest).scalar() or 0
            return last, tuple(_events(connection.execute(query).scalars()))

        return await self._database.read(look)

    async def newest(self, *kinds: str) -> Event | None:
        """The newest event of these kinds."""
        query = _bodies().where(RECORDS.c.kind.in_(kinds)).order_by(RECORDS.c.seq.desc()).limit(1)
        found = await self._found(query)
        return found[0] if found else None

    async def spent(self, since: datetime, after: int) -> tuple[Spent, ...]:
        """What quotas count, of the records from `since` on and after the record number `after`, oldest first."""
        return await self._database.read(lambda c: spent_since(c, since, after))

    async def unfinished(self) -> tuple[Question, ...]:
        """Questions that were asked in Slack and neither answered nor refused, oldest first.

        What was asked elsewhere ended with whoever waited for it: nobody takes it up.
        """
        closed = select(RECORDS.c.question).where(RECORDS.c.kind.in_(_CLOSED), RECORDS.c.question.is_not(None))
        query = (
            _bodies()
            .where(RECORDS.c.kind == "question_asked", RECORDS.c.question.not_in(closed))
            .order_by(RECORDS.c.seq)
        )
        found = await self._found(query)
        return tuple(e.asked for e in found if isinstance(e, QuestionAsked) and e.asked.channel)

    async def verify(self, heads: Sequence[Head] = ()) -> Verification:
        """Check the whole chain, also against heads that were written out."""
        return await self._database.transact(lambda c: verify(self._keys, records(c), heads))

    async def expire(self, cutoff: datetime, by: str) -> tuple[Expired, ...]:
        """Take the bodies of investigations untouched since `cutoff` off the record, and put on record that it was so.

        They leave the database's files as well, as far as it can be made to (see docs/reference/audit.md).
        """

        def work(connection: Connection) -> tuple[Expired, ...]:
            lock_chain(connection)
            gone = wipe(connection, cutoff, by)
            if gone:
                self._tail.append(connection, [(happened, None) for happened in gone])
            return gone

        gone = await self._write(work)
        if gone:
            await self._database.in_turn(lambda: compact(self._database.engine))
        return gone

    async def expirable(self, cutoff: datetime, by: str) -> tuple[Expired, ...]:
        """What `expire` would do now."""
        return await self._database.transact(lambda c: untouched_since(c, cutoff, by))

    async def close(self) -> None:
        """Finish what is being written and let go of the database."""
        await self._batches.idle()
        await self._database.in_turn(self._heads.write)
        await self._database.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _found(self, query: Select[str]) -> tuple[Event, ...]:
        return await self._database.read(lambda c: tuple(_events(c.execute(query).scalars())))

    def _told(self, events: Iterable[Event]) -> None:
        for happened in events:
            for observer in self._observers:
                observer(happened)

    async def _append(self, entries: Sequence[Entry]) -> Sequence[bool]:
        return await self._write(lambda c: self._tail.append_new(c, entries))

    async def _write(self, work: Callable[[Connection], T]) -> T:
        def writing(connection: Connection) -> T:
            self._tail.begin()
            return work(connection)

        return await self._database.transact(writing, self._tail.committed)


def _migrate(connection: Connection) -> None:
    lock_chain(connection)  # replicas that start together must not make the tables twice
    migrate(connection)


def _events(bodies: Iterable[str]) -> Iterator[Event]:
    for body in bodies:
        yield EVENTS.validate_json(body)


def _bodies() -> Select[str]:
    return select(RECORDS.c.body).where(RECORDS.c.body.is_not(None))
