"""The records as they lie in the table, oldest first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from sre_advisor.journal.chain import Record
from sre_advisor.journal.schema import RECORDS


def records(connection: Connection, *which: ColumnElement[bool]) -> Iterator[Record]:
    """The records, oldest first, read a thousand at a time."""
    columns = (RECORDS.c[name] for name in Record.__dataclass_fields__)
    query = select(*columns).where(*which).order_by(RECORDS.c.seq)
    for row in connection.execution_options(yield_per=1000).execute(query):
        yield Record(row[0], *map(_text, row[1:]))


def _text(value: object) -> Any:
    """SQLite keeps anything in any column; what is no text was not written here and will not verify."""
    return value if isinstance(value, str | None) else repr(value)
