"""The kill switch: on record, so that it holds for every replica and across restarts, until it is lifted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Any, TypeVar

import structlog

from sre_advisor.journal.events import Halted, Resumed
from sre_advisor.journal.store import Journal, JournalUnavailable

log = structlog.get_logger(__name__)

T = TypeVar("T")

EVERY_S = 2.0
"""How often running investigations look whether they may go on."""


class Stopped(Exception):
    """All investigations are stopped; the message says by whom, why, and how that is lifted."""

    def __init__(self, halted: Halted, *, running: bool) -> None:
        self.halted = halted
        reason = f": {halted.reason}" if halted.reason else ""
        what = "this investigation was stopped" if running else "all investigations are stopped"
        super().__init__(
            f"{what} by {halted.by} at {halted.at:%Y-%m-%d %H:%M} UTC{reason}; "
            "questions are answered again after `sre-advisor resume`"
        )


async def halt(journal: Journal, who: str, reason: str = "") -> Halted:
    """Stop all investigations of every replica and refuse new questions, until `resume`."""
    event = Halted(by=who, reason=reason, at=datetime.now(UTC))
    await journal.append(event)
    log.warning("halted", action="halt", by=who)
    return event


async def resume(journal: Journal, who: str) -> bool:
    """Allow investigations again; False, and nothing is put on record, when they were not stopped."""
    if await standing_halt(journal) is None:
        return False
    await journal.append(Resumed(by=who, at=datetime.now(UTC)))
    log.warning("resumed", action="halt", by=who)
    return True


async def standing_halt(journal: Journal) -> Halted | None:
    """Who stopped everything, if it is still stopped."""
    newest = await journal.newest("halted", "resumed")
    return newest if isinstance(newest, Halted) else None


@dataclass(slots=True)
class KillSwitch:
    """Runs work only while nobody has stopped everything; all work of a process shares one look at the journal."""

    journal: Journal
    every_s: float = EVERY_S
    _looked: float = float("-inf")
    _seen: Halted | None = None

    async def run(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The work's result; raises Stopped before it begins, or after it was cancelled and has ended."""
        self._seen = await standing_halt(self.journal)
        if self._seen is not None:
            raise Stopped(self._seen, running=False)
        task = asyncio.create_task(work())
        try:
            while not (await asyncio.wait({task}, timeout=self.every_s))[0]:
                halted = await self._look()
                if halted is not None:
                    await _cancelled(task)
                    if task.cancelled():
                        raise Stopped(halted, running=True)
            return task.result()
        finally:  # whoever cancels us means the work
            await _cancelled(task)

    async def _look(self) -> Halted | None:
        now = monotonic()
        if now - self._looked >= self.every_s / 2:
            self._looked = now
            try:
                self._seen = await standing_halt(self.journal)
            except JournalUnavailable as trouble:  # what runs goes on as it was told last; it fails soon if that stays
                log.error("halt_not_readable", action="halt", error=str(trouble))
        return self._seen


async def _cancelled(task: asyncio.Task[Any]) -> None:
    """Cancel and wait until it has ended, whichever way."""
    if not task.done():
        task.cancel()
        await asyncio.wait({task})
