"""What each record says was used, read from the database without reading whole records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ColumnElement, Connection, and_, cast, func, or_, select, type_coerce

from sre_advisor.journal.schema import RECORDS

ASKED, REFUSED = "question_asked", "question_refused"
_USED = ("tool_called", "model_turned", REFUSED)
_TOKENS = ("input_tokens", "cache_write_tokens", "cache_read_tokens", "output_tokens")


@dataclass(frozen=True, slots=True)
class Spent:
    """One record's share; `at` as stored. Which fields count depends on `kind`."""

    seq: int
    at: str
    kind: str
    question: str | None
    asker: str | None = None
    channel: str | None = None
    source: str | None = None
    calls: int = 0
    bytes: int = 0
    rows: int = 0
    query_cost: int = 0
    tokens: int = 0
    usd: float = 0.0


def spent_since(connection: Connection, since: datetime, after: int) -> tuple[Spent, ...]:
    """The records from `since` on, numbered above `after`; questions a day further back, since they may still run."""
    body = _body(connection.dialect.name)
    counted = [func.coalesce(body["detail", name].as_integer(), 0) for name in _TOKENS]
    tokens: ColumnElement[Any] = counted[0] + counted[1] + counted[2] + counted[3]
    query = (
        select(
            RECORDS.c.seq,
            RECORDS.c.at,
            RECORDS.c.kind,
            RECORDS.c.question,
            body["asked", "asker"].as_string(),
            body["asked", "channel"].as_string(),
            body["evidence", "source"].as_string(),
            *(func.coalesce(body[name].as_integer(), 0) for name in ("calls", "bytes", "rows", "query_cost")),
            tokens,
            func.coalesce(body["detail", "cost_usd"].as_float(), 0.0),
        )
        .where(
            RECORDS.c.seq > after,
            or_(
                and_(RECORDS.c.kind.in_(_USED), RECORDS.c.at >= _stored(since)),
                and_(RECORDS.c.kind == ASKED, RECORDS.c.at >= _stored(since - timedelta(days=1))),
            ),
        )
        .order_by(RECORDS.c.seq)
    )
    return tuple(Spent(*row) for row in connection.execute(query))


def _body(dialect: str) -> ColumnElement[Any]:
    """The record's JSON; PostgreSQL has to be told that the text is JSON, SQLite reads it as it is."""
    return cast(RECORDS.c.body, JSON) if dialect == "postgresql" else type_coerce(RECORDS.c.body, JSON)


def _stored(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
