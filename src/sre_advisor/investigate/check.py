"""Holding a draft against its evidence: what does not hold is dropped, and confidence is capped. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sre_advisor.commands import explain
from sre_advisor.investigate.quantities import commits, minutes, numbers
from sre_advisor.model import (
    SUMMARY_LIMIT,
    Claim,
    Confidence,
    Diagnosis,
    DraftClaim,
    DraftCommand,
    DraftDiagnosis,
    DraftHypothesis,
    Evidence,
    Hypothesis,
    Outcome,
    Standing,
    SuggestedCommand,
    Verdict,
)

_ORDER = (Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH)


@dataclass(frozen=True, slots=True)
class Grounds:
    """The evidence a draft may rest on, and the names of services that exist."""

    evidence: Mapping[str, Evidence]
    services: frozenset[str]
    missing: tuple[str, ...] = ()
    """Sources that could not be read."""


def check_claim(claim: DraftClaim, grounds: Grounds) -> Claim:
    """The claim with its standing: ids must exist, and figures, times, commits and services must stand in them."""
    unknown = [i for i in claim.cites if i not in grounds.evidence]
    cited = [grounds.evidence[i] for i in claim.cites if i in grounds.evidence]
    if not cited:
        why = f"cites {', '.join(unknown)}, which does not exist" if unknown else "cites nothing"
        return _judged(claim, Standing.UNSUPPORTED, why)
    text = "\n".join(_text(e) for e in cited)
    absent = [*_absent_figures(claim.text, text), *_absent_names(claim.text, text, grounds.services)]
    if absent:
        return _judged(claim, Standing.UNSUPPORTED, f"not in {', '.join(e.id for e in cited)}: {', '.join(absent)}")
    if unknown:
        return _judged(claim, Standing.PARTLY, f"{', '.join(unknown)} does not exist")
    if all(e.outcome is not Outcome.OK for e in cited):
        return _judged(claim, Standing.PARTLY, "the evidence cited holds no data")
    return _judged(claim, Standing.SUPPORTED, "")


def check(draft: DraftDiagnosis, grounds: Grounds, advisor: str) -> Diagnosis:
    """The diagnosis that may be shown: unsupported claims dropped and counted, confidence capped, commands labelled."""
    hypotheses = [_checked(h, grounds) for h in draft.hypotheses]
    kept = tuple(h for h in hypotheses if h.claims_for)
    ruled_out, lost = _split(draft.ruled_out, grounds)
    for drafted, checked in zip(draft.hypotheses, hypotheses, strict=True):
        lost += len(drafted.claims_for) + len(drafted.claims_against)
        lost -= len(checked.claims_for) + len(checked.claims_against)
    verdict, summary = _verdict(draft, kept, hypotheses)
    return Diagnosis(
        verdict=verdict,
        summary=summary,
        hypotheses=kept,
        ruled_out=ruled_out,
        not_checked=draft.not_checked,
        commands=tuple(_labelled(c) for c in draft.commands),
        claims_dropped=lost,
        advisor=advisor,
    )


def _judged(claim: DraftClaim, standing: Standing, why: str) -> Claim:
    return Claim(text=claim.text, cites=claim.cites, standing=standing, why=why)


def _text(evidence: Evidence) -> str:
    body = json.dumps(evidence.body, ensure_ascii=False) if evidence.body is not None else ""
    return f"{evidence.source} {evidence.tool} {json.dumps(evidence.request)} {evidence.summary} {body}"


def _absent_figures(claim: str, evidence: str) -> list[str]:
    held = tuple(numbers(evidence))
    absent = [n.text for n in numbers(claim) if not any(n.could_be(h) for h in held)]
    times = minutes(evidence)
    absent += [f"{m // 60:02}:{m % 60:02}" for m in minutes(claim) if not {m - 1, m, m + 1} & times]
    shas = commits(evidence)
    absent += [s[:12] for s in commits(claim) if not any(h.startswith(s) or s.startswith(h) for h in shas)]
    return absent


def _absent_names(claim: str, evidence: str, services: Iterable[str]) -> list[str]:
    said, held = claim.casefold(), evidence.casefold()
    return [s for s in services if _mentions(said, s.casefold()) and s.casefold() not in held]


def _mentions(text: str, name: str) -> bool:
    """Whether the name stands in the text as a whole, not as a part of a longer name."""
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) is not None


def _split(claims: Sequence[DraftClaim], grounds: Grounds) -> tuple[tuple[Claim, ...], int]:
    checked = [check_claim(c, grounds) for c in claims]
    kept = tuple(c for c in checked if c.standing is not Standing.UNSUPPORTED)
    return kept, len(checked) - len(kept)


def _checked(drafted: DraftHypothesis, grounds: Grounds) -> Hypothesis:
    claims_for, lost = _split(drafted.claims_for, grounds)
    claims_against, _ = _split(drafted.claims_against, grounds)
    ceiling, caps = _ceiling(drafted, claims_for, lost, grounds)
    confidence = min(drafted.confidence, ceiling, key=_ORDER.index)
    return Hypothesis(
        statement=drafted.statement,
        confidence=confidence,
        claims_for=claims_for,
        claims_against=claims_against,
        would_disprove=drafted.would_disprove,
        service=drafted.service,
        change=drafted.change,
        caps=caps if confidence is not drafted.confidence else (),
    )


def _ceiling(
    drafted: DraftHypothesis, claims: Sequence[Claim], lost: int, grounds: Grounds
) -> tuple[Confidence, tuple[str, ...]]:
    """The highest confidence the rules allow and which rules lowered it; docs/explanation/confidence.md lists them."""
    supported = [c for c in claims if c.standing is Standing.SUPPORTED]
    sources = {grounds.evidence[i].source for c in supported for i in c.cites if i in grounds.evidence}
    rules = (
        (not supported, Confidence.LOW, "no claim for it is fully supported"),
        (len(sources) < 2, Confidence.MEDIUM, "it rests on one source"),
        (lost > 0, Confidence.MEDIUM, f"{lost} of its claims did not hold"),
        (bool(grounds.missing), Confidence.MEDIUM, f"{', '.join(grounds.missing)} could not be read"),
        (not drafted.claims_against and not drafted.would_disprove, Confidence.MEDIUM, "nothing was tried against it"),
    )
    broken = [(ceiling, why) for holds, ceiling, why in rules if holds]
    lowest = min((c for c, _ in broken), key=_ORDER.index, default=Confidence.HIGH)
    return lowest, tuple(why for _, why in broken)


def _verdict(
    draft: DraftDiagnosis, kept: Sequence[Hypothesis], all_of_them: Sequence[Hypothesis]
) -> tuple[Verdict, str]:
    claims_a_cause = draft.verdict in (Verdict.LIKELY_CAUSE, Verdict.COMPETING)
    if not claims_a_cause or (kept and kept[0] is all_of_them[0]):
        return draft.verdict, draft.summary
    if kept:
        return Verdict.NOT_ENOUGH, _cut(
            f"The leading idea did not hold against the evidence. Next best lead: {kept[0].statement}"
        )
    lead = f" Unproven lead: {draft.hypotheses[0].statement}" if draft.hypotheses else ""
    return Verdict.NOT_ENOUGH, _cut(f"No claim made for a cause stands in what was read.{lead}")


def _labelled(drafted: DraftCommand) -> SuggestedCommand:
    effect = explain(drafted.command)
    return SuggestedCommand(
        **drafted.model_dump(),
        label=effect.label,
        reversible=effect.reversible,
        blast_radius=effect.blast_radius,
        label_why=effect.why,
    )


def _cut(text: str) -> str:
    return text if len(text) <= SUMMARY_LIMIT else text[: SUMMARY_LIMIT - 1].rstrip() + "…"
