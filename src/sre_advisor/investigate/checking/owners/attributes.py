"""What a claim calls something, where the evidence calls it otherwise: severities, flags, answers, diffs."""

from __future__ import annotations

import re

from sre_advisor.investigate.checking.evidence.names import identifiers
from sre_advisor.investigate.checking.evidence.row import Row
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.owners.states import near

_SEVERITIES = ("critical", "warning", "info", "page", "ticket", "sev1", "sev2", "sev3", "p1", "p2", "high", "low")
_SEVERITY = re.compile(
    r"\b(?:(?:an? |the |only |just |merely |of )+(?P<a>critical|warning|info|high|low)\b"
    r"(?=[\w\s-]{0,30}\balert|[.,]|$)|"
    r"severity(?: is| was| of|:|=)?\s?[“\"'`]?(?P<b>\w+)|"
    r"(?P<c>critical|warning)(?:-level|-severity)?\s(?:severity\s)?(?:alert|alarm|page)|"
    r"(?:is|was|marked|classed as|rated|paged as|a)\s(?P<d>critical|warning)\b)",
    re.IGNORECASE,
)
_LABELLED = re.compile(r"severity[\"']?\s?[:=]\s?[\"']?(\w+)", re.IGNORECASE)
_ANSWERED = re.compile(
    r"([\w./:-]+)\s(?:itself\s)?(?:returned|returns|returning|answered|answers|responded|responds|replied|gave)\s"
    r"(?:with\s)?(?:an?\s|HTTP\s)*([1-5]\d\d|[45]xx)"
)
_FROM = re.compile(r"\b([1-5]\d\d)s?\b(?:\s\w+)?\s(?:from|by)\s([\w./:-]+)")
_IN = re.compile(r"\b(?:adds?|added|introduc\w+|inserts?|puts? in|brings? in)\b", re.IGNORECASE)
_OUT = re.compile(
    r"\b(?:remov\w+|drops?|dropped|delet\w+|takes? out|took out|strips?|gets? rid of|cuts? out|eliminat\w+)\b",
    re.IGNORECASE,
)


REACH = 6
"""Words behind a verb of adding or removing that may name what is added or removed."""


def contradicted_attribute(plain: str, shelf: Shelf) -> str | None:
    """Why something is called what it is not; None when nothing shows that."""
    denied = _denied(plain, shelf)
    if denied:
        return denied
    if re.search(r"\b(?:not|no|without|never|neither)\b|n't\b", plain):
        return None
    return _flagged(plain, shelf) or _severity(plain, shelf) or _answered(plain, shelf) or _edited(plain, shelf)


_TRUTH = re.compile(r"\b(\w{4,})[\"']?\s?[=:]\s?(true|false)\b", re.IGNORECASE)


def _flagged(plain: str, shelf: Shelf) -> str | None:
    return _truth(plain, shelf, "false", r"\b(?:had|has|was|were|is|got|with) (?:an? )?(?:\w+ )?{0}\w*")


def _denied(plain: str, shelf: Shelf) -> str | None:
    return _truth(plain, shelf, "true", r"\b(?:no|not|without|never|n't)(?: an?| any| been)? {0}\w*")


def _truth(plain: str, shelf: Shelf, held: str, worded: str) -> str | None:
    """Why a flag said to be set, or not, is told to be otherwise by every row that tells of all the claim names."""
    things = [t.casefold() for t in identifiers(plain)] or list(shelf.services_in(plain))
    rows = [r for r in shelf.rows if things and all(t in r.full.casefold() for t in things)]
    told = [(k.casefold(), v.casefold()) for r in rows for k, v in _TRUTH.findall(r.full)]
    for key in {k for k, _ in told}:
        stem = key.removesuffix("ed")
        if re.search(worded.format(re.escape(stem)), plain, re.IGNORECASE) and {v for k, v in told if k == key} == {
            held
        }:
            return f"the evidence has {key}={held}"
    return None


def _severity(plain: str, shelf: Shelf) -> str | None:
    match = _SEVERITY.search(plain)
    said = next((g for g in match.groups() if g), "").casefold() if match else ""
    if len(set(re.findall(r"\b(?:critical|warning)\b", plain))) > 1 or said not in _SEVERITIES:
        return None
    rows = list(near(plain, shelf))
    told = {w for r in rows for w in _SEVERITIES[:2] if re.search(rf"\b{w}\b", r.full, re.IGNORECASE)}
    told |= {w.casefold() for r in rows for w in _LABELLED.findall(r.full)}
    if told and said not in told and not any(re.search(rf"\b{said}\b", r.full, re.IGNORECASE) for r in rows):
        return f"the evidence calls it {', '.join(sorted(told))}, not {said}"
    return None


def _answered(plain: str, shelf: Shelf) -> str | None:
    for who, status in _ANSWERED.findall(plain):
        ours = shelf.services_in(who)
        told = [shelf.services_in(f) for r in shelf.rows for s, f in _FROM.findall(r.text) if s == status]
        told += [shelf.services_in(w) for r in shelf.rows for w, s in _ANSWERED.findall(r.text) if s == status]
        told = [t for t in told if t]
        if ours and told and not any(ours & t for t in told):
            return f"{status} came from {', '.join(sorted(told[0]))}"
    return None


def _edited(plain: str, shelf: Shelf) -> str | None:
    put, taken = _IN.search(plain), _OUT.search(plain)
    verb = put or taken
    if verb is None or (put and taken):
        return None
    added, removed = (_changed(shelf.rows, mark) for mark in "+-")
    words = {w.casefold() for w in re.findall(r"[A-Za-z_]\w{2,}", _behind(plain, verb.end()))} & (added ^ removed)
    here = words & (added if put else removed)
    if words and not here:
        return f"the diff has {', '.join(sorted(words)[:3])} the other way"
    return None


def _behind(plain: str, end: int) -> str:
    """What the verb governs: the few words behind it, up to the next clause."""
    return " ".join(re.split(r"[;,.]\s|\b(?:and|but|while|which)\b", plain[end:])[0].split()[:REACH])


def _changed(rows: list[Row], mark: str) -> set[str]:
    lines = [r.text for r in rows if r.text.startswith(mark) and not r.text.startswith(mark * 3)]
    return {w.casefold() for line in lines for w in re.findall(r"[A-Za-z_]\w{2,}", line)}
