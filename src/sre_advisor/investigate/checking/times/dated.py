"""A time that a clause gives to an event must be the time the evidence gives to that event, and not to another."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.times.actors import actors
from sre_advisor.investigate.checking.times.courses import comes_back
from sre_advisor.investigate.checking.times.events import ACTS, events, kinds
from sre_advisor.investigate.checking.times.happened import Span, is_bare, told_at, when
from sre_advisor.investigate.checking.times.timed import NOT_UNTIL, timed
from sre_advisor.investigate.checking.times.turns import judged_turn
from sre_advisor.investigate.checking.words.clock import Moment, blanked, moments, stretches
from sre_advisor.investigate.checking.words.connectives import CONNECTIVE
from sre_advisor.investigate.checking.words.phrases import statements
from sre_advisor.investigate.checking.words.quantities import numbers
from sre_advisor.investigate.checking.words.quotes import quoted, stands_in, without_quotes

_AT = re.compile(
    r"(?:\b(?:at|by|on|since|from|in the minute of|in the|of|around|about|until|till|as of|from)|@|,)\s*$",
    re.IGNORECASE,
)
_AFTER = re.compile(r"^\s?(?:UTC|sample|row|reading|window|local time)?\b", re.IGNORECASE)
_FREE = re.compile(
    r"\b(?:by|until|till|before|after|from|to|not|never|no longer|than|between|within|ago)\s"
    r"(?:about |around |just |shortly |the |sample |row |of |at )*$",
    re.IGNORECASE,
)
"""Words before a time that do not say that something happened then."""
_EXTREME_SINCE = re.compile(
    r"\b(?:lowest|highest|worst|best|slowest|fastest|peak|maximum|minimum|most|least)\b[^,;]*\b(?:since|from|after)\s$",
    re.IGNORECASE,
)
"""The time from which on something was an extreme is not when it was."""
_STATE = re.compile(
    r"\b(?:still|already|not|never|no longer|no|without|nothing|none|long|yet)\b[^,;]*$|n't\b[^,;]*$", re.IGNORECASE
)
_BEGAN = re.compile(
    r"\b(?:open(?:ed|s)|start(?:ed|s)|fir(?:ed|es|ing)|began|begins|logged|raised|created|deployed|released|shipped|merged|"
    r"committed|rolled|flipped|toggled|switched|turned|enabled|disabled|went|paged|expired|triggered|happened|came)\b",
    re.IGNORECASE,
)
_TURN = re.compile(r"\b(?:first|began|begun|start(?:ed|s)?|onset|set in)\b", re.IGNORECASE)
"""Words of a beginning that a course of readings shows, rather than of where it stood."""
_SAID = re.compile(
    r"\b(?:logged|logs|wrote|writes|said|says|print\w*|emit\w*|threw|throws|report(?:ed|s)|complain\w*|line|message|error|"
    r"timestamped|stamped|dated|posted|entry|warning|appear\w*|show(?:s|ed)(?: up)?)\b",
    re.IGNORECASE,
)
_APART = re.compile(r"[;,]|\b(?:before|after|while|when|as|since|until|once|went|minutes?|seconds?)\b", re.IGNORECASE)
"""What stands between a quote and a time that is another event's."""
_SINCE = re.compile(r"\b(from|since)\s(?:the\s|about\s|around\s)?$", re.IGNORECASE)
_EITHER = re.compile(r"\bthe (former|latter)\b", re.IGNORECASE)
_LABEL = re.compile(r"^\W*(?:[A-Za-z-]+\s){0,4}[A-Za-z-]+:\s")
_IS = re.compile(r"\s?(?:UTC\s)?(?:was|is)\s(?!\w+(?:ed|ing)\b)")
"""Behind a time that only says which one is meant: "the last release before it broke at 15:03 was v2"."""
_LINKS = frozenset(("back_time", "forth_time", "back_cause", "forth_cause", "onward"))
MINUTE = 60
_SAMPLE = re.compile(r"\s(?:sample|reading|bucket|data ?point|point|value)s?\b", re.IGNORECASE)


def misdated_event(text: str, shelf: Shelf) -> str | None:
    """Why what a clause tells of did not happen when it says; None when nothing shows that."""
    plain = without_quotes(text)
    said = moments(plain)
    if not said:
        return None
    free = {m.start for pair in stretches(plain) for m in pair}
    for clause, ahead, behind, moment in timed(plain, said, free):
        before = NOT_UNTIL.sub(r" first \g<what>", ahead)  # "did not reach it until then": then for the first time
        by = re.search(r"\bby\s(?:the\s)?$", before) is not None
        since = _SINCE.search(before)
        on = since is not None and since.group(1).casefold() == "from"
        if not by and ((_FREE.search(before) and not on) or _is_state(before) or _EXTREME_SINCE.search(before)):
            continue
        after = "" if _IS.match(behind) else _own(behind)
        words = f"{_unlabelled(before, shelf)} {after}"
        turn = judged_turn(words, plain, moment, shelf, by=by, since=since is not None)
        why = turn.why
        if not turn.so and why is None and not by and not on and not quoted(text) and not statements(clause):
            whose = _resolved(before, plain[: plain.find(clause)], shelf)
            why = _misdated(clause, whose, after, moment, shelf)
        if why:
            return why
    if len(said) > 1 and not quoted(text) and (why := _misdated_arm(plain, shelf)):
        return why
    return _misquoted(text, said, shelf) if len(said) == 1 and not free else None


def _unlabelled(before: str, shelf: Shelf) -> str:
    """The words without the label that opens them ("Onset to recovery: …"), unless that names a service."""
    label = _LABEL.match(before)
    return before if label is None or shelf.services_in(label.group()) else before[label.end() :]


def _misdated_arm(plain: str, shelf: Shelf) -> str | None:
    """Why one of two events that a statement puts in order, each with its own time, was not then."""
    for told in statements(plain):
        arms = [(arm, moments(arm)) for arm in (told.first, told.after)]
        if not told.timed or not all(len(said) == 1 for _, said in arms):
            continue
        for arm, (moment,) in arms:
            before, after = arm[: moment.start], arm[moment.end :]
            if (
                not _FREE.search(before)
                and not _is_state(before)
                and (why := _misdated(arm, before, after, moment, shelf))
            ):
                return why
    return None


def _own(after: str) -> str:
    """The words behind a time up to those that tell of another event ("… (10:13) predates the first …")."""
    other = next((m for m in CONNECTIVE.finditer(after) if m.lastgroup in _LINKS), None)
    return after if other is None else after[: other.start()]


def _is_state(before: str) -> bool:
    """Whether the words tell what still or not held, rather than what happened."""
    state = _STATE.search(before)
    return state is not None and _BEGAN.search(before[state.start() :]) is None


def _resolved(before: str, earlier: str, shelf: Shelf) -> str:
    """The words with whom "the former" or "the latter" stand for."""
    which, names = _EITHER.search(before), shelf.mentioned(earlier)
    if which is None or not names:
        return before
    start, end, _ = names[0] if which.group(1).casefold() == "former" else names[-1]
    return before[: which.start()] + earlier[start:end] + before[which.end() :]


def _misdated(clause: str, before: str, after: str, moment: Moment, shelf: Shelf) -> str | None:
    phrase = _AT.sub(" ", before) + _AFTER.sub(" ", after)
    known, held = actors(shelf), events(shelf)
    if len(re.findall(r"[^\W\d_]{3,}", phrase)) < 2 or is_bare(phrase, known):
        return None
    spans = when(phrase, held, shelf, known, least=3.0)
    read = any(s.read for s in spans)
    if not spans or (read and (not _TURN.search(phrase) or any(numbers(blanked(clause))))):
        return None
    back = not read and comes_back(phrase) and not any(comes_back(s.text) for s in spans)  # broke, not well again
    if back or _SAMPLE.match(after) or any(_lies_at(moment, s, shelf) for s in spans):
        return None
    at = _epoch(moment, spans[0].early)
    room = 1 if moment.exact else MINUTE
    if not read and (_on_its_line(phrase, spans, moment, shelf) or told_at(phrase, at, held, known, room=room)):
        return None
    return f"{moment.text} is not when the evidence has that"


def _on_its_line(phrase: str, spans: Sequence[Span], moment: Moment, shelf: Shelf) -> bool:
    """Whether the line that tells of it holds the time, too, and the phrase tells of another act than the line."""
    lines = [shelf.rows[s.place] for s in spans if s.place >= 0]
    acts = kinds(phrase) & ACTS
    return bool(acts) and any(
        len(r.times) > 1 and any(moment.is_at(t) for t in r.times) and not acts & kinds(r.text) for r in lines
    )


def _lies_at(moment: Moment, span: Span, shelf: Shelf) -> bool:
    """Whether the time said may be that of the span; to the minute, where the evidence has a time just so."""
    at = _epoch(moment, span.late)
    if any(at <= t < at + (1 if moment.exact else MINUTE) for t in span.samples):
        return span.early < at + MINUTE and at <= span.late
    if not span.read and not moment.loose and any(moment.is_at(t) for t in shelf.times):
        return span.early - 1 <= at + (0 if moment.exact else MINUTE - 1) and at <= span.late + 1
    return span.early - MINUTE <= at <= span.late + MINUTE


def _misquoted(text: str, said: Sequence[Moment], shelf: Shelf) -> str | None:
    """Why the words quoted were not told at the only time that the sentence names."""
    at = text.find(said[0].text)
    if _FREE.search(text[:at]) or not _SAID.search(without_quotes(text)):
        return None
    mine = shelf.services_in(without_quotes(text))
    for quote in quoted(text):
        start = text.find(quote)
        between = text[start + len(quote) : at] if start < at else text[at + len(said[0].text) : start]
        if _APART.search(without_quotes(between.strip("“”\"'`«» "))):
            continue
        rows = [r for r in shelf.rows if not r.whole and stands_in(quote, (r.text,))] if len(quote.split()) > 1 else []
        rows = [r for r in rows if shelf.owners_of(r) & mine] or rows
        if rows and all(len(r.times) == 1 for r in rows) and not any(said[0].is_at(r.times[0]) for r in rows):
            return f"“{quote}” was told at {rows[0].times[0].text}, not at {said[0].text}"
    return None


def _epoch(moment: Moment, near: int) -> int:
    """The moment in seconds since the epoch, on the day of what it is held against where no date was said."""
    if moment.date is not None:
        return moment.epoch
    day = near - near % 86400
    seconds = [moment.second] if moment.elsewhere is None else [moment.second, moment.elsewhere]
    times = [day + second + shift for second in seconds for shift in (-86400, 0, 86400)]
    return min(times, key=lambda time: abs(time - near))
