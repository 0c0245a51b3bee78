"""A run: every arm asked about every case so many times, several at once, under a cap, each finished trial kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from sre_advisor.advisors.contract import Advisor
from sre_advisor.advisors.ledger import Limits
from sre_advisor.evals.suites.suite import Case, Suite
from sre_advisor.evals.trials.arms import Arm
from sre_advisor.evals.trials.purse import CapReached, Purse
from sre_advisor.evals.trials.stages import Stages
from sre_advisor.evals.trials.store import RunFolder
from sre_advisor.evals.trials.trial import Trial, ask

WORLDS_OPEN = 48
"""Cases whose worlds are open at once: within such a block every case has its first trial before any has its second,
so that a run cut short by its cap is even."""


class Advises(Protocol):
    """Whoever makes the advisor of an arm; a stand-in must know the case, a model must not."""

    def __call__(self, arm: Arm, case: Case, trial: int) -> Advisor:
        """The advisor."""
        ...


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked; `worst_usd` is the most one trial of an arm can take."""

    suite: Suite
    arms: tuple[Arm, ...]
    trials: int
    parallel: int
    max_usd: float | None
    limits: Limits
    worst_usd: Callable[[Arm], float]
    first: int = 0
    """The number of the first trial."""
    together: int = WORLDS_OPEN

    def todo(self, finished: frozenset[tuple[str, str, int]]) -> list[tuple[Case, Arm, int]]:
        """What is left to ask, in order."""
        return [job for job in self._all() if (job[0].id, job[1].name, job[2]) not in finished]

    @property
    def _numbers(self) -> range:
        return range(self.first, self.first + self.trials)

    def _all(self) -> Iterator[tuple[Case, Arm, int]]:
        for begin in range(0, len(self.suite.cases), self.together):
            block = self.suite.cases[begin : begin + self.together]
            yield from ((case, arm, n) for n in self._numbers for case in block for arm in self.arms)


@dataclass(slots=True)
class Progress:
    """How a run goes; `stopped` says in words why it ended before everything was asked."""

    planned: int
    before: int
    asked: int = 0
    failed: int = 0
    stopped: str | None = None


async def run(
    plan: Plan, folder: RunFolder, stages: Stages, advises: Advises, tell: Callable[[Trial, Purse], None]
) -> Progress:
    """Ask what is not finished yet; raises EvalTrouble when a case or the folder cannot be used."""
    jobs = plan.todo(folder.finished)
    total = len(plan.suite.cases) * len(plan.arms) * plan.trials
    progress = Progress(total, total - len(jobs))
    purse = Purse(plan.max_usd, sum(t.spent.usd for t in folder.trials))
    queue = iter(jobs)

    async def work() -> None:
        for case, arm, number in queue:
            if progress.stopped:
                return
            try:
                async with purse.reserved(plan.worst_usd(arm)):
                    stage, checks = await stages.of(case)
                    trial = await ask(stage, checks, advises(arm, case, number), arm.name, number, plan.limits)
                    purse.spent += trial.spent.usd
                    await folder.keep(trial)
            except CapReached:
                progress.stopped = f"the cap of {plan.max_usd:g} USD leaves no room for another trial"
                return
            await stages.done(case)
            progress.asked += 1
            progress.failed += trial.failed is not None
            if trial.hopeless:
                progress.stopped = f"{arm.name} cannot be asked: {trial.failed}"
            tell(trial, purse)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(plan.parallel, len(jobs))):
                group.create_task(work())
    except ExceptionGroup as several:
        raise several.exceptions[0] from None
    finally:
        await stages.close()
    return progress
