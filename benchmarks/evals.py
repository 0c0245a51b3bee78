"""Whether the harness can be trusted: its ranking, its intervals, its canary, its pace.

    python benchmarks/evals.py [--json] [--repetitions 1000] [--trials 15] [--parallel 4]

Stand-ins right with known probabilities are asked about the bundled suite through the real harness: the better must
come first and the interval of their difference hold the true one. The intervals are then computed for many simulated
runs, the canary for many simulated watches, and the pace is taken from a run whose stand-in waits 50 ms a call.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sre_advisor.app.evals.opening import Advisors, open_recording
from sre_advisor.broker.redaction import Redactor
from sre_advisor.evals.compare import compare
from sre_advisor.evals.statistics.intervals import LEVEL, difference
from sre_advisor.evals.statistics.sequential import watch
from sre_advisor.evals.suites.bundled import bundled_suite
from sre_advisor.evals.suites.suite import Suite
from sre_advisor.evals.trials.arms import Arm, parse_arms
from sre_advisor.evals.trials.runner import Plan, run
from sre_advisor.evals.trials.stages import Stages
from sre_advisor.evals.trials.store import RunFile, RunFolder
from sre_advisor.logs import set_up_logs
from sre_advisor.settings import Settings

GOOD, POOR = 0.9, 0.7
CALL_S = 0.05
ALPHA = 0.05
SEEDS = (1, 2, 3, 4, 5)
"""Of the simulated repetitions: what holds with one seed only does not hold."""


async def asked(
    suite: Suite, arms: tuple[Arm, ...], trials: int, parallel: int, folder: Path
) -> tuple[RunFolder, float]:
    """A real run of the harness and the seconds it took."""
    settings, redactor = Settings(), Redactor(())
    advisors = Advisors(settings, {})
    described = RunFile(
        suite=suite.name, suite_hash=suite.hash, cases=tuple(c.id for c in suite.cases),
        tags={c.id: c.expected.tags for c in suite.cases}, arms=tuple(a.name for a in arms), trials=trials,
        program="benchmark", prompts={},
    )  # fmt: skip
    with RunFolder.begin(folder, described) as kept:
        plan = Plan(suite, arms, trials, parallel, None, settings.budget, advisors.worst_usd)
        planned = (case.id for case, _, _ in plan.todo(frozenset()))
        stages = Stages(partial(open_recording, settings), redactor, settings.limits, settings.budget, planned)
        began = perf_counter()
        await run(plan, kept, stages, advisors, lambda _trial, _purse: None)
        return kept, perf_counter() - began


def interval_coverage(cases: int, trials: int, repetitions: int, seed: int) -> tuple[int, list[int]]:
    """How many of the repetitions' intervals hold the true difference, and how many of each hundred."""
    state, held = np.random.default_rng(seed), list[bool]()
    for _ in range(repetitions):
        a, b = (state.binomial(trials, p, cases) / trials for p in (GOOD, POOR))
        found = difference(list(b - a))
        held.append(found is not None and found.low <= POOR - GOOD <= found.high)
    return sum(held), [sum(held[i : i + 100]) for i in range(0, repetitions - 99, 100)]


def false_alarms(cases: int, trials: int, rounds: int, runs: int, seed: int) -> int:
    """Watches that ever alarm although nothing changed; each with a baseline of its own, looked at every round."""
    state = np.random.default_rng(seed)
    return sum(
        _ever(state.binomial(cases, GOOD, rounds) / cases, int(state.binomial(cases * trials, GOOD)), cases * trials)
        is not None
        for _ in range(runs)
    )


def detections(cases: int, trials: int, before: int, runs: int, seed: int) -> list[int | None]:
    """Rounds until a drop to the poorer rate is found, after so many good rounds."""
    state, found = np.random.default_rng(seed), list[int | None]()
    for _ in range(runs):
        shares = np.concatenate([state.binomial(cases, p, n) / cases for p, n in ((GOOD, before), (POOR - 0.1, 120))])
        at = _ever(shares, int(state.binomial(cases * trials, GOOD)), cases * trials)
        found.append(None if at is None else at - before)
    return found


def _ever(shares: NDArray[np.float64], passed: int, of: int) -> int | None:
    told: list[float] = shares.tolist()
    return next((n for n in range(1, len(told) + 1) if watch(told[:n], passed, of, ALPHA).alarms), None)


async def measured(repetitions: int, trials: int, parallel: int) -> dict[str, Any]:
    """Every figure."""
    set_up_logs("error", "plain", str)
    suite = bundled_suite()
    with tempfile.TemporaryDirectory() as folder:
        arms = parse_arms([f"scripted:{POOR}", f"scripted:{GOOD}"], [])
        kept, _ = await asked(suite, arms, 5, parallel, Path(folder, "ranking"))
        found = compare(kept.run, kept.trials, arms[1].name, arms[0].name).paired["cause_found"]
        paced = parse_arms([f"scripted:{GOOD}@{int(CALL_S * 1000)}ms", f"scripted:{POOR}@{int(CALL_S * 1000)}ms"], [])
        began = process_time()
        pace, seconds = await asked(suite, paced, trials, parallel, Path(folder, "pace"))
    cpu, count = process_time() - began, len(pace.trials)
    ideal = count * CALL_S / parallel
    by_seed = [interval_coverage(len(suite.cases), 5, repetitions, seed) for seed in SEEDS]
    held, by_hundreds = sum(h for h, _ in by_seed), [n for _, hundreds in by_seed for n in hundreds]
    watches = 1000
    alarms = false_alarms(12, 20, 50, watches, seed=2)
    delays = detections(12, 20, 20, 100, seed=3)
    told = sorted(d for d in delays if d is not None)
    return {
        "cases": len(suite.cases),
        "ranking": {
            "a": found.a, "b": found.b, "difference": found.difference.as_json(), "true": round(POOR - GOOD, 3),
            "ranked": found.difference.estimate < 0 and found.difference.high < 0,
            "holds": found.difference.low <= POOR - GOOD <= found.difference.high,
        },
        "intervals": {
            "held": held, "of": repetitions * len(SEEDS), "stated": LEVEL,
            "fewest_of_100": min(by_hundreds, default=None),
            "hundreds_below_93": sum(n < 93 for n in by_hundreds), "by_hundreds": by_hundreds,
        },
        "canary": {
            "alpha": ALPHA, "false_alarms": alarms, "of": watches, "rounds": 50, "cases": 12,
            "found_of_100": len(told), "rounds_to_find_median": told[len(told) // 2] if told else None,
        },
        "pace": {
            "trials": count, "seconds": round(seconds, 2), "ideal": round(ideal, 2), "parallel": parallel,
            "ratio": round(seconds / ideal, 2), "cpu_seconds": round(cpu, 2),
            "load_average": round(os.getloadavg()[0], 1),
        },
    }  # fmt: skip


def main() -> int:
    """Print the figures; 1 when one misses what it should show."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--repetitions", type=int, default=1000, metavar="N", help="simulated runs for the intervals")
    parser.add_argument("--trials", type=int, default=15, metavar="K", help="trials a case in the run that is timed")
    parser.add_argument("--parallel", type=int, default=4, metavar="N")
    given = parser.parse_args()
    found = asyncio.run(measured(given.repetitions, given.trials, given.parallel))
    if given.json:
        print(json.dumps(found, indent=2))
    else:
        for name, figures in found.items():
            print(f"{name}: {figures}")
    fine = (
        found["ranking"]["ranked"]
        and not found["intervals"]["hundreds_below_93"]
        and found["canary"]["false_alarms"] <= ALPHA * found["canary"]["of"]
        and found["pace"]["ratio"] < 2.5
    )
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
