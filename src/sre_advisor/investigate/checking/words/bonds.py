"""Which time and which role a sentence gives each of its figures: "0.2 % at 15:02, with a peak of 95 % at 15:11"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sre_advisor.investigate.checking.words.clock import DAY, Moment, blanked
from sre_advisor.investigate.checking.words.quantities import STATUS, Number

HIGH, LOW, BEFORE, NOW, LIMIT = "highest", "lowest", "one before", "latest", "limit"
_NEAR = (
    r"(?:[\s:=(]|\b(?:at|of|was|is|is at|were|value|reading|only|just|about|around|some|a|the|to|it|stood|being)\b)*$"
)
_NO_OTHER = r"(?<!second )(?<!smaller )(?<!another )(?<!minor )"
"""A peak of several says nothing of the highest."""
_ROLES = (
    (
        HIGH,
        (
            rf"{_NO_OTHER}peak(?:ed|s|ing)?|topp(?:ed|ing) out|tops out|crest(?:ed|s)?|max(?:imum|ed out)?|"
            r"high(?:est)?(?: point)?|as (?:high|much|many|long) as|worst(?: of it)?|"
            r"at its (?:worst|slowest|highest|height)"
        ),
    ),
    (
        LOW,
        r"bottom(?:ed|s|ing)? out|trough(?:ed|s)?|min(?:imum)?|low(?:est)?(?: point)?|as (?:low|little|few) as|nadir",
    ),
    (
        BEFORE,
        (
            r"baseline(?: median| mean| average)?|base|median|usual(?:ly)?|normal(?:ly)?|typical(?:ly)?|before|"
            r"previously|formerly|had been|used to be|old|prior|as against|up from|down from|left|leaving"
        ),
    ),
    (NOW, r"now|currently|latest|current(?: value)?|at present|observed|most recently|by now"),
    (LIMIT, r"threshold|limit(?:ed)?|objective|target|quota|cap(?:ped)?|budget|deadline"),
)
_BEFORE_FIGURE = tuple(
    (role, re.compile(rf"(?<!as )(?<!than )\b(?:{words}){_NEAR}", re.IGNORECASE)) for role, words in _ROLES
)
_ON = r"(?:(?!\b(?:and|but|while|before|after)\b)[^\d;.]){0,70}$"
_SUPERLATIVE = tuple(
    (role, re.compile(rf"{_NO_OTHER}\b(?:{words})\b(?!\s(?:than|alert)){_ON}", re.IGNORECASE))
    for role, words in ((HIGH, "highest|maximum|peak|worst|slowest"), (LOW, "lowest|minimum"))
)
_SUPERLATIVE_AFTER = tuple(
    (role, re.compile(rf"^[^\d;.]{{0,30}}?,\s(?:(?:its|the|their)\s(?:\w+\s)?(?:{words})\b)", re.IGNORECASE))
    for role, words in ((HIGH, "highest|maximum|peak|worst"), (LOW, "lowest|minimum"))
)
_ASIDE = r"[^\w\n]{0,3}"
_ALONE = r"(?!\s*[:=]|\W{0,3}(?:about |around |~)?\d|\s(?:of|was|is|at)\b)"
"""A word of the role of the figure before it does not go on to another figure."""
_AFTER_FIGURE = (
    (NOW, re.compile(rf"^{_ASIDE}(?:now|at present|currently|at the moment)\b{_ALONE}", re.IGNORECASE)),
    (
        BEFORE,
        re.compile(
            rf"^{_ASIDE}(?:before(?:hand)?|previously|earlier|at baseline|in the baseline|as (?:a|its|the) baseline|"
            rf"normally|usually)\b{_ALONE}",
            re.IGNORECASE,
        ),
    ),
    (
        HIGH,
        re.compile(
            rf"^{_ASIDE}(?:(?:at|as) (?:its|the|their|a|most)? ?(?:peak|maximum|most|highest|worst))\b", re.IGNORECASE
        ),
    ),
    (
        LIMIT,
        re.compile(
            rf"^{_ASIDE}(?:(?:is|was|being) )?(?:(?:the|its|a) )?"
            rf"(?:threshold|limit|objective|target|budget|deadline)\b{_ALONE}",
            re.IGNORECASE,
        ),
    ),
)
_TO_TIME = re.compile(
    r"^[^\d;:\n]{0,110}?"
    r"(?:\b(?:at|corresponds? to|@|by|on|around|as of|in (?:the|its|their|that)|for the|of the|time|from|since)\b|"
    r"[(@=])\s?(?:about |around |~)?[\s(=]*$",
    re.IGNORECASE,
)
_BREAKS = re.compile(
    r"\b(?:while|whereas|whilst|but|and then|before|after|until|till|once|when|where|although|though|because|then|"
    r"as)\b|[;]",
    re.IGNORECASE,
)
_TIME_THEN = re.compile(r"^[ \tZ:=|)\]]{1,6}(?:UTC[\s:,)]*)?$")
_THEN_FIGURE = re.compile(r"^(?:\sUTC)?[\s,:]{1,2}(?:[a-z]+\s){0,4}?[-−~]?\d(?!\d?:)")
_LATER = re.compile(
    r"(?:\b(?:(?P<one>an?|one|the)|(?P<n>\d+(?:\.\d+)?))\s(?P<unit>second|minute|min|hour)s?\s"
    r"(?P<way>later|after(?:wards)?|on|earlier|before|previously))\b",
    re.IGNORECASE,
)
_MADE = re.compile(r"(?<![\w.])(?=\w*[A-Za-z])(?=\w*\d)(?!\d+(?:\.\d+)?(?:ms|s|m|h|x|k|[kKMG]i?B?|µs)\b)\w+")
"""Words with digits in them ("5xx", "p99"), which are no figures."""
_OPENED = re.compile(
    r"(?:^|[,;:.]\s|\band\s)(?:\w+\s)?(?:\b(?:at|by|in the|on|of|the)|@)\s(?:about |around )?$", re.IGNORECASE
)
_LEFT = re.compile(r"\b(?:left|leaves|leaving|departed from)\s(?:its |the |about )?$", re.IGNORECASE)
"""A figure that was left at a time was read before it."""
_AT_END = re.compile(r"\b(?:at|of|from|by|on)\s$", re.IGNORECASE)
SENTENCE = 300
"""Characters over which a superlative is still about a figure."""
CLOSE = 45
REACH = 120
"""Characters over which a time at the head of a sentence governs the figures behind it."""
_WITH_IT = re.compile(r"^,?\s(?:with|when|where|at which)\b")
"""What follows was read at the time just named."""
_SIZE = {"second": 1, "minute": 60, "min": 60, "hour": 3600}


@dataclass(frozen=True, slots=True)
class Bond:
    """A figure with the time and the role its sentence gives it; `sure` when the two stand side by side."""

    number: Number
    time: Moment | None = None
    sure: bool = False
    role: str = ""
    moved: bool = False
    """Given as one end of a move ("from 3 to 5"), the time being that of the other end."""


def bonds(text: str, figures: Sequence[Number], times: Sequence[Moment]) -> list[Bond]:
    """Each figure with what its sentence says of it; `times` may hold those told relative to another."""
    masked = _MADE.sub(_hidden, STATUS.sub(_hidden, text)).replace("::", "__")
    found: list[Bond] = []
    taken: set[int] = set()
    for number in figures:
        bond = _bond(masked, number, figures, times)
        if bond.time is not None and bond.time.start in taken:
            own = _OPENED.search(masked[: bond.time.start]) or _WITH_IT.match(masked[bond.time.end : number.start])
            bond = bond if own else replace(bond, sure=False)
        if bond.time is not None and bond.sure and bond.time.start > number.start:
            taken.add(bond.time.start)
        found.append(bond)
    return found


def _hidden(match: re.Match[str]) -> str:
    return "x" * len(match.group())


def relative_times(text: str, times: Sequence[Moment]) -> list[Moment]:
    """Times told by their distance from the last one named ("a minute later"), loosely."""
    found: list[Moment] = []
    for match in _LATER.finditer(text):
        base = next((t for t in reversed(times) if t.start < match.start()), None)
        if base is None:
            continue
        step = (1.0 if match.group("one") else float(match.group("n"))) * _SIZE[match.group("unit").casefold()]
        way = -1 if match.group("way").casefold() in ("earlier", "before", "previously") else 1
        second = round(base.second + way * step)
        date = None if base.date is None else base.date + (second // DAY) * DAY
        found.append(
            replace(
                base, second=second % DAY, local=second % DAY, date=date, text=match.group(), exact=False, loose=True,
                start=match.start(), end=match.end(),
            )
        )  # fmt: skip
    return found


def role_of(text: str, number: Number) -> str:
    """Which of its series' values a figure is said to be; empty when nothing is said."""
    bare = blanked(text)
    head = bare[max(0, number.start - 48) : number.start]
    tail = bare[number.end :]
    unit = re.match(r"\s?(?:%|[A-Za-zµ]{1,12}\b|percent(?:age points?)?)", tail)
    after = tail[unit.end() :] if unit and number.unit else tail
    for role, pattern in (*_AFTER_FIGURE, *_SUPERLATIVE_AFTER):
        if pattern.match(after):
            return role
    near = next((role for role, pattern in _BEFORE_FIGURE if pattern.search(head)), "")
    ahead = bare[max(0, number.start - SENTENCE) : number.start]
    return near or next((role for role, pattern in _SUPERLATIVE if pattern.search(ahead)), "")


def _bond(text: str, number: Number, figures: Sequence[Number], times: Sequence[Moment]) -> Bond:
    role, end = role_of(text, number), number.end
    later = min((t for t in times if t.start >= end), key=lambda t: t.start, default=None)
    if later is not None:
        between = text[end : later.start]
        crossed = any(end <= f.start < later.start for f in figures)
        beside = _LATER.match(text[later.start : later.end]) is not None
        joint = re.fullmatch(r"[^\d,;:.]{0,16}\s", between) if beside else _TO_TIME.match(between)
        onward = re.search(r"(?:,|\band)\s(?:\w+\s)?(?:at|by|@|in the)\s$", between) and _THEN_FIGURE.match(
            text[later.end :]
        )
        left = _LEFT.search(text[: number.start])
        if not left and not crossed and joint and not onward and not _BREAKS.search(between):
            return Bond(number, later, sure=True, role=role)
        if left or (crossed and re.match(r"^\s?[^\s\d]{0,9}\s(?:to|->|→)\s", text[end:])):
            return Bond(number, role=role or BEFORE, moved=True)
    earlier = max((t for t in times if t.end <= number.start), key=lambda t: t.start, default=None)
    if earlier is None:
        return Bond(number, role=role)
    between = text[earlier.end : number.start]
    crossed = any(earlier.end <= f.start < number.start for f in figures)
    if _TIME_THEN.match(between):
        return Bond(number, earlier, sure=True, role=role)
    opening = _OPENED.search(text[: earlier.start])
    with_it = _WITH_IT.match(between) is not None
    if re.search(r"\bfrom\s(?:about |around )?$", between):
        return Bond(number, role=role or BEFORE, moved=True)
    governs = opening is not None and (not crossed or (opening.start() == 0 and len(times) == 1))
    to_it = re.search(r"\bto\s(?:about |around |some |only |just )?$", between) is not None
    plain = with_it or not (_BREAKS.search(between) or (re.search(r"\bfrom\s(?:\w+\s){0,2}$", between) and not to_it))
    governs = governs or (opening is not None and to_it)
    close = (
        not crossed
        and len(between) < CLOSE
        and not re.search(r"[,;:]", between)
        and _AT_END.search(text[: earlier.start])
    )
    alone = crossed and len(times) == 1 and _AT_END.search(text[: earlier.start]) and not role
    governs = governs or bool(close) or bool(alone)
    return Bond(number, earlier, sure=(with_it or governs) and plain and len(between) < REACH, role=role)
