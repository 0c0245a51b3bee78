"""The evidence a claim cites, taken apart once and looked up from every side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pydantic import JsonValue

from sre_advisor.investigate.checking.evidence import heads
from sre_advisor.investigate.checking.evidence.decoding import decoded
from sre_advisor.investigate.checking.evidence.directions import row_pairs, series_of
from sre_advisor.investigate.checking.evidence.graph import Edge, edges
from sre_advisor.investigate.checking.evidence.names import bare, is_metric, mentions, present, universe
from sre_advisor.investigate.checking.evidence.records import records
from sre_advisor.investigate.checking.evidence.row import Row, Source
from sre_advisor.investigate.checking.evidence.rows import rows_of, strings_of
from sre_advisor.investigate.checking.words.clock import DAY, Moment, dates
from sre_advisor.investigate.checking.words.lexicon import is_ordinary
from sre_advisor.investigate.checking.words.quantities import Number

_WINDOW = re.compile(
    r"\bbetween\b|window|period|looked|\brange\b|\bfrom\s\d.*\bto\b|\b(?:until|till|up to)\b|in the (?:last|hour)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Shelf:
    """The pieces one claim cites; `services` are names known from elsewhere, `claim` the sentence itself."""

    claim: str
    sources: tuple[Source, ...]
    services: frozenset[str]
    parsed: dict[str, list[Row]]
    """Rows by id of evidence, kept between claims of one diagnosis."""

    @cached_property
    def told(self) -> dict[int, frozenset[str]]:
        """Services by row, as they are asked for."""
        return {}

    @cached_property
    def worked_out(self) -> dict[str, object]:
        """What is worked out of all of it once, and asked for by several checks."""
        return {}

    @cached_property
    def rows(self) -> list[Row]:
        """Every row of every piece."""
        found: list[Row] = []
        for source in self.sources:
            if source.id not in self.parsed:
                self.parsed[source.id] = rows_of(source)
            found += self.parsed[source.id]
        days = {m.date for r in found for m in r.times if m.date is not None}
        return [_dated(r, next(iter(days))) for r in found] if len(days) == 1 else found

    @cached_property
    def texts(self) -> list[str]:
        """Every text as it reads once decoded."""
        return [text for source in self.sources for text in strings_of(source)] + [r.full for r in self.rows]

    @cached_property
    def records(self) -> list[str]:
        """What nested JSON tells of one thing, without case."""
        bodies = [value for s in self.sources for value in (s.body, decoded(s.text)) if value is not None]
        return [text.casefold() for body in bodies for text in records(body)]

    @cached_property
    def calls(self) -> frozenset[Edge]:
        """Every call that the evidence draws: caller and callee."""
        return frozenset(edges(self.sources))

    @cached_property
    def haystack(self) -> str:
        """Everything in one, without case."""
        return "\n".join([*(s.label for s in self.sources), *self.texts]).casefold()

    @cached_property
    def pieces(self) -> list[str]:
        """Each piece of evidence as a whole, without case."""
        return [p for s in self.sources for p in (s.text.casefold(), *re.split(r"\n\s*\n", s.text.casefold()))]

    @cached_property
    def squeezed(self) -> str:
        """The haystack without joints."""
        return re.sub(r"[\s_.:/'’-]+", "", self.haystack)

    @cached_property
    def metrics(self) -> frozenset[str]:
        """Every metric the evidence names."""
        return frozenset(metric for row in self.rows for metric in self.metrics_of(row))

    @cached_property
    def paired(self) -> bool:
        """Whether the evidence gives figures before and after, or readings of one thing in a row."""
        return any(True for _ in row_pairs(self.rows)) or bool(series_of(self.rows))

    @cached_property
    def names(self) -> frozenset[str]:
        """Names of services that can be told apart here."""
        return universe(self.claim, self.rows, self.services) | self.heading

    @cached_property
    def tagged(self) -> frozenset[str]:
        """Names that the evidence itself gives as those of services, in their bare form."""
        told = (n for row in self.rows for n in row.names)
        services = [n for n in self.names if n.endswith("service")]
        services += heads.subjects(self.claim) & {w for s in self.sources for w in heads.subjects(s.text)}
        return frozenset(bare(n) for n in (*self.services, *told, *self.heading, *services))

    @cached_property
    def heading(self) -> frozenset[str]:
        """Names that head readings of the evidence, and words of the claim that do, casefolded."""
        found = {n.casefold() for n in heads.owners(self.rows)}
        said = {w.casefold() for w in re.findall(r"[A-Za-z][\w-]{3,}", self.claim)}
        said = {w for w in said if "_" not in w and not heads.is_generic(w) and not is_metric(w)}
        found |= {w for w in said if not is_ordinary(w) and any(heads.headed_by(w, r) for r in self.rows[:400])}
        tagged = said if any(row.names for row in self.rows) else frozenset[str]()
        for _, names in heads.siblings(self.rows[:400]):
            low = {n.casefold() for n in names}
            found |= low if len(low) > 1 and low & (said | found) else low & said - tagged
        return frozenset(found | {n.casefold() for n in heads.listed(self.rows[:400])})

    @cached_property
    def times(self) -> list[Moment]:
        """Every time of the evidence."""
        return [m for r in self.rows for m in r.times if not r.whole or self.of_window]

    @cached_property
    def dates(self) -> frozenset[int]:
        """Every date of the evidence, as epochs."""
        return dates(self.haystack.upper()) | {m.date - m.date % DAY for m in self.times if m.date}

    def sizes(self) -> set[int]:
        """How many items each list of the evidence has, and how many rows."""
        found = {len([r for r in self.rows if not r.whole])}
        for source in self.sources:
            for value in (source.body, decoded(source.text)):
                found |= set(_sizes(value))
        return found

    def mentions_of(self, services: frozenset[str]) -> set[int]:
        """How many rows tell of each of the services, and how many begin with it."""
        about = [[r for r in self.rows if not r.whole and s in self.services_of(r)] for s in services]
        both = zip(services, about, strict=True)
        first = [[r for r in rows if s in self.services_in(r.text.split(" ", 1)[0])] for s, rows in both]
        return {len(some) for some in (*about, *first)}

    def kinds(self, noun: str) -> set[int]:
        """How many rows are of the kind that the words begin with ("deploys of …"), as a set of one or none."""
        match = re.match(r"\s*(?:\w+\s)?([a-z]{4,}?)(?:es|s)\b", noun, re.IGNORECASE)
        stem = re.escape(match.group(1)) if match else None
        alike = [r for r in self.rows if not r.whole and stem and re.search(rf"\b{stem}", r.text, re.IGNORECASE)]
        timed = [r for r in alike if r.times]
        return {len(timed or alike)} if len(timed or alike) > 1 else set()

    def holds(self, token: str) -> bool:
        """Whether a made-up word stands in the evidence: whole, as the start of a SHA, or jointed otherwise."""
        low = token.casefold()
        if re.fullmatch(r"[0-9a-f]{7,40}", low):
            shas: list[str] = re.findall(r"[0-9a-f]{7,40}", self.haystack)
            return any(s.startswith(low) or low.startswith(s) for s in shas)
        if low in self.haystack and re.search(rf"(?<![\w]){re.escape(low)}(?![\w])", self.haystack):
            return True
        initials = "".join(c for c in token if c.isupper()).casefold()  # FoundationDB is fdb_… in its metrics
        parts = {low} | ({initials} if token.isalpha() and 2 < len(initials) < len(low) else set())
        if any(re.search(rf"(?<![^\W_]){re.escape(p)}(?![^\W_])", self.haystack) for p in parts):
            return True
        stem = low.split("{", 1)[0]
        if re.search(r"[_/:.{-]", low) or not low.isalnum():
            squeezed = re.sub(r"[\s_.:/'’-]+", "", stem)
            return len(squeezed) > 5 and squeezed in self.squeezed and not re.search(r"\d", stem)
        inside = low.endswith("service") and re.search(rf"(?<![a-z0-9]){low}(?![a-z0-9])", self.haystack) is not None
        return inside or (low.endswith("service") and bare(low) in self.words)

    def holds_digits(self, digits: str) -> bool:
        """Whether the digits of something named by number stand in the evidence, perhaps as a part of its name."""
        return re.search(rf"(?<!\d){digits}(?!\d)", self.haystack) is not None

    @cached_property
    def words(self) -> frozenset[str]:
        """Words of the evidence as names are compared."""
        return frozenset(bare(w) for w in re.findall(r"[\w.:/-]+", self.haystack))

    def knows(self, word: str) -> bool:
        """Whether a plain word, or its stem, stands in the evidence."""
        low = word.casefold()
        stem = low[:-1] if low.endswith("s") and len(low) > 4 else low
        alike = len(stem) > 7 and stem[:6] in self.squeezed  # "the catalogue" is productcatalogservice
        return alike or stem in self.haystack or stem in self.squeezed

    def services_in(self, text: str) -> frozenset[str]:
        """Services named in a text."""
        return present(self.names, text)

    def mentioned(self, text: str) -> list[tuple[int, int, str]]:
        """(start, end, service) of every service named in a text, in order."""
        known = {bare(n) for n in self.names}
        found = ((m, bare(m.group().strip(".:/-"))) for m in re.finditer(r"[\w.:/-]+", text))
        whole = [(m.start(), m.end(), name) for m, name in found if name in known]
        parts = ((m, bare(m.group())) for m in re.finditer(r"[\w-]+", text))
        inside = [(m.start(), m.end(), name) for m, name in parts if name in known]
        return sorted({*whole, *(p for p in inside if not any(w[0] <= p[0] < w[1] for w in whole))})

    def services_of(self, row: Row) -> frozenset[str]:
        """Services a row is about: those its own words name, else those it inherits."""
        key = id(row)
        if key not in self.told:
            self.told[key] = self._services_of(row)
        return self.told[key]

    def _services_of(self, row: Row) -> frozenset[str]:
        if row.names:  # told outright; a word of its message that looks like a service's short name is none then
            low = row.full.casefold()
            named = (n for n in self.names if mentions(low.replace("_", " "), n.replace("_", " ")))
            return frozenset(bare(n) for n in (*row.names, *named))
        return self.services_in(row.text) or self.services_in(row.context)

    def owners_of(self, row: Row) -> frozenset[str]:
        """Services a row is tagged with, else those that head it, else those it is about."""
        if row.names:
            return frozenset(bare(n) for n in row.names)
        headed = frozenset(bare(n) for n in self.heading if heads.headed_by(n, row, joined=True))
        return headed or self.services_of(row)

    def metrics_of(self, row: Row) -> frozenset[str]:
        """Metrics a row names."""
        return metrics_in(row.full)

    def with_number(self, *readings: Number) -> list[Row]:
        """Rows that hold a figure."""
        return [r for r in self.rows if any(n.could_be(h) for n in readings for h in r.numbers)]

    def with_time(self, moment: Moment) -> list[Row]:
        """Rows that hold a time."""
        return [r for r in self.rows if any(moment.is_at(t) for t in r.times) and (not r.whole or self.of_window)]

    @cached_property
    def of_window(self) -> bool:
        """Whether the claim may speak of the stretch of time that was looked at, rather than of what happened in it."""
        return _WINDOW.search(self.claim) is not None


def _dated(row: Row, day: int) -> Row:
    """The row with its times on the only day that the evidence names."""
    if all(m.date is not None for m in row.times):
        return row
    return replace(row, times=tuple(m if m.date is not None else replace(m, date=day) for m in row.times))


def metrics_in(text: str) -> frozenset[str]:
    """Names of metrics in a text, without labels and case."""
    found = re.findall(r"[A-Za-z][\w:.]*_[\w:]+", text)
    return frozenset(t.casefold() for t in found if is_metric(t))


def unknown_words(words: Sequence[str], shelf: Shelf) -> list[str]:
    """Those that stand nowhere in the evidence and are no everyday English."""
    return [w for w in words if not is_ordinary(w) and not shelf.knows(w)]


def _sizes(value: JsonValue) -> Iterator[int]:
    if isinstance(value, list):
        yield len(value)
        for item in value:
            yield from _sizes(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _sizes(item)
