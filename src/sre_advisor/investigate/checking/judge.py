"""One claim against what it cites: what must stand there, where it must stand, and which way it must go."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sre_advisor.investigate.checking.affinity import of_another_field
from sre_advisor.investigate.checking.attributes import contradicted_attribute
from sre_advisor.investigate.checking.binding import unbound
from sre_advisor.investigate.checking.clauses import clauses
from sre_advisor.investigate.checking.clock import DAY, Moment, blanked, dates, in_dates, moments, stretches
from sre_advisor.investigate.checking.comparisons import contradicted_comparison, contradicted_fold
from sre_advisor.investigate.checking.counted import LISTED, counts_something, miscounted, noun_of, otherwise_told
from sre_advisor.investigate.checking.dated import misdated_event
from sre_advisor.investigate.checking.deeds import borrowed, misattributed, misquoted, of_another_line
from sre_advisor.investigate.checking.derive import (
    is_worked_out,
)
from sre_advisor.investigate.checking.extremes import contradicted_extreme
from sre_advisor.investigate.checking.fields import other_field, other_record
from sre_advisor.investigate.checking.held import elsewhose, is_between, misheld, said_in
from sre_advisor.investigate.checking.lexicon import is_english
from sre_advisor.investigate.checking.locality import misdated, misplaced, scope, starts_anew
from sre_advisor.investigate.checking.movement import contradicted_movement, contradicted_pair
from sre_advisor.investigate.checking.names import (
    candidates,
    cited_inside,
    identifiers,
    mentions,
    nameable,
    numbered,
    statuses,
)
from sre_advisor.investigate.checking.numerals import in_clock, in_digits
from sre_advisor.investigate.checking.observations import Observation, observations
from sre_advisor.investigate.checking.order import unsure_order, wrong_order
from sre_advisor.investigate.checking.quantities import Number, measure, numbers
from sre_advisor.investigate.checking.quotes import quoted, stands_in, without_quotes
from sre_advisor.investigate.checking.ranking import contradicted_ranking, unsure_ranking
from sre_advisor.investigate.checking.readings import derived, figures_in
from sre_advisor.investigate.checking.row import Row, Source
from sre_advisor.investigate.checking.shelf import Shelf, unknown_words
from sre_advisor.investigate.checking.spoken import as_written
from sre_advisor.investigate.checking.states import contradicted_state
from sre_advisor.investigate.checking.unmoved import unmoved
from sre_advisor.investigate.checking.worked_out import is_change, is_each, is_rate, worked_out
from sre_advisor.model import Standing

CLAIM_LIMIT = 800
"""Characters of one claim; a longer one is many claims, and holding it against its evidence would take seconds."""
_SAID = re.compile(
    r"\b(?:logged|logs?|logging|wrote|writes|written by|complain\w*|report(?:s|ed)?|said|says|print(?:s|ed)|emit\w*|"
    r"threw|throws|com(?:es?|ing) from|came from|output of)\b",
    re.IGNORECASE,
)
"""Words that make a quote the service's own; otherwise it may be about it."""


def judge(
    text: str,
    cites: Sequence[str],
    sources: Mapping[str, Source],
    services: frozenset[str] = frozenset(),
    parsed: dict[str, list[Row]] | None = None,
) -> tuple[Standing, str]:
    """The claim's standing and, unless it is supported, the reason in words; `parsed` keeps rows between claims."""
    unknown = [i for i in dict.fromkeys([*cites, *cited_inside(text)]) if i not in sources]
    if unknown:
        return Standing.UNSUPPORTED, f"cites {', '.join(unknown)}, which does not exist"
    if not cites or not text.strip() or len(text) > CLAIM_LIMIT:
        long = f"is no single fact: {CLAIM_LIMIT} characters are the most"
        return Standing.UNSUPPORTED, "cites nothing" if not cites else long if text.strip() else "says nothing"
    cited, rows = tuple(sources[i] for i in dict.fromkeys(cites)), {} if parsed is None else parsed
    first = Shelf(text, cited, services, rows)
    text = in_dates(text, first.times)
    text = as_written(in_digits(in_clock(text, {m.second // 60 for m in first.times})), first.metrics)
    return _held(text, Shelf(text, cited, services, rows), cites)


def _held(text: str, shelf: Shelf, cites: Sequence[str]) -> tuple[Standing, str]:
    soft: list[str] = []
    absent = list(_absent(text, shelf, soft=soft))
    missing = f"not in {', '.join(dict.fromkeys(cites))}: {', '.join(dict.fromkeys(absent))}" if absent else None
    wrong = missing or next(_wrong(text, shelf), None)
    if wrong:
        return Standing.UNSUPPORTED, wrong
    if not any(source.text.strip() or source.body not in (None, [], {}) for source in shelf.sources):
        return Standing.PARTLY, "the evidence cited holds no data"
    if soft:
        return Standing.PARTLY, f"could not be worked out from what it cites: {', '.join(dict.fromkeys(soft))}"
    unsure = unsure_order(text, shelf) or unsure_ranking(without_quotes(text), shelf)
    return (Standing.PARTLY, unsure) if unsure else _thin(text, shelf)


def absent_from(
    text: str, sources: Mapping[str, Source], services: frozenset[str], parsed: dict[str, list[Row]]
) -> list[str]:
    """Quotes, ids, services, times and figures of a sentence without citations that stand in none of the sources.

    Unlike for a claim, plain words that might be names, and quotes without figures, are let pass: a summary may be
    written in any language and quote the question.
    """
    unknown = [i for i in dict.fromkeys(cited_inside(text)) if i not in sources]
    shelf = Shelf(text, tuple(sources.values()), services, parsed)
    return [*unknown, *dict.fromkeys(_absent(text, shelf, strict=False))]


def _absent(text: str, shelf: Shelf, *, strict: bool = True, soft: list[str] | None = None) -> Iterator[str]:
    """Quotes, names, times and figures that stand nowhere in the evidence; `soft` takes those somebody worked out."""
    quotes = [q for q in quoted(text) if strict or any(c.isdigit() for c in q)]
    yield from (f"“{q}”" for q in quotes if not (stands_in(q, shelf.texts) or _is_part(q, shelf)))
    plain = without_quotes(text)
    made = identifiers(plain)
    yield from (t for t in nameable(made) if not all(shelf.holds(p) for p in _BOTH.split(t)))
    yield from (t for t in (*numbered(plain), *statuses(plain)) if not shelf.holds_digits(t))
    low = plain.casefold()
    known = [s for s in shelf.services if mentions(low, s.casefold())]
    yield from (s for s in known if not shelf.services_in(s) & shelf.words and s.casefold() not in shelf.haystack)
    if strict:
        yield from unknown_words(candidates(plain), shelf)
    said = moments(plain)
    free = {m.start for pair in stretches(plain) for m in pair}  # ends of a stretch need not be events
    yield from (m.text for m in said if m.start not in free and not any(m.is_at(t) for t in shelf.times))
    held = shelf.dates
    yield from (m.text for m in said if m.date is not None and held and m.date not in held)
    yield from (str(d) for d in dates(plain) if held and d not in held)
    told, held = list(said_in(plain, shelf)), observations(shelf)
    for figure in told:
        readings = figure.readings
        if noun_of(figure, plain) is not None and worked_out(figure, plain, told, held, shelf):
            continue
        if is_change(figure, plain):
            if not worked_out(figure, plain, told, held, shelf):
                yield readings[0].said
            continue
        if is_each(figure, plain) and not any(is_rate(r, figure, plain) for r in shelf.with_number(*readings)):
            if not worked_out(figure, plain, told, held, shelf):
                yield readings[0].said
            continue
        if strict and (why := otherwise_told(figure, plain, held)):
            yield why
            continue
        if figure.level and is_between(figure, held):
            continue
        if _is_code(readings[0], plain, shelf):
            continue
        if shelf.with_number(*readings) or derived(readings, figure.clause, plain, said, shelf):
            continue
        if worked_out(figure, plain, told, held, shelf):
            continue
        rows = [r for r in shelf.rows if not r.whole]
        if (
            soft is not None
            and not _computable(readings[0], held)
            and is_worked_out(readings[0], figure.clause, plain, rows, paired=shelf.paired)
        ):
            soft.append(readings[0].said)
        else:
            yield readings[0].said


def _computable(number: Number, held: Sequence[Observation]) -> bool:
    """Whether the evidence has figures of the kind from which this one would follow."""
    dimension = measure(number.unit)[0]
    if dimension == "second":
        return any(measure(o.number.unit or o.number.hint)[0] == "second" for o in held)
    return len(held) > 1


def _is_part(quote: str, shelf: Shelf) -> bool:
    """Whether a quoted word is a part of a jointed name of the evidence."""
    return quote.isalpha() and re.search(rf"(?<![a-z0-9]){quote.casefold()}(?![a-z0-9])", shelf.haystack) is not None


_BOTH = re.compile(r"-(?:to|and|vs)-")
"""What joins two names to one word ("cart-to-payment")."""
_STATUS = re.compile(r"^s?(?!\s(?!responses|errors|replies|answers|statuses|codes)[a-z]+s\b)")


def _is_code(number: Number, plain: str, shelf: Shelf) -> bool:
    """Whether a whole number stands in a name of the evidence, as a status does in "http_401_ratio"."""
    behind = plain[number.start + len(number.text) :]
    several = number.unit == "s" and behind.startswith("s")  # "the 401s"
    status = number.text.isdigit() and len(number.text) == len("404") and (not number.unit or several)
    return (
        status
        and 100 <= number.value < 600
        and _STATUS.match(behind) is not None
        and re.search(rf"(?<!\d){number.text}(?!\d)", shelf.haystack) is not None
    )


def _wrong(text: str, shelf: Shelf) -> Iterator[str]:
    """Things that stand in the evidence, but not where, when or the way round that the claim says."""
    plain = without_quotes(text)
    for quote in quoted(text):
        before = text[: text.find(quote)]
        holding = [r for r in shelf.rows if stands_in(quote, (r.text,))]
        about = scope(_last_clause(before), before, shelf)
        if not about.services:
            about = replace(about, services=shelf.services_in(plain))
        if len(quote.split()) < 3 or not holding:
            continue
        why = misplaced(about, holding, shelf)
        owners = [shelf.owners_of(r) for r in holding]
        if about.services and _SAID.search(plain) and all(owners) and not any(about.services & o for o in owners):
            why = why or f"was said by another than {', '.join(sorted(about.services))}"
        if why and "figure" not in why:
            yield f"“{quote}” {why}"
    made = identifiers(plain)
    for where, clause in clauses(plain):
        yield from _wrong_in(plain, where, clause, made, shelf)
    told, held = list(said_in(plain, shelf)), observations(shelf)
    services = shelf.services_in(plain)
    ours = [r for r in shelf.rows if not services or not (s := shelf.services_of(r)) or s & services]
    whole = (
        contradicted_pair(plain, services, shelf) if len(services) <= 1 else None,
        contradicted_comparison(plain, shelf),
        misheld([s for s in told if noun_of(s, plain) not in LISTED], held, plain, shelf),
        next((w for s in told if (w := miscounted(s, plain, shelf))), None),
        next(
            (
                f"{s.readings[0].said} {w}"
                for s in told
                if (w := of_another_field(s, plain, [o for o in held if s.fits(o)], held))
            ),
            None,
        ),
        misdated_event(text, shelf),
        misattributed(plain, shelf),
        misquoted(text, shelf),
        borrowed(told, held, plain, shelf),
        of_another_line(told, held, plain, shelf),
        unmoved(plain, shelf),
        contradicted_ranking(plain, shelf),
        contradicted_extreme(told, held, plain),
        contradicted_fold(plain, ours, shelf) if len(services) <= 1 else None,
        _not_within(plain, shelf),
    )
    yield from (w for w in whole if w)
    order = wrong_order(text, shelf)
    if order:
        yield order
    last = (contradicted_state, contradicted_attribute, unbound)
    yield from (w for check in last if (w := check(plain, shelf)))


def _wrong_in(plain: str, where: int, clause: str, made: Sequence[str], shelf: Shelf) -> Iterator[str]:
    about = scope(clause, plain[:where], shelf)
    if not about.services and not starts_anew(plain[:where]):
        about = replace(about, services=shelf.services_in(plain))
    times = [m for m in moments(plain) if where <= m.start < where + len(clause)]
    for readings in figures_in(plain, where, clause, made):
        rows = shelf.with_number(*readings)
        if counts_something(readings[0], plain):
            continue
        why = other_field(readings[0], clause, where, rows, shelf.rows)
        why = None if why and derived(readings, clause, plain, times, shelf) else why
        why = why or (None if shelf.services_in(clause) else other_record(readings[0], clause, rows, shelf.rows))
        if why:
            yield readings[0].said + f" {why}"
    free = {m.start for pair in stretches(plain) for m in pair}
    for moment in times:
        why = elsewhose(plain, moment, shelf) if moment.start not in free else None
        if why:
            yield f"{moment.text} {why}"
        if about.ids and (why := misdated(about, moment, shelf)):
            yield why
    moved = (
        None if times and any(figures_in(plain, where, clause, made)) else contradicted_movement(clause, about, shelf)
    )
    if moved:
        yield moved


def _not_within(plain: str, shelf: Shelf) -> str | None:
    """Why nothing happened in the stretch of time named; None when something did or nothing shows that."""
    about = scope(plain, "", shelf)
    for start, end in stretches(plain):
        if all(any(m.is_at(t) for t in shelf.times) for m in (start, end)):
            continue
        rows = [r for r in shelf.rows if not r.whole and r.times]
        why = misplaced(
            replace(about, quantiles=frozenset(), text=""), [r for r in rows if _lies_in(start, end, r)], shelf
        )
        if why or not any(_lies_in(start, end, r) for r in rows):
            return f"nothing in the evidence lies between {start.text} and {end.text}"
    return None


def _lies_in(start: Moment, end: Moment, row: Row) -> bool:
    """Whether a row tells of a time in the stretch, or of one that began before and ended after it."""
    length = (end.second - start.second) % DAY
    offsets = [(t.second - start.second) % DAY for t in row.times]
    over = len(row.times) == 2 and offsets[0] > offsets[1] + 60 and offsets[1] >= length
    return over or any(o < length + 60 for o in offsets)


def _last_clause(text: str) -> str:
    found = clauses(text)
    return found[-1][1] if found else ""


def _thin(text: str, shelf: Shelf) -> tuple[Standing, str]:
    """A claim without anything to check is only as good as the words it shares with its evidence."""
    plain = without_quotes(text)
    if quoted(text) or identifiers(plain) or moments(plain) or any(numbers(blanked(plain))) or shelf.services_in(plain):
        return Standing.SUPPORTED, ""
    words = {w.casefold() for w in re.findall(r"[^\W\d_]{4,}", plain)}
    shared = [w for w in words if shelf.knows(w[:6])]
    if len(shared) * 3 >= len(words):
        return Standing.SUPPORTED, ""
    if is_english(plain) and not shared:
        return Standing.UNSUPPORTED, "nothing of what it says stands in the evidence cited"
    return Standing.PARTLY, "it holds little that code can check"
