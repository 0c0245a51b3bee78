"""Evidence taken apart into rows: the smallest pieces in which a figure, a time and a name belong together."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice

from pydantic import JsonValue

from sre_advisor.investigate.checking.evidence.decoding import decoded
from sre_advisor.investigate.checking.evidence.directions import is_before
from sre_advisor.investigate.checking.evidence.heads import is_generic, tells_what
from sre_advisor.investigate.checking.evidence.listed.entries import RECORD_KEYS
from sre_advisor.investigate.checking.evidence.listed.objects import objects_in
from sre_advisor.investigate.checking.evidence.prose import text_rows
from sre_advisor.investigate.checking.evidence.row import NAME_KEYS, Row, Source, row_from
from sre_advisor.investigate.checking.evidence.series.lines import samples_in
from sre_advisor.investigate.checking.evidence.series.sampled import known, sampled, scalar
from sre_advisor.investigate.checking.evidence.series.shapes import samples_of
from sre_advisor.investigate.checking.evidence.series.told import is_owner
from sre_advisor.investigate.checking.evidence.series.wide import apart
from sre_advisor.investigate.checking.evidence.tables import parts
from sre_advisor.investigate.checking.evidence.units import unit_in
from sre_advisor.investigate.checking.words.clock import moments
from sre_advisor.investigate.checking.words.lexicon import is_ordinary
from sre_advisor.investigate.checking.words.written_dates import rewritten

LONG = 400
"""Characters above which a string in JSON is a text of its own rather than a field."""
FIELDS = 80
"""Fields of one object that stand in one row."""
MANY = 4_000
"""Rows of one piece of evidence that are looked at."""


def rows_of(source: Source) -> list[Row]:
    """All rows of one piece of evidence."""
    value = decoded(source.text)
    body = _json_rows(source.body, "", frozenset(), 0) if source.body is not None else ()
    text = _json_rows(value, "", frozenset(), 0) if value is not None else _text_rows(source.text, "", frozenset())
    window = [row_from(" ".join(source.window), whole=True)] if source.window else []
    return [*islice(chain(body, text), MANY), *window]


def strings_of(source: Source) -> Iterator[str]:
    """Every text of the evidence as it reads once decoded, for quotes."""
    yield source.text
    for value in (source.body, decoded(source.text)):
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


def _json_rows(value: JsonValue, context: str, names: frozenset[str], depth: int) -> Iterator[Row]:
    if isinstance(value, str):
        yield from _text_rows(value, context, names)
    elif isinstance(value, list):
        yield from _list_rows(value, context, names, depth)
    elif isinstance(value, dict):
        yield from _object_rows(value, context, names, depth)
    elif value is not None:
        yield row_from(str(value), context, names)


def _list_rows(items: Sequence[JsonValue], context: str, names: frozenset[str], depth: int) -> Iterator[Row]:
    if items and all(_is_sample(i) for i in items):
        unit = unit_in(context)
        for item in items:
            assert isinstance(item, list)
            yield row_from(f"{item[0]} {item[1]}", context, names, unit=unit, series=context or "series")
    elif items and all(not isinstance(i, (dict, list)) for i in items) and len(json.dumps(items)) < LONG:
        yield row_from(" ".join(str(i) for i in items), context, names)
    else:
        for item in items:
            readings = apart(item, context) if isinstance(item, dict) else []
            yield from sampled(readings, context, names)
            if not readings:
                yield from _json_rows(item, context, names, depth + 1)


def _is_sample(item: JsonValue) -> bool:
    """A [time, value] pair as Prometheus gives it."""
    if not isinstance(item, list) or len(item) != 2 or any(isinstance(i, (dict, list)) for i in item):
        return False
    return len(str(item[0])) <= 40 and bool(moments(str(item[0]), unix=True))


def _object_rows(value: Mapping[str, JsonValue], context: str, names: frozenset[str], depth: int) -> Iterator[Row]:
    if isinstance(value.get("columns"), list) and isinstance(value.get("rows"), list):
        yield from _table_rows(value, context, names, depth)
        return
    series = samples_of(value, {})
    if series is not None:
        yield from sampled(series.samples, context, names)
        value = {k: v for k, v in value.items() if k not in series.used}
    timed = [k for k, v in value.items() if _is_timed(v)]
    for key in timed:
        yield from _timed_rows(value, key, context, names, depth)
    own, children = _flattened({k: v for k, v in value.items() if k not in timed})
    tagged = frozenset(str(v) for k, v in own.items() if _is_name_key(k) and isinstance(v, str))
    short = {k: v for k, v in own.items() if not (isinstance(v, str) and (len(v) > LONG or "\n" in v))}
    text = "\n".join(f"{k}: {scalar(v)}" for k, v in short.items())
    mine = frozenset(n for t in tagged for n in (t, *objects_in(t))) or objects_in(text) or names
    if short:
        unit = own.get("unit")
        hint = str(unit) if isinstance(unit, str) and unit else unit_in(text, context)
        for part in _bounded(text):
            yield row_from(part, context, mine, unit=known(hint), series=_series_key(own))
    inherited = "\n".join(p for p in (context, text) if p) if depth else context
    for key, item in own.items():
        if key not in short:
            yield from _text_rows(str(item), text or context, mine)
    named = not mine and _keyed_by_name(children)
    for key, item in children.items():
        whose = (objects_in(key) or frozenset({key})) if named else mine
        yield from _json_rows(
            item, f"{inherited or text}\n{key}" if depth else _top(own, text, key, mine), whose, depth + 1
        )


def _is_name_key(key: str) -> bool:
    return key.rsplit(".", 1)[-1].casefold() in NAME_KEYS


def _bounded(text: str) -> list[str]:
    """The fields of one thing together, unless there are more than anybody tells of one thing."""
    lines = text.split("\n")
    return ["\n".join(lines[i : i + FIELDS]) for i in range(0, len(lines), FIELDS)]


def _table_rows(value: Mapping[str, JsonValue], context: str, names: frozenset[str], depth: int) -> Iterator[Row]:
    """A table given as the names of its columns and its lines."""
    columns, lines = value["columns"], value["rows"]
    assert isinstance(columns, list)
    assert isinstance(lines, list)
    rest = {k: v for k, v in value.items() if k not in ("columns", "rows")}
    yield from _object_rows(rest, context, names, depth)
    for line in lines:
        if isinstance(line, list):
            cells = {str(c): v for c, v in zip(columns, line, strict=False)}
            yield from _object_rows(cells, context, names, depth + 1)


def _is_timed(value: JsonValue) -> bool:
    """Whether an object's keys are the times of its values."""
    return isinstance(value, dict) and len(value) > 1 and all(moments(k, unix=True) for k in value)


def _timed_rows(
    value: Mapping[str, JsonValue], key: str, context: str, names: frozenset[str], depth: int
) -> Iterator[Row]:
    """The samples that stand under the key by their times, as what the object's other fields tell of."""
    samples = value[key]
    rest = "\n".join(f"{k}: {scalar(v)}" for k, v in value.items() if not isinstance(v, (dict, list)))
    pairs: list[JsonValue] = [[k, v] for k, v in samples.items()] if isinstance(samples, dict) else []
    tag = frozenset(str(v) for k, v in value.items() if k in NAME_KEYS and isinstance(v, str))
    yield from _list_rows(pairs, f"{context}\n{rest}\n{key}".strip(), tag or names, depth + 1)


_READ = frozenset(("metric", "metric_name", "__name__", "unit", "units"))
"""Fields that tell what all readings below them are of."""


def _keyed_by_name(children: Mapping[str, JsonValue]) -> bool:
    """Whether the keys are names of things rather than words for what each holds."""
    return len(children) > 1 and all(isinstance(item, (dict, list)) and is_owner(key) for key, item in children.items())


def _top(own: Mapping[str, JsonValue], text: str, key: str, names: frozenset[str]) -> str:
    """What the parts of the outermost object inherit: what is read, and its other fields when it is about one thing."""
    told = text if names else "\n".join(f"{k}: {scalar(v)}" for k, v in own.items() if k in _READ)
    return f"{told}\n{key}" if told else key


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
        if isinstance(item, dict) and len(item) > 1 and all(_is_sample([k, v]) for k, v in item.items()):
            children[key] = [[k, v] for k, v in item.items()]  # readings by time
        elif isinstance(item, dict) and item and all(not isinstance(i, (dict, list)) for i in item.values()):
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


def _series_key(own: Mapping[str, JsonValue]) -> str:
    """What the samples of one series share when each is an object of its own."""
    words = [f"{k}={v}" for k, v in own.items() if isinstance(v, str) and not moments(v, unix=True)]
    figures = [k for k, v in own.items() if isinstance(v, (int, float)) and not isinstance(v, bool)]
    words += figures if len(figures) == 1 else []
    return "|".join(words) if any(isinstance(v, (int, float)) for v in own.values()) else ""


def _text_rows(text: str, context: str, names: frozenset[str]) -> Iterator[Row]:
    text = rewritten(text)
    text = re.sub(r"[ \t]{24,}", " " * 24, text)  # long runs of blanks cost patterns dearly and say nothing
    text = re.sub(rf"([\w+/=:-]{{{LONG}}})[\w+/=:-]+", r"\1", text)  # so do long runs without any
    for part in parts(text):
        if not part.records:
            samples, rest = samples_in(part.text)
            yield from sampled(samples, context, names)
            yield from text_rows(rest, context, names)
        above = f"{context}\n{part.text}".strip()
        for cells in part.records:
            readings = apart(cells, part.text)
            yield from sampled(readings, above, names)
            for own in () if readings else _apart(cells):
                yield from _object_rows(own, above, names or _headed(own, part.text), 1)


_HEADED = re.compile(r"([A-Za-z][\w:-]*)[ ./]\w+(?:_\w+)+(?:\s?[(\[][^)\]]*[)\]])?")


def _headed(cells: Mapping[str, JsonValue], above: str) -> frozenset[str]:
    """Whose reading a line of a table holds, when the heading of its only figure says so ("cart p99_ms", "cart")."""
    keys = [k for k, v in cells.items() if isinstance(v, (int, float)) and not isinstance(v, bool)]
    if len(keys) != 1:
        return frozenset()
    found = _HEADED.fullmatch(keys[0])
    if found is not None:
        return frozenset({found.group(1)})
    alone = re.fullmatch(r"[A-Za-z](?:[\w-]|::)*", keys[0]) and not is_generic(keys[0]) and tells_what(above)
    return frozenset({keys[0]}) if alone else frozenset()


def _apart(cells: dict[str, JsonValue]) -> list[dict[str, JsonValue]]:
    """The readings of one moment, each by itself, where a line of a table holds several."""
    figures = [k for k, v in cells.items() if isinstance(v, (int, float))]
    timed = any(isinstance(v, str) and moments(v, unix=True) for v in cells.values())
    listed = any(k.casefold() in RECORD_KEYS for k in cells)
    if len(figures) < 2 or not timed or listed or any(is_before(k) for k in figures):
        return [cells]
    return [{k: v for k, v in cells.items() if k == figure or k not in figures} for figure in figures]
