"""The project's nouns as a recording writes them, and back."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from sre_advisor.connectors.contract import Noun
from sre_advisor.model import Alert, Change, DocSection, LogLine, Series
from sre_advisor.replay.parts import AlertPart, ChangePart, LogPart, NounPart, SectionPart, SeriesPart


def written(noun: Noun) -> AlertPart | ChangePart | SectionPart | LogPart | SeriesPart:
    """The noun as it is recorded."""
    match noun:
        case Alert():
            return alert_part(noun)
        case Change():
            return ChangePart(
                id=noun.id, kind=noun.kind, at=noun.at, summary=noun.summary, service=noun.service, author=noun.author,
                files=noun.files, diff=noun.diff, commit=noun.commit, repository=noun.repository, link=noun.link,
            )  # fmt: skip
        case DocSection():
            return SectionPart(
                path=noun.path, heading=noun.heading, text=noun.text, link=noun.link, runbook_for=noun.runbook_for
            )
        case LogLine():
            return LogPart(at=noun.at, service=noun.service, level=noun.level, message=noun.message)
        case Series():
            known = ~np.isnan(noun.values)
            return SeriesPart(
                service=noun.service, name=noun.name, times=tuple(noun.times[known].tolist()),
                values=tuple(noun.values[known].tolist()), kind=noun.kind, unit=noun.unit, labels=dict(noun.labels),
                offset_s=noun.offset.total_seconds(),
            )  # fmt: skip


def alert_part(alert: Alert) -> AlertPart:
    """The alert as it is recorded."""
    return AlertPart(
        name=alert.name, started_at=alert.started_at, ended_at=alert.ended_at, service=alert.service,
        severity=alert.severity, state=alert.state, labels=dict(alert.labels), annotations=dict(alert.annotations),
        link=alert.link,
    )  # fmt: skip


def read(part: NounPart) -> Noun:
    """The noun that was recorded."""
    match part:
        case AlertPart():
            return alert_of(part)
        case ChangePart():
            return Change(**part.model_dump(exclude={"noun"}))
        case SectionPart():
            return DocSection(**part.model_dump(exclude={"noun"}))
        case LogPart():
            return LogLine(part.at, part.service, part.level, part.message)
        case SeriesPart():
            times, values = np.array(part.times, dtype=np.float64), np.array(part.values, dtype=np.float64)
            times.flags.writeable = values.flags.writeable = False
            return Series(
                part.service, part.name, times, values, part.kind, part.unit, part.labels,
                timedelta(seconds=part.offset_s),
            )  # fmt: skip


def alert_of(part: AlertPart) -> Alert:
    """The alert that was recorded."""
    return Alert(**part.model_dump(exclude={"noun"}))
