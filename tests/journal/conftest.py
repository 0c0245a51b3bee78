"""Each database in turn."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import create_engine
from sqlalchemy import text as sql

from sre_advisor.journal.config import DatabaseConfig
from tests.journal.events import sqlite
from tests.servers.postgresql import running_postgresql


@pytest.fixture(scope="module")
def postgresql_url() -> Iterator[str]:
    with running_postgresql() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def config(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DatabaseConfig]:
    """Each database in turn, empty."""
    if request.param == "sqlite":
        yield sqlite(tmp_path)
        return
    url: str = request.getfixturevalue("postgresql_url")
    yield DatabaseConfig(url=url, key=SecretStr("k" * 32))
    with create_engine(url).begin() as connection:
        connection.execute(sql("DROP TABLE IF EXISTS records, alembic_version"))
