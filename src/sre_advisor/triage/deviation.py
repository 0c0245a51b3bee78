"""How far a series left its usual range, on a scale that quiet, noisy and drifting series share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sre_advisor.model import SignalKind
from sre_advisor.triage.clean import Floats

FAILING = frozenset({SignalKind.ERRORS, SignalKind.AVAILABILITY})
"""Kinds that count requests gone wrong."""
MAD_TO_SIGMA = 1.4826
"""Makes the median absolute deviation of normal noise its standard deviation (Rousseeuw & Croux 1993)."""
RELATIVE_FLOOR = 0.05
"""Smallest scale as a share of the usual level: a movement below a few percent troubles nobody."""
RATIO_FLOOR = 0.005
"""Smallest scale of a share of requests: half a percent of them, the strictest objective in common use."""
MOVED = 3.0
"""Robust standard deviations from which a sample counts as outside: 0.3 % of normal noise (three-sigma rule)."""
LONE_FAILURE = 1 / MOVED
"""Smallest scale of a counter of failures: a lone one, where there are hardly any, is at the border, two are beyond."""
MIN_BASELINE = 3
"""Samples below which a median and its deviation say nothing at all."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What a series does when nothing is wrong: its middle and the size of its ordinary movement."""

    middle: float
    scale: float


def usual(baseline: Floats, kind: SignalKind, *, counted: bool = False) -> Usual | None:
    """Median and robust scale of `baseline`; None when it is too short.

    The scale is the largest of the MAD, half the 5-95 % range in sigmas (tails the MAD does not see), and a floor
    that keeps near-constant series from winning by arithmetic: a share of the level, for shares of requests a share
    of the whole, for whole numbers the counting noise (the square root of the count, as in a Poisson process).
    `counted` says that the values are increases of a counter, which are no share of anything.
    """
    if baseline.size < MIN_BASELINE:
        return None
    ordered = np.sort(baseline)
    low, middle, high = (quantile(ordered, share) for share in (0.05, 0.5, 0.95))
    mad = MAD_TO_SIGMA * quantile(np.sort(np.abs(baseline - middle)), 0.5)
    scale = max(mad, (high - low) / 3.29, _floor(baseline, middle, kind, counted=counted))
    return Usual(middle, scale * few_samples(baseline.size))


def quantile(ordered: Floats, share: float) -> float:
    """The value at a share (0 to 1) of sorted values, linear between neighbours as in numpy, at a tenth of its cost."""
    place = share * (ordered.size - 1)
    below = int(place)
    low, high = float(ordered[below]), float(ordered[min(below + 1, ordered.size - 1)])
    return low + (place - below) * (high - low)


def few_samples(count: int) -> float:
    """How much wider a scale from few samples must be taken: 1 + 3 / (n - 2).

    The ratio of Student's t to the normal's three-sigma quantile, within a tenth of it from five samples on.
    """
    return 1.0 + 3.0 / max(count - 2, 1)


def _floor(baseline: Floats, middle: float, kind: SignalKind, *, counted: bool) -> float:
    whole = None if counted else whole_of(baseline, kind)
    if whole is not None:
        return RATIO_FLOOR * whole
    typical = float(np.mean(np.abs(baseline)))
    floor = max(RELATIVE_FLOOR * max(abs(middle), typical), 1e-9)
    if counted and kind is SignalKind.ERRORS:
        # Failures are counted one by one, even where uneven sampling makes fractions of their increases.
        return max(floor, typical**0.5, LONE_FAILURE)
    if _whole_numbers(baseline) and kind not in {SignalKind.LATENCY, SignalKind.AVAILABILITY}:
        floor = max(floor, max(typical, 1.0) ** 0.5)
    return floor


def whole_of(values: Floats, kind: SignalKind) -> float | None:
    """1 or 100 for errors and availability that look like a share or a percentage; None for other quantities.

    Errors that are sometimes 0 and sometimes 1 and never in between are a count of few.
    """
    if kind not in FAILING or values.size == 0:
        return None
    top = float(np.max(values))
    if float(np.min(values)) < 0 or top > 100:
        return None
    if top == 1 and kind is SignalKind.ERRORS and _whole_numbers(values):
        return None
    if top <= 1:
        return 1.0
    return 100.0 if kind is SignalKind.AVAILABILITY and top > 50 else None


def _whole_numbers(values: Floats) -> bool:
    return bool(np.all(values == np.floor(values)))


PLAINLY_BROKEN = 15.0
"""Ceiling of `surprise`, about 160 sigmas: beyond it the size says how quiet the baseline was, not how bad it is."""


def surprise(z: float) -> float:
    """A deviation compressed: equal up to the threshold, then logarithmic, then flat.

    Beyond it more sigmas say little more (a constant series may be a thousand away), so that breadth of evidence and
    position in the graph can decide between two services that are both plainly broken.
    """
    size = abs(z)
    return size if size <= MOVED else min(PLAINLY_BROKEN, MOVED * (1.0 + float(np.log(size / MOVED))))
