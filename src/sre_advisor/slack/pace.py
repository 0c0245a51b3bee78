"""How often messages of one channel may be edited."""

from __future__ import annotations

import asyncio
from time import monotonic

EDIT_S = 1.0
"""Seconds between two edits in one channel; Slack allows some fifty edits a minute."""


class Pace:
    """Edits that must be made take turns; edits that nobody waits for are made when no turn is taken."""

    def __init__(self, seconds: float = EDIT_S) -> None:
        self._seconds = seconds
        self._next: dict[str, float] = {}

    async def turn(self, channel: str) -> None:
        """Wait for a turn of one's own."""
        now = monotonic()
        mine = max(now, self._next.get(channel, 0.0))
        self._next[channel] = mine + self._seconds
        await asyncio.sleep(mine - now)

    async def free(self, channel: str) -> None:
        """Wait until no turn is taken, and take one."""
        wait = self._next.get(channel, 0.0) - monotonic()
        if wait > 0:
            await asyncio.sleep(wait)
            await self.free(channel)
            return
        self._next[channel] = monotonic() + self._seconds
