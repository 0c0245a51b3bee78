"""What a read or its failure becomes on record: redacted, bounded evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import JsonValue

from sre_advisor.broker.bound import bound, size_of
from sre_advisor.broker.redaction import Redactor
from sre_advisor.broker.running import Offer
from sre_advisor.connectors.contract import (
    BadRequest,
    Denied,
    NoData,
    Noun,
    QuotaExceeded,
    Reading,
    ToolFailure,
    Unavailable,
)
from sre_advisor.model import Evidence, Outcome


@dataclass(frozen=True, slots=True)
class Read:
    """Evidence and the typed nouns behind it; the nouns are empty unless the outcome is ok."""

    evidence: Evidence
    nouns: tuple[Noun, ...] = ()


def kept(
    evidence_id: str, offer: Offer, args: dict[str, JsonValue], reading: Reading, redactor: Redactor, limit: int
) -> tuple[Read, int]:
    """The reading as evidence of at most `limit` bytes, and how many JSON bytes had been read.

    Secrets are taken out before anything is cut: half a secret would not be recognised.
    """
    clean = redactor.value([args, reading.summary, reading.body, reading.link])
    assert isinstance(clean.value, list)
    request, summary, whole, link = clean.value
    body, cut = bound(whole, limit)
    evidence = Evidence(
        id=evidence_id,
        source=offer.source,
        tool=offer.tool.name,
        request=request if isinstance(request, dict) else {},
        outcome=Outcome.OK,
        read_at=datetime.now(UTC),
        summary=str(summary),
        body=body,
        window_start=reading.window.start if reading.window else None,
        window_end=reading.window.end if reading.window else None,
        link=str(link) if link else None,
        truncated="; ".join(t for t in (reading.truncated, cut) if t) or None,
        redactions=clean.count,
    )
    return Read(evidence, redactor.nouns(reading.nouns)), size_of(whole)


def failed(
    evidence_id: str, source: str, tool: str, args: dict[str, JsonValue], failure: ToolFailure, redactor: Redactor
) -> Evidence:
    """The failure as evidence that it happened."""
    outcome, words = _outcome(failure)
    clean = redactor.value([args, words])
    assert isinstance(clean.value, list)
    request, summary = clean.value
    window = failure.window if isinstance(failure, NoData) else None
    link = failure.link if isinstance(failure, NoData) else None
    return Evidence(
        id=evidence_id,
        source=source,
        tool=tool[:80],
        request=request if isinstance(request, dict) else {},
        outcome=outcome,
        read_at=datetime.now(UTC),
        summary=str(summary),
        window_start=window.start if window else None,
        window_end=window.end if window else None,
        link=link,
        redactions=clean.count,
    )


def _outcome(failure: ToolFailure) -> tuple[Outcome, str]:
    match failure:
        case NoData():
            return Outcome.NO_DATA, failure.summary
        case BadRequest():
            return Outcome.BAD_REQUEST, failure.hint
        case Denied():
            return Outcome.DENIED, failure.rule
        case QuotaExceeded():
            return Outcome.QUOTA_EXCEEDED, failure.limit
        case Unavailable():
            return Outcome.UNAVAILABLE, f"{failure.kind}: {failure.detail}"
        case _:
            return Outcome.UNAVAILABLE, "internal: an unknown failure"
