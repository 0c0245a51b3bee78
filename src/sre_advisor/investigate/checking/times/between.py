"""How long after one quoted line another was told: what a claim says of two lines it quotes."""

from __future__ import annotations

import re

from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.words.clock import blanked
from sre_advisor.investigate.checking.words.quantities import measure, numbers
from sre_advisor.investigate.checking.words.quotes import quoted, stands_in, without_quotes

_APART = re.compile(r"\b(?:between|after|before|later|earlier|apart|separat\w+|follow\w*|preced\w*)\b", re.IGNORECASE)
_ROUGH = re.compile(r"\b(?:at least|more than|less than|over|under|within|up to|almost|nearly)\b", re.IGNORECASE)
ROOM = 0.1


def not_so_far_apart(text: str, shelf: Shelf) -> str | None:
    """Why the two lines quoted do not lie so far apart; None when each stands at several times or nothing is said."""
    plain, quotes = without_quotes(text), quoted(text)
    told = [n for n in numbers(blanked(plain)) if measure(n.unit)[0] == "second"]
    if len(quotes) != 2 or not told or not _APART.search(plain) or _ROUGH.search(plain):
        return None
    times = [{m.epoch for r in shelf.rows if not r.whole and stands_in(q, (r.text,)) for m in r.times} for q in quotes]
    if any(len(some) != 1 for some in times):
        return None
    gap = abs(next(iter(times[0])) - next(iter(times[1])))
    said = sum(n.value * measure(n.unit)[1] for n in told)
    smallest = min(measure(n.unit)[1] for n in told)
    if abs(gap - said) <= smallest + ROOM * said:
        return None
    return f"{gap} s lie between the two, not {told[0].said}"
