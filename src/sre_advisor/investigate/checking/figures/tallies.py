"""How many of the lines, records and calls that evidence lists are what the words around a whole number tell of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import cast

from sre_advisor.investigate.checking.evidence.fields import fields_of
from sre_advisor.investigate.checking.evidence.row import Row
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.words.clock import blanked, moments
from sre_advisor.investigate.checking.words.quantities import Number
from sre_advisor.investigate.checking.words.quotes import quoted

MOST = 400
"""The most that somebody counts by hand."""
MANY = 600
"""Rows that are looked through."""
OTHERS = 10
"""Sets of rows that are held against one."""
DEEP = 3
"""Words of a claim that together pick the lines it counts."""
_WORD = re.compile(
    r"[A-Za-z][\w@:/.-]*\w|(?<![\w.:])\d{3}(?![\w:-]|\.\d)|(?<![\w.:])\d+(?:\.\d+)?\s?(?:ms|s|MB|GB|%)(?!\w)"
)
_ENDING = re.compile(r"(?:ings?|ed|es|s)$")
_IDLE = frozenset(
    ("the", "a", "an", "of", "in", "on", "at", "by", "for", "from", "with", "and", "or", "but", "to", "was",
     "were", "is", "are", "be", "been", "being", "had", "has", "have", "that", "this", "these", "those", "them",
     "they", "it", "its", "which", "who", "all", "each", "every", "both", "only", "other", "others", "there",
     "here", "while", "when", "where", "as", "than", "then", "one", "two", "three", "four", "five", "six",
     "seven", "eight", "nine", "ten", "more", "most", "less", "least", "some", "any", "not", "no", "out", "up",
     "down", "into", "over", "log", "logs", "excerpt", "listed", "lists", "list", "shown", "window", "evidence",
     "table", "output", "came", "come", "comes", "went", "go", "goes", "got", "wrote", "written", "writes",
     "ended", "end", "ends", "show", "shows", "total", "altogether", "adding", "rows", "row", "gives", "give",
     "line", "lines", "level", "entry", "entries", "record", "records", "message", "messages", "event",
     "events", "item", "items", "times", "time")
)  # fmt: skip
_LEVELS = (
    (re.compile(r"^(?:errors?|err)$"), r"error|err\b|fatal"),
    (re.compile(r"^fail(?:ed|ing|s|ures?)?$"), r"error|fail|fatal|exceed|timed out|refused"),
    (re.compile(r"^(?:warn\w*|complain\w*)$"), r"warn"),
    (re.compile(r"^(?:deploys?|deployed|deployments?|rollouts?|rolled|releases?|released|shipped|builds?)$"),
     r"deploy|rollout|rolled out|release|version|\bv\d+[.\d]"),
    (re.compile(r"^(?:alerts?|alarms?|pages?)$"), r"alert|alarm|firing|resolved|startsat|severity"),
    (re.compile(r"^(?:commits?|changes)$"), r"commit|\b[0-9a-f]{7,40}\b"),
    (re.compile(r"^restart(?:s|ed|ing)?$"), r"restart|oomkill|oom kill"),
)  # fmt: skip
"""What a log prints for a word that people use."""
_ON = re.compile(
    r"(?<![\w.])\d{1,2}(?!\d|\s?(?:ms|s|[MG]B|%)(?!\w)|[\w:-])|[,;:.](?=\s|$)|\b(?:while|whereas|but|and (?:the|its))\b"
)
"""Where the words end that tell what is counted."""
_OUT = re.compile(r"\b(?:callees?|calls|dependenc\w+|downstreams?|backends?|depends|called)\b", re.IGNORECASE)
_IN = re.compile(r"\b(?:callers?|upstreams?|clients?|dependents?|calls?|call|called by)\b", re.IGNORECASE)
_DRAWN = re.compile(r"\b(?:edges?|links?|arrows?|calls?)\b", re.IGNORECASE)
_KINDS = re.compile(
    r"^\s(?:(?:different|distinct|separate|various)\s\w+|(?:[\w-]+\s){0,2}?(?:services|people|engineers|authors|pods|"
    r"hosts|nodes|replicas|containers|instances|users|callers|versions))\b",
    re.IGNORECASE,
)
"""Behind a number that counts what is told of rather than what tells of it."""
_CELL = re.compile(r"^([\w.() -]+): (.*)$", re.MULTILINE)
_FIGURE = re.compile(r"^[\w.() -]+: [-\d.]+$", re.MULTILINE)
"""A field that says itself how many of something there are."""
_WHOLE = re.compile(
    r"\bof (?:the|all)\s\d|\b(?:total|in all|all told|together|combined|altogether|overall|sum)\b", re.IGNORECASE
)
_BY = re.compile(r"\b(?:by|author|from)[:=]?\s([\w.@-]+)")
_NAMED = re.compile(r"\b[\w.-]*[a-z][\w.-]*-[\w.-]*\d[\w.-]*\b")
_THINGS = re.compile(r"^\s(?:things|facts|points|signs|signals|observations|matters|details)\b", re.IGNORECASE)
_AMONG = re.compile(r"^\s(?:out )?of (?:the |its |all |these |those )?\d+\b", re.IGNORECASE)
_READ = re.compile(r"\b(?:is|was|at|to|reached|hit|=)\s$", re.IGNORECASE)
_PLACED = re.compile(r"^(?:\s(?:at|in|on|by|from|to|before|after|per|or|and)\b|[\s\d]*[,;.]|\s*$)")
"""Behind a reading stands what it was read at, not what it counts."""
_OTHER = re.compile(r"\b(?:other|rest|remaining|all but|the)\s(?:of (?:the|them)\s)?$", re.IGNORECASE)
_BARE = re.compile(r"^(?:\s(?:were|are|was|is|had|have|differ\w*|stood|lay|lie|came|both)\b|\s*[,;.]|\s*$)")
_ALL = re.compile(r"\b(?:the|these|those|all|of)\s$", re.IGNORECASE)
_FOLD = re.compile(
    r"^\stimes\s(?:(?:over|or more)\s)?(?:the|its|their|as|what|that of|higher|lower|more|less|faster|slower|longer|"
    r"greater|larger|smaller|bigger|worse|\w+['’]s)\b",
    re.IGNORECASE,
)


def is_tally(number: Number, plain: str, shelf: Shelf) -> bool:
    """Whether the evidence lists just so many of what the words around a whole number tell of."""
    if not number.value.is_integer() or not 1 <= number.value <= MOST or number.unit not in ("", "times"):
        return False
    if number.unit == "times" and (_FOLD.match(plain[number.end :]) or re.search(r"\bby\s$", plain[: number.start])):
        return False
    known = cast("dict[int, bool]", shelf.worked_out.setdefault(f"tallies of {plain}", dict[int, bool]()))
    if number.start not in known:
        known[number.start] = int(number.value) in _tallies(number, plain, shelf)
    return known[number.start]


def _tallies(number: Number, plain: str, shelf: Shelf) -> set[int]:
    behind = plain[number.end :]
    if _READ.search(plain[: number.start]) and _PLACED.match(behind):
        return set()
    if number.value <= 4 and _THINGS.match(behind):
        return {int(number.value)}
    rows = [r for r in shelf.rows if not r.whole][:MANY]
    found = set(_drawn(plain, shelf)) | set(_summed(plain, rows, shelf))
    if _ALL.search(plain[: number.start]) and _BARE.match(behind):
        found |= {len(shelf.services_in(plain)), len({o for r in rows for o in shelf.owners_of(r)})}
    picked = list(_picked(number, plain, rows, shelf))
    found |= {len(some) for some in picked}
    if _KINDS.match(behind):
        found |= {n for some in (*picked, frozenset(range(len(rows)))) for n in _kinds([rows[i] for i in some], shelf)}
    return found - {0}


def _picked(number: Number, plain: str, rows: Sequence[Row], shelf: Shelf) -> Iterator[frozenset[int]]:
    """The rows that up to three of the claim's words pick together, one of them said beside the number."""
    texts = [_spaced(r.full) for r in rows]
    behind = plain[number.end :]
    among = _AMONG.match(behind)
    head = _ON.split(behind[among.end() if among else 0 :].lstrip(), maxsplit=1)[0]
    near = list(_sets(head, texts, rows, shelf))
    told = [q.casefold() for q in quoted(shelf.claim)]
    quotes = [frozenset(i for i, t in enumerate(texts) if q in t) for q in told]
    wide = [*(q for q in quotes if q), *_sets(plain, texts, rows, shelf), *_when(plain, rows)]
    wide = [s for s in dict.fromkeys(wide) if s not in near]
    if not near:
        before = _ON.split(plain[: number.start])[-1]
        near = list(_sets(before, texts, rows, shelf))
    named = shelf.services_in(plain) & shelf.tagged if number.unit else frozenset[str]()
    if named:  # "it was restarted twice"
        both = [
            frozenset(i for i, r in enumerate(rows) if n in shelf.owners_of(r) | shelf.services_of(r)) for n in named
        ]
        yield from (s.intersection(*both) for s in dict.fromkeys(_worded(plain, texts)))
        return
    if _OTHER.search(plain[: number.start]):
        yield from (b - a for a in (*near, *wide) for b in _together(near or wide, wide) if a & b)
    yield from near
    yield from _together(near, wide)


def _together(near: Sequence[frozenset[int]], wide: Sequence[frozenset[int]]) -> Iterator[frozenset[int]]:
    """The rows that one of the first picks and up to two others."""
    for one in near:
        others = [s for s in (*near, *wide) if s != one][:OTHERS]
        for deep in range(1, DEEP):
            yield from (one.intersection(*some) for some in combinations(others, deep))


def _sets(text: str, texts: Sequence[str], rows: Sequence[Row], shelf: Shelf) -> Iterator[frozenset[int]]:
    """The rows that hold each of the text's words, and those of each service it names."""
    yield from _owned(shelf.services_in(text), rows, shelf)
    yield from _worded(text, texts)


def _worded(text: str, texts: Sequence[str]) -> Iterator[frozenset[int]]:
    """The rows that hold each of the text's words."""
    for pattern in dict.fromkeys(_patterns(text, texts)):
        held = re.compile(pattern)
        found = frozenset(i for i, t in enumerate(texts) if held.search(t))
        if found:
            yield found


def _owned(services: frozenset[str], rows: Sequence[Row], shelf: Shelf) -> Iterator[frozenset[int]]:
    """The rows of each of the services."""
    for service in sorted(services):
        found = frozenset(i for i, r in enumerate(rows) if service in shelf.owners_of(r))
        if found:
            yield found


def _patterns(text: str, texts: Sequence[str]) -> Iterator[str]:
    for match in _WORD.finditer(blanked(text)):
        whole = match.group()
        parts = re.split(r"-", whole) if "-" in whole and not any(whole.casefold() in t for t in texts) else ()
        for word in (whole, *parts):
            low = word.casefold()
            if low in _IDLE or len(low) < 2:
                continue
            told = next((p for words, p in _LEVELS if words.match(low)), None)
            if told:
                yield told
            elif low[0].isdigit():
                value, unit = re.match(r"([\d.]+)\s?(.*)", low, re.DOTALL).groups()  # pyright: ignore[reportOptionalMemberAccess]  # it begins with a digit
                yield rf"(?<![\d.]){re.escape(value)}\s?{unit}(?![\w])" if unit else rf"(?<![\d.]){value}(?!\d)"
            else:
                stem = _ENDING.sub("", low) if len(low) > 4 else low
                yield rf"(?<![a-z]){re.escape(stem)}"


def _spaced(text: str) -> str:
    """The text without case, its words in humps apart ("OOMKilling" is "oom killing")."""
    text = _FIGURE.sub("", text)
    apart = re.sub(r"(?<=[A-Z])(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])", " ", text)
    return f"{apart} {text}".casefold()


def _when(plain: str, rows: Sequence[Row]) -> Iterator[frozenset[int]]:
    """The rows that happened at a time, and those before and after each time that the claim names."""
    yield frozenset(i for i, r in enumerate(rows) if r.times)
    for moment in moments(plain):
        for way in (-1, 1):
            found = [i for i, r in enumerate(rows) if r.times and way * (r.times[0].second - moment.second) >= 0]
            if found:
                yield frozenset(found)


def _kinds(rows: Sequence[Row], shelf: Shelf) -> Iterator[int]:
    """How many different things some rows tell of: services, values of a field, pods, people."""
    yield len({o for r in rows for o in shelf.owners_of(r)})
    cells: dict[str, set[str]] = {}
    for key, value in (pair for r in rows for pair in _CELL.findall(r.text)):
        cells.setdefault(key, set()).add(value)
    yield from (len(values) for values in cells.values())
    for pattern in (_BY, _NAMED):
        yield len({m for r in rows for m in pattern.findall(r.text)})


def _drawn(plain: str, shelf: Shelf) -> Iterator[int]:
    """How many callees and callers each service named has, and how many calls there are."""
    if not (_OUT.search(plain) or _IN.search(plain) or _DRAWN.search(plain)):
        return
    for service in shelf.services_in(plain):
        if _OUT.search(plain):
            yield sum(one == service for one, _ in shelf.calls)
        if _IN.search(plain):
            yield sum(other == service for _, other in shelf.calls)
    if _DRAWN.search(plain):
        yield len(shelf.calls)


def _summed(plain: str, rows: Iterable[Row], shelf: Shelf) -> Iterator[int]:
    """The sums of the columns that the claim names, as a table of counts has them."""
    if shelf.services_in(plain) and not _WHOLE.search(plain):
        return
    words = {_ENDING.sub("", w.casefold()) for w in re.findall(r"[A-Za-z]{4,}", plain)}
    columns: dict[str, list[float]] = {}
    for name, number in (pair for r in rows for pair in fields_of(r)):
        columns.setdefault(name.casefold(), []).append(number.value)
    for name, values in columns.items():
        if len(values) > 1 and any(name.startswith(w) or w.startswith(name) for w in words if len(w) > 2):
            yield round(sum(values))
