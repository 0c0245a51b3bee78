"""Who can have done something in the evidence: the services that its lines, its readings and its words name."""

from __future__ import annotations

import re
from typing import cast

from sre_advisor.investigate.checking.evidence.names import bare, is_metric
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.words.lexicon import is_ordinary

_OWNER = re.compile(
    r"\[([A-Za-z][\w.-]+)\]|\b(?:ERROR|WARN(?:ING)?|INFO|DEBUG|FATAL)\s+([A-Za-z][\w-]+)|"
    r"(?:^|\s)([A-Za-z][\w-]+)\s(?:ERROR|WARN|INFO|DEBUG|FATAL)\b|(?:^|\s|\|)([A-Za-z][\w-]+)[/.]\w+_\w|"
    r"(?:service|pod|app|target)[=:]\s?\"?([A-Za-z][\w-]+)|^([A-Za-z][\w-]+)(?:\s[a-z0-9]+_\w+|,|:\s)|"
    r"^[a-z]+_\w+\s([A-Za-z][\w-]+):\s",
    re.MULTILINE,
)
_PARTY = re.compile(
    r"\b(?:from|upstream|downstream|(?:wait(?:ing|s|ed)?|asked) (?:for|on)|call(?:ing|ed|s) to|calling|called|via|"
    r"(?:returned|answered|refused|reset|closed|cancell?ed) by)\s(?:the\s)?(?P<one>[A-Za-z][\w-]{2,})|"
    r"^\W*(?:\d[\w:.+-]*\W+)?(?P<two>[A-Za-z][\w-]{2,})(?:['’]s\s[A-Za-z]|\s[a-z]+(?:ed|s)\b)",
    re.MULTILINE,
)
"""The other side of a call in a line's own words, and who a sentence is about."""
_POD = re.compile(r"(?!v\d)(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{2,10}", re.IGNORECASE)
"""What the name of a pod has behind that of its service."""
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*")
_SERVICE = re.compile(r"(?:service|svc|api|db|server|gateway|worker)$")


def actors(shelf: Shelf) -> frozenset[str]:
    """Bare names of services: those known, and those that stand where a line or a metric names its owner."""
    if "actors" not in shelf.worked_out:
        shelf.worked_out["actors"] = _actors(shelf)
    return cast("frozenset[str]", shelf.worked_out["actors"])


def _actors(shelf: Shelf) -> frozenset[str]:
    found = {bare(n) for n in shelf.names if _SERVICE.search(n)} | {bare(n) for n in shelf.services}
    names = {bare(n) for n in shelf.names}
    for row in shelf.rows[:600]:
        found |= {bare(n) for n in row.names}
        found |= {n for m in _PARTY.finditer(row.text[:400]) if (n := bare(m.group("one") or m.group("two"))) in names}
        for text in (row.text[:200], row.context[:300]):
            found |= {bare(g) for m in _OWNER.finditer(text) for g in m.groups() if g and _is_owner(g)}
    return frozenset(n for n in found if len(n) > 1 and not re.fullmatch(r"\d+|time\w*|p\d+|value|level|metric", n))


def _is_owner(token: str) -> bool:
    return not is_ordinary(token) and not is_metric(token)


def named(text: str, known: frozenset[str]) -> list[str]:
    """Those of the known names that the text mentions, bare, in order; pods count for what they are pods of."""
    found: list[str] = []
    for match in _TOKEN.finditer(text.replace("_", " ")):
        parts = match.group().split("-")
        for n in range(len(parts), 0, -1):
            if n > 1 and _POD.fullmatch(parts[n - 1]) and bare("-".join(parts[: n - 1])) in known:
                continue
            name = bare("-".join(parts[:n]))
            if name in known:
                found.append(name)
                break
    return list(dict.fromkeys(found))
