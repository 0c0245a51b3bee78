"""What the database role may do beside keeping the record, from PostgreSQL's own catalogue; nothing is written."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from sqlalchemy import Connection, create_engine
from sqlalchemy import text as sql
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from sre_advisor.journal.config import DatabaseConfig
from sre_advisor.journal.schema import METADATA
from sre_advisor.journal.trouble import JournalUnavailable

TIMEOUT_S = 4
OWN_TABLES = (*METADATA.tables, "alembic_version")
OWN_PREFIX = "procrastinate"
"""The queue's tables, in the same database."""

_ROLE = """
SELECT rolname, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls
FROM pg_roles WHERE rolname = current_user"""
_MEMBER = """
SELECT rolname FROM pg_roles
WHERE rolname NOT IN (current_user, 'pg_database_owner')
  AND pg_has_role(current_user, oid, 'MEMBER') ORDER BY rolname LIMIT 100"""
_TABLES = """
SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT (n.nspname = current_schema() AND (c.relname = ANY(:own) OR c.relname LIKE :prefix || '%'))
  AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
ORDER BY 1 LIMIT 100"""
_SCHEMAS = """
SELECT nspname FROM pg_namespace
WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', current_schema())
  AND has_schema_privilege(oid, 'CREATE') ORDER BY 1 LIMIT 100"""
_DATABASES = """
SELECT datname FROM pg_database
WHERE NOT datistemplate AND datallowconn AND datname NOT IN (current_database(), 'postgres') ORDER BY 1 LIMIT 100"""


@dataclass(frozen=True, slots=True)
class Role:
    """The role's attributes, the roles it is a member of, and what is there beside the advisor's own tables.

    `tables` and `schemas` are what it may write; `databases` are the server's others, which a superuser may write.
    """

    name: str
    superuser: bool
    attributes: tuple[str, ...]
    member_of: tuple[str, ...]
    tables: tuple[str, ...]
    schemas: tuple[str, ...]
    databases: tuple[str, ...]


async def read_role(config: DatabaseConfig) -> Role:
    """What the configured PostgreSQL role may do; raises JournalUnavailable."""
    return await asyncio.to_thread(_read, config.url)


def _read(url: str) -> Role:
    try:
        # Read-only for the whole session: PostgreSQL itself refuses a write here.
        options = f"-c default_transaction_read_only=on -c statement_timeout={TIMEOUT_S * 1000}"
        engine = create_engine(url, connect_args={"connect_timeout": TIMEOUT_S, "options": options})
        try:
            with engine.connect() as connection:
                return _asked(connection)
        finally:
            engine.dispose()
    except (ArgumentError, SQLAlchemyError) as error:
        raise JournalUnavailable(
            f"the database's catalogue cannot be read ({type(error).__name__}): check database.url and that it runs"
        ) from None


def _asked(connection: Connection) -> Role:
    row = connection.execute(sql(_ROLE)).one()
    words = ("createdb", "createrole", "replication", "bypassrls")
    own = {"own": list(OWN_TABLES), "prefix": OWN_PREFIX}

    def names(query: str, **values: object) -> tuple[str, ...]:
        return tuple(str(name) for name in connection.execute(sql(query), values).scalars())

    return Role(
        name=str(row[0]),
        superuser=bool(row[1]),
        attributes=tuple(word for word, given in zip(words, row[2:], strict=True) if given),
        member_of=names(_MEMBER),
        tables=names(_TABLES, **own),
        schemas=names(_SCHEMAS),
        databases=names(_DATABASES),
    )
