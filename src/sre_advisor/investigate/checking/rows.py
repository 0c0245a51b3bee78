"""Evidence taken apart into rows: the smallest pieces in which a figure, a time and a name belong together."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from sre_advisor.investigate.checking.clock import Moment, blanked, moments
from sre_advisor.investigate.checking.lexicon import is_ordinary
from sre_advisor.investigate.checking.quantities import Number, hinted, measure, numbers, unit_of_name

LONG = 400
"""Characters above which a string in JSON is a text of its own rather than a field."""
MANY = 4_000
"""Rows of one piece of evidence that are looked at."""
NAME_KEYS = frozenset(
    ("service", "service_name", "app", "job", "component", "deployment", "workload", "pod", "container", "host",
     "caller", "callee", "peer", "upstream", "downstream", "namespace", "node", "database", "db", "repository")
)  # fmt: skip
_UNITLESS = frozenset(
    ("count", "samples", "score", "status", "code", "line", "lines", "replicas", "moved_sigmas", "id")
)
_METRIC = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[_:][A-Za-z0-9]+)+")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=[A-Z“\"`*\-]|\w)|\n+")
_LABEL = re.compile(r"\b(?:" + "|".join(sorted(NAME_KEYS)) + r")\s?=~?\s?[\"']?([\w./:-]+)")
_STAMPED = re.compile(r"^\W*\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_LOG_NAME = re.compile(
    r"^\W*\d{4}-\d\d-\d\d[T ]\S+\s+(?:\[?(?:INFO|WARN(?:ING)?|ERROR|DEBUG|FATAL|"
    r"TRACE)\]?:?\s+)?\[?([A-Za-z][\w./-]{2,})\]?:?\s"
)


_LISTED = re.compile(r"^\s*[-*•]\s+([A-Za-z0-9]\S{2,}):\s")
"""An item of a list that begins with what it is about."""


@dataclass(frozen=True, slots=True)
class Source:
    """One piece of evidence: its text, or its decoded body; `window` is the stretch of time it was read for."""

    id: str
    text: str
    body: JsonValue = None
    label: str = ""
    window: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """`text` is its own, `context` what it inherits from what it is a part of; `names` of services tag it."""

    text: str
    context: str = ""
    numbers: tuple[Number, ...] = ()
    times: tuple[Moment, ...] = ()
    names: frozenset[str] = frozenset()
    series: str = ""
    whole: bool = False
    """A summary of all the evidence rather than a piece of it."""

    @property
    def full(self) -> str:
        """Its own words and those it inherits."""
        return f"{self.text} {self.context}" if self.context else self.text


def rows_of(source: Source) -> list[Row]:
    """All rows of one piece of evidence."""
    found: list[Row] = []
    if source.body is not None:
        found += _json_rows(source.body, "", frozenset(), 0)
    decoded = _decoded(source.text)
    if decoded is not None:
        found += _json_rows(decoded, "", frozenset(), 0)
    elif source.text:
        found += _text_rows(source.text, "", frozenset())
    if source.window:
        found.append(_row(" ".join(source.window), whole=True))
    return found[:MANY]


def strings_of(source: Source) -> Iterator[str]:
    """Every text of the evidence as it reads once decoded, for quotes."""
    yield source.text
    for value in (source.body, _decoded(source.text)):
        if value is not None:
            yield from _strings(value)


def _strings(value: JsonValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, dict):
        yield json.dumps(value, ensure_ascii=False)
        for item in value.values():
            yield from _strings(item)


def _decoded(text: str) -> JsonValue:
    """The text's JSON or JSON lines; None when it is prose."""
    stripped = text.strip()
    if not stripped or stripped[0] not in "{[":
        return None
    try:
        return json.loads(stripped)
    except ValueError:
        pass
    lines = [line for line in stripped.splitlines() if line.strip()]
    try:
        return [json.loads(line) for line in lines] if len(lines) > 1 else None
    except ValueError:
        return None


def _json_rows(value: JsonValue, context: str, names: frozenset[str], depth: int) -> Iterator[Row]:
    if isinstance(value, str):
        yield from _text_rows(value, context, names)
    elif isinstance(value, list):
        yield from _list_rows(value, context, names, depth)
    elif isinstance(value, dict):
        yield from _object_rows(value, context, names, depth)
    elif value is not None:
        yield _row(str(value), context, names)


def _list_rows(items: Sequence[JsonValue], context: str, names: frozenset[str], depth: int) -> Iterator[Row]:
    if items and all(_is_sample(i) for i in items):
        unit = _unit_in(context)
        for item in items:
            assert isinstance(item, list)
            yield _row(f"{item[0]} {item[1]}", context, names, unit=unit, series=context or "series")
    elif items and all(not isinstance(i, (dict, list)) for i in items) and len(json.dumps(items)) < LONG:
        yield _row(" ".join(str(i) for i in items), context, names)
    else:
        for item in items:
            yield from _json_rows(item, context, names, depth + 1)


def _is_sample(item: JsonValue) -> bool:
    """A [time, value] pair as Prometheus gives it."""
    if not isinstance(item, list) or len(item) != 2 or any(isinstance(i, (dict, list)) for i in item):
        return False
    return len(str(item[0])) <= 40 and bool(moments(str(item[0]), unix=True))


def _object_rows(value: Mapping[str, JsonValue], context: str, names: frozenset[str], depth: int) -> Iterator[Row]:
    columns, table = value.get("columns"), value.get("rows")
    if isinstance(columns, list) and isinstance(table, list):
        rest = {k: v for k, v in value.items() if k not in ("columns", "rows")}
        yield from _object_rows(rest, context, names, depth)
        for line in table:
            if isinstance(line, list):
                cells = {str(c): v for c, v in zip(columns, line, strict=False)}
                yield from _object_rows(cells, context, names, depth + 1)
        return
    own, children = _flattened(value)
    tagged = frozenset(str(v) for k, v in own.items() if k.rsplit(".", 1)[-1] in NAME_KEYS and isinstance(v, str))
    short = {k: v for k, v in own.items() if not (isinstance(v, str) and (len(v) > LONG or "\n" in v))}
    text = "\n".join(f"{k}: {_scalar(v)}" for k, v in short.items())
    mine = tagged or names
    if short:
        unit = own.get("unit")
        hint = str(unit) if isinstance(unit, str) and unit else _unit_in(text)
        yield _row(text, context, mine, unit=_known(hint), series=_series_key(own))
    inherited = "\n".join(p for p in (context, text) if p) if depth else context
    for key, item in own.items():
        if key not in short:
            yield from _text_rows(str(item), text or context, mine)
    named = not mine and _keyed_by_name(children)
    for key, item in children.items():
        whose = frozenset({key}) if named else mine
        yield from _json_rows(item, f"{inherited or text}\n{key}" if depth else _top(text, key, mine), whose, depth + 1)


def _keyed_by_name(children: Mapping[str, JsonValue]) -> bool:
    """Whether the keys are names of things rather than words for what each holds."""
    return len(children) > 1 and all(isinstance(item, (dict, list)) and is_name(key) for key, item in children.items())


def is_name(word: str) -> bool:
    """Whether a word may name a service: it is no everyday English and no metric."""
    parts = re.split(r"[_\s]", word)
    return " " not in word and not is_ordinary(word) and not unit_of_name(word) and not all(map(is_ordinary, parts))


def _top(text: str, key: str, names: frozenset[str]) -> str:
    """What the parts of the outermost object inherit: its fields only when it is about one thing."""
    return f"{text}\n{key}" if names else key


def _flattened(value: Mapping[str, JsonValue]) -> tuple[dict[str, JsonValue], dict[str, JsonValue]]:
    """Scalars and nested objects of scalars (labels, annotations) on one side, all else on the other."""
    own: dict[str, JsonValue] = {}
    children: dict[str, JsonValue] = {}
    alike = {frozenset(item) if isinstance(item, dict) else None for item in value.values()}
    if (
        len(value) > 1 and len(alike) == 1 and None not in alike and not any(map(is_ordinary, value))
    ):  # one record a key
        return {}, dict(value)
    for key, item in value.items():
        if isinstance(item, dict) and item and all(not isinstance(i, (dict, list)) for i in item.values()):
            own.update({f"{key}.{k}": v for k, v in item.items()})
        elif isinstance(item, list) and _is_sample(item):
            own[key] = f"{item[0]} {item[1]}"
        elif isinstance(item, (dict, list)):
            if isinstance(item, list) and all(isinstance(i, str) for i in item) and len(json.dumps(item)) < LONG:
                own[key] = ", ".join(str(i) for i in item)
            else:
                children[key] = item
        else:
            own[key] = item
    return own, children


def _scalar(value: JsonValue) -> str:
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _series_key(own: Mapping[str, JsonValue]) -> str:
    """What the samples of one series share when each is an object of its own."""
    words = [f"{k}={v}" for k, v in own.items() if isinstance(v, str) and not moments(v, unix=True)]
    return "|".join(words) if any(isinstance(v, (int, float)) for v in own.values()) else ""


def _text_rows(text: str, context: str, names: frozenset[str]) -> Iterator[Row]:
    table = _csv(text)
    if table is not None:
        for cells in table:
            yield from _object_rows(cells, context, names, 1)
        return
    for line in _pieces(text):
        if line.strip():
            tagged = frozenset(m.group(1) for m in _LABEL.finditer(line))
            logged = _LOG_NAME.match(line)
            listed = _LISTED.match(line) if not logged and not tagged else None
            heads = [m.group(1) for m in (logged, listed) if m is not None]
            own = tagged | {h for h in heads if not is_ordinary(h) and (logged or is_name(h))}
            yield _row(line.strip(), context, frozenset(own) or names, unit=_unit_in(line))


def _pieces(text: str) -> Iterator[str]:
    """Sentences of prose; a line of a log is one piece, whatever it holds."""
    for line in text.splitlines():
        if _STAMPED.match(line):
            yield line
        else:
            yield from _SENTENCE.split(line)


def _csv(text: str) -> list[dict[str, JsonValue]] | None:
    """The lines of a table with a header, separated by commas, tabs or bars; None for prose."""
    lines = [line.strip().strip("|") for line in text.splitlines() if line.strip(" |-:\t+")]
    if len(lines) < 2:
        return None
    for mark in ("\t", "|", ","):
        widths = {line.count(mark) for line in lines}
        if len(widths) == 1 and widths.pop() >= 1:
            header, *rest = csv.reader(lines, delimiter=mark)
            if all(re.fullmatch(r"\s*[A-Za-z][\w .()/%-]{0,40}\s*", cell) for cell in header):
                return [{k.strip(): _cell(v.strip()) for k, v in zip(header, line, strict=False)} for line in rest]
    return None


def _cell(text: str) -> JsonValue:
    """A cell as the number it is, unless it is a time in digits."""
    if moments(text, unix=True) or not re.fullmatch(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", text):
        return text
    return int(text) if text.lstrip("-").isdigit() else float(text)


def _unit_in(text: str) -> str:
    """The unit of the only metric named in the text."""
    units = {unit for name in _METRIC.findall(text) if (unit := unit_of_name(name))}
    return units.pop() if len(units) == 1 else ""


def _known(unit: str) -> str:
    return "s" if unit == "seconds" else unit if measure(unit)[0] or unit in ("", "k", "share?") else ""


def _row(
    text: str,
    context: str = "",
    names: frozenset[str] = frozenset(),
    *,
    unit: str = "",
    series: str = "",
    whole: bool = False,
) -> Row:
    times = tuple(moments(text, unix=True))
    held: list[Number] = []
    for line in text.split("\n"):
        # Ten digits may be a time or a size: they count as both.
        bare = blanked(line)
        key = line.partition(":")[0].rsplit(".", 1)[-1].strip()
        own = unit_of_name(key) if _METRIC.fullmatch(key) else ""
        hint = "" if key in _UNITLESS else own or unit
        held += [hinted(n, hint) for n in numbers(bare, evidence=True)]
    return Row(text, context, tuple(held), times, names, series, whole)
