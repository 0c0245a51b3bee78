"""How many records of a list are what a claim says, and how many calls a graph draws: counted rather than read off."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import cast

from sre_advisor.investigate.checking.evidence.listed.entries import Entry, entries
from sre_advisor.investigate.checking.evidence.names import bare
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.figures.held import Said
from sre_advisor.investigate.checking.figures.rates import FOLDS
from sre_advisor.investigate.checking.words.clauses import clauses
from sre_advisor.investigate.checking.words.clock import blanked
from sre_advisor.investigate.checking.words.numerals import count_of
from sre_advisor.investigate.checking.words.quantities import numbers

_OF_ALL = re.compile(
    r"\b(?:(?P<all>all|both) (?:of )?(?:the )?|(?P<part>[\w-]+) of (?:the |these |those |its )?)(?P<whole>[\w-]+)\s"
    r"(?P<noun>[a-z]+)\b(?P<rest>[^,;.]*(?:\.\w[^,;.]*)*)",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\b(?:services?|callees?|callers?|dependenc(?:y|ies)|clients?|consumers?|dependents?|backends?|downstreams?|"
    r"upstreams?|neighbou?rs?|nodes?)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\s(?:direct\s|other\s|different\s)?" + _ENDS.pattern, re.IGNORECASE)
_CALLERS = re.compile(r"\b(?:callers?|clients?|consumers?|dependents?|called by|upstreams?|calls? it)\b", re.IGNORECASE)
_CALLEES = re.compile(
    r"\b(?:callees?|dependenc(?:y|ies)|backends?|downstreams?|calls|depends|relies|talks|queries|invokes)\b",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:not|no|none|never|neither|nor|except|other|than|but|before|after|between|until)\b|n['’]t\b")
_WORD = re.compile(r"[\w./:@#-]*\w")
_IDLE = frozenset(
    ("the", "and", "are", "was", "were", "has", "have", "had", "all", "both", "that", "this", "these", "those", "with",
     "from", "for", "been", "being", "its", "only", "there", "which", "when", "who", "first", "last", "listed")
)  # fmt: skip
_OFTEN = re.compile(r"\b(?:\w{3,}ed|shown|seen|sent|fired?|went off|came|ran|hit|broke)\s(?:[\w-]+\s)?$", re.IGNORECASE)
"""Words of what happened so many times."""
_WHOLE = re.compile(r"\bof (?:the |these |those |its )?$", re.IGNORECASE)
WHOLE = 6
"""Words from a number of a whole on that tell what it is of."""
_STEM = 6
MOST = 60
MOST_ROWS = 400


def is_listed_count(said: Said, plain: str, shelf: Shelf) -> bool:
    """Whether a whole number counts records of a list, or the calls of a service."""
    number = said.readings[0]
    told = number.unit.casefold() in FOLDS and _OFTEN.search(plain[: number.start]) is not None  # "was deployed twice"
    if (number.unit and not told) or not number.value.is_integer() or not 1 < number.value <= MOST:
        return False
    wanted = int(number.value)
    drawn = _drawn(said.clause, shelf)
    if drawn is not None and _ENDS.search(said.clause):
        return wanted == drawn
    return wanted in set(_counts(said, shelf))


def wrong_listed_count(plain: str, shelf: Shelf) -> str | None:
    """Why not so many of a list's records, or of a service's calls, are what the claim says; None when they may be."""
    for _, clause in clauses(plain):
        if _NOT.search(clause):
            continue
        drawn = _drawn(clause, shelf)
        told = [n for n in numbers(blanked(clause)) if not n.unit and _COUNTED.match(clause, n.end)]
        if drawn and len(told) == 1 and told[0].value.is_integer() and int(told[0].value) != drawn:
            return f"the evidence draws {drawn}, not {told[0].text}"
    for match in _OF_ALL.finditer(plain):
        whole = count_of(match.group("whole"))
        part = whole if match.group("all") else count_of(match.group("part"))
        if whole is None or part is None or _NOT.search(match.group("rest")):
            continue
        rest = match.group("rest")
        meant = (part for some in lists(shelf) for part in _of_size(some, whole, f"{match.group('noun')} {rest}"))
        found = {_count(some, rest) for some in meant}
        if found and None not in found and part not in found:
            return f"of {whole} not {part} are so, but {min(filter(None, found), default=0)}"
    return None


def lists(shelf: Shelf) -> list[list[Entry]]:
    """The records of the evidence by the list that they stand in."""
    if "groups" not in shelf.worked_out:
        found: dict[str, list[Entry]] = {}
        for entry in entries(shelf.rows) if len(shelf.rows) <= MOST_ROWS else ():
            found.setdefault(entry.group, []).append(entry)
        shelf.worked_out["groups"] = list(found.values())
    return cast("list[list[Entry]]", shelf.worked_out["groups"])


def _of_size(some: Sequence[Entry], whole: int, words: str) -> Iterator[Sequence[Entry]]:
    """The records, or those of them that hold a word of what they are called, if there are so many."""
    if len(some) == whole:
        yield some
        return
    for word in words.casefold().split()[: WHOLE // 2]:
        held = [e for e in some if len(word) > 3 and word[:_STEM] in e.text]
        if len(held) == whole:
            yield held


def _count(some: Sequence[Entry], rest: str) -> int | None:
    """How many of the records hold what the words say of them; None when those name nothing that only some hold."""
    words = [_singular(w.casefold()) for w in _WORD.findall(rest) if w.casefold() not in _IDLE]
    holds = {w: [_is_cell(w, e) for e in some] for w in words}
    telling = [h for h in holds.values() if any(h) and not all(h)]
    return sum(map(all, zip(*telling, strict=True))) if telling else None


def _singular(word: str) -> str:
    return word[:-1] if re.fullmatch(r"(?:error|warning|alert|info)s", word) else word


def _is_cell(word: str, entry: Entry) -> bool:
    own = {bare(n) for n in entry.row.names}
    return any(
        word in (c, c.rpartition("/")[2], c.rpartition("=")[2]) or bare(c) == bare(word) for c in entry.fields.values()
    ) or (bare(word) in own)


def _counts(said: Said, shelf: Shelf) -> Iterator[int]:
    """How many records there are of each list, and how many of them hold what the clause says of so many."""
    number = said.readings[0]
    words = {_joined(w) for w in _WORD.findall(_told_of(said)) if w.casefold() not in _IDLE and w != number.text}
    figures = {w for w in words if w.isdigit() and len(w) > 2}
    names = {_joined(w) for w in _WORD.findall(said.clause) if shelf.services_in(w)}
    stems = {w if re.search(r"\d", w) or w in names else w[:_STEM] for w in words if len(w) > 2}
    for some in lists(shelf):
        texts = [_joined(e.text) for e in some]
        holds = {s: [s in t for t in texts] for s in stems}
        telling = {s: h for s, h in holds.items() if any(h) and not all(h)}
        must = [h for s, h in telling.items() if s in figures or s in names]
        kept = [i for i in range(len(some)) if all(h[i] for h in must)]
        if not must or len(must) == len(telling):
            yield len(kept)
            yield from (sum(h) for h in telling.values())
        scores = [sum(h[i] for h in telling.values()) for i in kept]
        yield scores.count(max(scores, default=0))


def _told_of(said: Said) -> str:
    """The words of the clause that tell what there are so many of: of a whole ("of the nine charges") its noun."""
    number, clause = said.readings[0], said.clause
    at = clause.find(number.text)
    whole = at >= 0 and _WHOLE.search(clause[:at]) is not None
    return " ".join(clause[at:].split()[:WHOLE]) if whole else clause


def _joined(text: str) -> str:
    return text.casefold().replace("-", "")


def _drawn(clause: str, shelf: Shelf) -> int | None:
    """How many services the only one named calls, or is called by; None when the clause does not say which."""
    named = shelf.services_in(clause)
    out, back = _CALLEES.search(clause), _CALLERS.search(clause)
    if len(named) != 1 or bool(out) == bool(back):
        return None
    own = next(iter(named))
    found = {b for a, b in shelf.calls if a == own} if out else {a for a, b in shelf.calls if b == own}
    return len(found) or None
