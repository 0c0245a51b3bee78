"""The shapes of a recording's files, version 2; docs/reference/recording-format.md describes them in words."""

from __future__ import annotations

from math import isnan
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, field_validator, model_validator

from sre_advisor.connectors.contract import Role
from sre_advisor.connectors.prometheus.config import SignalQuery
from sre_advisor.model import AlertState, ChangeKind, Outcome, Service, SignalKind
from sre_advisor.replay.case import Moment, Name

FORMAT, VERSION = "sre-advisor-recording", 2
MANIFEST, ANSWERS, METRICS = "recording.json", "answers.jsonl.gz", "metrics.json"
ERAS = ("now", "day", "week")
"""The stretches of which series are held: up to the question, and the same a day and a week earlier."""

Text = Annotated[str, Field(max_length=200_000)]
Label = Annotated[str, Field(max_length=4_096)]
Labels = dict[Label, Label]


class Part(BaseModel):
    """Base of every shape: nothing unknown, nothing changeable, infinite numbers as words."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")


class AlertPart(Part):
    """An alert."""

    noun: Literal["alert"] = "alert"
    name: Name
    started_at: Moment
    ended_at: Moment | None = None
    service: Name | None = None
    severity: Label | None = None
    state: AlertState = AlertState.FIRING
    labels: Labels = {}
    annotations: dict[Label, Text] = {}
    link: Label | None = None


class RulePart(Part):
    """An alerting rule: `expr` is its PromQL, `for_s` how long it must hold before it fires."""

    group: Label
    name: Name
    expr: Text
    for_s: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    labels: Labels = {}
    annotations: dict[Label, Text] = {}


class ChangePart(Part):
    """A change."""

    noun: Literal["change"] = "change"
    id: Name
    kind: ChangeKind
    at: Moment
    summary: Text
    service: Name | None = None
    author: Label | None = None
    files: tuple[Label, ...] = ()
    diff: Text | None = None
    commit: Name | None = None
    repository: Name | None = None
    link: Label | None = None


class SectionPart(Part):
    """A section of a document."""

    noun: Literal["section"] = "section"
    path: Label
    heading: Label
    text: Text
    link: Label | None = None
    runbook_for: Name | None = None


class LogPart(Part):
    """A log line."""

    noun: Literal["log"] = "log"
    at: Moment
    service: Name | None = None
    level: Label | None = None
    message: Text


class SeriesPart(Part):
    """A golden signal: times in unix seconds, ascending; `offset_s` is how far in the past it was taken."""

    noun: Literal["series"] = "series"
    service: Name
    name: Name
    times: tuple[float, ...]
    values: tuple[float, ...]
    kind: SignalKind = SignalKind.OTHER
    unit: Label | None = None
    labels: Labels = {}
    offset_s: Annotated[float, Field(ge=-1e8, le=1e8, allow_inf_nan=False)] = 0.0

    @model_validator(mode="after")
    def _is_a_series(self) -> SeriesPart:
        if len(self.times) != len(self.values):
            raise ValueError("times and values differ in number")
        if not all(a < b for a, b in zip(self.times, self.times[1:], strict=False)):
            raise ValueError("times do not ascend")
        if any(map(isnan, self.values)) or not all(abs(t) < 1e11 for t in self.times):
            raise ValueError("holds what is no number or no time")
        return self


NounPart = Annotated[AlertPart | ChangePart | SectionPart | LogPart | SeriesPart, Field(discriminator="noun")]


class AnswerPart(Part):
    """One line of answers.jsonl.gz: what a tool answered to a request, and the nouns behind it where it had any."""

    id: Label
    source: Label
    tool: Label
    request: dict[str, JsonValue]
    outcome: Outcome
    summary: Text
    body: JsonValue = None
    window_start: Moment | None = None
    window_end: Moment | None = None
    link: Label | None = None
    truncated: Text | None = None
    nouns: tuple[NounPart, ...] = ()
    asked: bool = True
    """Whether the question's own investigation asked it; False: read for the recording alone."""


class MetricPart(Part):
    """A metric that the backend knew; `held` are the eras of which every series of it was recorded."""

    name: Name
    type: Label = ""
    help: Label = ""
    recent: bool = True
    """Whether it had samples in the hour before the question."""
    held: tuple[Literal["now", "day", "week"], ...] = ()


class MetricsPart(Part):
    """metrics.json: what the metrics backend held, and how its golden signals were asked for."""

    metrics: tuple[MetricPart, ...] = ()
    metadata: bool = True
    """Whether the backend told types and help at all."""
    signals: tuple[SignalQuery, ...] = ()
    configured: bool = False
    """Whether the signals were configured; False: found by looking."""
    services: tuple[Name, ...] = ()
    edges: tuple[tuple[Name, Name], ...] = ()
    scrape_interval_s: Annotated[float | None, Field(gt=0, le=86_400)] = None
    configured_interval: bool = False
    service_labels: tuple[Label, ...] = ()


class EraPart(Part):
    """A stretch of time of which raw series were recorded; `file` is OpenMetrics text, gzipped, None when empty."""

    name: Literal["now", "day", "week", "after"]
    start: Moment
    end: Moment
    file: Label | None = None
    series: int = 0
    samples: int = 0


class RepositoryPart(Part):
    """A repository: `bundle` holds it when it could be recorded, `why` says why not."""

    name: Name
    head: Annotated[str, Field(pattern=r"^[0-9a-f]{40,64}$")] | None = None
    bundle: Label | None = None
    renamed: Label | None = None
    """The file that says what commits' ids became (old and new, a pair a line) where secrets were taken out."""
    secrets: Annotated[int, Field(ge=0)] = 0
    default_branch: Label | None = None
    web_url: Label | None = None
    why: Text | None = None
    kind: Literal["git", "github"] = "git"


class DocsPart(Part):
    """A folder of documents under docs/."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
    base_url: Label | None = None


class SaidPart(Part):
    """Something said in the thread; `who` is a role, never a name."""

    at: Moment
    who: Literal["asker", "advisor"]
    text: Text


class OutcomePart(Part):
    """What it really was, as a person told afterwards."""

    cause: Text = ""
    remedy: Text = ""
    confirmed: bool = False
    """Whether somebody said of the answer itself that it was the cause."""
    at: Moment | None = None


class MadePart(Part):
    """Who answered the question then, and with what the recording was made."""

    advisor: Label | None = None
    model: Label | None = None
    prompt_hash: Label | None = None
    version: Label = ""
    recorded_at: Moment


class FilePart(Part):
    """A file of the recording."""

    bytes: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Manifest(Part):
    """recording.json."""

    format: Literal["sre-advisor-recording"] = FORMAT
    format_version: Literal[2] = VERSION
    id: Name
    question: Text
    asked_at: Moment
    now: Moment
    services_asked_about: tuple[Name, ...] = ()
    thread: tuple[SaidPart, ...] = ()
    step_s: Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)] = 15.0
    first_look_hours: Annotated[float, Field(gt=0, le=48, allow_inf_nan=False)] = 3.0
    change_hours: Annotated[float, Field(gt=0, le=336, allow_inf_nan=False)] = 24.0
    services: tuple[Service, ...] = ()
    edges: tuple[tuple[Name, Name], ...] = ()
    eras: tuple[EraPart, ...] = ()
    alerts: tuple[AlertPart, ...] = ()
    rules: tuple[RulePart, ...] = ()
    """The alerting rules that were loaded when the recording was made."""
    docs: tuple[DocsPart, ...] = ()
    repositories: tuple[RepositoryPart, ...] = ()
    tools: dict[Label, Role | None] = {}
    """Every tool that could be asked, and what the first look asks of it."""
    made: MadePart
    outcome: OutcomePart | None = None
    redactions: Annotated[int, Field(ge=0)] = 0
    left_out: tuple[Text, ...] = ()
    """What is missing and why, a line each."""
    files: dict[Label, FilePart] = {}

    @model_validator(mode="after")
    def _names_each_thing_once(self) -> Manifest:
        for what in (self.services, self.docs, self.eras):
            names = [one.name for one in what]
            if len(set(names)) < len(names):
                raise ValueError("names a service, a folder of documents or an era twice")
        code = [one.name for one in self.repositories if one.bundle]
        if len(set(code)) < len(code):
            raise ValueError("names a repository twice")
        if any(era.start > era.end for era in self.eras):
            raise ValueError("an era ends before it starts")
        return self

    @field_validator("files")
    @classmethod
    def _no_file_leaves(cls, files: dict[str, FilePart]) -> dict[str, FilePart]:
        for name in files:
            parts = name.split("/")
            if name.startswith("/") or "\\" in name or "\0" in name or any(p in ("", ".", "..") for p in parts):
                raise ValueError("names a file outside the recording")
        return files
