"""Alerts as Prometheus' own ALERTS series remember them."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from sre_advisor.connectors.prometheus.backend import RangeSeries
from sre_advisor.connectors.service_labels import service_of
from sre_advisor.model import Alert, AlertState, Window

ALERTS_QUERY = "ALERTS"
HISTORY_POINTS = (720, 90)
"""Samples an alert's series may have: at first, and when that is more than may be read."""
HISTORY_BYTES = 4 * 1024 * 1024
"""Most that is received: some 350 alerts that fire all the time at the finest steps, 3,000 at the coarsest."""
KEPT_LABELS = ("alertname", "alertstate", "severity", "metric", "signal")
MOST_RUNS = 2_000
"""Stretches that are kept, newest first: a thousand alerts that flap every minute are no history."""
_OWN_LABELS = {"__name__", "alertname", "alertstate"}

Run = tuple[float, float]


def history_query(service_labels: Sequence[str]) -> str:
    """PromQL for the alerts' states by name, severity, signal and service: what each instance adds says little."""
    return f"count by ({', '.join((*KEPT_LABELS, *service_labels))}) ({ALERTS_QUERY})"


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
    stretches: list[tuple[Run, AlertState, tuple[tuple[str, str], ...]]] = []
    for key, states in by_alert.items():
        firing = sorted(states.get("firing", []))
        starts = [start for start, _ in firing]
        stretches += [(run, AlertState.FIRING, key) for run in firing]
        stretches += [
            (run, AlertState.PENDING, key)
            for run in states.get("pending", [])
            if not _became_firing(run, starts, 2 * step_s)
        ]
    newest = heapq.nlargest(MOST_RUNS, stretches, key=lambda one: one[0])
    found = [_alert(dict(key), run, state, window, step_s, service_labels) for run, state, key in newest]
    return tuple(sorted(found, key=lambda alert: (alert.started_at, alert.name, alert.service or "")))


def _became_firing(pending: Run, starts: Sequence[float], within_s: float) -> bool:
    """Whether a firing stretch (their ascending starts are given) followed at once."""
    following = bisect_left(starts, pending[1])
    return following < len(starts) and starts[following] - pending[1] <= within_s


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
