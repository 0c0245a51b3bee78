"""Slack's scopes against those the advisor needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sre_advisor.demo.local_slack import LocalSlack
from sre_advisor.demo.local_slack.nouns import AppConfig
from sre_advisor.setup.privileges.review import Access, Reviewed
from sre_advisor.setup.privileges.slack import writes
from tests.servers.recording_http import recording_server
from tests.setup.privileges.conftest import backends, grant, reviewed


async def bot(tmp_path: Path, slack: LocalSlack) -> Reviewed:
    config: dict[str, Any] = {"slack": {"api_url": slack.api_url}}
    return (await reviewed(backends(tmp_path, **config), {"SLACK_BOT_TOKEN": slack.bot_token}))["SLACK_BOT_TOKEN"]


async def test_the_scopes_it_needs_are_what_it_is_allowed(tmp_path: Path, slack: LocalSlack) -> None:
    found = await bot(tmp_path, slack)
    assert found.access is Access.READS
    assert found.may_change == "posts and updates its own messages"
    assert found.findings == ()


@pytest.mark.parametrize(
    "scope",
    ["chat:write.public", "chat:write.customize", "channels:join", "channels:manage", "admin.users:write", "pins:write",
     "usergroups:write", "admin", "users.profile:write", "incoming-webhook", "admin.conversations:write",
     "conversations.connect:write"],
)  # fmt: skip
async def test_a_scope_that_reaches_beyond_its_own_messages_writes(
    tmp_path: Path, slack: LocalSlack, scope: str
) -> None:
    grant(slack, scope)
    found = await bot(tmp_path, slack)
    assert found.stops
    assert scope in found.writes[0]
    assert scope in found.narrow[0]


@pytest.mark.parametrize("scope", ["files:read", "admin.users:read", "mpim:history", "search:read.public"])
async def test_a_scope_that_reads_more_than_is_used_is_a_finding(tmp_path: Path, slack: LocalSlack, scope: str) -> None:
    grant(slack, scope)
    found = await bot(tmp_path, slack)
    assert not found.stops
    assert any(scope in finding for finding in found.findings)


async def test_a_scope_nobody_knows_makes_it_unknown(tmp_path: Path, slack: LocalSlack) -> None:
    grant(slack, "something.new")
    assert (await bot(tmp_path, slack)).access is Access.UNKNOWN


def test_the_local_slack_grants_nothing_that_would_keep_it_from_starting() -> None:
    assert not {scope for scope in AppConfig().scopes if writes(scope)}


async def test_a_persons_token_stops_it(tmp_path: Path) -> None:
    async with recording_server() as server:
        server.body = b'{"ok": true}'
        server.headers = {"Content-Type": "application/json", "x-oauth-scopes": "chat:write"}
        config: dict[str, Any] = {"slack": {"api_url": f"{server.url}/api/"}}
        found = await reviewed(backends(tmp_path, **config), {"SLACK_BOT_TOKEN": "xoxp-" + "1" * 12})
        assert found["SLACK_BOT_TOKEN"].stops
        assert [path for _, path, _ in server.requests] == ["/api/auth.test"]


async def test_an_app_level_token_is_known_as_far_as_slack_tells(tmp_path: Path, slack: LocalSlack) -> None:
    config: dict[str, Any] = {"slack": {"api_url": slack.api_url}}
    found = (await reviewed(backends(tmp_path, **config), {"SLACK_APP_TOKEN": slack.app_token}))["SLACK_APP_TOKEN"]
    assert found.access is Access.UNKNOWN
    assert "does not say" in found.findings[0]
