"""Trying Slack: both tokens, the granted scopes, and membership of the configured channels."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from sre_advisor.credentials import Credentials
from sre_advisor.settings import Settings
from sre_advisor.setup.checkup import Check, State, Trial
from sre_advisor.slack.scopes import Scope, missing

BOT_TOKEN, APP_TOKEN = "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"
_ADVICE = {
    BOT_TOKEN: "install the app again and copy the bot token (xoxb-…) from OAuth & Permissions",
    APP_TOKEN: "make an app-level token with connections:write under Basic Information (xapp-…)",
}
TIMEOUT_S = 8


def trials(settings: Settings, credentials: Credentials) -> list[tuple[str, Trial]]:
    """A trial for each token; the bot token's one goes on to scopes and channels."""

    async def bot() -> Sequence[Check]:
        token = credentials.get(BOT_TOKEN)
        return await _bot(_client(token, settings), settings) if token else (_unset(BOT_TOKEN, credentials),)

    async def app() -> Sequence[Check]:
        token = credentials.get(APP_TOKEN)
        return (await _app(_client(None, settings), token),) if token else (_unset(APP_TOKEN, credentials),)

    return [("slack bot token", bot), ("slack app token", app)]


def _client(token: str | None, settings: Settings) -> AsyncWebClient:
    return AsyncWebClient(token=token, base_url=settings.slack.api_url, timeout=TIMEOUT_S, retry_handlers=[])


def _unset(name: str, credentials: Credentials) -> Check:
    """Neither token set is a choice; only one set is a mistake."""
    words = name.replace("_", " ").lower()
    other = APP_TOKEN if name == BOT_TOKEN else BOT_TOKEN
    advice = f"set {name} (or {name}_FILE): {_ADVICE[name]}"
    if credentials.source(other) == "not set":
        return Check(words, State.NOT_CONFIGURED, "questions come from the terminal only", advice)
    return Check(words, State.MISCONFIGURED, f"{name} is not set although {other} is", advice)


async def _bot(client: AsyncWebClient, settings: Settings) -> Sequence[Check]:
    began = time.monotonic()
    try:
        told = await client.auth_test()
    except (SlackClientError, OSError, TimeoutError) as error:
        return (_refused("slack bot token", BOT_TOKEN, error, time.monotonic() - began),)
    seconds = time.monotonic() - began
    who = f"@{told.get('user') or '?'} in {told.get('team') or '?'}"
    granted = _granted(told.headers)
    channels = await asyncio.gather(*(_channel(client, name) for name in settings.slack.channels))
    return (Check("slack bot token", State.OK, who, "", seconds), _scopes(granted), *channels)


def _granted(headers: Any) -> frozenset[str]:
    found = next((str(value) for key, value in dict(headers).items() if str(key).lower() == "x-oauth-scopes"), "")
    return frozenset(scope.strip() for scope in found.split(",") if scope.strip())


def _scopes(granted: frozenset[str]) -> Check:
    name = "slack scopes"
    if not granted:
        return Check(name, State.NOT_CHECKED, "Slack did not say which scopes the token has")
    lacking, spare = missing(granted, optional=False), missing(granted, optional=True)
    if lacking:
        advice = "add them under OAuth & Permissions and install the app again"
        return Check(name, State.MISCONFIGURED, f"missing {_told(lacking)}", advice)
    detail = f"enough; without {_told(spare)}" if spare else "all that are used are granted"
    return Check(name, State.OK, detail)


def _told(scopes: Sequence[Scope]) -> str:
    return "; ".join(f"{scope.name} ({scope.without})" for scope in scopes)


async def _channel(client: AsyncWebClient, channel: str) -> Check:
    name, began = f"slack channel {channel}", time.monotonic()
    try:
        told = await client.conversations_info(channel=channel)
    except (SlackClientError, OSError, TimeoutError) as error:
        return _channel_trouble(name, error, time.monotonic() - began)
    seconds, about = time.monotonic() - began, told.get("channel") or {}
    label = f"#{about.get('name') or channel}"
    if about.get("is_archived"):
        return Check(name, State.MISCONFIGURED, f"{label} is archived", "take it out of slack.channels", seconds)
    if not about.get("is_member"):
        return Check(name, State.MISCONFIGURED, f"not a member of {label}", "invite the app there", seconds)
    return Check(name, State.OK, f"member of {label}", "", seconds)


def _channel_trouble(name: str, error: Exception, seconds: float) -> Check:
    code = _code(error)
    if code == "missing_scope":
        needed = str(error.response.get("needed") or "channels:read") if isinstance(error, SlackApiError) else ""
        advice = f"add {needed} to check it, or look whether the app is in the channel"
        return Check(name, State.NOT_CHECKED, f"membership needs the scope {needed}", advice, seconds)
    if code == "channel_not_found":
        advice = "slack.channels takes ids (C…, in the channel's details); a private one must have invited the app"
        return Check(name, State.MISCONFIGURED, "Slack knows no such channel", advice, seconds)
    if code:
        return Check(name, State.MISCONFIGURED, f"Slack refuses ({code})", "look the word up in Slack's docs", seconds)
    return Check(name, State.UNREACHABLE, "Slack did not answer", "check the network", seconds)


async def _app(client: AsyncWebClient, token: str) -> Check:
    began = time.monotonic()
    try:
        await client.apps_connections_open(app_token=token)
    except (SlackClientError, OSError, TimeoutError) as error:
        return _refused("slack app token", APP_TOKEN, error, time.monotonic() - began)
    return Check("slack app token", State.OK, "may open Socket Mode connections", "", time.monotonic() - began)


def _code(error: Exception) -> str:
    """Slack's own word for what is wrong; "" when it did not answer."""
    code = error.response.get("error") if isinstance(error, SlackApiError) else None
    return code if isinstance(code, str) else ""


def _refused(name: str, variable: str, error: Exception, seconds: float) -> Check:
    code = _code(error)
    if code == "ratelimited":
        return Check(name, State.UNREACHABLE, "Slack asks to slow down", "try again in a minute", seconds)
    if code:
        return Check(name, State.UNAUTHORISED, f"Slack refuses {variable} ({code})", _ADVICE[variable], seconds)
    advice = "check slack.api_url, the network and a proxy in between"
    return Check(name, State.UNREACHABLE, "Slack did not answer as Slack does", advice, seconds)
