"""When a series left its usual range, although the alert comes late and the start is only guessed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sre_advisor.model import SignalKind
from sre_advisor.triage.clean import Floats, Samples
from sre_advisor.triage.deviation import MOVED, Usual, usual

MARGIN_STEPS, MARGIN_SECONDS = 2, 60.0
"""Samples, and seconds at least, before the alert that are not trusted as baseline: rules look back over a window,
a minute at least, before they fire."""
NORMAL_ENDS = (0.25, 0.5, 0.75, 0.9)
"""Guesses of where normal ends, as shares of the time before the anchor: from slow leaks to alerts a little late."""
HELD_LEAST, HELD_SHARE = 5, 0.8
"""Samples, and share of all since the onset, that must lie outside before a departure counts as lasting."""


@dataclass(frozen=True, slots=True)
class Departure:
    """A leaving of the usual range: when, how far (in sigmas, signed) and to which value; `early` when well before."""

    onset: float
    z: float
    value: float
    usual: Usual
    early: bool = False


def departure(samples: Samples, kind: SignalKind, anchor: float) -> Departure | None:
    """The departure at `anchor` (unix seconds: when the alert fired, or a guess); None when there is no baseline.

    Two questions are asked. Does the stretch since the anchor lie outside of all that went before it? Then the onset
    is found by walking back from the peak while samples stay outside, so a late alert does not make a late onset.
    Had it already left for good before the anchor? Then the alert came late or the departure is a slow one (a leak, a
    filling queue), which the first question misses because the trouble lies in its baseline. Of the two answers the
    one further from its normal is taken.
    """
    times, values = samples.times, samples.values
    margin = max(MARGIN_STEPS * samples.step, MARGIN_SECONDS)
    cut = int(np.searchsorted(times, anchor - margin, side="left"))
    sudden = _sudden(times, values, kind, cut)
    long = _long(times, values, kind, cut)
    if sudden is None or long is None:
        return sudden or long
    return long if long.onset <= sudden.onset and abs(long.z) > abs(sudden.z) else sudden


def _sudden(times: Floats, values: Floats, kind: SignalKind, cut: int) -> Departure | None:
    normal = usual(values[:cut], kind)
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


def _long(times: Floats, values: Floats, kind: SignalKind, cut: int) -> Departure | None:
    """The furthest departure that had begun before `cut` and held until then, over guesses of where normal ends."""
    best: Departure | None = None
    for share in NORMAL_ENDS:
        found = _held(times, values, kind, int(cut * share), cut)
        if found is not None and (best is None or abs(found.z) > abs(best.z)):
            best = found
    return best


def _held(times: Floats, values: Floats, kind: SignalKind, end: int, cut: int) -> Departure | None:
    normal = usual(values[:end], kind)
    if normal is None or cut - end < HELD_LEAST:
        return None
    z = (values - normal.middle) / normal.scale
    sign = 1.0 if np.median(z[cut - HELD_LEAST : cut]) > 0 else -1.0
    outside = (sign * z[:cut] > MOVED).astype(np.float64)
    held = np.cumsum(outside[::-1])[::-1] / np.arange(cut, 0, -1)
    starts = np.flatnonzero((held >= HELD_SHARE) & (outside > 0))
    if starts.size == 0 or cut - int(starts[0]) < HELD_LEAST:
        return None
    start = int(starts[0])
    peak = int(np.argmax(sign * z[start:])) + start
    return Departure(float(times[start]), sign * _height(sign * z[start:]), float(values[peak]), normal, early=True)
