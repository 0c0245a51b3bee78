"""Shares said in words: "a third of its requests", "seven in ten", "four calls out of five", in percent."""

from __future__ import annotations

import re
from collections.abc import Iterator

_COUNTS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"
)  # fmt: skip
_PARTS = {
    "half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
    "twentieth": 20, "hundredth": 100,
}  # fmt: skip
_WHOLES = frozenset((2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 20, 25, 50, 100, 1000))
_COUNT = rf"\d{{1,3}}|an?|{'|'.join(_COUNTS)}"
_FRACTION = re.compile(
    rf"(?<![\w.,:-])(?P<n>{_COUNT})[\s-](?P<part>{'|'.join(_PARTS)})(?P<many>s|ves)?(?![\w-])", re.IGNORECASE
)
_HALF = re.compile(r"(?<![\w.,:-])half(?=\s(?:of|its|their|all)\s)", re.IGNORECASE)
_AMONG = re.compile(
    rf"(?<![\w.,:-])(?P<n>\d{{1,3}}|{'|'.join(_COUNTS)})(?P<what>(?:\s+[A-Za-z][\w-]*){{0,4}}?)\s+"
    rf"(?P<by>in|out of|of every|in every)\s+(?P<all>\d{{1,4}}|{'|'.join(_COUNTS)}|a hundred)(?![\w:%-]|[.,/]\d)"
    r"(?P<tail>\s+[A-Za-z][\w-]*)?",
    re.IGNORECASE,
)
_PERIODS = re.compile(r"(?:ms|milli|micro|s$|sec|min|h$|hour|day|week|%|percent|mb|gb|kb|mib|gib)", re.IGNORECASE)
_PIECES = re.compile(
    r"(?:sample|reading|row|line|window|interval|service|pod|deploy|commit|alert|replica|attempt|point|node|host|"
    r"release|build|file|change|flag)",
    re.IGNORECASE,
)
"""What the evidence lists, and a claim counts rather than gives a share of."""
_FOLLOWS = re.compile(
    r"(?:of|more|less|higher|lower|faster|slower|as|in|into|on|at|by|from|to|and|or|when|while|until|than|for|with|"
    r"without|through|after|before|since|[a-z]{2,}ed|fails?|was|were|is|are|got|came|ends?|had|returns?|went|took|saw)\b",
    re.IGNORECASE,
)
_OF_MANY = re.compile(r"\s*(?:of\s+)?(?:(?!\d)[\w'’:./-]+\s+){0,4}?(?!\d)[\w:./-]*[a-z]{2}s\b(?!['’])", re.IGNORECASE)
"""Of what can be counted, rather than of another figure."""
_QUANTILE = re.compile(
    r"[^,;.]*\b(?:took|takes?|needed|waited|lasted|slower|faster|longer|within|under|over)\b[^,;]*\d"
)
_OF_ITSELF = re.compile(
    r"^\s*of\s(?:what|that|which|(?:the|its|their|a|an)\s(?:\w+\s)?(?:former|previous|prior|usual|normal|earlier|"
    r"baseline|original|old|level|value|limit|threshold|budget|size|figure|rate|time)\b)",
    re.IGNORECASE,
)
"""A part of another figure rather than of what was counted: a comparison."""
_HALVES = re.compile(r"(?:first|second|latter|other|top|bottom|upper|lower|last|the|this|each|one)\s$", re.IGNORECASE)


def portions(text: str) -> Iterator[tuple[int, int, float]]:
    """(where it starts, where it ends, the share in percent) of each share said in words."""
    for match in _FRACTION.finditer(text):
        count, part = _count(match.group("n")), _PARTS[match.group("part").casefold()]
        after = text[match.end() :]
        ended = not after.strip() or re.match(r"\s*[,.;:)]", after)
        told = match.group("many") or ended or _FOLLOWS.match(after.lstrip())
        share = not re.match(r"\s*of\b", after) or _of_many(after)
        if count < part and told and share and (count == 1) == (not match.group("many")):
            yield match.start(), match.end(), 100 * count / part
    for match in _HALF.finditer(text):
        if not _HALVES.search(text[: match.start()]) and _of_many(text[match.end() :]):
            yield match.start(), match.end(), 50.0
    for match in _AMONG.finditer(text):
        count, whole, tail = _count(match.group("n")), _count(match.group("all")), (match.group("tail") or "").strip()
        listed = any(_PIECES.match(w) for w in (*match.group("what").split(), tail) if w)
        loose = match.group("what").strip() and match.group("by") == "in" and tail and not _FOLLOWS.match(tail)
        if count < whole and whole in _WHOLES and not (tail and _PERIODS.match(tail)) and not listed and not loose:
            yield match.start(), match.end("all"), 100 * count / whole


def _of_many(after: str) -> bool:
    """Whether what follows is what the share is of, and no quantile ("half of the calls took 5 s or more")."""
    return _OF_MANY.match(after) is not None and not _OF_ITSELF.match(after) and not _QUANTILE.match(after)


def _count(word: str) -> int:
    low = word.casefold()
    return (
        1
        if low in ("a", "an")
        else 100
        if low == "a hundred"
        else int(low)
        if low.isdigit()
        else _COUNTS.index(low) + 1
    )
