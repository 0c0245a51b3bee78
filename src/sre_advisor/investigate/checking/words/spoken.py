"""Metrics said in words ("request errors 5xx") put back as the evidence writes them ("request_errors_5xx_ratio")."""

from __future__ import annotations

import re
from collections.abc import Iterable

_UNIT = re.compile(r"_(?:ms|milliseconds|s|seconds|us|ratio|pct|percent|bytes|[kmg]i?b|mi|gi|total|count|rps|qps)$")
_QUOTED = re.compile(r"[“\"`«].*?[”\"`»]")


def as_written(text: str, metrics: Iterable[str]) -> str:
    """The text with each metric it says in words named as written, where only one metric can be meant."""
    spoken: dict[str, set[str]] = {}
    for metric in metrics:
        for form in {metric, _UNIT.sub("", metric)}:
            words = [w for w in re.split(r"[_:.]", form) if w]
            if len(words) > 1:
                spoken.setdefault(" ".join(words), set()).add(metric)
    kept = [(m.start(), m.end()) for m in _QUOTED.finditer(text)]
    for words in sorted(spoken, key=len, reverse=True):
        if len(spoken[words]) > 1 or words.split(" ", 1)[0].casefold() not in text.casefold():
            continue
        pattern = rf"(?<![\w.:/-]){re.escape(words).replace(chr(92) + ' ', '[ -]')}(?![\w:/-])"
        name = next(iter(spoken[words]))
        for match in reversed(list(re.finditer(pattern, text, re.IGNORECASE))):
            if not any(start <= match.start() < end for start, end in kept):
                text = text[: match.start()] + name + text[match.end() :]
                kept = [(m.start(), m.end()) for m in _QUOTED.finditer(text)]
    return text
