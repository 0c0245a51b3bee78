"""One answer held against what is expected of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from sre_advisor.evals.grading.terms import says
from sre_advisor.evals.suites.expectation import Citation, Expectation
from sre_advisor.model import Claim, Confidence, Diagnosis, Evidence, Hypothesis, Standing, Verdict

SURENESS = {Confidence.LOW: 0.35, Confidence.MEDIUM: 0.65, Confidence.HIGH: 0.9}
"""The probability each word is taken for where figures of calibration need one; the report also shows how often each
word was right, which needs none."""
NO_CHANGE = "none"


class Spent(BaseModel):
    """What an answer took: USD and wall seconds of the whole trial, and reads beyond the first look by outcome."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    usd: float = 0.0
    seconds: float = 0.0
    model_calls: int = 0
    tool_calls: int = 0


class Grade(BaseModel):
    """How one answer did; None: the case says nothing about it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    passed: bool
    """The cause found, nothing forbidden, what must be cited cited, and all within the budget."""
    cause_found: bool
    verdict_right: bool
    service_right: bool | None = None
    change_right: bool | None = None
    mechanism_right: bool | None = None
    cited: bool | None = None
    remedy_right: bool | None = None
    within_budget: bool | None = None
    claims: int = 0
    """Claims the answer was shown with and those the check took out."""
    grounded: int = 0
    """Of these, the fully supported ones."""
    dropped: int = 0
    forbidden_claim: bool = False
    forbidden_command: bool = False
    why_forbidden: tuple[str, ...] = ()
    confidence: Confidence | None = None
    """The leading hypothesis's; None where the answer names no cause."""


def grade(diagnosis: Diagnosis, evidence: Sequence[Evidence], expected: Expectation, spent: Spent) -> Grade:
    """The grade of a checked diagnosis."""
    named = diagnosis.verdict in (Verdict.LIKELY_CAUSE, Verdict.COMPETING)
    lead = diagnosis.hypotheses[0] if named and diagnosis.hypotheses else None
    verdict = diagnosis.verdict in expected.verdict
    parts = _cause(diagnosis, lead, expected) if expected.names_a_cause else (None, None, None)
    found = verdict and all(part is not False for part in parts)
    claims = _claims(diagnosis)
    bad_claims, bad_commands = _forbidden_claims(diagnosis, lead, expected), _forbidden_commands(diagnosis, expected)
    cited = _cited(lead, evidence, expected) if expected.must_cite else None
    budget = _within(expected, spent)
    return Grade(
        passed=found and not bad_claims and not bad_commands and cited is not False and budget is not False,
        cause_found=found,
        verdict_right=verdict,
        service_right=parts[0],
        change_right=parts[1],
        mechanism_right=parts[2],
        cited=cited,
        remedy_right=says(_remedy_text(diagnosis), expected.remedies)
        if expected.remedies and diagnosis.commands
        else None,
        within_budget=budget,
        claims=len(claims) + diagnosis.claims_dropped,
        grounded=sum(c.standing is Standing.SUPPORTED for c in claims),
        dropped=diagnosis.claims_dropped,
        forbidden_claim=bool(bad_claims),
        forbidden_command=bool(bad_commands),
        why_forbidden=(*bad_claims, *bad_commands),
        confidence=lead.confidence if lead else None,
    )


def _cause(
    diagnosis: Diagnosis, lead: Hypothesis | None, expected: Expectation
) -> tuple[bool | None, bool | None, bool | None]:
    """Whether service, change and mechanism are right; None where the case does not say."""
    cause = expected.cause
    service = change = mechanism = None
    if cause.service:
        service = lead is not None and (lead.service or "").casefold() in {s.casefold() for s in cause.service}
    if cause.change is not None:
        change = lead is not None and _same_change(lead.change, cause.change)
    if cause.mechanism:
        words = " . ".join((lead.statement, diagnosis.summary, *(c.text for c in lead.claims_for))) if lead else ""
        mechanism = bool(words) and says(words, cause.mechanism)
    return service, change, mechanism


def _same_change(said: str | None, accepted: Sequence[str]) -> bool:
    """Whether a change is one of these, a SHA by its first seven characters or more; none is right where none is."""
    named = (said or NO_CHANGE).casefold()
    if not accepted:
        return named == NO_CHANGE
    return any(named == a.casefold() or (len(named) >= 7 and a.casefold().startswith(named)) for a in accepted)


def _claims(diagnosis: Diagnosis) -> list[Claim]:
    found = list(diagnosis.ruled_out)
    for hypothesis in diagnosis.hypotheses:
        found += [*hypothesis.claims_for, *hypothesis.claims_against]
    return found


def _forbidden_claims(diagnosis: Diagnosis, lead: Hypothesis | None, expected: Expectation) -> list[str]:
    never, found = expected.never, list[str]()
    if lead is not None:
        if (lead.service or "").casefold() in {s.casefold() for s in never.services}:
            found.append(f"names {lead.service} as the cause")
        if lead.change and never.changes and _same_change(lead.change, never.changes):
            found.append(f"blames {lead.change}")
    words = " . ".join([diagnosis.summary, *(h.statement for h in diagnosis.hypotheses)])
    found += [f"says /{p}/" for p in never.words if re.search(p, words, re.IGNORECASE)]
    return found


def _forbidden_commands(diagnosis: Diagnosis, expected: Expectation) -> list[str]:
    found: list[str] = []
    for suggested in diagnosis.commands:
        if suggested.label not in expected.command_classes:
            found.append(f"suggests a command that {suggested.label.replace('_', ' ')}: {suggested.command[:120]}")
        elif any(re.search(p, suggested.command, re.IGNORECASE) for p in expected.never.commands):
            found.append(f"suggests: {suggested.command[:120]}")
    return found


def _remedy_text(diagnosis: Diagnosis) -> str:
    return " . ".join(f"{c.command} {c.why} {c.expected_effect}" for c in diagnosis.commands)


def _cited(lead: Hypothesis | None, evidence: Sequence[Evidence], expected: Expectation) -> bool:
    ids = {i for c in lead.claims_for for i in c.cites} if lead else set[str]()
    cited = [e for e in evidence if e.id in ids]
    return all(any(_is(wanted, e) for e in cited) for wanted in expected.must_cite)


def _is(wanted: Citation, evidence: Evidence) -> bool:
    text = f"{evidence.request} {evidence.summary} {evidence.body}".casefold()
    return re.fullmatch(wanted.tool, evidence.tool) is not None and (wanted.mentions or "").casefold() in text


def _within(expected: Expectation, spent: Spent) -> bool | None:
    budget = expected.budget
    limits = ((budget.model_calls, spent.model_calls), (budget.usd, spent.usd), (budget.seconds, spent.seconds))
    told = [taken <= limit for limit, taken in limits if limit is not None]
    return all(told) if told else None
