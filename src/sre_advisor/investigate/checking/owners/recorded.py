"""What a claim says of one record of a list must stand in that record, not in another of the list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sre_advisor.investigate.checking.evidence.listed.entries import Entry
from sre_advisor.investigate.checking.evidence.locality import starts_anew
from sre_advisor.investigate.checking.evidence.names import bare, identifiers, is_metric
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.figures.listed_counts import lists
from sre_advisor.investigate.checking.owners.people import is_person
from sre_advisor.investigate.checking.words.clauses import clauses
from sre_advisor.investigate.checking.words.clock import Moment, blanked, moments
from sre_advisor.investigate.checking.words.lexicon import is_ordinary
from sre_advisor.investigate.checking.words.quantities import Number, numbers

_SEVERAL = re.compile(
    r"\b(?:not|no|none|never|neither|nor|than|without|between|because|due|earlier|later|ago|prior|ahead|both|each|every|"
    r"all|other|another|unlike|instead|apart|ends?|still|since|until|till|within|"
    r"(?:caus|trigger|led to|lead|blam|suspect|explain|affect|hit|impact|follow|preced|precip|after|before|when|while|"
    r"once|behind|lines? up|coincid|match)\w*)\b|n['’]t\b|\bof the \w+ \w+s\b",
    re.IGNORECASE,
)
"""Words that bring a second thing, or many, into a clause."""
_LIST = re.compile(r"\b(?:and|or)\b|[,&/]")
_WORD = re.compile(r"[A-Za-z0-9/][\w./:@#-]*\w")
_OWN = re.compile(r"['’]s$")
_KEYED = re.compile(
    r"^\s?(?:(?:of|for|on)\s(?:the\s)?[\w./:@-]+)?\s?(?:of|is|was|=|:|at|to|(?:stands|stood) at|number|no\.?|v)?\s?$",
    re.IGNORECASE,
)
_TO = re.compile(r"(?<!from )\bto (?:version )?v?(?P<new>[\w.]*\w)", re.IGNORECASE)
_FROM = re.compile(
    r"\bfrom (?:version )?v?(?P<old>[\w.]*\w)\s(?:\w+\s)?to (?:version )?v?(?P<new>[\w.]*\w)", re.IGNORECASE
)
_OLD = ("old", "before", "previous", "from", "was", "old_value", "oldvalue", "removed")
_NEW = ("new", "after", "to", "now", "new_value", "newvalue", "added")
_ID = re.compile(r"(?<![\w.])(?:(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}|[#!]\d{2,}|[a-z]{1,6}-\d+)(?![\w.])")
_TITLES = ("alertname", "alert", "name", "l0")
_NAMELESS = re.compile(r"[lr]\d")
LONGEST = 60
"""Characters of a cell above which it is a text."""


@dataclass(frozen=True, slots=True)
class _Said:
    """One thing that a clause says: its words, and the records of a list that hold it in which fields."""

    words: str
    held: tuple[frozenset[str], ...]
    """Per record, the fields that hold it."""
    strong: bool = False
    """It names a record, somebody or something, rather than a service, a time or a figure."""

    @property
    def fields(self) -> frozenset[str]:
        return frozenset[str]().union(*self.held)


def contradicted_record(plain: str, shelf: Shelf) -> str | None:
    """Why what a clause says of one record is told of another; None when nothing shows that."""
    for where, clause in clauses(plain):
        if not _SEVERAL.search(clause) and not starts_anew(plain[:where]):
            for some in lists(shelf):
                why = _of_another(clause, some, shelf) or _turned(clause, some, shelf)
                if why:
                    return why
    return None


def _of_another(clause: str, some: Sequence[Entry], shelf: Shelf) -> str | None:
    said = [s for s in _said(clause, some, shelf) if any(s.held)]
    strong = [s for s in said if s.strong]
    if not strong or any(
        _rival(a, b)
        for i, a in enumerate(said) for b in said[i + 1 :] if a.words != b.words
    ):  # fmt: skip
        return None  # two records, or a value before and one after
    chosen = [i for i in range(len(some)) if all(s.held[i] for s in strong)]
    if not chosen:
        one, other = strong[0].words, strong[-1].words
        apart = len(strong) > 1 and not _linked(strong, some, shelf) and not _elsewhere(strong, shelf, some)
        return f"{one} and {other} are of different records" if apart else None
    for told in said:
        if told.strong or any(told.held[i] for i in chosen):
            continue
        rivals = {some[i].fields.get(f) for i in chosen for f in told.fields} - {None, "", "-"}
        rivals = {r for r in rivals if r and _sort(r) == _sort(told.words)}
        person = any(is_person(s.words.casefold()) for s in strong)  # whose commit another may have deployed
        linked = person and _linked([*strong, told], some, shelf)
        if rivals and not linked and not _elsewhere([*strong, told], shelf, some):
            return f"{told.words} is not of {strong[0].words}: {min(map(str, rivals))} is"
    return None


def _sort(words: str) -> str:
    """Whether a value is a time, a figure or a name, as only one of its own sort can stand in its place."""
    if moments(words.upper(), unix=True):
        return "time"
    return "figure" if re.fullmatch(r"v?-?\d[\d.,]*\w{0,2}", words) else "name"


def _rival(one: _Said, other: _Said) -> bool:
    """Whether both stand in the same field, but never in that of the same record."""
    both = {f for f in one.fields & other.fields if not _NAMELESS.match(f)}
    return any(not any(f in a and f in b for a, b in zip(one.held, other.held, strict=True)) for f in both)


def _linked(said: Sequence[_Said], some: Sequence[Entry], shelf: Shelf) -> bool:
    """Whether a row that tells of each names the same commit, ticket or other id."""
    ids = [{i for k, e in enumerate(some) if s.held[k] for i in _ID.findall(e.text)} for s in said]
    for told, found in zip(said, ids, strict=True):
        low = told.words.casefold()
        found |= {i for r in shelf.rows if low in r.full.casefold() for i in _ID.findall(r.full.casefold())}
    return bool(frozenset[str](ids[0]).intersection(*ids[1:]))


def _elsewhere(said: Sequence[_Said], shelf: Shelf, some: Sequence[Entry]) -> bool:
    """Whether what no record of the list holds together stands together in another row of the evidence."""
    listed = {id(e.row) for e in some}
    words = [s.words.casefold() for s in said]
    return any(
        not r.whole and id(r) not in listed and sum(w in low for w in words) > 1
        for r in shelf.rows if (low := r.full.casefold())
    )  # fmt: skip


def _said(clause: str, some: Sequence[Entry], shelf: Shelf) -> Iterator[_Said]:
    """Everything in the clause that records of the list hold in a field."""
    times = moments(clause)
    for moment in times if len(times) == 1 else ():
        yield _Said(moment.text, tuple(_at(moment, e) for e in some))
    words = {_OWN.sub("", m.group()) for m in _WORD.finditer(blanked(clause))}
    named = shelf.services_in(clause)
    named = frozenset(n for n in named if not any(_is_title(n, e) for e in some))
    made = set(identifiers(clause))
    for word in words:
        low, short = word.casefold(), bare(word)
        held = tuple(_holding(low, short, e) for e in some)
        if short in named:
            yield _Said(word, tuple(h | _of_name(short, e) for h, e in zip(held, some, strict=True)))
        elif (word in made or is_person(low) or (word[:1].isupper() and not is_ordinary(word))) and any(held):
            yield _Said(word, held, strong=not (is_metric(word) or re.fullmatch(r"v?[\d.]+", low)))
    spoken = list(numbers(blanked(clause)))
    coded = (n for n in numbers(blanked(clause), evidence=True) if not any(n.start == s.start for s in spoken))
    for number in (*spoken, *coded):
        key = _key_of(number, clause, some)
        if key is not None:
            yield _Said(number.text, tuple(_equal(number, {key: e.fields.get(key, "")}) for e in some), strong=True)
        elif len(number.text.replace(".", "")) > 1 and not number.unit:
            yield _Said(number.text, tuple(_equal(number, e.fields) for e in some))


def _is_title(short: str, entry: Entry) -> bool:
    """Whether the name is what a record of another's is called ("QueueTooDeep … service=cart")."""
    tags = {bare(n) for n in entry.row.names}
    return bool(tags) and short not in tags and any(bare(entry.fields.get(k, "")) == short for k in _TITLES)


def _at(moment: Moment, entry: Entry) -> frozenset[str]:
    return frozenset(k for k, v in entry.fields.items() if any(moment.is_at(t) for t in moments(v.upper(), unix=True)))


def _holding(low: str, short: str, entry: Entry) -> frozenset[str]:
    return frozenset(
        k for k, v in entry.fields.items()
        if len(v) < LONGEST and (v == low or v.rpartition("/")[2] == low or _is_sha(low, v) or
                                 (" " not in v and bare(v) == short))
    )  # fmt: skip


def _of_name(short: str, entry: Entry) -> frozenset[str]:
    """The fields that hold the name as a part, as that of a pod or a path does."""
    return frozenset(k for k, v in entry.fields.items() if len(v) < LONGEST and short in re.sub(r"[\s_.:/-]+", "", v))


def _is_sha(low: str, cell: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{7,40}", low) is not None and (cell.startswith(low) or low.startswith(cell or "-"))


def _equal(number: Number, fields: Mapping[str, str]) -> frozenset[str]:
    return frozenset(
        k for k, v in fields.items()
        if re.fullmatch(r"v?-?\d+(?:\.\d+)?", v) and number.fits(float(v.lstrip("v")))
    )  # fmt: skip


def _key_of(number: Number, clause: str, some: Sequence[Entry]) -> str | None:
    """The field that the word before the figure names: "threshold of 4", "version 7"."""
    before = clause[: number.start]
    for key in {k for e in some for k in e.fields if not _NAMELESS.match(k)}:
        match = re.search(rf"\b{re.escape(key)}\b", before, re.IGNORECASE)
        if match and _KEYED.match(before[match.end() :]) and any(e.fields.get(key, "x")[:1].isdigit() for e in some):
            return key
    return None


def _turned(clause: str, some: Sequence[Entry], shelf: Shelf) -> str | None:
    """Why a value said to be that afterwards is that before, in the records that hold all else the clause says."""
    said = [s for s in _said(clause, some, shelf) if any(s.held)]
    both, only = _FROM.search(clause), _TO.search(clause)
    told = both or only
    new = told["new"].casefold() if told else ""
    old = both["old"].casefold() if both else ""
    rest = [s for s in said if s.words.casefold() not in (new, old)]
    chosen = [e for i, e in enumerate(some) if rest and all(s.held[i] for s in rest)]
    ends = [(_value(e, _OLD), _value(e, _NEW)) for e in chosen]
    if old and chosen and not any(a or b for a, b in ends):
        return _backwards(old, new, [e for i, e in enumerate(some) if all(s.held[i] for s in rest if s.strong)])
    if not new or not ends or not all(a and b and a != b for a, b in ends):
        return None
    if old and all(_same(old, a) and not re.search(rf"(?<![\w.]){re.escape(new)}(?![\w])", e.text)
                   for (a, _), e in zip(ends, chosen, strict=True)):  # fmt: skip
        return f"it went from {old} to {ends[0][1]}, not to {new}"
    if any(_same(new, b) for _, b in ends) or not any(_same(new, a) for a, _ in ends):
        return None
    return f"{new} is what it was before, not after"


def _backwards(old: str, new: str, some: Sequence[Entry]) -> str | None:
    """Why something was not set from one value to the other, where the records of it tell the other order."""
    for key in {k for e in some for k in e.fields if not _NAMELESS.match(k)}:
        early = [e for e in some if e.fields.get(key) == old and e.row.times]
        late = [e for e in some if e.fields.get(key) == new and e.row.times]
        if (
            early
            and late
            and max(t.epoch for e in late for t in e.row.times) < min(t.epoch for e in early for t in e.row.times)
        ):
            return f"it was {new} before it was {old}"
    return None


def _value(entry: Entry, keys: Sequence[str]) -> str:
    return next((entry.fields[k] for k in keys if k in entry.fields), "")


def _same(said: str, cell: str) -> bool:
    return said == cell or re.fullmatch(rf".*[=:\s]\s*{re.escape(said)}\W*", cell) is not None
