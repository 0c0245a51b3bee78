"""Who a claim says calls whom must not be called by it instead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from sre_advisor.investigate.checking.evidence.graph import Edge, read_at
from sre_advisor.investigate.checking.evidence.names import bare
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.times.actors import actors
from sre_advisor.investigate.checking.times.relations import harms

_TELLS = re.compile(
    r"\b(?:call|invok|quer|depend|rel(?:y|ies)|request|talk|client|consumer|caller|callee|traffic|backend|server|reach|edge|path|route)",
    re.IGNORECASE,
)
_CALLS = r"(?:calls?|called|calling|invok(?:es?|ed|ing)|quer(?:y|ies|ied|ying)|requests?|consult(?:s|ed))"
_A = r"(?:an?|the|its|one of the|among the|the only|the sole|only|listed (?:as|among)(?: an?| the)?)"
_ACTIVE = re.compile(
    rf"(?:^|\s)(?:{_CALLS}|(?:depends?|depended|rel(?:y|ies|ied)) (?:\w+ly )?(?:up)?on|talks? to|"
    r"(?:sends?|sent|makes?|made|issues?|directs?|places?) (?:its |all |some )?(?:\w+ )?"
    r"(?:requests?|calls|traffic|rpcs) (?:on )?(?:in)?to|"
    rf"(?:is|as|are|was|be) (?:{_A} )?(?:direct )?(?:callers?|clients?|consumers?|dependents?) of|"
    r"reach(?:es|ed)|"
    r"['’]s? (?:\w+ ){0,2}?(?:calls?|requests?|rpcs?) (?:in)?to)\s(?:both\s)?(?:the\s)?$",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"(?:^|\s)(?:(?:is|was|are|were|gets?|being|be) (?:\w+ )?(?:called|invoked|queried|requested|depended (?:up)?on|"
    r"relied (?:up)?on) (?:\w+ )?by|"
    r"(?:receives?|received|takes?|gets?|got|serves?|accepts?) (?:its |all |\w+ )?"
    r"(?:requests?|calls|traffic|rpcs) from|"
    rf"(?:is|as|are|was|be) (?:{_A} )?(?:direct )?(?:callees?|dependenc(?:y|ies)|backends?) of)\s(?:the\s)?$",
    re.IGNORECASE,
)
_FROM_TO = re.compile(
    r"\b(?:(?:calls?|requests?|traffic|rpcs?) (?:(?:go(?:es|ing)?|went|run|made|sent|flow\w*) (?:\w+ )?)?|"
    r"(?:edges?|arrows?|paths?|hops?) (?:\w+ )?)from (?:the )?$",
    re.IGNORECASE,
)
_TO_FROM = re.compile(r"\b(?:calls?|requests?|traffic|rpcs?) (?:made |sent )?to (?:the )?$", re.IGNORECASE)
_NOT = re.compile(r"\b(?:not|no|never|neither|nor|without|rather than|instead of|than)\b|n['’]t\b", re.IGNORECASE)
_TOKEN = re.compile(r"[A-Za-z][\w.@/-]*(?:::[A-Za-z][\w:]*)?")


_LISTED = re.compile(r",?\s(?:and\s|or\s)?(?:the\s)?", re.IGNORECASE)
_PATH = re.compile(r"\b(?:path|route|chain)\b[^,;.]{0,24}?[\s:](?=\S)", re.IGNORECASE)
_HOP = re.compile(r"\s*(?:,|->|→|>)\s*(?:then\s|and\s|and then\s)?(?:to\s)?|\s(?:then|to|and then)\s", re.IGNORECASE)
_VIA = re.compile(r",?\s(?:only\s)?(?:via|through|by way of|over)\s(?:the\s)?", re.IGNORECASE)
_DEPENDS = rf"(?:{_CALLS}|depends on|relies on|talks to)"
_IT_CALLS = re.compile(
    rf",?\s(?:which\s|that\s|whom\s)?(?:it|they)\s(?:itself\s|also\s)?{_DEPENDS}\b|"
    r",?\s(?:on|upon) which (?:it|they) (?:depends?|rel(?:y|ies))\b",
    re.IGNORECASE,
)
_CALLS_IT = re.compile(rf",?\s(?:which|who|that)\s(?:also\s)?{_DEPENDS} (?:it|them)\b", re.IGNORECASE)
_ANSWERS_ITS = re.compile(
    r"[^,;.]{0,40}\s(?:answer|serv|handl|process)\w* its (?:\w+ ){0,2}?(?:calls?|requests?|rpcs?|queries)\b",
    re.IGNORECASE,
)
MOST_ROWS, LONGEST = 400, 300
"""Rows of evidence, and characters of one, beyond which no sentences about calls are looked for."""
_Named = tuple[int, int, str]
"""(start, end, bare name)."""


def miscalled(plain: str, shelf: Shelf) -> str | None:
    """Why the service that a claim says calls another is called by that one; None when nothing shows that."""
    if not _TELLS.search(plain) or _NOT.search(plain):
        return None
    drawn = _drawn(shelf)
    for one, other in _told(plain, {name for edge in drawn for name in edge}):
        if _leads(other, one, drawn) and not _leads(one, other, drawn):
            return f"the evidence has {other} call {one}, not the other way"
        if not _leads(one, other, drawn) and {one, other} <= {name for edge in shelf.calls for name in edge}:
            return f"the evidence draws no call from {one} to {other}"
    return None


def _leads(one: str, other: str, drawn: set[Edge]) -> bool:
    """Whether calls of the one reach the other, directly or through others."""
    reached, new = {one}, {one}
    while new:
        new = {b for a, b in drawn if a in new} - reached
        reached |= new
    return one != other and other in reached


def _drawn(shelf: Shelf) -> set[Edge]:
    """The calls of the evidence: drawn, read at one end, or told by the trouble that a caller had."""
    found = set(shelf.calls)
    for row in shelf.rows:
        for name in row.names:
            found |= {edge for edge in (read_at(name, row.full),) if edge}
    known = actors(shelf)
    for row in shelf.rows if len(shelf.rows) < MOST_ROWS else ():
        if len(row.text) < LONGEST and _TELLS.search(row.text) and not _NOT.search(row.text):
            found |= set(_told(row.text, set(known) | {name for edge in found for name in edge}))
    return found | {(hurt, by) for by, hurt in harms(shelf, known)}


def _told(plain: str, known: set[str]) -> Iterator[Edge]:
    """(caller, callee) of each call the sentence speaks of between two names that stand next to each other."""
    found = [
        (m.start(), m.end(), bare(re.sub(r"['’]s$", "", m.group().rstrip(".:/-")))) for m in _TOKEN.finditer(plain)
    ]
    names = [f for f in found if f[2] in known]
    for (start, end, one), (then, _, other) in pairwise(names):
        between = plain[end:then]
        if one == other or len(between) > 90:
            continue
        if _PASSIVE.search(between) or (
            _TO_FROM.search(plain[:start]) and re.fullmatch(r"\s(?:come )?from (?:the )?", between)
        ):
            yield other, one
            continue
        if _ACTIVE.search(between) or (
            _FROM_TO.search(plain[:start]) and re.fullmatch(r"\s(?:in)?to (?:the )?", between)
        ):
            yield one, other
        else:
            continue
        if _ACTIVE.search(between):  # "A calls B, C and D"
            yield from ((one, name) for name in _list_after(plain, names, then))
    yield from _along(plain, names)
    yield from _aside(plain, names)


def _list_after(plain: str, names: list[_Named], at: int) -> Iterator[str]:
    for (start, end, _), (then, _, name) in pairwise(names):
        if start >= at:
            if not _LISTED.fullmatch(plain[end:then]):
                return
            yield name


def _along(plain: str, names: list[_Named]) -> Iterator[Edge]:
    """The hops of a path: "the path A, B, C"; "A is reached from C by way of B"; "from A to C via B"."""
    if (path := _PATH.search(plain)) is not None:
        hops = [n for n in names if n[0] >= path.end() - 1]
        yield from ((a[2], b[2]) for a, b in pairwise(hops) if _HOP.fullmatch(plain[a[1] : b[0]]))
    for first, second, third in zip(names, names[1:], names[2:], strict=False):
        if not _VIA.fullmatch(plain[second[1] : third[0]]):
            continue
        between = plain[first[1] : second[0]]
        if re.search(r"\breached from\s(?:the\s)?$", between):
            yield from ((second[2], third[2]), (third[2], first[2]))
        elif re.search(r"\b(?:reach(?:es|ed)|to)\s(?:the\s)?$", between):
            yield from ((first[2], third[2]), (third[2], second[2]))


def _aside(plain: str, names: list[_Named]) -> Iterator[Edge]:
    """What a clause beside a name says of it and the only other name: "B, which it calls", "the B it queries"."""
    if len({name for *_, name in names}) != 2:
        return
    for at, (start, end, name) in enumerate(names):
        before = [n for *_, n in names[:at] if n != name]
        others = [n for *_, n in names if n != name]
        if before and _IT_CALLS.match(plain, end):
            yield before[-1], name
        elif _CALLS_IT.match(plain, end) and (before or start < end):
            yield name, others[0]
        elif before and _ANSWERS_ITS.match(plain, end):
            yield before[-1], name
