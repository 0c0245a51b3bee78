"""The stretch of time in which a sentence says something held: "from 10:05 on", "for three minutes from 10:05"."""

from __future__ import annotations

import re
from collections.abc import Callable

from sre_advisor.investigate.checking.words.clock import DAY, Moment, moments, stretches
from sre_advisor.investigate.checking.words.quantities import measure

_AFTER = re.compile(
    r"\b(?:after|since|from|past|starting(?: at| with)?|beginning(?: at| with)?)\s(?:about )?$", re.IGNORECASE
)
_BEFORE = re.compile(r"\b(?:before|until|till|up to|prior to|through)\s(?:about )?$", re.IGNORECASE)
_BASE = re.compile(
    r"\b(?:than|compared (?:with|to)|against|versus|vs\.?|relative to)\s"
    r"(?:(?:at|in|the|its|their|that|of|what it was)\s)*$",
    re.IGNORECASE,
)
_FOR = re.compile(
    r"\b(?:for|in|over|during)\s(?:the\s)?(?:(?:first|next)\s)?(\d+)\s(seconds?|minutes?|min|hours?)\b", re.IGNORECASE
)
MINUTE = 60


def window(plain: str, *, picks: bool = False) -> Callable[[Moment], bool] | None:
    """Whether a reading's time lies in what the sentence names; None where it names no stretch of time.

    Times that something is compared with ("than at 10:05") are none of it; with `picks`, several single times are.
    """
    for start, end in stretches(plain):
        return _between(start.second, (end.second - start.second) % DAY + MINUTE)
    said = [m for m in moments(plain) if not _BASE.search(plain[: m.start])]
    opens = [m for m in said if _AFTER.search(plain[: m.start])]
    closes = [m for m in said if _BEFORE.search(plain[: m.start])]
    if len(opens) == 1 and not closes:
        lasts = _FOR.search(plain)
        length = int(lasts.group(1)) * measure(lasts.group(2))[1] if lasts else DAY / 2
        return _between(opens[0].second, length)
    if len(closes) == 1 and not opens:
        return _between((closes[0].second - DAY // 2) % DAY, DAY / 2)
    if len(opens) == len(closes) == 1:
        return _between(opens[0].second, (closes[0].second - opens[0].second) % DAY + MINUTE)
    return (lambda time: any(m.is_at(time) for m in said)) if picks and len(said) > 1 else None


def _between(start: float, length: float) -> Callable[[Moment], bool]:
    return lambda time: (time.second - start) % DAY < length
