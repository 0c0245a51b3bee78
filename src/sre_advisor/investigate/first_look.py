"""The first look: all sources at once, then triage, without a model."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from pydantic import JsonValue

from sre_advisor.broker.broker import Read, ReadingDesk
from sre_advisor.connectors.contract import Noun, Role
from sre_advisor.investigate.chart import Chart, chart_of
from sre_advisor.investigate.compose import compose
from sre_advisor.investigate.config import FirstLookConfig
from sre_advisor.investigate.figures import triage_body
from sre_advisor.investigate.kinship import kinship
from sre_advisor.investigate.so_far import AWAITED, awaited, so_far
from sre_advisor.model import Alert, AlertState, Catalogue, Change, FirstLook, LogLine, Series
from sre_advisor.triage import Triage, triage

N = TypeVar("N")

RUNBOOKS = 3
"""Alerts whose runbook is looked up: what one message can show."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the sources gave, by role; failed reads are in it too."""

    reads: tuple[tuple[Role, Read], ...]

    def nouns(self, kind: type[N], *roles: Role) -> tuple[N, ...]:
        """The nouns of one kind that these roles gave."""
        found: Iterable[Noun] = (n for role, read in self.reads if role in roles for n in read.nouns)
        return tuple(n for n in found if isinstance(n, kind))

    def cites(self, *roles: Role) -> tuple[str, ...]:
        """The ids of the evidence that these roles gave and that holds something."""
        return tuple(read.evidence.id for role, read in self.reads if role in roles and read.nouns)

    def alerts(self) -> tuple[Alert, ...]:
        """Active alerts, then those that only the history knows."""
        active = self.nouns(Alert, Role.ALERTS)
        known = {(a.name, a.service) for a in active}
        history = self.nouns(Alert, Role.ALERT_HISTORY)
        return (*active, *(a for a in history if (a.name, a.service) not in known))

    def changes(self) -> tuple[Change, ...]:
        """Every change once; sources that know the same one complete each other."""
        merged: dict[str, Change] = {}
        for change in self.nouns(Change, Role.CHANGES):
            known = merged.get(change.id)
            merged[change.id] = _complete(known, change) if known else change
        return tuple(sorted(merged.values(), key=lambda c: c.at))


@dataclass(frozen=True, slots=True)
class FirstLookResult:
    """What is said and recorded, and the chart that goes with it (its samples stay out of the journal)."""

    said: FirstLook
    chart: Chart | None = None


Early = Callable[[FirstLook], Awaitable[None]]
"""Shows a first look that is not complete."""


async def take_first_look(
    desk: ReadingDesk,
    now: datetime,
    catalogue: Catalogue,
    config: FirstLookConfig,
    asked_about: Sequence[str] = (),
    early: Early | None = None,
) -> FirstLookResult:
    """Read every source in parallel, each with its deadline, and say what stands out; never raises for a source.

    What is known by the time a person should see something is shown by `early` while late sources are awaited.
    """

    async def show(gathered: Gathered, late: Sequence[str]) -> None:
        found = await desk.conclude(_drawn_from(gathered, now, catalogue, asked_about, late), partial(
            _triage, gathered, now, catalogue, asked_about
        ))  # fmt: skip
        if early is not None:
            await early(so_far(compose(found, gathered, catalogue, now, config, AWAITED), late))

    gathered = await _gather(desk, now, config, show if early else None)
    runbooks = asyncio.create_task(_runbooks(desk, gathered.alerts(), config))
    drawn_from = _drawn_from(gathered, now, catalogue, asked_about)
    found = await desk.conclude(drawn_from, lambda: _triage(gathered, now, catalogue, asked_about))
    whole = Gathered((*gathered.reads, *await runbooks))
    services, changes = whole.cites(Role.SIGNALS), whole.cites(Role.CHANGES)
    cited: list[JsonValue] = [*services, *changes, *whole.cites(Role.ALERTS, Role.ALERT_HISTORY, Role.LOGS)]
    evidence = await desk.derive(
        "first_look",
        {"drawn_from": cited},
        _summary(found),
        triage_body(found, whole.changes(), whole.alerts(), catalogue, now),
    )
    said = compose(found, whole, catalogue, now, config, evidence.id)
    kin = kinship(found, {c.id: c for c in whole.changes()}, catalogue)
    return FirstLookResult(said, chart_of(found, whole.alerts(), said.changes, kin, now))


def _drawn_from(
    gathered: Gathered, now: datetime, catalogue: Catalogue, asked_about: Sequence[str], late: Sequence[str] = ()
) -> Hashable:
    """Names all that goes into a triage."""
    known = tuple(s.name for s in catalogue.services)
    return ("triage", now, known, tuple(asked_about), *late, *(read.number for _, read in gathered.reads))


async def _gather(
    desk: ReadingDesk,
    now: datetime,
    config: FirstLookConfig,
    show: Callable[[Gathered, Sequence[str]], Awaitable[None]] | None,
) -> Gathered:
    recent = _window(now, config.hours)
    wanted: dict[Role, dict[str, JsonValue]] = {
        Role.ALERTS: {},
        Role.ALERT_HISTORY: recent,
        Role.SIGNALS: recent,
        Role.CHANGES: _window(now, config.change_hours),
        Role.LOGS: recent,
    }
    calls = [(role, offer, args) for role, args in wanted.items() for offer in desk.with_role(role)]
    reads = [asyncio.ensure_future(desk.read(o.tool.name, args, config.deadline_s)) for _, o, args in calls]
    try:
        done, late = await asyncio.wait(reads, timeout=config.soon_s) if reads else (set[object](), set[object]())
        if show is not None and done and late:
            there = tuple(
                (role, read.result() if read.done() else awaited(offer.source, offer.tool.name, now))
                for (role, offer, _), read in zip(calls, reads, strict=True)
            )
            missing = [offer.source for (_, offer, _), read in zip(calls, reads, strict=True) if not read.done()]
            await show(Gathered(there), missing)
        came = await asyncio.gather(*reads)
    finally:
        for read in reads:
            read.cancel()
    return Gathered(tuple((role, read) for (role, _, _), read in zip(calls, came, strict=True)))


async def _runbooks(
    desk: ReadingDesk, alerts: Sequence[Alert], config: FirstLookConfig
) -> tuple[tuple[Role, Read], ...]:
    firing = [a for a in alerts if a.state in (AlertState.FIRING, AlertState.PENDING)]
    first_of_name = list({a.name: a for a in reversed(firing)}.values())[-RUNBOOKS:]
    calls = [
        desk.read(
            offer.tool.name,
            {"alert": alert.name, "runbook_url": alert.annotations.get("runbook_url")},
            config.deadline_s,
        )
        for alert in reversed(first_of_name)
        for offer in desk.with_role(Role.RUNBOOK)
    ]
    return tuple((Role.RUNBOOK, read) for read in await asyncio.gather(*calls))


def _triage(gathered: Gathered, now: datetime, catalogue: Catalogue, asked_about: Sequence[str]) -> Triage:
    return triage(
        now=now,
        series=gathered.nouns(Series, Role.SIGNALS),
        alerts=gathered.alerts(),
        changes=gathered.changes(),
        catalogue=catalogue,
        logs=gathered.nouns(LogLine, Role.LOGS),
        asked_about=asked_about,
    )


def _window(now: datetime, hours: float) -> dict[str, JsonValue]:
    return {"start": _iso(now - timedelta(hours=hours)), "end": _iso(now)}


def _iso(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def _complete(one: Change, other: Change) -> Change:
    return replace(
        one,
        service=one.service or other.service,
        author=one.author or other.author,
        files=one.files or other.files,
        diff=one.diff or other.diff,
        repository=one.repository or other.repository,
        link=one.link or other.link,
    )


def _summary(found: Triage) -> str:
    if not found.services:
        return "triage: nothing could be ranked"
    return f"triage: {found.services[0].name} first of {len(found.services)} services; change: {found.change or '?'}"
