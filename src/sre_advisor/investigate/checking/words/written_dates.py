"""Times as git, RFC 2822 and notes write them, put as ISO 8601 writes them, so that one reader is enough."""

from __future__ import annotations

import re

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?\s+"
_GIT = re.compile(
    rf"\b{_DAY}(?P<m>{'|'.join(_MONTHS)})\s+(?P<d>\d{{1,2}})\s+(?P<t>\d\d:\d\d:\d\d)\s+(?P<y>\d{{4}})"
    r"(?:\s+(?P<z>[+-]\d{4}))?(?!\d)"
)
_MAIL = re.compile(
    rf"\b(?:{_DAY})?(?P<d>\d{{1,2}})\s+(?P<m>{'|'.join(_MONTHS)})\s+(?P<y>\d{{4}})\s+(?P<t>\d\d:\d\d(?::\d\d)?)"
    r"(?:\s+(?P<z>[+-]\d{4}))?(?!\d)"
)
_DEFINED = re.compile(r"\b(?P<name>[A-Z]{2,5})\s?(?:=|is|means|:)\s?(?P<zone>(?:UTC|GMT)\s?[+−-]\s?\d{1,2}(?::\d\d)?)")


def rewritten(text: str) -> str:
    """The text with such times as ISO 8601, and zones that it defines itself ("CST = UTC+8") spelt out at each time."""
    if "UTC" in text or "GMT" in text:
        for name, zone in {m.group("name"): m.group("zone") for m in _DEFINED.finditer(text)}.items():
            text = re.sub(rf"(?<=\d:\d\d)(\s?){name}\b", rf"\1{zone.replace(' ', '')}", text)
    for pattern in (_GIT, _MAIL):
        text = pattern.sub(_iso, text)
    return text


def _iso(match: re.Match[str]) -> str:
    month = _MONTHS.index(match.group("m")) + 1
    zone = match.group("z") or ""
    offset = f"{zone[:3]}:{zone[3:]}" if zone else ""
    return f"{match.group('y')}-{month:02}-{int(match.group('d')):02}T{match.group('t')}{offset}"
