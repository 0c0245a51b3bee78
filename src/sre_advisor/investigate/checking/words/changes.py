"""Whether the words beside a figure make it a change, a part of another figure, or a level that was read."""

from __future__ import annotations

import re

from sre_advisor.investigate.checking.words.quantities import Number

_BEFORE = re.compile(
    r"\b(?:by|or|i\.e\.,?|rose|rise|fell|fall|dropp?\w*|grew|gain\w*|los[st]s?|lost|up|down|increas\w+|decreas\w+|"
    r"chang\w+|jump\w*|climb\w*|shr\w+|cut|within|plus|minus|difference|differ\w*|gap|apart|worsen\w*|improv\w+|overran|"
    r"exceed\w*|adds?|added|sheds?)\s"
    r"(?:(?:of|by|only|about|around|some|roughly|nearly|near|close to|almost|as much as|less than|more than|over|under|"
    r"at least|an?|just|further)\s)*$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"^\s?(?:%|percent(?:age points?)?|pp|points?|[A-Za-zµ]{1,3}\b)?\s?(?:points?\s)?"
    r"(?:more|less|fewer|higher|lower|above|below|over|under|up|down|faster|quicker|slower|longer|shorter|apart|"
    r"short of|increase|decrease|drop|"
    r"rise|jump|gain|loss|change|growth|reduction|improvement|worse|better|off|left|to spare)\b|"
    r"^\s?(?:[A-Za-zµ]{1,5}\b)?\s?(?:of (?:its |the |their )?)?(?:[\w-]+\s){0,3}?"
    r"(?:left|to spare|to go|remaining|free|short|headroom|margin|leeway|slack)\b",
    re.IGNORECASE,
)
_GAP = re.compile(
    r"\b(?:gap|difference|distance|spread|margin|headroom)\b[^;]{0,120}?\b(?:was|is|of|to|at|came to|amounted to)\s"
    r"(?:about |around |some |roughly |just |only )?$",
    re.IGNORECASE,
)
"""How far two things are from each other."""
_PART = re.compile(r"^\s?(?:%|percent)?\s(?:of|as much|as many|as long)\b", re.IGNORECASE)
_FILLED = re.compile(r"^\s?(?:%|percent)?\s(?:in use|used|full|taken|occupied|allocated)\b", re.IGNORECASE)
_SPOKEN = re.compile(r"^\sof\s(?:its|their|(?:the|all)\s[^\d,;]{1,40}?\b(?:it|they|was|were|had)\b)", re.IGNORECASE)
_TO = re.compile(r"\bto\s(?:about |around |roughly |just |some |under |over |less than |more than )?$", re.IGNORECASE)
"""A part said in words is one of what was before: "to a tenth", "a quarter of the attempts it had"."""
_WHOLE = re.compile(
    r"(?<![a-z])(?:limit|quota|budget|capacity|level|former|previous|usual|normal|baseline|earlier|value|threshold|maximum|deadline|"
    r"total|what|that|the stage|stage's)(?![a-z])",
    re.IGNORECASE,
)
NEAR = 60


def tells_change(number: Number, plain: str) -> bool:
    """Whether the figure is by how much something changed, or differs from another."""
    head, tail = plain[: number.start], plain[number.end :]
    return any(p.search(head) for p in (_BEFORE, _GAP)) or _AFTER.match(tail) is not None


def tells_part(number: Number, plain: str) -> bool:
    """Whether the figure is a part of another one ("6 % of the former budget")."""
    tail = plain[number.end :][:NEAR]
    if (
        number.unit == "%"
        and not number.text[:1].isdigit()
        and (_SPOKEN.match(tail) or _TO.search(plain[: number.start]))
    ):
        return True
    return _FILLED.match(tail) is not None or (_PART.match(tail) is not None and _WHOLE.search(tail) is not None)
