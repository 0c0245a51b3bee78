"""Who measured what a sentence tells of a call: the caller, unless it says outright who saw it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.words.clauses import clauses

_MEASURED = re.compile(
    r"\b(?:measur|seen|saw|observ|record|count|timed|view|told|side|end\b|perspective)", re.IGNORECASE
)
_SEEN = re.compile(
    r"\b(?:measured|seen|observed|recorded|counted|timed|viewed|as told)\s(?:\w+\s)?(?:by|from|at|in|on|inside)\s"
    r"(?:the\s)?(?:client\s|server\s|caller\s)?$",
    re.IGNORECASE,
)
_ON_SIDE = re.compile(
    r"(?:['’]s)?\s(?:(?:own\s)?(?:side|end|perspective|point of view)|(?:itself\s)?(?:measured|saw|recorded))\b"
)
"""What stands before or behind the service whose reading it is, whoever else is named."""
_CALLED = re.compile(
    r"\b(?:(?:calls?|requests?|rpcs?|quer(?:y|ies)|lookups?|traffic|trips?|talking)\s(?:\S+\s){0,3}?(?:to|into|on|against)|"
    r"calling|querying)\s(?:the\s)?$",
    re.IGNORECASE,
)
_CALLERS_OF = re.compile(
    r"\b(?:callers|clients|consumers|users|upstreams?|dependents)\s(?:of|to)\s(?:the\s)?$", re.IGNORECASE
)
_CALLS = re.compile(
    r"\s(?:client\s)?(?:calls?|requests?|rpcs?|lookups?)\b(?!\s(?:to|into|on|against)\b)", re.IGNORECASE
)
"""What stands before or behind a service that is called."""


def seen_from(text: str, at: int, shelf: Shelf) -> str:
    """The service that a sentence says measured what stands there; empty when it says so of none, or of several."""
    if not _MEASURED.search(text):
        return ""
    seen = [m for m in shelf.mentioned(text) if _SEEN.search(text[: m[0]]) or _ON_SIDE.match(text[m[1] :])]
    begins, clause = next(((s, c) for s, c in clauses(text) if s <= at < s + len(c)), (0, text))
    inside = {m[2] for m in seen if begins <= m[0] < begins + len(clause)}
    found = inside or {m[2] for m in seen}
    return found.pop() if len(found) == 1 else ""


def callers(text: str, named: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """The services without those that the sentence only says are called by another of them."""
    named = [m for m in named if not _CALLERS_OF.search(text[: m[0]])]
    callers = [m for m in named if not (_CALLED.search(text[: m[0]]) or _CALLS.match(text[m[1] :]))]
    return callers if len({m[2] for m in callers}) == 1 else list(named)
