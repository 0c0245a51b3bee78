"""The smallest piece of evidence in which a figure, a time and a name belong together."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pydantic import JsonValue

from sre_advisor.investigate.checking.words.clock import Moment, blanked, moments
from sre_advisor.investigate.checking.words.lexicon import is_ordinary
from sre_advisor.investigate.checking.words.quantities import Number, hinted, measure, numbers, unit_of_name

NAME_KEYS = frozenset(
    ("service", "service_name", "svc", "app", "job", "component", "deployment", "workload", "pod", "container", "host",
     "caller", "callee", "peer", "upstream", "downstream", "namespace", "node", "database", "db", "repository")
)  # fmt: skip
_UNITLESS = frozenset(
    ("count", "samples", "score", "status", "code", "line", "lines", "replicas", "moved_sigmas", "id")
)
_KEY = re.compile(r"([A-Za-z]\w*)[\"']?[=:]\s?[\"']?$")
_BRACKETED = re.compile(
    r"[\[(]\s?(?:in\s)?(%|µs|us|ms|s|seconds|milliseconds|ratio|percent|bytes|[kKMG]i?B|cores)\s?[\])]"
)
"""A unit that a heading gives in brackets."""
_METRIC = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[_:][A-Za-z0-9]+)+")

_CPU = re.compile(r"cpu|core", re.IGNORECASE)
_MILLI = re.compile(r"(?<![\w.])(\d+)m\b")
_CODE_UNIT = re.compile(r"\s?\*\s?time\.(Millisecond|Second|Minute|Hour)\b")


@dataclass(frozen=True, slots=True)
class Source:
    """One piece of evidence: its text, or its decoded body; `window` is the stretch of time it was read for."""

    id: str
    text: str
    body: JsonValue = None
    label: str = ""
    window: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """`text` is its own, `context` what it inherits from what it is a part of; `names` of services tag it."""

    text: str
    context: str = ""
    numbers: tuple[Number, ...] = ()
    times: tuple[Moment, ...] = ()
    names: frozenset[str] = frozenset()
    series: str = ""
    whole: bool = False
    """A summary of all the evidence rather than a piece of it."""

    @property
    def full(self) -> str:
        """Its own words and those it inherits."""
        return f"{self.text} {self.context}" if self.context else self.text


def is_name(word: str) -> bool:
    """Whether a word may name a service: it is no everyday English and no metric."""
    if re.fullmatch(r"(?:node|host|worker|ip|vm|i)-?\d[\w.-]*", word, re.IGNORECASE):
        return False
    parts = re.split(r"[_\s]", word)
    if word.casefold() == "reading":
        return False
    if re.fullmatch(r"v?\d[\w.-]*|(?=\w*\d)[0-9a-f]{7,40}", word):  # a version or a commit
        return False
    return " " not in word and not is_ordinary(word) and not unit_of_name(word) and not all(map(is_ordinary, parts))


def unit_in(text: str) -> str:
    """The unit of the only metric named in the text."""
    units = {unit for name in _METRIC.findall(text) if (unit := unit_of_name(name))}
    units = units or {m.group(1) for m in _BRACKETED.finditer(text) if measure(m.group(1))[0]}
    return units.pop() if len(units) == 1 else ""


def _key_unit(line: str, start: int) -> str:
    """The unit of the field whose value begins there ("elapsed_ms=341")."""
    match = _KEY.search(line[:start])
    return unit_of_name(match.group(1)) if match else ""


def row_from(
    text: str,
    context: str = "",
    names: frozenset[str] = frozenset(),
    *,
    unit: str = "",
    series: str = "",
    whole: bool = False,
) -> Row:
    """A row with what its text holds; `unit` is that of figures which have none of their own."""
    times = tuple(moments(text, unix=True))
    held: list[Number] = []
    offset = 0
    for line in text.split("\n"):
        # Ten digits may be a time or a size: they count as both.
        bare = _CODE_UNIT.sub(lambda m: f" {m.group(1).lower()}".ljust(len(m.group())), blanked(line))
        key = line.partition(":")[0].rsplit(".", 1)[-1].strip()
        own = unit_of_name(key) if _METRIC.fullmatch(key) else ""
        if _CPU.search(key):
            bare = _MILLI.sub(r"\1 millicores", bare)
        hint = "" if key in _UNITLESS else own or unit
        found = (replace(n, start=n.start + offset) for n in numbers(bare, evidence=True))
        held += [hinted(n, _key_unit(line, n.start - offset) or hint) for n in found]
        offset += len(line) + 1
    return Row(text, context, tuple(held), times, names, series, whole)
