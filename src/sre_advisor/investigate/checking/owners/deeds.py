"""What a claim says that one service did, or bears, must not be what the evidence tells of others alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sre_advisor.investigate.checking.evidence.names import bare, identifiers, is_metric
from sre_advisor.investigate.checking.evidence.observations import Observation
from sre_advisor.investigate.checking.evidence.row import Row
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.figures.held import Said
from sre_advisor.investigate.checking.figures.readings import derived
from sre_advisor.investigate.checking.times.events import is_line
from sre_advisor.investigate.checking.words.clock import blanked, moments
from sre_advisor.investigate.checking.words.phrases import statements
from sre_advisor.investigate.checking.words.quantities import measure
from sre_advisor.investigate.checking.words.quotes import quoted, stands_in, without_quotes

_TWO_THINGS = re.compile(
    r"\b(?:not|no|none|never|neither|nor|than|between(?!\s\d)|without|"
    r"because|due to|caus\w*|led to|leads? to|trigger\w*|affect\w*|hit|"
    r"hurt\w*|impact\w*|follow\w*|preced\w*|blam\w*|explain\w*|after|before|when|while|whereas|until|once|behind|ahead|predat\w*|from|via|"
    r"against which|its (?:callers?|clients?|upstreams?|downstreams?|dependenc\w+)|calls? (?:to|into|from)|by)\b|n't\b",
    re.IGNORECASE,
)
"""Words that bring a second thing, or a second service, into a claim that names one."""
_BY = re.compile(r"\bby\b(?=\s(?:\d|[a-z]+\.[a-z]+\b|the (?:minute|time|end)))", re.IGNORECASE)
_OF = re.compile(r"\W{0,3}\s(?:on|for|of|in|to|against|at)\s(?:the\s)?(?P<name>[\w./:-]+)", re.IGNORECASE)
_IDLE = frozenset(
    ("logged", "that", "this", "with", "from", "were", "have", "been", "which", "service", "process", "error", "errors",
     "warning", "line", "lines", "during", "between", "about", "around", "again", "several", "times", "only", "still",
     "under", "over", "into", "there", "their", "wrote", "printed", "reported", "said", "same", "three", "four", "five")
)  # fmt: skip
_STEM = 6
MOST_COVERED = 0.7
"""Share of what a claim says, of that which stands in the evidence at all, that one line must tell."""
MOST_ROWS = 40


def misattributed(plain: str, shelf: Shelf) -> str | None:
    """Why what the claim says of the only service it names is told of others alone; None when nothing shows that."""
    keys = [k for k in identifiers(plain) if not is_metric(k) and _is_key(k, shelf)]
    rest = plain
    for key in keys:
        rest = rest.replace(key, " ")
    mine = shelf.services_in(rest)
    if len({_shape(k) for k in keys}) < len(keys):
        return None  # "d-3 went to one, d-4 to another"
    if len(mine) != 1 or _TWO_THINGS.search(_BY.sub(" ", rest)) or any(t.causal for t in statements(plain)):
        return None
    rows = [r for r in shelf.rows if not r.whole]
    for key in keys:
        theirs = _bearers(key, next(iter(mine)), rows, shelf)
        if theirs:
            return f"{key} is told of {', '.join(sorted(theirs)[:3])}, not of {next(iter(mine))}"
    return _worded(rest, next(iter(mine)), rows, shelf)


def misquoted(text: str, shelf: Shelf) -> str | None:
    """Why words quoted as the only service's that the claim names are in lines of others alone; None otherwise."""
    rest = without_quotes(text)
    mine = shelf.services_in(rest)
    if len(mine) != 1 or not mine <= shelf.tagged or _TWO_THINGS.search(_BY.sub(" ", rest)):
        return None
    tagged = {n.casefold() for r in shelf.rows for n in r.names if bare(n) in mine}
    if not any(n in rest.casefold() for n in tagged):
        return None  # "a failed search request" need not be one of searchservice
    for quote in quoted(text):
        rows = [r for r in shelf.rows if stands_in(quote, (r.text,))] if len(quote.split()) > 2 else []
        tags = [{bare(n) for n in r.names} for r in rows if is_line(r)]
        meant = any(n in r.full.casefold().replace(quote.casefold(), " ") for r in rows for n in tagged)
        theirs = all(t and t <= shelf.tagged and not t & mine for t in tags)
        if tags and theirs and not meant and len(tags) == len(rows):
            return f"“{quote}” was said by {', '.join(sorted(tags[0]))}, not by {next(iter(mine))}"
    return None


def _is_key(token: str, shelf: Shelf) -> bool:
    names = {bare(n) for n in shelf.names}
    if bare(token) not in names:
        return True
    lists = (_cells(r.text) for r in shelf.rows if "|" in r.text)  # an alert that heads its line
    return any(cells[0] == token and any(bare(c) in names for c in cells[1:]) for cells in lists if cells)


def _bearers(key: str, mine: str, rows: Sequence[Row], shelf: Shelf) -> set[str]:
    """Whom the evidence gives the thing named to; empty when it may be the claim's."""
    pattern = re.compile(rf"(?<![\w-]){re.escape(key)}(?![\w-])", re.IGNORECASE)
    telling = [r for r in rows if pattern.search(r.text)]
    found: set[str] = set()
    for row in telling if len(telling) <= MOST_ROWS else ():
        theirs = _bearer(row, pattern, mine, rows, shelf)
        if theirs is None or theirs == mine:
            return set()
        found.add(theirs)
    return found


def _bearer(row: Row, key: re.Pattern[str], mine: str, rows: Sequence[Row], shelf: Shelf) -> str | None:
    """Whose the row says the thing is: the name behind it, that in the column of names, or the row's own."""
    match = key.search(row.text)
    behind = _OF.match(row.text[match.end() :]) if match else None
    named = shelf.services_in(behind.group("name")) if behind else frozenset[str]()
    if len(named) == 1:
        return next(iter(named))
    without = key.sub(" ", row.text)
    if mine in shelf.services_in(without) or mine in re.sub(r"[\s_.:/-]+", "", without.casefold()):
        return None
    column = _in_column(row, mine, rows)
    if column:
        return column
    tags = {bare(n) for n in row.names if not key.search(n)} or set(shelf.services_in(without) & shelf.tagged)
    return next(iter(tags)) if len(tags) == 1 and tags <= shelf.tagged else None


def _in_column(row: Row, mine: str, rows: Sequence[Row]) -> str | None:
    """What stands in this line where lines of the same form have the service's name."""
    cells = _cells(row.text)
    for other in rows:
        theirs = _cells(other.text) if other is not row else []
        at = next((i for i, cell in enumerate(theirs) if bare(cell) == mine), None)
        if at is None or at >= len(cells) or not re.fullmatch(r"[A-Za-z][\w.-]*", cells[at]):
            continue
        if at > 0 and all(_shape(a) == _shape(b) for a, b in zip(cells[:at], theirs[:at], strict=True)):
            return bare(cells[at])
    return None


def _cells(text: str) -> list[str]:
    line = text.strip().strip("|") if "\n" not in text else ""
    return [c.strip(" []()\"',:") for c in (line.split("|") if line.count("|") > 1 else line.split())]


def _shape(cell: str) -> str:
    return re.sub(r"[A-Za-z]+", "a", re.sub(r"\d+", "0", cell))


def _worded(rest: str, mine: str, rows: Sequence[Row], shelf: Shelf) -> str | None:
    """Why the words of the claim are those of other services' lines of a log, and of none that tells of its own."""
    lines = [r for r in rows if is_line(r) and len(shelf.owners_of(r)) == 1 and r.times]
    ours = [r for r in rows if mine in shelf.owners_of(r) or mine in shelf.services_in(r.full)]
    others = [r for r in lines if not any(r is o for o in ours)]
    if not others or not ours:
        return None
    plain = " ".join(w for w in blanked(rest).split() if mine not in shelf.services_in(w))
    stems = {w.casefold()[:_STEM] for w in re.findall(r"[^\W\d_]{4,}", plain) if w.casefold() not in _IDLE}
    known = {s for s in stems if any(s in r.full.casefold() for r in rows)}
    alone = {s for s in known if not any(s in r.full.casefold() for r in ours)}
    best = max(others, key=lambda r: sum(s in r.text.casefold() for s in known))
    low = best.text.casefold()
    covered = sum(s in low for s in known)
    if (
        len([s for s in alone if s in low]) >= 2
        and covered >= MOST_COVERED * len(known)
        and len(known) * 2 >= len(stems)
    ):
        return f"that is told of {next(iter(shelf.owners_of(best)))}, not of {mine}"
    return None


def borrowed(told: Sequence[Said], held: Sequence[Observation], plain: str, shelf: Shelf) -> str | None:
    """Why a figure of a claim about one service is that of others, where the service has one like it of its own."""
    mine = shelf.services_in(plain)
    if len(mine) != 1 or not mine <= shelf.tagged or _TWO_THINGS.search(_BY.sub(" ", plain)):
        return None
    for said in told:
        fits = [o for o in held if said.fits(o)]
        if not fits or any(_may_be(o, mine, shelf) for o in fits) or not _is_precise(said):
            continue
        if len(told) > 1 and not said.sure:
            continue
        own = [o for o in held if o.owners & mine]
        alike = [o for o in own for f in fits if _alike(o, f)]
        if alike and not derived(said.readings, said.clause, plain, moments(plain), shelf):
            theirs = sorted({s for o in fits for s in o.owners})
            return f"{said.readings[0].said} belongs to {', '.join(theirs[:3])}, not to {next(iter(mine))}"
    return None


def of_another_line(told: Sequence[Said], held: Sequence[Observation], plain: str, shelf: Shelf) -> str | None:
    """Why a figure is of another line than the one that stands at the only time of the claim, and holds its others."""
    said = moments(plain)
    rows = [r for r in shelf.with_time(said[0]) if not r.whole and not r.series] if len(said) == 1 else []
    if len(rows) != 1 or len(rows[0].times) != 1 or _TWO_THINGS.search(_BY.sub(" ", plain)):
        return None
    fits = [(s, [o for o in held if s.fits(o)]) for s in told]
    for figure, some in fits:
        siblings = some and all(_skeleton(o.row) == _skeleton(rows[0]) and o.row is not rows[0] for o in some)
        if siblings and not derived(figure.readings, figure.clause, plain, said, shelf):
            return f"{figure.readings[0].said} is of another line than that of {said[0].text}"
    return None


def _skeleton(row: Row) -> str:
    return re.sub(r"\d[\d.,:]*", "0", row.text)


def _may_be(held: Observation, mine: frozenset[str], shelf: Shelf) -> bool:
    return not held.owners & shelf.tagged or bool(held.owners & mine) or bool(shelf.services_in(held.near) & mine)


def _is_precise(said: Said) -> bool:
    """Whether a figure is one that is read off, rather than a small count that stands everywhere."""
    return len(said.readings[0].text.strip("-0.").replace(".", "")) > 1 or measure(said.readings[0].unit)[0] not in (
        "",
        "second",
    )


def _alike(own: Observation, other: Observation) -> bool:
    """Whether two figures are of the same sort, read at the same time where they are read at all."""
    units = {measure(o.number.unit or o.number.hint)[0] for o in (own, other)}
    if len(units) > 1 or own.role != other.role:
        return False
    return own.time is None or other.time is None or own.time.epoch == other.time.epoch
