"""Redacting a text that comes in pieces, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

BLOCK = 256 * 1024
"""Characters looked at together."""
CONTEXT = 5 * 1024
"""Characters that went out already and are looked at again: they may introduce what follows."""
HELD = 16 * 1024
"""Characters kept back at the end: what follows may show that they are part of a secret."""
LONGEST = 1024 * 1024
"""Characters of one secret that are waited for; what is longer is dropped up to the next white space."""


class _Found(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def placeholder(self) -> str: ...


class RedactionStream:
    """Takes a text in pieces and gives it back redacted, later; `close` gives the rest."""

    def __init__(self, find: Callable[[str], Sequence[_Found]], longest_secret: int) -> None:
        self._find = find
        self._held_back = max(HELD, 4 * longest_secret)
        self._context = ""
        self._pieces: list[str] = []
        self._waiting = 0
        self._wanted = BLOCK + self._held_back
        self._dropping = False

    def feed(self, piece: str) -> str:
        """What can go out now that this piece has come."""
        if self._dropping:
            piece = self._after_the_dropped(piece)
        self._pieces.append(piece)
        self._waiting += len(piece)
        return self._out(final=False) if self._waiting >= self._wanted else ""

    def close(self) -> str:
        """The rest of the text; nothing may be fed afterwards."""
        return self._out(final=True)

    def _out(self, *, final: bool) -> str:
        begin = len(self._context)
        whole = self._context + "".join(self._pieces)
        found = self._find(whole)
        cut = len(whole) if final else self._cut(whole, begin, found)
        clean = _spliced(whole, begin, cut, found)
        self._pieces = [whole[cut:]]
        self._waiting = len(whole) - cut
        self._wanted = max(self._waiting + BLOCK, BLOCK + self._held_back)
        self._context = whole[max(0, cut - CONTEXT) : cut]
        return clean

    def _cut(self, whole: str, begin: int, found: Sequence[_Found]) -> int:
        """How far the text is settled: at a line's end where there is one, never within a secret."""
        latest = max(begin, len(whole) - self._held_back)
        cut = whole.rfind("\n", begin, latest) + 1 or latest
        opened = whole.rfind("-----BEGIN", begin, cut)
        if opened >= 0 and "-----END" not in whole[opened:]:
            cut = opened
        for finding in found:
            if finding.start < cut < finding.end:
                cut = max(begin, finding.start)
        if len(whole) - cut < LONGEST:
            return cut
        self._dropping = bool(found) and found[-1].end == len(whole)
        return len(whole) if self._dropping else max([latest, *(f.end for f in found if f.start < latest)])

    def _after_the_dropped(self, piece: str) -> str:
        rest = piece.lstrip("".join({c for c in piece if not c.isspace()}))
        self._dropping = not rest
        return rest


def _spliced(whole: str, begin: int, cut: int, found: Sequence[_Found]) -> str:
    pieces: list[str] = []
    at = begin
    for finding in found:
        if finding.end <= begin or finding.start >= cut:
            continue
        pieces += (whole[at : max(at, finding.start)], finding.placeholder)
        at = max(at, finding.end)
    pieces.append(whole[at:cut])
    return "".join(pieces)
