"""A figure, a time or a quote belongs to the service, metric and change it stands beside, not to their neighbours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sre_advisor.investigate.checking.evidence.names import bare, identifiers, is_metric
from sre_advisor.investigate.checking.evidence.row import Row
from sre_advisor.investigate.checking.evidence.shelf import Shelf, metrics_in
from sre_advisor.investigate.checking.words.clock import Moment

_QUANTILE = re.compile(r"\b[pP](50|75|90|95|99|999)\b|\b(50|75|90|95|99)(?:th|\. Perzentil)")
_KINDS = (
    ("cpu", re.compile(r"cpu", re.IGNORECASE)),
    ("memory", re.compile(r"memory|(?:^|[_ ])mem(?:[_ ]|$)|heap|rss", re.IGNORECASE)),
    ("latency", re.compile(r"latenc|duration|response time|p\d\d\b|wait", re.IGNORECASE)),
    ("errors", re.compile(r"error|fail|5xx|exception", re.IGNORECASE)),
    ("availability", re.compile(r"availab", re.IGNORECASE)),
    ("traffic", re.compile(r"request|traffic|throughput", re.IGNORECASE)),
)
_ANEW = re.compile(
    r"\b(?:after|before|because|due to|following|(?:caused|triggered)(?: by)?|led to|resulted in|followed by|"
    r"preceded)\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a clause is about."""

    text: str
    services: frozenset[str]
    metrics: frozenset[str]
    quantiles: frozenset[str]
    ids: frozenset[str]


def starts_anew(before: str) -> bool:
    """Whether what follows these words tells of another event, perhaps of another service."""
    return _ANEW.search(before) is not None


def scope(clause: str, before: str, shelf: Shelf) -> Scope:
    """What a clause is about; one that names no service goes on about those of the words before it."""
    services = shelf.services_in(clause)
    if not services and not starts_anew(before):
        services = shelf.services_in(before)
    made = [t for t in identifiers(clause) if not is_metric(t) and not shelf.services_in(t)]
    ids = frozenset(t.casefold() for t in made if re.search(r"\d|[A-Z]", t))
    ids = ids if any(re.search(r"\d", t) for t in made) else frozenset[str]()
    return Scope(clause, services, metrics_in(clause), _quantiles(clause), ids)


def misplaced(where: Scope, rows: Sequence[Row], shelf: Shelf) -> str | None:
    """Why none of the rows that hold something is about what the clause is about; None when one is."""
    if not rows or any(r.whole for r in rows):
        return None
    words = where.services - shelf.names  # "the search page" need not be searchservice
    near = [
        r
        for r in rows
        if not where.services
        or not (s := _owners(r, where, shelf))
        or s & where.services
        or (words and any(re.search(rf"\b{re.escape(w)}\b", r.full, re.IGNORECASE) for w in words))
    ]
    if not near:
        theirs = sorted({s for r in rows[:40] for s in shelf.services_of(r)})
        return f"belongs to {', '.join(t[:40] for t in theirs[:3])}, not to {', '.join(sorted(where.services))}"
    if where.metrics:
        near = [r for r in near if not (m := shelf.metrics_of(r)) or m & where.metrics or _names_any(r, where.metrics)]
        if not near:
            return f"is no figure of {', '.join(sorted(where.metrics))}"
    if where.quantiles and not any(not (q := _quantiles(r.full)) or q & where.quantiles for r in near):
        return f"is no figure of p{', p'.join(sorted(where.quantiles))}"
    said = _kinds(re.sub(r"\b[\w-]+(?:service|svc)\b", " ", where.text, flags=re.IGNORECASE))
    if not where.metrics and len(said) == 1 and len(rows) < 40 and not any(_fits(said, r, shelf) for r in near):
        return f"is no figure of {next(iter(said))}"
    return None


def _owners(row: Row, where: Scope, shelf: Shelf) -> frozenset[str]:
    """Whose figures a row holds: of a metric named outright they are its own service's, whomever its name mentions."""
    if row.names and where.metrics & shelf.metrics_of(row):
        return frozenset(bare(n) for n in row.names)
    return shelf.services_of(row)


def misdated(where: Scope, moment: Moment, shelf: Shelf) -> str | None:
    """Why the time is not that of the commit, deploy or alert named beside it; None when nothing shows that."""
    named = [r for r in shelf.rows if r.times and any(i in r.full.casefold() for i in where.ids)]
    if not named or any(moment.is_at(t) for r in named for t in r.times):
        return None
    return f"{moment.text} is no time of {', '.join(sorted(where.ids))}"


def _quantiles(text: str) -> frozenset[str]:
    return frozenset(a or b for a, b in _QUANTILE.findall(re.sub(r"_(?=[pP]\d)|(?<=\d)_", " ", text)))


def _kinds(text: str) -> frozenset[str]:
    return frozenset(kind for kind, pattern in _KINDS if pattern.search(text))


def _fits(said: frozenset[str], row: Row, shelf: Shelf) -> bool:
    """Whether a row may be about this kind of signal; only a row that names one metric can be told not to be."""
    metrics = shelf.metrics_of(row)
    if len(metrics) != 1:
        return True
    theirs = _kinds(next(iter(metrics)).replace("_", " "))
    return not theirs or bool(theirs & said)


def _names_any(row: Row, metrics: frozenset[str]) -> bool:
    low = row.full.casefold()
    return any(m.split("{")[0] in low for m in metrics)
