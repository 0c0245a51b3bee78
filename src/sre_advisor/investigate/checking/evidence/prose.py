"""Plain text taken apart into rows: lines of logs, readings, records of fields, commits, sentences under headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from sre_advisor.investigate.checking.evidence.listed.objects import objects_in
from sre_advisor.investigate.checking.evidence.row import NAME_KEYS, Row, is_name, row_from
from sre_advisor.investigate.checking.evidence.series.heading import read_heading
from sre_advisor.investigate.checking.evidence.units import unit_in
from sre_advisor.investigate.checking.words.clock import Moment, blanked, moments
from sre_advisor.investigate.checking.words.lexicon import is_ordinary
from sre_advisor.investigate.checking.words.quantities import Number, numbers

_SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=[A-Z“\"`*\-]|\w)|\n+")
_PIECE = re.compile(r".{1,2000}(?:\s|$)|.{1,2000}", re.DOTALL)
"""No sentence and no line of a log is longer: what is costs every rule dearly."""
_LABEL = re.compile(r"\b(?:" + "|".join(sorted(NAME_KEYS)) + r")\s?(?:=~?|:(?=\s))\s?[\"']?([\w./:-]+)", re.IGNORECASE)
_STAMPED = re.compile(r"^\W*(?:\w+=)?\W?\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_LOG_NAME = re.compile(
    r"^\W*\d{4}-\d\d-\d\d[T ]\S+\s+(?:\[?(?:INFO|WARN(?:ING)?|ERROR|DEBUG|FATAL|"
    r"TRACE)\]?:?\s+)?\[?([A-Za-z][\w./-]{2,})\]?:?\s"
)
_CLOCKED = re.compile(r"^\W*\d{1,2}:\d\d(?::\d\d)?Z?\W*\s(?:UTC\W*\s)?\[?([A-Za-z][\w./-]{2,}?)\]?:?\s")
_LISTED = re.compile(r"^\s*(?:[-*•]\s+)?(?:[A-Z][A-Za-z]+\s)?([A-Za-z0-9][^\s:=]{2,}):\s")
"""A line that begins with what it is about."""
_ID = re.compile(r"[A-Za-z]{1,12}-\d+|(?=\w*\d)[0-9a-f]{7,40}")
"""What a record is called, as no service is."""
_HEAD_OF = re.compile(r"^([A-Za-z][\w:-]*)[./]\w+_\w+$")
"""A name with the metric that is read of it behind a slash or a dot."""
_FIELD = re.compile(r"^\s*[-*•]?\s*([A-Za-z][\w .-]{0,30}?)\s*(?:[:=]\s+|\s=\s)(?=\S)")
_RECORD_KEYS = NAME_KEYS | {
    "alertname", "alert", "name", "severity", "status", "state", "author", "date", "metric", "query", "id", "title",
    "startsat", "started", "commit", "value", "threshold", "flag", "sha", "summary", "description",
}  # fmt: skip
SHORT = 200
"""Characters of a line that is one piece when it tells of one time."""
_COMMIT = re.compile(r"^(?:commit\s+)(?=[0-9a-f]{7,40}\b)", re.MULTILINE)
_FILE = re.compile(r"^(?:diff |\+\+\+ )")
_DIFF = re.compile(r"^(?:@@|diff --git|\+)", re.MULTILINE)
_BEHIND_DIFF = re.compile(r"^[A-Za-z][\w ]*:\s*$|^[a-z]+-\d+\s")
"""A heading, or an entry of a list, that no diff goes on with."""
_HEADING = re.compile(r"^(?:#+\s.+|=+\s.+|.*:|[^{}]*\{[^}]*\}|[A-Za-z][\w:]*_\w+\.?)$")
_SAID = re.compile(r"[^\W\d_][\w-]*")
_EDITED = re.compile(r"^[+-](?:\t|\s{2,})")
"""A line of a diff, whose fields name no service."""
_JOINT = re.compile(r"(?:[\s,;:()\[\]@=|/→>-]|\bat\b|%|\bm?s\b|UTC)*")


def text_rows(text: str, context: str, names: frozenset[str]) -> Iterator[Row]:
    """The rows of a text that is no table."""
    heads = [m.start() for m in _COMMIT.finditer(text)]
    if heads:
        for start, end in zip(heads, [*heads[1:], len(text)], strict=True):
            yield from _commit(text[start:end], context, names)
        text = text[: heads[0]]
    heading = file = ""
    tops = _above_samples(text.splitlines())
    for block in re.split(r"\n\s*\n", text):
        lines = block.splitlines()
        for line in lines if _DIFF.search(text) else _records(lines):
            if (
                "\n" not in line
                and line[:1] not in "+-@"
                and (line in tops or (_HEADING.match(line.strip()) and not _figures(re.sub(r"\{.*\}", "", line))))
            ):
                heading = " ".join(line.split())
            file = line.strip() if _FILE.match(line) else file
            inherits = "\n" not in line and heading != " ".join(line.split())
            of_file = file if file != line.strip() else ""
            above = "\n".join(p for p in (context, of_file, heading if inherits else "") if p)
            yield from _line_rows(line, above, names or (_named(heading) if inherits else names))
            if "\n" in line:
                heading = "" if line.lstrip().startswith("-") else line
        if "\n" in block.strip():
            heading = ""


_BULLET = re.compile(r"^[\s*•#>=-]+|\s*(?:=>|[:=(])\s*$")
_SAMPLE = re.compile(
    r"^\W*(?:\d{4}-\d\d-\d\d[T ])?\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?Z?[\s,;|=:]+[-−]?\d[\d.,]*\s?[^\s|]{0,6}"
    r"(?:$|\s*\|\s|,?\s+\d{1,2}:\d\d)"
)


_METRIC = re.compile(r"(?<![\w-])[A-Za-z]\w*_\w+")


def _above_samples(lines: list[str]) -> frozenset[str]:
    """Lines with a name of something that stand right above lines of a time and a figure each, or indented ones."""
    both = [(a, b) for a, b in pairwise(lines) if re.search(r"[A-Za-z]{3}", a)]
    over = {a for a, b in both if _SAMPLE.match(b.strip()) and not _SAMPLE.match(a.strip())}
    over |= {
        a for a, b in both if _METRIC.search(a) and not _figures(a) and any(_readings(b)) and not any(_readings(a))
    }
    return frozenset(over | {a for a, b in both if _indent(a) < _indent(b) and not _figures(a) and not moments(a)})


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _commit(text: str, context: str, names: frozenset[str]) -> Iterator[Row]:
    """A commit of a log: what is told of it belongs together, and the lines of its diff to it."""
    cut = re.search(r"^(?:diff --git|--- |@@)", text, re.MULTILINE)
    told = (text[: cut.start()] if cut else text).strip()
    yield row_from(told, context, names)
    lines = text[cut.start() :].splitlines() if cut else []
    end = next((i for i, line in enumerate(lines) if _BEHIND_DIFF.match(line)), len(lines))
    for line in lines[:end]:
        yield row_from(line.strip(), told, names)
    yield from text_rows("\n".join(lines[end:]), context, names) if lines[end:] else ()


def _records(lines: list[str]) -> Iterator[str]:
    """Lines as they are, except that fields which follow each other and tell of one thing are joined."""
    held: list[str] = []
    keys: set[str] = set()
    for line in [*lines, ""]:
        field = _FIELD.match(line) if not _STAMPED.match(line) else None
        key = field.group(1).casefold().replace(" ", "") if field else ""
        if key and key not in keys:
            held.append(line)
            keys.add(key)
            continue
        joined = len(held) > 1 and bool(keys & _RECORD_KEYS)
        yield from ["\n".join(held)] if joined else held
        held, keys = ([line], {key}) if key else ([], set())
        if line.strip() and not key:
            yield line


def _line_rows(line: str, context: str, names: frozenset[str]) -> Iterator[Row]:
    if "\n" in line:
        yield row_from(line, context, _named(line) or names, unit=unit_in(line))
        return
    unit = unit_in(line, context)
    parts = list(_readings(line.strip()))
    for part, told in parts:
        of = read_heading(_BULLET.sub("", told))
        whose = _named(line) or (frozenset({of.service}) if of else first_name(told)) or names
        yield _in_series(row_from(part, f"{context}\n{told}".strip(), whose, unit=unit))
    whole_line = _STAMPED.match(line) or (len(line) < SHORT and len(moments(line)) == 1)
    pieces = () if parts else [line] if whole_line else _SENTENCE.split(line)
    for piece in (short for sentence in pieces for short in _PIECE.findall(sentence)):
        if piece.strip():
            unit = unit_in(piece, context)
            yield _in_series(row_from(piece.strip(), context, _named(piece) or names, unit=unit))


def _named(line: str) -> frozenset[str]:
    """Services a line is tagged with or begins with."""
    tagged = frozenset(m.group(1) for m in _LABEL.finditer(line))
    tagged |= objects_in(line)
    if _EDITED.match(line):
        return tagged
    logged = _LOG_NAME.match(line)
    listed = (_LISTED.match(line) or _CLOCKED.match(line)) if not logged and not tagged else None
    heads = [m.group(1) for m in (logged, listed) if m is not None]
    heads = [_HEAD_OF.sub(r"\1", h) for h in heads]
    return tagged | {h for h in heads if not is_ordinary(h) and not _ID.fullmatch(h) and (logged or is_name(h))}


def first_name(told: str) -> frozenset[str]:
    """The name that what is told of begins with."""
    word = next(iter(told.split()), "").strip(":,()[]")
    return frozenset({word}) if len(word) > 2 and not re.search(r"[_{=]", word) and is_name(word) else frozenset()


def _readings(line: str) -> Iterator[tuple[str, str]]:
    """(reading, what it is of) for each of several readings on a line: "cart: 0.2 (10:01), 0.4 (10:02)"."""
    times, figures = moments(line, unix=True), _figures(line)
    if len(times) < 2 or len(times) != len(figures):
        return
    ends = [n.end for n in figures]
    first = times[0].start < figures[0].start
    pairs = [(t.start, t.end, n.start, e) for t, n, e in zip(times, figures, ends, strict=True)]
    if not all(_pure(line, p, first=first) for p in pairs):
        return
    starts = [min(p[0], p[2]) for p in pairs]
    if any(not _JOINT.fullmatch(line[max(p[1], p[3]) : s]) for p, s in zip(pairs, starts[1:], strict=False)):
        return
    for start, end in zip(starts, [*starts[1:], len(line)], strict=True):
        yield re.sub(r"[\s,;|(\[>→-]*(?:\bat\s*)?$", "", line[start:end]), line[: starts[0]].strip()


def _pure(line: str, pair: tuple[int, int, int, int], *, first: bool) -> bool:
    time, time_end, figure, figure_end = pair
    between = line[time_end:figure] if first else line[figure_end:time]
    return (time < figure) == first and _JOINT.fullmatch(between) is not None


def _figures(line: str) -> list[Number]:
    bare = blanked(line, unix=True)
    plain = re.sub(r"[A-Za-z]\d+|\{[^}]*\}", lambda m: " " * len(m.group()), bare)
    return list(numbers(plain, evidence=True))


def _in_series(found: Row) -> Row:
    """A row with one time and one figure, as a sample of what its other words tell of."""
    figures = _figures(found.text)
    if (
        len(found.times) != 1
        or len(figures) != 1
        or not (own := [n for n in found.numbers if n.value == figures[0].value])
    ):
        return found
    said = _cut(found.text, found.times[0])
    words = re.sub(r"[-−]?\d[\d.,]*(?:e[+-]?\d+)?", "", re.sub(r"(?<=[A-Za-z])\d+", "", said.casefold()))
    return replace(found, series=f"{found.context} {' '.join(_SAID.findall(words))}", numbers=tuple(own[:1]))


def _cut(text: str, time: Moment) -> str:
    return text[: time.start] + text[time.end :]
