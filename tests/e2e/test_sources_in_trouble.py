"""Every live source in trouble at once: the thread in Slack names each of them, and still gets its answer."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sre_advisor.app.assembly import assembled
from sre_advisor.app.serve import slack_service
from sre_advisor.broker.policy import policy_for
from sre_advisor.credentials import Credentials
from sre_advisor.demo.local_slack import LocalSlack
from sre_advisor.settings import load_settings
from tests.e2e.conftest import SHORT, Stage
from tests.servers.processes import free_port
from tests.servers.recording_http import recording_server

DEADLINE_S = 2.0
TOKENS = {"GITHUB_TOKEN": "github_" + "x" * 20}
MUCH = pytest.param("10 MB", marks=pytest.mark.alone)  # reading it takes long, and the others' answers are waited for
FAULTS = ("down", "slow", "empty", "500", "garbage", MUCH)


def one_alert() -> bytes:
    began = datetime.now(UTC) - timedelta(minutes=5)
    labels = {"alertname": "ShopErrors", "service": "shop", "severity": "critical"}
    alert = {"labels": labels, "annotations": {}, "startsAt": began.isoformat(), "status": {"state": "active"}}
    return json.dumps([alert]).encode()


@asynccontextmanager
async def behaving(fault: str, empty: bytes) -> AsyncGenerator[str]:
    """The address of an HTTP source in this trouble."""
    if fault == "down":
        yield f"http://127.0.0.1:{free_port()}"
        return
    async with recording_server() as server:
        server.delay_s = 10 * DEADLINE_S if fault == "slow" else 0
        server.status = 500 if fault == "500" else 200
        big = json.dumps({"status": "success", "data": ["x" * 10_000_000]}).encode()
        server.body = {"empty": empty, "garbage": b"\xff\xfe<html>{{{", "10 MB": big}.get(fault, b"no")
        yield server.url


def folder_in(fault: str, folder: Path, name: str) -> Path:
    """A folder in this trouble, as far as folders know it; otherwise one that holds nothing."""
    if fault != "down":
        folder.mkdir()
    if fault == "garbage":
        (folder / name).write_bytes(b"\xff\x00\xfe# \x00" * 1000)
    if fault == "10 MB":
        (folder / name).write_bytes(b"# A\n\nword " * 1_000_000)
    return folder


@asynccontextmanager
async def live_stage(folder: Path, slack: LocalSlack, sources: dict[str, Any]) -> AsyncGenerator[Stage]:
    policy = folder / "policy.yaml"
    policy.write_text(policy_for(slack.state.channel("incidents").id, "incidents"))
    settings = load_settings(
        None,
        {
            "slack": {"api_url": slack.api_url, "connections": 1, "grace_s": 1},
            "database": {"url": f"sqlite:///{folder}/journal.db"},
            "log": {"level": "error"},
            "policy": {"file": str(policy)},
            "first_look": {"deadline_s": DEADLINE_S},
        }
        | sources,
    )
    tokens = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token}
    async with (
        assembled(settings, Credentials(TOKENS | tokens), None) as parts,
        slack_service(parts, SHORT) as service,
    ):
        yield Stage(slack, parts, service)


@pytest.mark.parametrize("fault", FAULTS)
async def test_what_cannot_be_read_is_named_in_the_thread_and_the_alert_stands(
    fault: str, tmp_path: Path, slack: LocalSlack
) -> None:
    async with (
        behaving(fault, b'{"status":"success","data":[]}') as metrics,
        behaving(fault, b"[]") as github,
        recording_server() as alerts,
    ):
        alerts.body = one_alert()
        sources: dict[str, Any] = {
            "prometheus": {"url": metrics},
            "alertmanager": {"url": alerts.url},
            "github": {"base_url": github, "repositories": ["acme/shop"]},
            "docs": {"folders": [{"name": "books", "path": str(folder_in(fault, tmp_path / "docs", "a.md"))}]},
            "git": {"repositories": [{"name": "shop", "path": str(folder_in(fault, tmp_path / "shop", "HEAD"))}]},
        }
        async with live_stage(tmp_path, slack, sources) as on_stage:
            ts = await on_stage.ask("@advisor why is shop failing?")
            await on_stage.answered(ts)
            text = on_stage.read(ts)
            (look,) = await on_stage.parts.journal.of_kinds("first_look_made")
    assert "ShopErrors" in text
    said = " ".join(line.text for line in look.first_look.unread)  # type: ignore[union-attr]  # of_kinds gives the union
    # No deploy and no merge in a repository that answers is an answer; all else is not.
    for source in ("prometheus", "docs", "git", *(() if fault == "empty" else ("github",))):
        assert f"{source} could not" in said or f"{source} holds" in said or f"{source} was read in part" in said
        assert source in text.casefold()
    assert "healthy" not in text.casefold()


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault != "empty"])
async def test_alerts_that_cannot_be_read_are_named_and_never_told_as_silence(
    fault: str, tmp_path: Path, slack: LocalSlack
) -> None:
    async with (
        behaving(fault, b"[]") as alerts,
        live_stage(tmp_path, slack, {"alertmanager": {"url": alerts}}) as on_stage,
    ):
        ts = await on_stage.ask("@advisor why is shop failing?")
        await on_stage.answered(ts)
        text = on_stage.read(ts)
    assert "alertmanager could not be read" in text
    assert "no alert fires" not in text.casefold()
    assert "nothing stands out" not in text.casefold()
