"""Prometheus' JSON turned into series; whatever does not look like a result is garbled, never half-read."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sre_advisor.connectors.contract import Unavailable
from sre_advisor.connectors.prometheus.backend import RangeSeries

MAX_LABELS = 64
MAX_LABEL_CHARACTERS = 512


def read_matrix(result: object) -> tuple[RangeSeries, ...]:
    """The series of a range query's result; NaN samples are left out, infinite ones kept; empty series dropped."""
    if not isinstance(result, list):
        raise Unavailable("garbled", "the answer to a range query is no list of series")
    series = (_read_series(item) for item in result)
    return tuple(one for one in series if one.times.size)


def read_vector(result: object) -> tuple[tuple[dict[str, str], float], ...]:
    """Labels and value of each element of an instant query's result, NaN left out."""
    if not isinstance(result, list):
        raise Unavailable("garbled", "the answer to an instant query is no list")
    try:
        pairs = [(read_labels(item["metric"]), float(item["value"][1])) for item in result]
    except (TypeError, KeyError, ValueError, IndexError):
        raise Unavailable("garbled", "an element of the answer is not a labelled value") from None
    return tuple((labels, value) for labels, value in pairs if not math.isnan(value))


def read_names(result: object) -> tuple[str, ...]:
    """A list of strings, as label and metric names come."""
    if not isinstance(result, list) or not all(isinstance(name, str) for name in result):
        raise Unavailable("garbled", "the answer is no list of names")
    return tuple(result)


def read_labels(raw: Any) -> dict[str, str]:
    """Labels as text, bounded in number and length: they are data and may be anything."""
    if not isinstance(raw, dict):
        raise TypeError("labels are no object")
    return {str(k)[:MAX_LABEL_CHARACTERS]: str(v)[:MAX_LABEL_CHARACTERS] for k, v in list(raw.items())[:MAX_LABELS]}


def _read_series(item: Any) -> RangeSeries:
    try:
        labels = read_labels(item["metric"])
        samples = item["values"]
        times = np.array([sample[0] for sample in samples], dtype=np.float64)
        values = np.array([float(sample[1]) for sample in samples], dtype=np.float64)
    except (TypeError, KeyError, ValueError, IndexError):
        raise Unavailable("garbled", "a series of the answer is not a list of time and value") from None
    keep = ~np.isnan(values) & np.isfinite(times)
    times, values = times[keep], values[keep]
    if times.size > 1 and not np.all(np.diff(times) > 0):
        times, first = np.unique(times, return_index=True)
        values = values[first]
    return RangeSeries(labels, times, values)
