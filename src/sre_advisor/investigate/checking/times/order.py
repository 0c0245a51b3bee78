"""What a claim says came first, held against the times and the words of the evidence: a cause precedes its effect."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from sre_advisor.investigate.checking.evidence.names import identifiers
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.times.actors import actors, named
from sre_advisor.investigate.checking.times.cut_short import cut_short
from sre_advisor.investigate.checking.times.elided import whole
from sre_advisor.investigate.checking.times.events import ACTS, MINUTE, Event, events, kinds
from sre_advisor.investigate.checking.times.happened import Span, when
from sre_advisor.investigate.checking.times.reasons import turned_in_words
from sre_advisor.investigate.checking.times.relations import by_others, harms
from sre_advisor.investigate.checking.words.clock import DAY, moments
from sre_advisor.investigate.checking.words.phrases import Told, statements

_UNIT = r"(s|secs?|seconds?|m|mins?|minutes?|h|hours?)\b"
_GAP = re.compile(
    rf"(?<![\w.:])(\d+(?:\.\d+)?)[\s-]?{_UNIT}(?:,?\s(?:and\s)?(\d+(?:\.\d+)?)[\s-]?{_UNIT})?"
    r"(?=\s(?:after|before|later|earlier|ahead|prior|following|behind|younger|older))"
)
_GAP_TOO = re.compile(
    r"\b(?:at least|more than|less than|over|under|within|nearly|almost)\b|"
    r"\d\s?h(?:ours?)? (?:and )?\d|\d\s?m(?:in\w*)?,? (?:and )?\d",
    re.IGNORECASE,
)
_APART = re.compile(r"\b(?:(?P<n>\d+)|(?P<some>some|several|a few|few|a couple of))\sminutes\b", re.IGNORECASE)
_FROM_FIRST = re.compile(r"\bfirst\s[^;]{0,40}?\d\d:\d\d[^;]{0,30}?\blast\s[^;\d]{0,30}(?=\d)", re.IGNORECASE)
_PLAIN = re.compile(r"(?<![\w.=])[a-z]{3,}(?![\w.=])")


@dataclass(frozen=True)
class _World:
    shelf: Shelf
    known: frozenset[str]
    events: Sequence[Event]
    harms: set[tuple[str, str]]


def links(text: str) -> list[Told]:
    """The statements of an order, a cause or a harm that the text makes."""
    return statements(text)


def wrong_order(text: str, shelf: Shelf) -> str | None:
    """Why what the claim puts first did not come first, or not so long before; None when nothing shows that."""
    known = actors(shelf)
    alone = by_others(text, shelf, known) or cut_short(text, shelf, known) or _ends_before(text)
    told = statements(text)
    if alone or not told:
        return alone
    world = _World(shelf, known, events(shelf), harms(shelf, known))
    return next((why for t in told if (why := _wrong(whole(t, known), text, world))), None)


def unsure_order(text: str, shelf: Shelf) -> str | None:
    """Why the order told cannot be told from the evidence; None when it can, or the claim tells more than that."""
    told = [t for t in statements(text) if t.timed]
    timed = [r for r in shelf.rows if r.times and not r.whole]
    if not told or len(timed) < 2 or re.search(r"\d", text) or len(told) > 1:
        return None
    known = actors(shelf)
    world = events(shelf)
    one, other = whole(told[0], known).first, whole(told[0], known).after
    said = all(named(part, known) or kinds(part) for part in (one, other))
    if said and not when(one, world, shelf, known) and not when(other, world, shelf, known):
        return "which came first cannot be told from what it cites"
    return None


def _ends_before(text: str) -> str | None:
    """Why the claim's own times are turned: "first seen at" later than "last seen at"."""
    match = _FROM_FIRST.search(text)
    times = [m for m in moments(text) if match and match.start() <= m.start < match.end() + 16] if match else []
    if len(times) == 2 and times[0].date == times[1].date and 0 < times[0].second - times[1].second < DAY / 2:
        return f"{times[0].text} is later than {times[1].text}"
    return None


def _wrong(told: Told, text: str, world: _World) -> str | None:
    found = (when(part, world.events, world.shelf, world.known) for part in (told.first, told.after))
    one, other = _of_one_day(*found)
    if told.timed and one and other and (why := _at_once(text, one, other)):
        return why
    if told.causal and one and other and (why := _same_second(text, one, other)):
        return why
    one, other = _apart(one, other)
    if told.timed and one and other and not set(one) & set(other) and not _right_way(told, world):
        early, late = min(s.early for s in one), max(s.late for s in other)
        if late < early < late + DAY / 2:
            said = "cause" if told.causal else "earlier event"
            return f"the {said} it names came at {_clock(early)}, after {_clock(late)}"
        single = {m.epoch for r in world.shelf.rows if not r.series and not r.whole for m in r.times}
        if (
            _as_said(told.first, one)
            and _as_said(told.after, other)
            and (apart := _wrong_gap(text, one, other, single))
        ):
            return apart
    if told.causal and (hurt := _wrong_way(told, world)):
        return hurt
    in_order = not told.causal and one and other and max(s.late for s in one) <= min(s.early for s in other)
    # Where its times say so, words may have anything as the cause of what.
    return None if in_order else turned_in_words(told, world.shelf.rows)


def _as_said(part: str, spans: Sequence[Span]) -> bool:
    """Whether what is found for a part is an act as it says: for "its rollout", no commit."""
    acts = kinds(part) & ACTS
    return not acts or all(not s.kinds & ACTS or acts & s.kinds for s in spans)


def _apart(one: Sequence[Span], other: Sequence[Span]) -> tuple[Sequence[Span], Sequence[Span]]:
    """Both without the line that both may mean, where the one is nothing else and the other may be one line besides."""
    alone = {
        s for some in (one, other) if len(some) == 1 for s in some if not s.read and len(_PLAIN.findall(s.text)) > 3
    }
    mine, theirs = [s for s in one if s not in alone], [s for s in other if s not in alone]
    return (mine, other) if mine and len(one) == 2 else (one, theirs) if theirs and len(other) == 2 else (one, other)


def _right_way(told: Told, world: _World) -> bool:
    """Whether the evidence itself says that it was so: the hurt service may well log before the one that hurt it."""
    one, other = named(told.first, world.known), named(told.after, world.known)
    return told.causal and any((a, b) in world.harms for a in one for b in other)


def _of_one_day(one: Sequence[Span], other: Sequence[Span]) -> tuple[Sequence[Span], Sequence[Span]]:
    """Both as times of day where one of them has no date."""
    if len({s.late < DAY + MINUTE for s in (*one, *other)}) < 2:
        return one, other
    both = ([replace(s, early=max(s.early, 0) % DAY, late=s.late % DAY) for s in some] for some in (one, other))
    return next(both), next(both)


def _wrong_way(told: Told, world: _World) -> str | None:
    """Why it was the other that hurt: the evidence says so of the two services, and never the claim's way."""
    one, other = named(told.first, world.known), named(told.after, world.known)
    if kinds(told.first) & (ACTS - {"alert", "config"}):
        return None
    both = set(one) & set(other)
    pairs = [(a, b) for a in one for b in other if a not in both and b not in both]
    if any(pair in world.harms for pair in pairs):
        return None
    turned = [(a, b) for a, b in pairs if (b, a) in world.harms]
    return f"the evidence has {turned[0][1]} hurt {turned[0][0]}, not the other way" if turned else None


def _wrong_gap(text: str, one: Sequence[Span], other: Sequence[Span], epochs: Collection[int]) -> str | None:
    """Why the time told between two events is not that; only where each of them is found at one time."""
    first, after = ({(s.early, s.late) for s in some} for some in (one, other))
    if len(first) != 1 or len(after) != 1:
        return None
    (early, late), (then, last) = next(iter(first)), next(iter(after))
    told = list(_GAP.finditer(text))
    if len(told) != 1 or _GAP_TOO.search(text) or late - early > 60 or last - then > 60:
        return None
    value, size = _length(told[0])
    gap, room = then - early, size * (1.05 if size > 1 else 2) + 0.1 * value
    room += 60 * any(not m.exact for m in moments(text)) + (last - then) + (late - early)
    if any(abs(abs(a - b) - value) <= min(room, max(size / 2, 2)) for a, b in combinations(sorted(epochs), 2)):
        return None  # two other events may be meant
    if 0 <= gap < DAY / 2 and abs(gap - value) > room:
        return f"{gap} s lie between the two, not {told[0].group().strip()}"
    return None


def _at_once(text: str, one: Sequence[Span], other: Sequence[Span]) -> str | None:
    """Why what is told to lie minutes apart does not: both courses of readings leave at the same sample."""
    said = list(_APART.finditer(text))
    if len(said) != 1 or int(said[0].group("n") or 2) < 2 or len(one) != 1 or one != other or not one[0].read:
        return None
    return f"both began at {_clock(one[0].early)}"


def _same_second(text: str, one: Sequence[Span], other: Sequence[Span]) -> str | None:
    """Why of two lines of one second, which share an id that the claim names, the effect stands first."""
    for token in identifiers(text):
        ours, theirs = ([s for s in some if s.place >= 0 and token.casefold() in s.text] for some in (one, other))
        if len(ours) == len(theirs) == 1 and ours[0].early == theirs[0].early and ours[0].place > theirs[0].place:
            return f"the log tells them the other way round, both with {token}"
    return None


def _length(match: re.Match[str]) -> tuple[float, int]:
    """Seconds that a stretch of time lasts, and those of the smallest unit it was told in."""
    size, length = 1, 0.0
    for value, unit in ((match.group(1), match.group(2)), (match.group(3), match.group(4))):
        if value:
            size = 3600 if unit.casefold().startswith("h") else 60 if unit.casefold().startswith("m") else 1
            length += float(value) * size
    return length, size


def _clock(epoch: int) -> str:
    second = epoch % DAY
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
