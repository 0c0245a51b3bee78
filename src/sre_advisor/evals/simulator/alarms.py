"""Alerts as rules over the simulated series would have raised them, and what is still firing at the question."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from sre_advisor.evals.simulator.day import ERRORS, LATENCY, Day
from sre_advisor.model import Alert

if TYPE_CHECKING:
    from numpy.typing import NDArray

DOCS = "https://docs.shop.example/runbooks"
ERRORS_FOR, LATENCY_FOR = 4, 6
"""Samples a threshold must be passed before a rule fires."""


def alarms(day: Day, columns: Mapping[tuple[str, str], NDArray[np.float64]]) -> list[Alert]:
    """What fires, oldest first; companies outside have no rules here."""
    found: list[Alert] = []
    for member in day.shop.members:
        if member.outside:
            continue
        ratio, limit = columns[member.name, ERRORS], max(0.02, 6 * member.errors)
        at = _firing_since(ratio > limit, ERRORS_FOR)
        if at is not None:
            words = f"{member.name} answers more than {limit:.0%} of its requests with an error"
            found.append(_alert(day, "HighErrorRate", member.name, at, "critical", words))
        slow, limit = columns[member.name, LATENCY], 2 * member.p99_s + 0.4
        at = _firing_since(slow > limit, LATENCY_FOR)
        if at is not None:
            words = f"{member.name}: slowest hundredth of requests above {limit:.1f} s"
            found.append(_alert(day, "HighLatency", member.name, at, "warning", words))
    return sorted(found, key=lambda alert: (alert.started_at, alert.name, alert.service or ""))


def disk_alarm(day: Day, service: str, hours_ago: float) -> Alert:
    """An old alert about something else."""
    at = int(max(0, day.index(day.now - timedelta(hours=hours_ago))))
    return _alert(day, "DiskSpaceLow", service, at, "warning", f"{service}: disk more than 85 % full")


def _alert(day: Day, name: str, service: str, index: int, severity: str, summary: str) -> Alert:
    labels = {"alertname": name, "service": service, "severity": severity, "namespace": "shop"}
    notes = {"summary": summary, "runbook_url": f"{DOCS}/{name.lower()}.md"}
    return Alert(name, day.time(index), service, severity, labels=labels, annotations=notes)


def _firing_since(above: NDArray[np.bool_], samples: int) -> int | None:
    """The sample at which a rule that is still firing began to fire."""
    if not above[-samples:].all():
        return None
    below = np.flatnonzero(~above)
    begun = int(below[-1]) + 1 if below.size else 0
    return begun + samples - 1
