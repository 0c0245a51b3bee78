"""Numbers written as words, as digits: "eight minutes" is 8 minutes."""

from __future__ import annotations

import re

_WORDS = (
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
_VALUES = {word: n for n, word in enumerate(_WORDS, 2)} | {
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "a dozen": 12,
}  # fmt: skip
_NUMERAL = re.compile(
    rf"(?<![\w-])(?:(?P<tens>twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-(?P<ones>one|{'|'.join(_WORDS[:8])})|"
    rf"(?P<word>{'|'.join(_VALUES)}))"
    r"(?=[\s-](?!of\b)[A-Za-z])",
    re.IGNORECASE,
)
_HALF = re.compile(r"(?<!\w)half an hour(?!\w)", re.IGNORECASE)
_AND_HALF = re.compile(rf"(?<![\w-])(?P<n>\d+|{'|'.join(_WORDS)}) and a half(?![\w])", re.IGNORECASE)
_QUOTED = re.compile(r"[“\"`«].*?[”\"`»]")


def in_digits(text: str) -> str:
    """The text with its numerals as digits; what stands in quotes stays as it is, and so does "one"."""
    kept = [(m.start(), m.end()) for m in _QUOTED.finditer(text)]

    def digits(match: re.Match[str]) -> str:
        if any(start <= match.start() < end for start, end in kept):
            return match.group()
        if match.group("tens"):
            ones = match.group("ones").casefold()
            return str(_VALUES[match.group("tens").casefold()] + (1 if ones == "one" else _VALUES[ones]))
        return str(_VALUES[match.group("word").casefold()])

    def halved(match: re.Match[str]) -> str:
        low = match.group("n").casefold()
        return f"{low if low.isdigit() else _VALUES[low]}.5"

    text = _AND_HALF.sub(halved, text) if not kept else text
    return _HALF.sub("30 minutes", _NUMERAL.sub(digits, text)) if not kept else _NUMERAL.sub(digits, text)
