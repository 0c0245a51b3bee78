"""When a series left its usual range, although the alert comes late and the start is only guessed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sre_advisor.model import SignalKind
from sre_advisor.triage.clean import Floats, Samples
from sre_advisor.triage.deviation import MOVED, Usual, quantile, usual

MARGIN_STEPS, MARGIN_SECONDS = 2, 60.0
"""Samples, and seconds at least, before the alert that are not trusted as baseline: rules look back over a window,
a minute at least, before they fire."""
NORMAL_ENDS = (0.25, 0.5, 0.75, 0.9)
"""Guesses of where normal ends, as shares of the time before the anchor: from slow leaks to alerts a little late."""
HELD_LEAST, HELD_SHARE = 5, 0.8
"""Samples, and share of all since the onset, that must lie outside before a departure counts as lasting."""


@dataclass(frozen=True, slots=True)
class Departure:
    """A leaving of the usual range: when, how far (in sigmas, signed) and to which value."""

    onset: float
    z: float
    value: float
    usual: Usual


def departure(samples: Samples, kind: SignalKind, anchor: float) -> Departure | None:
    """The departure at `anchor` (unix seconds: when the alert fired, or a guess); None when there is no baseline.

    The stretch since the anchor is held against all that went before it, and the onset found by walking back from
    the peak while samples stay outside, so a late alert does not make a late onset. When the alert is very late or
    the departure slow (a leak, a filling queue), much of the trouble lies in that baseline; so departures that had
    begun before and held until the anchor are looked for as well, from several guesses of where normal ends. Of all
    that left the range, the one whose onset parts the series best is taken: level before, a line after.
    """
    times, values = samples.times, samples.values
    margin = max(MARGIN_STEPS * samples.step, MARGIN_SECONDS)
    cut = int(np.searchsorted(times, anchor - margin, side="left"))
    sudden = _sudden(samples, kind, cut)
    ends = [_best_split(values[:cut]), *(int(cut * share) for share in NORMAL_ENDS)]
    lasting = [_held(samples, kind, end, cut) for end in dict.fromkeys(ends)]
    found = [d for d in (sudden, *lasting) if d is not None and abs(d.z) > MOVED]
    if len(found) < 2:
        return found[0] if found else sudden
    return min(found, key=lambda d: (_misfit(times, values, d.onset), -abs(d.z)))


def _sudden(samples: Samples, kind: SignalKind, cut: int) -> Departure | None:
    times, values = samples.times, samples.values
    normal = usual(values[:cut], kind, counted=samples.rate)
    if normal is None or cut >= values.size:
        return None
    z = (values - normal.middle) / normal.scale
    sign = 1.0 if np.max(z[cut:]) >= -np.min(z[cut:]) else -1.0
    peak = cut + int(np.argmax(sign * z[cut:]))
    return Departure(float(times[_walk_back(z, peak)]), sign * _height(sign * z[cut:]), float(values[peak]), normal)


def _height(recent: Floats) -> float:
    """Mean of the two highest samples: a single spike counts half, a lone sample as it is."""
    return float(np.mean(np.sort(recent)[-2:]))


def _walk_back(z: Floats, peak: int) -> int:
    """The first sample of the contiguous departure around `peak`, one sample back inside forgiven."""
    sign = 1.0 if z[peak] > 0 else -1.0
    outside = sign * z > MOVED
    first = at = peak
    while at > 0 and (outside[at - 1] or (at > 1 and outside[at - 2])):
        at -= 1
        first = at if outside[at] else first
    return first


def _held(samples: Samples, kind: SignalKind, end: int, cut: int) -> Departure | None:
    """The departure from the range of the first `end` samples that had begun before `cut` and held until then."""
    times, values = samples.times, samples.values
    normal = usual(values[:end], kind, counted=samples.rate)
    if normal is None or cut - end < HELD_LEAST:
        return None
    z = (values - normal.middle) / normal.scale
    sign = 1.0 if quantile(np.sort(z[cut - HELD_LEAST : cut]), 0.5) > 0 else -1.0
    outside = (sign * z[:cut] > MOVED).astype(np.float64)
    held = np.cumsum(outside[::-1])[::-1] / np.arange(cut, 0, -1)
    starts = np.flatnonzero((held >= HELD_SHARE) & (outside > 0))
    if starts.size == 0 or cut - int(starts[0]) < HELD_LEAST:
        return None
    start = int(starts[0])
    peak = int(np.argmax(sign * z[start:])) + start
    return Departure(float(times[start]), sign * _height(sign * z[start:]), float(values[peak]), normal)


def _best_split(values: Floats) -> int:
    """Where two levels fit best: the split with the least squared error around both means (Page's change point).

    Values are clipped to the 2-98 % range first, so that a spike is not taken for a level.
    """
    size = values.size
    if size < 2 * HELD_LEAST:
        return 0
    ordered = np.sort(values)
    clipped = np.minimum(np.maximum(values, quantile(ordered, 0.02)), quantile(ordered, 0.98))
    clipped = clipped - clipped.mean()
    left = np.cumsum(clipped)[:-1]
    count = np.arange(1, size)
    gain = left**2 / count + left**2 / (size - count)
    return int(np.argmax(gain[HELD_LEAST - 1 : size - HELD_LEAST])) + HELD_LEAST


def _misfit(times: Floats, values: Floats, onset: float) -> float:
    """Sum of absolute errors of a level before the onset and a straight line from it on."""
    at = int(np.searchsorted(times, onset, side="left"))
    before, after = values[:at], values[at:]
    level = float(np.abs(before - quantile(np.sort(before), 0.5)).sum()) if at else 0.0
    if after.size < 3:
        return level
    x = times[at:] - times[at:].mean()
    y = after - after.mean()
    slope = float((x * y).sum() / max(float((x * x).sum()), 1e-9))
    return level + float(np.abs(y - slope * x).sum())
