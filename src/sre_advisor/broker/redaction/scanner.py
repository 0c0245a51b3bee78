"""Everything that is to go from one text: all rules together, overlaps settled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from sre_advisor.broker.redaction import assignments, cookies, headers, keys, personal, urls
from sre_advisor.broker.redaction.config import RedactionConfig
from sre_advisor.broker.redaction.configured import ConfiguredSecrets
from sre_advisor.broker.redaction.gate import Gate
from sre_advisor.broker.redaction.gitleaks import gitleaks_rules
from sre_advisor.broker.redaction.judge import is_random
from sre_advisor.broker.redaction.placeholders import MARK, PLACEHOLDER
from sre_advisor.broker.redaction.regex import BARRIER, one_byte_a_character
from sre_advisor.broker.redaction.rule import Rank, Span

_ECHOES = 64
"""Values of one text that are looked for once more where no rule saw them."""


class Scanner:
    """Finds secrets; knows nothing of what is put in their place."""

    def __init__(self, config: RedactionConfig, configured: ConfiguredSecrets) -> None:
        self._config, self._configured = config, configured

    def found(
        self, text: str, known: Iterable[tuple[int, int]] = (), near: Sequence[tuple[int, int]] | None = None
    ) -> list[Span]:
        """Stretches to redact, ascending and apart; placeholders are left alone.

        `known` stretches are found already; `near` says where alone to look, as when only that has changed.
        """
        data = one_byte_a_character(text)
        placeholders: list[tuple[int, int]] = []
        if MARK in text:
            placeholders = [m.span() for m in PLACEHOLDER.finditer(text)]
            data = _with_barriers(data, placeholders)
        spans = [Span(start, end, "secret-field", Rank.SHAPE) for start, end in known]
        spans.extend(self._configured.found(data))
        gate = _gate(self._config.mask_emails, self._config.mask_ips)
        for start, end in near if near is not None else ((0, len(data)),):
            spans.extend(gate.found(data, start, end))
        if not spans:
            return spans
        spans.extend(_echoes(data, spans))
        whole = _united(spans)
        return _without(whole, placeholders, data) if placeholders else whole


@cache
def _gate(emails: bool, ips: bool) -> Gate:
    own = (*urls.RULES, *headers.RULES, *cookies.RULES, *assignments.RULES, *keys.RULES)
    masks = (*(personal.EMAILS if emails else ()), *(personal.IPS if ips else ()))
    return Gate((*gitleaks_rules(), *own, *masks))


def _with_barriers(data: bytes, placeholders: Sequence[tuple[int, int]]) -> bytes:
    masked = bytearray(data)
    for start, end in placeholders:
        masked[start:end] = bytes([BARRIER]) * (end - start)
    return bytes(masked)


def _echoes(data: bytes, spans: Sequence[Span]) -> list[Span]:
    """Other mentions of what was found: a secret is no less one where nothing introduces it."""
    values: dict[bytes, Span] = {}
    for span in spans:
        if span.rank is not Rank.PERSONAL and len(values) < _ECHOES:
            value = data[span.start : span.end]
            if len(value) <= 4096 and is_random(value.decode("latin-1"), 12, 3.0):
                values.setdefault(value, span)
    found: list[Span] = []
    for value, span in values.items():
        at = data.find(value)
        while at >= 0:
            found.append(Span(at, at + len(value), span.rule, span.rank))
            at = data.find(value, at + len(value))
    return found


def _united(spans: Iterable[Span]) -> list[Span]:
    """Overlapping stretches as one, named by the rule that knows best what it is."""
    united: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        if united and span.start < united[-1].end:
            last = united[-1]
            best = min(last, span, key=lambda s: s.rank)
            united[-1] = Span(last.start, max(last.end, span.end), best.rule, best.rank)
        else:
            united.append(span)
    return united


def _without(spans: Iterable[Span], placeholders: Sequence[tuple[int, int]], data: bytes) -> list[Span]:
    """The stretches without the placeholders in them; what is then left of one must still look like a secret."""
    kept: list[Span] = []
    for span in spans:
        if BARRIER not in data[span.start : span.end]:
            kept.append(span)
            continue
        at = span.start
        for start, end in (*(p for p in placeholders if p[0] < span.end and p[1] > span.start), (span.end, span.end)):
            if start > at and (span.rank is Rank.CONFIGURED or is_random(data[at:start].decode("latin-1"))):
                kept.append(Span(at, start, span.rule, span.rank))
            at = max(at, end)
    return kept
