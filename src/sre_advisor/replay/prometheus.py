"""The metrics backend of a recorded world: Prometheus' own client, over a local Prometheus or without one."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import numpy as np

from sre_advisor.connectors.contract import Health
from sre_advisor.connectors.prometheus.backend import MetricInfo, RangeSeries
from sre_advisor.connectors.prometheus.client import PrometheusClient
from sre_advisor.connectors.prometheus.config import PrometheusConfig
from sre_advisor.connectors.prometheus.discovery import Discovery
from sre_advisor.connectors.prometheus.reads import Vector
from sre_advisor.connectors.service_labels import SERVICE_LABELS
from sre_advisor.model import Window
from sre_advisor.replay.coverage import NotRecorded
from sre_advisor.replay.openmetrics import NAME_LABEL, RawSeries
from sre_advisor.replay.parts import EraPart, MetricsPart
from sre_advisor.replay.promql import Evaluator
from sre_advisor.replay.reach import touched

SLACK = timedelta(seconds=1)
LABELS_UNKNOWN = ("(labels were not recorded)",)


class ReplayedPrometheus(PrometheusClient):
    """Asks as it would a live one; what the recording does not cover is NotRecorded, never an empty answer."""

    def __init__(self, url: str | None, now: datetime, held: MetricsPart, eras: Sequence[EraPart]) -> None:
        config = PrometheusConfig(
            url=url,
            signals=held.signals if held.configured else (),
            scrape_interval_s=held.scrape_interval_s if held.configured_interval else None,
            service_labels=held.service_labels or SERVICE_LABELS,
        )
        super().__init__(config, clock=lambda: now)
        self._held = {metric.name: metric for metric in held.metrics}
        self._was = held
        self._eras = [era for era in eras if era.name != "after"]

    async def warm(self) -> None:
        """Nothing: what there is was recorded."""

    async def discovered(self, at: datetime) -> Discovery:
        """What was found then."""
        del at
        told = self._was
        self._found = Discovery(told.services, told.signals, told.edges, (), told.scrape_interval_s)
        return self._found

    async def query_range(
        self, promql: str, window: Window, step_s: float, most_bytes: int | None = None
    ) -> tuple[RangeSeries, ...]:
        """A range query; raises NotRecorded when it reads what was not recorded."""
        self._cover(promql, window)
        return await super().query_range(promql, window, step_s, most_bytes)

    async def instant(self, promql: str, at: datetime) -> Vector:
        """An instant query; raises NotRecorded when it reads what was not recorded."""
        self._cover(promql, Window(at, at))
        return await super().instant(promql, at)

    async def metric_names(self, window: Window) -> tuple[str, ...]:
        """The names the backend knew."""
        del window
        return tuple(metric.name for metric in self._was.metrics if metric.recent)

    async def metadata(self) -> dict[str, MetricInfo]:
        """Type and help as they were told."""
        if not self._was.metadata:
            raise NotRecorded("the backend told no types and help")
        told = (m for m in self._was.metrics if m.type or m.help)
        return {metric.name: MetricInfo(metric.name, metric.type, metric.help) for metric in told}

    async def label_names(self, window: Window, match: Sequence[str] = ()) -> tuple[str, ...]:
        """The names of the labels of recorded series."""
        names = [name for name in match if name in self._held]
        if any("now" not in self._held[name].held for name in names):
            return LABELS_UNKNOWN
        return await super().label_names(window, match)

    def link(self, promql: str, window: Window) -> str | None:
        """Nothing: a recording has no pages."""
        del promql, window
        return None

    def _cover(self, promql: str, window: Window) -> None:
        for touch in touched(promql, self._held):
            if touch.fixed:
                raise NotRecorded("a moment named by @ is not looked at in a recording")
            start, end = window.start - touch.earliest, window.end - touch.latest
            eras = [era for era in self._eras if era.start <= start + SLACK and end - SLACK <= era.end]
            if not eras:
                held = "; ".join(f"{era.start:%FT%TZ} to {era.end:%FT%TZ}" for era in self._eras)
                raise NotRecorded(f"series are held of {held or 'no time'}; this reads {start:%FT%TZ} to {end:%FT%TZ}")
            for name in sorted(touch.names):
                known = self._held.get(name)
                if known is not None and not any(era.name in known.held for era in eras):
                    raise NotRecorded(f"the series of {name[:120]} are not part of this recording")


class EvaluatedPrometheus(ReplayedPrometheus):
    """The same without a Prometheus: what of PromQL the program can evaluate by itself over the recorded series."""

    def __init__(
        self, now: datetime, held: MetricsPart, eras: Sequence[EraPart], series: Callable[[], Sequence[RawSeries]]
    ) -> None:
        super().__init__(None, now, held, eras)
        self._series = series

    async def query_range(
        self, promql: str, window: Window, step_s: float, most_bytes: int | None = None
    ) -> tuple[RangeSeries, ...]:
        """A range query; raises NotRecorded or NotInThisRecording when it cannot be answered."""
        del most_bytes
        self._cover(promql, window)
        start, end = math.floor(window.start.timestamp()), math.floor(window.end.timestamp())

        def evaluate() -> tuple[RangeSeries, ...]:
            at = np.arange(start, end + step_s / 1000, step_s, dtype=np.float64)
            found = Evaluator(self._series(), at).vector(promql)
            rows = ((dict(key), ~np.isnan(values), values) for key, values in found.items())
            return tuple(RangeSeries(labels, at[some], values[some]) for labels, some, values in rows if some.any())

        return await asyncio.to_thread(evaluate)

    async def instant(self, promql: str, at: datetime) -> Vector:
        """An instant query; raises NotRecorded or NotInThisRecording when it cannot be answered."""
        found = await self.query_range(promql, Window(at, at), 1.0)
        return tuple((dict(one.labels), float(one.values[-1])) for one in found)

    async def label_names(self, window: Window, match: Sequence[str] = ()) -> tuple[str, ...]:
        """The names of the labels of recorded series."""
        del window
        if any("now" not in self._held[name].held for name in match if name in self._held):
            return LABELS_UNKNOWN
        series = await asyncio.to_thread(self._series)
        picked = (one.labels for one in series if not match or one.labels.get(NAME_LABEL) in match)
        return tuple(sorted({name for labels in picked for name in labels}))

    async def ping(self) -> Health:
        """Always well: the recording was read in full before."""
        return Health(self.name, "ok", "recorded series", 0.0)
