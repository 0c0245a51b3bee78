"""Words that make a figure rough: to both sides ("about"), or to one ("a little over", "not quite", "and a bit")."""

from __future__ import annotations

import re

_A_LITTLE = (
    r"(?:(?:only |but )?just|(?:a|only a) (?:little|bit|shade|touch|hair|fraction|tad)|"
    r"slightly|marginally|somewhat|barely|little)"
)
_ABOUT = re.compile(
    r"(?:about|around|roughly|approximately|approx\.?|circa|ca\.|some|something like|in the region of|on the order of|"
    r"more or less|close to|~|≈|etwa|rund|near(?:ly)?|almost)\s?(?:a\s)?$",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    rf"(?:\b(?:nearly|almost|not quite|not yet|approaching|close to|as good as|practically)|"
    rf"\b{_A_LITTLE} (?:under|below|beneath|less than|fewer than|short of|shy of|south of))\s(?:an?\s)?$",
    re.IGNORECASE,
)
_AND_MORE = re.compile(
    rf"(?:\b(?:a good|a solid|a full|upwards of)|"
    rf"\b{_A_LITTLE} (?:over|above|past|beyond|more than|upwards of|north of|longer than))\s(?:an?\s)?$",
    re.IGNORECASE,
)
_SO_AFTER = re.compile(r"^[\s-]?[\w%/]*\s?(?:or so|or thereabouts|more or less|give or take)\b", re.IGNORECASE)
_MORE_AFTER = re.compile(
    r"^[\s-]?[\w%/]*(?:-odd\b|\s?(?:and a bit|and change|and then some|or more|odd)\b)", re.IGNORECASE
)
REACH = 0.12
"""Of the figure: how far beyond it a value may lie that somebody calls a little more, or not quite so much."""
BEFORE = 40
AFTER = 30


def is_rough(head: str, tail: str) -> bool:
    """Whether the words beside a figure make it about right."""
    return _ABOUT.search(head[-BEFORE:]) is not None or _SO_AFTER.match(tail[:AFTER]) is not None


def leaning(head: str, tail: str) -> tuple[bool, bool]:
    """Whether the words beside a figure let the value lie a little below it, and a little above it."""
    more = _AND_MORE.search(head[-BEFORE:]) is not None or _MORE_AFTER.match(tail[:AFTER]) is not None
    return _NOT_YET.search(head[-BEFORE:]) is not None, more
