"""Health, readiness, metrics, and Slack's events over HTTP: signed, fresh, stored before they are acknowledged."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import sqlite3
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from sre_advisor.app.serve import endpoints
from sre_advisor.demo.local_slack import LocalSlack
from sre_advisor.settings import SettingsError, load_settings
from tests.e2e.conftest import Stage, stage

SECRET = "a" * 32
ANY = {"http": {"listen": "127.0.0.1:0"}}


@asynccontextmanager
async def serving(folder: Path, mode: str = "socket") -> AsyncGenerator[tuple[Stage, httpx.AsyncClient]]:
    slack = LocalSlack()
    await slack.start()
    settings = {"api_url": slack.api_url, "connections": 1, "grace_s": 1, "mode": mode}
    try:
        async with (
            stage(folder, slack, {"SLACK_SIGNING_SECRET": SECRET}, slack=settings, **ANY) as on,
            endpoints(on.parts, on.service) as port,
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=10) as client,
        ):
            yield on, client
    finally:
        await slack.stop()


async def mention(on: Stage) -> tuple[str, bytes]:
    """A question in the local Slack, and the event that Slack would send for it."""
    state = on.slack.state
    posted = await state.person_types("incidents", "@advisor why is shop failing?")
    event = {
        "type": "app_mention", "user": posted.user, "text": posted.text, "ts": posted.ts, "channel": posted.channel,
        "channel_type": "channel", "team": state.team.id,
    }  # fmt: skip
    body = {"type": "event_callback", "team_id": state.team.id, "event_id": "Ev1", "event": event}
    return posted.ts, json.dumps(body).encode()


def signed(body: bytes, secret: str = SECRET, age_s: float = 0, retry: str = "0") -> dict[str, str]:
    at = str(int(time.time() - age_s))
    digest = hmac.new(secret.encode(), b"v0:" + at.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {
        "content-type": "application/json", "x-slack-request-timestamp": at, "x-slack-signature": f"v0={digest}",
        "x-slack-retry-num": retry,
    }  # fmt: skip


async def send(client: httpx.AsyncClient, body: bytes, headers: dict[str, str]) -> int:
    return (await client.post("/slack/events", content=body, headers=headers)).status_code


async def test_it_lives_and_is_ready_while_slack_and_journal_can_be_reached(tmp_path: Path) -> None:
    async with serving(tmp_path) as (_, client):
        assert (await client.get("/healthz")).status_code == 200
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()) == (200, {"journal": True, "slack": True, "stopping": False})


async def test_without_its_journal_it_lives_but_is_not_ready(tmp_path: Path) -> None:
    async with serving(tmp_path) as (_, client):
        (tmp_path / "journal.db").rename(tmp_path / "away.db")
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["journal"]) == (503, False)
        assert (await client.get("/healthz")).status_code == 200
        (tmp_path / "away.db").rename(tmp_path / "journal.db")


async def test_while_it_stops_it_is_not_ready(tmp_path: Path) -> None:
    async with serving(tmp_path) as (on, client):
        await on.service.stop()
        assert (await client.get("/readyz")).status_code == 503


async def test_metrics_count_what_happened(tmp_path: Path) -> None:
    async with serving(tmp_path) as (on, client):
        on.slack.faults.rate_limit("chat.postMessage", retry_after_s=0)
        await on.answered(await on.ask("@advisor why is shop failing?"))
        await on.service.worker.idle()
        text = (await client.get("/metrics")).text
        figures = {
            name: float(value) for name, value in (line.rsplit(" ", 1) for line in text.splitlines() if line[0] != "#")
        }
        assert figures["sre_advisor_questions_asked_total"] == figures["sre_advisor_questions_answered_total"] == 1
        assert figures["sre_advisor_question_seconds_count"] == figures["sre_advisor_first_look_seconds_count"] == 1
        assert any(name.startswith("sre_advisor_tool_calls_total{") and value > 0 for name, value in figures.items())
        assert figures["sre_advisor_questions_busy"] == figures["sre_advisor_questions_waiting"] == 0
        assert figures['sre_advisor_slack_trouble_total{kind="rate_limited"}'] >= 1


async def test_slack_events_are_not_served_in_socket_mode(tmp_path: Path) -> None:
    async with serving(tmp_path) as (on, client):
        _, body = await mention(on)
        assert await send(client, body, signed(body)) == 404


async def test_a_mention_over_http_is_answered_once_however_often_it_is_delivered(tmp_path: Path) -> None:
    async with serving(tmp_path, "http") as (on, client):
        ts, body = await mention(on)
        first = await send(client, body, signed(body))
        again = await send(client, body, signed(body, retry="1"))
        assert (first, again) == (200, 200)
        await on.answered(ts)
        await on.service.worker.idle()
        assert len(on.said(ts, "answer")) == 1


@pytest.mark.alone  # Slack waits three seconds for an acknowledgement
async def test_an_event_that_cannot_be_stored_in_time_is_not_acknowledged_and_answered_once_when_it_comes_again(
    tmp_path: Path,
) -> None:
    async with serving(tmp_path, "http") as (on, client):
        ts, body = await mention(on)
        with sqlite3.connect(tmp_path / "journal.db", isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")  # somebody else is writing, for longer than Slack waits
            began = time.monotonic()
            assert await send(client, body, signed(body)) == 503
            assert time.monotonic() - began < 3
            other.execute("ROLLBACK")
        other.close()
        assert await send(client, body, signed(body, retry="1")) == 200
        await on.answered(ts)
        await on.service.worker.idle()
        assert len(on.said(ts, "answer")) == 1


async def test_it_answers_slacks_question_whether_the_address_is_ours(tmp_path: Path) -> None:
    async with serving(tmp_path, "http") as (_, client):
        body = json.dumps({"type": "url_verification", "challenge": "abc", "token": "x"}).encode()
        answer = await client.post("/slack/events", content=body, headers=signed(body))
        assert (answer.status_code, "abc" in answer.text) == (200, True)


@pytest.mark.parametrize("what", ["another secret", "too old", "from the future", "no signature", "another body"])
async def test_what_slack_did_not_sign_just_now_is_refused_and_not_stored(tmp_path: Path, what: str) -> None:
    async with serving(tmp_path, "http") as (on, client):
        _, body = await mention(on)
        headers = {
            "another secret": signed(body, "b" * 32),
            "too old": signed(body, age_s=301),
            "from the future": signed(body, age_s=-330),  # more than five minutes still when it is looked at
            "no signature": {"content-type": "application/json"},
            "another body": signed(body + b" "),
        }[what]
        assert await send(client, body, headers) == 401
        assert await on.parts.journal.of_kinds("question_asked") == ()


async def test_what_cannot_be_stored_is_not_acknowledged(tmp_path: Path) -> None:
    async with serving(tmp_path, "http") as (on, client):
        ts, body = await mention(on)
        (tmp_path / "journal.db").rename(tmp_path / "away.db")
        assert await send(client, body, signed(body)) >= 500
        (tmp_path / "away.db").rename(tmp_path / "journal.db")
        assert await send(client, body, signed(body, retry="1")) == 200
        await on.answered(ts)


async def test_while_it_stops_slack_is_told_to_come_again(tmp_path: Path) -> None:
    async with serving(tmp_path, "http") as (on, client):
        _, body = await mention(on)
        await on.service.stop()
        assert await send(client, body, signed(body)) == 503
        assert await on.parts.journal.of_kinds("question_asked") == ()


async def test_bodies_that_are_too_long_or_no_text_are_refused(tmp_path: Path) -> None:
    async with serving(tmp_path, "http") as (_, client):
        assert await send(client, b"x" * 1_000_001, {}) == 413
        assert await send(client, b"\xff\xfe", {}) == 400


def test_a_listen_address_without_a_port_is_an_error() -> None:
    with pytest.raises(SettingsError, match=r"http\.listen"):
        load_settings(None, {"http": {"listen": "localhost"}})


async def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    taken = await asyncio.start_server(lambda _r, _w: None, "127.0.0.1", 0)
    port = taken.sockets[0].getsockname()[1]
    slack = LocalSlack()
    await slack.start()
    async with stage(tmp_path, slack, {}, http={"listen": f"127.0.0.1:{port}"}) as on:
        with pytest.raises(SettingsError, match="is the port taken"):
            async with endpoints(on.parts, on.service):
                pass
    await slack.stop()
    taken.close()
