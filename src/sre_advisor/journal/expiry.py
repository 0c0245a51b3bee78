"""Retention: old investigations' bodies go, their places in the chain stay, and a record says that it was meant."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, func, select, update

from sre_advisor.journal.events import KEPT, Expired
from sre_advisor.journal.schema import RECORDS


def untouched_since(connection: Connection, cutoff: datetime, by: str) -> tuple[Expired, ...]:
    """What expiring would put on record: every investigation whose newest record is older than `cutoff`."""
    query = (
        select(RECORDS.c.investigation, func.count(), func.max(RECORDS.c.seq))
        .where(RECORDS.c.body.is_not(None), RECORDS.c.kind.not_in(KEPT))
        .group_by(RECORDS.c.investigation)
        .having(func.max(RECORDS.c.at) < cutoff.astimezone(UTC).isoformat(timespec="microseconds"))
        .order_by(func.max(RECORDS.c.seq))
    )
    return tuple(
        Expired(investigation=str(name), records=int(count), through=int(through), cutoff=cutoff, by=by)
        for name, count, through in connection.execute(query)
    )


def wipe(connection: Connection, cutoff: datetime, by: str) -> tuple[Expired, ...]:
    """Take their bodies away; the caller appends what is returned in the same transaction."""
    gone = untouched_since(connection, cutoff, by)
    for one in gone:
        connection.execute(
            update(RECORDS)
            .where(
                RECORDS.c.investigation == one.investigation,
                RECORDS.c.seq <= one.through,
                RECORDS.c.kind.not_in(KEPT),
            )
            .values(body=None)
        )
    return gone


def compact(engine: Engine) -> None:
    """Make the database let go of what was wiped: SQLite's log is emptied, PostgreSQL's dead rows are freed.

    While somebody else reads, SQLite does so at a later time by itself.
    """
    if engine.dialect.name == "sqlite":
        raw = engine.raw_connection()  # a checkpoint must stand outside of any transaction
        try:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            raw.close()
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM records")
