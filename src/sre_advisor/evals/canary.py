"""The canary: a small suite asked again and again, and whether the model still does as well as in its baseline."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sre_advisor.evals.statistics.sequential import Watch, watch
from sre_advisor.evals.trials.store import RunFile
from sre_advisor.evals.trials.trial import Trial
from sre_advisor.evals.trouble import EvalTrouble


class Round(BaseModel):
    """One time that every case was asked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: datetime
    passed: int = Field(ge=0)
    of: int = Field(ge=1)
    usd: float = 0.0
    missed: tuple[str, ...] = ()
    """Cases not passed in this round."""


class CanaryState(BaseModel):
    """The file between rounds: what is watched, against what, and every round so far."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format_version: int = Field(default=1, ge=1, le=1)
    suite: str
    suite_hash: str
    arm: str
    prompt_hash: str
    cases: tuple[str, ...]
    baseline_passed: int = Field(ge=0)
    baseline_trials: int = Field(ge=1)
    alpha: float = Field(gt=0, lt=1)
    rounds: tuple[Round, ...] = ()

    def watch(self) -> Watch:
        """How it stands after all rounds."""
        shares = [r.passed / r.of for r in self.rounds]
        return watch(shares, self.baseline_passed, self.baseline_trials, self.alpha)

    def words(self) -> str:
        """How it stands, in one message for a channel."""
        now, last = self.watch(), self.rounds[-1] if self.rounds else None
        baseline = f"{self.baseline_passed} of {self.baseline_trials} in the baseline"
        recent = self.rounds[-5:]
        lately = f"{sum(r.passed for r in recent)} of {sum(r.of for r in recent)} in the last {len(recent)} rounds"
        if not now.alarms:
            stands = f"evidence {now.evidence:.2g} of {now.limit:.0f}"
            return f"Canary: {self.arm} is as it was: {lately}, {baseline}; {stands}."
        missed = f" Missed last: {', '.join(last.missed[:5])}." if last and last.missed else ""
        return (
            f"Canary: {self.arm} answers worse than it did: {lately}, {baseline}. A false alarm of this watch has a "
            f"chance of at most {self.alpha:.1%}, however long it runs.{missed} Compare before trusting it further."
        )


def begin(run: RunFile, trials: Sequence[Trial], arm: str, cases: Sequence[str], alpha: float) -> CanaryState:
    """A watch that begins: the arm's trials of these cases in the baseline run are what it is held to.

    Raises EvalTrouble when the baseline says nothing about the arm, or not the same number of times of each case.
    """
    if arm not in run.arms:
        raise EvalTrouble(f"the baseline has no model {arm}; it has {', '.join(run.arms)}")
    found = [t for t in trials if t.arm == arm and t.case in cases and t.grade]
    counts = {c: sum(t.case == c for t in found) for c in cases}
    if len(set(counts.values())) != 1 or not found:
        raise EvalTrouble(
            f"the baseline has not asked {arm} every case of the canary equally often: go on with that run first"
        )
    return CanaryState(
        suite=run.suite, suite_hash=run.suite_hash, arm=arm, prompt_hash=run.prompts.get(arm, ""), cases=tuple(cases),
        baseline_passed=sum(t.grade.cause_found for t in found if t.grade), baseline_trials=len(found), alpha=alpha,
    )  # fmt: skip


def with_round(state: CanaryState, trials: Sequence[Trial], at: datetime) -> CanaryState:
    """The watch after one more round; trials that failed for want of the model do not count, unless all did."""
    graded = [t for t in trials if t.grade]
    if not graded:
        raise EvalTrouble(
            f"the canary could not ask {state.arm}: {trials[0].failed if trials else 'no case was asked'}"
        )
    missed = tuple(t.case for t in graded if t.grade and not t.grade.cause_found)
    told = Round(
        at=at, passed=len(graded) - len(missed), of=len(graded), usd=sum(t.spent.usd for t in trials), missed=missed
    )
    return state.model_copy(update={"rounds": (*state.rounds, told)})


def read_state(file: Path) -> CanaryState | None:
    """The state kept in a file; None when there is none yet; raises EvalTrouble."""
    try:
        return CanaryState.model_validate_json(file.read_bytes()) if file.exists() else None
    except (OSError, ValidationError):
        raise EvalTrouble(f"--state {file}: is not a canary's state; move it away to begin a new watch") from None


def write_state(file: Path, state: CanaryState) -> None:
    """Keep the state, whole or not at all; raises EvalTrouble."""
    fresh = file.with_name(f"{file.name}.new")
    try:
        with fresh.open("w", encoding="utf-8") as stream:
            stream.write(state.model_dump_json(indent=1) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(file)
    except OSError as error:
        raise EvalTrouble(f"--state {file}: cannot be written ({error.strerror})") from None
