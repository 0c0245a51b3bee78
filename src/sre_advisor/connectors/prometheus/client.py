"""Prometheus as a backend of the metrics tools."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sre_advisor.connectors.contract import Health, ToolFailure, Unavailable
from sre_advisor.connectors.prometheus.alert_history import (
    HISTORY_BYTES,
    HISTORY_POINTS,
    history_query,
    read_alert_history,
)
from sre_advisor.connectors.prometheus.backend import MetricInfo, RangeSeries
from sre_advisor.connectors.prometheus.config import WINDOW_PLACEHOLDER, PrometheusConfig, SignalQuery
from sre_advisor.connectors.prometheus.links import graph_link
from sre_advisor.connectors.prometheus.metric_search import best_matches
from sre_advisor.connectors.prometheus.partial import PartialSignals
from sre_advisor.connectors.prometheus.ping import ping
from sre_advisor.connectors.prometheus.reads import PrometheusReads
from sre_advisor.connectors.prometheus.resolution import FEWEST_POINTS, nice_step, points_for, rate_window
from sre_advisor.connectors.prometheus.schemes import PLAIN_NAME
from sre_advisor.connectors.prometheus.shares import apart, shares
from sre_advisor.connectors.prometheus.signal_queries import narrowed
from sre_advisor.model import Alert, Series, Window
from sre_advisor.sharing import Shared

if TYPE_CHECKING:
    from sre_advisor.connectors.prometheus.discovery import Discovery

SERIES_PER_SIGNAL = 2_000
LABELLED_HITS = 10
PASTS = 100
"""Services whose yesterday and last week are read: of thousands it would triple what the server has to do."""
LOOKED_AT = timedelta(hours=1)
SIGNALS_FOR_S = 20.0
"""Long enough for a model's first turn; a window is past when it is read, so that it hardly changes."""
DISCOVERY_FOR = timedelta(minutes=30)


def _local_now() -> datetime:
    return datetime.now().astimezone()


class PrometheusClient(PrometheusReads):
    """One Prometheus; what it holds is looked up once and kept for half an hour where configuration does not say."""

    def __init__(
        self, config: PrometheusConfig, name: str = "prometheus", clock: Callable[[], datetime] = _local_now
    ) -> None:
        super().__init__(config)
        self.name, self._clock = name, clock
        self._found: Discovery | None = None
        self._found_at: datetime | None = None
        self._finding = asyncio.Lock()
        self._services: int | None = None
        self._signals = Shared[PartialSignals](SIGNALS_FOR_S)

    async def discovered(self, at: datetime) -> Discovery:
        """What this Prometheus holds, looked up at most once in half an hour; nothing found is looked up again."""
        from sre_advisor.connectors.prometheus.discovery import discover

        async with self._finding:
            fresh = self._found_at is not None and abs(at - self._found_at) < DISCOVERY_FOR
            if self._found is None or not fresh or not self._found.signals:
                self._found, self._found_at = await discover(self, at), at
            return self._found

    async def warm(self) -> None:
        """Look up what there is, or anew; a question that comes meanwhile waits for the first time only."""
        from sre_advisor.connectors.prometheus.discovery import discover

        now = datetime.now(UTC)
        if self._found is None or self._told:
            await self._what_to_ask(now)
        elif (found := await discover(self, now)).signals:
            self._found, self._found_at = found, now

    async def signals(self, window: Window, offset: timedelta) -> PartialSignals:
        """Golden signals of all services over the window moved back by `offset`: one query a signal.

        Raises the first failure when not one signal could be read; otherwise `unread` names what is missing. A model
        that asks for some services of the window that the first look read is answered from what that read.
        """
        return await self._signals.once((window, offset), lambda: self._read_signals(window, offset))

    async def _read_signals(self, window: Window, offset: timedelta) -> PartialSignals:
        queries, interval, services = await self._what_to_ask(window.end)
        chosen = await self._worth_a_past(window) if offset and services > PASTS else ()
        points = FEWEST_POINTS if offset else points_for(services)
        step = nice_step(window.length.total_seconds(), points, interval or 1.0)
        moved = Window(window.start - offset, window.end - offset)
        span = f"{rate_window(interval, step)}s"
        sent = {query.name: query.query.replace(WINDOW_PLACEHOLDER, span) for query in queries}
        parts = {q.name: found for q in queries if (found := apart(q, queries)) is not None}
        asked = [parts[q.name][0] if q.name in parts else q.query for q in queries]
        if chosen:
            asked = [narrowed(promql, q.service_label, chosen) for promql, q in zip(asked, queries, strict=True)]
        answers = await asyncio.gather(
            *(self.query_range(promql.replace(WINDOW_PLACEHOLDER, span), moved, step) for promql in asked),
            return_exceptions=True,
        )
        results = dict(zip((query.name for query in queries), answers, strict=True))
        series: list[Series] = []
        unread: list[str] = []
        failures: list[ToolFailure] = []
        for query in queries:
            result = _signal(query, parts, results)
            if isinstance(result, ToolFailure):
                failures.append(result)
                unread.append(f"{query.name}: {result}")
            elif isinstance(result, BaseException):
                raise result
            else:
                series += (_as_series(query, one, offset) for one in result[:SERIES_PER_SIGNAL])
                if len(result) > SERIES_PER_SIGNAL:
                    unread.append(f"{query.name}: {len(result) - SERIES_PER_SIGNAL} of {len(result)} series left out")
        if failures and len(failures) == len(queries):
            raise failures[0]
        if not offset:
            self._services = len({one.service for one in series})
        return PartialSignals(series, unread, sent)

    async def _worth_a_past(self, window: Window) -> tuple[str, ...]:
        """The services that moved most, or have no history of their own: a calm one's last week tells nothing."""
        from sre_advisor.connectors.prometheus.comparison import most_moved

        present = await self.signals(window, timedelta(0))
        return await asyncio.to_thread(most_moved, present, window, PASTS)

    async def search(self, text: str, limit: int) -> tuple[MetricInfo, ...]:
        """Metrics of the last hour whose name or help holds words of `text`, best first; labels of the first ten."""
        now = self._clock()
        recent = Window(now - LOOKED_AT, now)
        names, told = await asyncio.gather(self.metric_names(recent), self._metadata_or_none())
        hits = best_matches(text, (told.get(name) or MetricInfo(name) for name in names), limit)
        labels = await asyncio.gather(*(self._labels_of(hit, recent) for hit in hits[:LABELLED_HITS]))
        labelled = (replace(hit, labels=found) for hit, found in zip(hits, labels, strict=False))
        return (*labelled, *hits[LABELLED_HITS:])

    async def alert_history(self, window: Window) -> tuple[Alert, ...]:
        """Alerts that were pending or firing in the window, from the ALERTS series; times good to one step.

        Where very many fire, they are read at coarser steps, as few as tell when each began; raises when that is too
        much as well.
        """
        labels = self.config.service_labels
        for points in HISTORY_POINTS:
            step = nice_step(window.length.total_seconds(), points, 5.0)
            try:
                series = await self.query_range(history_query(labels), window, step, HISTORY_BYTES)
            except Unavailable as failure:
                if failure.kind != "too_large" or points == HISTORY_POINTS[-1]:
                    raise
            else:
                return await asyncio.to_thread(read_alert_history, series, window, step, labels)
        raise AssertionError("the last try returns or raises")

    def link(self, promql: str, window: Window) -> str | None:
        """Prometheus' graph page for this query."""
        base = self.config.external_url or self.config.url
        return None if base is None else graph_link(base, promql, window)

    async def ping(self) -> Health:
        """Whether it can be read; never raises."""
        return await ping(self, self.name)

    @property
    def _told(self) -> bool:
        """Whether configuration says everything that would have to be found out."""
        return bool(self.config.signals and self.config.scrape_interval_s)

    async def _what_to_ask(self, at: datetime) -> tuple[tuple[SignalQuery, ...], float | None, int]:
        if self._told:
            return self.config.signals, self.config.scrape_interval_s, await self._services_at(at)
        found = await self.discovered(at)
        interval = self.config.scrape_interval_s or found.scrape_interval_s
        return self.config.signals or found.signals, interval, len(found.services)

    async def _services_at(self, at: datetime) -> int:
        """About how many services the configured signals tell of, counted once: how finely they may be read."""
        if self._services is None:
            span = f"{rate_window(self.config.scrape_interval_s, 0)}s"
            first = self.config.signals[0].query.replace(WINDOW_PLACEHOLDER, span)
            rows = await self.instant(f"count({first})", at)
            self._services = round(rows[0][1]) if rows else 1
        return self._services

    async def _metadata_or_none(self) -> dict[str, MetricInfo]:
        try:
            return await self.metadata()
        except ToolFailure:
            return {}  # some compatible stores have no metadata; names alone can be searched too

    async def _labels_of(self, metric: MetricInfo, recent: Window) -> tuple[str, ...]:
        if not PLAIN_NAME.fullmatch(metric.name.replace(":", "_")):
            return ()  # a name is data: one that would need quoting is shown, not asked for
        names = await self.label_names(recent, (metric.name,))
        return tuple(name for name in names if name != "__name__")


Answers = Mapping[str, Sequence[RangeSeries] | BaseException]


def _signal(
    query: SignalQuery, parts: Mapping[str, tuple[str, SignalQuery]], answers: Answers
) -> Sequence[RangeSeries] | BaseException:
    """One signal's series that name a service, from the answers by signal; or why there are none."""
    answer = answers[query.name]
    if not isinstance(answer, BaseException) and query.name in parts:
        whole = answers[parts[query.name][1].name]
        answer = whole if isinstance(whole, BaseException) else shares(answer, whole, query.service_label)
    if isinstance(answer, BaseException):
        return answer
    return [one for one in answer if one.labels.get(query.service_label)]


def _as_series(query: SignalQuery, one: RangeSeries, offset: timedelta) -> Series:
    rest = {k: v for k, v in one.labels.items() if k not in {query.service_label, "__name__"}}
    return Series(
        service=one.labels[query.service_label],
        name=query.name,
        times=one.times + offset.total_seconds(),
        values=one.values,
        kind=query.kind,
        unit=query.unit,
        labels=rest,
        offset=offset,
    )
