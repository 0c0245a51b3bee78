"""Taking secrets out of everything that was read, before anybody or anything else sees it."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pydantic import JsonValue

from sre_advisor.broker.redaction.config import RedactionConfig
from sre_advisor.broker.redaction.configured import ConfiguredSecrets
from sre_advisor.broker.redaction.placeholders import Numbered, Unnumbered
from sre_advisor.broker.redaction.rule import Span
from sre_advisor.broker.redaction.scanner import Scanner
from sre_advisor.broker.redaction.stream import RedactionStream
from sre_advisor.broker.redaction.structured import JsonWalk, redacted_noun, strings_of, strings_of_noun

T = TypeVar("T")

SHORTEST = 7
"""Characters below which no rule can find anything: `pwd=abc`."""
PASSES = 8
"""A secret taken out may bring another into view; every pass takes out more, and the last finds nothing."""
SURROUNDINGS = 6_000
"""Characters around a placeholder in which its coming can matter to a rule: the reach of the widest."""
TOGETHER = 1_000
BETWEEN = "\n\0\n"
SCOPES = 1_000
REMEMBERED_TEXTS = 20_000
REMEMBERED_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Finding:
    """A secret in a text: which rule found it, and where, in characters of the text as it was."""

    rule: str
    start: int
    end: int
    placeholder: str


@dataclass(frozen=True, slots=True)
class Redacted:
    """A value without its secrets, and how many were taken out."""

    value: JsonValue
    count: int


class _Clean:
    """Short texts known to hold no secret: labels and names that come again and again."""

    def __init__(self) -> None:
        self._texts: set[str] = set()

    def __contains__(self, text: str) -> bool:
        return len(text) <= REMEMBERED_LENGTH and text in self._texts

    def add(self, text: str) -> None:
        if len(text) <= REMEMBERED_LENGTH:
            if len(self._texts) >= REMEMBERED_TEXTS:
                self._texts.clear()
            self._texts.add(text)


class Redactor:
    """Replaces our own configured secrets and what looks like one."""

    def __init__(self, secrets: Iterable[str] = (), config: RedactionConfig | None = None) -> None:
        configured = ConfiguredSecrets(secrets)
        self._configured = configured
        self._scanner = Scanner(config or RedactionConfig(), configured)
        self._clean = _Clean()
        self._placeholders: Numbered | Unnumbered = Unnumbered()
        self._scopes: OrderedDict[str, Redactor] = OrderedDict()

    def scope(self, investigation: str) -> Redactor:
        """The redactor of one investigation: the same secret gets the same numbered placeholder wherever it is met."""
        scoped = self._scopes.get(investigation)
        if scoped is None:
            scoped = self.numbering()
            self._scopes[investigation] = scoped
            if len(self._scopes) > SCOPES:
                self._scopes.popitem(last=False)
        self._scopes.move_to_end(investigation)
        return scoped

    def numbering(self) -> Redactor:
        """A redactor that looks for the same secrets and numbers them anew."""
        scoped = Redactor.__new__(Redactor)
        scoped.__dict__.update(self.__dict__, _placeholders=Numbered(), _scopes=OrderedDict())
        return scoped

    def text(self, text: str) -> tuple[str, int]:
        """The text without secrets, and how many there were."""
        clean, found = self.redact(text)
        return clean, len(found)

    def findings(self, text: str) -> list[Finding]:
        """Where in the text secrets stand."""
        return self.redact(text)[1]

    def redact(self, text: str, known: Iterable[tuple[int, int]] = ()) -> tuple[str, list[Finding]]:
        """The text without secrets, and where they stood in it; `known` stretches go whatever the rules say."""
        known = tuple(known)
        if not known and (len(text) < SHORTEST or text in self._clean):
            return text, []
        edited = _Edited(text)
        spans = self._scanner.found(text, known)
        for _ in range(PASSES):
            if not spans:
                break
            near = edited.replace(spans, self._placeholders)
            spans = self._scanner.found(edited.text, near=near)
        if not edited.findings:
            self._clean.add(text)
        return edited.text, edited.findings

    def value(self, value: JsonValue) -> Redacted:
        """A JSON value with every string in it, keys too, redacted; a secret split over fields is found as well."""
        self._look_over(strings_of(value))
        walk = JsonWalk(self.redact, self._configured.across)
        return Redacted(walk.redacted(value), walk.count)

    def noun(self, noun: T) -> T:
        """A dataclass with every string in it redacted; arrays and times are left alone."""
        return redacted_noun(noun, self.redact, self._configured.across)

    def nouns(self, nouns: Sequence[T]) -> tuple[T, ...]:
        """Many nouns: looked over together first, since most hold nothing."""
        clean: list[T] = []
        for at in range(0, len(nouns), TOGETHER):
            some = nouns[at : at + TOGETHER]
            self._look_over(text for noun in some for text in strings_of_noun(noun))
            clean.extend(map(self.noun, some))
        return tuple(clean)

    def _look_over(self, texts: Iterable[str]) -> None:
        """One search of all short texts, parted so that no rule reads across: without a find, each is clean."""
        unknown = {t: None for t in texts if SHORTEST <= len(t) <= REMEMBERED_LENGTH and t not in self._clean}
        if len(unknown) > 1 and not self._scanner.found(BETWEEN.join(unknown)):
            for text in unknown:
                self._clean.add(text)

    def stream(self) -> RedactionStream:
        """Redacts a text that comes in pieces; no piece of a secret goes out before the whole is known."""
        return RedactionStream(self.findings, self._configured.longest)


class _Edited:
    """A text, and where each of its stretches stood before anything was replaced."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.findings: list[Finding] = []
        self._starts, self._origins = [0], [0]

    def replace(self, spans: list[Span], placeholders: Numbered | Unnumbered) -> list[tuple[int, int]]:
        """Put placeholders in place of the stretches, which are ascending, apart, and hold no placeholder.

        Returns what to look at again: the surroundings of what was replaced.
        """
        pieces: list[str] = []
        at = grown = 0
        starts, origins = self._starts, self._origins
        edits: list[tuple[int, int]] = []
        for span in spans:
            placeholder = placeholders.placeholder(span.rule, self.text[span.start : span.end])
            start, end = self._origin(span.start), self._origin(span.end - 1) + 1
            self.findings.append(Finding(span.rule, start, end, placeholder))
            pieces += (self.text[at : span.start], placeholder)
            grown += len(placeholder) - (span.end - span.start)
            edits.append((span.end + grown, end))
            at = span.end
        pieces.append(self.text[at:])
        shifted = _shifted(starts, origins, spans, edits)
        self._starts, self._origins = [s for s, _ in shifted], [o for _, o in shifted]
        self.text = "".join(pieces)
        self.findings.sort(key=lambda f: f.start)
        return _surroundings([now for now, _ in edits], len(self.text))

    def _origin(self, at: int) -> int:
        piece = bisect_right(self._starts, at) - 1
        return self._origins[piece] + at - self._starts[piece]


def _surroundings(places: list[int], size: int) -> list[tuple[int, int]]:
    near: list[tuple[int, int]] = []
    for at in places:
        if near and at - SURROUNDINGS <= near[-1][1]:
            near[-1] = (near[-1][0], min(size, at + SURROUNDINGS))
        else:
            near.append((max(0, at - SURROUNDINGS), min(size, at + SURROUNDINGS)))
    return near


def _shifted(
    starts: list[int], origins: list[int], spans: list[Span], edits: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The pieces of the text after the edits: each one's start now and where that stood at first."""
    ends = [span.end for span in spans]
    moved = [(now - span.end) for span, (now, _) in zip(spans, edits, strict=True)]
    pieces = list(edits)
    for start, origin in zip(starts, origins, strict=True):
        before = bisect_right(ends, start)
        pieces.append((start + (moved[before - 1] if before else 0), origin))
    return sorted(set(pieces))
