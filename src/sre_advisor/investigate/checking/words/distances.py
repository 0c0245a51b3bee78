"""Stretches of time that a sentence puts between two events, rather than reads off: "3 minutes after", "80 s apart"."""

from __future__ import annotations

import re

from sre_advisor.investigate.checking.words.clauses import clauses
from sre_advisor.investigate.checking.words.quantities import Number, measure

_TAIL = re.compile(
    r"^[\s-]?[A-Za-z]+(?:,?\s(?:and\s)?(?:an?\s|\d+[\s-]?)[A-Za-z]+)?,?\s(?:or so\s|full\s|exactly\s)?"
    r"(?:after|before(?!\W*$|\s*[,;.)])|on(?=\W*$|\s*[,;.])|later|earlier|ahead|prior|behind|beforehand|afterwards|thereafter|apart|ago|past|following|"
    r"in advance|younger|older|sooner|between|separate[sd]?|lies?|lay|pass(?:ed)?|elapsed|went by)\b",
    re.IGNORECASE,
)
_AMID = re.compile(
    r"\b(?:apart|separate[sd]?|elapsed|passed (?:between|from|until|before)|"
    r"(?:lie|lies|lay|are|were|is|was) (?:\w+ )?between|"
    r"(?:gap|lag|delay|distance|interval) between|preced(?:ed|es) \S+ by|followed \S+ (?:by|after)|"
    r"predat(?:ed|es)|by a margin of|head start)\b",
    re.IGNORECASE,
)


def is_distance(number: Number, text: str) -> bool:
    """Whether the figure is a stretch of time that lies between two events."""
    if measure(number.unit)[0] != "second":
        return False
    if _TAIL.match(text[number.end :]):
        return True
    said = next((c for where, c in clauses(text) if where <= number.start < where + len(c) + 1), "")
    return _AMID.search(said) is not None
