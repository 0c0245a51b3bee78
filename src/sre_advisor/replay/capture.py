"""Reading the world around a question, through the broker and within its quotas."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
from pydantic import JsonValue

from sre_advisor.broker.broker import Read, ReadingDesk
from sre_advisor.connectors.contract import BadRequest
from sre_advisor.connectors.prometheus.config import WINDOW_PLACEHOLDER
from sre_advisor.model import DocSection, Evidence, Outcome, Series, Window
from sre_advisor.replay.nouns import written
from sre_advisor.replay.openmetrics import PLAIN_NAME, RawSeries
from sre_advisor.replay.parts import AnswerPart, EraPart, MetricsPart
from sre_advisor.replay.reach import touched
from sre_advisor.replay.recorder import NAMES_TOGETHER, Recorder

BEFORE, AFTER = timedelta(hours=2), timedelta(minutes=30)
"""How much more than was looked at is recorded, before it and after the question."""
SAMPLES, SAMPLES_TOGETHER, NAMES_CHARACTERS = 1_000_000, 120_000, 3_000
"""Samples of one recording; samples and characters of names one read may ask for."""
USUAL_INTERVAL_S = 15.0
ALERTS = ("ALERTS", "ALERTS_FOR_STATE")
EARLIER: Mapping[str, timedelta] = {"day": timedelta(days=1), "week": timedelta(days=7)}
Eras = dict[str, tuple[EraPart, Sequence[RawSeries]]]


@dataclass(slots=True)
class Around:
    """What was read around a question; `left_out` says what is missing and why."""

    metrics: MetricsPart = field(default_factory=MetricsPart)
    eras: Eras = field(default_factory=Eras)
    docs: list[DocSection] = field(default_factory=list[DocSection])
    left_out: list[str] = field(default_factory=list[str])


@dataclass(frozen=True, slots=True)
class Span:
    """What is recorded of time: everything from `start` to the question at `now`, and a little to `after`."""

    start: datetime
    now: datetime
    after: datetime


def answer_part(evidence: Evidence, read: Read | None = None, *, asked: bool = True) -> AnswerPart:
    """What a tool answered, with the nouns behind it where they are known."""
    return AnswerPart(
        id=evidence.id, source=evidence.source, tool=evidence.tool, request=evidence.request, outcome=evidence.outcome,
        summary=evidence.summary, body=evidence.body, window_start=evidence.window_start,
        window_end=evidence.window_end, link=evidence.link, truncated=evidence.truncated,
        nouns=tuple(map(written, read.nouns)) if read else (), asked=asked,
    )  # fmt: skip


async def capture(
    desk: ReadingDesk,
    recorder: Recorder,
    span: Span,
    asked: Iterable[Evidence],
    folders: Iterable[str],
    repositories: Iterable[str],
) -> Around:
    """Read metrics, documents and code; nothing that fails ends the rest, it is left out and said so."""
    around = Around()
    there = {offer.tool.name for offer in desk.offers}
    if "recorder_metrics" in there:
        await _metrics(desk, recorder, span, tuple(asked), around)
        await _read(desk, "recorder_rules", {}, around)
    for folder in folders if "recorder_docs" in there else ():
        read = await _read(desk, "recorder_docs", {"folder": folder}, around)
        around.docs += [noun for noun in read.nouns if isinstance(noun, DocSection)]
    for repository in repositories if "recorder_code" in there else ():
        await _read(desk, "recorder_code", {"repository": repository}, around)
    return around


async def _read(desk: ReadingDesk, tool: str, args: dict[str, JsonValue], around: Around) -> Read:
    read = await desk.read(tool, args)
    if read.evidence.outcome not in (Outcome.OK, Outcome.NO_DATA):
        around.left_out.append(f"{tool.removeprefix('recorder_')}: {read.evidence.summary}")
    return read


async def _metrics(
    desk: ReadingDesk, recorder: Recorder, span: Span, asked: Sequence[Evidence], around: Around
) -> None:
    main = Window(span.start, span.now)
    read = await _read(desk, "recorder_metrics", _between(main), around)
    if read.evidence.outcome is not Outcome.OK:
        return
    found, sizes = recorder.found, recorder.sizes
    names = [m.name for m in found.metrics if PLAIN_NAME.fullmatch(m.name)]
    signals = _touched((s.query.replace(WINDOW_PLACEHOLDER, "5m") for s in found.signals), names)
    queries = (str(e.request["query"]) for e in asked if isinstance(e.request.get("query"), str) and "metric" in e.tool)
    first = signals | _touched(queries, names) | {name for name in ALERTS if name in names}
    a_series = main.length.total_seconds() / (found.scrape_interval_s or USUAL_INTERVAL_S)
    left = SAMPLES
    held: dict[str, set[str]] = {}

    async def era(name: str, window: Window, wanted: Iterable[str]) -> None:
        nonlocal left
        share = a_series * window.length / main.length
        taken: list[tuple[str, float]] = []
        for metric in wanted:
            need = max(1, sizes.get(metric, 1)) * share
            if need > left:
                around.left_out.append(f"series of {metric} ({name}): about {need:.0f} samples, too many for the rest")
                continue
            left -= round(need)
            taken.append((metric, need))
        series, missing = await _series(desk, window, taken, around)
        around.eras[name] = (EraPart.model_validate({"name": name, "start": window.start, "end": window.end}), series)
        for metric, _ in taken:
            if metric not in missing:
                held.setdefault(metric, set()).add(name)

    await era("now", main, sorted(first, key=lambda n: sizes.get(n, 0)))
    for name, back in EARLIER.items():
        await era(name, Window(main.start - back, main.end - back), sorted(signals))
    beyond = span.now + timedelta(seconds=1)
    if span.after > beyond:
        await era("after", Window(beyond, span.after), sorted(first))
    rest = sorted((n for n in names if n not in first), key=lambda n: sizes.get(n, 0))
    before = around.eras["now"][1]
    await era("now", main, rest)
    part, more = around.eras["now"]
    around.eras["now"] = (part, [*before, *more])
    metrics = tuple(
        m.model_copy(update={"held": tuple(e for e in ("now", "day", "week") if e in held.get(m.name, ()))})
        for m in found.metrics
    )
    around.metrics = found.model_copy(update={"metrics": metrics})


def _touched(queries: Iterable[str], names: Sequence[str]) -> set[str]:
    known, found = set(names), set[str]()
    for query in queries:
        with suppress(BadRequest):  # a query that cannot be read names no metric to record
            for touch in touched(query, names):
                found |= touch.names & known
    return found


async def _series(
    desk: ReadingDesk, window: Window, wanted: Sequence[tuple[str, float]], around: Around
) -> tuple[list[RawSeries], set[str]]:
    """The raw series of these metrics, and which of them could not be read in full."""
    parts: dict[tuple[tuple[str, str], ...], list[Series]] = {}
    missing: set[str] = set()
    for names, share in _portions(wanted):
        for part in _split(window, share):
            args: dict[str, JsonValue] = {"metrics": list(names), **_between(part)}
            read = await _read(desk, "recorder_series", args, around)
            if read.evidence.outcome not in (Outcome.OK, Outcome.NO_DATA):
                missing |= set(names)
            for noun in read.nouns:
                if isinstance(noun, Series):
                    parts.setdefault(tuple(sorted(noun.labels.items())), []).append(noun)
    return [_joined(pages) for pages in parts.values()], missing


def _joined(pages: Sequence[Series]) -> RawSeries:
    times, first = np.unique(np.concatenate([one.times for one in pages]), return_index=True)
    return RawSeries(pages[0].labels, times, np.concatenate([one.values for one in pages])[first])


def _portions(wanted: Sequence[tuple[str, float]]) -> Iterable[tuple[tuple[str, ...], float]]:
    """Metrics that are read together, and how many samples that will be."""
    some: list[str] = []
    samples = 0.0
    for name, need in wanted:
        if some and (
            samples + need > SAMPLES_TOGETHER
            or len(some) >= NAMES_TOGETHER
            or sum(map(len, some)) + len(some) + len(name) > NAMES_CHARACTERS
        ):
            yield tuple(some), samples
            some, samples = [], 0.0
        some.append(name)
        samples += need
    if some:
        yield tuple(some), samples


def _split(window: Window, samples: float) -> Iterable[Window]:
    count = max(1, math.ceil(samples / (2 * SAMPLES_TOGETHER)))
    cuts = [window.start + window.length * i / count for i in range(count)] + [window.end]
    for start, end in pairwise(cuts):
        yield Window(start, end)


def _between(window: Window) -> dict[str, JsonValue]:
    return {"start": window.start.isoformat(), "end": window.end.isoformat()}
