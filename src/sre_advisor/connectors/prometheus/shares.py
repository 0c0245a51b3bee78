"""Shares of a signal (failures of requests) from two simple readings: the backend need not read the whole twice."""

from __future__ import annotations

from collections.abc import Iterable

from sre_advisor.connectors.prometheus.backend import RangeSeries
from sre_advisor.connectors.prometheus.config import SignalQuery


def share_query(part: str, whole: str) -> str:
    """PromQL for part divided by whole.

    Without the second half a service that has traffic and no failures would be missing, as if nobody had looked.
    """
    return f"({part} or 0 * {whole}) / ({whole} > 0)"


def part_of(query: str, whole: str) -> str | None:
    """The part, if `query` is the share of it in `whole` as share_query writes it (or a configuration copied it)."""
    part = query[1 : 1 - len(share_query("", whole))]
    return part if query == share_query(part, whole) else None


def apart(query: SignalQuery, queries: Iterable[SignalQuery]) -> tuple[str, SignalQuery] | None:
    """The part alone and the whole's signal, when a signal is the share of one that is read as well.

    Asked as one query, a share makes a server read the whole two more times.
    """
    wholes = (q for q in queries if q.service_label == query.service_label)
    return next(((part, q) for q in wholes if (part := part_of(query.query, q.query)) is not None), None)


def shares(part: Iterable[RangeSeries], whole: Iterable[RangeSeries], label: str) -> tuple[RangeSeries, ...]:
    """Part divided by whole for each service of the whole, where that is above zero; no part at a moment is none of it.

    Both must have been read at the same moments.
    """
    import numpy as np  # imported here, so that naming the tools at start costs nothing

    parts = {one.labels.get(label): one for one in part}
    found: list[RangeSeries] = []
    for one in whole:
        values = np.zeros(one.values.size)
        mine = parts.get(one.labels.get(label))
        if mine is not None:
            _, here, there = np.intersect1d(one.times, mine.times, assume_unique=True, return_indices=True)
            values[here] = mine.values[there]
        some = one.values > 0
        if some.any():
            found.append(RangeSeries(one.labels, one.times[some], values[some] / one.values[some]))
    return tuple(found)
