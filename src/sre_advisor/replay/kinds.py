"""What a metric's name says about itself, for recordings that come without a catalogue of signals."""

from __future__ import annotations

import re

from sre_advisor.model import SignalKind

_WORDS: tuple[tuple[SignalKind, frozenset[str]], ...] = (
    (SignalKind.ERRORS, frozenset({"error", "errors", "5xx", "failure", "failures", "failed", "timeout", "timeouts"})),
    (SignalKind.LATENCY, frozenset({"latency", "duration"})),
    (SignalKind.AVAILABILITY, frozenset({"availability", "success"})),
    (SignalKind.CPU, frozenset({"cpu"})),
    (SignalKind.MEMORY, frozenset({"memory", "heap", "rss"})),
    (SignalKind.SATURATION, frozenset({"saturation", "utilization", "utilisation", "queue", "pool", "disk"})),
    (SignalKind.TRAFFIC, frozenset({"requests", "request", "rps", "qps"})),
)
_UNITS = {
    "ratio": "ratio", "pct": "percent", "percent": "percent", "seconds": "seconds", "s": "seconds",
    "ms": "milliseconds", "milliseconds": "milliseconds", "bytes": "bytes", "rps": "requests/s",
}  # fmt: skip
_PERCENTILE = re.compile(r"p\d\d\d?")


def _words(metric: str) -> list[str]:
    return [word for word in re.split(r"[^a-z0-9]+", metric.lower()) if word]


def kind_of(metric: str) -> SignalKind:
    """The golden signal a name speaks of in plain words; OTHER when it does not. The first kind listed wins."""
    words = _words(metric)
    for kind, told_by in _WORDS:
        if told_by.intersection(words):
            return kind
    # A percentile of a time is a latency, whatever else the name says.
    timed = _UNITS.keys() & {"s", "ms", "seconds"} & set(words)
    return SignalKind.LATENCY if timed and any(map(_PERCENTILE.fullmatch, words)) else SignalKind.OTHER


def unit_of(metric: str) -> str | None:
    """The unit a name ends in or holds; None when it names none."""
    return next((_UNITS[word] for word in reversed(_words(metric)) if word in _UNITS), None)
