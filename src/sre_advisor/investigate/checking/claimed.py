"""A claim read once: its words without quotes, its figures with what it says of them, and the figures it may mean."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sre_advisor.investigate.checking.evidence.names import identifiers
from sre_advisor.investigate.checking.evidence.observations import Observation, observations
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.figures.held import Said, said_in
from sre_advisor.investigate.checking.words.clock import Moment, moments, stretches
from sre_advisor.investigate.checking.words.quotes import without_quotes


@dataclass(frozen=True)
class Claimed:
    """The text of a claim beside the evidence it cites."""

    text: str
    shelf: Shelf

    @cached_property
    def plain(self) -> str:
        """The text with its quotes blanked out, lengths kept."""
        return without_quotes(self.text)

    @cached_property
    def told(self) -> list[Said]:
        """The claim's figures."""
        return list(said_in(self.plain, self.shelf))

    @cached_property
    def held(self) -> list[Observation]:
        """The evidence's figures."""
        return observations(self.shelf)

    @cached_property
    def made(self) -> list[str]:
        """Words of the claim that cannot be prose."""
        return identifiers(self.plain)

    @cached_property
    def times(self) -> list[Moment]:
        """Times that the claim names."""
        return moments(self.plain)

    @cached_property
    def ends(self) -> frozenset[int]:
        """Where the times stand that are the ends of a stretch, and so need not be events."""
        return frozenset(m.start for pair in stretches(self.plain) for m in pair)
