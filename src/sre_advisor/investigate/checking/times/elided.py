"""A statement of an order with what its pronouns and its elliptic halves stand for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sre_advisor.investigate.checking.evidence.names import identifiers
from sre_advisor.investigate.checking.times.actors import named
from sre_advisor.investigate.checking.times.events import kinds
from sre_advisor.investigate.checking.words.clock import blanked, moments
from sre_advisor.investigate.checking.words.phrases import PREDICATE, Told

_PRONOUN = re.compile(
    r"\b(?:it|its|they|them|their|this|that|these|those|which|whose|one|ones|did|had)\b", re.IGNORECASE
)
_POSSESSIVE = re.compile(r"\b(?:its|their)\b(?=\s\w)", re.IGNORECASE)
_HEADLESS = re.compile(r"\W*(?:took|came|went|began|started|was|were|had|did|has|is|happened|landed)\b", re.IGNORECASE)
_BARE = frozenset(("began", "begin", "started", "start", "after", "before", "later", "only", "already", "came", "went",
     "from", "were", "been", "have", "same", "with", "into"))  # fmt: skip
_ELIDED = re.compile(r"\b(?:was|were|did|had|has|have|is|are)\W*$", re.IGNORECASE)
_PREPOSITIONS = frozenset(("from", "to", "on", "of", "in", "at", "by", "for", "into", "towards", "against"))
_PLAIN = re.compile(r"[^\W\d_]{4,}")


def whole(told: Told, known: frozenset[str]) -> Told:
    """The statement with what its pronouns stand for."""
    if told.before.strip() and _HEADLESS.match(told.first) and not named(told.first, known):
        # "commit X: took effect 69 min before it began": what stands before did it, and "it" is something else
        return replace(told, first=f"{told.before} {told.first}")
    first = _filled(told.first, told.after, told.before, known, follows=told.back)
    return replace(told, first=first, after=_filled(told.after, told.first, told.before, known, follows=not told.back))


def _filled(part: str, opposite: str, before: str, known: frozenset[str], *, follows: bool) -> str:
    mine, theirs = named(part, known), named(opposite, known)
    made = [i for i in identifiers(part) if not named(i, known)]
    words = [w for w in _PLAIN.findall(part) if not _PRONOUN.fullmatch(w) and not named(w, known) and w not in _BARE]
    if mine and not made and not kinds(part) and not words and not moments(part):
        # "before it did on B": what A did, B did
        return f"{part} {_without(blanked(opposite), _replaced(part, opposite, known), known)}"
    if theirs and _ELIDED.search(part) and (said := PREDICATE.search(opposite)):
        return f"{part} {said.group()}"  # "before B's calls were": what A's were
    if mine or made or not _PRONOUN.search(part):
        return part
    if theirs and follows and _POSSESSIVE.search(part):
        return _POSSESSIVE.sub(f"{theirs[0]}’s", part, count=1)
    if before.strip() and len(words) <= 2:
        return f"{before} {part}"
    return part if theirs or len(words) > 3 or not before.strip() else f"{before} {part}"


def _replaced(part: str, opposite: str, known: frozenset[str]) -> list[str]:
    """Whom the names of an elliptic part stand instead of: "those from B" of "calls from A to C" are not from A."""
    ours = {before for before, _ in _governed(part, known)}
    theirs = _governed(opposite, known)
    alike = [name for before, name in theirs if before in ours]
    return alike[:1] or [name for _, name in theirs[:1]]


def _governed(text: str, known: frozenset[str]) -> list[tuple[str, str]]:
    """(preposition before it, name) of every name; no preposition is an empty one."""
    words = [w for w in text.split() if w.casefold() not in ("the", "its", "their")]
    before = ["", *(w.casefold() if w.casefold() in _PREPOSITIONS else "" for w in words)]
    return [(prep, name) for prep, word in zip(before, words, strict=False) for name in named(word, known)]


def _without(text: str, names: Sequence[str], known: frozenset[str]) -> str:
    return " ".join(w for w in text.split() if not set(named(w, known)) & set(names))
