"""A reading of signals that knows what is missing and how each was asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Self

from sre_advisor.model import Series


class PartialSignals(tuple[Series, ...]):  # noqa: SLOT001  # it is made to carry two attributes
    """What `signals` may return: `unread` says which signal is missing and why, `queries` the PromQL by name."""

    unread: tuple[str, ...]
    queries: Mapping[str, str]

    def __new__(
        cls, series: Iterable[Series], unread: Iterable[str] = (), queries: Mapping[str, str] | None = None
    ) -> Self:
        """The series that could be read, a line for each signal that could not, and the queries sent."""
        self = super().__new__(cls, series)
        self.unread = tuple(unread)
        self.queries = dict(queries or {})
        return self
