"""The arguments with which changes are looked for: a stretch of time that is not too long."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Self

from pydantic import AwareDatetime, model_validator

from sre_advisor.connectors.contract import ToolArgs
from sre_advisor.model import Window

LONGEST = timedelta(days=92)
"""What one call may look through: a quarter."""


class WindowArgs(ToolArgs):
    """A stretch of time."""

    start: AwareDatetime
    end: AwareDatetime

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.end < self.start:
            raise ValueError("end must not be before start")
        if self.end - self.start > LONGEST:
            raise ValueError(f"the window is longer than {LONGEST.days} days; ask for less")
        return self

    @property
    def window(self) -> Window:
        """The stretch in UTC."""
        return Window(self.start.astimezone(UTC), self.end.astimezone(UTC))
