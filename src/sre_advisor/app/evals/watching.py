"""`evals canary`: one round of the small suite, and whether the model still does as well as in its baseline."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sre_advisor.app.evals.opening import advisors_for, open_recording, the_suite
from sre_advisor.app.evals.run import described
from sre_advisor.broker.redaction import Redactor
from sre_advisor.credentials import Credentials
from sre_advisor.evals.canary import CanaryState, begin, read_state, with_round, write_state
from sre_advisor.evals.suites.suite import Suite
from sre_advisor.evals.trials.arms import Arm, parse_arms
from sre_advisor.evals.trials.runner import Plan, run
from sre_advisor.evals.trials.stages import Stages
from sre_advisor.evals.trials.store import RunFolder, read_run
from sre_advisor.evals.trials.trial import Trial
from sre_advisor.evals.trouble import EvalTrouble
from sre_advisor.logs import set_up_logs
from sre_advisor.settings import Settings, load_settings

DRIFTED = 1
"""The exit code when the model answers worse than in its baseline."""
ALPHA = 0.01
PARALLEL = 4


@dataclass(frozen=True, slots=True)
class Canary:
    """One watch."""

    suite: str
    baseline: Path
    state: Path
    alpha: float | None = None
    only: tuple[str, ...] = ()
    model: str | None = None
    max_usd: float | None = None
    parallel: int = PARALLEL


async def canary_round(config: Path | None, canary: Canary, *, as_json: bool) -> int:
    """Ask every case once more, keep the state and say how it stands; 1 when the model answers worse."""
    settings, credentials = load_settings(config), Credentials()
    redactor = Redactor(credentials.all_values(), settings.redaction)
    set_up_logs("error", settings.log.format, lambda text: redactor.text(text)[0])
    state = await one_round(canary, settings, credentials, redactor)
    now = state.watch()
    if as_json:
        told = {
            "model": state.arm, "rounds": len(state.rounds), "last": json.loads(state.rounds[-1].model_dump_json()),
            "baseline": {"passed": state.baseline_passed, "of": state.baseline_trials}, "alpha": state.alpha,
            "floor": round(now.floor, 4), "evidence": round(now.evidence, 4), "limit": now.limit, "drifted": now.alarms,
            "words": state.words(),
        }  # fmt: skip
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.write(state.words() + "\n")
    return DRIFTED if now.alarms else 0


async def one_round(canary: Canary, settings: Settings, credentials: Credentials, redactor: Redactor) -> CanaryState:
    """The watch after one more round, kept; raises EvalTrouble."""
    suite = await asyncio.to_thread(lambda: the_suite(canary.suite).only(canary.only))
    known = await asyncio.to_thread(read_state, canary.state)
    state = known or await _begun(canary, suite)
    if (state.suite_hash, state.cases) != (suite.hash, tuple(c.id for c in suite.cases)):
        raise EvalTrouble(
            f"--state {canary.state}: watches other cases than {suite.name} has now; move it away to begin anew"
        )
    if canary.model not in (None, state.arm) or canary.alpha not in (None, state.alpha):
        raise EvalTrouble(
            f"--state {canary.state}: watches {state.arm} with alpha {state.alpha:g}, and a watch keeps both; "
            "move it away to begin anew"
        )
    arm = parse_arms([state.arm], [])[0]
    trials = await _asked(canary, suite, arm, len(state.rounds), settings, credentials, redactor, state.prompt_hash)
    state = with_round(state, trials, datetime.now(UTC))
    await asyncio.to_thread(write_state, canary.state, state)
    return state


async def _begun(canary: Canary, suite: Suite) -> CanaryState:
    folder = await asyncio.to_thread(read_run, canary.baseline)
    if folder.run.suite_hash != suite.hash:
        raise EvalTrouble(
            f"--baseline {canary.baseline}: is a run of another suite or of an earlier state of {suite.name}"
        )
    arms = folder.run.arms
    model = canary.model or (next(iter(arms)) if len(arms) == 1 else None)
    if model is None:
        raise EvalTrouble(f"--baseline {canary.baseline}: holds {', '.join(arms)}; say by --model which is watched")
    return begin(folder.run, folder.trials, model, [c.id for c in suite.cases], canary.alpha or ALPHA)


async def _asked(
    canary: Canary,
    suite: Suite,
    arm: Arm,
    number: int,
    settings: Settings,
    credentials: Credentials,
    redactor: Redactor,
    prompt_hash: str,
) -> tuple[Trial, ...]:
    """One trial of every case; a stand-in draws anew, for its trials are numbered on from the baseline's."""
    async with advisors_for((arm,), settings, credentials, redactor) as advisors:
        if prompt_hash != advisors.prompt_hash(arm):
            raise EvalTrouble(f"{arm.name} has other prompts now than in the baseline: make a new baseline")
        with tempfile.TemporaryDirectory(prefix="sre-advisor-canary-") as scratch:
            with RunFolder.begin(Path(scratch), described(suite, (arm,), 1, advisors)) as folder:
                plan = Plan(
                    suite, (arm,), 1, canary.parallel, canary.max_usd, settings.budget, advisors.worst_usd,
                    first=_AFTER_BASELINE + number,
                )  # fmt: skip
                stages = Stages(
                    partial(open_recording, settings),
                    redactor,
                    settings.limits,
                    plan.limits,
                    (c.id for c in suite.cases),
                )
                progress = await run(plan, folder, stages, advisors, lambda _trial, _purse: None)
            if progress.stopped and progress.asked < len(suite.cases):
                raise EvalTrouble(f"the canary's round was not finished and does not count: {progress.stopped}")
            return folder.trials


_AFTER_BASELINE = 1_000_000
