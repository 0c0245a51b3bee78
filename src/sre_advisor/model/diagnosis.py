"""What is claimed: hypotheses and the claims they rest on, as drafted and as checked."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from sre_advisor.model.frozen import Frozen
from sre_advisor.model.suggestions import DraftCommand, DraftPatch, Patch, SuggestedCommand


class Verdict(StrEnum):
    """What kind of answer a diagnosis is."""

    LIKELY_CAUSE = "likely_cause"
    COMPETING = "competing_hypotheses"
    NOT_ENOUGH = "not_enough_evidence"
    NOTHING_WRONG = "nothing_wrong"


class Confidence(StrEnum):
    """How sure; capped by code, never raised by it."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Standing(StrEnum):
    """What checking a claim against its evidence showed."""

    SUPPORTED = "supported"
    PARTLY = "partly"
    UNSUPPORTED = "unsupported"


SUMMARY_LIMIT = 300
"""Characters in a diagnosis's summary: what fits a phone's screen above the fold."""
HYPOTHESIS_LIMIT = 3


class DraftClaim(Frozen):
    """One sentence and the evidence ids it rests on, as an advisor wrote it."""

    text: str
    cites: tuple[str, ...]


class Claim(DraftClaim):
    """A claim after checking, with the reason for its standing."""

    standing: Standing
    why: str = ""


class DraftHypothesis(Frozen):
    """A possible cause, what speaks for and against it, and what would disprove it."""

    statement: str
    confidence: Confidence
    claims_for: tuple[DraftClaim, ...]
    claims_against: tuple[DraftClaim, ...] = ()
    would_disprove: str = ""
    service: str | None = None
    change: str | None = None


class Hypothesis(Frozen):
    """A hypothesis after checking; `caps` says which rules lowered its confidence."""

    statement: str
    confidence: Confidence
    claims_for: tuple[Claim, ...]
    claims_against: tuple[Claim, ...] = ()
    would_disprove: str = ""
    service: str | None = None
    change: str | None = None
    caps: tuple[str, ...] = ()


class DraftDiagnosis(Frozen):
    """What an advisor concluded, before any check."""

    verdict: Verdict
    summary: Annotated[str, Field(max_length=SUMMARY_LIMIT)]
    hypotheses: Annotated[tuple[DraftHypothesis, ...], Field(max_length=HYPOTHESIS_LIMIT)] = ()
    ruled_out: tuple[DraftClaim, ...] = ()
    not_checked: tuple[str, ...] = ()
    commands: tuple[DraftCommand, ...] = ()
    patch: DraftPatch | None = None


class Diagnosis(Frozen):
    """A checked diagnosis: the only kind that may be shown."""

    verdict: Verdict
    summary: str
    hypotheses: tuple[Hypothesis, ...] = ()
    ruled_out: tuple[Claim, ...] = ()
    not_checked: tuple[str, ...] = ()
    commands: tuple[SuggestedCommand, ...] = ()
    patch: Patch | None = None
    document: str = ""
    """A text drafted from the record for a human to edit: a status update, a timeline."""
    claims_dropped: int = 0
    advisor: str = ""
