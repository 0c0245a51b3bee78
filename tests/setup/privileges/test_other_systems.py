"""Prometheus, Alertmanager, mirrors, the model's key and the database, each asked without a write."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy import text as sql

from sre_advisor.connectors.prometheus.config import PrometheusConfig
from sre_advisor.connectors.prometheus.flags import read_flags
from sre_advisor.setup.privileges.review import Access, Reviewed
from tests.servers.alertmanager import running_alertmanager
from tests.servers.postgresql import running_postgresql
from tests.servers.prometheus import running_prometheus
from tests.servers.recording_http import RecordingServer, recording_server
from tests.setup.conftest import repository
from tests.setup.privileges.conftest import backends, reviewed


@pytest.fixture
async def recorder() -> AsyncIterator[RecordingServer]:
    async with recording_server() as server:
        yield server


async def prometheus(tmp_path: Path, recorder: RecordingServer, **flags: str) -> Reviewed:
    off = {"web.enable-admin-api": "false", "web.enable-lifecycle": "false"}
    told = off | {name.replace("_", "-").replace("web-", "web."): value for name, value in flags.items()}
    recorder.body = json.dumps({"status": "success", "data": told}).encode()
    found = await reviewed(backends(tmp_path, prometheus={"url": recorder.url}))
    assert {method for method, _, _ in recorder.requests} == {"GET"}
    return found["prometheus (no credential)"]


async def test_a_prometheus_without_open_endpoints_only_reads(tmp_path: Path, recorder: RecordingServer) -> None:
    found = await prometheus(tmp_path, recorder)
    assert (found.access, found.findings) == (Access.READS, ())


@pytest.mark.parametrize("flag", ["web_enable_admin_api", "web_enable_lifecycle", "web_enable_remote_write_receiver"])
async def test_an_open_endpoint_of_prometheus_is_a_finding_and_no_stop(
    tmp_path: Path, recorder: RecordingServer, flag: str
) -> None:
    found = await prometheus(tmp_path, recorder, **{flag: "true"})
    assert found.access is Access.UNKNOWN
    assert not found.stops
    assert "anybody who reaches it" in found.findings[0]


async def test_a_token_that_prometheus_does_not_check_is_told(
    tmp_path: Path, recorder: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_METRICS", "s3" * 10)
    flags = {"web.enable-admin-api": "false", "web.enable-lifecycle": "false"}
    recorder.body = json.dumps({"status": "success", "data": flags}).encode()
    config = {"url": recorder.url, "token_env": "SHOP_METRICS"}
    found = (await reviewed(backends(tmp_path, prometheus=config)))["SHOP_METRICS"]
    assert found.source == "environment variable SHOP_METRICS"
    assert {"the credential travels without TLS: use https"} < set(found.findings)
    assert any("without the credential too" in finding for finding in found.findings)
    assert "s3s3" not in repr(found)


async def test_an_open_alertmanager_is_a_finding_and_no_stop(tmp_path: Path, recorder: RecordingServer) -> None:
    recorder.body = b'{"versionInfo": {}}'
    found = (await reviewed(backends(tmp_path, alertmanager={"url": recorder.url})))["alertmanager (no credential)"]
    assert found.access is Access.UNKNOWN
    assert "without authentication" in found.findings[0]
    assert [(method, path) for method, path, _ in recorder.requests] == [("GET", "/api/v2/status")]


async def test_real_servers_answer_the_review(tmp_path: Path) -> None:
    async with (
        running_alertmanager([]) as alertmanager,
        running_prometheus("# EOF\n", None, alertmanager.url) as prometheus,
    ):
        assert "web.enable-admin-api" in await read_flags(PrometheusConfig(url=prometheus.url))
        config: dict[str, Any] = {"prometheus": {"url": prometheus.url}, "alertmanager": {"url": alertmanager.url}}
        found = await reviewed(backends(tmp_path, **config))
    assert found["prometheus (no credential)"].reads
    assert "without authentication" in found["alertmanager (no credential)"].findings[0]


async def test_a_credential_in_a_mirrors_remote_is_found_and_not_repeated(tmp_path: Path) -> None:
    shop, secret = repository(tmp_path / "shop", {"a": "b"}), "hunter" + "2" * 6
    config = {"git": {"repositories": [{"name": "shop", "path": str(shop)}]}}
    clean = (await reviewed(backends(tmp_path, **config)))["git.repositories shop (no credential)"]
    assert clean.access is Access.READS
    with (shop / ".git/config").open("a") as file:
        file.write(f'[remote "origin"]\n\turl = https://bot:{secret}@git.example/shop.git\n')
    found = (await reviewed(backends(tmp_path, **config)))["git.repositories shop (no credential)"]
    assert found.access is Access.UNKNOWN
    assert any("git.example" in finding for finding in found.findings)
    assert secret not in repr(found)


@pytest.mark.parametrize(("kind", "expected"), [("api03", Access.READS), ("admin01", Access.WRITES)])
async def test_the_models_key_only_asks_unless_it_is_an_administrators(
    tmp_path: Path, kind: str, expected: Access
) -> None:
    found = await reviewed(backends(tmp_path), {"ANTHROPIC_API_KEY": f"sk-ant-{kind}-" + "x" * 20})
    assert found["ANTHROPIC_API_KEY"].access is expected


async def test_a_journal_or_key_that_others_can_read_is_a_finding(tmp_path: Path) -> None:
    for name in ("journal.db", "journal.db.key"):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(0o644)
    found = await reviewed(backends(tmp_path))
    assert "everybody" in found["database"].findings[0]
    assert "everybody" in found["journal key"].findings[0]
    for name in ("journal.db", "journal.db.key"):
        (tmp_path / name).chmod(0o600)
    found = await reviewed(backends(tmp_path))
    assert (found["database"].findings, found["journal key"].findings) == ((), ())


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running_postgresql() as url:
        yield url


def execute(url: str, *statements: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(sql(statement))
    engine.dispose()


async def role(url: str) -> Reviewed:
    return (await reviewed({"database": {"url": url, "key_file": "no-such-key"}}))["database"]


async def test_a_role_with_its_own_database_only_is_what_it_should_be(server: str) -> None:
    execute(server, "CREATE ROLE plain LOGIN", "CREATE DATABASE plain OWNER plain")
    found = await role(server.replace("advisor@", "plain@").replace("/postgres", "/plain"))
    assert (found.access, found.findings, found.writes) == (Access.READS, (), ())


async def test_a_role_that_may_write_anothers_table_stops_it(server: str) -> None:
    execute(server, "CREATE ROLE sharing LOGIN", "CREATE DATABASE sharing OWNER sharing")
    base = server.replace("/postgres", "/sharing")
    execute(
        base, "CREATE SCHEMA billing", "CREATE TABLE billing.invoices (id int)",
        "CREATE TABLE billing.read_only (id int)",
        "GRANT USAGE ON SCHEMA billing TO sharing", "GRANT SELECT ON billing.read_only TO sharing",
        "GRANT UPDATE ON billing.invoices TO sharing", "ALTER ROLE sharing CREATEDB",
    )  # fmt: skip
    found = await role(base.replace("advisor@", "sharing@"))
    assert found.stops
    assert found.writes == ("table billing.invoices",)
    assert any("createdb" in finding for finding in found.findings)


async def test_a_superuser_on_a_server_that_others_use_stops_it(server: str) -> None:
    execute(server, "CREATE DATABASE orders")
    found = await role(server)
    assert found.stops
    assert "database orders" in found.writes
    assert "superuser" in found.findings[0]


async def test_a_member_of_a_role_that_writes_everywhere_stops_it(server: str) -> None:
    execute(server, "CREATE ROLE wide LOGIN", "CREATE DATABASE wide OWNER wide", "GRANT pg_write_server_files TO wide")
    found = await role(server.replace("advisor@", "wide@").replace("/postgres", "/wide"))
    assert found.stops
    assert "pg_write_server_files" in found.writes[0]


async def test_a_database_that_cannot_be_reached_is_a_finding() -> None:
    found = await role("postgresql+psycopg://advisor@127.0.0.1:9/postgres")
    assert not found.stops
    assert "could not be asked" in found.findings[0]
