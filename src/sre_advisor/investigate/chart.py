"""Which signals a chart of the first look shows, and in words what it shows; pure, nothing is drawn here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from sre_advisor.advisors.words import clock, shorten, signal_words, span
from sre_advisor.investigate.figures import SHA, near_onset
from sre_advisor.investigate.kinship import Kinship, Relation
from sre_advisor.model import Alert, AlertState, RankedChange
from sre_advisor.triage import Movement, Triage
from sre_advisor.triage.clean import clean
from sre_advisor.triage.scene import PLAIN

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PANELS, MARKED_CHANGES = 4, 2
"""What a phone shows legibly in one picture."""
OF_THE_ORIGIN = 2
"""Panels kept for the suspect; the others show who else suffers."""
BEFORE, LEAST_BEFORE = 2.0, timedelta(minutes=30)
"""How much time before the onset is shown, as a multiple of the time since, and at least: what is usual."""
LINE, NAME, MARK = 52, 24, 50
"""Characters that fit into a panel's line, of which a service's name may take so many, and into a mark's label."""

TAIL = 8
"""Characters the last word of a signal's name may have to be kept."""

UNIT_WORDS = frozenset({"ms", "us", "s", "seconds", "milliseconds", "ratio", "percent", "pct", "bytes", "total"})

SHORT_UNITS = {"percent": "%", "milliseconds": "ms", "microseconds": "µs", "requests/s": "/s", "errors/s": "/s"}
"""Units as short as an axis has room for."""

MarkKind = Literal["onset", "alert", "change"]


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """One signal: `times` in unix seconds, `values` in `unit`, both 1-d of one length; `usual` is its level before."""

    title: str
    told: str
    unit: str | None
    usual: float
    times: NDArray[np.float64]
    values: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment drawn across all panels."""

    kind: MarkKind
    at: datetime
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything a drawing needs, and `alt`, which says the same in words."""

    title: str
    start: datetime
    end: datetime
    panels: tuple[Panel, ...]
    marks: tuple[Mark, ...]
    alt: str


def chart_of(
    found: Triage, alerts: Sequence[Alert], changes: Sequence[RankedChange], kin: Kinship, now: datetime
) -> Chart | None:
    """The suspect's and the alerting services' signals around the onset; None when nothing stands out."""
    if kin.origin is None or found.onset is None:
        return None
    shown = _chosen(found, alerts, kin)
    if not shown:
        return None
    since = now - found.onset
    start = max(found.onset - max(BEFORE * since, LEAST_BEFORE), _first_sample(shown, now))
    panels = tuple(p for m in shown if (p := _panel(m, start, now)) is not None)
    if not panels:
        return None
    marks = tuple(m for m in _marks(found, alerts, changes, kin) if start <= m.at <= now)
    title = f"What moved, {clock(start, exact=False).removesuffix(' UTC')} to {clock(now, exact=False)}"
    return Chart(title, start, now, panels, marks, _alt(panels, marks, start, now))


def _chosen(found: Triage, alerts: Sequence[Alert], kin: Kinship) -> list[Movement]:
    """Two of the origin's movements, then one of each alerting service, then what else moved most; kinds differ."""
    near = [m for m in found.moved if near_onset(m, found.onset) and m.peer in (None, kin.origin)]
    near = [m for m in near if m.score >= PLAIN] or near
    own = _distinct(m for m in near if kin.origin in (m.service, m.about))
    ringing = {a.service for a in alerts if a.state is AlertState.FIRING and kin.of(a.service) is not Relation.APART}
    others = _distinct(m for m in near if m.service in ringing and m.service != kin.origin)
    first_of = list({m.service: m for m in reversed(others)}.values())[::-1]
    rest = [m for m in (*own[OF_THE_ORIGIN:], *others, *_distinct(near)) if m.service != kin.origin or m in own]
    return list(dict.fromkeys([*own[:OF_THE_ORIGIN], *first_of, *rest]))[:PANELS]


def _distinct(moved: Iterable[Movement]) -> list[Movement]:
    """The first movement of each kind of a service: two quantiles of one latency show the same."""
    return list({(m.service, m.peer, m.kind): m for m in reversed(list(moved))}.values())[::-1]


def _panel(moved: Movement, start: datetime, end: datetime) -> Panel | None:
    samples = clean(moved.series)
    inside = (samples.times >= start.timestamp()) & (samples.times <= end.timestamp())
    if inside.sum() < 2:
        return None
    towards = f" → {moved.peer}" if moved.peer else ""
    unit = SHORT_UNITS.get((moved.unit or "").casefold(), moved.unit)
    told = span(moved.before, moved.now, unit).removeprefix("from ").replace(" to ", " → ")
    name = shorten(f"{moved.service}{towards}", NAME)
    title = squeezed(f"{name} · {signal_words(moved.signal, moved.unit)}", LINE - len(told))
    return Panel(title, told, unit, moved.before, samples.times[inside], samples.values[inside])


def squeezed(title: str, room: int) -> str:
    """A title cut in its middle: what a signal's name ends in (p99, avg) tells it from its neighbours."""
    if len(title) <= room:
        return title
    while title.rpartition(" ")[2] in UNIT_WORDS:  # the figures beside it say that
        title = title.rpartition(" ")[0]
    if len(title) <= room:
        return title
    tail = title.rpartition(" ")[2]
    return f"{title[: room - len(tail) - 2].rstrip(' ·')}… {tail}" if len(tail) <= TAIL else shorten(title, room)


def _marks(found: Triage, alerts: Sequence[Alert], changes: Sequence[RankedChange], kin: Kinship) -> tuple[Mark, ...]:
    """The onset, the alert that rang first, and the likeliest changes."""
    assert found.onset is not None
    marks = [Mark("onset", found.onset, f"began about {clock(found.onset, exact=False)}")]
    firing = [a for a in alerts if a.state is AlertState.FIRING and kin.concerns(a)]
    if firing:
        first = min(firing, key=lambda a: a.started_at)
        said = f"alert {first.name} {clock(first.started_at, exact=False)}"
        marks.append(Mark("alert", first.started_at, shorten(said, MARK)))
    named = [c for c in changes if c.at is not None]
    named.sort(key=lambda c: c.id != found.change)
    for one in named[: 1 if found.change not in (None, "none") else MARKED_CHANGES]:
        assert one.at is not None
        said = f"{one.kind or 'change'} {name_of(one)} {clock(one.at, exact=False)}"
        marks.append(Mark("change", one.at, shorten(said, MARK)))
    return tuple(marks)


def _first_sample(shown: Sequence[Movement], now: datetime) -> datetime:
    """When the series begin: an alert may be days older than all that was read."""
    starts = [float(times[0]) for m in shown if (times := clean(m.series).times).size]
    return datetime.fromtimestamp(min(starts, default=now.timestamp()), UTC)


def name_of(change: RankedChange) -> str:
    """A commit's short name, anything else's whole one: half a name is another's."""
    return change.id[:SHA] if change.kind == "commit" else shorten(change.id, NAME)


def _alt(panels: Sequence[Panel], marks: Sequence[Mark], start: datetime, end: datetime) -> str:
    shown = "; ".join(f"{p.title} {p.told}" for p in panels)
    marked = ", ".join(m.label for m in marks)
    span_said = f"{start.astimezone(UTC):%H:%M} to {end.astimezone(UTC):%H:%M} UTC"
    count = "1 signal" if len(panels) == 1 else f"{len(panels)} signals"
    return shorten(f"Line chart of {count}, {span_said}: {shown}. Marked: {marked}.", 900)
