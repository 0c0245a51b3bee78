import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sre_advisor.demo.local_slack import LocalSlack, SocketTiming


class Clock:
    """A clock that tests move by hand."""

    def __init__(self) -> None:
        self.now = 1_750_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Bolt:
    """The real Bolt app, connected to the local Slack."""

    app: AsyncApp
    handler: AsyncSocketModeHandler
    client: AsyncWebClient


Connect = Callable[[LocalSlack, Callable[[AsyncApp], None]], Awaitable[Bolt]]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    server = LocalSlack(timing=SocketTiming(ack_timeout_s=0.3, retry_delays_s=(0.05, 0.05, 0.05)))
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def frozen_slack(clock: Clock) -> AsyncIterator[LocalSlack]:
    server = LocalSlack(clock=clock)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    async with AsyncExitStack() as stack:

        async def connected(server: LocalSlack, register: Callable[[AsyncApp], None]) -> Bolt:
            client = AsyncWebClient(token=server.bot_token, base_url=server.api_url)
            app = AsyncApp(client=client)
            register(app)

            @app.event(re.compile(r".*"))
            async def acknowledge() -> None:  # pyright: ignore[reportUnusedFunction] -- Bolt keeps it
                pass

            handler = AsyncSocketModeHandler(app, server.app_token, ping_interval=1)
            await handler.connect_async()
            stack.push_async_callback(handler.close_async)
            await server.wait_until(lambda: server.sockets.connection_count > 0)
            return Bolt(app, handler, client)

        yield connected


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def button(action_id: str, label: str, value: str = "v") -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain(label), "value": value}


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}
