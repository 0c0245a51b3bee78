"""Which end of a call ended it early: a claim may not give to one end what the log of that end lays to the other."""

from __future__ import annotations

import re

from sre_advisor.investigate.checking.evidence.names import bare
from sre_advisor.investigate.checking.evidence.row import Row
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.times.actors import named

_CUT = (
    r"(?:cancell?ed|abort(?:ed|s)|abandon(?:ed|s)|h[ua]ngs? up|g[ai]ves? up|br(?:oke|eaks) off|cuts? (?:off|short)|"
    r"(?:cut|dropped|ended|closed|reset|terminated|killed)|cancels|closes|resets|terminates|disconnect(?:ed|s)|withdrew|"
    r"went away|walked away|pulled out)"
)
_ROLE = r"client|caller|peer|remote(?: (?:end|host|side|peer))?|user|server|upstream|backend"
_BY = re.compile(
    rf"\b{_CUT}(?: \w+)? by (?:the )?(?P<by>{_ROLE})\b|\b(?P<does>{_ROLE}) (?:has )?{_CUT}\b", re.IGNORECASE
)
_VERB = re.compile(rf"\b{_CUT}\b", re.IGNORECASE)
_DOES = re.compile(
    r"(?:['’]s (?:end|side))?(?:,[^,;.]{0,50},|\s\([^)]{0,50}\))?"
    r"(?:\s(?:itself|then|had|has|have|already|simply|just|also|first|that|which|who|\w+ly|"
    rf"(?:was|is) (?:what|the (?:one|side|end|party)(?: that| which| who| to)?)))*\s{_CUT}\b"
    r"(?!\s(?:by|to|from|below|under|at|in)\b)",
    re.IGNORECASE,
)
"""What stands between one who ended a call and the verb of it."""
_DONE_BY = re.compile(rf"\b{_CUT}(?: \w+)? by (?:the )?$", re.IGNORECASE)
_FAR = frozenset(("client", "caller", "user"))


def cut_short(claim: str, shelf: Shelf, known: frozenset[str]) -> str | None:
    """Why it was the other end that ended what the claim says this one ended; None when nothing shows that."""
    if not _VERB.search(claim):
        return None
    for match in re.finditer(rf"[A-Za-z][\w-]*(?<!\s)|\b(?:{_ROLE})\b", claim):
        if not (_DOES.match(claim, match.end()) or _DONE_BY.search(claim[: match.start()])):
            continue
        name, role = bare(match.group()), match.group().casefold()
        rows = _told(shelf, name if name in known else "", known) if name in known or role in _ROLE.split("|") else []
        by = {_other(row) for row in rows}
        if not rows or None in by or (name not in known and (role in _FAR) == bool(by & _FAR)):
            continue
        return f"the evidence lays it to the {', '.join(sorted(filter(None, by)))}, not to {match.group()}"
    return None


def _told(shelf: Shelf, name: str, known: frozenset[str]) -> list[Row]:
    """Rows that tell of a call's early end: those of the service, or of anybody where none is named."""
    rows = [r for r in shelf.rows if not r.whole and len(r.text) < 600 and _VERB.search(r.text)]
    return [r for r in rows if not name or name in _owner(r, known)]


def _owner(row: Row, known: frozenset[str]) -> set[str]:
    return {bare(n) for n in row.names} or set(named(row.text, known)[:1])


def _other(row: Row) -> str | None:
    match = _BY.search(row.text)
    return (match.group("by") or match.group("does")).casefold() if match else None
