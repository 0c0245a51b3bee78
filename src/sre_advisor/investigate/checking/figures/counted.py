"""How many of something a claim tells of ("four deploys", "both services"), held against what the evidence lists."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sre_advisor.investigate.checking.evidence.directions import series_of
from sre_advisor.investigate.checking.evidence.observations import Observation
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.figures.held import Said
from sre_advisor.investigate.checking.words.clock import DAY, stretches
from sre_advisor.investigate.checking.words.quantities import Number

_NOUN = re.compile(
    r"^\s(?:(?:more|other|different|separate|such|of the|of its|hot|bad|slow|failed|new|one-minute|"
    r"[a-z]+(?:ing|ed|ive|ous|al|ent))\s){0,3}(?:[\w-]+\s){0,1}?"
    r"(?P<noun>samples?|readings?|rows?|minutes in a row|times in a row|services|callers|pods|hosts|replicas|deploys?|"
    r"deployments?|releases?|rollouts?|builds?|commits?|changes|alerts?|pages|lines?|errors|warnings|entries|requests|calls|lookups|"
    r"flags?|restarts?|panics|timeouts|failures|charges|queries)\b"
)
_KINDS = {
    "deploy": "deploy|release|rollout|build|rolled out|image|version",
    "commit": "commit|^[0-9a-f]{7,40}",
    "alert": "alert|firing|fired",
    "restart": "restart|oomkill",
    "flag": "flag",
}
_STEMS = {
    "release": "deploy", "rollout": "deploy", "build": "deploy", "deployment": "deploy", "page": "alert",
}  # fmt: skip
_SAMPLES = ("sample", "reading", "row", "minutes in a row", "times in a row")
"""Of these some may be meant, those that something was true of."""
_BEARERS = ("service", "caller", "pod", "host", "replica")
_PLURAL = re.compile(r"^\s([a-z]{4,}s)\b")
STEM = 6
LISTED = (*_SAMPLES, *_BEARERS)
COUNTED = (*LISTED, *_KINDS, *_STEMS)
"""What evidence lists one by one, so that its number need not stand in it."""
MOST = 60


def noun_of(said: Said, plain: str) -> str | None:
    """What a whole number counts; None when it counts nothing that evidence lists."""
    return _counted(said.readings[0], plain)


def counts_some(number: Number, plain: str) -> bool:
    """Whether a whole number counts some of what evidence lists ("two samples")."""
    return _counted(number, plain) in LISTED


def _counted(number: Number, plain: str) -> str | None:
    if number.unit or not number.value.is_integer() or not 2 <= number.value <= MOST:
        return None
    match = _NOUN.match(plain[number.end :])
    return match.group("noun").removesuffix("s") if match else None


def miscounted(said: Said, plain: str, shelf: Shelf) -> str | None:
    """Why there are not so many; None when there are, or when they cannot be counted."""
    noun = noun_of(said, plain)
    if noun is None or not said.owners:
        return None
    kind = _STEMS.get(noun, noun)
    words = _KINDS.get(kind)
    if words is None or kind not in ("deploy", "flag", "commit"):
        return None
    alike = [r for r in shelf.rows if not r.whole and len(r.times) == 1 and re.search(words, r.full, re.IGNORECASE)]
    ours = {r.times[0].epoch for r in alike if said.owners & shelf.owners_of(r)}
    theirs = {r.times[0].epoch for r in alike}
    wanted = int(said.readings[0].value)
    if said.sure and len(theirs) > 1 and ours and wanted not in (len(ours), len(theirs)) and wanted > len(ours):
        return f"{wanted} is not how many {noun}s there are: {len(ours)}"
    return None


def otherwise_told(said: Said, plain: str, held: Sequence[Observation]) -> str | None:
    """How many of the noun beside a whole number the evidence tells of, where it never tells of so many."""
    number = said.readings[0]
    match = _PLURAL.match(plain[number.end :])
    if match is None or number.unit or not number.value.is_integer():
        return None
    stem = match.group(1).casefold().removesuffix("s")[:STEM]
    told = [
        o
        for o in held
        if _beside(o, stem) and (not said.bond.sure or not o.time or not said.bond.time or said.bond.time.is_at(o.time))
    ]
    if not told or any(said.fits(o) for o in told):
        return None
    return f"{number.text} {match.group(1)} are told of nowhere, but {told[0].number.text}"


def _beside(held: Observation, stem: str) -> bool:
    """Whether the figure stands before the noun ("4 retries") or in a field of its name ("max_retries: 4")."""
    text, end = held.row.text, held.number.end
    behind = re.match(rf"\s{stem}\w*", text[end:], re.IGNORECASE)
    ahead = re.search(
        rf"(?:^|[_\W]|(?<=[a-z])){stem}\w*[\"']?\s?[:=]\s?[\"']?$", text[: held.number.start], re.IGNORECASE
    )
    return held.number.start >= 0 and not held.number.unit and (behind is not None or ahead is not None)


def counts(said: Said, plain: str, shelf: Shelf) -> set[int]:
    """How many there may be of what the number counts."""
    found = shelf.sizes()
    rows = [r for r in shelf.rows if not r.whole]
    bearers = len({s for r in rows for s in shelf.owners_of(r)})
    found |= set(range(2, bearers + 1)) if noun_of(said, plain) in _BEARERS else {len(shelf.services_in(plain))}
    found |= {sum(bool(said.owners & shelf.owners_of(r)) for r in rows)}
    for samples in series_of(rows):
        found |= set(range(2, len(samples) + 1)) if noun_of(said, plain) in _SAMPLES else {len(samples)}
        for start, end in stretches(plain):
            length = (end.second - start.second) % DAY
            found.add(sum((r.times[0].second - start.second) % DAY < length + 60 for r in samples))
    return found
