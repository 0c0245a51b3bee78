"""One pass over the text for every rule's keywords; each rule is then tried only near its own."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sre_advisor.broker.redaction.regex import Pattern, quoted
from sre_advisor.broker.redaction.rule import Rule, Span

_SPACE = re.compile(rb"\s")
_OPENING = re.compile(r"(?:\((?:\?i?:)?|\(\?i\))*")

_SHORT = 4_000
"""Characters up to which one search for anything at all saves more than it costs: most texts are lines and labels."""

Stretch = tuple[int, int]


class Gate:
    """Finds which rules are worth trying where."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._keywords = _Keywords(rules)
        by_head: dict[str, list[Rule]] = defaultdict(list)
        for rule in rules:
            if rule.head:
                by_head[rule.head].append(rule)
        self._heads = [(Pattern(head, spans_only=True), tuple(group)) for head, group in by_head.items()]
        self._anything = Pattern("|".join(f"(?:{e})" for e in (self._keywords.expression, *by_head)), spans_only=True)

    def found(self, text: bytes, start: int, end: int) -> Iterator[Span]:
        """What the rules find near keywords between two offsets, in no order; time is linear in the length."""
        if end - start <= _SHORT and self._anything.first(text, start, end) is None:
            return
        for rule, hits in self._keywords.hits(text, start, end):
            yield from _tried(rule, text, hits)
        for head, rules in self._heads:
            hits = [(m.start(), m.end()) for m in head.matches(text, start, end)]
            if hits:
                for rule in rules:
                    yield from _tried(rule, text, hits)


def _tried(rule: Rule, text: bytes, hits: Iterable[Stretch]) -> Iterator[Span]:
    for start, end in _windows(rule, text, hits):
        yield from rule.found(text, start, end)


def _windows(rule: Rule, text: bytes, hits: Iterable[Stretch]) -> Iterator[Stretch]:
    """Around ascending hits, apart from each other, each drawn out to white space so that no token is cut."""
    back, ahead, size = rule.back, rule.ahead, len(text)
    if rule.to_end:
        yield max(0, min(start for start, _ in hits) - back), size
        return
    begin, finish, drawn = -1, -1, -1
    for start, end in hits:
        if start - back > finish:
            if begin >= 0:
                drawn = _to_space(text, finish)
                yield begin, drawn
            begin = max(start - back, drawn, 0)
        finish = end + ahead
    yield begin, _to_space(text, finish)


def _to_space(text: bytes, at: int) -> int:
    space = _SPACE.search(text, at)
    return space.end() if space else len(text)


@dataclass(frozen=True, slots=True)
class _Word:
    """A keyword, the rules it or a keyword inside it wakes, and those that may begin in it and end after it."""

    rules: tuple[int, ...]
    longer: dict[int, list[tuple[bytes, tuple[int, ...]]]]
    """By the byte after the keyword: what must follow, and the rules that then wake too."""


class _Keywords:
    """Where the keywords of which rules stand."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        by_word: dict[bytes, list[int]] = defaultdict(list)
        for index, rule in enumerate(rules):
            for keyword in rule.keywords:
                by_word[keyword.encode("latin-1")].append(index)
        words = sorted(by_word, key=lambda w: (-len(w), w))
        self._words = _overlapping(by_word)
        bounded = {w for w in words if all(_starts_with(rules[i].expression, w) for i in by_word[w])}
        alternatives = (rf"\b{quoted(w)}" if w in bounded else quoted(w) for w in words)
        self.expression = f"(?i:{'|'.join(alternatives)})"
        self._any = Pattern(self.expression, spans_only=True)

    def hits(self, text: bytes, first: int, last: int) -> Iterator[tuple[Rule, list[Stretch]]]:
        """Every rule that has a keyword between two offsets, and where, ascending."""
        hits: dict[int, list[Stretch]] = defaultdict(list)
        for match in self._any.matches(text, first, last):
            start, end = match.start(), match.end()
            word = self._words[text[start:end].lower()]
            for index in word.rules:
                hits[index].append((start, end))
            if end < len(text):
                for rest, more in word.longer.get(text[end] | 0x20, ()):
                    if text[end : end + len(rest)].lower() == rest:
                        for index in more:
                            hits[index].append((start, end + len(rest)))
        return ((self._rules[index], stretches) for index, stretches in hits.items())


def _overlapping(by_word: dict[bytes, list[int]]) -> dict[bytes, _Word]:
    """A search finds no keyword inside or across another: so each keyword knows those that may be."""
    by_prefix: dict[bytes, list[bytes]] = defaultdict(list)
    for word in by_word:
        for size in range(1, len(word)):
            by_prefix[word[:size]].append(word)
    words: dict[bytes, _Word] = {}
    for word in by_word:
        inside = {index for other, rules in by_word.items() if other in word for index in rules}
        longer: dict[int, list[tuple[bytes, tuple[int, ...]]]] = defaultdict(list)
        for start in range(len(word)):
            for other in by_prefix.get(word[start:], ()):
                rest = other[len(word) - start :]
                longer[rest[0] | 0x20].append((rest, tuple(by_word[other])))
        words[word] = _Word(tuple(sorted(inside)), dict(longer))
    return words


def _starts_with(expression: str, word: bytes) -> bool:
    """Whether the expression can begin only at a word's edge, with this very keyword."""
    if not expression.startswith(r"\b") or not word[:1].isalnum():
        return False
    start = _OPENING.match(expression, 2)
    literal = expression[start.end() if start else 2 :].replace("\\", "").lower()
    return literal.startswith(word.decode("latin-1")) and "|" not in literal[: len(word)]
