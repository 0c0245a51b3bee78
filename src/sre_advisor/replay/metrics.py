"""The recorded series behind the metrics tools."""

from __future__ import annotations

import re
from datetime import timedelta
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from sre_advisor.connectors.contract import BadRequest, Health
from sre_advisor.connectors.prometheus.backend import MetricInfo, RangeSeries
from sre_advisor.model import Alert, Series, Window
from sre_advisor.replay.alerts import active_in
from sre_advisor.replay.selector import NAME_LABEL, SERVICE_LABEL, parse_selector
from sre_advisor.replay.world import World

if TYPE_CHECKING:
    from numpy.typing import NDArray

LOOKBACK_S = 300.0
"""How old a sample may be to count at a step, as in Prometheus; never less than the recording's own step."""
POINTS_LIMIT = 11_000
"""Points a series of an answer may have, as in Prometheus."""
_HELP_SERVICES = 6


EXAMPLE = 'metric_name{service="name"}'
"""What can be asked; no name of the world's own, for not everybody who asks may see all of it."""


class RecordedMetrics:
    """A MetricsBackend that knows what was recorded and nothing later than the recording's now."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._now = world.now.timestamp()

    async def signals(self, window: Window, offset: timedelta) -> tuple[Series, ...]:
        """Every recorded series over the window moved back by `offset`, laid over the window; empty ones left out."""
        back = offset.total_seconds()
        start, end = window.start.timestamp() - back, window.end.timestamp() - back
        clipped: list[Series] = []
        for series in self._world.series:
            first, last = np.searchsorted(series.times, start, "left"), np.searchsorted(series.times, end, "right")
            if first < last:
                times, values = series.times[first:last] + back, series.values[first:last]
                clipped.append(
                    Series(series.service, series.name, times, values, series.kind, series.unit, series.labels, offset)
                )
        return tuple(clipped)

    async def query_range(self, promql: str, window: Window, step_s: float) -> tuple[RangeSeries, ...]:
        """The series a plain selector picks, at the window's steps; raises BadRequest for any other PromQL."""
        steps = self._steps(window, step_s)
        selector = parse_selector(promql, EXAMPLE)
        picked: list[RangeSeries] = []
        for series in self._world.series:
            labels = {NAME_LABEL: series.name, SERVICE_LABEL: series.service}
            if selector.picks(labels):
                times, values = _at_steps(series, steps, max(LOOKBACK_S, self._world.step_s))
                if times.size:
                    picked.append(RangeSeries(labels, times, values))
        return tuple(picked)

    def _steps(self, window: Window, step_s: float) -> NDArray[np.float64]:
        if not (isfinite(step_s) and step_s > 0):
            raise BadRequest("the step must be a number of seconds above 0")
        start, end = window.start.timestamp(), min(window.end.timestamp(), self._now)
        if (end - start) / step_s > POINTS_LIMIT:
            raise BadRequest(f"more than {POINTS_LIMIT:,} points a series; ask for a shorter window or a longer step")
        count = int((end - start) // step_s) + 1 if end >= start else 0
        return start + step_s * np.arange(count, dtype=np.float64)

    async def search(self, text: str, limit: int) -> tuple[MetricInfo, ...]:
        """Metrics by how many words of `text` their name, kind and services hold; without words, all by name."""
        words = set(re.findall(r"[^\W_]+", text.casefold()))
        services: dict[str, list[str]] = {}
        kinds: dict[str, str] = {}
        for series in self._world.series:
            services.setdefault(series.name, []).append(series.service)
            kinds[series.name] = f"{series.kind}, {series.unit}" if series.unit else str(series.kind)
        scored: list[tuple[int, str]] = []
        for name, held_by in services.items():
            haystack = " ".join((name, kinds[name], *held_by)).casefold()
            # A word in the name itself counts twice: "payments latency" should not rank by services alone.
            score = sum((word in haystack) + (word in name.casefold()) for word in words)
            if score or not words:
                scored.append((-score, name))
        found = [name for _, name in sorted(scored)][: max(0, limit)]
        return tuple(
            MetricInfo(name, help=f"{kinds[name]}; of {_listed(services[name])}", labels=(SERVICE_LABEL,))
            for name in found
        )

    async def alert_history(self, window: Window) -> tuple[Alert, ...]:
        """The recorded alerts that were active at any time in the window."""
        return active_in(self._world, window)

    def link(self, promql: str, window: Window) -> str | None:  # noqa: ARG002 - the protocol's signature
        """Nothing: a recording has no pages."""
        return None

    async def ping(self) -> Health:
        """Always well: the recording was read in full before."""
        count = len(self._world.series)
        return Health("prometheus", "ok", f"recorded world {self._world.id}: {count} series", 0.0)

    async def close(self) -> None:
        """Nothing to let go of."""


def _at_steps(
    series: Series, steps: NDArray[np.float64], lookback_s: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """At each step the newest sample that is not too old: what Prometheus' range query gives for a plain selector."""
    newest = np.searchsorted(series.times, steps, side="right") - 1
    fresh = (newest >= 0) & (steps - series.times[np.maximum(newest, 0)] <= lookback_s)
    return steps[fresh], series.values[newest[fresh]]


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:_HELP_SERVICES])
    more = len(names) - _HELP_SERVICES
    return f"{shown} and {more} more" if more > 0 else shown
