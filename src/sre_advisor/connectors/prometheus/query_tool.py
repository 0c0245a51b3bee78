"""The tool that runs one bounded PromQL query."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import Field, JsonValue

from sre_advisor.connectors.contract import EVERYTHING, NoData, Reading, Scope, Tool, ToolArgs
from sre_advisor.connectors.prometheus.backend import MetricsBackend, RangeSeries
from sre_advisor.connectors.prometheus.figures import iso, one_line, rounded
from sre_advisor.connectors.prometheus.promql import check_query
from sre_advisor.connectors.prometheus.resolution import POINTS_PER_SERIES, nice_step
from sre_advisor.connectors.prometheus.visible import require_visible
from sre_advisor.connectors.prometheus.windows import read_window
from sre_advisor.model import Window

SHOWN_POINTS = 60
LABELS_SHOWN = 12
DESCRIPTION = (
    "One PromQL query over a window (range) or at its end (instant): first, last, min, "
    "max, mean and at most 60 points a series. Name the metric; aggregate many series."
)


class QueryArgs(ToolArgs):
    """The query, its window, and how finely it is sampled (step_s: chosen when left out)."""

    query: str = Field(min_length=1, max_length=4000)
    kind: Literal["range", "instant"] = "range"
    start: datetime | None = None
    end: datetime | None = None
    step_s: float | None = Field(default=None, ge=1, le=86400)
    limit: int = Field(default=20, ge=1, le=100, description="most series shown")


def query_tool(backend: MetricsBackend) -> Tool:
    """The tool over this backend."""

    async def run(args: QueryArgs, now: datetime, scope: Scope = EVERYTHING) -> Reading:
        window, step = _sampled(args, now)
        require_visible(args.query, scope)
        _cost(args, now)
        series = await backend.query_range(args.query, window, step)
        link = backend.link(args.query, window)
        if not series:
            when = (
                f"at {window.end:%FT%TZ}" if args.kind == "instant" else f"{window.start:%FT%TZ} to {window.end:%FT%TZ}"
            )
            raise NoData(f"no series match {one_line(args.query, 200)} {when}", window, link)
        body = await asyncio.to_thread(_body, series, step, args.limit)
        left_out = len(series) - args.limit
        return Reading(
            summary=f"{len(series)} series of {one_line(args.query, 160)}",
            body=body,
            window=window,
            link=link,
            truncated=f"{left_out} of {len(series)} series are left out; aggregate or raise limit"
            if left_out > 0
            else None,
            rows=sum(one.values.size for one in series),
        )

    return Tool("metrics_query", DESCRIPTION, QueryArgs, run, scoped=run, cost=_cost)


def _sampled(args: QueryArgs, now: datetime) -> tuple[Window, float]:
    window = read_window(args.start, args.end, now)
    if args.kind == "instant":
        window = Window(window.end, window.end)
    return window, args.step_s or nice_step(window.length.total_seconds(), POINTS_PER_SERIES)


def _cost(args: QueryArgs, now: datetime) -> int:
    """Samples the query may touch; raises BadRequest when that is too many."""
    window, step = _sampled(args, now)
    return check_query(args.query, int(window.length.total_seconds() / step) + 1)


def _body(series: Sequence[RangeSeries], step: float, limit: int) -> JsonValue:
    return {"step_s": step, "series_total": len(series), "series": [_shown(one) for one in series[:limit]]}


def _shown(one: RangeSeries) -> JsonValue:
    import numpy as np

    finite = one.values[np.isfinite(one.values)]
    every = -(-one.values.size // SHOWN_POINTS)
    picked = range(one.values.size - 1, -1, -every)
    labels = list(one.labels.items())
    return {
        "labels": {one_line(k, 80): one_line(v, 160) for k, v in labels[:LABELS_SHOWN]},
        "samples": int(one.values.size),
        "first": rounded(float(one.values[0])),
        "last": rounded(float(one.values[-1])),
        "min": rounded(float(one.values.min())),
        "max": rounded(float(one.values.max())),
        "mean": rounded(float(finite.mean())) if finite.size else None,
        "points": [[iso(float(one.times[i])), rounded(float(one.values[i]))] for i in reversed(picked)],
    }
