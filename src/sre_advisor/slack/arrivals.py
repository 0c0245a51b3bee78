"""Events that come in right now: they are stored and acknowledged before anything else is worked on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from slack_bolt.async_app import AsyncBoltRequest

from sre_advisor.slack.trouble import SEEN

LONGEST_S = 1.0
"""How long work waits for a stream of events that does not end."""


class Arrivals:
    """Knows whether events are being taken in."""

    def __init__(self) -> None:
        self._now = 0
        self._none = asyncio.Event()
        self._none.set()

    async def count(self, req: AsyncBoltRequest, next_: Callable[[], Awaitable[None]]) -> None:
        """A middleware around everything else.

        Slack numbers its tries: "0" is the first over a socket, none the first over HTTP. Nothing is dropped for it.
        """
        SEEN["delivered_again"] += (req.headers.get("x-slack-retry-num") or ["0"])[0] not in ("", "0")
        self._now += 1
        self._none.clear()
        try:
            await next_()
        finally:
            self._now -= 1
            if not self._now:
                self._none.set()

    async def over(self) -> None:
        """Return when no event is being taken in, or after a while."""
        try:
            async with asyncio.timeout(LONGEST_S):
                await self._none.wait()
        except TimeoutError:
            return
