"""What was found without a model."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sre_advisor.model.frozen import Frozen


class Line(Frozen):
    """One line of the first look and the evidence it rests on."""

    text: str
    cites: tuple[str, ...] = ()


class RankedService(Frozen):
    """A suspect: the higher the score the likelier the trouble began there."""

    name: str
    score: float
    reasons: tuple[str, ...] = ()
    onset: datetime | None = None


class RankedChange(Frozen):
    """A change held against the onset; `reasons` speak for it, `doubts` against; `title` names it for a reader."""

    id: str
    score: float
    title: str = ""
    kind: str = ""
    service: str | None = None
    at: datetime | None = None
    reasons: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


class Finding(StrEnum):
    """How much a first look can say."""

    PLAIN = "plain"
    """Something is plainly wrong in the first suspect."""
    WEAK = "weak"
    """Something may be wrong, but nothing plainly shows where; the ranking is a lead."""
    CALM = "calm"
    """Every source was read, no alert fires, and recent signals with enough history are in their usual range."""
    BLIND = "blind"
    """Nothing was found, but too little was seen to call that good news."""


class FirstLook(Frozen):
    """What is wrong, since when and what changed, found without a model."""

    headline: str
    since: datetime | None = None
    firing: tuple[Line, ...] = ()
    moved: tuple[Line, ...] = ()
    changed: tuple[Line, ...] = ()
    runbook: tuple[Line, ...] = ()
    owners: tuple[Line, ...] = ()
    unread: tuple[Line, ...] = ()
    services: tuple[RankedService, ...] = ()
    changes: tuple[RankedChange, ...] = ()
    change: str | None = None
    """The id of the change that answers, "none" when none does, None when nothing can be said."""
    change_reason: str = ""
    evidence: str | None = None
    """The id of the evidence that holds the figures behind all this."""
    finding: Finding = Finding.PLAIN
