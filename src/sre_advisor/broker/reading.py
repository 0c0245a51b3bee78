"""A reading as it may be kept and shown: bounded, and without secrets."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import JsonValue

from sre_advisor.broker.bound import bound, size_of
from sre_advisor.broker.redaction import Redactor
from sre_advisor.connectors.contract import Noun, Reading
from sre_advisor.model import Window

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Clean:
    """What one read brought; `number` tells readings apart, `redactions` counts what was taken out.

    `rows` and `size` (JSON bytes before any cut) are what a quota counts.

    `held_secrets` is the reading as it was, when something was taken out of it: so that an investigation may number
    the secrets in its own way.
    """

    number: int
    read_at: datetime
    summary: str
    body: JsonValue
    nouns: tuple[Noun, ...]
    window: Window | None
    link: str | None
    truncated: str | None
    redactions: int
    rows: int
    size: int
    held_secrets: Reading | None


def cleaned(reading: Reading, redactor: Redactor, most_bytes: int) -> Clean:
    """The reading without secrets, its body within `most_bytes` of JSON.

    Secrets are taken out before anything is cut: half a secret would not be recognised.
    """
    clean = redactor.value([reading.summary, reading.body, reading.link])
    assert isinstance(clean.value, list)
    summary, whole, link = clean.value
    body, cut = bound(whole, most_bytes)
    nouns = redactor.nouns(reading.nouns)
    changed = clean.count or any(now is not before for now, before in zip(nouns, reading.nouns, strict=True))
    return Clean(
        number=next(_numbers),
        read_at=datetime.now(UTC),
        summary=str(summary),
        body=body,
        nouns=nouns,
        window=reading.window,
        link=str(link) if link else None,
        truncated="; ".join(t for t in (reading.truncated, cut) if t) or None,
        redactions=clean.count,
        rows=len(reading.nouns) if reading.rows is None else reading.rows,
        size=size_of(whole),
        held_secrets=reading if changed else None,
    )
