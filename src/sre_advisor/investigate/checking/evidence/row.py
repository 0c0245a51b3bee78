"""The smallest piece of evidence in which a figure, a time and a name belong together."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pydantic import JsonValue

from sre_advisor.investigate.checking.evidence.units import unit_before, unit_of_key
from sre_advisor.investigate.checking.words.clock import Moment, blanked, moments
from sre_advisor.investigate.checking.words.lexicon import is_ordinary
from sre_advisor.investigate.checking.words.quantities import GUESSED, Number, hinted, numbers, unit_of_name

NAME_KEYS = frozenset(
    ("service", "service_name", "svc", "app", "job", "component", "deployment", "workload", "pod", "container", "host",
     "caller", "callee", "peer", "upstream", "downstream", "namespace", "node", "database", "db", "repository")
)  # fmt: skip
_UNITLESS = frozenset(
    ("count", "samples", "score", "status", "code", "line", "lines", "replicas", "moved_sigmas", "id")
)
_RANGE = re.compile(r"(?<=\d)\.\.(?=\d)")
"""What stands between the ends of a range: "378.6..423.8"."""
_ID = re.compile(r"(?<![\w.-])[A-Za-z]{1,4}-\d{1,4}(?![\w.-])")
"""What a list calls its entries: "d-3" holds no figure."""
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
        own = unit_of_key(key)
        bare = _ID.sub(lambda m: " " * len(m.group()), bare)
        bare = _RANGE.sub(lambda m: " " * len(m.group()), bare)
        if _CPU.search(key):
            bare = _MILLI.sub(r"\1 millicores", bare)
        hint = "" if key in _UNITLESS else unit or own if own in GUESSED else own or unit
        found = (replace(n, start=n.start + offset) for n in numbers(bare, evidence=True))
        told = ((n, unit_before(line[: n.start - offset])) for n in found)
        held += [hinted(n, (hint or unit) if unit in GUESSED else unit or hint) for n, unit in told]
        offset += len(line) + 1
    return Row(text, context, tuple(held), times, names, series, whole)
