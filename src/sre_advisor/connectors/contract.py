"""What a connector is: a few typed, read-only tools and a ping; and the closed set of ways a tool can fail."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Literal, Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict, JsonValue

from sre_advisor.model import Alert, Change, DocSection, LogLine, Series, Window

Noun = Alert | Change | DocSection | LogLine | Series


class ToolArgs(BaseModel):
    """Base of every tool's arguments: strict, frozen, unknown names refused."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid", strict=False)


class Role(StrEnum):
    """What the first look may ask a tool for; each role fixes the arguments it passes and the nouns it gets.

    ALERTS          {}                                     -> Alert
    ALERT_HISTORY   {start, end}                           -> Alert
    SIGNALS         {start, end}  (all services at once)   -> Series
    CHANGES         {start, end}                           -> Change
    LOGS            {start, end}                           -> LogLine
    RUNBOOK         {alert, runbook_url}                   -> DocSection

    Times are ISO 8601 in UTC. A tool may have more, optional, arguments.
    """

    ALERTS = "alerts"
    ALERT_HISTORY = "alert_history"
    SIGNALS = "signals"
    CHANGES = "changes"
    LOGS = "logs"
    RUNBOOK = "runbook"


@dataclass(frozen=True, slots=True)
class Scope:
    """What one channel may see, by exact names; None stands for everything of that kind.

    `service_labels` are the labels by which a PromQL selector may name a service, `selectors` the sets of labels
    (all of one set together) that the catalogue gives for the services that may be seen.
    """

    services: frozenset[str] | None = None
    repositories: frozenset[str] | None = None
    folders: frozenset[str] | None = None
    metrics: frozenset[str] | None = None
    service_labels: tuple[str, ...] = ("service",)
    selectors: tuple[frozenset[tuple[str, str]], ...] = ()

    @property
    def narrowed(self) -> bool:
        """Whether anything at all is out of sight."""
        return not (self.services is self.repositories is self.folders is self.metrics is None)

    def sees_service(self, name: str | None) -> bool:
        """Whether this service may be seen; what belongs to none only where all may be seen."""
        return self.services is None or name in self.services

    def sees_repository(self, name: str | None) -> bool:
        """Whether this repository may be seen."""
        return self.repositories is None or name in self.repositories

    def sees_folder(self, name: str) -> bool:
        """Whether this docs folder may be seen."""
        return self.folders is None or name in self.folders

    def sees_metric(self, name: str | None) -> bool:
        """Whether this metric (or golden signal) may be seen."""
        return self.metrics is None or name in self.metrics

    def sees_change(self, change: Change) -> bool:
        """Whether this change may be seen: by its service when it names one, else by its repository."""
        if change.service is not None:
            return self.sees_service(change.service)
        if change.repository is not None:
            return self.sees_repository(change.repository)
        return self.services is None and self.repositories is None


EVERYTHING = Scope()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a tool read: a one-line summary for people, a JSON body for the record and the model, nouns for triage.

    `truncated` says what was left out and how to ask for it; `link` opens the source for a person; `rows` is how many
    rows the backend gave (None: as many as there are nouns).
    """

    summary: str
    body: JsonValue
    nouns: tuple[Noun, ...] = ()
    window: Window | None = None
    link: str | None = None
    truncated: str | None = None
    rows: int | None = None


class ToolFailure(Exception):
    """Base of the closed set of failures; anything else a tool raises is a bug and shown to nobody."""


class NoData(ToolFailure):
    """The backend answered and holds nothing for this request: neither an error nor health."""

    def __init__(self, summary: str, window: Window | None = None, link: str | None = None) -> None:
        super().__init__(summary)
        self.summary, self.window, self.link = summary, window, link


class BadRequest(ToolFailure):
    """The request cannot be answered as put; the hint says how to put it."""

    def __init__(self, hint: str) -> None:
        super().__init__(hint)
        self.hint = hint


class Denied(ToolFailure):
    """A rule forbids the request."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


class QuotaExceeded(ToolFailure):
    """A limit is used up."""

    def __init__(self, limit: str) -> None:
        super().__init__(limit)
        self.limit = limit


UnavailableKind = Literal["unreachable", "timeout", "unauthorised", "server_error", "garbled", "too_large", "internal"]


class Unavailable(ToolFailure):
    """The backend could not be read; `detail` is for operators and never holds a secret or a raw exception."""

    def __init__(self, kind: UnavailableKind, detail: str) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind: UnavailableKind = kind
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Tool:
    """One thing a connector can read; `run` gets validated arguments and the clock of the question.

    `scoped` reads the same within a Scope and gives nothing that lies outside it; a tool without one cannot be used
    where not everything may be seen. `cost` foretells the samples a backend will have to look at (0 when left out).
    """

    name: str
    description: str
    args: type[ToolArgs]
    run: Callable[[Any, datetime], Awaitable[Reading]]
    role: Role | None = None
    scoped: Callable[[Any, datetime, Scope], Awaitable[Reading]] | None = None
    cost: Callable[[Any, datetime], int] | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """What a ping showed: `state` as a word, how long it took, and what a person should do about it."""

    connector: str
    state: Literal["ok", "unreachable", "unauthorised", "misconfigured"]
    detail: str
    seconds: float
    advice: str = ""


class Connector(Protocol):
    """A system the advisor can read."""

    @property
    def name(self) -> str:
        """The short name evidence carries as its source."""
        ...

    def tools(self) -> tuple[Tool, ...]:
        """The tools, in a stable order."""
        ...

    async def ping(self) -> Health:
        """Whether the system can be read with the configured credentials; never raises."""
        ...

    async def close(self) -> None:
        """Let go of connections and threads."""
        ...


@runtime_checkable
class Warms(Protocol):
    """A connector, or what stands behind one, that can find out beforehand what its first question would have to."""

    async def warm(self) -> None:
        """Find it out, or anew; raises the failures of the contract."""
        ...
