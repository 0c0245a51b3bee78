"""The nouns every room speaks: what was asked, what was read, what is claimed, what is suggested."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NO_LABELS: Mapping[str, str] = {}


# --- What is out there -------------------------------------------------------------------------------------------


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


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CodeLocation(_Frozen):
    """Where in which repository a service's code lives."""

    name: str
    paths: tuple[str, ...] = ()


class Service(_Frozen):
    """A service as the catalogue knows it; `selector` holds the labels that pick its series."""

    name: str
    aliases: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    selector: dict[str, str] = Field(default_factory=dict)
    repositories: tuple[CodeLocation, ...] = ()
    docs: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All known services and who calls whom (caller, callee)."""

    services: tuple[Service, ...] = ()
    edges: tuple[tuple[str, str], ...] = ()

    def find(self, name: str) -> Service | None:
        """The service of this name or alias, compared without case; None when unknown."""
        wanted = name.casefold()
        for service in self.services:
            if wanted == service.name.casefold() or wanted in (a.casefold() for a in service.aliases):
                return service
        return None

    @property
    def graph(self) -> tuple[tuple[str, str], ...]:
        """Every known (caller, callee) pair, from the services' own words and from what was observed."""
        told = [(s.name, d) for s in self.services for d in s.depends_on]
        return tuple(dict.fromkeys([*told, *self.edges]))


# --- What was asked and read -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Question:
    """What a person asked, and where; `investigation` is shared by all questions of one thread."""

    id: str
    investigation: str
    text: str
    asked_at: datetime
    asker: str | None = None
    team: str | None = None
    channel: str | None = None
    thread_ts: str | None = None
    ts: str | None = None
    externally_shared: bool = False
    """Whether people of other organisations read the channel (Slack Connect)."""
    fresh: bool = False
    """Whether it is looked into from the beginning, although the thread may have a first look already."""
    quoted: str = ""
    """Somebody else's words that it points to: text from outside, which asks for nothing."""


class Outcome(StrEnum):
    """The closed set of ways a tool call ends; the model sees exactly these words."""

    OK = "ok"
    NO_DATA = "no_data"
    BAD_REQUEST = "bad_request"
    DENIED = "denied"
    QUOTA_EXCEEDED = "quota_exceeded"
    UNAVAILABLE = "unavailable"


class Evidence(_Frozen):
    """One tool call and what came of it: redacted, bounded, and citable by `id` (E1, E2, …)."""

    id: str
    source: str
    tool: str
    request: dict[str, JsonValue]
    outcome: Outcome
    read_at: datetime
    summary: str
    body: JsonValue = None
    window_start: datetime | None = None
    window_end: datetime | None = None
    link: str | None = None
    truncated: str | None = None
    redactions: int = 0


# --- What is claimed ---------------------------------------------------------------------------------------------


class Verdict(StrEnum):
    """What kind of answer a diagnosis is."""

    LIKELY_CAUSE = "likely_cause"
    COMPETING = "competing_hypotheses"
    NOT_ENOUGH = "not_enough_evidence"
    NOTHING_WRONG = "nothing_wrong"


class Confidence(StrEnum):
    """How sure; capped by code, never raised by it."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Standing(StrEnum):
    """What checking a claim against its evidence showed."""

    SUPPORTED = "supported"
    PARTLY = "partly"
    UNSUPPORTED = "unsupported"


SUMMARY_LIMIT = 300
"""Characters in a diagnosis's summary: what fits a phone's screen above the fold."""
HYPOTHESIS_LIMIT = 3


class DraftClaim(_Frozen):
    """One sentence and the evidence ids it rests on, as an advisor wrote it."""

    text: str
    cites: tuple[str, ...]


class Claim(DraftClaim):
    """A claim after checking, with the reason for its standing."""

    standing: Standing
    why: str = ""


class DraftHypothesis(_Frozen):
    """A possible cause, what speaks for and against it, and what would disprove it."""

    statement: str
    confidence: Confidence
    claims_for: tuple[DraftClaim, ...]
    claims_against: tuple[DraftClaim, ...] = ()
    would_disprove: str = ""
    service: str | None = None
    change: str | None = None


class Hypothesis(_Frozen):
    """A hypothesis after checking; `caps` says which rules lowered its confidence."""

    statement: str
    confidence: Confidence
    claims_for: tuple[Claim, ...]
    claims_against: tuple[Claim, ...] = ()
    would_disprove: str = ""
    service: str | None = None
    change: str | None = None
    caps: tuple[str, ...] = ()


class DraftCommand(_Frozen):
    """A command an advisor suggests a person might run."""

    command: str
    why: str
    expected_effect: str = ""
    rollback: str | None = None


class CommandLabel(StrEnum):
    """What a command would do, found by parsing it; unknown is treated as changing."""

    READ_ONLY = "read_only"
    READS_SECRET = "reads_secret"
    CHANGES_STATE = "changes_state"
    UNKNOWN = "unknown"


class SuggestedCommand(DraftCommand):
    """A suggested command after parsing: what it would do and how far that reaches, in words."""

    label: CommandLabel
    reversible: bool | None = None
    blast_radius: str = ""
    label_why: str = ""


class DraftPatch(_Frozen):
    """A change of code, configuration or a rule that an advisor proposes: a unified diff against `base_sha`."""

    repository: str
    base_sha: str
    diff: str
    why: str


class Patch(DraftPatch):
    """A proposed change that was seen to apply: `base_sha` in full, what it touches, what else was checked."""

    files: tuple[str, ...]
    added: int
    removed: int
    rules: str | None = None


class DraftDiagnosis(_Frozen):
    """What an advisor concluded, before any check."""

    verdict: Verdict
    summary: Annotated[str, Field(max_length=SUMMARY_LIMIT)]
    hypotheses: Annotated[tuple[DraftHypothesis, ...], Field(max_length=HYPOTHESIS_LIMIT)] = ()
    ruled_out: tuple[DraftClaim, ...] = ()
    not_checked: tuple[str, ...] = ()
    commands: tuple[DraftCommand, ...] = ()
    patch: DraftPatch | None = None


class Diagnosis(_Frozen):
    """A checked diagnosis: the only kind that may be shown."""

    verdict: Verdict
    summary: str
    hypotheses: tuple[Hypothesis, ...] = ()
    ruled_out: tuple[Claim, ...] = ()
    not_checked: tuple[str, ...] = ()
    commands: tuple[SuggestedCommand, ...] = ()
    patch: Patch | None = None
    document: str = ""
    """A text drafted from the record for a human to edit: a status update, a timeline."""
    claims_dropped: int = 0
    advisor: str = ""


class Line(_Frozen):
    """One line of the first look and the evidence it rests on."""

    text: str
    cites: tuple[str, ...] = ()


class RankedService(_Frozen):
    """A suspect: the higher the score the likelier the trouble began there."""

    name: str
    score: float
    reasons: tuple[str, ...] = ()
    onset: datetime | None = None


class RankedChange(_Frozen):
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


class FirstLook(_Frozen):
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
