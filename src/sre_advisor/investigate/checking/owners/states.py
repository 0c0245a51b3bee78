"""What a claim says is on, off, firing, over or absent, where the evidence says the opposite."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sre_advisor.investigate.checking.evidence.names import identifiers
from sre_advisor.investigate.checking.evidence.row import Row
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.words.quantities import numbers

_TURNED_ON = r"\bfrom: off\s+to: on\b|\boff ?(?:->|→|to) ?on\b|\benabled\b(?!: false)"
_TURNED_OFF = r"\bfrom: on\s+to: off\b|\bon ?(?:->|→|to) ?off\b|\bdisabled\b|\benabled: false\b"
_FIRING, _ENDED = (
    r"\bha(?:s|ve) been (?:\w+ ){1,3}since\b|\bfiring\b|\bfires\b|\bactive\b",
    r"\bresolved\b|\bcleared\b|\bended\b|\binactive\b",
)
_UP = r"\bstate: up\b|(?<!un)\bhealthy\b|\bup: 1\b"
_DOWN = r"\bunreachable\b|\bdown\b|\bup: 0\b|\bunhealthy\b|\bconnection refused\b"
_OPPOSITES = (
    (r"\b(?:resolved|cleared|no longer fir\w+|stopped firing)\b", _FIRING, _ENDED),
    (r"\b(?:fires|firing)\b", _ENDED, rf"{_FIRING}|\bactive\b"),
    (r"\b(?:turned|switched|flipped|is) off\b|\bdisabled\b|\bon (?:->|→|to) off\b", _TURNED_ON, _TURNED_OFF),
    (r"\b(?:turned|switched|flipped) on\b|\benabled\b|\boff (?:->|→|to) on\b", _TURNED_OFF, _TURNED_ON),
    (r"\bunreachable\b|\bdown\b", _UP, _DOWN),
    (r"(?<!un)\bhealthy\b", _DOWN, _UP),
)
"""(what a claim says, what would be its opposite in the evidence, what would agree with it)"""
_NONE = re.compile(
    r"\b(?:no|zero|without(?: any)?|not a single|not one)\s+(?:\w+\s){0,2}?"
    r"(errors?|alerts?|deploys?|deployments?|changes?|commits?|restarts?|timeouts?|exceptions?|failures?|flags?)\b",
    re.IGNORECASE,
)
_SOME = re.compile(
    r"\b(?:logged|logs|had|has|saw|reported|reports|shows|threw|with) (?:\w+ )?"
    r"(errors|alerts|restarts|timeouts|exceptions|failures)\b",
    re.IGNORECASE,
)
_BOUNDED = re.compile(
    r"\b(?:before|after|between|since|within|until|during|earlier|later|other|such|in the)\b|\d\d:\d\d", re.IGNORECASE
)
_NEGATED = r"(?:\bno|\b0|\bzero|\bwithout|\bnot|\bnone)\b[^.;\n]{0,30}$"


def contradicted_state(plain: str, shelf: Shelf) -> str | None:
    """The first thing of which the evidence says the opposite; None when nothing shows that."""
    rows = list(near(plain, shelf))
    for said, opposite, agreeing in _OPPOSITES:
        if re.search(said, plain, re.IGNORECASE) and not re.search(r"\bnot\b|n't\b", plain):
            texts = [r.text for r in rows]
            against = next((t for t in texts if re.search(opposite, t, re.IGNORECASE)), None)
            if against and not any(re.search(agreeing, t, re.IGNORECASE) for t in texts):
                return "the evidence says the opposite"
    return _not_none(plain, rows) or _none_after_all(plain, rows) or _replaced(plain, shelf) or _limit(plain, shelf)


def near(plain: str, shelf: Shelf) -> Iterator[Row]:
    """Rows about a service or a name in the claim; all of them where it names none."""
    services = shelf.services_in(plain)
    made = {i.casefold() for i in identifiers(plain)}
    for row in shelf.rows:
        if (made and any(i in row.full.casefold() for i in made)) or (
            not made and (not services or not (s := shelf.services_of(row)) or s & services)
        ):
            yield row


def _not_none(plain: str, rows: list[Row]) -> str | None:
    match = _NONE.search(plain)
    if match is None or _BOUNDED.search(plain):
        return None
    noun = match.group(1).casefold().rstrip("s")
    noun = "deploy" if noun == "deployment" else noun
    for row in rows:
        for found in re.finditer(rf"\b{noun}\w*", row.text, re.IGNORECASE):
            head, tail = row.text[: found.start()].casefold(), row.text[found.end() : found.end() + 12]
            if not re.search(_NEGATED, head) and not re.match(
                r"[\w.]*[:=]? ?(?:0\b(?!\.\d*[1-9])|\[\]|none|null)", tail
            ):
                return f"says there is none, but the evidence tells of one {noun}"
    return None


def _none_after_all(plain: str, rows: list[Row]) -> str | None:
    match = _SOME.search(plain)
    if match is None or _NONE.search(plain):
        return None
    noun = match.group(1).casefold().rstrip("s")
    told = [r.text.casefold() for r in rows if re.search(rf"\b{noun}s\b", r.text, re.IGNORECASE)]
    if told and all(re.search(_NEGATED, t[: t.find(noun)]) or re.search(rf"\b{noun}s[:=] ?0\b", t) for t in told):
        return f"says there are some, but the evidence tells of no {noun}s"
    return None


_INSTEAD = re.compile(
    r"([\w./-]*\d[\w./-]*)\s(?:of\s\S+\s)?(?:has\s|was\s)?"
    r"(?:(?P<by>(?:was )?(?:replaced|superseded) by)|replaced|superseded|took over from)\s([\w./-]*\d[\w./-]*\w)"
)
_LIMIT_SAID = re.compile(r"\b(?:limit|threshold|objective|target)\s(?:of|is|was|at|being|=|:)\s(?=\d)", re.IGNORECASE)
_LIMIT_HELD = re.compile(
    r"(?:\b(?:threshold|limit|objective|above|exceed(?:ed|s)?|over|below)"
    r"\b[\"']?\W{0,3}(?:of |is )?|[<>≥≤]=?\s?)(?=\d)",
    re.IGNORECASE,
)


def _replaced(plain: str, shelf: Shelf) -> str | None:
    """Why one version did not replace the other; None when nothing shows that."""
    match = _INSTEAD.search(plain)
    if match is None:
        return None
    ends = match.group(1), match.group(3)
    old, new = ends if match.group("by") else ends[::-1]
    texts = [r.full for r in shelf.rows]
    there, back = (
        any(re.search(rf"{re.escape(a)}\W{{0,3}}\s*(?:->|→|=>|to)\s*\W{{0,3}}{re.escape(b)}", t) for t in texts)
        for a, b in ((old, new), (new, old))
    )
    if back and not there:
        return f"the evidence goes from {new} to {old}"
    came = [min((m.epoch for r in shelf.rows if v in r.full for m in r.times), default=None) for v in (old, new)]
    late = came[0] is not None and came[1] is not None and came[0] > came[1]
    return f"{new} came before {old}" if late and not there else None


def _limit(plain: str, shelf: Shelf) -> str | None:
    """Why the limit a claim names is none; None when nothing shows that."""
    said = [n for m in _LIMIT_SAID.finditer(plain) for n in list(numbers(plain[m.end() :]))[:1] if n.start == 0]
    texts = [re.sub(r"[\"'\n]", " ", r.full) for r in near(plain, shelf)]
    held = [n for t in texts for m in _LIMIT_HELD.finditer(t) for n in list(numbers(t[m.end() :]))[:1] if n.start == 0]
    if said and held and not any(s.could_be(h) for s in said for h in held):
        return f"{said[0].text} is no limit, {held[0].text} is"
    return None
