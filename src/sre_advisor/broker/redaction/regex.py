"""Typed edge of google-re2, over bytes in which every byte is one character of the text."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from functools import cache
from typing import Any, Protocol, cast

import re2

BARRIER = 0
"""The byte that stands for what is redacted already: no rule reads across it on purpose."""


class Match(Protocol):
    """What one hit of a pattern answers; offsets are characters of the text."""

    def start(self, group: int = 0) -> int:
        """Where the group begins."""
        ...

    def end(self, group: int = 0) -> int:
        """Where the group ends."""
        ...

    def group(self, group: int = 0) -> bytes | None:
        """What the group holds; None when it took no part."""
        ...


class Pattern:
    """A compiled RE2 expression: linear time whatever the text; no look-around, no back-references."""

    __slots__ = ("_compiled", "groups")

    def __init__(self, expression: str, *, ignore_case: bool = False, spans_only: bool = False) -> None:
        self._compiled = _compile(expression, ignore_case, spans_only)
        self.groups = cast("int", self._compiled.groups)

    def matches(self, text: bytes, start: int = 0, end: int | None = None) -> Iterator[Match]:
        """Every hit from left to right, none overlapping another."""
        return cast("Iterator[Match]", self._compiled.finditer(text, start, end))

    def first(self, text: bytes, start: int = 0, end: int | None = None) -> Match | None:
        """The leftmost hit, if there is one."""
        return cast("Match | None", self._compiled.search(text, start, end))

    def at(self, text: bytes, start: int, end: int | None = None) -> Match | None:
        """The hit that begins exactly at `start`, if there is one."""
        return cast("Match | None", self._compiled.match(text, start, end))


def one_byte_a_character(text: str) -> bytes:
    """The text as bytes of the same length: what Latin-1 lacks, lone surrogates too, becomes 0xFF.

    Offsets in the bytes are then offsets in the text, and no secret format has a character outside ASCII in it.
    """
    return text.encode("latin-1", "sre-advisor-opaque")


def quoted(literal: bytes) -> str:
    """An expression that matches exactly these bytes."""
    return cast("str", re2.escape(literal.decode("latin-1").encode("latin-1")).decode("latin-1"))


@cache
def _compile(expression: str, ignore_case: bool, spans_only: bool) -> Any:  # re2 ships no types
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.case_sensitive = not ignore_case
    options.never_capture = spans_only
    options.max_mem = 64 << 20
    options.log_errors = False
    return re2.compile(expression.encode("latin-1"), options)


def _opaque(error: UnicodeError) -> tuple[bytes, int]:
    assert isinstance(error, UnicodeEncodeError)
    return b"\xff" * (error.end - error.start), error.end


codecs.register_error("sre-advisor-opaque", _opaque)
