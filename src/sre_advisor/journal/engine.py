"""The database's engine: SQLite made durable and private, or PostgreSQL."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from sre_advisor.journal.presence import file_of
from sre_advisor.journal.trouble import JournalUnavailable

READING = "only_reading"
"""Execution option of a connection that writes nothing and so need not keep writers away."""


_PATIENCE = {
    "connect_timeout": 5, "keepalives_idle": 5, "keepalives_interval": 5, "keepalives_count": 2,
    "tcp_user_timeout": 15_000,
}  # fmt: skip
"""A server that vanished without a word must be noticed while Slack still delivers again what was not stored."""


def open_engine(url: str) -> Engine:
    """The database's engine, nothing connected yet; raises JournalUnavailable."""
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() != "sqlite":
            return create_engine(parsed, pool_pre_ping=True, connect_args=_PATIENCE)
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            _make_private(file_of(parsed))
        engine = create_engine(parsed, connect_args={"timeout": 30})
    except (ArgumentError, ImportError, ValueError):
        raise JournalUnavailable(
            "database.url cannot be read; use sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE"
        ) from None
    except OSError as error:
        raise JournalUnavailable(f"the journal's folder cannot be made: {error.strerror}; check database.url") from None
    _make_sqlite_durable(engine)
    return engine


def _make_private(file: Path | None) -> None:
    """Make the file so that only its owner reads it; SQLite gives the files beside it the same rights."""
    if file is not None and not file.exists():
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))


def shared(url: URL) -> bool:
    """Whether two threads with a connection each see the same database; one in memory belongs to its thread."""
    return url.get_backend_name() != "sqlite" or file_of(url) is not None


def _make_sqlite_durable(engine: Engine) -> None:
    """WAL, and each transaction takes the write lock at its start, so that two processes never fork the chain."""

    @event.listens_for(engine, "connect")
    def configure(raw: object, _record: object) -> None:  # pyright: ignore[reportUnusedFunction] # SQLAlchemy calls it
        raw.isolation_level = None  # type: ignore[attr-defined] # sqlite3.Connection; SQLAlchemy emits BEGIN itself
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            raw.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined] # as above

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction] # SQLAlchemy calls it
        reading = connection.get_execution_options().get(READING, False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
