"""Which of two figures a sentence gives as the one before and which as the one after, in whatever order."""

from __future__ import annotations

import re

from sre_advisor.investigate.checking.words.clock import blanked
from sre_advisor.investigate.checking.words.quantities import Number, numbers

_ABOUT = r"(?:about |around |roughly |only |just |some |still )?"
_BEFORE_HEAD = re.compile(
    r"(?:\b(?:had been|had (?:stood|read|been) at|used to be|used to (?:stand|sit) at|usually|normally|from|against|"
    r"versus|vs\.?|compared (?:to|with)|baseline(?: of| was| is)?|instead of|rather than|was|were|was at|before|"
    r"originally|formerly|earlier|previously)\s|\bbefore:\s)" + _ABOUT + "$",
    re.IGNORECASE,
)
_BEFORE_TAIL = re.compile(
    r"^\s?(?:%|percent|[a-zA-Zµ]{1,3}\b)?,?\s?\(?(?:before(?:hand)?\b(?! \d)|earlier|previously|in the hours? before|"
    r"(?:an|one) hour (?:ago|before|earlier)|at first|usually|normally|as (?:an?|its|the|their) (?:baseline|norm\w*|"
    r"usual|rule)|as usual)",
    re.IGNORECASE,
)
_NOW_HEAD = re.compile(
    r"(?:\b(?:now|now at|is|is at|stands? at|stood at|sits at|to|reached|reads|hit|became|came to|ended(?: up)? at|"
    r"peaked at|then|later|afterwards|settled at|currently|after)\s|\bnow:\s)" + _ABOUT + "$",
    re.IGNORECASE,
)
_NOW_TAIL = re.compile(
    r"^\s?(?:%|percent|[a-zA-Zµ]{1,3}\b)?,?\s?\(?(?:now\b|afterwards?\b|at present|currently|at\s{4,}|since then|"
    r"later)",
    re.IGNORECASE,
)


def roles(text: str) -> tuple[list[Number], list[Number], int]:
    """(figures given as those before, figures given as those after, how many figures there are)."""
    bare = blanked(text)
    early: list[Number] = []
    late: list[Number] = []
    found = list(numbers(bare))
    for number in found:
        head, tail = bare[: number.start], bare[number.end :]
        before = bool(_BEFORE_TAIL.match(tail)) or bool(_BEFORE_HEAD.search(head))
        now = bool(_NOW_TAIL.match(tail)) or bool(_NOW_HEAD.search(head))
        if _BEFORE_TAIL.match(tail):
            now = False
        if before != now:
            (early if before else late).append(number)
    return early, late, len(found)


def told_pair(text: str) -> tuple[Number, Number] | None:
    """(before, after) of a sentence with two figures whose words tell which is which."""
    early, late, several = roles(text)
    if several != 2 or len(early) != 1 or len(late) > 1:
        return None
    if late:
        return early[0], late[0]
    other = next((n for n in numbers(blanked(text)) if n.start != early[0].start), None)
    return (early[0], other) if other else None
