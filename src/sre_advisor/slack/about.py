"""What the advisor can tell of itself: which sources it has, and how they are."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Protocol

import structlog

from sre_advisor.connectors.contract import Health

log = structlog.get_logger(__name__)

KEPT_S, WAIT_S = 60.0, 4.0
"""Seconds for which what a source answered is believed, and for which one is waited for."""


class Source(Protocol):
    """A system that can be asked how it is."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    async def ping(self) -> Health:
        """How it is."""
        ...


class Sources:
    """Asks the sources, all at once and not too often; no model is called for it."""

    def __init__(self, every: Sequence[Source], clock: Callable[[], float] = time.monotonic) -> None:
        self._every, self._clock = tuple(every), clock
        self._kept: tuple[float, tuple[Health, ...]] = (float("-inf"), ())
        self._lock = asyncio.Lock()

    @property
    def names(self) -> tuple[str, ...]:
        """What there is to read."""
        return tuple(source.name for source in self._every)

    async def health(self) -> tuple[Health, ...]:
        """How each source is."""
        async with self._lock:
            if self._clock() - self._kept[0] > KEPT_S:
                found = await asyncio.gather(*(_asked(source) for source in self._every))
                self._kept = self._clock(), tuple(found)
            return self._kept[1]


async def _asked(source: Source) -> Health:
    try:
        async with asyncio.timeout(WAIT_S):
            return await source.ping()
    except TimeoutError:
        return Health(source.name, "unreachable", f"no answer within {WAIT_S:g} s", WAIT_S)
    except Exception:  # one source's defect must not hide how the others are
        log.exception("ping_broke", action="ping", source=source.name)
        return Health(source.name, "unreachable", "could not be asked; the log holds the details", 0.0)
