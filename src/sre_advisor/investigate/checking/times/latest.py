"""What a claim says was the last of its sort before something: nothing of that sort may have come between."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.times.actors import actors, named
from sre_advisor.investigate.checking.times.events import ACTS, Event, events, kinds
from sre_advisor.investigate.checking.times.happened import when
from sre_advisor.investigate.checking.words.clock import moments

_NOUN = r"(?:deploy(?:ment)?|roll-?out|release|change|commit|merge|flag(?: \w+)?|config\w*(?: \w+)?|migration)"
_NEXT_TO = r"(?:last|latest|closest|nearest|most recent|final)"
_LAST = re.compile(
    rf"\b(?:(?:the|its|their)\s)?(?:{_NEXT_TO} (?P<noun>(?:\w+ )?{_NOUN})(?P<of>(?: \S+){{0,4}}?)|"
    rf"(?P<named>{_NOUN})(?: that (?:came|lies|lay|was))? {_NEXT_TO}) "
    r"(?:before|ahead of|prior to|preceding|leading up to) ",
    re.IGNORECASE,
)
_IS = re.compile(r",?\s(?:was|is|being)\s(?:(?:that|the one) (?:of|to|on)\s)?", re.IGNORECASE)
_CUT = re.compile(r"[;:]|,(?=\s)|\.\s|\.$")


def not_the_last(plain: str, shelf: Shelf) -> str | None:
    """Why something else of the sort came between the two; None when nothing shows that."""
    match = _LAST.search(plain)
    if match is None:
        return None
    known, held = actors(shelf), events(shelf)
    head = plain[: match.start()].rpartition(";")[2]
    rest = plain[match.end() :]
    if told := re.search(r"(?P<what>[^,;]*\w)\s(?:was|is|being|as)\s(?:only )?$", head):
        what, event = told.group("what"), _CUT.split(rest)[0]
    elif told := _IS.search(rest):
        what, event = rest[told.end() :], rest[: told.start()]
    else:
        return None
    sorts = _sorts(match.group("noun") or match.group("named"))
    whose = set(named(match.group("of") or "", known))
    alike = [e for e in held if e.kinds & sorts and not e.course and (not whose or whose & e.names)]
    return _another_then(what, alike, known) or _between(what, event, alike, held, shelf, known)


def _sorts(noun: str) -> frozenset[str]:
    return (kinds(noun) & ACTS - {"alert"}) or ACTS - {"alert"}


def _another_then(what: str, alike: Sequence[Event], known: frozenset[str]) -> str | None:
    """Why what happened at the time given was another's."""
    said, names = moments(what), set(named(what, known))
    then = [e for e in alike if any((e.at - m.second) % 86400 < (1 if m.exact else 60) for m in said)]
    owners = {e.owner for e in then}
    if len(said) == 1 and names and then and not any(names & {*e.names, e.owner} for e in then):
        return f"at {said[0].text} it was that of {', '.join(sorted(owners))}"
    return None


def _between(
    what: str, event: str, alike: Sequence[Event], held: Sequence[Event], shelf: Shelf, known: frozenset[str]
) -> str | None:
    one, other = when(what, held, shelf, known), when(event, held, shelf, known)
    if len(one) != 1 or len(other) != 1 or one[0].late >= other[0].early:
        return None
    amid = next((e for e in alike if one[0].late < e.at and e.at + e.room < other[0].early), None)
    return f"between the two came “{amid.text[:60]}”" if amid else None
