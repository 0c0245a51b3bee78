"""Numbers with their units as people and machines write them, so that a claim can be held against its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from sre_advisor.investigate.checking.words.hedges import REACH, is_rough, leaning
from sre_advisor.investigate.checking.words.portions import portions

_BASE = (
    r"%|percent(?:age points?)?|points?|pp|µs|us|microseconds?|ms|msec|milliseconds?|s|secs?|seconds?|mins?|minutes?|"
    r"hrs?|hours?|h|m|days?|d|[kKMGT]i?B|[KMG]i|[kKMGT]?bytes?|(?:[kK]ilo|[mM]ega|[gG]iga|[tT]era|[kK]ibi|"
    r"[mM]ebi|[gG]ibi)bytes?|millicores?|mcores?|cores?|k|thousand|million|billion|mio|[xX×]|times|fold|ratio"
)
_RATE = r"\s?(?:[A-Za-z]{1,12}\s?)?(?:/|\bper\s)\s?(?:seconds?|secs?|s|minutes?|mins?|hours?|h)\b"
_NUMBER = re.compile(
    rf"(?<![\w.:/#-])([-−]?(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?))"
    rf"(?:({_RATE})|[\s  -]?({_BASE})(?:(\s?/\s?s|\s?/\s?min)\b)?(?![\w/]))?(?![\w/]|:\d|\.\d|-\d)"
)
_LOOSE = re.compile(
    rf"(?<![\w.])([-−]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?)(?:({_RATE})|[\s  ]?({_BASE})()(?![\w/]|\s?=))?(?!\w|\.\d)"
)
"""For evidence: also numbers that hang on a colon, a slash or a hash."""
_SECONDS = {
    "µs": 1e-6, "us": 1e-6, "microsecond": 1e-6, "ms": 0.001, "msec": 0.001, "millisecond": 0.001, "s": 1.0,
    "sec": 1.0, "second": 1.0, "m": 60.0, "min": 60.0, "minute": 60.0, "h": 3600.0, "hr": 3600.0, "hour": 3600.0,
    "d": 86400.0, "day": 86400.0,
}  # fmt: skip
_BYTES = {
    "byte": 1.0, "kb": 1e3, "kbyte": 1e3, "mb": 1e6, "mbyte": 1e6, "gb": 1e9, "gbyte": 1e9, "tb": 1e12,
    "kilobyte": 1e3, "megabyte": 1e6, "gigabyte": 1e9, "terabyte": 1e12,
    "kibibyte": 2.0**10, "mebibyte": 2.0**20, "gibibyte": 2.0**30,
    "kib": 2.0**10, "mib": 2.0**20, "gib": 2.0**30, "tib": 2.0**40, "ki": 2.0**10, "mi": 2.0**20, "gi": 2.0**30,
}  # fmt: skip
_DIMENSIONS = (
    (
        "share",
        {
            "%": 1.0,
            "percent": 1.0,
            "pct": 1.0,
            "percentage point": 1.0,
            "point": 1.0,
            "pp": 1.0,
            "ratio": 100.0,
            "fraction": 100.0,
        },
    ),
    ("second", _SECONDS),
    ("byte", _BYTES),
    ("core", {"core": 1.0, "millicore": 0.001, "mcore": 0.001}),
)
_MULTIPLES = {"k": 1e3, "thousand": 1e3, "million": 1e6, "mio": 1e6, "billion": 1e9}
_SUFFIXES = (
    (("_milliseconds", "_ms", "_millis"), "ms"),
    (("_microseconds", "_us"), "us"),
    (("_seconds", "_s", "_sec", "_secs"), "s"),
    (("_minutes", "_min", "_mins"), "min"),
    (("_bytes",), "byte"),
    (("_kb",), "kb"), (("_mb",), "mb"), (("_gb",), "gb"), (("_mi", "_mib"), "mib"), (("_gi", "_gib"), "gib"),
    (("_percent", "_pct", "_percentage"), "%"),
    (("_ratio", "_share", "_fraction"), "ratio"),
    (("_millicores",), "millicore"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written; `unit` what it counts; `hint` the unit its surroundings give it when it has none."""

    value: float
    text: str
    unit: str = ""
    hint: str = ""
    loose: bool = False
    """Said to be about right ("about 400")."""
    start: int = -1
    width: int = 0
    """Characters it takes where it is written, if other than those of `text` ("1,183")."""
    below: float = 0.0
    """How much less than it, beyond its slack, the value may be ("not quite three minutes")."""
    above: float = 0.0
    """How much more than it, beyond its slack, the value may be ("a little over 11 minutes")."""
    room: float | None = None
    """The slack where its writing does not tell it ("a third", "6 min 10 s")."""

    @property
    def end(self) -> int:
        """Where the number's digits end."""
        return self.start + (self.width or len(self.text))

    @property
    def said(self) -> str:
        """As it is written, with its unit."""
        return self.text if self.room is not None and self.unit == "%" else f"{self.text} {self.unit}".strip()

    def fits(self, value: float) -> bool:
        """Whether an exact value in this number's unit is what was meant."""
        slack = self.slack * 1.000001 + 1e-12
        return -self.below - slack <= value - self.value <= self.above + slack

    @property
    def slack(self) -> float:
        """How far from it the exact value may lie: half a unit of its last written digit that is not a filling zero.

        Filling zeros count as rounding only where somebody rounds: with a unit, above 999, or when said to be about.
        """
        if self.room is not None:
            return self.room
        mantissa, _, exponent = self.text.casefold().partition("e")
        whole, _, decimals = mantissa.partition(".")
        scale = 10.0 ** int(exponent) if exponent.lstrip("+-").isdigit() else 1.0
        precise = len(re.sub(r"[^0-9]", "", mantissa).strip("0")) > 2
        rough = (0.005 if precise else 0.03) * abs(self.value) if self.loose else 0.0
        if decimals:
            return max(0.5 * 10.0 ** -len(decimals) * scale, rough)
        digits = whole.lstrip("-−")
        zeros = len(digits) - len(digits.rstrip("0")) if self.value else 0
        if not (self.unit or self.loose or len(digits) > 3):
            zeros = 0
        return max(0.5 * 10.0 ** min(zeros, max(len(digits) - 2, 0)) * scale, rough)

    def could_be(self, other: Number) -> bool:
        """Whether `other`, rounded as this was and perhaps written in another unit, is this number."""
        whole = "." not in self.text and "e" not in self.text and not self.unit and not self.loose
        exact = whole and float(other.value).is_integer() and len(self.text) <= 3
        meant = self
        if whole and not self.value:  # nobody rounds to nothing without saying so
            meant = replace(self, room=0.0005)
        elif exact and self.room is None:
            meant = replace(self, room=0.0)
        return any(meant.fits(value) for value in self.readings(other))

    def readings(self, other: Number) -> Iterator[float]:
        """The values `other` has in this number's unit; a number without a unit may stand for the common ones."""
        if self.unit == "m" and measure(other.unit or other.hint) == ("core", 0.001):  # "200m" of a core
            yield other.value
        dimension, size = measure(self.unit)
        given = other.unit or other.hint
        theirs, their_size = measure(given)
        if dimension == theirs:
            yield other.value * their_size / size
        if self.unit and not given:
            yield other.value
            if dimension == "share":
                yield other.value * 100 / size
            elif dimension in ("second", "byte"):
                yield other.value / size
        elif given and not self.unit:
            yield other.value
            if theirs == "share":
                yield other.value * their_size / 100
                if other.hint == "ratio" and not other.unit:
                    yield other.value


@lru_cache(1_000)
def measure(unit: str) -> tuple[str, float]:
    """The dimension a unit belongs to and its size in that dimension's base unit."""
    low = unit.casefold()
    one = low if low in _SECONDS else low.removesuffix("s")
    if low.startswith("rate:"):
        return low, 1.0
    for dimension, sizes in _DIMENSIONS:
        size = sizes.get(low, sizes.get(one))
        if size is not None:
            return dimension, size
    return "", _MULTIPLES.get(low, 1.0)


GUESSED = ("time?", "share?")
"""Units that a name only suggests: its figures tell whether they are so."""


@lru_cache(4_000)
def unit_of_name(name: str) -> str:
    """The unit a metric's or field's name ends in, as Prometheus' naming rules and common habit have it; "" if none."""
    low = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.split("{", 1)[0]).casefold()  # "timeoutSeconds"
    low = re.sub(r"_(?:to|from|by|for)_\w+$", "", low)
    if (per := re.search(r"_per_(s|sec|second|min|minute|hour)s?$", low)) is not None:
        return f"rate:{ {'m': 'min', 'h': 'h'}.get(per.group(1)[0], 's') }"
    low = re.sub(r"_(?:total|sum|avg|mean|max|min|p\d+|bucket)$", "", low)
    if _SHARE_RATE.search(low):
        return "share?"
    if "cpu" in low and low.endswith("_m"):
        return "millicore"
    told = next((unit for endings, unit in _SUFFIXES if low.endswith(endings)), "")
    return told or ("time?" if _LATENCY.search(low) else "")


def numbers(text: str, *, evidence: bool = False) -> Iterator[Number]:
    """Every number of the text that is no part of a name; times and dates are to be blanked before."""
    return iter(_numbers(text, evidence))


@lru_cache(4_096)  # rules ask again and again of the same clause
def _numbers(text: str, evidence: bool) -> tuple[Number, ...]:
    return tuple(_read(text, evidence))


def _read(text: str, evidence: bool) -> Iterator[Number]:
    if not evidence:
        for match in STATUS.finditer(text):
            text = text[: match.start("code")] + " " * len(match.group()) + text[match.end() :]
    whole = [*stretches(text)] + ([] if evidence else [_portion(text, p) for p in portions(text)])
    for found in whole:
        yield found if evidence else _hedged(found, text)
        text = text[: found.start] + " " * len(found.text) + text[found.end :]
    for match in (_LOOSE if evidence else _NUMBER).finditer(text):
        written = match.group(1).replace("−", "-")
        if not evidence and re.fullmatch(r"-0\d{2,}", written):  # "the -0808 rollout"
            continue
        start = match.start(1)
        unit = _unit(match.group(2), match.group(3), match.group(4))
        for value in _readings_of(written):
            found = Number(float(value), value, unit, start=start, width=len(written))
            yield found if evidence else _hedged(found, text)


STATUS = re.compile(
    r"(?<![\w.:,/#-])(?:(?<=\ba )|(?<=\bHTTP )|(?<=\bstatus )|(?<=\bcode )|(?<=\bof )|(?<=\bthe )|(?<=% )|(?<=\d ))?"
    r"(?P<code>10[0-3]|20[0-8]|30[0-8]|4[0-3]\d|451|50\d|511)"
    r"(?:s\b(?!\s(?:later|after|before|earlier|long|apart))|"
    r"(?=\s(?:ratio|rate|share|repl(?:y|ies)|responses?|answers?|errors?|status)\b)|"
    r"(?:(?<=\ba \d{3})|(?<=\ban \d{3})|(?<=\bHTTP \d{3})|(?<=\bstatus \d{3}))"
    r"(?=\s*$|[.,;:)](?!\d)|\s(?:in|at|from|to|for|on|by|with|when|while|and|or|after|before|since|until|instead|rather|"
    r"because|every|each)\b))"
)
"""A code of HTTP as a name rather than a figure: "401s", "the 401 ratio"."""
_PART = r"\d+(?:\.\d+)?[\s-]?(?:days?|d|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s|ms|milliseconds?)"
_STRETCH = re.compile(rf"(?<![\w.:/#-]){_PART}(?:(?:\s|,\s|\sand\s|,\sand\s)?{_PART})+(?![\w/])")
_IN_PARTS = re.compile(r"(\d+(?:\.\d+)?)[\s-]?([a-z]+)")


def stretches(text: str) -> Iterator[Number]:
    """Stretches of time in several parts ("2 h 32 min 30 s", "3m43s"), in the unit and as exact as the last part."""
    for match in _STRETCH.finditer(text):
        parts = [(float(p.group(1)), p.group(2), p) for p in _IN_PARTS.finditer(match.group())]
        sizes = [measure(unit)[1] for _, unit, _ in parts]
        whole = all(value.is_integer() for value, _, _ in parts[:-1])
        if not whole or any(size <= after for size, after in pairwise(sizes)):
            continue
        total = sum(value * size for (value, _, _), size in zip(parts, sizes, strict=True)) / sizes[-1]
        written = match.group()[: parts[-1][2].end(1)]
        digits = parts[-1][2].group(1).partition(".")[2]
        yield Number(total, written, parts[-1][1], start=match.start(), room=0.5 * 10.0 ** -len(digits))


def _portion(text: str, found: tuple[int, int, float]) -> Number:
    start, end, share = found
    return Number(share, text[start:end], "%", start=start, room=SPOKEN * min(share, 100 - share))


SPOKEN = 0.1
"""Of a share said in words, or of what is left beside it: how far from it the value may lie."""


def _hedged(found: Number, text: str) -> Number:
    """The number with what the words beside it take from its exactness."""
    head, tail = text[: found.start], text[found.end :]
    less, more = leaning(head, tail)
    reach = REACH * abs(found.value)
    rough = is_rough(head, tail)
    room = found.room * 1.5 if rough and found.room is not None and found.unit == "%" else found.room
    return replace(found, loose=rough, below=reach if less else 0.0, above=reach if more else 0.0, room=room)


def _readings_of(written: str) -> tuple[str, ...]:
    """1,183 is a thousand and more; 41,4 is a decimal comma."""
    if "," not in written:
        return (written,)
    if re.fullmatch(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?", written):
        return (written.replace(",", ""),)
    return (written.replace(",", "."),)


def _unit(rate: str | None, base: str | None, per: str | None) -> str:
    if rate:
        return "rate:min" if re.search(r"(?:/|per)\s?min", rate) else "rate:h" if re.search(r"\sh", rate) else "rate:s"
    if base and per:
        return f"rate:{base.casefold()}{per.strip()}"
    return base or ""


_LATENCY = re.compile(r"(?:^|_)(?:latency|duration|response_time)(?:_(?:p?\d{2,3}|avg|mean|max|min))?$")
"""Stretches of time without a unit are in seconds (Prometheus' base unit) when they are written as such fractions."""
_SHARE_RATE = re.compile(
    r"(?:error|fail\w*|cancel\w*|success|hit|miss|drop\w*|timeout)s?_rate$|(?:utili[sz]ation|saturation|_usage)$"
)
"""Rates that are shares of something rather than counts in a time, when no value is above 1."""


def hinted(found: Number, hint: str) -> Number:
    """The number with the unit its surroundings give it."""
    if hint == "time?":
        hint = "s" if 0 < found.value < 1 or len(found.text.partition(".")[2]) >= len("123") else ""
    if hint == "share?":
        hint = "ratio" if 0 <= found.value <= 1 else ""
    return found if found.unit or not hint else replace(found, hint=hint)
