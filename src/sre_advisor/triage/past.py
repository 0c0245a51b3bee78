"""The same hours a day or a week ago: what moves daily at this time is no surprise, and can stand in as baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sre_advisor.model import Series, SignalKind
from sre_advisor.triage.clean import Samples, clean
from sre_advisor.triage.deviation import FAILING, MIN_BASELINE, usual
from sre_advisor.triage.onset import Departure

Key = tuple[str, str, tuple[tuple[str, str], ...]]


def key_of(series: Series) -> Key:
    """What makes a present series and its past one the same."""
    return series.service, series.name, tuple(sorted(series.labels.items()))


def pasts(series: Sequence[Series]) -> dict[Key, list[Series]]:
    """The past series (offset above zero), by what they are the past of."""
    out: dict[Key, list[Series]] = {}
    for one in series:
        if one.offset:
            out.setdefault(key_of(one), []).append(one)
    return out


def with_past(
    found: Departure | None, now: Samples, past: Sequence[Series], kind: SignalKind, anchor: float
) -> Departure | None:
    """The departure less what the past did at the same hours, or measured by the past where there is no baseline.

    excess = (now - usual) - (past since onset - past before it), never beyond zero; of several pasts the one that
    explains most counts, as one quiet Sunday does not make a Monday morning's rise a surprise. Failures are never
    usual: that they came yesterday at this hour as well takes nothing from them.
    """
    known = [p for p in map(clean, past) if p.times.size >= MIN_BASELINE]
    if found is None:
        return _by_past(now, known, kind, anchor)
    rest = found.z * found.usual.scale
    for one in known if kind not in FAILING else ():
        before, since = one.values[one.times < found.onset], one.values[one.times >= found.onset]
        if before.size < MIN_BASELINE or since.size == 0:
            continue
        rise = float(np.median(since) - np.median(before))
        left = found.z * found.usual.scale - rise
        if rise * found.z > 0:
            rest = min(rest, max(left, 0.0)) if found.z > 0 else max(rest, min(left, 0.0))
    return replace(found, z=rest / found.usual.scale)


def _by_past(now: Samples, past: Sequence[Samples], kind: SignalKind, anchor: float) -> Departure | None:
    if not past or now.times.size == 0:
        return None
    normal = usual(np.concatenate([p.values for p in past]), kind, counted=now.rate)
    recent = now.times >= min(anchor, float(now.times[-1]))
    if normal is None:
        return None
    z = (now.values - normal.middle) / normal.scale
    peak = int(np.flatnonzero(recent)[np.argmax(np.abs(z[recent]))])
    return Departure(float(now.times[recent][0]), float(z[peak]), float(now.values[peak]), normal)
