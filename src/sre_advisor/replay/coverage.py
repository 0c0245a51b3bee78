"""How much of what was asked a recording could answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from sre_advisor.connectors.contract import BadRequest, Unavailable
from sre_advisor.model import Evidence, Outcome


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


_UNRECORDED = (
    "not recorded", "of any kind was recorded", "this is a recording and answers plain selectors only",
    "not installed where this recording is asked",
)  # fmt: skip


def tells_unrecorded(evidence: Evidence) -> bool:
    """Whether a failed read says that the recording cannot tell, unlike "no data", which it can."""
    return evidence.outcome is not Outcome.OK and any(words in evidence.summary for words in _UNRECORDED)


def coverage_of(reads: Iterable[Evidence], holds: Callable[[str, Mapping[str, JsonValue]], bool]) -> Coverage:
    """How these reads were answered; `holds` tells whether a tool's very request was recorded.

    Told from the evidence, not counted while reading: what several ask at once is read once, and counts for each.
    """
    found = Coverage()
    for evidence in reads:
        if tells_unrecorded(evidence):
            found.not_recorded += 1
        elif evidence.outcome in _ANSWERED and holds(evidence.tool, evidence.request):
            found.identical += 1
        elif evidence.outcome in (Outcome.OK, Outcome.NO_DATA):
            found.from_world += 1
    return found


_ANSWERED = (Outcome.OK, Outcome.NO_DATA, Outcome.BAD_REQUEST, Outcome.UNAVAILABLE)
