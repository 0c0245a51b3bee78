"""Which of several services has more of something: "slower than", "the highest of the three", "twice that of"."""

from __future__ import annotations

import re
from collections import defaultdict

from sre_advisor.investigate.checking.evidence.fields import fields_of
from sre_advisor.investigate.checking.evidence.names import identifiers, is_metric
from sre_advisor.investigate.checking.evidence.row import Row
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.figures.comparisons import value_of
from sre_advisor.investigate.checking.words.clock import blanked, moments
from sre_advisor.investigate.checking.words.quantities import Number, measure

_UP = r"higher|greater|larger|bigger|slower|longer|worse|busier|hotter"
_DOWN = r"lower|smaller|faster|shorter|quicker|fewer"
_THAN = re.compile(
    rf"\b(?:(?P<up>{_UP}|more)|(?P<down>{_DOWN}|less))\b(?:\s\S+){{0,6}}?\s(?P<than>than)\b"
    r"(?!\s(?:about |around |some |roughly |an? (?:half|third|quarter)|half|\d|(?:one|two|three) (?:in|out of)))",
    re.IGNORECASE,
)
_MOST = re.compile(
    r"\bthe (?:\w+ )?(?:(?P<up>highest|largest|biggest|greatest|slowest|longest|most|worst)|"
    r"(?P<down>lowest|smallest|fastest|shortest|fewest|least))\b(?!\s(?:\w+\s)?(?:since|in|at|on record|value))",
    re.IGNORECASE,
)
_KINDS = (
    (r"slow|fast|quick|latenc|response time|duration|p\d\d", r"latenc|duration|p\d\d|response|_ms\b|seconds|time"),
    (r"cpu", r"cpu"),
    (r"mem", r"mem|heap|rss"),
    (r"error|fail|5xx", r"error|fail|5xx"),
    (r"availab", r"availab"),
    (r"traffic|request|busy|busier", r"request|rps|qps|traffic"),
)
_OVER_TIME = re.compile(
    r"\b(?:seen|recorded|reached|sample|reading|window|came to|of (?:all )?its|observed)\b", re.IGNORECASE
)
"""Words of the highest of one thing's readings rather than of several things."""
_NOT = re.compile(r"\bnot\b|n't\b|\bno\b|\bnever\b", re.IGNORECASE)


def contradicted_ranking(plain: str, shelf: Shelf) -> str | None:
    """Why what is said to have more has less, or the most has not; None when nothing shows that."""
    than, most = _THAN.search(plain), _MOST.search(plain)
    if _NOT.search(plain) or not (than or most):
        return None
    if than:
        one, other = (_things(part, shelf) for part in (plain[: than.start("than")], plain[than.end("than") :]))
        if len(one) != 1 or len(other) != 1 or one == other:
            return None
        told = [_gap(held, one[0], {other[0]}) for held in _tables(plain, shelf)]
        return _verdict([t for t in told if t is not None], up=bool(than.group("up")))
    assert most is not None
    things = _things(plain, shelf)
    if len(things) != 1 or _OVER_TIME.search(plain[most.start() :]):
        return None
    told = [_gap(held, things[0], set(held)) for held in _tables(plain, shelf) if len(held) > 1]
    return _verdict([t for t in told if t is not None], up=bool(most.group("up")))


def unsure_ranking(plain: str, shelf: Shelf) -> str | None:
    """Why two things cannot be held against each other; None when they can, or are not."""
    than = _THAN.search(plain)
    if than is None:
        return None
    one, other = (_things(part, shelf) for part in (plain[: than.start("than")], plain[than.end("than") :]))
    if (
        len(one) != 1
        or len(other) != 1
        or one == other
        or any(set(h) >= {one[0], other[0]} for h in _tables(plain, shelf))
    ):
        return None
    return "what it compares cannot be held against each other by what it cites"


def _verdict(gaps: list[tuple[float, float]], *, up: bool) -> str | None:
    """Judged on every reading that both have: one where it holds is enough."""
    wrong = [(a, b) for a, b in gaps if (a < b if up else a > b)]
    if gaps and len(wrong) == len(gaps):
        return f"it is {wrong[0][0]:.4g} against {wrong[0][1]:.4g}"
    return None


def _gap(held: dict[str, float], one: str, others: set[str]) -> tuple[float, float] | None:
    theirs = [v for s, v in held.items() if s in others and s != one]
    if one not in held or not theirs:
        return None
    mine = held[one]
    return mine, max(theirs, key=lambda v: v if mine < max(theirs) else -v) if len(theirs) > 1 else theirs[0]


def ratio_of(number: Number, plain: str, shelf: Shelf) -> bool:
    """Whether the figure is how many times the one thing has what the other has ("three times the load of")."""
    things = _things(plain, shelf)
    if number.unit.casefold() not in ("x", "×", "times", "fold") or len(things) != 2:
        return False
    pairs = [(held[things[0]], held[things[1]]) for held in _tables(plain, shelf) if all(t in held for t in things)]
    ratios = [r for a, b in pairs if a and b for r in (a / b, b / a)]
    return any(abs(r - number.value) <= max(number.slack, 0.1 * number.value) for r in ratios)


def _things(text: str, shelf: Shelf) -> list[str]:
    """Services named, or else names of pods, nodes and the like."""
    made = [t.casefold() for t in identifiers(text) if not is_metric(t) and shelf.holds(t)]
    jointed = [t for t in made if not shelf.services_in(t)]
    return sorted(set(jointed)) if jointed else sorted(shelf.services_in(text))


def _tables(plain: str, shelf: Shelf) -> list[dict[str, float]]:
    """The last value of each thing, for each reading of the kind the claim speaks of."""
    said, things = moments(plain), _things(plain, shelf)
    wanted = [theirs for ours, theirs in _KINDS if re.search(ours, plain, re.IGNORECASE)]
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for row in shelf.rows:
        if (
            row.whole
            or not row.numbers
            or (said and row.times and not any(m.is_at(t) for m in said for t in row.times))
        ):
            continue
        mine = [t for t in things if t in row.full.casefold() and not shelf.services_in(t)]
        owners = frozenset(mine) if mine else shelf.owners_of(row)
        if len(owners) != 1:
            continue
        for what, value in _values(row, owners, shelf):
            if not wanted or any(re.search(k, what, re.IGNORECASE) for k in wanted):
                found[what][next(iter(owners))] = _base(value)
    return list(found.values())


def _values(row: Row, owners: frozenset[str], shelf: Shelf) -> list[tuple[str, Number]]:
    value = value_of(row)
    return [(_what(row, owners, shelf), value)] if value is not None else fields_of(row)


def _what(row: Row, owners: frozenset[str], shelf: Shelf) -> str:
    """What a row is a reading of, without whose and when."""
    metrics = shelf.metrics_of(row)
    if metrics:
        return " ".join(sorted(metrics))
    words = re.findall(r"(?<![\w])[a-z][\w-]*", blanked(row.full).casefold())
    return " ".join(w for w in words if not shelf.services_in(w) & owners and w not in owners)


def _base(number: Number) -> float:
    return number.value * measure(number.unit or number.hint)[1]
