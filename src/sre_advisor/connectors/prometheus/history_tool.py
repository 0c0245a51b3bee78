"""The tool that tells which alerts fired, from when to when."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field, JsonValue

from sre_advisor.connectors.contract import EVERYTHING, NoData, Reading, Role, Scope, Tool, ToolArgs
from sre_advisor.connectors.prometheus.alert_history import ALERTS_QUERY, MOST_RUNS
from sre_advisor.connectors.prometheus.backend import MetricsBackend
from sre_advisor.connectors.prometheus.figures import one_line
from sre_advisor.connectors.prometheus.windows import read_window
from sre_advisor.model import Alert

DESCRIPTION = "Alerts that were pending or firing in a window, with start and end."


class AlertHistoryArgs(ToolArgs):
    """Which window, how many alerts at most, newest kept."""

    start: datetime | None = None
    end: datetime | None = None
    limit: int = Field(default=50, ge=1, le=200)


def alert_history_tool(backend: MetricsBackend) -> Tool:
    """The tool over this backend."""

    async def run(args: AlertHistoryArgs, now: datetime, scope: Scope = EVERYTHING) -> Reading:
        window = read_window(args.start, args.end, now)
        alerts = tuple(a for a in await backend.alert_history(window) if scope.sees_service(a.service))
        link = backend.link(ALERTS_QUERY, window)
        if not alerts:
            raise NoData(f"no alert was pending or firing {window.start:%FT%TZ} to {window.end:%FT%TZ}", window, link)
        left_out = len(alerts) - args.limit
        rows: list[JsonValue] = [_row(alert) for alert in alerts[-args.limit :]]
        still = sum(alert.ended_at is None for alert in alerts)
        told = f"the newest {len(alerts)}" if len(alerts) == MOST_RUNS else f"{len(alerts)}"
        noun = "alert" if len(alerts) == 1 else "alerts"
        return Reading(
            summary=f"{told} {noun} in the window, {still} of them still active at its end",
            body={"alerts": rows},
            nouns=alerts,
            window=window,
            link=link,
            truncated=f"{left_out} older alerts are left out; ask for an earlier window" if left_out > 0 else None,
        )

    return Tool("metrics_alert_history", DESCRIPTION, AlertHistoryArgs, run, Role.ALERT_HISTORY, run)


def _row(alert: Alert) -> JsonValue:
    return {
        "name": one_line(alert.name),
        "service": None if alert.service is None else one_line(alert.service),
        "severity": None if alert.severity is None else one_line(alert.severity, 40),
        "state": alert.state.value,
        "started_at": f"{alert.started_at:%FT%TZ}",
        "ended_at": None if alert.ended_at is None else f"{alert.ended_at:%FT%TZ}",
    }
