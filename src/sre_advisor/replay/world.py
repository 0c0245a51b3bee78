"""A recorded world: one folder, read once, that holds what the tools could have seen at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sre_advisor.model import Alert, Catalogue, Change, LogLine, Series, Service
from sre_advisor.replay.broken import BrokenRecording
from sre_advisor.replay.case import Case, ServiceCatalogue, parse_case, parse_services
from sre_advisor.replay.columns import parse_metrics
from sre_advisor.replay.folder import Folder, text_of
from sre_advisor.replay.kinds import kind_of, unit_of
from sre_advisor.replay.loglines import parse_logs
from sre_advisor.replay.unbundle import unbundle

CASE, METRICS, SERVICES, DOCS, BUNDLE = "case.json", "metrics.csv", "services.yaml", "docs", "repo.bundle"
MB = 1_000_000
CASE_LIMIT, METRICS_LIMIT, LOGS_LIMIT, SERVICES_LIMIT, BUNDLE_LIMIT = 16 * MB, 64 * MB, 32 * MB, MB, 64 * MB
"""Bytes a file of a recording may have."""


@dataclass(frozen=True, slots=True)
class World:
    """What was recorded, with the clock stopped at `now`; nothing in it is later.

    `series` are whole columns, times in unix seconds. `logs`, `docs` and `bundle` are None where they were not
    recorded, which says nothing about the systems they would have come from. `later` counts the alerts and changes
    left out for lying after `now`.
    """

    id: str
    question: str | None
    now: datetime
    step_s: float
    alerts: tuple[Alert, ...]
    changes: tuple[Change, ...]
    catalogue: Catalogue
    series: tuple[Series, ...]
    logs: tuple[LogLine, ...] | None
    docs: Path | None
    bundle: Path | None
    later: tuple[int, int] = (0, 0)

    @property
    def skew(self) -> str | None:
        """What was left out for lying after the recording's now, in words; None when nothing was."""
        counts = zip(self.later, ("alert", "change"), strict=True)
        told = [f"{n} {noun}{'s' if n > 1 else ''}" for n, noun in counts if n]
        lies = "lies" if sum(self.later) == 1 else "lie"
        return f"{' and '.join(told)} {lies} after the question's time: clock skew?" if told else None

    async def unbundle(self, into: Path) -> Path:
        """A bare mirror of the recorded repository under `into`, made once; raises BrokenRecording."""
        if self.bundle is None:
            raise BrokenRecording(BUNDLE, "", "is not part of this recording", "ask without the repository")
        return await unbundle(self.bundle, into)


def load_world(path: Path) -> World:
    """Read a recording of any version or a case of the public sets; raises BrokenRecording.

    Of version 2 this is only what nouns tell; `replay.opening` gives its tools.
    """
    if path.is_file() or (path / "recording.json").is_file():
        from sre_advisor.replay.shelf import shelf

        return shelf().take(path).world
    folder = Folder(path)
    case = parse_case(CASE, _needed(folder, CASE, CASE_LIMIT))
    told = folder.read(SERVICES, SERVICES_LIMIT)
    described = parse_services(SERVICES, text_of(SERVICES, told)) if told is not None else None
    series = _series(folder, case, described)
    logs = parse_logs(case.logs, _needed(folder, case.logs, LOGS_LIMIT), case.now) if case.logs else None
    alerts = tuple(a.noun() for a in case.alerts if a.started_at <= case.now)
    changes = tuple(sorted((c.noun() for c in case.changes if c.at <= case.now), key=lambda c: c.at))
    return World(
        id=case.id,
        question=case.question,
        now=case.now,
        step_s=case.step_s,
        alerts=alerts,
        changes=changes,
        catalogue=_catalogue(case, described, series, alerts, changes),
        series=series,
        logs=logs,
        docs=folder.docs(DOCS),
        bundle=folder.file(BUNDLE, BUNDLE_LIMIT),
        later=(len(case.alerts) - len(alerts), len(case.changes) - len(changes)),
    )


def _needed(folder: Folder, name: str, limit: int) -> bytes:
    data = folder.read(name, limit)
    if data is None:
        raise BrokenRecording(name, "", "is missing", "add the file or name another folder")
    return data


def _series(folder: Folder, case: Case, described: ServiceCatalogue | None) -> tuple[Series, ...]:
    columns = parse_metrics(METRICS, _needed(folder, METRICS, METRICS_LIMIT), case.now.timestamp())
    told = {signal.metric: signal for signal in described.signals} if described else {}
    names = {metric for _, metric in columns}
    kinds = {name: told[name].kind if name in told else kind_of(name) for name in names}
    units = {name: told[name].unit if name in told else unit_of(name) for name in names}
    return tuple(
        Series(service, metric, times, values, kinds[metric], units[metric], {"service": service})
        for (service, metric), (times, values) in sorted(columns.items(), key=lambda item: item[0])
    )


def _catalogue(
    case: Case,
    described: ServiceCatalogue | None,
    series: tuple[Series, ...],
    alerts: tuple[Alert, ...],
    changes: tuple[Change, ...],
) -> Catalogue:
    """The described services; in a recording that describes none, every service that anything was recorded of."""
    if described is not None:
        return Catalogue(described.services, case.graph)
    seen = [s.service for s in series]
    seen += [noun.service for noun in (*alerts, *changes) if noun.service]
    seen += [name for edge in case.graph for name in edge]
    return Catalogue(tuple(Service(name=name) for name in sorted(set(seen))), case.graph)
