"""The tool that finds metrics by words."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pydantic import Field, JsonValue

from sre_advisor.connectors.contract import EVERYTHING, Denied, NoData, Reading, Scope, Tool, ToolArgs
from sre_advisor.connectors.prometheus.backend import MetricInfo, MetricsBackend
from sre_advisor.connectors.prometheus.figures import one_line

LABELS_SHOWN = 30
MOST_SEARCHED = 1_000
DESCRIPTION = "Metrics by words in name or help: name, type, help and labels."


class SearchArgs(ToolArgs):
    """The words to look for, and how many metrics to list."""

    text: str = Field(max_length=300)
    limit: int = Field(default=10, ge=1, le=50)


def search_tool(backend: MetricsBackend) -> Tool:
    """The tool over this backend."""

    async def run(args: SearchArgs, now: datetime, scope: Scope = EVERYTHING) -> Reading:  # noqa: ARG001  # as they are now
        # One more than asked for shows whether there are more.
        found = await _visible(backend, args, scope)
        if not found:
            raise NoData(f"no metric's name or help holds {one_line(args.text)!r}")
        more = len(found) > args.limit
        rows: list[JsonValue] = [_row(metric) for metric in found[: args.limit]]
        return Reading(
            summary=f"{len(rows)} metrics for {one_line(args.text)!r}",
            body={"metrics": rows},
            truncated="there are more; use other words or raise limit" if more else None,
        )

    return Tool("metrics_search", DESCRIPTION, SearchArgs, run, scoped=run)


async def _visible(backend: MetricsBackend, args: SearchArgs, scope: Scope) -> tuple[MetricInfo, ...]:
    """What the words find; a metric's name and help may speak of any service, so only listed names are given there."""
    if scope.metrics is None:
        if scope.services is not None:
            raise Denied("channel_services: metrics cannot be searched by service; metrics_golden_signals lists them")
        return await backend.search(args.text, args.limit + 1)
    every = await backend.search(args.text, MOST_SEARCHED)
    found = tuple(metric for metric in every if scope.sees_metric(metric.name))[: args.limit + 1]
    return found if scope.services is None else tuple(replace(metric, help="") for metric in found)


def _row(metric: MetricInfo) -> JsonValue:
    row: dict[str, JsonValue] = {"name": one_line(metric.name, 200)}
    if metric.type:
        row["type"] = one_line(metric.type, 20)
    if metric.help:
        row["help"] = one_line(metric.help, 200)
    if metric.labels:
        row["labels"] = [one_line(label, 80) for label in metric.labels[:LABELS_SHOWN]]
    return row
