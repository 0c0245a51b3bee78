"""Who did what to whom: the evidence may not tell the same deed of the two names the other way round alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from sre_advisor.investigate.checking.evidence.names import bare, is_metric
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.words.lexicon import is_ordinary

_WORD = re.compile(r"[A-Za-z][\w./:@-]*[\w]")
_BREAK = re.compile(
    r"[;:.,=|\n{}\[\]>]|\d{4}|\b(?:and|but|while|because|after|before|when|as|since|until|which|who|so|than)\b",
    re.IGNORECASE,
)
"""What belongs to no single clause of a sentence."""
_MADE = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+")
_IDLE = frozenset(
    ("could", "would", "cannot", "from", "with", "that", "this", "been", "being", "have", "were", "their", "over",
     "into", "then", "only", "some", "more", "also", "still", "again", "service", "services", "error", "errors",
     "latency", "request", "requests", "call", "calls", "median", "time", "client", "server", "flag", "deploy",
     "rollout")
)  # fmt: skip
_STEM = 5
MOST, LONGEST, FAR = 400, 400, 60
"""Rows of evidence, characters of one, and characters between two names, beyond which nothing is looked for."""


@dataclass(frozen=True, slots=True)
class _Deed:
    one: str
    other: str
    stems: frozenset[str]
    by: bool
    """Whether the second name is the one that did it."""

    def is_like(self, deed: _Deed) -> bool:
        return bool(self.stems & deed.stems) and self.by == deed.by


def turned_deed(plain: str, shelf: Shelf) -> str | None:
    """Why it was the other who did it to this one; None when nothing shows that."""
    said = list(_deeds(plain))
    if not said or len(shelf.rows) > MOST:
        return None
    held = [d for r in shelf.rows if not r.whole and len(r.text) < LONGEST for d in _deeds(r.text)]
    for deed in said:
        straight = any((d.one, d.other) == (deed.one, deed.other) and deed.is_like(d) for d in held)
        turned = any((d.other, d.one) == (deed.one, deed.other) and deed.is_like(d) for d in held)
        if turned and not straight:
            return f"the evidence tells that of {deed.other} and {deed.one} the other way round"
    return None


def _deeds(text: str) -> Iterator[_Deed]:
    """What stands between each two names next to each other, when it holds a verb and no other clause."""
    names = [m for m in _WORD.finditer(text) if _is_name(m.group())]
    for one, other in pairwise(names):
        between = text[one.end() : other.start()]
        first, second = bare(_owner(one.group())), bare(_owner(other.group()))
        if first == second or len(between) > FAR or _BREAK.search(between):
            continue
        if between.startswith(("'s", "’s")) and len(between.split()) == 2:
            continue  # "A's commit B" tells of no deed
        words = [w.casefold() for w in re.findall(r"[A-Za-z]{4,}", between)]
        stems = frozenset(w[:_STEM] for w in words if w not in _IDLE)
        if re.match(r"['’]s?\s", between) and not re.search(r"\b(?:to|from|by|into|on|of|at)\b", between):
            continue  # "somebody's commit 41f4a78"
        if stems:
            yield _Deed(first, second, stems, re.search(r"\b(?:by|from)\b", between) is not None)


def _owner(word: str) -> str:
    return re.sub(r"['’]s?$", "", word)


def _is_name(word: str) -> bool:
    return (
        len(word) > 3
        and not is_ordinary(word)
        and not is_metric(word)
        and not word.isupper()
        and not _MADE.fullmatch(word)
    )
