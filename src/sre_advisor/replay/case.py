"""The shapes of `case.json` and `services.yaml`, and their way into the project's nouns."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

import yaml
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, ValidationError
from pydantic_core import from_json

from sre_advisor.model import Alert, Change, ChangeKind, Service, SignalKind
from sre_advisor.replay.broken import BrokenRecording, from_validation

FORMAT_VERSION = 1


def _utc(at: datetime) -> datetime:
    if not 1970 <= at.year < 2200:
        raise ValueError("lies outside the years 1970 to 2200")
    return at.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_utc)]
Name = Annotated[str, Field(min_length=1, max_length=500)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class RecordedAlert(_Part):
    """One alert of `case.json`."""

    name: Name
    started_at: Moment
    service: Name | None = None
    severity: str | None = None
    labels: dict[str, str] = Field(default_factory=dict)
    annotations: dict[str, str] = Field(default_factory=dict)

    def noun(self) -> Alert:
        """The same as the project's noun."""
        return Alert(
            name=self.name, started_at=self.started_at, service=self.service, severity=self.severity,
            labels=self.labels, annotations=self.annotations,
        )  # fmt: skip


class RecordedChange(_Part):
    """One change of `case.json`."""

    id: Name
    kind: ChangeKind
    at: Moment
    summary: str
    service: Name | None = None
    author: str | None = None
    files: tuple[str, ...] = ()
    diff: str | None = None
    commit: str | None = None

    def noun(self) -> Change:
        """The same as the project's noun."""
        return Change(
            id=self.id, kind=self.kind, at=self.at, summary=self.summary, service=self.service, author=self.author,
            files=self.files, diff=self.diff, commit=self.commit,
        )  # fmt: skip


class Case(_Part):
    """`case.json`; without a `format_version` it is a case of a public data set."""

    id: Name
    now: Moment
    step_s: Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)]
    alerts: tuple[RecordedAlert, ...]
    changes: tuple[RecordedChange, ...] = ()
    graph: tuple[tuple[Name, Name], ...] = ()
    logs: Name | None = None
    question: str | None = None
    source: str | None = None
    licence: str | None = None
    format_version: Literal[1] | None = None


class SignalEntry(_Part):
    """One line of `services.yaml`'s `signals`: which golden signal a recorded metric is."""

    metric: Name
    kind: SignalKind
    unit: str | None = None


class ServiceCatalogue(_Part):
    """`services.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    services: tuple[Service, ...]
    signals: tuple[SignalEntry, ...] = ()


def parse_case(name: str, data: bytes) -> Case:
    """Read `case.json`; unknown fields are errors in the project's own format, ignored in others' older cases.

    Raises BrokenRecording.
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
    version = _version(name, data)
    try:
        return Case.model_validate_json(data, strict=True, extra="ignore" if version is None else "forbid")
    except ValidationError as error:
        raise from_validation(name, error) from None


def _version(name: str, data: bytes) -> JsonValue:
    try:
        parsed: JsonValue = from_json(data, allow_inf_nan=False)
    except ValueError as error:
        raise BrokenRecording(name, "", f"is not valid JSON ({error})", "correct the file or record again") from None
    if not isinstance(parsed, dict):
        raise BrokenRecording(name, "", "does not hold one JSON object", "see the format of recordings")
    version = parsed.get("format_version")
    if version is None or (version == FORMAT_VERSION and not isinstance(version, bool)):
        return version
    raise BrokenRecording(
        name, "field format_version", f"is not a version this program reads (it reads {FORMAT_VERSION})",
        "read it with a newer sre-advisor or record again",
    )  # fmt: skip


def parse_services(name: str, text: str) -> ServiceCatalogue:
    """Read `services.yaml`; raises BrokenRecording, also when a service or a metric is described twice."""
    try:
        loaded: object = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise BrokenRecording(name, line, "is not valid YAML", "correct the line") from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise BrokenRecording(name, "", "is not valid YAML", "correct the file") from None
    try:
        catalogue = ServiceCatalogue.model_validate(loaded)
    except (ValidationError, RecursionError) as error:
        if isinstance(error, ValidationError):
            raise from_validation(name, error) from None
        raise BrokenRecording(name, "", "is nested too deeply", "correct the file") from None
    _refuse_twice(name, "services", [service.name for service in catalogue.services])
    _refuse_twice(name, "signals", [signal.metric for signal in catalogue.signals])
    return catalogue


def _refuse_twice(file: str, field: str, names: list[str]) -> None:
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name in seen:
            raise BrokenRecording(file, f"field {field}.{index}", "is described twice", "keep one of the two")
        seen.add(name)
