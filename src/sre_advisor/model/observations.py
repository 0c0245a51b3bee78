"""What the sources tell: signals, alerts, changes, logs, documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


NO_LABELS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Window:
    """A closed stretch of time; both ends are timezone-aware UTC."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a window needs timezone-aware times")
        if self.end < self.start:
            raise ValueError(f"a window cannot end ({self.end:%FT%TZ}) before it starts ({self.start:%FT%TZ})")

    @property
    def length(self) -> timedelta:
        """How long the window is."""
        return self.end - self.start


class SignalKind(StrEnum):
    """Which golden signal a series is, or a resource under it."""

    TRAFFIC = "traffic"
    ERRORS = "errors"
    LATENCY = "latency"
    SATURATION = "saturation"
    AVAILABILITY = "availability"
    CPU = "cpu"
    MEMORY = "memory"
    OTHER = "other"


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One signal of one service over time.

    `times` are unix seconds, `values` are in `unit`; both are 1-d float64 of one length, ascending, gaps left out.
    `offset` is how far in the past the samples were taken when the series stands for an earlier day or week, moved
    forward so that it lies over the same window.
    """

    service: str
    name: str
    times: NDArray[np.float64]
    values: NDArray[np.float64]
    kind: SignalKind = SignalKind.OTHER
    unit: str | None = None
    labels: Mapping[str, str] = field(default_factory=lambda: NO_LABELS)
    offset: timedelta = timedelta(0)


class AlertState(StrEnum):
    """What an alert is doing; silenced and inhibited ones fire but notify nobody."""

    FIRING = "firing"
    PENDING = "pending"
    SILENCED = "silenced"
    INHIBITED = "inhibited"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert as its source told it."""

    name: str
    started_at: datetime
    service: str | None = None
    severity: str | None = None
    state: AlertState = AlertState.FIRING
    ended_at: datetime | None = None
    labels: Mapping[str, str] = field(default_factory=lambda: NO_LABELS)
    annotations: Mapping[str, str] = field(default_factory=lambda: NO_LABELS)
    link: str | None = None


ChangeKind = Literal["deploy", "commit", "flag", "config", "rollout", "release", "pull_request", "workflow"]


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was altered: `id` is the source's own (a full SHA for a commit); a deploy may name its commit."""

    id: str
    kind: ChangeKind
    at: datetime
    summary: str
    service: str | None = None
    author: str | None = None
    files: tuple[str, ...] = ()
    diff: str | None = None
    commit: str | None = None
    repository: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line a service wrote."""

    at: datetime
    service: str | None
    level: str | None
    message: str


@dataclass(frozen=True, slots=True)
class DocSection:
    """One heading's worth of a document; `runbook_for` names the alert it answers, if it is one's runbook."""

    path: str
    heading: str
    text: str
    link: str | None = None
    runbook_for: str | None = None
