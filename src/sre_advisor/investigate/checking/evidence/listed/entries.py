"""What a record says field by field, whatever tool printed it: cells, keys with values, or the places of a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sre_advisor.investigate.checking.evidence.row import Row

RECORD_KEYS = frozenset(
    ("alertname", "alert", "severity", "threshold", "state", "status", "author", "by", "user", "owner", "commit", "sha",
     "version", "revision", "flag", "id", "reason", "type", "level", "kind", "lastmodifieduser", "actor", "message",
     "callee", "caller", "protocol", "old", "new")
)  # fmt: skip
"""Fields that a list of what happened or is set has, and no reading of a metric."""
_LINE = re.compile(r"^[\s*•-]*([A-Za-z][\w .()/-]{0,40}?):(?: +(.*\S))?\s*$")
_LOGFMT = re.compile(r"(?:^|\s)([A-Za-z][\w.-]*)=(?:\"([^\"]*)\"|(\S+))")
_NAMED = re.compile(r"(?<![\w.])([a-z]{4,})[ :=]{1,2}(?=(\d[\d.]*\d|\d)\b)")
_TURNED = re.compile(r"(?:\bfrom )?(\S+?) (?:->|→|=>|to|became) (\S+?)[,;.)]*(?:\s|$)")
_WORD = re.compile(r"(?<![\w.])[A-Za-z][\w.-]{2,}")
LONGEST = 400
"""Characters of a line above which it is a text of its own."""
FEWEST_WORDS = 4
"""Words of a line below which it is a reading."""
_LEAST = 3
"""Fields that a line of keys and values has at least."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A record: what its fields hold, casefolded, by their names or places; `group` is that of records like it."""

    row: Row
    fields: Mapping[str, str]
    group: str

    @property
    def text(self) -> str:
        """Everything that it says, in lower case."""
        return self.row.full.casefold()


def entries(rows: Sequence[Row]) -> list[Entry]:
    """The records among the rows, those that stand alone left out."""
    found = [e for r in rows if not r.whole and (e := _entry(r)) is not None]
    alone = {g for g in (e.group for e in found) if sum(e.group == g for e in found) < 2}
    return [e for e in found if e.group not in alone]


def _entry(row: Row) -> Entry | None:
    lines = [_LINE.match(line) for line in row.text.split("\n")]
    if len(lines) > 1 and all(lines):
        own = [(m.group(1), m.group(2) or "") for m in lines if m]
        above = [(m.group(1), m.group(2) or "") for line in row.context.split("\n") if (m := _LINE.match(line))]
        fields = _fields([*above, *own])
        return None if row.series and not RECORD_KEYS & set(fields) else Entry(row, fields, _group(own))
    if "\n" in row.text:
        return None
    pairs = [(m.group(1), m.group(2) or m.group(3)) for m in _LOGFMT.finditer(row.text)]
    if len(pairs) >= _LEAST:
        return Entry(row, _fields(pairs), _group(pairs))
    if not row.times or len(row.text) > LONGEST or len(_WORD.findall(row.text)) < FEWEST_WORDS:
        return None
    return Entry(row, _fields([*_places(row.text)]), row.context or "lines")


def _group(pairs: Sequence[tuple[str, str]]) -> str:
    """What records of one list share: the fields they begin with, as later ones may be left out of some."""
    return "|".join(k for k, _ in pairs[:_LEAST])


def _fields(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    return {k.rsplit(".", 1)[-1].strip().casefold(): v.strip("\"' ").casefold() for k, v in pairs}


def _places(line: str) -> Iterator[tuple[str, str]]:
    """The words of a line by their place from its start and from its end, and what it names."""
    words = [w.strip("[](){}<>,;:\"'`|*") for w in line.split()]
    words = [w for w in words if w and w not in ("-", "->", "→", "=>")]
    yield from ((f"L{i}", w) for i, w in enumerate(words[:8]))
    yield from ((f"R{i}", w) for i, w in enumerate(reversed(words[-4:])))
    yield from ((m.group(1), m.group(2)) for m in _NAMED.finditer(line))
    turned = _TURNED.search(line)
    if turned and re.search(r"\d|^(?:on|off|true|false)$", turned.group(2)):
        yield "old", turned.group(1)
        yield "new", turned.group(2)
