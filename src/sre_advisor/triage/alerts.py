"""Alerts grouped into stories: those that fire within a stretch and touch connected services belong together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sre_advisor.model import Alert, AlertState
from sre_advisor.triage.nouns import AlertGroup

APART = timedelta(minutes=30)
"""Alerts further apart than this are told apart: rules wait minutes, a cascade spreads in minutes, not in hours."""
_SEVERITY = {"page": 3, "critical": 3, "high": 3, "error": 2, "major": 2, "warning": 1, "medium": 1}


def group_alerts(alerts: Sequence[Alert], graph: Mapping[str, frozenset[str]]) -> tuple[AlertGroup, ...]:
    """Alerts in groups, the one that matters most first: highest severity, then latest start, then most alerts."""
    groups: list[list[Alert]] = []
    for alert in sorted(alerts, key=lambda a: (a.started_at, a.name)):
        home = next(
            (g for g in groups if alert.started_at - g[-1].started_at <= APART and _near(alert, g, graph)), None
        )
        if home is None:
            groups.append([alert])
        else:
            home.append(alert)
    groups.sort(key=lambda g: (-_weight(g), -g[0].started_at.timestamp(), -len(g)))
    return tuple(_tell(g) for g in groups)


def incident_alerts(
    alerts: Sequence[Alert], groups: Sequence[AlertGroup], now: datetime, asked: frozenset[str] = frozenset()
) -> tuple[Alert, ...]:
    """The alerts whose start may be taken for the incident's: the first group that fires, without pending ones.

    A group that touches one of the services `asked` about goes before all others.
    """
    live = {AlertState.FIRING, AlertState.SILENCED, AlertState.INHIBITED}
    for group in sorted(groups, key=lambda g: not asked & set(g.services)):
        firing = tuple(a for a in group.alerts if a.state in live and a.started_at <= now)
        if firing:
            return firing
    return tuple(a for a in alerts if a.started_at <= now)


def _near(alert: Alert, group: Sequence[Alert], graph: Mapping[str, frozenset[str]]) -> bool:
    """Same or unknown service, or services of which one calls the other, directly or through one between."""
    if not graph or alert.service is None:
        return True
    for other in group:
        if other.service is None or other.service == alert.service:
            return True
        if _calls(alert.service, other.service, graph) or _calls(other.service, alert.service, graph):
            return True
    return False


def _calls(caller: str, callee: str, graph: Mapping[str, frozenset[str]]) -> bool:
    direct = graph.get(caller, frozenset())
    return callee in direct or any(callee in graph.get(d, frozenset()) for d in direct)


def severity(alert: Alert) -> int:
    """3 for what wakes people, 1 for a warning, 1 for what is not said."""
    return _SEVERITY.get((alert.severity or "").casefold(), 1)


def _weight(group: Sequence[Alert]) -> int:
    return max((severity(a) for a in group if a.state is not AlertState.RESOLVED), default=0)


def _tell(group: Sequence[Alert]) -> AlertGroup:
    services = tuple(dict.fromkeys(a.service for a in group if a.service is not None))
    names = ", ".join(dict.fromkeys(a.name for a in group))
    where = f" on {', '.join(services)}" if services else ""
    return AlertGroup(services, tuple(group), group[0].started_at, f"{names}{where} since {group[0].started_at:%H:%M}Z")
