"""When what some words speak of happened, by the rows that tell most of it; of a series, when it first moved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from sre_advisor.investigate.checking.clock import moments
from sre_advisor.investigate.checking.directions import DOWN, UP, sample, ways
from sre_advisor.investigate.checking.names import identifiers
from sre_advisor.investigate.checking.row import Row
from sre_advisor.investigate.checking.shelf import Shelf

_KINDS = {
    "error": r"error|fail|5xx|availab|exception|panic|crash|broke",
    "latency": r"latenc|slow|duration|time[ds]? ?out|\bp(?:50|75|90|95|99)|deadline",
    "deploy": r"deploy|roll(?:ed)?[ -]?out|releas|shipped|version",
    "back": r"roll(?:ed|ing)?[ -]?back|revert",
    "commit": r"commit|merge|author",
    "flag": r"\bflag|toggle|switched o|turned o|enabled|disabled",
    "config": r"config|setting",
    "migration": r"migrat",
    "restart": r"restart|oom",
    "alert": r"alert|fir(?:ed|ing|es)\b|\bpaged?\b|alarm|slo\b",
    "cpu": r"cpu",
    "memory": r"memor|heap|\brss",
    "queue": r"queue|backlog|lag\b",
    "traffic": r"traffic|requests?\b|uptime|throughput|bytes",
    "pool": r"\bpool|\bconn",
    "saturation": r"saturat|exhaust",
    "log": r"\blog",
}
_COMPILED = {kind: re.compile(words, re.IGNORECASE) for kind, words in _KINDS.items()}
_MOVED = re.compile(
    r"slow|fail|collaps|spik|degrad|unavailab|timing out|timed out|began|start|onset|moved?\b", re.IGNORECASE
)
_IDLE = frozenset(
    ("the", "and", "had", "was", "were", "only", "been", "has", "its", "that", "then", "this", "after", "before")
)
LEAST = 0.2
"""Share of a series' range that a step must have to be the moment from which it is told to have moved."""

TWO = 2


def kinds(text: str) -> frozenset[str]:
    """The sorts of event a text speaks of."""
    return frozenset(kind for kind, words in _COMPILED.items() if words.search(text))


def when(part: str, rows: Sequence[Row], series: Sequence[Sequence[Row]], shelf: Shelf) -> list[int]:
    """The times, in seconds since the epoch, at which it may have happened; none when it is not found."""
    said = moments(part)
    if said:
        held = [m for r in rows for m in r.times]
        first = min(said, key=lambda m: m.start)
        return [min((h.epoch for h in held if first.is_at(h)), default=first.epoch)]
    chosen = _telling(part, rows, series, shelf)
    way = ways(part) & {UP, DOWN}
    if chosen and (way or _MOVED.search(part)):
        onsets = [o for s in series if any(r is c for c in chosen for r in s) if (o := _onset(s, way)) is not None]
        single = [r for r in chosen if not any(r is x for s in series for x in s)]
        return onsets + [min(m.epoch for m in r.times) for r in single]
    return [min(m.epoch for m in row.times) for row in chosen]


def _telling(part: str, rows: Sequence[Row], series: Sequence[Sequence[Row]], shelf: Shelf) -> list[Row]:
    named, made, sorts = shelf.services_in(part), {i.casefold() for i in identifiers(part)}, kinds(part)
    stems = {w.casefold()[:6] for w in re.findall(r"[^\W\d_]{3,}", part)} - _IDLE
    numerals = set(re.findall(r"(?<![\w.:])\d{1,6}(?![\w.:])", part))
    once = {s for s in stems if sum(s in r.full.casefold() for r in rows) == 1} if len(rows) > TWO else set[str]()
    best, chosen = 0, list[Row]()
    for row in rows:
        low = row.full.casefold()
        score = (
            4 * sum(i in low for i in made)
            + 2 * len(sorts & kinds(low))
            + sum((s in low) * (1 + (s in once)) for s in stems)
        )
        score += 2 * sum(re.search(rf"(?<![\w.:]){n}(?![\w.:])", low) is not None for n in numerals)
        theirs = shelf.services_of(row)
        score += 3 * bool(named & theirs) - 3 * bool(named and theirs and not named & theirs)
        if score > best:
            best, chosen = score, [row]
        elif score == best and score:
            chosen.append(row)
    one = len(chosen) == 1 or any(all(any(c is r for r in s) for c in chosen) for s in series)
    enough = 4 if named or made else 2 if one else 3 if sorts else 99
    return chosen if best >= enough else []


def _onset(samples: Sequence[Row], way: frozenset[str]) -> int | None:
    """When it first went far enough, in the direction said if one is."""
    values = [sample(r).value for r in samples]
    least = LEAST * (max(values) - min(values))
    for i, (a, b) in enumerate(pairwise(values)):
        step = b - a
        if least and ((step >= least and DOWN not in way) or (-step >= least and UP not in way)):
            return samples[i + 1].times[0].epoch
    return None
