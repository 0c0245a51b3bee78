"""Intervals for a rate and for the difference of two, with cases as clusters.

Trials of one case are no new evidence about other cases.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

RESAMPLES = 4_000
Z95 = 1.959964
LEVEL, Z98 = 0.98, 2.326348
"""What a difference's interval is drawn at: at 95 % one set of a hundred repetitions in ten held fewer than 93."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate and the interval around it: of a rate at 95 %, of a difference at 98 %."""

    estimate: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Whether all of it lies on one side of nothing."""
        return self.low > 0 or self.high < 0

    def as_json(self) -> dict[str, float]:
        """Rounded to four digits after the point."""
        return {"estimate": round(self.estimate, 4), "low": round(self.low, 4), "high": round(self.high, 4)}


def rate(by_case: Sequence[Sequence[float]]) -> Interval | None:
    """The mean over cases of each case's share; None without any observation.

    Wilson's interval, with as many observations as the clusters are worth (Kish's design effect).
    """
    cases = [c for c in by_case if len(c)]
    if not cases:
        return None
    means = np.array([float(np.mean(c)) for c in cases])
    p, trials = float(means.mean()), sum(len(c) for c in cases)
    n = _effective(means, p, trials)
    center = (p + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half = Z95 * sqrt(max(0.0, p * (1 - p) / n + Z95**2 / (4 * n * n))) / (1 + Z95**2 / n)
    return Interval(p, max(0.0, center - half), min(1.0, center + half))


def _effective(means: NDArray[np.float64], p: float, trials: int) -> float:
    if len(means) < 2 or p in (0.0, 1.0):
        return float(len(means))
    between = float(means.var(ddof=1)) / len(means)
    return float(min(trials, max(1.0, p * (1 - p) / between))) if between > 0 else float(trials)


def difference(pairs: Sequence[float], *, of_shares: bool = True) -> Interval | None:
    """The mean of paired differences, one for each case, by the bootstrap-t over cases (Efron 1981; Hall 1988).

    Percentile intervals hold too seldom with a few dozen clusters; studentised ones about as often as they say, and
    the bound of Student's t is taken where it is the more cautious. Where
    no case differs from another a resample has no spread: then, for shares, what one more case could show bounds the
    interval. Deterministic: the same differences give the same interval.
    """
    d = np.asarray(pairs, dtype=np.float64)
    if not d.size:
        return None
    mean, n = float(d.mean()), d.size
    spread = float(d.std(ddof=1)) if n > 1 else 0.0
    if spread < 1e-12:
        reach = 1 - (1 - LEVEL) ** (1 / n) if of_shares else 0.0
        return _within(mean, mean - reach, mean + reach, of_shares=of_shares)
    se = spread / sqrt(n)
    t = np.sort(_studentised(d, mean))
    low, high = np.quantile(t, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    reach = _student(n - 1) * se
    bounds = min(mean - float(high) * se, mean - reach), max(mean - float(low) * se, mean + reach)
    return _within(mean, *bounds, of_shares=of_shares)


def _student(freedom: int) -> float:
    """The two-sided 98 % point of Student's t, by its expansion in the degrees of freedom (Fisher & Cornish 1960)."""
    z, v = Z98, float(freedom)
    terms = (
        (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96, (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )  # fmt: skip
    return z + sum(term / v ** (i + 1) for i, term in enumerate(terms))


def _within(mean: float, low: float, high: float, *, of_shares: bool) -> Interval:
    return Interval(mean, max(-1.0, low), min(1.0, high)) if of_shares else Interval(mean, low, high)


def _studentised(d: NDArray[np.float64], mean: float) -> NDArray[np.float64]:
    """(mean* - mean) / se* of resampled cases; a resample without spread counts as the widest of the others."""
    state = np.random.RandomState(int.from_bytes(hashlib.sha256(d.tobytes()).digest()[:4], "big"))
    picked = d[state.randint(0, d.size, size=(RESAMPLES, d.size))]
    se = picked.std(axis=1, ddof=1) / sqrt(d.size)
    shift = picked.mean(axis=1) - mean
    usable = se > 1e-12
    t = np.empty(RESAMPLES)
    t[usable] = shift[usable] / se[usable]
    widest = np.abs(t[usable]).max() if usable.any() else 10.0
    t[~usable] = np.sign(shift[~usable]) * widest
    return t
