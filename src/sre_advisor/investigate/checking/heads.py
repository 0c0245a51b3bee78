"""Whose a reading is by what heads it: the heading of its column, or the words its line begins with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from sre_advisor.investigate.checking.row import Row

_HEAD = re.compile(
    r"^[\s*•-]*(?P<name>[A-Za-z](?:[\w-]|::)*)(?P<joint>[ ./]|\s?/\s?|, )(?P<rest>[A-Za-z][\w.]*(?:_[\w.]+)+|[A-Za-z][\w ./]*(?=[:=(]))"
)
_SIGNAL = re.compile(
    r"(?:^|_)(?:latency|availability|error|errors|cpu|memory|mem|requests?|p\d{2,3}|[45]xx|rate|ratio|duration|count|total|"
    r"usage|utilization|http|rss|throughput|rps|qps|queue|connections?)(?:_|$)",
    re.IGNORECASE,
)


def owners(rows: Iterable[Row]) -> Iterator[str]:
    """Names that head a reading, a metric's name following: "cart p99_ms: …", "| cart.p99_ms |"."""
    for row in rows:
        for line in (*row.text.split("\n"), *row.context.split("\n")):
            name = _named_by(line)
            if name:
                yield name


def headed_by(name: str, row: Row) -> bool:
    """Whether the row's own words, or those it inherits, begin with the name, joined to what is read of it."""
    pattern = _headed(name)
    return any(pattern.match(line) for line in (*row.text.split("\n"), *row.context.split("\n")))


@lru_cache(2_000)
def _headed(name: str) -> re.Pattern[str]:
    return re.compile(rf"[\s*•-]*{re.escape(name)}(?:_[A-Za-z]+::[\w:]+)?(?:[ ./_:]|['’]s )", re.IGNORECASE)


@lru_cache(20_000)
def _named_by(line: str) -> str | None:
    match = _HEAD.match(line)
    if match is None or not _SIGNAL.search(re.sub(r"[ ./]", "_", match.group("rest"))):
        return None
    return match.group("name") if not _SIGNAL.search(match.group("name")) else None
