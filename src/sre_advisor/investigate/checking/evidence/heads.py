"""Whose a reading is by what heads it: the heading of its column, or the words its line begins with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from sre_advisor.investigate.checking.evidence.row import Row
from sre_advisor.investigate.checking.words.lexicon import is_ordinary

_HEAD = re.compile(
    r"^[\s*•-]*(?P<name>[A-Za-z](?:[\w-]|::)*)(?:[ ./]|\s?/\s?|, )"
    r"(?P<rest>[A-Za-z][\w.]*(?:_[\w.]+)+|[A-Za-z][\w ./]*(?=[:=(]))"
)
_SIGNAL = re.compile(
    r"(?:^|_)(?:latency|availability|error|errors|cpu|memory|mem|requests?|p\d{2,3}|[45]xx|rate|ratio|duration|count|total|"
    r"usage|utilization|http|rss|throughput|rps|qps|queue|connections?)(?:_|$)",
    re.IGNORECASE,
)


_GENERIC = frozenset(
    ("http", "https", "grpc", "rpc", "db", "database", "query", "queries", "server", "client", "pod", "node",
     "request", "requests", "response", "responses", "cache", "hit", "miss", "queue", "thread", "user", "process",
     "container", "network", "disk", "slo", "conn", "pool", "job", "task", "outbound", "upstream", "downstream",
     "token", "auth", "total", "avg", "max", "min", "mean", "median", "baseline", "now", "value", "reading", "time",
     "timestamp", "date", "metric", "series", "unit", "step", "alert", "status", "search", "page", "error",
     "latency", "memory", "workload", "threads", "heap", "rows", "success", "failed")
)  # fmt: skip
"""Words that head readings without being anybody's name."""
_JOINTED = re.compile(r"^[\s*•|-]*([A-Za-z][A-Za-z0-9-]*)_(\w+)", re.MULTILINE)


_KEY = re.compile(
    r"^\W*(?:series|metric|name|query|label|target|column|caller\s?(?:->|→|>)\s?callee)\s?[:=]\s+", re.IGNORECASE
)
_CALL = re.compile(r"[\s*•|-]*([A-Za-z][\w-]*[A-Za-z0-9])\s?(?:->|→|>)\s?([A-Za-z][\w-]*)(?=[\s:|,=(]|$)")
_NAME = re.compile(r"[a-z][a-z0-9]+(?:-[a-z0-9]+)*")
MOST_BEFORE = 3
"""Cells of an entry that may stand before the name of what it is about."""
_SUBJECT = re.compile(
    r"\b([A-Za-z][\w-]{3,})(?:['’]s)?\s(?:service\b|p\d\d\b|latency\b|error rate\b|error ratio\b|cpu\b|memory\b)",
    re.IGNORECASE,
)


def listed(rows: Sequence[Row]) -> Iterator[str]:
    """Names in entries of a list where entries of the same form have a service's ("d-2 deploy stockdb …")."""
    entries = [cells for r in rows if r.times and "\n" not in r.text and len(cells := _cells(r.text)) > MOST_BEFORE]
    forms = {
        tuple(map(_shape, cells[:i]))
        for cells in entries
        for i in range(1, MOST_BEFORE + 1)
        if cells[i].endswith(("service", "-svc", "-api", "-db", "-server")) and cells[i] != "service"
    }
    for cells in entries if forms else ():
        for i in range(1, MOST_BEFORE + 1):
            if tuple(map(_shape, cells[:i])) in forms and _NAME.fullmatch(cells[i]) and not is_ordinary(cells[i]):
                yield cells[i]


@lru_cache(2_000)
def _cells(text: str) -> tuple[str, ...]:
    return tuple(
        c.strip(" []()\"',:") for c in (text.strip("| ").split("|") if text.count("|") > 1 else text.split()[:8])
    )


def _shape(cell: str) -> str:
    return re.sub(r"[A-Za-z]+", "a", re.sub(r"\d+", "0", cell))


def siblings(rows: Iterable[Row]) -> Iterator[tuple[str, frozenset[str]]]:
    """(what is read, the first words of headings that end in it), of headings such as "cart_p99", "checkout_p99"."""
    found: dict[str, set[str]] = {}
    for row in rows:
        for name, rest in _JOINTED.findall(f"{row.text}\n{row.context}"):
            if _SIGNAL.search(rest) and not is_generic(name):
                found.setdefault(rest, set()).add(name)
    yield from ((rest, frozenset(names)) for rest, names in found.items())


def subjects(text: str) -> frozenset[str]:
    """Words that a sentence gives a service's signal or calls a service ("the cart service", "Payments p99")."""
    found = (m.group(1).casefold() for m in _SUBJECT.finditer(text))
    return frozenset(w for w in found if not is_generic(w))


def tells_what(text: str) -> bool:
    """Whether a line above a table says what its columns are readings of."""
    return any(_SIGNAL.search(w) for w in re.findall(r"[A-Za-z]\w+", text))


def is_signal(words: str) -> bool:
    """Whether words, joined by underscores, say what is read: "latency_p99_ms", "error_ratio"."""
    return _SIGNAL.search(words) is not None


def is_generic(word: str) -> bool:
    """Whether a word that heads a reading is nobody's name."""
    return word.casefold() in _GENERIC or _SIGNAL.search(word) is not None


def owners(rows: Iterable[Row]) -> Iterator[str]:
    """Names that head a reading, a metric's name following: "cart p99_ms: …", "| cart.p99_ms |", "cart -> stock"."""
    for row in rows:
        for line in _lines(row):
            name = _named_by(line)
            if name:
                yield name
            yield from _ends(line)


def headed_by(name: str, row: Row, *, joined: bool = False) -> bool:
    """Whether the row's own words, or those it inherits, begin with the name and what is read of it.

    `joined` when the two may be one word ("cart_p99"), which a word that is not known for a name must not be.
    """
    pattern = _headed(name, joined)
    return any(pattern.match(line) for line in _lines(row))


def _lines(row: Row) -> Iterator[str]:
    """The lines that may tell what a row is of, without the key of the field that does ("series: cart p99_ms")."""
    for line in (*row.text.split("\n"), *row.context.split("\n")):
        yield _KEY.sub("", line)


@lru_cache(20_000)
def _ends(line: str) -> tuple[str, ...]:
    """Who calls and who is called ("cart -> stock p50", "cartservice>stock"), where one of them is a service's name."""
    match = _CALL.match(line)
    if match is None or is_generic(match.group(1)) or is_generic(match.group(2)):
        return ()
    both = match.group(1), match.group(2)
    named = any(n.endswith(("service", "svc", "api", "db")) for n in both) or not any(map(is_ordinary, both))
    return both if named else ()


@lru_cache(2_000)
def _headed(name: str, joined: bool) -> re.Pattern[str]:
    return re.compile(
        rf"[\s*•-]*{re.escape(name)}(?:_[A-Za-z]+::[\w:]+)?(?:[ ./:{'_' if joined else ''}]|['’]s |-?>|→)",
        re.IGNORECASE,
    )


@lru_cache(20_000)
def _named_by(line: str) -> str | None:
    match = _HEAD.match(line)
    if match is None or not _SIGNAL.search(re.sub(r"[ ./]", "_", match.group("rest"))):
        return None
    return None if is_generic(match.group("name")) else match.group("name")
