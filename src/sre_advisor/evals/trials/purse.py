"""The money of a run: a trial begins only when its worst is still within the cap."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager


class CapReached(Exception):
    """The next trial might take more than is left."""


class Purse:
    """What was spent and what running trials may still take, in USD; `cap` None: no limit."""

    def __init__(self, cap: float | None, spent: float = 0.0) -> None:
        self._cap, self.spent = cap, spent
        self._reserved = 0.0
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def reserved(self, worst: float) -> AsyncGenerator[None]:
        """Hold back `worst` while a trial runs, after others if need be; raises CapReached when it cannot fit."""
        async with self._changed:
            while not self._fits(worst):
                if not self._reserved or self.spent + worst > (self._cap or 0.0) + 1e-9:
                    raise CapReached
                await self._changed.wait()
            self._reserved += worst
        try:
            yield
        finally:
            async with self._changed:
                self._reserved = max(0.0, self._reserved - worst)
                if self._reserved < 1e-12:
                    self._reserved = 0.0
                self._changed.notify_all()

    def _fits(self, worst: float) -> bool:
        return self._cap is None or self.spent + self._reserved + worst <= self._cap + 1e-9
