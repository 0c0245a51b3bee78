"""Who hurt whom, in the evidence's own words: a line of one service that says another failed it, or prose."""

from __future__ import annotations

import re

from sre_advisor.investigate.checking.evidence.names import bare
from sre_advisor.investigate.checking.evidence.row import Row
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.times.actors import named
from sre_advisor.investigate.checking.words.phrases import statements

_WRONG = re.compile(
    r"fail|error|unavail|tim(?:ed?|ing)[ -]?out|deadline|refus|reject|abort|could not|cannot|can['’]t|did not|"
    r"didn['’]t|no (?:answer|response)|\b5\d\d\b|slow|wait|exceed|throttl|\blost\b|unreachable|broke|closed the|reset|"
    r"panic|degrad|expired|not respond|answered after|took \d",
    re.IGNORECASE,
)
_CALLER = re.compile(
    r"\b(?:clients?|callers?|consumers?|downstream|requests? (?:from|by|of)|calls? from|called by|traffic from|"
    r"connections? from|on behalf of|returning \w+ to|responded? to|rejecting|"
    r"(?<!waiting )(?<!waited )(?<!waits )for)\W*(?:\w+\W+)?$",
    re.IGNORECASE,
)
"""What stands before another service that asked, rather than was asked."""
_LINE = re.compile(r"\b(?:ERROR|WARN(?:ING)?|FATAL|error|warn(?:ing)?|Warning|lines)\b")
_CHANGE = re.compile(r"FIRING|startsAt|\bdeploy\b|\bflag\b|^commit\b|rolled back|starting\b")
_BY_OTHERS = re.compile(
    r"\b(?P<verb>[a-z]{3,}?)(?:l?ed|n)\s(?:\w+\s)?by\s(?:the\s)?(?P<by>client|caller|peer|remote|user|server|upstream)",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"\b(?:itself|themselves|(?:of|on) its own(?: accord| initiative)?|by itself|unprompted|unilaterally)\b",
    re.IGNORECASE,
)
_MESSAGE = re.compile(r"(?:msg|message|event|text|log|body)\s?:\s", re.IGNORECASE)
_MESSAGE_FIELD = re.compile(r"\b(?:msg|message|event|text|log|body)=\"([^\"]+)\"", re.IGNORECASE)
_REASON = re.compile(r":\s+|\s\(|\s(?:because|since|due to|caused by|as)\s|\s(?:err|error|reason|cause)=")
_TROUBLE = re.compile(
    rf"{_WRONG.pattern}|restart|crash|kill|drop|stop|skip|drain|delay|down\b|full\b|gave up|retry", re.IGNORECASE
)
LONGEST = 600


def harms(shelf: Shelf, known: frozenset[str]) -> set[tuple[str, str]]:
    """(who hurt, who was hurt) as told by the evidence, in bare names."""
    found: set[tuple[str, str]] = set()
    for row in shelf.rows:
        if row.whole or len(row.text) > LONGEST:
            continue
        found |= _of_line(row, known)
        for told in statements(row.text) if _WRONG.search(row.text) else ():
            one, other = named(told.first, known), named(told.after, known)
            if told.causal and len(one) == 1 and len(other) == 1 and one != other:
                found.add((one[0], other[0]))
    return found


def _of_line(row: Row, known: frozenset[str]) -> set[tuple[str, str]]:
    tag = len(row.names) == 1
    text = row.text
    if not (tag or row.times or _LINE.search(text)) or not _WRONG.search(text) or _CHANGE.search(text):
        return set()
    if not (_LINE.search(text) or re.search(r"\b(?:level|msg|message|lines?)\b", text)):
        return set()
    names = named(text, known)
    owner = bare(next(iter(row.names))) if tag else names[0] if names else ""
    found: set[tuple[str, str]] = set()
    for name in names:
        if name != owner and owner and not _CALLER.search(text[: _at(text, name)][-40:]):
            found.add((name, owner))
    return found


def _at(text: str, name: str) -> int:
    """Where a name, as compared, is first mentioned."""
    for match in re.finditer(r"[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*", text):
        if bare(match.group()).startswith(name):
            return match.start()
    return len(text)


def explained(row: Row) -> list[str]:
    """A line of a log as what failed and, each time behind a colon or in brackets, what that came from."""
    text = next((line for line in row.text.split("\n") if _MESSAGE.match(line)), row.text)
    if row.whole or len(text) > LONGEST or not _LINE.search(row.text) or not _WRONG.search(text):
        return []
    said = _MESSAGE_FIELD.search(text)
    parts = [p.strip(' )"') for p in _REASON.split(said.group(1) if said else text)]
    failed = next((i for i, p in enumerate(parts) if _TROUBLE.search(p if i else _LINE.sub("", p))), len(parts))
    parts = [p if i == failed else p.split(";")[0] for i, p in enumerate(parts)]  # "(no host); giving up"
    return [p for p in parts[failed:] if re.search(r"[A-Za-z]{3}", p)]


def by_others(claim: str, shelf: Shelf, known: frozenset[str]) -> str | None:
    """Why what a service is said to have done by itself was done to it; None when nothing shows that."""
    alone = _ALONE.search(claim)
    mine = named(claim[: alone.end()], known)[:1] if alone else []
    if not mine:
        return None
    said = claim.casefold().split(mine[0])[0]
    for row in shelf.rows:
        match = _BY_OTHERS.search(row.text)
        owner = {bare(n) for n in row.names} or set(named(row.text, known)[:1])
        if match and mine[0] in owner and match.group("by").casefold() not in said:
            return f"the evidence has it “{match.group().strip()}”"
    return None
