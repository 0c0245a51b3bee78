"""What a claim says came first, held against the times the evidence gives: a cause precedes its effect."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sre_advisor.investigate.checking.clock import DAY, moments
from sre_advisor.investigate.checking.directions import series_of
from sre_advisor.investigate.checking.events import kinds, when
from sre_advisor.investigate.checking.lexicon import is_ordinary
from sre_advisor.investigate.checking.names import identifiers
from sre_advisor.investigate.checking.row import Row
from sre_advisor.investigate.checking.shelf import Shelf

_FORWARD = (
    r"caused|causes|causing|led to|leads to|leading to|triggered|triggers|triggering|resulted in|results in|"
    r"brought down|"
    r"brought about|broke(?! out)|precipitated|preceded|precedes|was followed by|were followed by|followed by|and then|"
    r"only then|(?:and )?(?:subsequently|afterwards|thereupon)|and later|(?:earlier|sooner) than|antedates|predates|"
    r"began before|until|till|"
    r"before|ahead of|prior to|which (?:then )?(?:caused|led to|triggered|made)|is (?:the )?(?:root )?cause of|"
    r"explains|drove|set off|"
    r"(?:is|was) the reason for|(?:is|was) responsible for|pushed|made"
)
_BACKWARD = (
    r"(?:was|were|is|are|been)?\s?(?:\w+ly )?(?:caused|triggered|driven|preceded|brought about|set off|"
    r"explained|produced) by|because of|because|"
    r"due to|as a result of|as a consequence of|following|followed(?! by)|after|in response to|resulted from|"
    r"results from|stems from|"
    r"(?:was |were |is |as )?(?:an? )?(?:reaction|response|answer|consequence|result|symptom|effect|by-product|"
    r"fallout) (?:to|of|from)|"
    r"owing to|thanks to|in the wake of|later than|postdates|trailed|lagged(?: behind)?"
)
_LINK = re.compile(
    rf"(?<![\w])(?P<back>{_BACKWARD})(?![\w])|(?:[,;]\s*then|(?<![\w])(?P<forth>{_FORWARD}))(?![\w])", re.IGNORECASE
)
_LEADING = re.compile(
    r"^\s*(?P<word>after|following|because of|because|due to|as a result of|once|before|prior to|"
    r"when)\s+(?P<one>[^,]+),\s*(?P<other>.+)$",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"^(?P<one>[^,;]+)(?:,|;| and)\s+(?:and |then |with )?"
    r"(?P<other>[^,;]*\w[^,;]*\b(?:later|afterwards|thereafter|next|second))"
    r"(?:\s(?:at|on|in)\b[^,;]*)?\W*$",
    re.IGNORECASE,
)
_OF_THE_SAME = re.compile(r"\w+ing (?:at|near|around|on|in|steady|flat)\b", re.IGNORECASE)
"""After "after": what the same thing did before, rather than another event."""
_CAUSAL = re.compile(
    r"caus|led to|leads to|trigger|result|because|due to|brought|broke|explain|drove|driven|reason|responsible|owing",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:not|n't|never|rather than|neither|nor|unlikely|cannot|no)\b", re.IGNORECASE)
_EVENTS = re.compile(
    r"deploy|commit|flag|rollout|release|migration|restart|alert|config|merge|error|fail|latenc|timeout|timed out|"
    r"crash|cpu|memor|heap|5xx|exception|panic|duration|"
    r"p99|p95|p50|shipped|rolled out|queue|log|traffic|request|availab|uptime|saturat|exhaust|conn|pool|slow",
    re.IGNORECASE,
)
_AT_LAST = re.compile(r",\s(?:namely\s)?at\s\d[^,]*$")
_GAP = re.compile(
    r"(?<![\w.:])(\d+(?:\.\d+)?)[\s-]?(s|secs?|seconds?|m|mins?|minutes?|h|hours?)\b"
    r"(?=\s(?:after|before|later|earlier|ahead|prior|following|behind|younger|older))"
)
_GAP_TOO = re.compile(
    r"\b(?:at least|more than|less than|over|under|within|nearly|almost)\b|"
    r"\d\s?h(?:ours?)? (?:and )?\d|\d\s?m(?:in\w*)?,? (?:and )?\d",
    re.IGNORECASE,
)
GRACE_S = 1


def links(text: str) -> list[tuple[str, str, bool]]:
    """(what came first, what came after, whether as cause) for each such statement of the text."""
    later = _LATER.match(text)
    if later:
        return [(later.group("one"), later.group("other"), False)]
    leading = _LEADING.match(text)
    if leading and not _OF_THE_SAME.match(leading.group("one")):
        one, other = leading.group("one"), leading.group("other")
        word = leading.group("word").casefold()
        pair = (other, one) if word in ("before", "prior to") else (one, other)
        return [(*pair, bool(_CAUSAL.search(word)))]
    found: list[tuple[str, str, bool]] = []
    for match in _LINK.finditer(text):
        head, tail = text[: match.start()], text[match.end() :]
        if _LINK.match(tail.lstrip()):  # "broke because of": the second word links
            continue
        if not re.search(r"\w", head) or not re.search(r"\w", tail) or _NOT.search(head[-18:]):
            continue
        if match.group("forth") and re.search(r"\b(?:was|were|is|are|been|be|got)\s(?:\w+ly\s)?$", head):
            continue
        word = match.group()
        if re.match(r"\s*(?:the onset|it began|that|this|it)\b", tail) or re.search(
            r"\b(?:never|than|as|the day|week)\s*$", head
        ):
            continue
        late = _AT_LAST.search(tail)
        if late and match.group("back") and not moments(head):  # "rose 5 min after the deploy, at 14:32"
            head, tail = head + late.group(), tail[: late.start()]
        pair = (tail, head) if match.group("back") else (head, tail)
        found.append((*pair, bool(_CAUSAL.search(word))))
    return found[:2]


def wrong_order(text: str, shelf: Shelf) -> str | None:
    """Why what the claim puts first did not come first, or not so long before; None when nothing shows that."""
    timed = [r for r in shelf.rows if r.times and not r.whole]
    series = series_of(timed)
    for first, after, causal in links(text):
        one, other = (when(part, timed, series, shelf) for part in (first, after))
        if one and other and min(one) > max(other) + GRACE_S and min(one) - max(other) < DAY / 2:
            said = "cause" if causal else "earlier event"
            return f"the {said} it names came at {_clock(min(one))}, after {_clock(max(other))}"
        apart = _wrong_gap(text, one, other)
        if apart:
            return apart
        turned = _turned(first, after, shelf.rows)
        if turned:
            return turned
    return None


def unsure_order(text: str, shelf: Shelf) -> str | None:
    """Why the order told cannot be told from the evidence; None when it can, or none is told."""
    timed = [r for r in shelf.rows if r.times and not r.whole]
    if len(timed) < 2:
        return None
    series = series_of(timed)
    for first, after, _ in links(text):
        told = all(shelf.services_in(part) or identifiers(part) or kinds(part) for part in (first, after))
        if told and any(not when(part, timed, series, shelf) for part in (first, after)):
            return "which came first cannot be told from what it cites"
    return None


def _wrong_gap(text: str, one: Sequence[int], other: Sequence[int]) -> str | None:
    """Why the time told between two events is not that; only where each of them is found at one time."""
    told = list(_GAP.finditer(text))
    if len(told) != 1 or len(set(one)) != 1 or len(set(other)) != 1 or _GAP_TOO.search(text):
        return None
    value, unit = float(told[0].group(1)), told[0].group(2).casefold()
    size = 3600 if unit.startswith("h") else 60 if unit.startswith("m") else 1
    gap, room = other[0] - one[0], size * (1.05 if size > 1 else 2) + 0.1 * value * size
    room += 60 * any(not m.exact for m in moments(text))
    if 0 <= gap < DAY / 2 and abs(gap - value * size) > room:
        return f"{gap} s lie between the two, not {told[0].group().strip()}"
    return None


def _turned(first: str, after: str, rows: Sequence[Row]) -> str | None:
    """Evidence that says in words the opposite of what the claim says caused what."""
    one, other = _content(first), _content(after)
    straight = False
    turned = None
    for row in rows:
        for cause, effect, _ in links(row.text) if len(row.text) < 400 else ():
            theirs, ours = _content(cause), _content(effect)
            along = len(one & theirs) + len(other & ours)
            across = len(one & ours) + len(other & theirs)
            straight |= along > across
            if across > along and one & ours and other & theirs:
                turned = "the evidence has cause and effect the other way round"
    return None if straight else turned


def _content(text: str) -> set[str]:
    return {
        w.casefold()[:7]
        for w in re.findall(r"[\w-]{3,}", text)
        if w.isalpha() is False or not is_ordinary(w) or _EVENTS.match(w)
    }


def _clock(epoch: int) -> str:
    second = epoch % DAY
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
