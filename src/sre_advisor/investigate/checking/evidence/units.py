"""The unit that evidence gives its bare figures: by a metric's suffix, in brackets, in a caption or a legend."""

from __future__ import annotations

import re
from functools import lru_cache

from sre_advisor.investigate.checking.words.quantities import GUESSED, measure, unit_of_name

_METRIC = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9]*(?:[_:][A-Za-z0-9]+)+")
_WORDS = (
    r"(?:nano|micro|milli)?seconds?|minutes|hours|percent|pct|ratios?|fractions?|(?:kilo|mega|giga|tera|kibi|mebi|gibi)?bytes|"
    r"(?:milli)?cores|msecs?|secs?|ms|µs|us|[kKMGT]i?[bB]|[kKMG]i|mcores"
)
_SIGNS = rf"%|s|m|min|h|m[bB]|g[bB]|k[bB]|{_WORDS}"
_BRACKETED = re.compile(rf"(?:(?<![a-z])|(?<=[a-z])(?!.s[\])]))[\[(]\s?(?:in\s)?({_SIGNS})\s?[\])]")
""""latency [s]", "value (ms)", but not "error(s)"."""
_FIELD = re.compile(rf"\bunits?[\"']?\s?[:=]\s?[\"']?({_SIGNS})(?![\w*])", re.IGNORECASE)
_CAPTION = re.compile(
    rf"(?:\b(?:in|are|is)\s|(?:^|[,;|·–—-]\s|\n))({_WORDS})(?=\s?(?:$|[,;:.|)\]·–—\n]|-\s|(?:per|at|over|for|by|from|of)\s))"
)
""""latency, seconds, 5 min", "all values are ms"."""
_LEGEND = re.compile(
    rf"(?<![\w*])([A-Za-z*][\w*]*[_*][\w*]*)\s?(?:in|are|is|=|:|\()\s?({_SIGNS})(?![\w*])|"
    rf"(?:^|[,;:(#]\s?)([a-z]{{3,}})(?:\s[a-z]+){{0,2}}\sin\s({_SIGNS})(?![\w*])",
    re.MULTILINE,
)
_PAIR = re.compile(r"([\w*]*[_*][\w*]*)\s?(?:/|and|,|&)\s?([\w*]*[_*][\w*]*)\sin\s(\S+?)(?=[\s,;.)]|$)")
""""latency_p99 / latency_avg in s": the one unit of two."""
_TRAILING = re.compile(rf"(?:[A-Za-z)]|p\d\d)\s({_WORDS}|s|%)$")
_COUNTED = re.compile(
    r"(?:^|[\W_])(?:count|counter|requests?|calls|errors|failures|retries|restarts|samples|replicas|pods|connections|"
    r"threads|rows|lines|total|rps|qps|status|code|line|score|id)(?:$|[\W_])",
    re.IGNORECASE,
)
"""What is counted has no unit, whatever the caption above it says of the other columns."""


def unit_in(text: str, context: str = "") -> str:
    """The unit of the only metric named in the text, else that told in it or by what stands above it."""
    told = _sure(text) or _legend(text, context)
    if told or not context:
        return told or _guess(text)
    return ("" if _counts(text) else _sure(context)) or _guess(text) or _guess(context)


def unit_of_key(key: str) -> str:
    """The unit a field's or column's name gives: its suffix or what it has in brackets."""
    trailing = _TRAILING.search(key)
    return (
        (unit_of_name(key) if _METRIC.fullmatch(key) else "")
        or _bracketed(key)
        or (trailing.group(1) if trailing else "")
    )


@lru_cache(4_000)
def _sure(text: str) -> str:
    named = {unit for name in _METRIC.findall(text) if (unit := unit_of_name(name)) and unit not in GUESSED}
    told = named or {m.group(1) for m in _FIELD.finditer(text)} or {m.group(1) for m in _BRACKETED.finditer(text)}
    told = told or {m.group(1) for m in _CAPTION.finditer(text)}
    told = {u for u in told if u.startswith("rate:") or measure(u)[0]}
    return told.pop() if len(told) == 1 else ""


@lru_cache(4_000)
def _guess(text: str) -> str:
    units = {unit for name in _METRIC.findall(text) if (unit := unit_of_name(name)) in GUESSED}
    return units.pop() if len(units) == 1 else ""


_BEFORE = re.compile(r"([A-Za-z]\w*)[\"']?[=:]\s?[\"']?$")
_CALLS = tuple(
    (re.compile(rf"(?:{call})\s?\(\s?$"), unit)
    for call, unit in (
        (r"\bThread\.sleep|\bofMillis|\bmilliseconds?", "ms"),
        (r"(?<![\w.])(?:time|asyncio|gevent|trio|anyio)\.sleep|\bSECONDS\.sleep|\bofSeconds|\bfrom_secs(?:_f64)?", "s"),
        (r"\bofMinutes|\bMINUTES\.sleep", "min"),
        (r"\bfrom_millis|\bMILLISECONDS\.sleep", "ms"),
        (r"\busleep", "us"),
    )
)
"""Calls by the unit of their argument, as their libraries define it."""


_SHARE = re.compile(r"\b(?:ratio|fraction|share)\s(?:(?:of|is|was|at)\s)?$", re.IGNORECASE)
_SPELT = frozenset(("seconds", "milliseconds", "microseconds", "minutes", "hours", "days", "percent", "ratio", "bytes"))


def unit_before(head: str) -> str:
    """The unit of what stands right behind these words: a field's value or a call's argument."""
    match = _BEFORE.search(head)
    if match:
        key = match.group(1)
        return unit_of_name(key) or (key if key.casefold() in _SPELT else "")
    if _SHARE.search(head):
        return "share?"
    return next((unit for call, unit in _CALLS if call.search(head)), "") if head.endswith("(") else ""


def _bracketed(text: str) -> str:
    units = {m.group(1) for m in _BRACKETED.finditer(text)}
    return units.pop() if len(units) == 1 else ""


@lru_cache(4_000)
def _legend(text: str, context: str) -> str:
    """What a legend above gives for the metric named here ("# latency_* in seconds, availability_* in percent")."""
    context = _PAIR.sub(r"\1 in \3, \2 in \3", context)
    found = _LEGEND.findall(context) if " in " in context or "_" in context or "*" in context else []
    entries = [(a or rf"*{b.removesuffix('s')}*", unit or other) for a, unit, b, other in found]
    patterns = {p for p, _ in entries}
    names = _METRIC.findall(text) or [n for n in _METRIC.findall(context) if n not in patterns] if entries else []
    units = {
        unit
        for pattern, unit in entries
        for name in names
        if re.fullmatch(re.escape(pattern).replace(r"\*", r"\w*"), name)
    }
    low = text.casefold()
    units = units or {unit for _, _, word, unit in found if word and word.removesuffix("s") in low}
    return units.pop() if len(units) == 1 else ""


def _counts(text: str) -> bool:
    """Whether every name of a metric or key of a line is one of what is counted."""
    return _COUNTED.search(text) is not None
