"""Recording what people close, beside the conversation."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import structlog

from sre_advisor.app.assembly import Assembly
from sre_advisor.app.recording.asked import asked_on_record
from sre_advisor.app.recording.making import recorded
from sre_advisor.app.recording.names import file_name
from sre_advisor.work.ending import end_within

log = structlog.get_logger(__name__)

STOP_S = 5.0
"""Seconds that a program which is told to stop waits for recordings: each can be made again by hand."""


class ClosedIncidents:
    """Records each investigation that people close, in the background: whoever told the cause does not wait."""

    def __init__(self, parts: Assembly) -> None:
        self._parts = parts
        self._running: set[asyncio.Task[None]] = set()

    async def hear(self, investigation: str) -> None:
        """Begin to record it, where the settings want that."""
        folder = self._parts.settings.recordings.folder
        if folder is not None:
            task = asyncio.create_task(self._record(investigation, folder))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def stop(self, within_s: float = STOP_S) -> None:
        """Let what began end within so many seconds; what does not is given up, which stands on record."""
        await end_within(within_s, self._running)

    async def _record(self, investigation: str, folder: Path) -> None:
        out = folder / f"{file_name(investigation)}-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.tar.gz"
        try:
            await recorded(self._parts, await asked_on_record(self._parts, investigation), out)
        except asyncio.CancelledError:
            again = f"sre-advisor record --investigation {investigation} --out FILE"
            log.warning("recording_given_up", action="record", investigation=investigation, again=again)
            raise
        except Exception:  # a recording that fails must not take the conversation down
            log.exception("recording_failed", action="record", investigation=investigation)
