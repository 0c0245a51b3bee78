"""Holding a draft against its evidence: what does not hold is dropped, and confidence is capped. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sre_advisor.commands import explain
from sre_advisor.investigate.checking import Source, absent_from, judge
from sre_advisor.investigate.checking.evidence.row import Row
from sre_advisor.investigate.vicinity import named
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

NO_SUMMARY = "What was summed up does not stand in what was read; what does follows."
_FAR_OFF = "its service neither alerts nor is anomalous, and no calls known lead between it and one that is"
_ORDER = (Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH)


@dataclass(frozen=True)
class Grounds:
    """The evidence a draft may rest on, and the names of services that exist."""

    evidence: Mapping[str, Evidence]
    services: frozenset[str]
    missing: tuple[str, ...] = ()
    """Sources that could not be read."""
    firing: tuple[str, ...] = ()
    """Alerts that fire, in words."""
    near: frozenset[str] | None = None
    """Services where something shows and those up- and downstream of them (see `vicinity`); None: not known."""
    parsed: dict[str, list[Row]] = field(default_factory=dict[str, list[Row]])
    """Evidence taken apart, kept between the claims that cite it."""

    @cached_property
    def near_folded(self) -> frozenset[str]:
        """The services that are near, without regard to case."""
        return frozenset(n.casefold() for n in self.near or ())

    @cached_property
    def sources(self) -> dict[str, Source]:
        """The evidence as claims are held against it."""
        return {i: _source(e) for i, e in self.evidence.items()}


def check_claim(claim: DraftClaim, grounds: Grounds) -> Claim:
    """The claim with its standing: see the package `checking` for what is held against what."""
    standing, why = judge(claim.text, claim.cites, grounds.sources, grounds.services, grounds.parsed)
    cited = [grounds.evidence[i] for i in claim.cites if i in grounds.evidence]
    if standing is Standing.SUPPORTED and all(e.outcome is not Outcome.OK for e in cited):
        standing, why = Standing.PARTLY, "the evidence cited holds no data"
    return Claim(text=claim.text, cites=claim.cites, standing=standing, why=why)


def holds(text: str, grounds: Grounds) -> bool:
    """Whether the figures, times, ids and services of a sentence that cites nothing stand in anything that was read."""
    return not absent_from(text, grounds.sources, grounds.services, grounds.parsed)


def failed_claims(draft: DraftDiagnosis, grounds: Grounds) -> dict[str, Claim]:
    """The draft's claims that do not hold, by their place in it ("hypotheses[0].claims_for[1]")."""
    drafted = {f"ruled_out[{i}]": c for i, c in enumerate(draft.ruled_out)}
    for h, hypothesis in enumerate(draft.hypotheses):
        drafted |= {f"hypotheses[{h}].claims_for[{i}]": c for i, c in enumerate(hypothesis.claims_for)}
        drafted |= {f"hypotheses[{h}].claims_against[{i}]": c for i, c in enumerate(hypothesis.claims_against)}
    checked = {place: check_claim(claim, grounds) for place, claim in drafted.items()}
    return {place: claim for place, claim in checked.items() if claim.standing is Standing.UNSUPPORTED}


def check(draft: DraftDiagnosis, grounds: Grounds, advisor: str) -> Diagnosis:
    """The diagnosis that may be shown: unsupported claims dropped and counted, confidence capped, commands labelled."""
    weighed = [_weighed(h, grounds) for h in draft.hypotheses]
    hypotheses = [w.hypothesis for w in weighed]
    kept = tuple(h for h in hypotheses if h.claims_for)
    ruled_out, lost = _split(draft.ruled_out, grounds)
    for drafted, checked in zip(draft.hypotheses, hypotheses, strict=True):
        lost += len(drafted.claims_for) + len(drafted.claims_against)
        lost -= len(checked.claims_for) + len(checked.claims_against)
    verdict, summary = _verdict(draft, weighed, grounds)
    if summary == draft.summary and not holds(summary, grounds):
        lost, summary = lost + 1, _cut(kept[0].statement if kept else NO_SUMMARY)
    not_checked = tuple(gap for gap in draft.not_checked if holds(gap, grounds))
    lost += len(draft.not_checked) - len(not_checked)
    lost += sum(h.statement != d.statement for d, h in zip(draft.hypotheses, hypotheses, strict=True))
    return Diagnosis(
        verdict=verdict,
        summary=summary,
        hypotheses=kept,
        ruled_out=ruled_out,
        not_checked=not_checked,
        commands=tuple(_labelled(c) for c in draft.commands),
        claims_dropped=lost,
        advisor=advisor,
    )


def _source(evidence: Evidence) -> Source:
    label = f"{evidence.source} {evidence.tool} {json.dumps(evidence.request, ensure_ascii=False)}"
    window = tuple(t.isoformat() for t in (evidence.window_start, evidence.window_end) if t)
    return Source(evidence.id, evidence.summary, evidence.body, label, window)


def _split(claims: Sequence[DraftClaim], grounds: Grounds) -> tuple[tuple[Claim, ...], int]:
    checked = [check_claim(c, grounds) for c in claims]
    kept = tuple(c for c in checked if c.standing is not Standing.UNSUPPORTED)
    return kept, len(checked) - len(kept)


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A checked hypothesis, and the rules that allow it no more than low confidence, whatever was drafted."""

    hypothesis: Hypothesis
    no_more_than_low: tuple[str, ...]


def _weighed(drafted: DraftHypothesis, grounds: Grounds) -> _Weighed:
    claims_for, lost = _split(drafted.claims_for, grounds)
    claims_against, _ = _split(drafted.claims_against, grounds)
    worded = holds(drafted.statement, grounds)
    caps = _caps(drafted, claims_for, lost, grounds, worded=worded)
    confidence = min((drafted.confidence, *(ceiling for ceiling, _ in caps)), key=_ORDER.index)
    hypothesis = Hypothesis(
        statement=drafted.statement if worded else _plain_statement(drafted, grounds),
        confidence=confidence,
        claims_for=claims_for,
        claims_against=claims_against,
        would_disprove=drafted.would_disprove if holds(drafted.would_disprove, grounds) else "",
        service=drafted.service,
        change=drafted.change,
        caps=tuple(why for _, why in caps) if confidence is not drafted.confidence else (),
    )
    return _Weighed(hypothesis, tuple(why for ceiling, why in caps if ceiling is Confidence.LOW))


def _plain_statement(drafted: DraftHypothesis, grounds: Grounds) -> str:
    """What is left of a statement whose own words do not hold."""
    if drafted.service in grounds.services:
        return f"it began in {drafted.service}; the rest of what was stated does not stand in what was read"
    return "what was stated does not stand in what was read; the claims below do"


def _caps(
    drafted: DraftHypothesis, claims: Sequence[Claim], lost: int, grounds: Grounds, *, worded: bool
) -> tuple[tuple[Confidence, str], ...]:
    """The rules that cap its confidence, and at what; docs/explanation/confidence.md lists them."""
    supported = [c for c in claims if c.standing is Standing.SUPPORTED]
    cited = [grounds.evidence[i] for c in supported for i in c.cites if i in grounds.evidence]
    # What was worked out from other evidence says again what that said: it is no second source.
    sources = {e.source for e in cited if "drawn_from" not in e.request}
    rules = (
        (not supported, Confidence.LOW, "no claim for it is fully supported"),
        (not worded, Confidence.LOW, "its own words did not hold"),
        (len(sources) < 2, Confidence.MEDIUM, "it rests on one source"),
        (lost > 0, Confidence.MEDIUM, f"{lost} of its claims did not hold"),
        (bool(grounds.missing), Confidence.MEDIUM, f"{', '.join(grounds.missing)} could not be read"),
        (not drafted.claims_against and not drafted.would_disprove, Confidence.MEDIUM, "nothing was tried against it"),
        (_far_off(drafted, grounds), Confidence.LOW, _FAR_OFF),
    )
    return tuple((ceiling, why) for applies, ceiling, why in rules if applies)


def _far_off(drafted: DraftHypothesis, grounds: Grounds) -> bool:
    """Whether the service blamed, else every one that the statement names, has nothing to do with what shows."""
    if grounds.near is None:
        return False
    blamed = named(drafted.service or drafted.statement, grounds.services | grounds.near)
    return bool(blamed or drafted.service) and not any(n.casefold() in grounds.near_folded for n in blamed)


def _verdict(draft: DraftDiagnosis, weighed: Sequence[_Weighed], grounds: Grounds) -> tuple[Verdict, str]:
    if draft.verdict is Verdict.NOTHING_WRONG and (grounds.firing or grounds.missing):
        against = [*grounds.firing[:2], *(f"{m} could not be read" for m in grounds.missing)]
        return Verdict.NOT_ENOUGH, _cut(f"No cause was found, but not all is well: {'; '.join(against)}")
    if draft.verdict not in (Verdict.LIKELY_CAUSE, Verdict.COMPETING):
        return draft.verdict, draft.summary
    kept = [w for w in weighed if w.hypothesis.claims_for]
    if not kept:
        lead = f" Unproven lead: {weighed[0].hypothesis.statement}" if weighed else ""
        return Verdict.NOT_ENOUGH, _cut(f"No claim made for a cause stands in what was read.{lead}")
    leading = kept[0]
    if leading is not weighed[0]:
        return Verdict.NOT_ENOUGH, _cut(
            f"The leading idea did not hold against the evidence. Next best lead: {leading.hypothesis.statement}"
        )
    # Among several that compete one that may be more than a lead is enough: the verdict singles none out.
    answering = kept if draft.verdict is Verdict.COMPETING else kept[:1]
    if all(w.no_more_than_low for w in answering):
        return Verdict.NOT_ENOUGH, _cut(
            f"No cause is shown, only a lead ({'; '.join(leading.no_more_than_low)}): {leading.hypothesis.statement}"
        )
    return draft.verdict, draft.summary


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
