"""Which metrics match a person's words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sre_advisor.connectors.prometheus.backend import MetricInfo

WORDS_LIMIT = 12


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text or of a metric's name, lower case; at most twelve."""
    return tuple(dict.fromkeys(re.findall(r"[^\W_]+", text.casefold())))[:WORDS_LIMIT]


def best_matches(text: str, metrics: Iterable[MetricInfo], limit: int) -> tuple[MetricInfo, ...]:
    """Metrics with most of the words, those in the name counting more than those in the help; ties by name.

    Without words every metric matches, so that an empty search lists what there is.
    """
    wanted = words_of(text)
    scored = [(_score(wanted, metric), metric) for metric in metrics]
    hits = [pair for pair in scored if pair[0] > 0 or not wanted]
    hits.sort(key=lambda pair: (-pair[0], len(pair[1].name), pair[1].name))
    return tuple(metric for _, metric in hits[:limit])


def _score(wanted: Iterable[str], metric: MetricInfo) -> float:
    name, parts, told = metric.name.casefold(), set(words_of(metric.name)), metric.help.casefold()
    score = 0.0
    for word in wanted:
        if word in parts:
            score += 3
        elif word in name:
            score += 2
        elif word in told:
            score += 1
    return score
