"""`evals run`: ask, with progress on stderr, and say how it went."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sre_advisor.app.evals.opening import Advisors, advisors_for, open_recording, the_suite, worlds_open
from sre_advisor.broker.redaction import Redactor
from sre_advisor.credentials import Credentials
from sre_advisor.evals.report.summary import summary
from sre_advisor.evals.report.tables import summary_table
from sre_advisor.evals.suites.suite import Suite
from sre_advisor.evals.trials.arms import Arm, parse_arms
from sre_advisor.evals.trials.purse import Purse
from sre_advisor.evals.trials.runner import Plan, run
from sre_advisor.evals.trials.stages import Stages
from sre_advisor.evals.trials.store import RunFile, RunFolder
from sre_advisor.evals.trials.trial import Trial
from sre_advisor.logs import set_up_logs
from sre_advisor.settings import Settings, load_settings

INCOMPLETE = 3
"""The exit code of a run that ended before everything was asked."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of `evals run`."""

    suite: str
    models: tuple[str, ...]
    prompts: tuple[Path, ...]
    trials: int
    parallel: int
    max_usd: float | None
    out: Path
    only: tuple[str, ...]
    as_json: bool


async def run_evals(config: Path | None, asked: Asked) -> int:
    """Ask what is not finished yet and print the figures; 0 when everything was asked, 3 when not."""
    settings, credentials = load_settings(config), Credentials()
    arms = parse_arms(list(asked.models), list(asked.prompts))
    suite = the_suite(asked.suite).only(asked.only)
    redactor = Redactor(credentials.all_values(), settings.redaction)
    set_up_logs("error", settings.log.format, lambda text: redactor.text(text)[0])
    async with advisors_for(arms, settings, credentials, redactor) as advisors:
        with RunFolder.begin(asked.out, described(suite, arms, asked.trials, advisors)) as folder:
            plan = Plan(
                suite, arms, asked.trials, asked.parallel, asked.max_usd, settings.budget, advisors.worst_usd,
                together=worlds_open(suite),
            )  # fmt: skip
            stopped = await _run(plan, folder, settings, redactor, advisors)
            figures = summary(folder.run, folder.trials)
    if asked.as_json:
        told = figures.as_json() | {"out": str(asked.out), "stopped": stopped}
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    else:
        Console(highlight=False).print(summary_table(figures))
    if stopped:
        sys.stderr.write(f"sre-advisor: stopped early: {stopped}; the same command goes on from here\n")
    return INCOMPLETE if stopped else 0


async def _run(plan: Plan, folder: RunFolder, settings: Settings, redactor: Redactor, advisors: Advisors) -> str | None:
    jobs = plan.todo(folder.finished)
    stages = Stages(
        partial(open_recording, settings), redactor, settings.limits, plan.limits, (case.id for case, _, _ in jobs)
    )
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("asking", total=len(jobs))

        def tell(trial: Trial, purse: Purse) -> None:
            bar.update(task, advance=1, description=f"{trial.case} ${purse.spent:.2f}")

        progress = await run(plan, folder, stages, advisors, tell)
    if progress.failed and not progress.stopped:
        return f"{progress.failed} trials failed for want of the model"
    return progress.stopped


def described(suite: Suite, arms: tuple[Arm, ...], trials: int, advisors: Advisors) -> RunFile:
    """What a run's folder says it holds."""
    return RunFile(
        suite=suite.name,
        suite_hash=suite.hash,
        cases=tuple(c.id for c in suite.cases),
        tags={c.id: c.expected.tags for c in suite.cases},
        arms=tuple(a.name for a in arms),
        trials=trials,
        program=_program(),
        prompts={a.name: advisors.prompt_hash(a) for a in arms},
    )


def _program() -> str:
    try:
        return version("sre-advisor")
    except PackageNotFoundError:  # a checkout that was never installed
        return "checkout"
