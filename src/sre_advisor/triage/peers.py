"""Whose edge a series was measured on, when its name or a label names another service."""

from __future__ import annotations

from collections.abc import Iterable

from sre_advisor.model import Series
from sre_advisor.triage.words import split_identifier, squash

_CALLER_WORDS = frozenset({"from", "caller", "source", "downstream", "origin"})
_OUTBOUND_WORDS = frozenset({"client", "upstream", "outbound", "egress", "outgoing", "provider", "external"})
_OWN_LABELS = frozenset({"service", "job", "app", "name", "__name__", "namespace", "instance", "pod"})
SHORTEST = 4
"""Letters a service's name needs to be looked for inside other names: shorter ones occur in any word."""


class Peers:
    """Finds the other service in a series' name or labels; each text is looked at once, as few differ among many."""

    def __init__(self, services: Iterable[str]) -> None:
        named = {squash(s): s for s in services}
        # The longest name wins, so that "cart" does not shadow "cart-cache".
        self._names = sorted(((k, s) for k, s in named.items() if len(k) >= SHORTEST), key=lambda n: -len(n[0]))
        self._found: dict[str, tuple[str, ...]] = {}

    def of(self, series: Series) -> str | None:
        """The service the series speaks of beside its own; None when it names none."""
        texts = [series.name, *(v for k, v in series.labels.items() if k not in _OWN_LABELS)]
        return next((s for text in texts for s in self._in(text) if squash(s) != squash(series.service)), None)

    def _in(self, text: str) -> tuple[str, ...]:
        if text not in self._found:
            plain = squash(text)
            self._found[text] = tuple(s for key, s in self._names if key in plain)
        return self._found[text]


def names_caller(series: Series) -> bool:
    """Whether the words of name and labels say that the other service is the caller ("from", "source")."""
    return bool(_words(series) & _CALLER_WORDS)


def is_outbound(series: Series) -> bool:
    """Whether the series tells of what its service calls rather than of the service itself ("client", "upstream")."""
    return bool(_words(series) & _OUTBOUND_WORDS)


def _words(series: Series) -> set[str]:
    return {*split_identifier(series.name), *(w for label in series.labels for w in split_identifier(label))}
