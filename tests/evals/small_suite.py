"""A suite of a few simulated worlds in a folder, and runs of it without a terminal."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import yaml

from sre_advisor.app.evals.opening import Advisors, open_recording
from sre_advisor.broker.redaction import Redactor
from sre_advisor.evals.simulator.world import expectation, files, simulate
from sre_advisor.evals.suites.suite import Suite, load_suite
from sre_advisor.evals.trials.arms import Arm, parse_arms
from sre_advisor.evals.trials.runner import Plan, Progress, run
from sre_advisor.evals.trials.stages import Stages
from sre_advisor.evals.trials.store import RunFile, RunFolder
from sre_advisor.settings import Settings

CAUSES = ("bad_deploy", "disk_full", "nothing")


def written_suite(folder: Path, causes: tuple[str, ...] = CAUSES) -> Path:
    """A suite's folder of simulated worlds."""
    folder.mkdir(parents=True)
    (folder / "suite.yaml").write_text("name: small\n")
    for cause in causes:
        world = simulate(cause, 1)
        for path, data in files(world).items():
            (folder / world.id / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / world.id / path).write_bytes(data)
        told = expectation(world).model_dump(mode="json", exclude_defaults=True)
        (folder / world.id / "expect.yaml").write_text(yaml.safe_dump(told))
    return folder


def small_suite(tmp_path: Path) -> Suite:
    """A suite of a few simulated worlds."""
    place = tmp_path / "suite"
    return load_suite(place if place.exists() else written_suite(place))


def run_file(suite: Suite, arms: tuple[Arm, ...], trials: int) -> RunFile:
    """What the folder of such a run says."""
    return RunFile(
        suite=suite.name,
        suite_hash=suite.hash,
        cases=tuple(c.id for c in suite.cases),
        tags={c.id: c.expected.tags for c in suite.cases},
        arms=tuple(a.name for a in arms),
        trials=trials,
        program="test",
        prompts={},
    )


async def asked(
    suite: Suite, models: list[str], trials: int, out: Path, *, parallel: int = 3, max_usd: float | None = None
) -> tuple[RunFolder, Progress]:
    """A run through the real harness."""
    settings, arms = Settings(), parse_arms(models, [])
    advisors = Advisors(settings, {})
    with RunFolder.begin(out, run_file(suite, arms, trials)) as folder:
        plan = Plan(suite, arms, trials, parallel, max_usd, settings.budget, advisors.worst_usd)
        planned = (case.id for case, _, _ in plan.todo(folder.finished))
        stages = Stages(partial(open_recording, settings), Redactor(()), settings.limits, settings.budget, planned)
        progress = await run(plan, folder, stages, advisors, lambda _trial, _purse: None)
        return folder, progress
