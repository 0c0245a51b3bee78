"""A signal now against its own past: pure functions over one series and its earlier days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from sre_advisor.model import Series, Window

BASELINE_PART = 2 / 3
"""The part of the window that counts as "the hours before"."""
RECENT_PART = 1 / 36
"""The part that counts as now: five minutes of three hours, three samples at least."""
BAND_WIDTHS = 4.0
RELATIVE_FLOOR = 0.05
SHARE_FLOOR = 0.01
"""Shares move by a percent without meaning: a floor for units where the median is often 0."""
MOST_MOVED = 999.0
FEWEST_SAMPLES = 4
MAD_TO_SIGMA = 1.4826
DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One signal of one service over the window; `moved` is in robust standard deviations, None when not comparable.

    `before` is the median of the hours before; day and week ago are medians over the same window then.
    """

    series: Series
    now: float
    before: float | None
    day_ago: float | None
    week_ago: float | None
    low: float
    high: float
    moved: float | None
    left_band_at: float | None
    samples: int


def compare(series: Series, earlier: Iterable[Series], window: Window) -> Comparison:
    """The comparison; `series` must hold at least one sample."""
    times, values = series.times, np.clip(series.values, -1e100, 1e100)
    length = window.length.total_seconds()
    split = window.start.timestamp() + BASELINE_PART * length
    recent = values[times >= times[-1] - RECENT_PART * length]
    now = _median(recent if recent.size >= 3 else values[-3:])
    past = values[times < split]
    before = scale = moved = left = None
    if past.size >= FEWEST_SAMPLES:
        before = _median(past)
        scale = _scale(past, before, series.unit)
        moved = min(max((now - before) / scale, -MOST_MOVED), MOST_MOVED)
        left = _left_band(times, values, before, BAND_WIDTHS * scale)
    medians = {one.offset: _median(one.values) for one in earlier if one.values.size}
    return Comparison(
        series, now, before, medians.get(DAY), medians.get(WEEK), float(values.min()), float(values.max()), moved, left,
        int(values.size),
    )  # fmt: skip


def by_movement(comparisons: Iterable[Comparison]) -> list[Comparison]:
    """Those that moved most first; those that cannot be compared last; ties by name."""
    return sorted(comparisons, key=lambda c: (-abs(c.moved or 0.0), c.series.service, c.series.name))


def most_moved(series: Iterable[Series], window: Window, limit: int) -> tuple[str, ...]:
    """The services whose signals left their band, or have too little history to tell, first and farthest first."""
    order: dict[str, tuple[bool, float]] = {}
    for one in series:
        if one.values.size:
            found = compare(one, (), window)
            key = (found.left_band_at is not None or found.moved is None, abs(found.moved or 0.0))
            order[one.service] = max(order.get(one.service, key), key)
    return tuple(sorted(sorted(order, key=lambda name: order[name], reverse=True)[:limit]))


def group_earlier(series: Sequence[Series]) -> dict[tuple[str, str, tuple[tuple[str, str], ...]], list[Series]]:
    """Earlier series by what they are of."""
    grouped: dict[tuple[str, str, tuple[tuple[str, str], ...]], list[Series]] = {}
    for one in series:
        grouped.setdefault(identity(one), []).append(one)
    return grouped


def identity(series: Series) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """What a series is of: service, signal and remaining labels."""
    return series.service, series.name, tuple(sorted(series.labels.items()))


def _median(values: NDArray[np.float64]) -> float:
    """As numpy's, at a tenth of its cost on short arrays: thousands of series are compared while somebody waits."""
    ordered, half = np.sort(values), values.size // 2
    return float(ordered[half]) if values.size % 2 else float(ordered[half - 1] + ordered[half]) / 2


def _scale(past: NDArray[np.float64], median: float, unit: str | None) -> float:
    spread = MAD_TO_SIGMA * _median(np.abs(past - median))
    floor = SHARE_FLOOR / BAND_WIDTHS if unit == "ratio" else 0.0
    return max(spread, RELATIVE_FLOOR * abs(median), floor, 1e-9)


def _left_band(times: NDArray[np.float64], values: NDArray[np.float64], median: float, width: float) -> float | None:
    """When the weightiest stretch outside the band began; a single sample outside is no stretch."""
    beyond = np.abs(values - median) / width
    outside = beyond > 1
    if not outside.any():
        return None
    best, best_weight = None, 0.0
    start = 0
    for index in range(1, len(outside) + 1):
        if index < len(outside) and outside[index] == outside[start]:
            continue
        weight = float(np.minimum(beyond[start:index], 10.0).sum())
        if outside[start] and index - start >= 2 and weight > best_weight:
            best, best_weight = float(times[start]), weight
        start = index
    return best
