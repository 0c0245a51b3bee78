"""Series as they come made fit for arithmetic: ordered, finite, one value a moment, counters as increases."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sre_advisor.model import Series
from sre_advisor.triage.words import split_identifier

Floats = NDArray[np.float64]

_COUNTER_ENDINGS = frozenset({"total", "count", "sum", "bucket"})
_RESETS_ALLOWED = 0.1
"""Share of falling steps a counter may show (restarts); a gauge called "total" falls about as often as it rises."""
LARGEST = 1e100
"""Values beyond this are taken for garbage: nothing measured is as large, and squares must stay finite."""
FINEST, FEWEST_BINS = 10.0, 60
"""Seconds over which finer samples are averaged, and how many such stretches there must be: from one second to the
next there is mostly noise, and nobody is woken for ten seconds."""


@dataclass(frozen=True, slots=True)
class Samples:
    """Clean samples and their usual spacing in seconds; `rate` says that a counter was turned into increases."""

    times: Floats
    values: Floats
    step: float
    rate: bool = False


def clean(series: Series) -> Samples:
    """The series ordered in time, without NaN or infinity, the last value of each moment, counters as increases."""
    size = min(len(series.times), len(series.values))
    times = np.asarray(series.times[:size], dtype=np.float64)
    values = np.asarray(series.values[:size], dtype=np.float64)
    keep = np.isfinite(times) & (np.abs(values) < LARGEST)
    times, values = (times, values) if keep.all() else (times[keep], values[keep])
    if not np.all(times[1:] > times[:-1]):
        order = np.argsort(times, kind="stable")
        times, values = times[order], values[order]
        last = np.append(np.diff(times) > 0, True)
        times, values = times[last], values[last]
    step = _median(np.diff(times)) if times.size > 1 else 0.0
    counter = _is_counter(series.name, values)
    times, values, step = _binned(times, values, step, counter=counter)
    if counter:
        times, values = _increases(times, values, step)
        return Samples(times, values, step, rate=True)
    return Samples(times, values, step)


def _median(values: Floats) -> float:
    """As numpy's, at a tenth of its cost on short arrays."""
    ordered, half = np.sort(values), values.size // 2
    return float(ordered[half]) if values.size % 2 else float(ordered[half - 1] + ordered[half]) / 2


def _binned(times: Floats, values: Floats, step: float, *, counter: bool) -> tuple[Floats, Floats, float]:
    """Means over FINEST seconds (the last value of a counter) where sampling is finer and enough bins remain."""
    if step <= 0 or step > FINEST / 2 or times[-1] - times[0] < FEWEST_BINS * FINEST:
        return times, values, step
    bins = np.floor(times / FINEST)
    starts = np.flatnonzero(np.append(True, np.diff(bins) > 0))
    ends = np.append(starts[1:], times.size)
    if counter:
        return times[ends - 1], values[ends - 1], FINEST
    return times[starts], np.add.reduceat(values, starts) / (ends - starts), FINEST


def _is_counter(name: str, values: Floats) -> bool:
    words = split_identifier(name)
    if values.size < 3 or not words or words[-1] not in _COUNTER_ENDINGS or np.any(values < 0):
        return False
    steps = np.diff(values)
    moving = steps[steps != 0]
    return moving.size > 0 and float(np.mean(moving < 0)) <= _RESETS_ALLOWED


def _increases(times: Floats, values: Floats, step: float) -> tuple[Floats, Floats]:
    """Increase per usual step; the stretch of a reset is left out, as nobody knows what was counted before it."""
    raw, gap = np.diff(values), np.maximum(np.diff(times), 1e-9)
    keep = raw >= 0
    return times[1:][keep], raw[keep] * (step / gap[keep])
