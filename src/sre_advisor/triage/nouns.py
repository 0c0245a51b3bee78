"""What triage says: movements, alert groups, log templates, and the whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sre_advisor.model import Alert, RankedChange, RankedService, Series, SignalKind

Direction = Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class Movement:
    """One series that left its usual range; `before` is its median until then, `now` its most extreme recent level.

    `score` counts robust standard deviations, compressed (see `deviation.surprise`); `peer` is the other service when
    the series was measured on an edge, and `callee` the one of the two that is called. `plain` is told from noise by
    `plain.plain`; `per` is over how many seconds a counter's increases were taken; `back` since when it is in its usual
    range again; `gone` says that the service reports nothing any more.
    """

    service: str
    signal: str
    kind: SignalKind
    unit: str | None
    direction: Direction
    before: float
    now: float
    onset: datetime | None
    score: float
    series: Series
    peer: str | None = None
    callee: str | None = None
    plain: bool = False
    per: float | None = None
    back: datetime | None = None
    gone: bool = False

    @property
    def about(self) -> str:
        """The service of which this tells: of an edge the one that is called, whoever measured it."""
        return self.callee or self.service


@dataclass(frozen=True, slots=True)
class AlertGroup:
    """Alerts that belong to one trouble, oldest first; `story` says in words why they are together."""

    services: tuple[str, ...]
    alerts: tuple[Alert, ...]
    started_at: datetime
    story: str


@dataclass(frozen=True, slots=True)
class LogTemplate:
    """Log lines that differ only in numbers and ids, counted before and since the onset."""

    template: str
    service: str | None
    level: str | None
    before: int
    since: int
    first: datetime
    example: str

    @property
    def is_new(self) -> bool:
        """Never seen before the onset."""
        return self.before == 0 and self.since > 0


@dataclass(frozen=True, slots=True)
class Triage:
    """What the evidence says without a model; empty rankings mean that it says nothing.

    Without an alert only services with a plain movement are ranked. `judged` says that recent samples with enough
    history were there, so that an empty ranking is good news.
    `change` is a change's id, "none" when no known change explains the trouble, None when nothing can be said.
    """

    onset: datetime | None = None
    services: tuple[RankedService, ...] = ()
    moved: tuple[Movement, ...] = ()
    changes: tuple[RankedChange, ...] = ()
    change: str | None = None
    change_reason: str = ""
    alert_story: tuple[AlertGroup, ...] = ()
    log_templates: tuple[LogTemplate, ...] = ()
    unseen: tuple[str, ...] = ()
    confidence_note: str = ""
    judged: bool = False

    def plainly(self, service: str | None) -> bool:
        """Whether a plain movement shows trouble in this service."""
        return any(m.plain and m.about == service for m in self.moved)
