"""Real incidents as trials: the live answer and the shadow's, held against what people said it was. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sre_advisor.evals.grading.grade import Grade, Spent
from sre_advisor.evals.trials.store import RunFile
from sre_advisor.evals.trials.trial import Trial
from sre_advisor.evals.trouble import EvalTrouble
from sre_advisor.journal.events import (
    DiagnosisMade,
    Event,
    OutcomeTold,
    QuestionAnswered,
    ShadowAnswered,
    Voted,
)
from sre_advisor.model import Diagnosis, Standing, Verdict

KINDS = ("diagnosis_made", "question_answered", "shadow_answered", "outcome_told", "voted")
LIVE = "live"


def incidents(events: Sequence[Event]) -> tuple[RunFile, tuple[Trial, ...]]:
    """A run whose cases are questions that a shadow answered and whose cause a person told; raises EvalTrouble."""
    live = {e.question: e.diagnosis for e in events if isinstance(e, DiagnosisMade) and e.question}
    spent = {e.question: e for e in events if isinstance(e, QuestionAnswered) and e.question}
    trials: list[Trial] = []
    for shadow in (e for e in events if isinstance(e, ShadowAnswered) and e.diagnosis):
        question = shadow.question or ""
        truth = _truth(events, question, live.get(question))
        if truth is None or question not in live or shadow.diagnosis is None:
            continue
        taken = spent.get(question)
        cost = Spent(usd=taken.cost_usd, seconds=taken.duration_s, model_calls=taken.model_calls) if taken else Spent()
        own = Spent(usd=shadow.cost_usd, seconds=shadow.duration_s, model_calls=shadow.model_calls)
        name = f"shadow {shadow.advisor}" + (f"+{shadow.prompt_hash[:8]}" if shadow.prompt_hash else "")
        trials += [
            _trial(question, LIVE, live[question], truth, cost),
            _trial(question, name, shadow.diagnosis, truth, own),
        ]
    if not trials:
        raise EvalTrouble(
            "the record holds no question that a shadow answered and whose cause somebody told; set evals.shadow, "
            "and tell outcomes in the threads"
        )
    cases = tuple(dict.fromkeys(t.case for t in trials))
    run = RunFile(
        suite="incidents on record", suite_hash="", cases=cases, tags={},
        arms=tuple(dict.fromkeys(t.arm for t in trials)), trials=1, program="", prompts={},
    )  # fmt: skip
    return run, tuple({t.key: t for t in trials}.values())


def _truth(events: Sequence[Event], question: str, live: Diagnosis | None) -> str | None:
    """The newest word on the cause: as told, or the live answer's own where somebody confirmed it."""
    said: str | None = None
    for event in events:
        if isinstance(event, OutcomeTold) and event.question == question:
            said = event.cause
        elif isinstance(event, Voted) and event.question == question and event.vote == "was_the_cause":
            lead = live.hypotheses[0] if live and live.hypotheses else None
            said = " ".join(filter(None, (lead.service, lead.change))) if lead else said
    return said or None


def _trial(case: str, arm: str, diagnosis: Diagnosis, truth: str, spent: Spent) -> Trial:
    found = names_the_same(diagnosis, truth)
    claims = [c for h in diagnosis.hypotheses for c in h.claims_for]
    named = diagnosis.verdict in (Verdict.LIKELY_CAUSE, Verdict.COMPETING) and diagnosis.hypotheses
    grade = Grade(
        passed=found, cause_found=found, verdict_right=found, claims=len(claims) + diagnosis.claims_dropped,
        grounded=sum(c.standing is Standing.SUPPORTED for c in claims), dropped=diagnosis.claims_dropped,
        confidence=diagnosis.hypotheses[0].confidence if named else None,
    )  # fmt: skip
    return Trial(case=case, arm=arm, trial=0, spent=spent, grade=grade, diagnosis=diagnosis)


def names_the_same(diagnosis: Diagnosis, truth: str) -> bool:
    """Whether the leading hypothesis names a service or change that stands in what people said it was."""
    if not diagnosis.hypotheses or diagnosis.verdict not in (Verdict.LIKELY_CAUSE, Verdict.COMPETING):
        return False
    lead, low = diagnosis.hypotheses[0], truth.casefold()
    shas: list[str] = re.findall(r"[0-9a-f]{7,40}", low)
    change = (lead.change or "").casefold()
    if change and (_stands(change, low) or any(change.startswith(sha) for sha in shas)):
        return True
    return bool(lead.service) and _stands((lead.service or "").casefold(), low)


def _stands(name: str, text: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) is not None
