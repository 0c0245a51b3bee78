"""An answer as lines of plain text, so that two can stand side by side."""

from __future__ import annotations

from sre_advisor.evals.trials.trial import Trial
from sre_advisor.model import Hypothesis


def transcript(trial: Trial) -> list[str]:
    """What was read beyond the first look, what was answered, and how it was graded."""
    lines = [f"{r.id} {r.tool}({r.request}) -> {r.outcome}: {r.summary}" for r in trial.reads]
    if trial.failed:
        return [*lines, f"failed: {trial.failed}"]
    diagnosis = trial.diagnosis
    if diagnosis is not None:
        lines += [f"verdict: {diagnosis.verdict}", diagnosis.summary]
        for number, hypothesis in enumerate(diagnosis.hypotheses, 1):
            lines += _hypothesis(number, hypothesis)
        lines += [f"not checked: {gap}" for gap in diagnosis.not_checked]
        lines += [f"suggests [{c.label}]: {c.command}" for c in diagnosis.commands]
        if diagnosis.claims_dropped:
            lines.append(f"{diagnosis.claims_dropped} claims did not hold and were taken out")
    lines += _graded(trial)
    return [*lines, *(f"trouble: {t}" for t in trial.trouble)]


def _hypothesis(number: int, told: Hypothesis) -> list[str]:
    where = f" service {told.service}" if told.service else ""
    change = f", change {told.change}" if told.change else ""
    lines = [f"{number}. ({told.confidence}) {told.statement} —{where}{change}"]
    lines += [f"   + {c.text} [{', '.join(c.cites)}] {c.standing}" for c in told.claims_for]
    return lines + [f"   - {c.text} [{', '.join(c.cites)}] {c.standing}" for c in told.claims_against]


def _graded(trial: Trial) -> list[str]:
    grade = trial.grade
    if grade is None:
        return []
    parts = {"verdict": grade.verdict_right, "service": grade.service_right, "change": grade.change_right,
             "mechanism": grade.mechanism_right, "cites": grade.cited, "budget": grade.within_budget}  # fmt: skip
    told = ", ".join(f"{name} {'right' if right else 'wrong'}" for name, right in parts.items() if right is not None)
    return [f"graded: cause {'found' if grade.cause_found else 'missed'} ({told})", *grade.why_forbidden]
