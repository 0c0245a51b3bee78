"""Who a claim says calls whom must not be called by it instead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from sre_advisor.investigate.checking.evidence.graph import Edge, edges, read_at
from sre_advisor.investigate.checking.evidence.names import bare
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.times.actors import actors
from sre_advisor.investigate.checking.times.relations import harms

_TELLS = re.compile(
    r"\b(?:call|invok|quer|depend|rel(?:y|ies)|request|talk|client|consumer|caller|callee|traffic|backend|server)",
    re.IGNORECASE,
)
_CALLS = r"(?:calls?|called|calling|invok(?:es?|ed|ing)|quer(?:y|ies|ied|ying)|requests?|consult(?:s|ed))"
_A = r"(?:an?|the|its|one of the|among the|the only|the sole|only|listed (?:as|among)(?: an?| the)?)"
_ACTIVE = re.compile(
    rf"(?:^|\s)(?:{_CALLS}|(?:depends?|depended|rel(?:y|ies|ied)) (?:\w+ly )?(?:up)?on|talks? to|"
    r"(?:sends?|sent|makes?|made|issues?|directs?|places?) (?:its |all |some )?(?:\w+ )?"
    r"(?:requests?|calls|traffic|rpcs) (?:on )?(?:in)?to|"
    rf"(?:is|as|are|was|be) (?:{_A} )?(?:direct )?(?:callers?|clients?|consumers?|dependents?) of|"
    r"['’]s? (?:\w+ ){0,2}?(?:calls?|requests?|rpcs?) (?:in)?to)\s(?:the\s)?$",
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
    r"\b(?:calls?|requests?|traffic|rpcs?) (?:go(?:es|ing)? |made |sent )?from (?:the )?$", re.IGNORECASE
)
_TO_FROM = re.compile(r"\b(?:calls?|requests?|traffic|rpcs?) (?:made |sent )?to (?:the )?$", re.IGNORECASE)
_NOT = re.compile(r"\b(?:not|no|never|neither|nor|without|rather than|instead of|than)\b|n['’]t\b", re.IGNORECASE)
_TOKEN = re.compile(r"[A-Za-z][\w.@/-]*(?:::[A-Za-z][\w:]*)?")


def miscalled(plain: str, shelf: Shelf) -> str | None:
    """Why the service that a claim says calls another is called by that one; None when nothing shows that."""
    if not _TELLS.search(plain) or _NOT.search(plain):
        return None
    drawn = _drawn(shelf)
    for one, other in _told(plain, {name for edge in drawn for name in edge}):
        if (other, one) in drawn and (one, other) not in drawn:
            return f"the evidence has {other} call {one}, not the other way"
    return None


def _drawn(shelf: Shelf) -> set[Edge]:
    """The calls of the evidence: drawn, read at one end, or told by the trouble that a caller had."""
    found = edges(shelf.sources)
    for row in shelf.rows:
        for name in row.names:
            found |= {edge for edge in (read_at(name, row.full),) if edge}
    return found | {(hurt, by) for by, hurt in harms(shelf, actors(shelf))}


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
        elif _ACTIVE.search(between) or (
            _FROM_TO.search(plain[:start]) and re.fullmatch(r"\s(?:in)?to (?:the )?", between)
        ):
            yield one, other
    if len({name for *_, name in names}) == 2 and (
        aside := re.search(r",?\s(?:which|who|that) calls (?:it|them)\b", plain)
    ):
        before = [name for _, end, name in names if end <= aside.start() + 1]
        yield from ((before[-1], name) for *_, name in names if before and name != before[-1])
