"""Readings over time as JSON gives them: pairs, points, lists side by side, a start and a step, a table's frames."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pydantic import JsonValue

from sre_advisor.investigate.checking.evidence.series.told import (
    NUMBERED,
    STEP,
    VALUES,
    Sample,
    headed,
    identity,
    is_figure,
    is_time,
)
from sre_advisor.investigate.checking.words.clock import Moment, moments

WEEK, LATEST = 7 * 86_400, 4_000_000_000
"""Seconds between two readings, and since the epoch, beyond which a number is no step and no time."""
LEAST = 2
"""Readings that make a series."""
_START = frozenset(("start", "from", "begin", "starttime", "startedat", "first", "t0", "since", "starts", "startat"))
_SPAN = re.compile(r"(?:PT)?(\d+(?:\.\d+)?)\s?(ms|s|sec|secs|seconds?|m|min|mins|minutes?|h|hours?|M|S|H)?")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass(frozen=True, slots=True)
class Found:
    """The samples of an object, and its fields that they were made of."""

    samples: list[Sample]
    used: frozenset[str] = field(default_factory=frozenset[str])


def samples_of(value: Mapping[str, JsonValue], told: Mapping[str, JsonValue]) -> Found | None:
    """Readings that the object itself holds, None where it holds none; `told` is what the objects around it say."""
    own = {**told, **identity(value)}
    for shape in (_frame, _side_by_side, _stepped, _points, _pairs):
        found = shape(value, own)
        if found is not None:
            return found
    return None


def _figures(value: JsonValue) -> list[JsonValue] | None:
    """The list as it is, if all it holds are figures, a text of one too, or gaps."""
    if not isinstance(value, list) or len(value) < LEAST or all(i is None for i in value):
        return None
    return value if all(i is None or is_figure(i) for i in value) else None


def _times(value: JsonValue) -> list[str] | None:
    if not isinstance(value, list) or len(value) < LEAST or not all(is_time(i) for i in value):
        return None
    return [str(i) for i in value]


def _made(times: Sequence[str], values: Sequence[JsonValue], told: Mapping[str, JsonValue]) -> Iterator[Sample]:
    pairs = zip(times, values, strict=False)
    yield from ({"time": at, **told, "value": figure} for at, figure in pairs if figure is not None)


def _side_by_side(value: Mapping[str, JsonValue], told: Sample) -> Found | None:
    """Times in one list, values in others as long: in fields beside it, in an object, or in a list of objects."""
    key, times = next(((k, t) for k, v in value.items() if (t := _times(v))), (None, None))
    if key is None or times is None:
        return None
    return _beside(value, key, times, told)


def _stepped(value: Mapping[str, JsonValue], told: Sample) -> Found | None:
    """A first time, a step, and values without times of their own."""
    start = next((str(v) for k, v in value.items() if _plain(k) in _START and is_time(v)), None)
    step = next((s for k, v in value.items() if (s := _step(k, v))), None)
    if start is None or step is None:
        return None
    longest = max((len(i) for i in _lists(value)), default=0)
    times = stepped(moments(start, unix=True)[0], f"{step}s", longest)
    return _beside(value, "", times, told, short=True) if times else None


def _lists(value: JsonValue | Mapping[str, JsonValue]) -> Iterator[list[JsonValue]]:
    """Every list of figures in it, however deep."""
    if isinstance(value, list):
        if _figures(value):
            yield value
        else:
            for item in value:
                yield from _lists(item)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _lists(item)


def _beside(
    value: Mapping[str, JsonValue], key: str, times: Sequence[str], told: Sample, *, short: bool = False
) -> Found | None:
    """The readings of the times given: `short` ones may be fewer, the last missing."""
    samples: list[Sample] = []
    used = {key} if key else set[str]()
    rest = {k: v for k, v in value.items() if k != key}
    for name, item in rest.items():
        above = told if isinstance(item, list) and not _figures(item) else headed(name, told, [*rest])
        found = [*_inside(item, above, times, short)]
        if found:
            samples += found
            used.add(name)
    return Found(samples, frozenset(used)) if samples else None


def _inside(item: JsonValue, told: Sample, times: Sequence[str], short: bool) -> Iterator[Sample]:
    figures = _figures(item)
    if figures is not None:
        if short or len(figures) == len(times):
            yield from _made(times, figures, told)
    elif isinstance(item, list):
        for one in item:
            if isinstance(one, dict):
                yield from _inside(one, {**told, **identity(one)}, times, short)
    elif isinstance(item, dict):
        for key, inner in item.items():
            if isinstance(inner, list):
                above = headed(key, told, [*item]) if _figures(inner) else told
                yield from _inside(inner, above, times, short)
            elif isinstance(inner, dict):
                yield from _inside(inner, headed(key, {**told, **identity(inner)}), times, short)


def _points(value: Mapping[str, JsonValue], told: Sample) -> Found | None:
    """A list of objects with a time and one or more figures each, that name nobody themselves."""
    samples: list[Sample] = []
    used: set[str] = set()
    for key, item in value.items():
        if not isinstance(item, list) or len(item) < LEAST:
            continue
        points = [p for i in item if isinstance(i, dict) and (p := _point(i)) is not None]
        if len(points) != len(item):
            continue
        above = headed(key, told) if key.casefold() not in VALUES else told
        for at, figures in points:
            names = list(figures)
            for name in names:
                what = above if len(names) == 1 and len(name) < 6 else headed(name, above, names)
                samples.append({"time": at, **what, "value": figures[name]})
        used.add(key)
    return Found(samples, frozenset(used)) if samples else None


def _point(value: Mapping[str, JsonValue]) -> tuple[str, dict[str, JsonValue]] | None:
    times = [k for k, v in value.items() if is_time(v)]
    figures = {k: v for k, v in value.items() if k not in times and is_figure(v)}
    if (
        len(times) != 1
        or not figures
        or any(k.casefold() in NUMBERED for k in figures)
        or len(figures) + 1 < len(value)
    ):
        return None
    return str(value[times[0]]), figures


def _pairs(value: Mapping[str, JsonValue], told: Sample) -> Found | None:
    """Lists of a time and a figure, in either order."""
    samples: list[Sample] = []
    used: set[str] = set()
    for key, item in value.items():
        pairs = [p for i in item if (p := _pair(i))] if isinstance(item, list) else []
        if len(pairs) >= LEAST and isinstance(item, list) and len(pairs) == len(item):
            above = headed(key, told)
            samples += ({"time": at, **above, "value": figure} for at, figure in pairs)
            used.add(key)
    return Found(samples, frozenset(used)) if samples else None


def _pair(value: JsonValue) -> tuple[str, JsonValue] | None:
    if not isinstance(value, list) or len(value) != LEAST:
        return None
    one, other = value
    if is_time(one) and is_figure(other):
        return str(one), other
    return (str(other), one) if is_time(other) and is_figure(one) else None


def _frame(value: Mapping[str, JsonValue], told: Sample) -> Found | None:
    """A frame as Grafana gives it: fields with names and labels on one side, a list of values for each on the other."""
    schema, data = value.get("schema", value), value.get("data", value)
    fields = schema.get("fields") if isinstance(schema, dict) else None
    columns = data.get("values") if isinstance(data, dict) else None
    if not isinstance(fields, list) or not isinstance(columns, list) or len(fields) != len(columns):
        return None
    at = next((i for i, c in enumerate(columns) if _times(c)), None)
    if at is None:
        return None
    samples: list[Sample] = []
    for one, column in zip(fields, columns, strict=True):
        figures = _figures(column) if column is not columns[at] else None
        if figures and isinstance(one, dict):
            labels = one.get("labels")
            above = {**told, **(identity(labels) if isinstance(labels, dict) else {})}
            samples += _made(_times(columns[at]) or [], figures, headed(str(one.get("name", "")), above))
    return Found(samples, frozenset(("schema", "data", "fields", "values"))) if samples else None


def stepped(first: Moment, step: str, count: int) -> list[str]:
    """That many times from the first on, a step ("60s", "5 min") apart."""
    seconds = _step("step", step) or 0.0
    if not 0 < seconds <= WEEK or first.epoch > LATEST:
        return []
    return [_clock(first.epoch + n * seconds, dated=first.date is not None) for n in range(count)]


def _plain(key: str) -> str:
    return re.sub(r"[\s_-]+", "", key).casefold()


def _step(key: str, value: JsonValue) -> float | None:
    """Seconds between two readings, if the field says that."""
    named = STEP.fullmatch(key.casefold())
    said = _SPAN.fullmatch(str(value).strip()) if isinstance(value, (int, float, str)) else None
    if named is None or said is None or isinstance(value, bool):
        return None
    unit = (said.group(2) or named.group(1) or "s").casefold()
    return float(said.group(1)) * _SECONDS["ms" if unit == "ms" else unit[0]] or None


def _clock(epoch: float, *, dated: bool) -> str:
    at = datetime.fromtimestamp(epoch, UTC)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ" if dated else "%H:%M:%S")
