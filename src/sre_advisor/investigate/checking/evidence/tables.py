"""Tables in plain text: with commas, tabs, bars, or columns held apart by spaces, under lines of heading or none."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice, takewhile

from pydantic import JsonValue

from sre_advisor.investigate.checking.words.clock import moments

_HEAD = re.compile(r"\s*[\"']?[A-Za-z_](?:[\w .()/%\[\]>@#→&+-]|:(?=[\w:])|\{[^{}]*\}){0,99}[\"']?\s*")
_FIRST = re.compile(r"\W*(?:time|timestamp|ts|at|date|datetime|when|minute|hour|utc|clock|t)\b.*", re.IGNORECASE)
"""The heading of a column of times."""
_TIME = re.compile(r"\s*(?:\d{4}-\d\d-\d\d[T ])?\d{1,2}:\d\d(?::\d\d)?Z?\s*")
_RULE = " |-:\t+="
_SPACED = re.compile(r"\s{2,}|\t")
MOST_HEADING = 3
"""Lines above a table that may tell what it is of."""
_MARKS = ("\t", "|", ",", ";")
FEW = 5
"""Lines that tell whether a table begins."""
LEAST = 3
"""Lines that a table needs whose columns are held apart by single spaces."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text: prose, or a table's lines by column under what stands right above it."""

    text: str
    records: tuple[dict[str, JsonValue], ...] = ()


_Block = tuple[list[list[str]], int]
"""A table's cells, its heading first, and how many lines it takes."""


def parts(text: str) -> list[Part]:
    """The text's prose and tables in order; prose alone where it holds no table."""
    lines = [line for line in text.splitlines() if line.strip(_RULE)]
    found: list[Part] = []
    prose: list[str] = []
    at = 0
    while at < len(lines):
        block = _block(lines, at)
        if block is None:
            prose.append(lines[at])
            at += 1
            continue
        (header, *rest), length = block
        above = "\n".join(line.strip() for line in prose[-MOST_HEADING:])
        if prose:
            found.append(Part("\n".join(prose)))
        found.append(Part(above, tuple(r for row in rest for r in _records(header, row))))
        at += length
        prose = []
    if not any(p.records for p in found):
        return [Part(text)]
    return [*found, *([Part("\n".join(prose))] if prose else [])]


def _block(lines: Sequence[str], at: int) -> _Block | None:
    """The table that begins with that line; None when none does."""
    if len(lines) - at < 2:
        return None
    one, two = lines[at], lines[at + 1]
    for mark in (m for m in _MARKS if m in one.strip("|")):
        found = _table(lines, at, partial(_split, mark=mark), mark=mark)
        if found:
            return found
    same = len(one.split()) == len(two.split())
    found = _table(lines, at, str.split, least=LEAST) if same else None
    return found or _table(lines, at, _spaced) or (None if same else _table(lines, at, str.split, least=LEAST))


def _table(
    lines: Sequence[str], at: int, split: Callable[[str], list[str]], *, mark: str = "", least: int = 2
) -> _Block | None:
    """The table as that way of splitting has it; its first lines say whether it is one before the others are split."""
    rows = [split(line) for line in _while(lines, at, mark, FEW)]
    two = _joined(rows[0], rows[1]) if len(rows) > 1 else None
    head = [two, *rows[2:]] if two else rows
    if _aligned(head, least=least) is None:
        return None
    more = islice(_while(lines, at, mark, len(lines)), len(rows), None)
    found = _aligned([*head, *takewhile(lambda r: len(r) == len(rows[-1]), map(split, more))], least=least)
    return (found, len(found) + (two is not None)) if found else None


def _joined(upper: list[str], lower: list[str]) -> list[str] | None:
    """The columns' names where two lines give them, a service above what is read of it; None where they do not."""
    upper = [*([""] * (len(lower) - len(upper))), *upper]
    if len(upper) != len(lower) or len(lower) - sum(bool(c) for c in upper) != 1 or len(lower) < LEAST:
        return None
    if upper[0] or not all(_HEAD.fullmatch(c) for c in (*upper[1:], *lower)) or not _FIRST.fullmatch(lower[0]):
        return None
    return [f"{a} {b}".strip() for a, b in zip(upper, lower, strict=True)]


def _while(lines: Sequence[str], at: int, mark: str, most: int) -> Iterator[str]:
    """The lines from that on that hold the mark, so many at most."""
    return takewhile(lambda line: mark in line, islice(lines, at, at + most))


def _spaced(line: str) -> list[str]:
    return _SPACED.split(line.strip())


def _split(line: str, mark: str) -> list[str]:
    bare = line.strip().strip("|") if mark == "|" else line.strip()
    return [cell.strip() for cell in next(csv.reader([bare], delimiter=mark), [])]


def _aligned(rows: list[list[str]], *, least: int = 2) -> list[list[str]] | None:
    """The rows from the first, a heading, on that have as many cells; the first column may want its heading."""
    if len(rows) < least or len(rows[0]) < 2 or not _is_header(rows[0]):
        return None
    header, width = rows[0], len(rows[1])
    if width == len(header) + 1 and all(r[0] == str(n) for n, r in enumerate(rows[1:4])):
        rows = [header, *(r[1:] for r in rows[1:])]  # lines that are numbered
        width -= 1
    if width == len(header) == 2 and _TIME.fullmatch(rows[1][0]) and not _FIRST.fullmatch(header[0]):
        return None  # a heading, not the names of two columns
    if any(_TIME.fullmatch(a) and _TIME.fullmatch(b) for a, b in zip(*rows[:2], strict=False)):
        return None  # the first line has a time where the others have theirs: it is one of them
    if width == len(header) + 1 and _TIME.fullmatch(rows[1][0]):
        header = ["time", *header]
    if width != len(header):
        return None
    body = rows[1 : next((i for i, r in enumerate(rows) if i and len(r) != width), len(rows))]
    told = any(re.search(r"\d", cell) for cell in body[0])
    named = any(_HEAD.fullmatch(c) and not re.search(r"\d", c) for c in body[0]) and least > 2
    return [header, *body] if told and not named and len(body) + 1 >= least else None


def _is_header(cells: list[str]) -> bool:
    """Whether cells are names of columns, the later ones perhaps times."""
    return _HEAD.fullmatch(cells[0]) is not None and all(_HEAD.fullmatch(c) or _TIME.fullmatch(c) for c in cells)


def _records(header: list[str], cells: list[str]) -> list[dict[str, JsonValue]]:
    """A line by column; where columns are times, one reading for each of them."""
    whole = _record(header, cells)
    times = [k for k in whole if _TIME.fullmatch(k)]
    rest = {k: v for k, v in whole.items() if k not in times}
    return [{**rest, "at": at, "reading": whole[at]} for at in times] if times else [whole]


def _record(header: list[str], cells: list[str]) -> dict[str, JsonValue]:
    return {k.strip("\"' "): _cell(v) for k, v in zip(header, cells, strict=False)}


def _cell(text: str) -> JsonValue:
    """A cell as the number it is, unless it is a time in digits."""
    if moments(text, unix=True) or not re.fullmatch(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", text):
        return text
    return int(text) if text.lstrip("-").isdigit() else float(text)
