"""What the evidence gives as the reason of what, in a sentence or in a line of a log, against what a claim does."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sre_advisor.investigate.checking.evidence.row import Row
from sre_advisor.investigate.checking.times.relations import explained
from sre_advisor.investigate.checking.words.lexicon import is_ordinary
from sre_advisor.investigate.checking.words.phrases import Told, statements

_EVENTS = re.compile(
    r"deploy|commit|flag|rollout|release|migration|restart|alert|config|merge|error|fail|latenc|timeout|timed out|"
    r"crash|cpu|memor|heap|5xx|exception|panic|duration|"
    r"p99|p95|p50|shipped|rolled out|queue|log|traffic|request|availab|uptime|saturat|exhaust|conn|pool|slow",
    re.IGNORECASE,
)
_ENDING = re.compile(r"(?<=\w{4})(?:ed|ing|s)$")
MOST_OF, LEAST_OF = 0.5, 3
"""Share of what a phrase says that a part of a line must tell to be meant, and how many words of both together."""


def turned_in_words(told: Told, rows: Sequence[Row]) -> str | None:
    """Why the evidence's own words have it the other way round; None when nothing shows that."""
    why = _turned(told, rows)
    return why or (_explained_otherwise(told, rows) if told.causal and told.timed else None)


def _turned(told: Told, rows: Sequence[Row]) -> str | None:
    """Evidence that says in words the opposite of what the claim says caused what."""
    one, other = _content(told.first), _content(told.after)
    straight = False
    turned = None
    for row in rows:
        for held in statements(row.text) if len(row.text) < 400 else ():
            theirs, ours = _content(held.first), _content(held.after)
            along = len(one & theirs) + len(other & ours)
            across = len(one & ours) + len(other & theirs)
            straight |= along > across
            if across > along and one & ours and other & theirs:
                turned = "the evidence has cause and effect the other way round"
    return None if straight else turned


def _explained_otherwise(told: Told, rows: Sequence[Row]) -> str | None:
    """Why a line of a log, which tells first what failed and then of what, has as the reason what is told as effect."""
    one, other = _content(told.first), _content(told.after)
    one, other = one - other, other - one
    turned = None
    for row in rows if one and other else ():
        chain = [_content(part) for part in explained(row)]
        cause, effect = (max(range(len(chain)), key=lambda i: len(w & chain[i]), default=0) for w in (one, other))
        if not chain or min(_share(one, chain[cause]), _share(other, chain[effect])) < MOST_OF:
            continue
        if len(one & chain[cause]) + len(other & chain[effect]) < LEAST_OF:
            continue
        if cause > effect:
            return None
        if cause < effect and not one & chain[effect] and not other & chain[cause]:
            turned = f"the log gives “{explained(row)[effect]}” as the reason"
    return turned


def _share(words: set[str], part: set[str]) -> float:
    return len(words & part) / len(words)


def _content(text: str) -> set[str]:
    return {
        _ENDING.sub("", w.casefold())[:7]
        for w in re.findall(r"[\w-]{3,}", text)
        if w.isalpha() is False or not is_ordinary(w) or _EVENTS.match(w)
    }
