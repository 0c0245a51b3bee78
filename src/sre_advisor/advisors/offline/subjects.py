"""What the metrics, alerts and changes say about a service, or a part of one, that a follow-up names."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from sre_advisor.advisors.naming import known_names, named_services, unknown_names, unknown_words
from sre_advisor.advisors.offline.conclude import culprit_of, short_name
from sre_advisor.advisors.offline.replies import Reply, Thread
from sre_advisor.advisors.words import clock, figure, signal_words, span
from sre_advisor.model import DraftClaim, Evidence, Outcome

SIGNALS_TOOL, ALERTS_TOOL = "metrics_golden_signals", "alerts_active"
HURTS = ("errors", "latency", "saturation", "availability")
"""Kinds of signal whose moving is harm; traffic and CPU also move when all is well."""
PARTS: dict[str, tuple[str, ...]] = {
    "database": ("db", "database", "sql", "postgres", "postgresql", "mysql"),
    "cache": ("cache", "redis", "memcached"),
    "queue": ("queue", "kafka", "rabbitmq", "lag"),
    "disk": ("disk", "volume", "filesystem", "storage"),
    "cpu": ("cpu",),
    "memory": ("memory", "heap", "oom"),
    "network": ("network", "dns", "tcp"),
    "provider": ("provider", "external", "upstream"),
}
"""Parts of services as people say them, and the words metrics use for them."""


@dataclass(frozen=True, slots=True)
class Row:
    """One signal's row of the golden signals."""

    service: str
    signal: str
    kind: str
    words: str
    left: datetime | None

    @property
    def moved(self) -> bool:
        """Whether it left its usual range."""
        return self.left is not None


async def about(thread: Thread) -> Reply | None:
    """What was read about the service or part that the question names; None when it names none."""
    catalogue, seen = thread.brief.catalogue, tuple(s.name for s in thread.look.services)
    named = named_services(thread.text, catalogue) or tuple(n for n in seen if _stands_in(thread.text, n))
    if named:
        return await _service(thread, named[0])
    for part, words in PARTS.items():
        if any(_stands_in(thread.text, w) for w in (part, f"{part}s", *words)):
            return await _part(thread, part, words)
    unknown = unknown_names(thread.text, known_names(catalogue, seen))
    if unknown:
        known_part = await _part(thread, unknown[0], (unknown[0],))
        return known_part or Reply(unknown_words(unknown[0], catalogue, seen))
    return None


async def _service(thread: Thread, name: str) -> Reply:
    signals, alerts = await asyncio.gather(
        thread.read(SIGNALS_TOOL, {"services": [name], "limit": 30}), thread.read(ALERTS_TOOL, {"service": name})
    )
    rows = _rows(signals)
    harmed = [r for r in rows if r.moved and r.kind in HURTS]
    facts: list[DraftClaim] = [*_row_claims(signals, harmed[:3] or [r for r in rows if r.kind in HURTS][:3])]
    facts += [DraftClaim(text=alerts.summary, cites=(alerts.id,))] if alerts and _answered(alerts) else []
    facts += [thread.facts.change(c, c.doubts[:1]) for c in thread.look.changes if c.service == name][:2]
    gaps = tuple(f"{e.source} could not be read: {e.summary}" for e in (signals, alerts) if e and not _answered(e))
    said = f"{name}: {_signal_summary(rows, harmed)}; {_alert_summary(alerts)}."
    if name == thread.suspect:
        return Reply(f"{said} This is where it seems to have begun.", tuple(facts), not_checked=gaps)
    early = [r for r in harmed if r.left and thread.look.since and r.left < thread.look.since]
    if early:
        return Reply(f"{said} It moved first, which speaks against my answer.", (), tuple(facts), not_checked=gaps)
    said += _part_played(thread, name, harmed=bool(harmed))
    return Reply(said, ruled_out=tuple(facts), not_checked=gaps)


async def _part(thread: Thread, part: str, words: tuple[str, ...]) -> Reply | None:
    signals = await thread.read(SIGNALS_TOOL, {"limit": 200})
    rows = [r for r in _rows(signals) if any(w in re.split(r"[^a-z0-9]+", r.signal.casefold()) for w in words)]
    if not rows:
        if part not in PARTS:
            return None
        return Reply(f"No signal I can read names the {part}: I cannot say how it is.",
                     not_checked=(f"the {part}: nothing measures it under that name",))  # fmt: skip
    moved = [r for r in rows if r.moved]
    still = [r for r in rows if not r.moved]
    where = " and ".join(dict.fromkeys(r.service for r in moved[:2]))
    logs = [c for c in thread.facts.new_log_lines(*(s.name for s in thread.look.services)) if _speaks(c.text, words)]
    signals_of = f"{len(rows)} signal{'s' * (len(rows) != 1)} that name{'s' * (len(rows) == 1)} the {part}"
    said = f"{len(moved)} of the {signals_of} left the usual range, in {where}."
    if not moved:
        said = f"The {signals_of} stayed in the usual range: I see nothing wrong with it."
    culprit = culprit_of(thread.look)
    if culprit and moved and all(r.service == thread.suspect for r in moved):
        said += f" Nobody else's moved, so it is how {thread.suspect} fails, which fits {short_name(culprit)}."
    return Reply(said, (*_row_claims(signals, moved[:3]), *logs[:1]), ruled_out=tuple(_row_claims(signals, still[:3])))


def _part_played(thread: Thread, name: str, *, harmed: bool) -> str:
    if name in thread.facts.victims():
        return f" It calls {thread.suspect} and moved after it: a victim, as far as can be read."
    return " It moved after the onset." if harmed else " Nothing here says that it has a part in this."


def _signal_summary(rows: list[Row], harmed: list[Row]) -> str:
    if not rows:
        return "no signals of it could be read"
    watched = [r for r in rows if r.kind in HURTS]
    if not harmed:
        return f"none of its {len(watched)} error, latency and saturation signals left its usual range"
    return f"{len(harmed)} of its {len(watched)} error, latency and saturation signals left their usual range"


def _alert_summary(alerts: Evidence | None) -> str:
    if alerts is None or not _answered(alerts):
        return "alerts were not read"
    return "no alert of it is active" if alerts.outcome is Outcome.NO_DATA else alerts.summary


def _answered(evidence: Evidence) -> bool:
    return evidence.outcome in (Outcome.OK, Outcome.NO_DATA)


def _row_claims(signals: Evidence | None, rows: Iterable[Row]) -> Iterator[DraftClaim]:
    return (DraftClaim(text=r.words, cites=(signals.id,)) for r in rows if signals is not None)


def _rows(signals: Evidence | None) -> list[Row]:
    body = signals.body if signals is not None and isinstance(signals.body, dict) else {}
    columns, rows = body.get("columns"), body.get("rows")
    if not isinstance(columns, list) or not isinstance(rows, list):
        return []
    keyed = (dict(zip(map(str, columns), r, strict=False)) for r in rows if isinstance(r, list))
    return [row for r in keyed if (row := _row(r)) is not None]


def _row(cells: dict[str, JsonValue]) -> Row | None:
    now, before, unit = cells.get("now"), cells.get("before"), cells.get("unit")
    if not isinstance(now, int | float) or not isinstance(before, int | float):
        return None
    service, signal = str(cells.get("service")), str(cells.get("signal")).partition("{")[0]
    left = _time(cells.get("left_band_at"))
    named = unit if isinstance(unit, str) else None
    shown = f"is as usual: {figure(now, named)}, {figure(before, named)} before"
    if left:
        shown = f"went {span(before, now, named)}, out of its usual range since {clock(left)}"
    words = f"{service} {signal_words(signal, named)} {shown}"
    return Row(service, signal, str(cells.get("kind")), words, left)


def _time(value: JsonValue) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _speaks(text: str, words: tuple[str, ...]) -> bool:
    return any(_stands_in(text, w) for w in words)


def _stands_in(text: str, name: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name.casefold())}(?![\w-])", text.casefold()) is not None
