"""Numbers written as words, as digits: "eight minutes" is 8 minutes."""

from __future__ import annotations

import re
from collections.abc import Container

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
_FOLD = re.compile(rf"(?<![\w-])({'|'.join(_VALUES)})-?fold(?![\w])", re.IGNORECASE)
_TWICE = re.compile(r"(?<![\w-])twice(?![\w])", re.IGNORECASE)
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

    text = _FOLD.sub(lambda m: f"{_VALUES[m.group(1).casefold()]} fold", text) if not kept else text
    text = _TWICE.sub("2 times", _AND_HALF.sub(halved, text)) if not kept else text
    return _HALF.sub("30 minutes", _NUMERAL.sub(digits, text)) if not kept else _NUMERAL.sub(digits, text)


_SPOKEN = re.compile(
    rf"\b(?:(?P<part>a quarter|quarter|half|\d+|{'|'.join(_VALUES)})(?: minutes)? (?P<way>past|to) )"
    rf"(?P<hour>\d{{1,2}}|one|{'|'.join(_WORDS[:11])})(?! \w*(?:percent|%|ms|seconds|minutes|times))(?! of)\b",
    re.IGNORECASE,
)


def in_clock(text: str, held: Container[int]) -> str:
    """The text with times said in words ("quarter to two") as digits; of morning and afternoon, the one held."""

    def clock(match: re.Match[str]) -> str:
        part, hour = match.group("part").casefold(), match.group("hour").casefold()
        minutes = 15 if "quarter" in part else 30 if part == "half" else _count(part)
        if minutes >= 60 or _count(hour) > 24 or (part.isdigit() and "quarter" not in part and not hour.isalpha()):
            return match.group()
        total = _count(hour) * 60 + (minutes if match.group("way").casefold() == "past" else -minutes)
        total = next((t for t in (total, total + 720) if t % 1440 in held), total) % 1440
        return f"{total // 60:02}:{total % 60:02}"

    return _SPOKEN.sub(clock, text)


def _count(word: str) -> int:
    return int(word) if word.isdigit() else 1 if word == "one" else _VALUES.get(word, 99)
