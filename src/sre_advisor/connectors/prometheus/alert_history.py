"""Alerts as Prometheus' own ALERTS series remember them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from sre_advisor.connectors.prometheus.backend import RangeSeries
from sre_advisor.connectors.service_labels import service_of
from sre_advisor.model import Alert, AlertState, Window

ALERTS_QUERY = "ALERTS"
_OWN_LABELS = {"__name__", "alertname", "alertstate"}

Run = tuple[float, float]


def read_alert_history(
    series: Iterable[RangeSeries], window: Window, step_s: float, service_labels: Sequence[str]
) -> tuple[Alert, ...]:
    """One alert for each unbroken stretch of samples, oldest first; times are good to one step.

    A pending stretch that turned into a firing one is part of that; one that did not is an alert of its own.
    """
    by_alert: dict[tuple[tuple[str, str], ...], dict[str, list[Run]]] = defaultdict(lambda: defaultdict(list))
    for one in series:
        key = tuple(sorted((k, v) for k, v in one.labels.items() if k not in {"__name__", "alertstate"}))
        by_alert[key][one.labels.get("alertstate", "firing")] += _runs(one.times.tolist(), step_s)
    found: list[Alert] = []
    for key, states in by_alert.items():
        labels = dict(key)
        firing = states.get("firing", [])
        found += [_alert(labels, run, AlertState.FIRING, window, step_s, service_labels) for run in firing]
        found += [
            _alert(labels, run, AlertState.PENDING, window, step_s, service_labels)
            for run in states.get("pending", [])
            if not any(0 <= start - run[1] <= 2 * step_s for start, _ in firing)
        ]
    return tuple(sorted(found, key=lambda alert: (alert.started_at, alert.name, alert.service or "")))


def _runs(times: Sequence[float], step_s: float) -> list[Run]:
    runs: list[Run] = []
    for time in times:
        if runs and time - runs[-1][1] <= 1.5 * step_s:
            runs[-1] = (runs[-1][0], time)
        else:
            runs.append((time, time))
    return runs


def _alert(
    labels: Mapping[str, str],
    run: Run,
    state: AlertState,
    window: Window,
    step_s: float,
    service_labels: Sequence[str],
) -> Alert:
    start, last = run
    over = last < window.end.timestamp() - 2 * step_s
    kept = {k: v for k, v in labels.items() if k not in _OWN_LABELS}
    return Alert(
        name=labels.get("alertname", "unnamed"),
        started_at=datetime.fromtimestamp(start, UTC),
        service=service_of(kept, service_labels),
        severity=kept.get("severity"),
        state=AlertState.RESOLVED if over else state,
        ended_at=datetime.fromtimestamp(last, UTC) if over else None,
        labels=kept,
    )
