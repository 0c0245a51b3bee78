"""Our own secrets, in whatever spelling they come: plain, encoded, or torn apart by quotes and line breaks."""

from __future__ import annotations

import base64
import html
import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate
from urllib.parse import quote, quote_plus

from sre_advisor.broker.redaction.regex import Pattern, one_byte_a_character, quoted
from sre_advisor.broker.redaction.rule import Rank, Span

SHORTEST = 8
"""Characters; a shorter secret would take ordinary words out of every text."""
RULE = "configured-secret"

_SHORTEST_TORN = 16
_TEARS = b" \t\r\n\"'`,+\\|>"
"""What may stand between the pieces of a secret that was wrapped, concatenated or quoted piece by piece."""


class ConfiguredSecrets:
    """Finds every spelling of the secrets it was given; holds nothing else."""

    def __init__(self, secrets: Iterable[str]) -> None:
        known = sorted({s.strip() for s in secrets if len(s.strip()) >= SHORTEST})
        spellings = {one_byte_a_character(v) for s in known for v in _spellings(s)}
        torn = {s.translate(None, _TEARS) for s in spellings}
        self._whole = _any_of(spellings)
        self._torn = _any_of(s for s in torn if len(s) >= _SHORTEST_TORN or not s.isalpha())
        self.longest = max((len(s) for s in spellings), default=0)

    def __bool__(self) -> bool:
        return self._whole is not None

    def found(self, text: bytes) -> Iterator[Span]:
        """Where a secret stands, whole or in pieces."""
        if self._whole is None:
            return
        for match in self._whole.matches(text):
            yield Span(match.start(), match.end(), RULE, Rank.CONFIGURED)
        if self._torn is None:
            return
        joined = text.translate(None, _TEARS)
        if len(joined) == len(text):
            return
        places: list[int] | None = None
        for match in self._torn.matches(joined):
            places = places or [i for i, byte in enumerate(text) if byte not in _TEARS]
            yield Span(places[match.start()], places[match.end() - 1] + 1, RULE, Rank.CONFIGURED)

    def across(self, strings: Iterable[str]) -> dict[int, list[tuple[int, int]]]:
        """Stretches by string of secrets that begin in one and end in a later one."""
        if self._whole is None:
            return {}
        leaves = list(strings)
        ends = list(accumulate(len(leaf) for leaf in leaves))
        found: dict[int, list[tuple[int, int]]] = {}
        for span in self.found(one_byte_a_character("".join(leaves))):
            at = span.start
            while at < span.end:
                leaf = bisect_right(ends, at)
                begin = ends[leaf] - len(leaves[leaf])
                found.setdefault(leaf, []).append((at - begin, min(span.end, ends[leaf]) - begin))
                at = ends[leaf]
        return found


def _any_of(spellings: Iterable[bytes]) -> Pattern | None:
    longest_first = sorted(set(spellings), key=lambda s: (-len(s), s))
    return Pattern("|".join(map(quoted, longest_first)), spans_only=True) if longest_first else None


def _spellings(secret: str) -> Iterator[str]:
    plain = secret.encode("utf-8", "surrogatepass")
    yield from _escaped(secret)
    for form in (plain.hex(), plain.hex(" "), plain.hex(":"), "".join(f"\\x{b:02x}" for b in plain)):
        yield form
        yield form.upper().replace("\\X", "\\x")
    for once in _base64(plain):
        yield once
        yield quote(once, safe="")
    whole = base64.b64encode(plain)
    yield from _base64(whole)


def _escaped(secret: str) -> Iterator[str]:
    yield secret
    yield json.dumps(secret)[1:-1]
    yield json.dumps(json.dumps(secret))[3:-3]
    yield json.dumps(secret, ensure_ascii=False)[1:-1].replace("/", "\\/")
    yield "".join(f"\\u{ord(c):04x}" for c in secret)
    yield "".join(f"\\u{ord(c):04X}" for c in secret)
    yield repr(secret)[1:-1]
    yield html.escape(secret)
    yield html.escape(secret, quote=False)
    data = secret.encode("utf-8", "surrogatepass")
    for form in (quote(data, safe=""), quote(data), quote_plus(data), "".join(f"%{b:02X}" for b in data)):
        yield form
        yield quote(form, safe="")
        yield "".join(c.lower() if form[max(0, i - 2) : i].find("%") >= 0 else c for i, c in enumerate(form))


def _base64(data: bytes) -> Iterator[str]:
    """What stays the same of the encoding wherever in a longer text the bytes begin."""
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + data).rstrip(b"=").decode("ascii")
        first = (before * 8 + 5) // 6
        last = (before + len(data)) * 8 // 6
        yield encoded[first:last]
        yield encoded[first:last].translate({ord("+"): "-", ord("/"): "_"})
