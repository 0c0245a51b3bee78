"""One question asked once: what came of it, as it is kept."""

from __future__ import annotations

import asyncio
from time import monotonic

from pydantic import BaseModel, ConfigDict

from sre_advisor.advisors.contract import Advisor
from sre_advisor.advisors.ledger import Limits
from sre_advisor.evals.grading.grade import Grade, Spent, grade
from sre_advisor.evals.trials.memory import Memory
from sre_advisor.evals.trials.stage import Silent, Stage
from sre_advisor.evals.trials.watched import HOPELESS, OUTAGES, Watched
from sre_advisor.investigate.check import Grounds, check
from sre_advisor.model import Diagnosis, DraftDiagnosis, Evidence, Outcome
from sre_advisor.replay.coverage import coverage_of


class ReadKept(BaseModel):
    """One read beyond the first look, as a transcript shows it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    tool: str
    request: str
    outcome: Outcome
    summary: str


class Trial(BaseModel):
    """A finished trial; `failed` is set when the model could not be had, and then nothing is graded."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    case: str
    arm: str
    trial: int
    spent: Spent
    grade: Grade | None = None
    diagnosis: Diagnosis | None = None
    reads: tuple[ReadKept, ...] = ()
    trouble: tuple[str, ...] = ()
    identical: int = 0
    from_world: int = 0
    not_recorded: int = 0
    failed: str | None = None
    hopeless: bool = False
    """Whether the next trial would fail in the same way."""

    @property
    def key(self) -> tuple[str, str, int]:
        """What tells it from all others of a run."""
        return self.case, self.arm, self.trial


class Checks:
    """Checks of one stage's drafts, each made once: the check is pure, and stand-ins repeat themselves."""

    def __init__(self, stage: Stage) -> None:
        self._look = frozenset(id(e.evidence) for e in stage.seed if e.kind == "tool_called")
        self._made: dict[DraftDiagnosis, Diagnosis] = {}
        self._grounds: Grounds | None = None

    def check(self, draft: DraftDiagnosis, grounds: Grounds, advisor: str) -> Diagnosis:
        """The checked draft; only what rests on the first look alone is remembered."""
        if any(id(piece) not in self._look for piece in grounds.evidence.values()):
            return check(draft, grounds, advisor)
        if draft not in self._made:
            # What an earlier check took apart of the same evidence need not be taken apart again.
            known = (
                self._grounds if self._grounds and tuple(self._grounds.evidence) == tuple(grounds.evidence) else grounds
            )
            self._grounds = known
            self._made[draft] = check(draft, known, advisor)
        return self._made[draft].model_copy(update={"advisor": advisor})


async def ask(stage: Stage, checks: Checks, advisor: Advisor, arm: str, number: int, limits: Limits) -> Trial:
    """Ask once, grade, and say what it took."""
    watched, memory, began = Watched(advisor), Memory(stage.seed), monotonic()
    known = len(stage.seed)
    answer = await stage.investigator(watched, memory, limits, checks.check).answer(stage.question, Silent())
    spent = Spent(
        usd=round(answer.cost_usd, 6),
        seconds=round(monotonic() - began, 4),
        model_calls=answer.model_calls,
        tool_calls=answer.tool_calls,
    )
    if watched.failure in OUTAGES:
        words = watched.advice.stopped_because if watched.advice else None
        return Trial(
            case=stage.case.id, arm=arm, trial=number, spent=spent, failed=words or str(watched.failure),
            hopeless=watched.failure in HOPELESS,
        )  # fmt: skip
    reads = [e.evidence for e in memory.events[known:] if e.kind == "tool_called"]
    coverage = coverage_of(reads, stage.opening.holds)
    return Trial(
        case=stage.case.id,
        arm=arm,
        trial=number,
        spent=spent,
        grade=await asyncio.to_thread(grade, answer.diagnosis, answer.evidence, stage.case.expected, spent),
        diagnosis=answer.diagnosis,
        reads=tuple(_kept(e) for e in reads),
        trouble=answer.trouble,
        identical=coverage.identical,
        from_world=coverage.from_world,
        not_recorded=coverage.not_recorded,
    )


def _kept(evidence: Evidence) -> ReadKept:
    request = ", ".join(f"{k}={v}" for k, v in evidence.request.items())[:300]
    return ReadKept(
        id=evidence.id, tool=evidence.tool, request=request, outcome=evidence.outcome, summary=evidence.summary[:300]
    )
