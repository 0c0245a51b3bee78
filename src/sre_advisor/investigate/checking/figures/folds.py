"""How many times what it was something became, as words say it: "doubled", "to a third of", "15-fold"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sre_advisor.investigate.checking.words.quantities import Number

UNITS = ("x", "×", "times", "fold")
_BOUND = r"(?P<bound>(?:at least|more than|over|well over|less than|nearly|almost|not quite|about|roughly|around)\s)?"
_WORSE = r"\b(?P<worse> or (?:worse|more|better))?"
_FELL = r"(?:down|fell|falls|fallen|dropped|drops|shrank|shrunk|cut|cuts|reduced|went|came|sank)"
_PARTS = ("third", "quarter", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_WORDS = tuple(
    (re.compile(_BOUND + words + _WORSE, re.IGNORECASE), fold)
    for words, fold in (
        (r"doubl(?:e|ed|es|ing)", 2.0),
        (r"(?:tripl|trebl)(?:e|ed|es|ing)", 3.0),
        (r"quadrupl(?:e|ed|es|ing)", 4.0),
        (r"halv(?:e|ed|es|ing)", 0.5),
        (rf"{_FELL} (?:to|by) (?P<rest>(?:less|more) than )?(?:a )?half", 0.5),
        (r"half (?:of )?(?:its|the|their) (?:usual|former|earlier|previous|normal)", 0.5),
        *(
            (rf"{_FELL} (?:back |down )?to (?P<rest>(?:less|more) than )?(?:about )?(?:an?|one) {part} of", 1 / n)
            for n, part in enumerate(_PARTS, 3)
        ),
    )
)
_OVER = re.compile(r"\b(?:more than|over|at least|above|well over|upwards of)\s(?:a )?$", re.IGNORECASE)
_UNDER = re.compile(r"\b(?:less than|under|at most|below|fewer than|not even)\s(?:a )?$", re.IGNORECASE)
ROOM = 1.35
"""How far a fold said in a word may be from what it says: "doubled" is said of 1.5 to 2.7 times."""
PERCENT = 0.01
"""Of what it was by which a change told in percent may be another."""
NEARLY, ABOUT = 0.03, 0.08
"""Shares of a fold in digits by which the true one may differ, and where it is said to be about that."""


@dataclass(frozen=True, slots=True)
class Fold:
    """`value` times what it was; `further` when it may be more than that, `less` when not so much, in its way."""

    value: float
    further: bool = False
    less: bool = False
    start: int = 0
    number: Number | None = None
    """The figure, where it is one: whether it grew or shrank so, other words tell."""

    def fits(self, ratio: float) -> bool:
        """Whether something that became so many times what it was is told so."""
        if ratio <= 0:
            return self.less
        if self.number is not None:
            return any(self._is_about(r) for r in (ratio, 1 / ratio, ratio - 1))
        further = ratio >= self.value / ROOM if self.value > 1 else ratio <= self.value * ROOM
        if self.further:
            return further
        return further and (ratio <= self.value * ROOM if self.value > 1 else ratio >= self.value / ROOM)

    def _is_about(self, ratio: float) -> bool:
        assert self.number is not None
        if self.further or self.less:
            return ratio >= self.value * (1 - NEARLY) if self.further else ratio <= self.value * (1 + NEARLY)
        share = ABOUT if self.number.loose else NEARLY
        return self.number.fits(ratio) or abs(ratio - self.value) <= share * self.value


class ByPercent(Fold):
    """So many percent more or less than it was."""

    def fits(self, ratio: float) -> bool:
        """Whether something that became so many times what it was changed by so much of itself."""
        told, held = abs(self.value - 1), abs(ratio - 1)
        if (self.value > 1) != (ratio > 1):
            return False
        room = max(PERCENT, NEARLY * told, ABOUT * told if self.number is not None and self.number.loose else 0)
        return (self.further or held <= told + room) and (self.less or held >= told - room)


def folds(plain: str) -> Iterator[Fold]:
    """Those that the text says in a word."""
    for pattern, value in _WORDS:
        for match in pattern.finditer(plain):
            bound = (match.group("bound") or "").strip().casefold()
            further = match.group("worse") or match.groupdict().get("rest")
            least = bool(further) or bound in ("at least", "more than", "over", "well over", "less than")
            yield Fold(value, least, start=match.start())


def fold_of(number: Number, plain: str) -> Fold:
    """The one that a figure gives."""
    head = plain[: number.start]
    return Fold(number.value, bool(_OVER.search(head)), bool(_UNDER.search(head)), number.start, number)
