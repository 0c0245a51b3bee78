"""A claim taken apart into clauses, each with what it says of time and direction."""

from __future__ import annotations

import re

_BREAK = re.compile(
    r"\s*(?:;|,(?=\s)|\s[–—-]\s|\s\(|\)\s|\.\s)\s*|\s+(?:while|whereas|whilst|although|though|yet|but|and|then|because|since|as|so|which|after|"
    r"before|when|once|until|"
    r"due to|following|caused by|triggered by|led to|caused|triggered|resulted in|followed by|preceded)\s+",
    re.IGNORECASE,
)


def clauses(text: str) -> list[tuple[int, str]]:
    """Where each clause starts, and its words; quoted text is never cut."""
    shielded = re.sub(r"[“\"`«].*?[”\"`»]", lambda m: "\0" * len(m.group()), text)
    found: list[tuple[int, str]] = []
    start = 0
    for match in _BREAK.finditer(shielded):
        if match.start() > start:
            found.append((start, text[start : match.start()]))
        start = match.end()
    return [*found, (start, text[start:])] if start < len(text) else found
