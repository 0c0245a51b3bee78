"""The journal's database and key: its own, and nothing beside."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from sre_advisor.journal.config import DatabaseConfig
from sre_advisor.journal.role import Role, read_role
from sre_advisor.settings import PREFIX, Settings
from sre_advisor.setup.privileges.files import exposed
from sre_advisor.setup.privileges.review import Access, Question, Reviewed

ALLOWED = "adds records to its own database"
REACHING_OUT = frozenset({"pg_write_all_data", "pg_execute_server_program", "pg_write_server_files"})
"""Built-in roles whose members write outside what they own."""
SHOWN = 5


def questions(settings: Settings) -> list[Question]:
    """The database and the key that authenticates its records."""
    return [_database(settings.database), _key(settings.database)]


def _database(config: DatabaseConfig) -> Question:
    variable = f"{PREFIX}DATABASE__URL"
    known = Reviewed(
        credential="database",
        system="database",
        source=f"environment variable {variable}" if os.environ.get(variable) else "database.url of the settings",
        reads=("the journal",),
        may_change=ALLOWED,
        worst="spoils its own record; `audit verify` finds what was altered",
    )
    file = sqlite_file(config.url)

    async def ask(known: Reviewed) -> Reviewed:
        if config.url.startswith("sqlite"):
            return await asyncio.to_thread(_sqlite, known, file)
        return judged(known, await read_role(config))

    return Question(known, ask)


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite database; None for another one, or one in memory."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return None
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        return None
    return Path(parsed.database)


def _sqlite(known: Reviewed, file: Path | None) -> Reviewed:
    findings = exposed(file, "the database") if file else ()
    return replace(known, access=Access.READS, findings=findings)


def judged(known: Reviewed, role: Role) -> Reviewed:
    """The review by the catalogue; a superuser alone on its server has nothing else to write, which is still too much.

    Stops for what is really there and not the advisor's: tables, other databases, roles that reach out of the database.
    """
    writes = tuple(f"table {name}" for name in role.tables)
    if role.superuser:
        writes += tuple(f"database {name}" for name in role.databases)
    else:
        writes += tuple(f"whatever the role {name} may" for name in role.member_of if name in REACHING_OUT)
    findings = _findings(role)
    access = Access.WRITES if writes else Access.UNKNOWN if role.superuser or "createrole" in role.attributes else None
    return replace(
        known,
        access=access or Access.READS,
        writes=writes,
        findings=known.findings + findings,
        worst=f"changes {_some(writes)}" if writes else known.worst,
        narrow=("use a role without attributes that owns only the advisor's database",) if writes or findings else (),
    )


def _findings(role: Role) -> tuple[str, ...]:
    found: list[str] = []
    if role.superuser:
        found.append(f"the role {role.name} is a superuser: it may do everything on this server, also run programs")
    else:
        found += [f"the role {role.name} has the attribute {word}" for word in role.attributes]
        if role.member_of:
            found.append(f"the role {role.name} is a member of {_some(role.member_of)}")
        if role.schemas:
            found.append(f"the role {role.name} may create tables in the schemas {_some(role.schemas)}")
    return tuple(found)


def _some(names: tuple[str, ...]) -> str:
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def _key(config: DatabaseConfig) -> Question:
    database = sqlite_file(config.url)
    file = config.key_file or (Path(f"{database}.key") if database else None)
    variable = f"{PREFIX}DATABASE__KEY"
    known = Reviewed(
        credential="journal key",
        system="database",
        source=f"environment variable {variable}" if config.key else f"file {file}" if file else "not set",
        access=Access.READS,
        worst="forges records that `audit verify` accepts, if its holder can also write the database",
        narrow=("keep the chain's head on another machine (database.head_file), so that a forged past shows",),
    )

    async def ask(known: Reviewed) -> Reviewed:
        if config.key or file is None:
            return known
        findings = await asyncio.to_thread(exposed, file, "the journal's key")
        return known.noting(*findings)

    return Question(known, ask)
