"""A recording of version 2 as a world: what the simple tools over recorded nouns need."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import numpy as np

from sre_advisor.model import Catalogue, Change, LogLine, Series
from sre_advisor.replay.nouns import alert_of, read
from sre_advisor.replay.parts import AnswerPart
from sre_advisor.replay.sealed import Sealed
from sre_advisor.replay.world import World


def world_of(sealed: Sealed, answers: Iterable[AnswerPart]) -> World:
    """The world as far as nouns tell of it; nothing in it is later than the recording's now."""
    told = sealed.manifest
    nouns = [read(part) for answer in answers for part in answer.nouns]
    alerts = [alert_of(part) for part in told.alerts]
    seen = [n for n in nouns if isinstance(n, Change)]
    changes = {change.id: change for change in seen if change.at <= told.now}
    logs = {(n.at, n.service, n.message): n for n in nouns if isinstance(n, LogLine) and n.at <= told.now}
    docs = sealed.docs()
    return World(
        id=told.id,
        question=told.question,
        now=told.now,
        step_s=told.step_s,
        alerts=tuple(a for a in alerts if a.started_at <= told.now),
        changes=tuple(sorted(changes.values(), key=lambda c: c.at)),
        catalogue=Catalogue(told.services, told.edges),
        series=_joined(n for n in nouns if isinstance(n, Series)),
        logs=tuple(sorted(logs.values(), key=lambda line: line.at)) if logs else None,
        docs=docs,
        bundle=next((sealed.path(r.bundle) for r in told.repositories if r.bundle), None),
        later=(sum(a.started_at > told.now for a in alerts), len({c.id for c in seen}) - len(changes)),
    )


def _joined(series: Iterable[Series]) -> tuple[Series, ...]:
    """Each signal once, over all the stretches in which it was read, each at its own time."""
    parts: dict[tuple[str, str, tuple[tuple[str, str], ...]], list[Series]] = {}
    for one in series:
        parts.setdefault((one.service, one.name, tuple(sorted(one.labels.items()))), []).append(one)
    joined: list[Series] = []
    for (service, name, labels), found in sorted(parts.items()):
        times = np.concatenate([one.times - one.offset.total_seconds() for one in found])
        values = np.concatenate([one.values for one in found])
        times, first = np.unique(times, return_index=True)
        values = values[first]
        times.flags.writeable = values.flags.writeable = False
        joined.append(Series(service, name, times, values, found[0].kind, found[0].unit, dict(labels), timedelta(0)))
    return tuple(joined)
