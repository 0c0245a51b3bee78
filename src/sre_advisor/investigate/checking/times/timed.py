"""The clauses of a claim that have one time, with their words before and after it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sre_advisor.investigate.checking.words.clauses import clauses
from sre_advisor.investigate.checking.words.clock import Moment

_ONLY_TIME = re.compile(r"^[^\w]*(?:at |the |about |around )*$", re.IGNORECASE)
NOT_UNTIL = re.compile(
    r"(?:\b(?:not|never)|n['’]t)\s(?P<what>[^,;]{3,})\b(?:until|before|till)\s(?:the\s|about\s|around\s)?$",
    re.IGNORECASE,
)
_HEADLESS = re.compile(r"\W*(?:was|were|is|had been|has been|got|went|came)\s", re.IGNORECASE)
_ASIDE = re.compile(
    r"\w\W*,\s(?:which|who|whose|that|built|carrying|containing|made|written|by)\b.*,\s*$", re.IGNORECASE
)
MOST_ASIDES = 3


def timed(plain: str, said: Sequence[Moment], free: set[int]) -> Iterator[tuple[str, str, str, Moment]]:
    """(clause, its words before the time, those after it, the time) of each clause with one time."""
    found: list[tuple[int, str]] = []
    for where, clause in clauses(plain):
        time = next((m for m in said if where <= m.start < where + len(clause)), None)
        if (
            found
            and time is not None
            and _ONLY_TIME.match(clause[: time.start - where])
            and _joins(plain, found[-1], where)
        ):
            start = found.pop()[0]  # "has been firing since 10:49"
            found.append((start, plain[start : where + len(clause)]))
        elif found and time is not None and _HEADLESS.match(clause):
            start = _subject_of(plain, found, where, said)
            found = [f for f in found if f[0] < start]
            found.append((start, plain[start : where + len(clause)]))
        else:
            found.append((where, clause))
    for where, clause in _with_asides(plain, found, said):
        times = [m for m in said if where <= m.start < where + len(clause)]
        if len(times) == 1 and times[0].start not in free:
            at, end = times[0].start - where, times[0].end - where
            yield clause, clause[:at], clause[end:], times[0]


def _subject_of(plain: str, found: Sequence[tuple[int, str]], where: int, said: Sequence[Moment]) -> int:
    """Where the subject begins of a clause that goes on after an aside: "v2, which carries X, was rolled out at …"."""
    for start, _ in reversed(found[-MOST_ASIDES:]):
        if _ASIDE.search(plain[start:where]) and not any(start <= m.start < where for m in said):
            return start
    return where


def _with_asides(plain: str, found: Sequence[tuple[int, str]], said: Sequence[Moment]) -> list[tuple[int, str]]:
    """The clauses, those that only brackets hold apart as one, unless more than one time would stand in it."""
    joined: list[tuple[int, str]] = []
    for where, clause in found:
        start = joined[-1][0] if joined else where
        end = start + len(joined[-1][1]) if joined else where
        whole = plain[start : where + len(clause)]
        if (
            joined
            and re.search(r"[()]", plain[end:where])
            and sum(start <= m.start < start + len(whole) for m in said) < 2
        ):
            joined[-1] = (start, whole)
        else:
            joined.append((where, clause))
    return joined


def _joins(plain: str, last: tuple[int, str], where: int) -> bool:
    before = plain[last[0] : where]
    return (
        re.search(r"\b(?:since|as of)\s*$", before, re.IGNORECASE) is not None or NOT_UNTIL.search(before) is not None
    )
