"""The journal as an auditor opens it: nothing is made, nothing is written, and whoever writes is not kept waiting."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from sre_advisor.journal.chain import Record
from sre_advisor.journal.config import DatabaseConfig
from sre_advisor.journal.engine import READING, open_engine
from sre_advisor.journal.events import EVENTS, Event, QuestionAsked, RecordingBegun
from sre_advisor.journal.keys import Keyring, load_keys
from sre_advisor.journal.records import records
from sre_advisor.journal.schema import HEAD, RECORDS, current
from sre_advisor.journal.trouble import JournalUnavailable

BEGINNINGS = ("question_asked", "recording_begun")
"""Kinds with which an investigation begins."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An investigation, or the making of a recording, in a list: when its records were written."""

    investigation: str
    records: int
    first_at: str
    newest_at: str
    began: QuestionAsked | RecordingBegun | None


@dataclass(frozen=True, slots=True)
class Archive:
    """What is on record, as it was when the archive was opened."""

    keys: Keyring
    connection: Connection

    def records(self, investigation: str | None = None, since: str | None = None) -> Iterator[Record]:
        """The records, oldest first; `since` is ISO 8601 UTC."""
        yield from records(self.connection, *_which(investigation, since))

    def previous_mac(self, seq: int) -> str | None:
        """The MAC of the record before this one."""
        query = select(RECORDS.c.mac).where(RECORDS.c.seq == seq - 1)
        return self.connection.execute(query).scalar()

    def entries(self, prefix: str = "", since: str | None = None, limit: int = 50) -> tuple[Entry, ...]:
        """The investigations whose name begins so, the one touched last first."""
        newest = func.max(RECORDS.c.at)
        known = select(RECORDS.c.investigation).where(RECORDS.c.kind.in_(BEGINNINGS))
        query = (
            select(RECORDS.c.investigation, func.count(), func.min(RECORDS.c.at), newest)
            .where(RECORDS.c.investigation.in_(known), RECORDS.c.investigation.startswith(prefix, autoescape=True))
            .group_by(RECORDS.c.investigation)
            .order_by(func.max(RECORDS.c.seq).desc())
            .limit(limit)
        )
        if since is not None:
            query = query.having(newest >= since)
        rows = self.connection.execute(query).all()
        return tuple(Entry(str(n), int(c), str(f), str(t), self._began(str(n))) for n, c, f, t in rows)

    def _began(self, investigation: str) -> QuestionAsked | RecordingBegun | None:
        query = (
            select(RECORDS.c.body)
            .where(RECORDS.c.investigation == investigation, RECORDS.c.kind.in_(BEGINNINGS))
            .where(RECORDS.c.body.is_not(None))
            .order_by(RECORDS.c.seq)
            .limit(1)
        )
        body = self.connection.execute(query).scalar()
        event = _event(body)
        return event if isinstance(event, QuestionAsked | RecordingBegun) else None


def event_of(record: Record) -> Event | None:
    """What the record says; None when its body was taken off the record or cannot be read."""
    return _event(record.body)


def _event(body: str | None) -> Event | None:
    try:
        return EVENTS.validate_json(body) if body is not None else None
    except (ValueError, TypeError):  # an altered body; verifying tells of it
        return None


@contextmanager
def open_archive(config: DatabaseConfig) -> Generator[Archive]:
    """The journal, which must exist; raises JournalUnavailable."""
    require_journal(config)
    keys = load_keys(config, make=False)
    engine = open_engine(config.url)
    where = engine.url.render_as_string(hide_password=True)
    try:
        with engine.connect().execution_options(**{READING: True}) as connection, connection.begin():
            _take_any_bytes(connection)
            if current(connection) != HEAD:
                raise JournalUnavailable(f"{where} holds no journal of this version; check database.url")
            yield Archive(keys, connection)
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or type(error).__name__).strip().splitlines()[0]
        raise JournalUnavailable(f"the journal's database {where} cannot be read: {cause}") from None
    finally:
        engine.dispose()


def _take_any_bytes(connection: Connection) -> None:
    """A flipped byte may leave no UTF-8: SQLite's driver would end the walk there instead of letting it be named."""
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        driver.text_factory = _text


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def require_journal(config: DatabaseConfig) -> None:
    """Raise JournalUnavailable when an SQLite journal is not there: a wrong path must not look like an empty record."""
    url = make_url(config.url)
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).exists():
        raise JournalUnavailable(f"there is no journal at {url.database}: check --config and database.url")


def _which(investigation: str | None, since: str | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if investigation is not None:
        found.append(RECORDS.c.investigation == investigation)
    if since is not None:
        found.append(RECORDS.c.at >= since)
    return found
