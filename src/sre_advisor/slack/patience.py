"""Waiting for Slack: until it takes a message or the program stops, and never saying anything twice."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import structlog

from sre_advisor.slack.trouble import SlackUnavailable

log = structlog.get_logger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Patience:
    """Pauses between tries, in seconds: each twice the last, up to the longest, and never shorter than Slack asks."""

    first_s: float = 1.0
    longest_s: float = 60.0

    async def until_told(self, ask: Callable[[], Awaitable[T]]) -> T:
        """What Slack answers, however long it is away; raises what `ask` raises other than SlackUnavailable."""
        pause = self.first_s
        while True:
            try:
                return await ask()
            except SlackUnavailable as trouble:
                pause = await self._wait(pause, trouble)

    async def until_taken(
        self, send: Callable[[], Awaitable[str]], find: Callable[[], Awaitable[str | None]], *, perhaps_done: bool
    ) -> str:
        """What `send` returns once Slack takes it; what `find` finds, where an earlier try may have been taken.

        Only whoever asked waits. Cancelling ends it: the journal has the message as intended, so the next start
        goes on from there. Raises what `send` raises other than SlackUnavailable.
        """
        pause = self.first_s
        while True:
            try:
                found = await find() if perhaps_done else None
                return await send() if found is None else found
            except SlackUnavailable as trouble:
                perhaps_done = perhaps_done or trouble.perhaps_done
                pause = await self._wait(pause, trouble)

    async def _wait(self, pause: float, trouble: SlackUnavailable) -> float:
        """Wait for so long, and tell how long to wait the next time."""
        wait = max(pause, trouble.wait_s)
        log.warning("slack_unavailable", action="wait", error=str(trouble), seconds=round(wait, 1))
        # Many questions may wait for the same outage to end: they must not all come back at once.
        await asyncio.sleep(wait * (1 + random.random() / 5))  # noqa: S311 - spreads load, guards no secret
        return min(2 * pause, self.longest_s)


PATIENCE = Patience()
"""As long as it takes, and no more often than does good."""
