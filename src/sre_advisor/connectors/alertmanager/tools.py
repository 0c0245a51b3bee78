"""The alert connector: what fires, is silenced or inhibited, over any source of alerts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from pydantic import Field, JsonValue

from sre_advisor.connectors.alertmanager.answers import INHIBITED_BY, SILENCE_COMMENT, SILENCED_BY, SILENCED_UNTIL
from sre_advisor.connectors.alertmanager.backend import AlertsBackend
from sre_advisor.connectors.contract import EVERYTHING, Health, NoData, Reading, Role, Scope, Tool, ToolArgs
from sre_advisor.model import Alert, AlertState

DESCRIPTION = (
    "Alerts active now by name and service: count, since when, severity, annotations; who silenced them until when, "
    "or which alert inhibits them."
)
ORDER = (AlertState.FIRING, AlertState.PENDING, AlertState.INHIBITED, AlertState.SILENCED, AlertState.RESOLVED)
ANNOTATIONS_SHOWN = 8
ANNOTATION_CHARACTERS = 300
_OWN_NOTES = (SILENCED_BY, SILENCED_UNTIL, SILENCE_COMMENT, INHIBITED_BY)


class AlertsArgs(ToolArgs):
    """Only alerts in this state or of this service; none given: all."""

    state: Literal["firing", "pending", "silenced", "inhibited"] | None = None
    service: str | None = Field(default=None, max_length=200)
    limit: int = Field(default=40, ge=1, le=200, description="most groups shown")


class AlertmanagerConnector:
    """The tool over a backend: Alertmanager itself or a recorded world."""

    def __init__(self, backend: AlertsBackend, name: str = "alertmanager") -> None:
        self._backend, self._name = backend, name
        self._tool = Tool("alerts_active", DESCRIPTION, AlertsArgs, self._run, Role.ALERTS, self._run)

    @property
    def name(self) -> str:
        """The short name evidence carries as its source."""
        return self._name

    def tools(self) -> tuple[Tool, ...]:
        """The one tool."""
        return (self._tool,)

    async def ping(self) -> Health:
        """Whether the backend can be read; never raises."""
        return replace(await self._backend.ping(), connector=self._name)

    async def close(self) -> None:
        """Let go of the backend's connections."""
        await self._backend.close()

    async def _run(self, args: AlertsArgs, now: datetime, scope: Scope = EVERYTHING) -> Reading:  # noqa: ARG002  # of now
        every = [alert for alert in await self._backend.alerts() if scope.sees_service(alert.service)]
        alerts = [alert for alert in every if _wanted(alert, args)]
        if not alerts:
            which = " ".join(filter(None, [args.state or "active", "alerts", args.service and f"of {args.service}"]))
            raise NoData(f"no {which} (of {len(every)} active in all)")
        return _reading(alerts, args.limit)


def _wanted(alert: Alert, args: AlertsArgs) -> bool:
    if args.state and alert.state.value != args.state:
        return False
    return not args.service or (alert.service or "").casefold() == args.service.casefold()


def _reading(alerts: Sequence[Alert], limit: int) -> Reading:
    groups: dict[tuple[int, str, str], list[Alert]] = {}
    for alert in alerts:
        groups.setdefault((ORDER.index(alert.state), alert.name, alert.service or ""), []).append(alert)
    ordered = sorted(groups.items(), key=lambda item: (item[0][0], min(a.started_at for a in item[1]), item[0]))
    counts = Counter(alert.state.value for alert in alerts)
    rows: list[JsonValue] = [_group(group) for _, group in ordered[:limit]]
    left_out = len(ordered) - limit
    return Reading(
        summary=", ".join(f"{counts[s.value]} {s.value}" for s in ORDER if counts[s.value]) + _names(alerts),
        body={"counts": dict(counts), "groups": rows},
        nouns=tuple(alerts),
        truncated=f"{left_out} further groups are left out; name a service or raise limit" if left_out > 0 else None,
    )


def _names(alerts: Iterable[Alert]) -> str:
    firing = list(dict.fromkeys((a.name, a.service) for a in alerts if a.state is AlertState.FIRING))
    told = [_short(f"{name} ({service})" if service else name, 80) for name, service in firing[:3]]
    more = f" and {len(firing) - 3} more" if len(firing) > 3 else ""
    return f": {', '.join(told)}{more}" if told else ""


def _group(group: Sequence[Alert]) -> JsonValue:
    first = min(group, key=lambda alert: alert.started_at)
    row: dict[str, JsonValue] = {
        "alert": _short(first.name, 160),
        "service": None if first.service is None else _short(first.service, 160),
        "state": first.state.value,
        "severity": None if first.severity is None else _short(first.severity, 40),
        "count": len(group),
        "since": f"{first.started_at:%FT%TZ}",
    }
    own = {k: v for k, v in first.annotations.items() if k not in _OWN_NOTES}
    if own:
        row["annotations"] = {
            _short(k, 80): _short(v, ANNOTATION_CHARACTERS) for k, v in list(own.items())[:ANNOTATIONS_SHOWN]
        }
    for note in _OWN_NOTES:
        told = [value for value in dict.fromkeys(alert.annotations.get(note, "") for alert in group) if value]
        if told and first.state in {AlertState.SILENCED, AlertState.INHIBITED}:
            row[note] = _short("; ".join(told), ANNOTATION_CHARACTERS)
    return row


def _short(text: str, limit: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
