"""The tool that shows golden signals of all services against their own past."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pydantic import Field, JsonValue

from sre_advisor.connectors.contract import EVERYTHING, NoData, Reading, Role, Scope, Tool, ToolArgs, ToolFailure
from sre_advisor.connectors.prometheus.backend import MetricsBackend
from sre_advisor.connectors.prometheus.figures import iso, one_line, rounded
from sre_advisor.connectors.prometheus.partial import PartialSignals
from sre_advisor.connectors.prometheus.resolution import POINTS_PER_SERIES, nice_step
from sre_advisor.connectors.prometheus.windows import read_window
from sre_advisor.model import Series, Window

if TYPE_CHECKING:
    from sre_advisor.connectors.prometheus.comparison import Comparison

OFFSETS = (timedelta(days=1), timedelta(days=7))
SIGNALS_GUESS, SAMPLES_A_POINT = 20, 1_000
"""For the query cost alone: signals there may be, and samples one point of one of them may rest on."""
DESCRIPTION = (
    "Traffic, errors, latency, saturation, availability, CPU and memory of services over a window "
    "against the hours before, a day and a week ago, what moved most first; left_band_at: when it left its "
    "usual band."
)
COLUMNS = (
    "service", "signal", "kind", "unit", "now", "before", "day_ago", "week_ago", "min", "max", "moved_sigmas",
    "left_band_at", "samples",
)  # fmt: skip


class GoldenSignalsArgs(ToolArgs):
    """Which window, which services (none: all), how many rows."""

    start: datetime | None = None
    end: datetime | None = None
    services: tuple[str, ...] = Field(default=(), max_length=200)
    limit: int = Field(default=40, ge=1, le=200, description="most rows in the table")


def golden_signals_tool(backend: MetricsBackend) -> Tool:
    """The tool over this backend."""

    async def run(args: GoldenSignalsArgs, now: datetime, scope: Scope = EVERYTHING) -> Reading:
        window = read_window(args.start, args.end, now)
        current, past = await asyncio.gather(
            backend.signals(window, timedelta(0)),
            asyncio.gather(*(_earlier(backend, window, offset) for offset in OFFSETS)),
        )
        wanted = {name.casefold() for name in args.services}
        visible = [one for one in current if scope.sees_service(one.service) and scope.sees_metric(one.name)]
        series = [one for one in visible if not wanted or one.service.casefold() in wanted]
        notes = [*(current.unread if isinstance(current, PartialSignals) else ()), *(note for _, note in past if note)]
        if not series:
            whom = f" for {one_line(', '.join(args.services))}" if args.services else ""
            left = f"; not read: {one_line('; '.join(notes), 300)}" if notes else ""
            raise NoData(f"no golden signals{whom} between {_span(window)}{left}", window)
        keep = {one.service for one in series}
        before = [one for found, _ in past for one in found if one.service in keep and scope.sees_metric(one.name)]
        rows = await asyncio.to_thread(_rows, series, before, window)
        reading = _reading(rows, series, before, window, notes, args.limit)
        queries = current.queries if isinstance(current, PartialSignals) else {}
        promql = queries.get(rows[0].series.name) if rows else None
        return replace(reading, link=backend.link(promql, window)) if promql else reading

    return Tool("metrics_golden_signals", DESCRIPTION, GoldenSignalsArgs, run, Role.SIGNALS, run, _cost)


def _cost(args: GoldenSignalsArgs, now: datetime) -> int:
    """A flat guess, as the queries are found by the backend itself: so many signals, each read three times."""
    window = read_window(args.start, args.end, now)
    points = int(window.length.total_seconds() / nice_step(window.length.total_seconds(), POINTS_PER_SERIES)) + 1
    return SIGNALS_GUESS * SAMPLES_A_POINT * points * (1 + len(OFFSETS))


async def _earlier(backend: MetricsBackend, window: Window, offset: timedelta) -> tuple[Sequence[Series], str]:
    try:
        found = await backend.signals(window, offset)
        partly = found.unread if isinstance(found, PartialSignals) else ()
        return found, "; ".join(f"{offset.days} d ago: {said}" for said in partly)
    except NoData:
        return (), ""
    except ToolFailure as failure:
        return (), f"{offset.days} d ago: {failure}"


def _rows(series: Sequence[Series], earlier: Sequence[Series], window: Window) -> list[Comparison]:
    # numpy is imported here, in a thread, so that naming the tools at start costs nothing.
    from sre_advisor.connectors.prometheus.comparison import by_movement, compare, group_earlier, identity

    past = group_earlier(earlier)
    return by_movement(compare(one, past.get(identity(one), ()), window) for one in series if one.values.size)


def _reading(
    rows: Sequence[Comparison],
    series: Sequence[Series],
    earlier: Sequence[Series],
    window: Window,
    notes: Sequence[str],
    limit: int,
) -> Reading:
    services = len({one.service for one in series})
    table: list[JsonValue] = [_cells(row) for row in rows[:limit]]
    body: dict[str, JsonValue] = {
        "window": {"start": f"{window.start:%FT%TZ}", "end": f"{window.end:%FT%TZ}"},
        "services": services,
        "columns": list(COLUMNS),
        "rows": table,
    }
    if notes:
        body["not_read"] = [one_line(note, 200) for note in notes[:20]]
    known = len({one.service for one in earlier})
    if not earlier:
        body["note"] = "nothing is held for the same window a day or a week ago"
    elif known < services:
        body["note"] = f"a day and a week ago are known of {known} services: of many, those that moved most are read"
    gone = sum(1 for row in rows if row.left_band_at is not None)
    left_out = len(rows) - limit
    cut = [f"{left_out} rows that moved less are left out; name services, or raise limit"] if left_out > 0 else []
    cut += [f"not read: {one_line('; '.join(notes), 300)}"] if notes else []
    return Reading(
        summary=f"{len(rows)} signals of {services} services, {gone} left their usual band{_leader(rows)}",
        body=body,
        nouns=(*series, *earlier),
        window=window,
        truncated="; ".join(cut) or None,
    )


def _leader(rows: Sequence[Comparison]) -> str:
    if not rows or rows[0].moved is None or rows[0].left_band_at is None:
        return ""
    top = rows[0]
    unit = f" {top.series.unit}" if top.series.unit else ""
    return (
        f"; most: {one_line(top.series.service, 60)} {one_line(top.series.name, 80)} "
        f"{rounded(top.before)} -> {rounded(top.now)}{unit} from {iso(top.left_band_at or 0)}"
    )


def _cells(row: Comparison) -> list[JsonValue]:
    left = None if row.left_band_at is None else iso(row.left_band_at)
    one = row.series
    labels = ",".join(f"{k}={v}" for k, v in sorted(one.labels.items()))
    name = f"{one.name}{{{labels}}}" if labels else one.name
    moved = None if row.moved is None else round(row.moved, 1)
    return [
        one_line(one.service, 80), one_line(name, 160), one.kind.value, one.unit, rounded(row.now), rounded(row.before),
        rounded(row.day_ago), rounded(row.week_ago), rounded(row.low), rounded(row.high), moved, left, row.samples,
    ]  # fmt: skip


def _span(window: Window) -> str:
    return f"{window.start:%FT%TZ} and {window.end:%FT%TZ}"
