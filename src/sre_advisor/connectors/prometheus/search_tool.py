"""The tool that finds metrics by words."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field, JsonValue

from sre_advisor.connectors.contract import NoData, Reading, Tool, ToolArgs
from sre_advisor.connectors.prometheus.backend import MetricInfo, MetricsBackend
from sre_advisor.connectors.prometheus.figures import one_line

LABELS_SHOWN = 30
DESCRIPTION = "Find metrics by words in their name or help; gives name, type, help and label names, best first."


class SearchArgs(ToolArgs):
    """The words to look for, and how many metrics to list."""

    text: str = Field(max_length=300)
    limit: int = Field(default=10, ge=1, le=50)


def search_tool(backend: MetricsBackend) -> Tool:
    """The tool over this backend."""

    async def run(args: SearchArgs, now: datetime) -> Reading:  # noqa: ARG001  # metrics are searched as they are now
        # One more than asked for shows whether there are more.
        found = await backend.search(args.text, args.limit + 1)
        if not found:
            raise NoData(f"no metric's name or help holds {one_line(args.text)!r}")
        more = len(found) > args.limit
        rows: list[JsonValue] = [_row(metric) for metric in found[: args.limit]]
        return Reading(
            summary=f"{len(rows)} metrics for {one_line(args.text)!r}",
            body={"metrics": rows},
            truncated="there are more; use other words or raise limit" if more else None,
        )

    return Tool("metrics_search", DESCRIPTION, SearchArgs, run)


def _row(metric: MetricInfo) -> JsonValue:
    row: dict[str, JsonValue] = {"name": one_line(metric.name, 200)}
    if metric.type:
        row["type"] = one_line(metric.type, 20)
    if metric.help:
        row["help"] = one_line(metric.help, 200)
    if metric.labels:
        row["labels"] = [one_line(label, 80) for label in metric.labels[:LABELS_SHOWN]]
    return row
