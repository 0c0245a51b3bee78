"""What stands in the evidence, but not where, when, for whom or the way round that a claim says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from sre_advisor.investigate.checking.claimed import Claimed
from sre_advisor.investigate.checking.evidence.fields import other_field, other_record
from sre_advisor.investigate.checking.evidence.locality import misdated, misplaced, scope, starts_anew
from sre_advisor.investigate.checking.evidence.observations import courses
from sre_advisor.investigate.checking.figures.affinity import of_another_field
from sre_advisor.investigate.checking.figures.comparisons import contradicted_comparison, contradicted_fold
from sre_advisor.investigate.checking.figures.counted import COUNTED, counts_some, miscounted, noun_of
from sre_advisor.investigate.checking.figures.extremes import contradicted_extreme, in_band
from sre_advisor.investigate.checking.figures.held import Said, elsewhose
from sre_advisor.investigate.checking.figures.listed_counts import wrong_listed_count
from sre_advisor.investigate.checking.figures.misheld import misheld
from sre_advisor.investigate.checking.figures.moments_told import contradicted_moments
from sre_advisor.investigate.checking.figures.pairs_told import contradicted_together
from sre_advisor.investigate.checking.figures.ranking import contradicted_ranking
from sre_advisor.investigate.checking.figures.readings import derived, figures_in
from sre_advisor.investigate.checking.figures.span import not_within
from sre_advisor.investigate.checking.figures.tallies import is_tally
from sre_advisor.investigate.checking.figures.unit_told import contradicted_unit
from sre_advisor.investigate.checking.figures.worked_out import worked_out
from sre_advisor.investigate.checking.owners.attributes import contradicted_attribute
from sre_advisor.investigate.checking.owners.binding import unbound
from sre_advisor.investigate.checking.owners.calls import miscalled
from sre_advisor.investigate.checking.owners.deeds import borrowed, misattributed, misquoted, of_another_line
from sre_advisor.investigate.checking.owners.movement import contradicted_movement, contradicted_pair
from sre_advisor.investigate.checking.owners.recorded import contradicted_record
from sre_advisor.investigate.checking.owners.states import contradicted_state
from sre_advisor.investigate.checking.owners.turned import turned_deed
from sre_advisor.investigate.checking.times.between import not_so_far_apart
from sre_advisor.investigate.checking.times.dated import misdated_event
from sre_advisor.investigate.checking.times.latest import not_the_last
from sre_advisor.investigate.checking.times.order import wrong_order
from sre_advisor.investigate.checking.times.unmoved import unmoved
from sre_advisor.investigate.checking.words.changes import tells_change
from sre_advisor.investigate.checking.words.clauses import clauses
from sre_advisor.investigate.checking.words.distances import is_distance
from sre_advisor.investigate.checking.words.phrases import statements
from sre_advisor.investigate.checking.words.quotes import quoted, stands_in

_SAID = re.compile(
    r"\b(?:logged|logs?|logging|wrote|writes|written by|complain\w*|report(?:s|ed)?|said|says|print(?:s|ed)|emit\w*|"
    r"threw|throws|com(?:es?|ing) from|came from|output of)\b",
    re.IGNORECASE,
)
"""Words that make a quote the service's own; otherwise it may be about it."""
_FROM = re.compile(r"[^\w\s]?\s(?:from|by|in)\s(?:the\s)?([\w.:/-]*\w)", re.IGNORECASE)
"""Behind a quote, who said it."""
_IS = re.compile(r"\s?(?:UTC\s)?(?:was|were|is|are)\b")
"""Behind a time that only says which one is meant: "the last deploy before 15:03 was d-4"."""
QUOTE = 3
"""Words that a quote needs to be somebody's words rather than a name."""


def wrong(claimed: Claimed) -> Iterator[str]:
    """Each thing that the evidence has otherwise than the claim; the first is reason enough."""
    yield from _said_by_another(claimed)
    for where, clause in clauses(claimed.plain):
        yield from _in_clause(claimed, where, clause)
    yield from (why for why in _as_a_whole(claimed) if why)


def _as_a_whole(claimed: Claimed) -> Iterator[str | None]:
    """The checks that need the whole sentence, the surest first."""
    plain, shelf, held = claimed.plain, claimed.shelf, claimed.held
    told = [s for s in claimed.told if not is_distance(s.readings[-1], plain)]
    services = shelf.services_in(plain)
    of_one = len(services) <= 1
    yield contradicted_pair(plain, services, shelf) if of_one else None
    yield contradicted_comparison(plain, shelf)
    lines = courses(held)
    read = [s for s in told if noun_of(s, plain) not in COUNTED and not in_band(s, told, lines, plain)]
    read = [s for s in read if not is_tally(s.readings[0], plain, shelf)]
    read = [s for s in read if not (_is_change(s, plain) and worked_out(s, plain, told, held, shelf))]
    yield misheld(read, held, plain, shelf)
    yield from (miscounted(s, plain, shelf) for s in told)
    yield from (of_another_field(s, plain, held) for s in told)
    yield misdated_event(claimed.text, shelf)
    yield misattributed(plain, shelf)
    yield misquoted(claimed.text, shelf)
    yield borrowed(told, held, plain, shelf)
    yield of_another_line(told, held, plain, shelf)
    yield unmoved(plain, shelf)
    yield contradicted_moments(told, held, plain, shelf)
    yield contradicted_unit(told, held, plain, shelf)
    yield contradicted_together(told, held, plain, shelf)
    yield contradicted_ranking(plain, shelf)
    yield contradicted_extreme(told, held, plain)
    if of_one:
        ours = [r for r in shelf.rows if not services or not (s := shelf.services_of(r)) or s & services]
        yield contradicted_fold(plain, ours, shelf)
    yield not_within(plain, shelf)
    yield wrong_order(claimed.text, shelf)
    yield not_the_last(plain, shelf)
    yield not_so_far_apart(claimed.text, shelf)
    yield miscalled(plain, shelf)
    yield wrong_listed_count(plain, shelf)
    yield turned_deed(plain, shelf)
    yield contradicted_record(plain, shelf)
    yield contradicted_state(plain, shelf)
    yield contradicted_attribute(plain, shelf)
    yield unbound(plain, shelf)


def _is_change(said: Said, plain: str) -> bool:
    number = said.readings[-1]
    return bool(number.unit) and tells_change(number, plain)


def _said_by_another(claimed: Claimed) -> Iterator[str]:
    text, shelf = claimed.text, claimed.shelf
    for quote in quoted(text):
        before = text[: text.find(quote)]
        holding = [r for r in shelf.rows if stands_in(quote, (r.text,))]
        if len(quote.split()) < QUOTE or not holding:
            continue
        about = scope(clauses(before)[-1][1] if clauses(before) else "", before, shelf)
        by = _FROM.match(text[text.find(quote) + len(quote) :])
        if by and (sayer := shelf.services_in(by.group(1))):
            about = replace(about, services=sayer)
        about = about if about.services else replace(about, services=shelf.services_in(claimed.plain))
        owners = [shelf.owners_of(r) for r in holding]
        told = all(o & shelf.tagged for o in owners)
        why = misplaced(about, holding, shelf) if told else None
        theirs = about.services and told and not any(about.services & o for o in owners)
        if theirs and _SAID.search(claimed.plain):
            why = why or f"was said by another than {', '.join(sorted(about.services))}"
        if why and "figure" not in why:
            yield f"“{quote}” {why}"


def _in_clause(claimed: Claimed, where: int, clause: str) -> Iterator[str]:
    plain, shelf = claimed.plain, claimed.shelf
    about = scope(clause, plain[:where], shelf)
    if not about.services and not starts_anew(plain[:where]):
        about = replace(about, services=shelf.services_in(plain))
    times = [m for m in claimed.times if where <= m.start < where + len(clause)]
    figures = [r for r in figures_in(plain, where, clause, claimed.made) if not counts_some(r[0], plain)]
    apart = any(is_distance(r[-1], plain) for r in figures)
    figures = [r for r in figures if not is_distance(r[-1], plain)]
    for readings in figures:
        rows = shelf.with_number(*readings)
        why = other_field(readings[0], clause, where, rows, shelf.rows)
        why = None if why and derived(readings, clause, plain, times, shelf) else why
        others = [r for told in figures if told != readings for r in shelf.with_number(*told)]
        named = shelf.services_in(clause)
        why = why or (None if named else other_record(readings[0], clause, where, rows, shelf.rows, others))
        if why:
            yield f"{readings[0].said} {why}"
    for moment in times:
        why = elsewhose(plain, moment, shelf) if moment.start not in claimed.ends else None
        if why:
            yield f"{moment.text} {why}"
        told = len(times) > 1 and any(t.causal for t in statements(clause))  # one of them is that of the other
        told = told or apart or (starts_anew(plain[:where]) and _IS.match(plain, moment.end) is not None)
        if about.ids and not told and (why := misdated(about, moment, shelf)):
            yield why
    moved = None if times and figures else contradicted_movement(clause, about, shelf)
    if moved:
        yield moved
