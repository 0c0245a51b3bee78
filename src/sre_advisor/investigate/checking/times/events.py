"""What the evidence tells to have happened, and when: a course of readings, a line and its repeats, a single change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import cast

from sre_advisor.investigate.checking.evidence.directions import sample, series_of
from sre_advisor.investigate.checking.evidence.names import bare, identifiers, is_metric
from sre_advisor.investigate.checking.evidence.row import Row
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.times.actors import actors, named
from sre_advisor.investigate.checking.words.clock import Moment, blanked
from sre_advisor.investigate.checking.words.quantities import Number, numbers

_KINDS = {
    "error": r"error|fail|[45]xx|\b[45]\d\ds?\b|availab|exception|panic|crash|broke|reject|abort|"
    r"refus|denied|complain|trouble|unhealthy",
    "latency": r"latenc|slow|duration|time[ds]? ?out|(?<![a-z0-9])p(?:50|75|90|95|99)|deadline|median",
    "deploy": r"deploy|roll(?:ed)?[ -]?out|releas|shipped|version|publish|\blive\b",
    "back": r"roll(?:ed|ing)?[ -]?back|revert",
    "commit": r"commit|merge|(?<![a-z])author",
    "flag": r"\bflag|toggle|switched o|turned o|enabled|disabled",
    "config": r"config|setting|parameter|configmap|appl(?:y|ied)|attach|trim|\blimits?\b",
    "migration": r"migrat",
    "restart": r"restart|oom|kill",
    "alert": r"alert|\bfir(?:ed|ing|es)\b|\bpaged?\b|alarm|slo\b|startsat|fingerprint|warning was",
    "cpu": r"cpu",
    "memory": r"memor|heap|\brss",
    "queue": r"queue|backlog|lag\b",
    "traffic": r"traffic|requests?\b|uptime|throughput|bytes|workload|_ops\b|\bops\b|\b[rq]ps\b",
    "pool": r"\bpool|\bconn",
    "saturation": r"saturat|exhaust",
    "log": r"\blog",
}
_COMPILED = {kind: re.compile(words, re.IGNORECASE) for kind, words in _KINDS.items()}
ACTS = frozenset(("deploy", "back", "commit", "flag", "config", "migration", "alert"))
"""Kinds that happen at one moment and are no symptom."""
_LEVEL = re.compile(r"\b(?:ERROR|WARN(?:ING)?|INFO|DEBUG|FATAL|CRIT(?:ICAL)?|Warning|error|warn|info)\b")
_KEYS = re.compile(r"^[-*•]?[\w .()]+:\s", re.MULTILINE)
_MESSAGE = re.compile(r"^[-*•]?\s*(?:msg|message|line|log|text|body|level)\s?:\s", re.MULTILINE | re.IGNORECASE)
"""A field of a record that holds what was logged."""
_ENDS_IN_FIGURE = re.compile(r"\s-?\d[\d.,]*\s?(?:%|[a-zA-Zµ]{1,3})?\s*$")
_BEGAN = re.compile(r"(?:starts?_?at|started_?at|created_?at|active_?at|since|started|first)\W{1,4}$", re.IGNORECASE)
_ENDED = re.compile(
    r"(?:ends?_?at|ended_?at|resolved_?at|cleared|closed_?at|finished_?at|completed_?at|resolved|ended)\W{1,4}$",
    re.IGNORECASE,
)
_CHANGED = re.compile(r"\d\S*\s*(?:->|→|=>)\s*\S+\s(?:at|@)\s\d")
_READING = re.compile(r"(-?\d[\d.,]*(?:\s?(?:%|[a-zA-Zµ]{1,3}(?:/s)?))?)\s(?:at|@)\s$")
_PIECE = re.compile(r"(?<=[.;,])\s+")
_LINES = re.compile(r"\n")
_HEADING = re.compile(r"\b(?:by|per) \w+ (?:since|from)\b|\b(?:between|window|range|as of|oldest)\b", re.IGNORECASE)
_AS_OF = re.compile(r"^\W*(?:(?:active|firing|open|current|pending|all|no)\s)?\w+s\s(?:at|as of|on)\s$", re.IGNORECASE)
"""Words before the time at which a list was read: "active alerts at 12:00"."""
_COMMITTED = re.compile(r"^\W*(?:(?:commit|sha)[\s:=]+)?(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])(?P<sha>[0-9a-f]{7,40})\b")
"""The head of a commit's own line."""
MINUTE = 59


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of a course: when, how much later it may be (a time to the minute), what."""

    at: int
    room: int
    value: Number


@dataclass(frozen=True, slots=True)
class Event:
    """`text` in lower case; `at` when it was first told, `last` when last, `room` how much later `at` may be."""

    text: str
    names: frozenset[str]
    owner: str
    at: int
    last: int
    room: int = 0
    course: tuple[Reading, ...] = ()
    place: int = 0
    """Where in the evidence it stands."""
    repeats: bool = False
    """A line of a log, which may be told again and again."""
    again: tuple[int, ...] = ()
    """When it was told after the first time."""

    ends: bool = False
    """Whether it is the end of what its line tells."""
    piece: str = ""
    """What the piece of evidence that tells it calls itself: "deploys"."""
    carries: str = ""
    """What the commit tells that it rolled out, in lower case."""

    @property
    def tells(self) -> str:
        """Its words and those of the commit that it rolled out."""
        return f"{self.text} {self.carries}" if self.carries else self.text

    @property
    def kinds(self) -> frozenset[str]:
        """The sorts of event it is: those its words tell, else that of the list it stands in."""
        own = kinds(self.text)
        own = own | {"commit"} if _COMMITTED.match(self.text) else own
        return own if own & ACTS or self.course or self.repeats else own | (kinds(self.piece) & ACTS)


@lru_cache(10_000)
def kinds(text: str) -> frozenset[str]:
    """The sorts of event a text speaks of."""
    return frozenset(kind for kind, words in _COMPILED.items() if words.search(text))


def events(shelf: Shelf) -> list[Event]:
    """Everything that the evidence gives a time for."""
    if "events" not in shelf.worked_out:
        shelf.worked_out["events"] = _events(shelf, actors(shelf))
    return cast("list[Event]", shelf.worked_out["events"])


def _events(shelf: Shelf, known: frozenset[str]) -> list[Event]:
    timed = [(i, r) for i, r in enumerate(shelf.rows) if r.times and not r.whole]
    courses = [s for s in series_of(r for _, r in timed) if not is_line(s[0])]
    inside = {id(r) for s in courses for r in s}
    found = [_course(s, known) for s in courses]
    lines: dict[str, Event] = {}
    pieces = [s.label for s in shelf.sources for _ in shelf.parsed.get(s.id, ())]
    for i, row in timed:
        if id(row) in inside or _is_heading(row, known):
            continue
        for event in (replace(e, piece=pieces[i]) for e in _of_row(row, i, known)):
            key = f"{event.owner} {re.sub(r'[0-9]+', '#', event.text)}" if event.repeats else f"{i} {event.at}"
            first = lines.get(key)
            lines[key] = event if first is None else _both(first, event)
    return [*found, *_carrying(list(lines.values()))]


def _carrying(found: Sequence[Event]) -> list[Event]:
    """The events, each deploy with what the commit tells that it names and that stands elsewhere."""
    commits = {m.group("sha"): e.text for e in found if (m := _COMMITTED.match(e.text))}
    carried = [" ".join(t for sha, t in commits.items() if sha in e.text and t != e.text) for e in found]
    both = zip(found, carried, strict=True)
    return [replace(e, carries=c) if c and "commit" not in e.kinds else e for e, c in both]


def _both(one: Event, other: Event) -> Event:
    early = one if one.at <= other.at else other
    return Event(early.text, early.names, early.owner, early.at, max(one.last, other.last), early.room,
                 place=early.place, repeats=True, again=(*one.again, *other.again, max(one.at, other.at)))  # fmt: skip


def is_line(row: Row) -> bool:
    """Whether a row is a line of a log rather than a reading of a metric."""
    own = _KEYS.sub("", row.text)
    lines = row.text.split("\n")
    if len(lines) > 1 and all(_KEYS.match(line) for line in lines):
        return _MESSAGE.search(row.text) is not None
    if _LEVEL.search(own):
        return True
    read_off = _ENDS_IN_FIGURE.search(own) is not None and len(row.numbers) == 1
    return not read_off and len(re.findall(r"(?<![\w.=])[a-z]{3,}(?![\w.=])", own)) >= 4


def _is_heading(row: Row, known: frozenset[str]) -> bool:
    """Whether a row only says of when it tells: "Errors by service since 14:00."."""
    heads = _HEADING.search(row.text) or (len(row.times) == 1 and _AS_OF.search(row.text[: row.times[0].start]))
    made = [i for i in identifiers(row.text) if not is_metric(i)]
    return bool(heads) and not named(row.full, known) and not made


def _course(rows: Sequence[Row], known: frozenset[str]) -> Event:
    readings = tuple(Reading(r.times[0].epoch, 0 if r.times[0].exact else MINUTE, sample(r)) for r in rows)
    text = f"{rows[0].series} {rows[0].context} {rows[0].text}"
    label = rows[0].series or text
    names = named(label, known) or named(text, known)
    names += [bare(n) for n in rows[0].names]
    owner = bare(next(iter(rows[0].names))) if len(rows[0].names) == 1 else names[0] if names else ""
    return Event(label.casefold(), frozenset(names), owner, readings[0].at, readings[-1].at, course=readings)


def _of_row(row: Row, place: int, known: frozenset[str]) -> Iterator[Event]:
    text = row.full
    names = named(text, known)
    owner = bare(next(iter(row.names))) if len(row.names) == 1 else names[0] if names else ""

    def event(words: str, times: Sequence[tuple[int, bool]], course: tuple[Reading, ...] = ()) -> Event:
        first = min(times)
        return Event(words.casefold(), frozenset([*named(words, known), *([owner] if owner else [])]), owner, first[0],
                     max(times)[0], 0 if first[1] else MINUTE, course, place, is_line(row),
                     tuple(t for t, _ in times[1:]))  # fmt: skip

    began = [t for t in row.times if _BEGAN.search(row.text[: t.start])]
    readings = _readings(row)
    pieces = _pieces(row)
    if len(readings) > 1:
        yield event(text, [(r.at, r.room == 0) for r in readings], readings)
    elif len(began) == 1 or len(row.times) == 1:
        yield event(text, [(t.epoch, t.exact) for t in began or row.times][:1])
        for end in (t for t in row.times if _ENDED.search(row.text[: t.start]) and len(row.times) > 1):
            yield replace(event(text, [(end.epoch, end.exact)]), ends=True)
    elif len(pieces) > 1:
        head = re.split(r"[:,;]\s", row.text, maxsplit=1)[0]
        for words, times in pieces:
            yield event(f"{head} {words}", [(t.epoch, t.exact) for t in times])
    else:
        yield event(text, [(t.epoch, t.exact) for t in row.times])


def _readings(row: Row) -> tuple[Reading, ...]:
    """A course told in words: "24 % at 13:12, 83 % at 13:35"."""
    found: list[Reading] = []
    for time in () if _CHANGED.search(row.text) else row.times:
        match = _READING.search(row.text[: time.start])
        value = next(numbers(blanked(match.group(1))), None) if match else None
        if value is not None:
            found.append(Reading(time.epoch, 0 if time.exact else MINUTE, value))
    return tuple(sorted(found, key=lambda r: r.at)) if len(found) == len(row.times) else ()


def _pieces(row: Row) -> list[tuple[str, list[Moment]]]:
    found: list[tuple[str, list[Moment]]] = []
    start = 0
    lines = row.text.split("\n")
    prose = len(lines) > 1 and not all(_KEYS.match(line) for line in lines)
    for match in [*(_LINES if prose else _PIECE).finditer(row.text), None]:
        end = match.start() if match else len(row.text)
        times = [t for t in row.times if start <= t.start < end]
        if times:
            found.append((row.text[start:end], times))
        start = match.end() if match else end
    return found
