"""One pass over the text for every rule's keywords; each rule is then tried only near its own."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sre_advisor.broker.redaction.regex import Pattern, quoted
from sre_advisor.broker.redaction.rule import Rule, Span

_SPACE = re.compile(rb"\s")
_OPENING = re.compile(r"(?:\((?:\?i?:)?|\(\?i\))*")


@dataclass(frozen=True, slots=True)
class _Word:
    """A keyword, the rules it or a keyword inside it wakes, and those that may begin in it and end after it."""

    rules: tuple[int, ...]
    longer: dict[int, tuple[tuple[bytes, tuple[int, ...]], ...]]
    """By the byte after the keyword: what must follow, and the rules that then wake too."""


class Gate:
    """Finds which rules are worth trying where."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        by_word: dict[bytes, list[int]] = defaultdict(list)
        for index, rule in enumerate(rules):
            for keyword in rule.keywords:
                by_word[keyword.encode("latin-1")].append(index)
        words = sorted(by_word, key=lambda w: (-len(w), w))
        self._words = {word: _word(word, by_word) for word in words}
        bounded = {w for w in words if all(_starts_with(rules[i].expression, w) for i in by_word[w])}
        alternatives = (rf"\b{quoted(w)}" if w in bounded else quoted(w) for w in words)
        self._any = Pattern("|".join(alternatives), ignore_case=True, spans_only=True)

    def found(self, text: bytes) -> Iterator[Span]:
        """What the rules find in the text, in no order; time is linear in its length."""
        windows = self._windows(text)
        for index, stretches in windows.items():
            rule = self._rules[index]
            for start, end in _to_spaces(text, stretches):
                yield from rule.found(text, start, end)

    def _windows(self, text: bytes) -> dict[int, list[list[int]]]:
        """For each rule the stretches to look at, ascending and apart from each other."""
        windows: dict[int, list[list[int]]] = {}
        rules, words, size = self._rules, self._words, len(text)
        for match in self._any.matches(text):
            start, end = match.start(), match.end()
            word = words[text[start:end].lower()]
            awake = word.rules
            if word.longer and end < size:
                for rest, more in word.longer.get(text[end] | 0x20, ()):
                    if text[end : end + len(rest)].lower() == rest:
                        awake += more
            for index in awake:
                rule = rules[index]
                first, last = max(0, start - rule.back), size if rule.to_end else min(size, end + rule.ahead)
                stretches = windows.get(index)
                if stretches is None:
                    windows[index] = [[first, last]]
                elif first <= stretches[-1][1]:
                    stretches[-1][1] = max(last, stretches[-1][1])
                else:
                    stretches.append([first, last])
        return windows


def _to_spaces(text: bytes, stretches: list[list[int]]) -> list[list[int]]:
    """The stretches, each drawn out to the next white space, so that no token is looked at in part."""
    drawn: list[list[int]] = []
    for start, end in stretches:
        if drawn and start <= drawn[-1][1]:
            if end <= drawn[-1][1]:
                continue
            start = drawn.pop()[0]  # noqa: PLW2901 - the two stretches have become one
        space = _SPACE.search(text, end)
        drawn.append([start, space.end() if space else len(text)])
    return drawn


def _word(word: bytes, by_word: dict[bytes, list[int]]) -> _Word:
    inside = {i for other, rules in by_word.items() if other in word for i in rules}
    longer: dict[int, list[tuple[bytes, tuple[int, ...]]]] = defaultdict(list)
    for other, rules in by_word.items():
        for shared in range(1, min(len(word), len(other))):
            if word.endswith(other[:shared]):
                rest = other[shared:]
                longer[rest[0] | 0x20].append((rest, tuple(rules)))
    return _Word(tuple(sorted(inside)), {byte: tuple(more) for byte, more in longer.items()})


def _starts_with(expression: str, word: bytes) -> bool:
    """Whether the expression can begin only at a word's edge, with this very keyword."""
    if not expression.startswith(r"\b") or not word[:1].isalnum():
        return False
    start = _OPENING.match(expression, 2)
    literal = expression[start.end() if start else 2 :].replace("\\", "").lower()
    return literal.startswith(word.decode("latin-1")) and "|" not in literal[: len(word)]
