"""What PromQL's functions over a range of time make of one series, at many moments at once.

Formulas are those of Prometheus' own documentation and behaviour (rate and increase extrapolate to the range's ends,
by at most half an average distance of samples where one is missing there, and never below zero).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

LOOKBACK_S = 300.0


def newest(times: Array, values: Array, at: Array) -> Array:
    """At each moment the newest sample of the last five minutes; NaN where there is none."""
    place = np.searchsorted(times, at, side="right") - 1
    safe = np.maximum(place, 0)
    fresh = (place >= 0) & (at - times[safe] <= LOOKBACK_S)
    return np.where(fresh, values[safe], np.nan)


def extrapolated(times: Array, values: Array, at: Array, span: float, *, counter: bool, rate: bool) -> Array:
    """rate, increase and delta over the `span` seconds before each moment; NaN where fewer than two samples lie."""
    first = np.searchsorted(times, at - span, side="left")
    last = np.searchsorted(times, at, side="right") - 1
    count = last - first + 1
    enough = count >= 2
    first, last = np.where(enough, first, 0), np.where(enough, last, min(1, times.size - 1))
    resets = np.concatenate([[0.0], np.cumsum(np.where(np.diff(values) < 0, values[:-1], 0.0))])
    grown = values[last] - values[first] + (resets[last] - resets[first] if counter else 0.0)
    sampled = times[last] - times[first]
    average = sampled / np.maximum(count - 1, 1)
    to_start, to_end = times[first] - (at - span), at - times[last]
    with np.errstate(all="ignore"):
        if counter:
            to_zero = sampled * (values[first] / grown)
            clamp = (grown > 0) & (values[first] >= 0) & (to_zero < to_start)
            to_start = np.where(clamp, to_zero, to_start)
        reach = sampled + np.where(to_start < average * 1.1, to_start, average / 2)
        reach += np.where(to_end < average * 1.1, to_end, average / 2)
        result = grown * (reach / sampled)
    return np.where(enough, result / span if rate else result, np.nan)


_OVER_TIME: dict[str, Callable[[Array], float]] = {
    "avg_over_time": lambda v: float(v.mean()), "max_over_time": lambda v: float(v.max()),
    "min_over_time": lambda v: float(v.min()), "sum_over_time": lambda v: float(v.sum()),
    "count_over_time": lambda v: float(v.size), "last_over_time": lambda v: float(v[-1]),
}  # fmt: skip
OVER_TIME = frozenset(_OVER_TIME)


def over_time(name: str, times: Array, values: Array, at: Array, span: float) -> Array:
    """One of the …_over_time functions over the `span` seconds before each moment; NaN where no sample lies."""
    first = np.searchsorted(times, at - span, side="left")
    last = np.searchsorted(times, at, side="right")
    draw = _OVER_TIME[name]
    return np.array([draw(values[a:b]) if b > a else np.nan for a, b in zip(first, last, strict=True)])


def quantile_of_buckets(wanted: float, bounds: Array, counts: Array) -> Array:
    """histogram_quantile: `bounds` ascending and ending in +Inf, `counts` cumulative, one row for each bound."""
    counts = np.maximum.accumulate(np.where(np.isnan(counts), 0.0, counts), axis=0)
    result = np.full(counts.shape[1], np.nan)
    if bounds.size < 2 or not np.isinf(bounds[-1]):
        return result
    for moment in range(counts.shape[1]):
        column = counts[:, moment]
        rank = wanted * column[-1]
        if column[-1] == 0:
            continue
        place = int(np.searchsorted(column[:-1], rank, side="left"))
        if place == bounds.size - 1:
            result[moment] = bounds[-2]
        elif place == 0 and bounds[0] <= 0:
            result[moment] = bounds[0]
        else:
            below, start = (column[place - 1], bounds[place - 1]) if place else (0.0, 0.0)
            inside = column[place] - below
            result[moment] = start + (bounds[place] - start) * ((rank - below) / inside) if inside else bounds[place]
    return result
