"""What a clause puts together must stand together: a commit and its author, a deploy and its time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from sre_advisor.investigate.checking.evidence.locality import starts_anew
from sre_advisor.investigate.checking.evidence.names import bare, identifiers, is_metric
from sre_advisor.investigate.checking.evidence.row import Row
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.owners.nearest import nearest, sayers
from sre_advisor.investigate.checking.owners.people import PERSON, of_others
from sre_advisor.investigate.checking.times.events import is_line
from sre_advisor.investigate.checking.words.clauses import clauses
from sre_advisor.investigate.checking.words.clock import Moment, blanked, moments, stretches
from sre_advisor.investigate.checking.words.lexicon import is_ordinary
from sre_advisor.investigate.checking.words.phrases import statements
from sre_advisor.investigate.checking.words.quantities import numbers

_SHA = re.compile(r"\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}\b")
_COMMIT = re.compile(r"^(?:commit|sha|revision)[\s:=]+[0-9a-f]{7,40}|^\W*[0-9a-f]{7,40}\s", re.MULTILINE)
_ELSE = re.compile(
    r"\b(?:not|n't|no|never|neither|nor|than|between|earlier|later|prior|unrelated|nothing|none|without|rather)\b|"
    r"n't\b|\btimes\b|\b\d+\s?(?:min\w*|s|sec\w*|h|hours?)\b.{0,20}\b(?:apart|ago|into)\b|"
    r"(?:->|→)|\bit took\b|\belapsed\b|\bgap\b|"
    r"\b(?:caus|trigger|broke|break|led to|lead to|leads to|blam|suspect|explain|affect|hit|impact|follow|preced|"
    r"precip|after|before|until|since|once|when|while|ahead|separat|elaps|passed|lie|lay)\w*",
    re.IGNORECASE,
)
"""Words that tell of two things rather than of one."""
_AND = re.compile(r"\b(?:and|or)\b|,|&|/")
_BY = re.compile(
    r"\bby\s(?:user\s)?(?!(?:a|an|the|half|two|three|four|five|six|ten|about|over|up|some|more)\b)([A-Za-z][\w.@-]*[A-Za-z0-9])"
)
_TOKEN = re.compile(r"[\w./#-]+")
_STEM = 6
_IDLE = frozenset(
    (
        "about", "around", "after", "before", "during", "there", "their", "which", "while", "where", "with",
        "from", "that", "this", "then", "than", "into", "over", "under", "were", "been", "have", "still",
        "already", "again", "only", "just", "same", "such", "some", "time", "times", "minute", "minutes",
        "second", "seconds", "hour", "hours", "later", "earlier", "commit", "commits", "change", "changes",
        "deploy", "deployed", "deployment", "release", "service", "services", "alert", "error", "errors",
        "line", "logs", "logged", "value", "figure", "said", "says", "shows", "showed", "landed", "went",
        "came", "made", "written", "wrote", "merged",
    )
)  # fmt: skip
_TECHNOLOGY = re.compile(r"[a-z]{1,2}[A-Z]{2,4}|[A-Z][a-z]?[A-Z]{1,3}s?")
"""What a protocol or a product is called: gRPC, mTLS."""
_BY_NUMBER = re.compile(r"(?<!\w)#\d{2,}\b")
MOST_ROWS = 1200
FEW_ROWS = 20


def unbound(plain: str, shelf: Shelf) -> str | None:
    """Why two things of one clause do not belong together; None when nothing shows that."""
    rows = [r for r in shelf.rows if not r.whole]
    if len(rows) < 2 or len(rows) > MOST_ROWS:
        return None
    free = {m.start for pair in stretches(plain) for m in pair}
    for where, clause in clauses(plain):
        if not _ELSE.search(clause) and not starts_anew(plain[:where]):
            times = [m for m in moments(plain) if where <= m.start < where + len(clause) and m.start not in free]
            times = [] if times and any(t.causal for t in statements(clause)) else times
            why = next(_unbound_in(clause, times, rows, shelf), None)
            if why:
                return why
    return None


def _unbound_in(clause: str, times: list[Moment], rows: list[Row], shelf: Shelf) -> Iterator[str]:
    numbered = (n for n in _BY_NUMBER.findall(clause) if any(_holds(r, n) for r in rows))
    made = [*_speaker(clause, rows), *(i for i in identifiers(clause) if _is_id(i, rows, shelf)), *numbered]
    for one, other in combinations(made, 2):
        listed = _AND.search(_between(clause.casefold(), one.casefold(), other.casefold()))
        if not listed and not _together(one, other, rows, shelf):
            yield f"{one} and {other} stand nowhere together"
    yield from (why for token in made if (why := _not_so(token, clause, rows, shelf)))
    yield from (why for why in (_other_actor(clause, rows, shelf), _figure_elsewhere(clause, made, rows)) if why)
    for moment in times:
        here = [r for r in shelf.with_time(moment) if not r.whole]
        if here:
            yield from _not_then(clause, moment, made, here, rows, shelf)
    if len(made) == 1 and not times:
        here = [r for r in rows if _holds(r, made[0])]
        why = _told_elsewhere(clause.replace(made[0], " "), here, rows, made[0]) if here else None
        yield from [why] if why else []


def _not_so(token: str, clause: str, rows: list[Row], shelf: Shelf) -> str | None:
    """Why what the clause names is not of the service, or not in the state, that it says."""
    holding = [r for r in rows if _holds(r, token)]
    theirs = frozenset[str]().union(*(shelf.services_of(r) for r in holding)) & shelf.tagged
    if (
        len(holding) <= FEW_ROWS
        and not PERSON.fullmatch(token)
        and (mine := shelf.services_in(clause) & shelf.tagged)
        and theirs
        and not mine & theirs
    ):
        return f"{token} is of {', '.join(sorted(theirs)[:3])}"
    state = re.search(rf"{re.escape(token)}\s(?:is|was|stays|remains)\s(?:in\s|still\s)?([A-Z]\w{{3,}})", clause)
    if state and holding and not any(_holds(r, state.group(1)) for r in holding):
        return f"{token} is not told to be {state.group(1)}"
    return None


def _not_then(
    clause: str, moment: Moment, made: list[str], here: list[Row], rows: list[Row], shelf: Shelf
) -> Iterator[str]:
    """Why what the clause names was not at that time."""
    for token in nearest(clause, moment, made, [t.text for t in moments(clause)]):
        dated = [r for r in rows if r.times and _holds(r, token)]
        if dated and not any(r in here for r in dated) and not _share_commit(dated, here):
            yield f"{moment.text} is no time of {token}"
    if any(_is_sample(r) for r in here):  # what a reading is of stands in its column, not in its row
        return
    lines = [r.names for r in here if is_line(r) and r.names]
    for service in sayers(clause, shelf) if len(lines) == len(here) else ():
        writes = any(service in map(bare, r.names) for r in rows if is_line(r))  # a name of another sort never does
        if writes and all(service not in map(bare, names) for names in lines):
            yield f"at {moment.text} it was {', '.join(sorted(lines[0]))} that said it, not {service}"
    why = _told_elsewhere(clause, here, rows, moment.text)
    yield from [why] if why else []


def _other_actor(clause: str, rows: list[Row], shelf: Shelf) -> str | None:
    """Whether what the clause says somebody did is told only of others."""
    match = _BY.search(clause)
    others = [t for t in identifiers(clause) if match and t not in match.group() and any(_holds(r, t) for r in rows)]
    if match is None or not others or not any(_holds(r, match.group(1)) for r in rows):
        return None
    if any(_together(match.group(1), t, rows, shelf) for t in others):
        return None
    return f"{match.group(1)} is not told of {others[0]}"


def _figure_elsewhere(clause: str, made: list[str], rows: list[Row]) -> str | None:
    """Why the only figure of the clause is not of the only thing it names, but of another like it."""
    figures = [n for n in numbers(blanked(_without(clause, made))) if n.value > 1]
    holding = [r for r in rows if len(made) == 1 and _holds(r, made[0])]
    if len(figures) != 1 or not holding or not any(r.numbers for r in holding):
        return None
    shape = _shape(made[0])
    alike = [r for r in rows if any(_shape(i) == shape for i in _TOKEN.findall(r.full) if i != made[0])]
    kept = [r for r in alike if any(figures[0].could_be(n) for n in r.numbers)]
    ours = [r for r in holding if any(figures[0].could_be(n) for n in r.numbers)]
    if kept and not ours and not _share_commit(holding, kept) and len(rows) <= 60:
        return f"{figures[0].text} is no figure of {made[0]}"
    return None


def _shape(token: str) -> str:
    return re.sub(r"[a-z]+", "a", re.sub(r"\d+", "0", token.casefold()))


def _without(clause: str, made: list[str]) -> str:
    for token in made:
        clause = clause.replace(token, " ")
    return clause


def _is_id(token: str, rows: list[Row], shelf: Shelf) -> bool:
    if shelf.services_in(token) or not shelf.holds(token) or len(token) < 3 or _TECHNOLOGY.fullmatch(token):
        return False
    series = {r.series for r in rows if r.series and _holds(r, token)}
    return not is_metric(token) or sum(r.series in series for r in rows) <= len(series)


def _speaker(clause: str, rows: list[Row]) -> list[str]:
    """The person a clause begins with, when lines of the evidence begin with the same."""
    match = re.match(r"\W*([A-Z]?[a-z]{2,})(?:['’]s)?\s", clause)
    word = match.group(1).casefold() if match else ""
    begun = [r for r in rows if re.match(rf"\W*(?:[\d:]+\W+)?{word}\b", r.text.casefold())] if word else []
    return [word] if begun and len(begun) < len(rows) and not is_ordinary(word) and match else []


def _between(clause: str, one: str, other: str) -> str:
    start = clause.find(one) + len(one)
    return clause[start : clause.find(other, start)]


def _holds(row: Row, token: str) -> bool:
    return token.casefold() in row.full.casefold()


def _together(one: str, other: str, rows: list[Row], shelf: Shelf) -> bool:
    """Whether a row or a record holds both, or one that shares a commit with the row of the other."""
    ours, theirs = ([r for r in rows if _holds(r, t)] for t in (one, other))
    if not ours or not theirs:  # in the label, or jointed otherwise
        return True
    if not of_others(one, other, ours, theirs) and any(
        one.casefold() in t and other.casefold() in t and len(_COMMIT.findall(t)) < 2 for t in shelf.pieces
    ):
        return True
    headed = [(s.label.casefold(), s.text.casefold()) for s in shelf.sources]
    both = ((one.casefold(), other.casefold()), (other.casefold(), one.casefold()))
    if any(a in label and b in text for label, text in headed for a, b in both):
        return True  # "git show 5642d6b17f39" heads what it holds
    if any(_holds(r, other) for r in ours) or any(all(t.casefold() in r for t in (one, other)) for r in shelf.records):
        return True
    return _share_commit(ours, theirs)


def _share_commit(ours: list[Row], theirs: list[Row]) -> bool:
    shas = [{s[:7] for r in some for s in _SHA.findall(r.full.casefold())} for some in (ours, theirs)]
    return bool(shas[0] & shas[1])


def _told_elsewhere(clause: str, here: list[Row], rows: list[Row], anchor: str) -> str | None:
    """Whether the clause's own words are those of other rows, and of none that holds what it names."""
    words = {w.casefold()[:_STEM] for w in re.findall(r"[^\W\d_]{4,}", clause) if w.casefold() not in _IDLE}
    stems = {w for w in words if w not in anchor.casefold()}
    if len(stems) < 2:
        return None
    ours = max(_score(r, stems) for r in here)
    best = max(rows, key=lambda r: _score(r, stems))
    theirs = _score(best, stems)
    if ours == 0 and theirs >= 2 and len(best.text) < 600 and _names_another(best, anchor):
        return f"{anchor} is not of what the clause tells"
    return None


def _names_another(row: Row, anchor: str) -> bool:
    """Whether a row is told of another such thing: another commit, person or name, or of a time of its own."""
    low = anchor.casefold()
    if _SHA.fullmatch(low):
        return any(not s.startswith(low[:7]) for s in _SHA.findall(row.full.casefold()))
    if moments(anchor):
        return bool(row.times)
    if PERSON.fullmatch(low):
        return re.search(r"\b(?:author|by)\b|@|\b[a-z]+\.[a-z]+\b", row.full.casefold()) is not None
    alike = (t for t in _TOKEN.findall(row.full.casefold()) if t.strip("./-") != low)
    return _shape(low) != "a" and any(_shape(t) == _shape(low) for t in alike)


def _is_sample(row: Row) -> bool:
    """Whether the row is a reading or a line of them rather than an event told in words."""
    words = re.findall(r"[^\W\d_]{3,}", blanked(row.text))
    if is_line(row):
        return False
    return bool(row.series) or (bool(row.numbers) and len(words) <= len(row.numbers))


def _score(row: Row, stems: set[str]) -> int:
    low = row.full.casefold()
    return sum(s in low for s in stems)
