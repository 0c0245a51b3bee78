"""The doctor says what works, what does not, and what to do."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from sre_advisor.app.backends import live_connectors
from sre_advisor.broker.policy import policy_for
from sre_advisor.cli import app
from sre_advisor.credentials import Credentials
from sre_advisor.demo.local_slack import LocalSlack
from sre_advisor.journal.store import Journal
from sre_advisor.settings import load_settings
from sre_advisor.setup.checkup import Check, State, tried
from sre_advisor.setup.doctor import check_all
from tests.setup.conftest import repository
from tests.standins.model_server import ModelServer


async def checked(
    config: Mapping[str, Any], environment: Mapping[str, str] | None = None, deadline_s: float = 10
) -> dict[str, Check]:
    checks = await check_all(load_settings(None, config), Credentials(environment or {}), live_connectors, deadline_s)
    return {check.name: check for check in checks}


def tokens(slack: LocalSlack) -> dict[str, str]:
    return {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token}


async def test_what_is_not_configured_is_no_fault_and_names_the_key_to_set(tmp_path: Path) -> None:
    found = await checked({"database": {"url": f"sqlite:///{tmp_path}/journal.db"}})
    database = found.pop("database")
    assert database.state is State.OK
    assert not (tmp_path / "journal.db").exists()
    assert {check.state for check in found.values()} == {State.NOT_CONFIGURED}
    assert "prometheus.url" in found["prometheus"].advice
    assert "ANTHROPIC_API_KEY" in found["model"].advice
    assert "SLACK_BOT_TOKEN" in found["slack bot token"].advice


async def test_a_journal_that_was_there_and_is_gone_is_a_fault_and_not_a_new_beginning(tmp_path: Path) -> None:
    settings = load_settings(None, {"database": {"url": f"sqlite:///{tmp_path}/journal.db"}})
    async with await Journal.open(settings.database, lambda value: value):
        (tmp_path / "journal.db").unlink()
        database = (await checked({"database": {"url": f"sqlite:///{tmp_path}/journal.db"}}))["database"]
    assert database.state is State.MISCONFIGURED
    assert "journal.db is gone" in database.detail
    assert "restore a backup" in database.advice
    assert not (tmp_path / "journal.db").exists()


@pytest.mark.alone
async def test_backends_that_hang_or_refuse_hold_nobody_else_up(tmp_path: Path) -> None:
    async def hang(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    shop = repository(tmp_path / "shop", {"a": "b"})
    began = time.monotonic()
    found = await checked(
        {
            "prometheus": {"url": "http://127.0.0.1:9"},
            "alertmanager": {"url": f"http://127.0.0.1:{port}"},
            "git": {"repositories": [{"name": "shop", "path": str(shop)}]},
            "docs": {"folders": [{"name": "docs", "path": str(tmp_path / "gone")}]},
            "database": {"url": f"sqlite:///{tmp_path}/journal.db"},
        },
        deadline_s=1.0,
    )
    assert time.monotonic() - began < 5
    server.close()
    assert found["prometheus"].state is State.UNREACHABLE
    assert found["alertmanager"].state is State.UNREACHABLE
    assert "no answer within 1 s" in found["alertmanager"].detail
    assert found["git"].state is State.OK
    assert found["git program"].detail.startswith("version 2.")
    assert found["docs"].state is State.MISCONFIGURED


async def test_slack_is_tried_with_both_tokens_scopes_and_channels(slack: LocalSlack, tmp_path: Path) -> None:
    inside, outside = slack.state.channel("incidents"), slack.state.add_channel("secluded", members=set())
    slack.state.config = replace(slack.state.config, scopes=slack.state.config.scopes | {"channels:read"})
    config = {
        "slack": {"api_url": slack.api_url, "channels": [inside.id, outside.id, "C0NOWHERE"]},
        "database": {"url": f"sqlite:///{tmp_path}/journal.db"},
    }
    found = await checked(config, tokens(slack))
    assert found["slack bot token"].state is State.OK
    assert found["slack app token"].state is State.OK
    assert found["slack scopes"].state is State.OK
    assert found[f"slack channel {inside.id}"].state is State.OK
    assert "invite" in found[f"slack channel {outside.id}"].advice
    assert found["slack channel C0NOWHERE"].state is State.MISCONFIGURED


async def test_missing_scopes_are_named_with_what_does_not_work_without_them(slack: LocalSlack) -> None:
    scopes = slack.state.config.scopes - {"files:write", "im:history", "channels:read", "groups:read"}
    slack.state.config = replace(slack.state.config, scopes=frozenset(scopes))
    channel = slack.state.channel("incidents").id
    found = await checked({"slack": {"api_url": slack.api_url, "channels": [channel]}}, tokens(slack))
    assert found["slack scopes"].state is State.MISCONFIGURED
    assert "files:write (the first look comes without its chart)" in found["slack scopes"].detail
    assert "im:history" not in found["slack scopes"].detail, "only a policy that allows direct messages needs it"
    assert found[f"slack channel {channel}"].state is State.NOT_CHECKED
    assert "channels:read" in found[f"slack channel {channel}"].detail


async def test_a_refused_token_and_a_forgotten_one_are_told_apart(slack: LocalSlack) -> None:
    wrong = "xoxb-" + "9" * 12
    found = await checked({"slack": {"api_url": slack.api_url}}, {"SLACK_BOT_TOKEN": wrong})
    assert found["slack bot token"].state is State.UNAUTHORISED
    assert found["slack app token"].state is State.MISCONFIGURED
    assert "SLACK_APP_TOKEN is not set" in found["slack app token"].detail
    assert wrong not in repr(found)


async def test_the_model_is_asked_about_for_free(tmp_path: Path) -> None:
    async with ModelServer([], lifecycle="deprecated") as server:
        config = {"model": {"base_url": server.url}, "database": {"url": f"sqlite:///{tmp_path}/j.db"}}
        good = (await checked(config, {"ANTHROPIC_API_KEY": server.api_key}))["model"]
        bad = (await checked(config, {"ANTHROPIC_API_KEY": "sk-" + "wrong" * 3}))["model"]
        server.lifecycle = "retired"
        gone = (await checked(config, {"ANTHROPIC_API_KEY": server.api_key}))["model"]
        assert {request.path for request in server.requests} == {"/v1/models/claude-sonnet-5-5"}, "only what is free"
    assert good.state is State.OK
    assert "deprecated" in good.detail
    assert bad.state is State.UNAUTHORISED
    assert gone.state is State.MISCONFIGURED
    away = (await checked(config, {"ANTHROPIC_API_KEY": server.api_key}))["model"]
    assert away.state is State.UNREACHABLE


async def test_a_changed_record_and_a_folder_that_is_none_are_found(tmp_path: Path) -> None:
    import sqlite3

    from sre_advisor.journal.events import QuestionStarted

    settings = load_settings(None, {"database": {"url": f"sqlite:///{tmp_path}/j.db"}})
    async with await Journal.open(settings.database, lambda value: value) as journal:
        await journal.append(QuestionStarted(investigation="i", question="q", advisor="offline"))
    config = {"database": {"url": f"sqlite:///{tmp_path}/j.db"}}
    assert "1 records" in (await checked(config))["database"].detail
    with sqlite3.connect(tmp_path / "j.db") as raw:
        raw.execute("DROP TRIGGER IF EXISTS records_keep")
        raw.execute("UPDATE records SET body = replace(body, 'offline', 'claude')")
    assert (await checked(config))["database"].state is State.MISCONFIGURED
    (tmp_path / "file").write_text("no database" * 100)
    assert (await checked({"database": {"url": f"sqlite:///{tmp_path}/file"}}))["database"].state is State.UNREACHABLE


async def test_a_check_that_breaks_is_told_as_such_and_hides_no_other() -> None:
    async def broken() -> Sequence[Check]:
        raise httpx.InvalidURL("http://user:" + "hunter2" + "@x")

    (check,) = await tried("thing", broken)
    assert check.state is State.MISCONFIGURED
    assert "hunter2" not in repr(check)


def test_the_exit_code_tells_whether_everything_works(tmp_path: Path) -> None:
    file = tmp_path / "advisor.yaml"
    file.write_text(f"database: {{url: 'sqlite:///{tmp_path}/j.db'}}\n")
    good = CliRunner().invoke(app, ["--config", str(file), "doctor"])
    assert good.exit_code == 0, good.output
    assert "Everything that is configured works" in good.output

    file.write_text(f"prometheus: {{url: 'http://127.0.0.1:9'}}\ndatabase: {{url: 'sqlite:///{tmp_path}/j.db'}}\n")
    bad = CliRunner().invoke(app, ["doctor", "--json", "--config", str(file)])
    told = json.loads(bad.stdout)
    assert bad.exit_code == 1
    assert told["ok"] is False
    assert next(c for c in told["checks"] if c["name"] == "prometheus")["state"] == "unreachable"

    file.write_text("promethius: {}\n")
    wrong = CliRunner().invoke(app, ["doctor", "--config", str(file)])
    assert wrong.exit_code == 2
    assert "promethius" in wrong.output


async def test_an_app_made_for_mentions_only_is_well_and_told_what_it_does_without(slack: LocalSlack) -> None:
    least = frozenset({"app_mentions:read", "chat:write", "users:read"})
    slack.state.config = replace(slack.state.config, scopes=least)
    found = await checked({"slack": {"api_url": slack.api_url}}, tokens(slack))
    assert found["slack scopes"].state is State.OK
    assert "channels:history (follow-ups" in found["slack scopes"].detail


@pytest.mark.parametrize(
    ("policy", "environment", "state", "words"),
    [
        (None, {}, State.NOT_CONFIGURED, "nobody in Slack may ask"),
        (None, {"SLACK_BOT_TOKEN": "xoxb-" + "1" * 12}, State.MISCONFIGURED, "nobody in Slack may ask"),
        (policy_for("C0A1", "ops"), {}, State.OK, "channels: 1"),
        ("who: {al: true}", {}, State.MISCONFIGURED, "who.al: no such key"),
        ("channels: {C0A1: {services: [shopp, shop]}}", {}, State.MISCONFIGURED, "channels.C0A1.services: shopp"),
        ("channels: {C0A1: {docs: [books]}}", {}, State.MISCONFIGURED, "channels.C0A1.docs: books"),
    ],
)
async def test_the_policy_is_looked_at_like_everything_else(
    tmp_path: Path, policy: str | None, environment: dict[str, str], state: State, words: str
) -> None:
    config: dict[str, Any] = {"services": [{"name": "shop"}], "slack": {"api_url": "http://127.0.0.1:9/api/"}}
    if policy is not None:
        (tmp_path / "policy.yaml").write_text(policy)
        config["policy"] = {"file": str(tmp_path / "policy.yaml")}
    check = (await checked(config, environment))["policy"]
    assert check.state is state
    assert words in check.detail
    assert check.fine or check.advice
