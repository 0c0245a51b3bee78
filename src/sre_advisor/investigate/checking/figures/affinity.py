"""Which of several readings the words of a claim mean: "exhausted retries" is retry_exhausted_total."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from sre_advisor.investigate.checking.evidence.observations import Observation, key_of
from sre_advisor.investigate.checking.figures.held import Said
from sre_advisor.investigate.checking.words.quantities import measure

_PART = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}|p\d{2}|\d?xx")
LETTERS = 5
_IDLE = frozenset(
    w[:LETTERS]
    for w in (
        "total", "ratio", "rate", "count", "second", "seconds", "service", "http", "value", "time", "metric",
        "name", "pct", "sum", "avg", "max", "min", "now", "last", "first", "base", "median", "the", "and", "for",
        "was", "with", "from", "result", "data", "query", "job", "instance", "label", "status", "type", "matrix",
        "unit", "usage", "being", "said", "to", "of", "at", "in", "by", "on",
    )
)  # fmt: skip


def stems(text: str) -> frozenset[str]:
    """The beginnings of a text's words, of jointed ones each part's."""
    return frozenset(w.casefold()[:LETTERS] for w in _PART.findall(text)) - _IDLE


def nearest(said: Said, held: Sequence[Observation]) -> list[Observation]:
    """Those readings whose names share most words with what the claim says beside the figure; all where none does."""
    words = stems(said.clause)
    scores = [len(words & _stems(key_of(o))) for o in held]
    best = max(scores, default=0)
    return [o for o, s in zip(held, scores, strict=True) if s == best] if best else list(held)


def of_another_field(said: Said, plain: str, held: Sequence[Observation]) -> str | None:
    """Why a figure is of another field than the claim's words name; None when nothing shows that."""
    mine = [o for o in held if said.fits(o)]
    words, at = stems(said.clause), said.readings[0].start
    if not mine or any(words & _stems(key_of(o)) or not key_of(o) for o in mine):
        return None
    beside = stems(plain[max(0, at - NEAR) : at + NEAR // 2])
    for o in held:
        named = words & _stems(key_of(o))
        enough = len(named) >= ENOUGH or named == _stems(key_of(o)) or (named and all(_then(o, m) for m in mine))
        if not beside & named or not enough or o.role != said.bond.role or _told_too(o, plain):
            continue
        near = any(o.row is m.row or (o.row.context and o.row.context == m.row.context) or _then(o, m) for m in mine)
        if near and not said.fits(o) and _alike(said, o):
            return f"{said.readings[0].said} is no figure of {key_of(o).casefold()}: {o.number.text} is"
    return None


ENOUGH = 2
"""Parts of a name that a claim must say to mean it, unless it has but one."""
NEAR = 40


def _told_too(held: Observation, plain: str) -> bool:
    """Whether the claim names that figure as well, or the name beside it is its service's."""
    named = re.search(rf"(?<![\d.]){re.escape(held.number.text)}(?![\d.])", plain) is not None
    return named or key_of(held).casefold() in held.owners


def _then(one: Observation, other: Observation) -> bool:
    return (
        one.time is not None
        and other.time is not None
        and one.time.epoch == other.time.epoch
        and bool(one.owners & other.owners)
    )


def _alike(said: Said, held: Observation) -> bool:
    ours, theirs = (measure(u)[0] for u in (said.readings[-1].unit, held.number.unit or held.number.hint))
    return not ours or ours == theirs


@lru_cache(20_000)
def _stems(text: str) -> frozenset[str]:
    return stems(text)
