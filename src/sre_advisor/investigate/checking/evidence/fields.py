"""A figure belongs to the field it stands in: "adds 4 lines" is wrong of additions: 120, deletions: 4."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sre_advisor.investigate.checking.evidence.row import Row
from sre_advisor.investigate.checking.words.clock import blanked
from sre_advisor.investigate.checking.words.quantities import Number, measure, numbers

_FIELD = re.compile(r"(?:^|[\s,;{(])[\"']?([A-Za-z][\w.()-]*)[\"']?\s?[=:]\s?[\"']?(?=[-−]?\d)")
_LINE = re.compile(r"^([A-Za-z][\w .()%/-]*): [\"']?(?=[-−]?\d)", re.MULTILINE)
_WORD = re.compile(r"[A-Za-z]{3,}")
_SUFFIX = re.compile(r"(?:ing|ed|es|s|ions?|d)$")
_IDLE = frozenset(
    [
        "the",
        "per",
        "for",
        "and",
        "with",
        "from",
        "since",
        "was",
        "were",
        "value",
        "rate",
        "total",
        "count",
        "number",
        "time",
        "now",
        "min",
        "max",
        "avg",
        "mean",
        "sum",
        "ratio",
        "pct",
    ]
)
AFTER = 2
"""Words behind a figure that may name its field."""


_KEYED = re.compile(r"\b[A-Za-z]{3,} #?\d[\w.]*")
"""A word with a figure of its own: "version 7"."""


def fields_of(row: Row) -> list[tuple[str, Number]]:
    """(name, figure) of every field with a figure."""
    bare = blanked(row.text)
    found: list[tuple[str, Number]] = []
    for match in (_LINE if "\n" in bare else _FIELD).finditer(bare):
        number = next(numbers(bare[match.end() :].split("\n", 1)[0], evidence=True), None)
        if number is not None and number.start == 0:
            found.append((match.group(1), number))
    return found


def other_field(number: Number, clause: str, offset: int, rows: Sequence[Row], all_rows: Sequence[Row]) -> str | None:
    """The field that the words beside the figure name, where every row that holds the figure has it in another."""
    records = [fields_of(r) for r in rows]
    if not records or not all(records) or measure(number.unit)[0] in ("second", "byte", "share", "core"):
        return None
    if all(len(fields) == 1 and "_" in fields[0][0] for fields in records):
        beside = {f[0] for r in all_rows if len(f := fields_of(r)) == 1 and "_" in f[0][0]}
        records = [[*fields, *(b for b in beside if b[0] != fields[0][0])] for fields in records]
    if any(len(fields) < 2 for fields in records):
        return None
    at = number.start - offset
    follows = re.match(r"[^\d,;:]*", clause[number.end - offset :])
    clause = clause[:at] + clause[at:] if at < 0 else _KEYED.sub(" ", clause[:at]).rjust(at) + clause[at:]
    told = re.split(r"\b(?:against|of|at|in|on|vs|than|to|for|from|with)\b", follows.group() if follows else "")[0]
    behind = [_stem(w) for w in _WORD.findall(told)[:AFTER]]
    ahead = [_stem(w) for w in reversed(_WORD.findall(clause[: max(at, 0)]))]
    wrong = None
    for fields in records:
        own = {name for name, held in fields if number.could_be(held) or replace(number, unit="").could_be(held)}
        others = {name for name, _ in fields} - own
        named = next((w for w in (*behind, *ahead) if w and (_names(w, own) or _names(w, others))), None)
        if not own or named is None or _names(named, own):
            return None
        wrong = next(name for name in others if _names(named, {name}))
    return f"is not its {wrong}" if wrong else None


def column_sums(rows: Sequence[Row]) -> set[float]:
    """The sum of each column of figures."""
    found: dict[str, float] = {}
    for name, number in (pair for row in rows for pair in fields_of(row)):
        found[name] = found.get(name, 0.0) + number.value
    return set(found.values())


def _stem(word: str) -> str:
    low = word.casefold()
    return "" if low in _IDLE else _SUFFIX.sub("", low) if len(low) > 3 else low


def _names(stem: str, fields: set[str]) -> bool:
    parts = (p for field in fields for p in re.split(r"[_.()-]|(?<=[a-z])(?=[A-Z])", field))
    return any(p.casefold().startswith(stem) for p in parts if p.casefold() not in _IDLE)


_CELL = re.compile(r"^([\w.() -]+): (.*)$", re.MULTILINE)
_GAP = re.compile(
    r"\s?(?:seconds?|minutes?|hours?|s|m|min|mins|h)?\s?(?:$|before|after|later|earlier|ahead|apart|prior|behind)"
)
"""How long one thing lay from another stands in no record."""
_NUMBERED = re.compile(r"\b([A-Za-z]{3,}?)s?\s#?(\d{1,4})\b(?![.,:]\d|\s?(?:%|ms|percent))")


def other_record(
    number: Number, clause: str, offset: int, rows: Sequence[Row], all_rows: Sequence[Row], others: Sequence[Row] = ()
) -> str | None:
    """Why the figure is of another line of a table than the one the clause names by what stands in its other cells.

    `others` hold the clause's other figures: a line that holds one of them may be named for its sake.
    """
    if measure(number.unit)[0] == "second" and _GAP.match(clause[number.end - offset :]):
        return None
    if not rows or any(not _CELL.search(r.full) and not (r.series and r.context) for r in rows):
        return None
    keys = {k for r in rows for k, _ in _CELL.findall(r.text)}
    alike = [
        r for r in all_rows if {k for k, _ in _CELL.findall(r.text)} & keys or (not keys and r.series and r.context)
    ]
    if len(alike) < 2:
        return None
    for word, digits in _NUMBERED.findall(clause):
        column = next((k for k in keys if k.casefold().startswith(word.casefold()[:6])), None)
        if column and digits != number.text:
            ours = [r for r in alike if (column, digits) in _CELL.findall(r.text)]
            if ours and not any(r is o for r in rows for o in ours):
                return f"is not of {word} {digits}"
    words = {w.casefold()[:6] for w in re.findall(r"[^\W\d_]{4,}", clause)} - _IDLE
    theirs = [_values(r) & words for r in alike]
    telling = {w for w in words if 0 < sum(w in t for t in theirs) < len(alike)}
    ours = max((len(_values(r) & telling) for r in rows), default=0)
    best = max((len(t & telling) for t in theirs), default=0)
    if any(len(_values(r) & telling) == best for r in others):
        return None
    return "is of another line of the table" if best > ours and ours == 0 and telling else None


def _values(row: Row) -> frozenset[str]:
    cells = _CELL.findall(row.text)
    text = " ".join(v for _, v in cells if not re.fullmatch(r"[-\d., ]+", v)) + f" {row.series and row.context}"
    text += " error" if "5xx" in text.casefold() else ""
    return frozenset(w.casefold()[:6] for w in re.findall(r"[^\W\d_]{4,}", text))
