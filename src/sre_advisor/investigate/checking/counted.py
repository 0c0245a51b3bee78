"""How many of something a claim tells of ("four deploys", "both services"), held against what the evidence lists."""

from __future__ import annotations

import re

from sre_advisor.investigate.checking.clock import DAY, stretches
from sre_advisor.investigate.checking.directions import series_of
from sre_advisor.investigate.checking.held import Said
from sre_advisor.investigate.checking.quantities import Number
from sre_advisor.investigate.checking.shelf import Shelf

_NOUN = re.compile(
    r"^\s(?:(?:more|other|different|separate|such|of the|of its|[a-z]+(?:ing|ed|ive|ous|al|ent)|hot|bad|slow|failed|new|one-minute)\s){0,3}"
    r"(?:[\w-]+\s){0,1}?(?P<noun>samples?|readings?|rows?|minutes in a row|services|pods|deploys?|deployments?|releases?|"
    r"rollouts?|builds?|commits?|changes|alerts?|pages|lines?|errors|warnings|entries|requests|calls|lookups|flags?|"
    r"restarts?|panics|times in a row|timeouts|failures|hosts|replicas|charges|queries)\b"
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
_BEARERS = ("service", "pod", "host", "replica")
MOST = 60


def noun_of(said: Said, plain: str) -> str | None:
    """What a whole number counts; None when it counts nothing that evidence lists."""
    return _counted(said.readings[0], plain)


def counts_something(number: Number, plain: str) -> bool:
    """Whether a whole number counts something that evidence lists."""
    return _counted(number, plain) is not None


def _counted(number: Number, plain: str) -> str | None:
    if number.unit or not number.value.is_integer() or not 2 <= number.value <= MOST:
        return None
    match = _NOUN.match(plain[number.start + len(number.text) :])
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
