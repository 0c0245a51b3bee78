"""The tables, and bringing a database to their present shape."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    insert,
    inspect,
)
from sqlalchemy import text as sql

HEAD = "0001"
"""The newest migration; see `migrations/versions`."""

METADATA = MetaData()

RECORDS = Table(
    "records",
    METADATA,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("investigation", Text, nullable=False),
    Column("question", Text),
    Column("kind", Text, nullable=False),
    Column("once", Text),
    Column("body", Text),
    Column("digest", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("mac", Text, nullable=False),
    UniqueConstraint("once", name="records_once"),
    Index("records_by_investigation", "investigation", "seq"),
    Index("records_by_kind", "kind", "seq"),
    Index("records_by_day", "kind", "at"),
)

VERSION = Table(
    "alembic_version",
    METADATA,
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""Alembic's own table, so that a database made here can be migrated later like any other."""


def current(connection: Connection) -> str | None:
    """The migration the database is at; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    row = connection.execute(sql("SELECT version_num FROM alembic_version")).first()
    return str(row[0]) if row else None


def migrate(connection: Connection) -> None:
    """Bring the database to HEAD: an empty one at once, an older one by Alembic, which takes a while to load."""
    at = current(connection)
    if at == HEAD:
        return
    if at is None and not inspect(connection).has_table(RECORDS.name):
        METADATA.create_all(connection)
        connection.execute(insert(VERSION).values(version_num=HEAD))
    else:
        upgrade(connection)


class UnknownShape(Exception):
    """The database was shaped by a version of the program that this one does not know."""


def upgrade(connection: Connection) -> None:
    """Run the migrations that this database has not seen, in their order."""
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError:
        raise UnknownShape(f"its shape {current(connection)!r} is not known to this version of the program") from None
