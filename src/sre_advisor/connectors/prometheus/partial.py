"""A reading of signals of which some could not be read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from sre_advisor.model import Series


class PartialSignals(tuple[Series, ...]):
    """What `signals` of a backend returns when it can say what is missing: `unread` names each signal and why."""

    unread: tuple[str, ...]

    def __new__(cls, series: Iterable[Series], unread: Iterable[str] = ()) -> Self:
        """The series that could be read and a line for each signal that could not."""
        self = super().__new__(cls, series)
        self.unread = tuple(unread)
        return self
