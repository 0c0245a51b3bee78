"""Quoted words must stand in the evidence; one altered word is enough to fail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_QUOTED = re.compile(
    r"“([^”]+)”|\"([^\"]+)\"|`+([^`]+)`+|«([^»]+)»|„([^“”]+)[“”]|(?<![\w])[‘']([^‘’']{3,})[’'](?![\w])"
)
_WORD = re.compile(r"\w+")


def quoted(text: str) -> list[str]:
    """Everything in quotation marks."""
    return [next(g for g in match.groups() if g) for match in _QUOTED.finditer(text)]


def without_quotes(text: str) -> str:
    """The text with its quotes blanked out, lengths kept."""
    return _QUOTED.sub(lambda m: " " * len(m.group()), text)


def stands_in(quote: str, texts: Iterable[str]) -> bool:
    """Whether the quote's words follow each other in one of the texts; an ellipsis stands for anything left out."""
    pieces = [_words(p) for p in re.split(r"…|\.\.\.|\[[^\]]*\.\.\.[^\]]*\]", quote)]
    cut = re.search(r"(?:…|\.\.\.)\s*$", quote) is not None
    pieces = [p for p in pieces if p]
    return not pieces or any(_in_order(pieces, _words(text), cut) for text in texts)


def _words(text: str) -> list[str]:
    return [w.casefold() for w in _WORD.findall(text)]


def _in_order(pieces: Sequence[Sequence[str]], words: Sequence[str], cut: bool) -> bool:
    at = 0
    for number, piece in enumerate(pieces):
        found = _find(piece, words, at, partial=cut and number == len(pieces) - 1)
        if found is None:
            return False
        at = found + len(piece)
    return True


def _find(piece: Sequence[str], words: Sequence[str], start: int, *, partial: bool) -> int | None:
    size = len(piece)
    for i in range(start, len(words) - size + 1):
        if words[i] == piece[0] or size == 1:
            here = words[i : i + size]
            if list(here) == list(piece):
                return i
            if partial and here[:-1] == list(piece[:-1]) and here[-1].startswith(piece[-1]):
                return i
    return None
