"""Writing to and reading from the record, on SQLite or PostgreSQL."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self, TypeVar

from pydantic import JsonValue
from sqlalchemy import ColumnElement, Connection, Engine, Select, insert, select
from sqlalchemy import text as sql
from sqlalchemy.exc import SQLAlchemyError

from sre_advisor.journal.batches import Batches, Entry
from sre_advisor.journal.chain import GENESIS, Record, digest_of, seal
from sre_advisor.journal.config import DatabaseConfig
from sre_advisor.journal.engine import READING, open_engine, shared
from sre_advisor.journal.events import EVENTS, Event, Expired, KeyChanged, QuestionAsked
from sre_advisor.journal.expiry import compact, untouched_since, wipe
from sre_advisor.journal.heads import Head, HeadLog
from sre_advisor.journal.keys import Keyring, load_keys
from sre_advisor.journal.presence import Presence
from sre_advisor.journal.schema import RECORDS, UnknownShape, migrate
from sre_advisor.journal.spent import Spent, spent_since
from sre_advisor.journal.trouble import JournalUnavailable
from sre_advisor.journal.verification import Verification, verify
from sre_advisor.model import Question

T = TypeVar("T")
_CHAIN_LOCK = 7_031_001  # any number will do, as long as every replica takes the same advisory lock
_CLOSED = ("question_answered", "question_refused", "question_joined")


class Journal:
    """The append-only record.

    All writing happens in one thread of its own: SQLite likes one writer, and the chain needs an order. Reading has
    another, so that nobody who has to put something on record waits for those who look something up. What is written
    passes `redact` first.
    """

    def __init__(self, engine: Engine, keys: Keyring, redact: Callable[[JsonValue], JsonValue], heads: HeadLog) -> None:
        self._engine = engine
        self._keys = keys
        self._redact = redact
        self._heads = heads
        self._grown: tuple[Head, int] | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        self._reader = ThreadPoolExecutor(1, "journal-reader") if shared(engine.url) else self._thread
        self._where = engine.url.render_as_string(hide_password=True)
        self._presence = Presence.of(engine.url)
        self._batches = Batches(self._append)
        self._observers: list[Callable[[Event], None]] = []

    @classmethod
    async def open(cls, config: DatabaseConfig, redact: Callable[[JsonValue], JsonValue]) -> Journal:
        """Connect, migrate, and load the key; raises JournalUnavailable."""
        heads = HeadLog(config.head_file, config.head_every, 60 * config.head_minutes)
        heads.check()
        journal = cls(open_engine(config.url), load_keys(config), redact, heads)
        await journal._in_thread(lambda: journal._transact(journal._migrate))
        journal._presence.remember()
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
        return await self._read(lambda c: tuple(_events(c.execute(query).scalars())))

    async def is_closed(self, question: Question) -> bool:
        """Whether the question was answered or refused."""
        of_it = (RECORDS.c.investigation == question.investigation, RECORDS.c.question == question.id)
        query = select(RECORDS.c.seq).where(*of_it, RECORDS.c.kind.in_(_CLOSED)).limit(1)
        return await self._read(lambda c: c.execute(query).first() is not None)

    async def asked(self, investigation: str, question: str) -> Question | None:
        """The question of this id, as it was stored."""
        past = await self.of_investigation(investigation, "question_asked")
        return next((e.asked for e in past if isinstance(e, QuestionAsked) and e.asked.id == question), None)

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
        return await self._read(lambda c: tuple(_events(c.execute(query).scalars())))

    async def question(self, question: str) -> Question | None:
        """The question of this id."""
        query = _bodies().where(RECORDS.c.kind == "question_asked", RECORDS.c.question == question).limit(1)
        found = await self._read(lambda c: tuple(_events(c.execute(query).scalars())))
        return next((e.asked for e in found if isinstance(e, QuestionAsked)), None)

    async def after(self, seq: int, *kinds: str) -> tuple[int, tuple[Event, ...]]:
        """The events of these kinds after the record number `seq`, oldest first, and the newest record's number."""
        query = _bodies().where(RECORDS.c.seq > seq, RECORDS.c.kind.in_(kinds)).order_by(RECORDS.c.seq)
        newest = select(RECORDS.c.seq).order_by(RECORDS.c.seq.desc()).limit(1)

        def look(connection: Connection) -> tuple[int, tuple[Event, ...]]:
            last = connection.execute(newest).scalar() or 0
            return last, tuple(_events(connection.execute(query).scalars()))

        return await self._read(look)

    async def newest(self, *kinds: str) -> Event | None:
        """The newest event of these kinds."""
        query = _bodies().where(RECORDS.c.kind.in_(kinds)).order_by(RECORDS.c.seq.desc()).limit(1)
        found = await self._read(lambda c: tuple(_events(c.execute(query).scalars())))
        return found[0] if found else None

    async def spent(self, since: datetime, after: int) -> tuple[Spent, ...]:
        """What quotas count, of the records from `since` on and after the record number `after`, oldest first."""
        return await self._read(lambda c: spent_since(c, since, after))

    async def unfinished(self) -> tuple[Question, ...]:
        """Questions that were asked and neither answered nor refused, oldest first."""
        closed = select(RECORDS.c.question).where(RECORDS.c.kind.in_(_CLOSED), RECORDS.c.question.is_not(None))
        query = (
            _bodies()
            .where(RECORDS.c.kind == "question_asked", RECORDS.c.question.not_in(closed))
            .order_by(RECORDS.c.seq)
        )
        found = await self._read(lambda c: tuple(_events(c.execute(query).scalars())))
        return tuple(e.asked for e in found if isinstance(e, QuestionAsked))

    async def verify(self, heads: Sequence[Head] = ()) -> Verification:
        """Check the whole chain, also against heads that were written out."""
        return await self._in_thread(lambda: self._transact(lambda c: verify(self._keys, records(c), heads)))

    async def expire(self, cutoff: datetime, by: str) -> tuple[Expired, ...]:
        """Take the bodies of investigations untouched since `cutoff` off the record, and put on record that it was so.

        They leave the database's files as well, as far as it can be made to (see docs/reference/audit.md).
        """

        def work(connection: Connection) -> tuple[Expired, ...]:
            self._lock(connection)
            gone = wipe(connection, cutoff, by)
            if gone:
                self._write(connection, [(happened, None) for happened in gone])
            return gone

        gone = await self._in_thread(lambda: self._transact(work))
        if gone:
            await self._in_thread(lambda: compact(self._engine))
        return gone

    async def expirable(self, cutoff: datetime, by: str) -> tuple[Expired, ...]:
        """What `expire` would do now."""
        return await self._in_thread(lambda: self._transact(lambda c: untouched_since(c, cutoff, by)))

    async def close(self) -> None:
        """Finish what is being written and let go of the database."""
        await self._batches.idle()
        await self._in_thread(self._heads.write)
        await self._in_thread(self._engine.dispose)
        self._reader.shutdown()
        self._thread.shutdown()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def _told(self, events: Iterable[Event]) -> None:
        for happened in events:
            for observer in self._observers:
                observer(happened)

    async def _append(self, entries: Sequence[Entry]) -> Sequence[bool]:
        return await self._in_thread(lambda: self._transact(lambda c: self._write_new(c, entries)))

    def _write_new(self, connection: Connection, entries: Sequence[Entry]) -> Sequence[bool]:
        """Write what is not on record, and tell of each entry whether it was new."""
        self._lock(connection)
        keys = [entry.once for entry in entries if entry.once is not None]
        known = (
            set(connection.execute(select(RECORDS.c.once).where(RECORDS.c.once.in_(keys))).scalars())
            if keys
            else set[str]()
        )
        new: list[bool] = []
        rows: list[tuple[Event, str | None]] = []
        for entry in entries:
            new.append(entry.once is None or entry.once not in known)
            if new[-1]:
                rows += [(happened, entry.once) for happened in entry.events]
                known.add(entry.once or "")
        if rows:
            self._write(connection, rows)
        return new

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def _read(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._reader, lambda: self._look(work))

    def _look(self, work: Callable[[Connection], T]) -> T:
        self._presence.check()
        with self._trouble_said(), self._engine.connect().execution_options(**{READING: True}) as connection:
            return work(connection)

    def _transact(self, work: Callable[[Connection], T]) -> T:
        self._grown = None
        self._presence.check()  # before a connection is made, which would make a file
        with self._trouble_said():
            with self._engine.begin() as connection:
                result = work(connection)
                self._presence.check()  # and before the commit is believed
            self._tell_head()
            return result

    @contextmanager
    def _trouble_said(self) -> Generator[None]:
        """Say what the database's own errors mean, as JournalUnavailable."""
        try:
            yield
        except UnknownShape as shape:
            raise JournalUnavailable(
                f"the journal's database {self._where} cannot be used: {shape}; use the one that wrote it, or newer"
            ) from None
        except SQLAlchemyError as error:
            cause = str(getattr(error, "orig", None) or type(error).__name__).strip().splitlines()[0]
            raise JournalUnavailable(
                f"the journal's database {self._where} cannot be used: {cause}; check database.url, "
                "that the server runs and that its folder can be written"
            ) from None

    def _tell_head(self) -> None:
        """After the commit: only what is kept for good may be told to the outside."""
        if self._grown is not None:
            self._heads.moved(*self._grown)

    def _migrate(self, connection: Connection) -> None:
        self._lock(connection)  # replicas that start together must not make the tables twice
        migrate(connection)

    def _lock(self, connection: Connection) -> None:
        if self._engine.dialect.name == "postgresql":
            connection.execute(sql("SELECT pg_advisory_xact_lock(:n)"), {"n": _CHAIN_LOCK})

    def _write(self, connection: Connection, events: Iterable[tuple[Event, str | None]]) -> None:
        self._lock(connection)
        newest = select(RECORDS.c.seq, RECORDS.c.mac, RECORDS.c.key).order_by(RECORDS.c.seq.desc()).limit(1)
        last = connection.execute(newest).first()
        key, key_id, at = self._keys.current, self._keys.current_id, ""
        seq, mac = (int(last[0]), str(last[1])) if last else (0, GENESIS)
        if last and last[2] != key_id:
            events = [(self._key_change(connection, str(last[2])), None), *events]
        rows: list[dict[str, object]] = []
        for happened, once in events:
            body = _body(happened, self._redact)
            digest = digest_of(key, body)
            seq, at = seq + 1, datetime.now(UTC).isoformat(timespec="microseconds")
            mac = seal(key, mac, seq, at, happened.investigation, happened.question, happened.kind, once, digest)
            rows.append(
                {
                    "seq": seq,
                    "at": at,
                    "investigation": happened.investigation,
                    "question": happened.question,
                    "kind": happened.kind,
                    "once": once,
                    "body": body,
                    "digest": digest,
                    "key": key_id,
                    "mac": mac,
                }
            )
        connection.execute(insert(RECORDS), rows)
        self._grown = Head(seq, mac, at), len(rows)

    def _key_change(self, connection: Connection, earlier: str) -> KeyChanged:
        """The record that hands the chain over from the earlier key; a key once given up may not take it back."""
        now = self._keys.current_id
        used = connection.execute(select(RECORDS.c.seq).where(RECORDS.c.key == now).limit(1)).first()
        if used or earlier not in self._keys.by_id():
            raise JournalUnavailable(
                f"the journal {self._where} is written with another key (id {earlier[:16]}) than the one configured: "
                "restore that key or, to change to a new one, name that one in database.previous_key_files"
            )
        return KeyChanged(earlier=earlier, now=now)


def _body(happened: Event, redact: Callable[[JsonValue], JsonValue]) -> str:
    if happened.kind == "tool_called":  # the broker redacted the evidence; doing it again would only cost time
        return happened.model_dump_json()
    body = json.dumps(redact(happened.model_dump(mode="json")), ensure_ascii=False, separators=(",", ":"))
    return body.encode("utf-8", "replace").decode()  # half a character, as JSON can hold it, fits into no database


def _events(bodies: Iterable[str]) -> Iterator[Event]:
    for body in bodies:
        yield EVENTS.validate_json(body)


def _bodies() -> Select[str]:
    return select(RECORDS.c.body).where(RECORDS.c.body.is_not(None))


def records(connection: Connection, *which: ColumnElement[bool]) -> Iterator[Record]:
    """The records, oldest first, read a thousand at a time."""
    columns = (RECORDS.c[name] for name in Record.__dataclass_fields__)
    query = select(*columns).where(*which).order_by(RECORDS.c.seq)
    for row in connection.execution_options(yield_per=1000).execute(query):
        yield Record(row[0], *map(_text, row[1:]))


def _text(value: object) -> Any:
    """SQLite keeps anything in any column; what is no text was not written here and will not verify."""
    return value if isinstance(value, str | None) else repr(value)
