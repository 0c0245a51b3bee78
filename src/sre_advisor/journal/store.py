"""Writing to and reading from the record, on SQLite or PostgreSQL."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from pydantic import JsonValue
from sqlalchemy import Connection, Engine, create_engine, event, insert, select
from sqlalchemy import text as sql
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from sre_advisor.journal.chain import GENESIS, Record, Verification, seal, verify
from sre_advisor.journal.config import DatabaseConfig
from sre_advisor.journal.events import EVENTS, Event, QuestionAsked
from sre_advisor.journal.schema import RECORDS, migrate
from sre_advisor.model import Question

T = TypeVar("T")
_CHAIN_LOCK = 7_031_001  # any number will do, as long as every replica takes the same advisory lock
_CLOSED = ("question_answered", "question_refused")


class JournalUnavailable(Exception):
    """The database cannot be opened or written; the message says which and what to do, without credentials."""


class Journal:
    """The append-only record.

    All work happens in one thread of its own: SQLite likes one writer, and the chain needs an order. What is written
    passes `redact` first.
    """

    def __init__(self, engine: Engine, key: bytes, redact: Callable[[JsonValue], JsonValue]) -> None:
        self._engine = engine
        self._key = key
        self._redact = redact
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        self._where = engine.url.render_as_string(hide_password=True)

    @classmethod
    async def open(cls, config: DatabaseConfig, redact: Callable[[JsonValue], JsonValue]) -> Journal:
        """Connect, migrate, and load the key; raises JournalUnavailable."""
        journal = cls(_engine(config.url), _key(config), redact)
        await journal._in_thread(lambda: journal._transact(migrate))
        return journal

    async def append(self, *events: Event) -> None:
        """Write the events, in order, in one transaction."""
        if events:
            await self._in_thread(lambda: self._transact(lambda c: self._write(c, [(e, None) for e in events])))

    async def append_once(self, happened: Event, key: str) -> bool:
        """Write the event unless one with this key is on record; True when it was written."""

        def write(connection: Connection) -> bool:
            self._lock(connection)
            if connection.execute(select(RECORDS.c.seq).where(RECORDS.c.once == key)).first():
                return False
            self._write(connection, [(happened, key)])
            return True

        return await self._in_thread(lambda: self._transact(write))

    async def of_investigation(self, investigation: str) -> tuple[Event, ...]:
        """Everything on record about one investigation, oldest first."""
        query = select(RECORDS.c.body).where(RECORDS.c.investigation == investigation).order_by(RECORDS.c.seq)
        return await self._in_thread(lambda: self._transact(lambda c: tuple(_events(c.execute(query).scalars()))))

    async def of_kinds(self, *kinds: str) -> tuple[Event, ...]:
        """Every event of these kinds, oldest first."""
        query = select(RECORDS.c.body).where(RECORDS.c.kind.in_(kinds)).order_by(RECORDS.c.seq)
        return await self._in_thread(lambda: self._transact(lambda c: tuple(_events(c.execute(query).scalars()))))

    async def unfinished(self) -> tuple[Question, ...]:
        """Questions that were asked and neither answered nor refused, oldest first."""
        closed = select(RECORDS.c.question).where(RECORDS.c.kind.in_(_CLOSED), RECORDS.c.question.is_not(None))
        query = (
            select(RECORDS.c.body)
            .where(RECORDS.c.kind == "question_asked", RECORDS.c.question.not_in(closed))
            .order_by(RECORDS.c.seq)
        )
        found = await self._in_thread(lambda: self._transact(lambda c: tuple(_events(c.execute(query).scalars()))))
        return tuple(e.asked for e in found if isinstance(e, QuestionAsked))

    async def verify(self) -> Verification:
        """Check the whole chain."""
        return await self._in_thread(lambda: self._transact(lambda c: verify(self._key, _records(c))))

    async def close(self) -> None:
        """Finish what is being written and let go of the database."""
        await self._in_thread(self._engine.dispose)
        self._thread.shutdown()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _transact(self, work: Callable[[Connection], T]) -> T:
        try:
            with self._engine.begin() as connection:
                return work(connection)
        except SQLAlchemyError as error:
            cause = str(getattr(error, "orig", None) or type(error).__name__).strip().splitlines()[0]
            raise JournalUnavailable(
                f"the journal's database {self._where} cannot be used: {cause}; check database.url, "
                "that the server runs and that its folder can be written"
            ) from None

    def _lock(self, connection: Connection) -> None:
        if self._engine.dialect.name == "postgresql":
            connection.execute(sql("SELECT pg_advisory_xact_lock(:n)"), {"n": _CHAIN_LOCK})

    def _write(self, connection: Connection, events: Iterable[tuple[Event, str | None]]) -> None:
        self._lock(connection)
        newest = select(RECORDS.c.seq, RECORDS.c.mac).order_by(RECORDS.c.seq.desc()).limit(1)
        last = connection.execute(newest).first()
        seq, mac = (int(last[0]), str(last[1])) if last else (0, GENESIS)
        rows: list[dict[str, object]] = []
        for happened, once in events:
            body = _body(happened, self._redact)
            seq, at = seq + 1, datetime.now(UTC).isoformat(timespec="microseconds")
            mac = seal(self._key, mac, seq, at, happened.investigation, happened.kind, body)
            rows.append(
                {
                    "seq": seq,
                    "at": at,
                    "investigation": happened.investigation,
                    "question": happened.question,
                    "kind": happened.kind,
                    "once": once,
                    "body": body,
                    "mac": mac,
                }
            )
        connection.execute(insert(RECORDS), rows)


def _body(happened: Event, redact: Callable[[JsonValue], JsonValue]) -> str:
    if happened.kind == "tool_called":  # the broker redacted the evidence; doing it again would only cost time
        return happened.model_dump_json()
    return json.dumps(redact(happened.model_dump(mode="json")), ensure_ascii=False, separators=(",", ":"))


def _events(bodies: Iterable[str]) -> Iterator[Event]:
    for body in bodies:
        yield EVENTS.validate_json(body)


def _records(connection: Connection) -> Iterator[Record]:
    columns = (RECORDS.c.seq, RECORDS.c.at, RECORDS.c.investigation, RECORDS.c.kind, RECORDS.c.body, RECORDS.c.mac)
    for row in connection.execution_options(yield_per=1000).execute(select(*columns).order_by(RECORDS.c.seq)):
        yield Record(*row)


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() != "sqlite":
            return create_engine(parsed, pool_pre_ping=True)
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, connect_args={"timeout": 30})
    except (ArgumentError, ImportError, ValueError):
        raise JournalUnavailable(
            "database.url cannot be read; use sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE"
        ) from None
    except OSError as error:
        raise JournalUnavailable(f"the journal's folder cannot be made: {error.strerror}; check database.url") from None
    _make_sqlite_durable(engine)
    return engine


def _make_sqlite_durable(engine: Engine) -> None:
    """WAL, and each transaction takes the write lock at its start, so that two processes never fork the chain."""

    @event.listens_for(engine, "connect")
    def configure(raw: object, _record: object) -> None:  # pyright: ignore[reportUnusedFunction] # SQLAlchemy calls it
        raw.isolation_level = None  # type: ignore[attr-defined] # sqlite3.Connection; SQLAlchemy emits BEGIN itself
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            raw.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined] # as above

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction] # SQLAlchemy calls it
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _key(config: DatabaseConfig) -> bytes:
    if config.key is not None:
        return config.key.get_secret_value().encode()
    path = config.key_file or _default_key_file(config.url)
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(32))
        key = path.read_text().strip()
    except OSError as error:
        raise JournalUnavailable(f"the journal's key {path} cannot be read: {error.strerror}") from None
    if len(key) < 32:
        raise JournalUnavailable(f"the journal's key in {path} is too short: put at least 32 characters there")
    return key.encode()


def _default_key_file(url: str) -> Path:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database and parsed.database != ":memory:":
        return Path(parsed.database + ".key")
    raise JournalUnavailable(
        "this database needs a key for its records: set SRE_ADVISOR_DATABASE__KEY or database.key_file "
        "(openssl rand -hex 32 makes one)"
    )
