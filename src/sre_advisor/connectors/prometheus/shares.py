"""Shares of a signal (failures of requests) from two simple readings: the backend need not read the whole twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sre_advisor.connectors.prometheus.backend import RangeSeries
from sre_advisor.connectors.prometheus.config import SignalQuery


class ShareQuery(SignalQuery):
    """A signal that is a part of another one: `query` asks for the share itself, `part` for the part alone.

    `whole` is the other signal's name. Asked as one query, a share makes a server read the whole two more times.
    """

    part: str
    whole: str


def asked_for(query: SignalQuery, queries: Sequence[SignalQuery]) -> str:
    """The PromQL that is sent for a signal when all of `queries` are."""
    return query.part if isinstance(query, ShareQuery) and whole_of(query, queries) else query.query


def whole_of(query: SignalQuery, queries: Iterable[SignalQuery]) -> SignalQuery | None:
    """The signal whose share this one is, if it is asked for as well."""
    if not isinstance(query, ShareQuery):
        return None
    return next((q for q in queries if q.name == query.whole and q.service_label == query.service_label), None)


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
