"""What a read or its failure becomes on record: redacted, bounded evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import JsonValue

from sre_advisor.broker.reading import Clean, cleaned
from sre_advisor.broker.redaction import Redactor
from sre_advisor.broker.running import Offer
from sre_advisor.connectors.contract import (
    BadRequest,
    Denied,
    NoData,
    Noun,
    QuotaExceeded,
    ToolFailure,
    Unavailable,
)
from sre_advisor.model import Evidence, Outcome


@dataclass(frozen=True, slots=True)
class Read:
    """Evidence and the typed nouns behind it; the nouns are empty unless the outcome is ok.

    Two reads of one `number` hold the same nouns: they were read once, for both. A read without nouns has none.
    """

    evidence: Evidence
    nouns: tuple[Noun, ...] = ()
    number: int = 0


def kept(
    evidence_id: str, offer: Offer, args: dict[str, JsonValue], clean: Clean, redactor: Redactor, limit: int
) -> Read:
    """The reading as one investigation's evidence; placeholders of secrets are numbered anew in each."""
    if clean.held_secrets is not None:
        clean = cleaned(clean.held_secrets, redactor, limit)
    request = redactor.value(args)
    evidence = Evidence(
        id=evidence_id,
        source=offer.source,
        tool=offer.tool.name,
        request=request.value if isinstance(request.value, dict) else {},
        outcome=Outcome.OK,
        read_at=clean.read_at,
        summary=clean.summary,
        body=clean.body,
        window_start=clean.window.start if clean.window else None,
        window_end=clean.window.end if clean.window else None,
        link=clean.link,
        truncated=clean.truncated,
        redactions=clean.redactions + request.count,
    )
    return Read(evidence, clean.nouns, clean.number)


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
