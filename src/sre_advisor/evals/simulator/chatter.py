"""What services write on any day, and what those that suffer write on this one."""

from __future__ import annotations

from datetime import timedelta

from sre_advisor.evals.simulator.day import Day
from sre_advisor.evals.simulator.spread import first_moved
from sre_advisor.evals.simulator.told import Told
from sre_advisor.model import LogLine

_ORDINARY = (
    ("INFO", "request {n} answered in {n} ms"),
    ("INFO", "refreshed {n} entries from the settings store"),
    ("WARN", "client closed the connection early (request {n})"),
    ("INFO", "health check ok"),
)


def chatter(day: Day, told: Told) -> list[LogLine]:
    """All lines of the world, oldest first, those of the cause included."""
    lines = [line for line in told.logs if line.at <= day.now]
    for member in day.shop.members:
        if member.outside or member.name in told.hidden:
            continue
        noise = day.noise("chatter", member.name)
        at = day.start + timedelta(seconds=noise.between(0, 300))
        while at < day.now:
            level, text = noise.one(_ORDINARY)
            lines.append(LogLine(at, member.name, level, text.replace("{n}", str(10 + noise.below(900)))))
            at += timedelta(seconds=noise.between(120, 900))
        lines += _suffering(day, told, member.name)
    return sorted(lines, key=lambda line: (line.at, line.service or "", line.message))


def _suffering(day: Day, told: Told, service: str) -> list[LogLine]:
    if service in told.services or first_moved(day, service) is None:
        return []
    worst = max((c for c in day.shop.calls if c[0] == service), key=lambda c: day.bend(c[1]).errors.max(), default=None)
    if worst is None or day.bend(worst[1]).errors.max() < 0.02 or worst[1] in told.hidden:
        return []
    noise, lines = day.noise("suffering", service), list[LogLine]()
    at = day.onset + timedelta(seconds=noise.between(60, 120))
    while at < day.now:
        lines.append(LogLine(at, service, "ERROR", f"call to {worst[1]} failed (request {100 + noise.below(900)})"))
        at += timedelta(seconds=noise.between(15, 45))
    return lines
