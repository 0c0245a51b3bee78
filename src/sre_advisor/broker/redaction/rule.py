"""What a rule is: an expression, the words that must stand near it, and a second look at what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property

from sre_advisor.broker.redaction.regex import Match, Pattern

ASSIGNED = (
    r"(?i)(?:access|api|auth|key|cred|passw|passphrase|passcode|pwd|pass|secret|token)"
    r"(?:[ \t\w.-]{0,20}[\s'\x60\"\\\])]{0,10}[=:>|?,]|[\w-]{0,20}[ \t]+['\"\w])"
)
"""A telling name and what may part it from its value: `token=`, `"password": `, `--api-key x`."""


SECRET_KIND = r"""(?i)\bkind\\*["']?[ \t]*:[ \t]*\\*["']?Secret\b"""
"""A Kubernetes manifest's word for what it is."""


class Rank(IntEnum):
    """Whose name a stretch gets that several rules found: the lowest."""

    CONFIGURED = 0
    NAMED = 1
    SHAPE = 2
    GENERIC = 3
    PERSONAL = 4


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of characters that must go."""

    start: int
    end: int
    rule: str
    rank: Rank


Spans = Callable[[bytes, Match], Iterator[tuple[int, int]]]
"""Which stretches of the text a hit gives away."""


@dataclass(frozen=True)
class Rule:
    """One kind of secret.

    The expression is tried only near one of the `keywords` (lower case) or a hit of `head`, an expression for where
    keywords alone would hit too often: from `back` characters before it to `ahead` characters after it and on to the
    next white space, or to the end of the text when `to_end`.
    """

    id: str
    expression: str
    keywords: tuple[str, ...]
    spans: Spans = field(repr=False)
    rank: Rank = Rank.SHAPE
    head: str = ""
    back: int = 256
    ahead: int = 512
    to_end: bool = False

    @cached_property
    def pattern(self) -> Pattern:
        """Compiled upon the first keyword met, so that starting costs nothing."""
        return Pattern(self.expression)

    def found(self, text: bytes, start: int, end: int) -> Iterator[Span]:
        """What this rule finds between two offsets; text outside them is seen as context only."""
        reached = start
        for match in self.pattern.matches(text, start, end):
            if match.start() < reached:  # a hit before has read on this far: reading it once more takes for ever
                continue
            for first, last in self.spans(text, match):
                if last > first:
                    reached = max(reached, last)
                    yield Span(first, last, self.id, self.rank)


def group(number: int, accepts: Callable[[str], bool]) -> Spans:
    """One group of the expression, if its content convinces."""

    def spans(_text: bytes, match: Match) -> Iterator[tuple[int, int]]:
        value = match.group(number)
        if value and accepts(value.decode("latin-1")):
            yield match.start(number), match.end(number)

    return spans
