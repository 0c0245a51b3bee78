"""The clock of a recording, so that a channel and the evidence in it tell one time."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class RecordedClock:
    """Begins at the recording's now and goes on from there."""

    def __init__(self, now: datetime) -> None:
        self._now, self._began = now, time.monotonic()
        self._stopped: datetime | None = None

    def seconds(self) -> float:
        """Seconds since the epoch, in the recording's time."""
        if self._stopped is not None:
            return self._stopped.timestamp()
        return self._now.timestamp() + time.monotonic() - self._began

    def stop_at(self, at: datetime) -> None:
        """Tell this time until it goes on."""
        self._stopped = at

    def go_on(self) -> None:
        """Go on from the recording's now."""
        self._stopped, self._began = None, time.monotonic()

    @property
    def explained(self) -> str:
        """Why the channel tells another day than the wall does."""
        return f"A recording: it is {self._now.astimezone(UTC):%-d %B %Y} here, as in the evidence."
