"""A new database and one that went through every migration are the same."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, inspect
from sqlalchemy import text as sql

from sre_advisor.journal.schema import HEAD, METADATA, UnknownShape, current, migrate, upgrade


def shape(engine: Engine) -> dict[str, object]:
    """Tables with their columns, keys and indexes, and the version they are said to be at."""
    with engine.connect() as connection:
        found = inspect(connection)
        tables = {
            table: (
                [(c["name"], str(c["type"]), c["nullable"], c["default"]) for c in found.get_columns(table)],
                found.get_pk_constraint(table),
                found.get_unique_constraints(table),
                sorted((str(i["name"]), i["column_names"], i["unique"]) for i in found.get_indexes(table)),
            )
            for table in found.get_table_names()
        }
        return {"at": current(connection), **tables}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_new_database_has_the_shape_that_all_migrations_lead_to(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if kind == "sqlite":
        made, migrated = (create_engine(f"sqlite:///{tmp_path}/{name}.db") for name in ("made", "migrated"))
    else:
        url: str = request.getfixturevalue("postgresql_url")
        made = migrated = create_engine(url)
    with made.begin() as connection:
        migrate(connection)
    shape_made = shape(made)
    if kind == "postgresql":
        with made.begin() as connection:
            METADATA.drop_all(connection)
    with migrated.begin() as connection:
        upgrade(connection)
    assert shape(migrated) == shape_made
    assert shape_made["at"] == HEAD


async def test_a_database_of_a_version_nobody_knows_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/journal.db")
    with engine.begin() as connection:
        migrate(connection)
        connection.execute(sql("UPDATE alembic_version SET version_num = 'later'"))
    before = shape(engine)
    with pytest.raises(UnknownShape, match="later"), engine.begin() as connection:
        migrate(connection)
    assert shape(engine) == before
