"""What a claim names and the evidence has not: quotes, names, times, and figures that do not follow either."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from sre_advisor.investigate.checking.claimed import Claimed
from sre_advisor.investigate.checking.evidence.names import candidates, mentions, nameable, numbered, statuses
from sre_advisor.investigate.checking.evidence.shelf import Shelf, unknown_words
from sre_advisor.investigate.checking.figures.counted import noun_of, otherwise_told
from sre_advisor.investigate.checking.figures.derive import is_stretch, is_worked_out
from sre_advisor.investigate.checking.figures.held import Said, is_between
from sre_advisor.investigate.checking.figures.listed_counts import is_listed_count
from sre_advisor.investigate.checking.figures.readings import derived
from sre_advisor.investigate.checking.figures.tallies import is_tally
from sre_advisor.investigate.checking.figures.worked_out import is_change, is_each, is_rate, worked_out
from sre_advisor.investigate.checking.words.clock import Moment, dates
from sre_advisor.investigate.checking.words.distances import is_distance
from sre_advisor.investigate.checking.words.quantities import Number, measure
from sre_advisor.investigate.checking.words.quotes import quoted, stands_in

MINUTE = 60
"""Seconds."""
_BOTH = re.compile(r"-(?:to|and|vs)-")
"""What joins two names to one word ("cart-to-payment")."""
_STATUS = re.compile(r"^s?(?!\s(?!responses|errors|replies|answers|statuses|codes)[a-z]+s\b)")
"""Behind a status of HTTP stands no noun that it would count."""


def absent(claimed: Claimed, *, strict: bool = True, soft: list[str] | None = None) -> Iterator[str]:
    """What stands nowhere in the evidence; `soft` takes figures that somebody worked out from what is not there."""
    yield from _quotes(claimed, strict=strict)
    yield from _names(claimed, strict=strict)
    yield from _times(claimed)
    for said in claimed.told:
        counted = is_tally(said.readings[0], claimed.plain, claimed.shelf)
        if strict and not counted and (why := otherwise_told(said, claimed.plain, claimed.held)):
            yield why
        elif not counted and not _stands(said, claimed):
            if soft is not None and _beyond(said, claimed):
                soft.append(said.readings[0].said)
            else:
                yield said.readings[0].said


def _quotes(claimed: Claimed, *, strict: bool) -> Iterator[str]:
    for quote in quoted(claimed.text):
        wanted = strict or any(c.isdigit() for c in quote)
        if wanted and not stands_in(quote, claimed.shelf.texts) and not _is_part(quote, claimed.shelf):
            yield f"“{quote}”"


def _is_part(quote: str, shelf: Shelf) -> bool:
    """Whether a quoted word is a part of a jointed name of the evidence."""
    return quote.isalpha() and re.search(rf"(?<![a-z0-9]){quote.casefold()}(?![a-z0-9])", shelf.haystack) is not None


def _names(claimed: Claimed, *, strict: bool) -> Iterator[str]:
    shelf, plain = claimed.shelf, claimed.plain
    yield from (t for t in nameable(claimed.made) if not all(shelf.holds(p) for p in _BOTH.split(t)))
    yield from (t for t in numbered(plain) if not shelf.holds_digits(t))
    yield from (t for t in statuses(plain) if not shelf.holds_digits(t) and f"{t[0]}xx" not in shelf.haystack)
    low = plain.casefold()
    known = [s for s in shelf.services if mentions(low, s.casefold())]
    yield from (s for s in known if not shelf.services_in(s) & shelf.words and s.casefold() not in shelf.haystack)
    if strict:
        yield from unknown_words([w for w in candidates(plain) if not _is_place(w, plain)], shelf)


def _is_place(word: str, plain: str) -> bool:
    """Whether the word is the place of a clock ("in Berlin summer time", "in Paris (UTC+2)")."""
    return (
        re.search(
            rf"\b{re.escape(word)}(?:\s[A-Z]\w+)?(?:['’]s)?\s(?:(?:summer|winter|standard|daylight|local|wall)\s)?"
            r"(?:time\b|clock\b|\((?:UTC|GMT|[A-Z]{3,4}\)))",
            plain,
        )
        is not None
    )


def _times(claimed: Claimed) -> Iterator[str]:
    held = claimed.shelf.dates
    single = (m for m in claimed.times if m.start not in claimed.ends)
    yield from (
        m.text for m in single if not any(m.is_at(t) or _by_caption(m, t, claimed) for t in claimed.shelf.times)
    )
    yield from (m.text for m in claimed.times if m.date is not None and held and m.date not in held)
    yield from (f"{datetime.fromtimestamp(d, UTC):%Y-%m-%d}" for d in dates(claimed.plain) if held and d not in held)


def _by_caption(said: Moment, held: Moment, claimed: Claimed) -> bool:
    """Whether the evidence gives the minute there and the second once for all ("sampled at :28 of each minute")."""
    if not said.exact or held.exact or not held.is_at(said):
        return False
    return re.search(rf"(?<!\d):{said.local % 60:02}(?!\d)", claimed.shelf.haystack) is not None


def _stands(said: Said, claimed: Claimed) -> bool:
    """Whether a figure is in the evidence or follows from what is."""
    plain, shelf = claimed.plain, claimed.shelf

    def follows() -> bool:
        return worked_out(said, plain, claimed.told, claimed.held, shelf) or is_listed_count(said, plain, shelf)

    rows = shelf.with_number(*said.readings)
    last = said.readings[-1]
    if is_distance(last, plain) or (_in_minutes(last) and is_stretch(last, plain)):  # no figure that only looks like it
        rows = [r for r in rows if any(_is_time(h) and said.readings[-1].could_be(h) for h in r.numbers)]
    told = [s for s in claimed.told if s.clause == said.clause] if rows else []  # "from 140 to 2150 per second"
    each = is_each(said, plain) and not any(
        is_rate(r, said, plain) for s in told for r in shelf.with_number(*s.readings)
    )
    if each and said.level and is_between(said, claimed.held):
        return True
    if is_change(said, plain) or each:  # that its value stands somewhere says nothing
        return follows()
    if rows or (noun_of(said, plain) is not None and follows()):
        return True
    if (said.level and is_between(said, claimed.held)) or _is_code(said, claimed):
        return True
    return derived(said.readings, said.clause, plain, claimed.times, shelf) or follows()


def _in_minutes(said: Number) -> bool:
    dimension, size = measure(said.unit)
    return dimension == "second" and size >= MINUTE


def _is_time(held: Number) -> bool:
    return measure(held.unit or held.hint)[0] == "second"


def _is_code(said: Said, claimed: Claimed) -> bool:
    """Whether a whole number stands in a name of the evidence, as a status does in "http_401_ratio"."""
    number = said.readings[0]
    behind = claimed.plain[number.end :]
    several = number.unit == "s" and behind.startswith("s")  # "the 401s"
    whole = number.text.isdigit() and len(number.text) == len("404") and (not number.unit or several)
    named = whole and re.search(rf"(?<!\d){number.text}(?!\d)", claimed.shelf.haystack) is not None
    return named and 100 <= number.value < 600 and _STATUS.match(behind) is not None


def _beyond(said: Said, claimed: Claimed) -> bool:
    """Whether somebody computed the figure from what the evidence holds nothing of."""
    number = said.readings[0]
    if measure(number.unit)[0] == "second":
        computable = any(measure(o.number.unit or o.number.hint)[0] == "second" for o in claimed.held)
    else:
        computable = len(claimed.held) > 1
    rows = [r for r in claimed.shelf.rows if not r.whole]
    return not computable and is_worked_out(number, said.clause, claimed.plain, rows, paired=claimed.shelf.paired)
