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
    r"(?=[\s-](?!of\b)[A-Za-z]|\sof\s(?:the|these|those|them|which|its|their)\b)",
    re.IGNORECASE,
)
_TIMES = {"day": ("hours", 24), "hour": ("minutes", 60), "minute": ("seconds", 60)}
_UNIT = (
    r"days?|hours?|minutes?|seconds?|milliseconds?|percent(?:age points?)?|(?:kilo|mega|giga|tera)bytes?|"
    r"[kKMGT]i?B|cores?|millions?|billions?|thousands?"
)
_PART_OF = re.compile(
    r"(?<![\w-])(?:(?:a |one |(?P<n>three|3) )?(?:half|quarter)s?(?: of)? an? |half-an?-|an? (?:half|quarter)[ -]|"
    r"(?:half|quarter)[ -](?=hour))"
    rf"(?P<unit>{_UNIT})(?!\w)",
    re.IGNORECASE,
)
_THIRD = re.compile(
    r"(?<![\w-])(?P<n>an?|one|two|2|three|3|four|4) (?P<part>third|fifth|tenth)s? of an? "
    r"(?P<unit>second|minute|hour)(?!\w)",
    re.IGNORECASE,
)
_THEN_HALF = re.compile(
    rf"(?<![\w-])(?P<n>an?|one|\d+|{'|'.join(_WORDS)}) (?P<unit>{_UNIT}) and a (?P<part>half|quarter)(?!\w)",
    re.IGNORECASE,
)
_ONE_AND = re.compile(
    rf"(?<![\w-])(?:an?|one)(?= (?:day|hour|minute) (?:and )?(?:\d|{'|'.join(_VALUES)}))", re.IGNORECASE
)
_FOLD = re.compile(rf"(?<![\w-])({'|'.join(_VALUES)})-?fold(?![\w])", re.IGNORECASE)
_TWICE = re.compile(r"(?<![\w-])twice(?![\w])", re.IGNORECASE)
_AND_HALF = re.compile(rf"(?<![\w-])(?P<n>\d+|one|{'|'.join(_WORDS)}) and a half(?![\w])", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?![\w,])")
_QUOTED = re.compile(r"[“\"`«].*?[”\"`»]")


def in_digits(text: str) -> str:
    """The text with its numerals as digits, without commas in thousands; quotes stay as they are, and so does "one"."""
    kept = [(m.start(), m.end()) for m in _QUOTED.finditer(text)]

    def digits(match: re.Match[str]) -> str:
        if any(start <= match.start() < end for start, end in kept):
            return match.group()
        if match.group("tens"):
            ones = match.group("ones").casefold()
            return str(_VALUES[match.group("tens").casefold()] + (1 if ones == "one" else _VALUES[ones]))
        return str(_VALUES[match.group("word").casefold()])

    text = _NUMERAL.sub(digits, text)
    if kept:
        return text
    text = _THOUSANDS.sub(lambda m: m.group().replace(",", ""), text)
    for pattern, spoken in (
        (_THEN_HALF, _more),
        (_AND_HALF, _halved),
        (_PART_OF, _parted),
        (_THIRD, _thirds),
        (_ONE_AND, "1"),
    ):
        text = pattern.sub(spoken, text)
    return _TWICE.sub("2 times", _FOLD.sub(lambda m: f"{_VALUES[m.group(1).casefold()]} fold", text))


def count_of(word: str) -> int | None:
    """The whole number that a word or its digits say; None of any other word."""
    low = word.casefold()
    return int(low) if low.isdigit() else 1 if low == "one" else _VALUES.get(low)


def _halved(match: re.Match[str]) -> str:
    return f"{_count(match.group('n').casefold())}.5"


def _parted(match: re.Match[str]) -> str:
    quarters = 2 if "half" in match.group().casefold() else 3 if match.group("n") else 1
    if quarters == 2 and match.group("unit").casefold() == "minute":  # said more loosely than "30 seconds"
        return "0.5 minutes"
    unit, size = _TIMES.get(match.group("unit").casefold().rstrip("s"), (match.group("unit"), 1))
    return f"{quarters * size / 4:g} {unit}"


def _thirds(match: re.Match[str]) -> str:
    unit, size = _TIMES.get(match.group("unit").casefold(), (match.group("unit"), 1))
    part = {"third": 3, "fifth": 5, "tenth": 10}[match.group("part").casefold()]
    value = size * _count(match.group("n").casefold()) / part
    return f"{value:.1f} {unit}s" if size == 1 else f"{value:.0f} {unit}"


def _more(match: re.Match[str]) -> str:
    tail = "5" if match.group("part").casefold() == "half" else "25"
    return f"{_count(match.group('n').casefold())}.{tail} {match.group('unit')}"


_SPOKEN = re.compile(
    r"(?:(?<=\bat )|(?<=\bby )|(?<=\bsince )|(?<=\buntil )|(?<=\bbefore )|(?<=\bafter )|(?<=\baround )|(?<=\babout )|"
    r"(?=[^.,;]{0,20}\bquarter)|(?=half past)|(?=\w+ minutes (?:past|to)))(?<![\w:.])"
    rf"(?P<part>a quarter|quarter|half|\d+|{'|'.join(_VALUES)})(?P<named> minutes)? (?P<way>past|to) "
    rf"(?P<hour>\d{{1,2}}|one|{'|'.join(_WORDS[:11])})(?! \w*(?:percent|%|ms|seconds|minutes|times))"
    r"(?! of| and a)\b(?!:)",
    re.IGNORECASE,
)


def in_clock(text: str, held: Container[int]) -> str:
    """The text with times said in words ("quarter to two") as digits; of morning and afternoon, the one held."""

    def clock(match: re.Match[str]) -> str:
        part, hour = match.group("part").casefold(), match.group("hour").casefold()
        minutes = 15 if "quarter" in part else 30 if part == "half" else _count(part)
        if not match.group("named") and minutes % 5:  # "from 2 to 3 attempts"
            return match.group()
        if minutes >= 60 or _count(hour) > 24 or (part.isdigit() and "quarter" not in part and not hour.isalpha()):
            return match.group()
        total = _count(hour) * 60 + (minutes if match.group("way").casefold() == "past" else -minutes)
        total = next((t for t in (total, total + 720) if t % 1440 in held), total) % 1440
        return f"{total // 60:02}:{total % 60:02}"

    return _SPOKEN.sub(clock, text)


def _count(word: str) -> int:
    return int(word) if word.isdigit() else 1 if word in ("a", "an", "one") else _VALUES.get(word, 99)
