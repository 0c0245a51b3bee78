"""The queue's tables: made once, by whichever replica starts first."""

from __future__ import annotations

import psycopg
from procrastinate import schema

from sre_advisor.work.contract import QueueUnavailable

_LOCK = 7_031_002
"""Any number will do, as long as every replica takes the same advisory lock."""
_NEWEST = "procrastinate_retry_job_v2"
"""The function that the oldest version we work with came with."""


async def ensure_schema(conninfo: str) -> None:
    """Make the tables unless they are there; raises QueueUnavailable."""
    try:
        async with await psycopg.AsyncConnection.connect(conninfo, connect_timeout=10) as connection:
            await connection.execute(b"SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            if not await _there(connection, b"SELECT to_regclass('procrastinate_jobs') IS NOT NULL"):
                await connection.execute(schema.SchemaManager.get_schema().encode())
            elif not await _there(connection, f"SELECT to_regproc('{_NEWEST}') IS NOT NULL".encode()):
                raise QueueUnavailable(
                    "the queue's tables in this database were made by an older procrastinate: stop all replicas, drop "
                    "everything whose name begins with procrastinate_ (open questions stay in the journal), start again"
                )
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.InvalidSchemaName):
        raise QueueUnavailable(
            "the queue's tables are not in this database and its role may not make them: as the database's owner run "
            "GRANT CREATE ON SCHEMA public TO the role of database.url, start once, and take it back"
        ) from None
    except psycopg.Error as trouble:
        words = str(trouble).strip().partition("\n")[0] or type(trouble).__name__
        raise QueueUnavailable(f"the queue's database cannot be used: {words}; check database.url") from None


async def _there(connection: psycopg.AsyncConnection[tuple[object, ...]], query: bytes) -> bool:
    row = await (await connection.execute(query)).fetchone()
    return bool(row and row[0])
