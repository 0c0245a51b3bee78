"""How a first look and an answer become messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sre_advisor.investigate.answer import Answer
from sre_advisor.model import Evidence, FirstLook
from sre_advisor.slack import render
from sre_advisor.slack.pages import NOWHERE, Pages
from sre_advisor.slack.render import Message


class Rendering(Protocol):
    """How a first look and an answer become messages."""

    def first_look(self, look: FirstLook, evidence: Sequence[Evidence]) -> Message:
        """The first look."""
        ...

    def answer(self, given: Answer, without: frozenset[str] = frozenset()) -> Message:
        """The diagnosis; files of the parts named by `without` could not be put into the thread."""
        ...


@dataclass(frozen=True, slots=True)
class Literal:
    """The one way that is used: all text literal, links to the given pages alone."""

    pages: Pages = NOWHERE

    def first_look(self, look: FirstLook, evidence: Sequence[Evidence]) -> Message:
        """The first look."""
        return render.first_look(look, evidence, self.pages)

    def answer(self, given: Answer, without: frozenset[str] = frozenset()) -> Message:
        """The diagnosis."""
        return render.answer(given, self.pages, without)
