"""How much of what was asked a recording could answer."""

from __future__ import annotations

from dataclasses import dataclass

from sre_advisor.connectors.contract import BadRequest, Unavailable


class NotRecorded(Unavailable):
    """The request is valid, but the recording does not hold what would answer it."""

    def __init__(self, what: str) -> None:
        super().__init__("internal", f"not recorded: {what}")


class NotInThisRecording(BadRequest):
    """The request is valid, but needs more than this recording can do; the hint says what can be asked."""


@dataclass(slots=True)
class Coverage:
    """Requests by how they were answered; refusals of requests that no backend would answer are not counted."""

    identical: int = 0
    """Asked before in the same words: the recorded answer."""
    from_world: int = 0
    """Asked otherwise: answered from what was recorded around."""
    not_recorded: int = 0
    """Could not be answered."""

    @property
    def asked(self) -> int:
        """All that were counted."""
        return self.identical + self.from_world + self.not_recorded

    @property
    def share(self) -> float | None:
        """The share that could be answered; None when nothing was asked."""
        return (self.asked - self.not_recorded) / self.asked if self.asked else None
