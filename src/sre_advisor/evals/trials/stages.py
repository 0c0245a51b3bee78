"""Which worlds are open: each from its first trial to its last."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from contextlib import AsyncExitStack

from sre_advisor.advisors.ledger import Limits
from sre_advisor.broker.config import LimitsConfig
from sre_advisor.broker.redaction import Redactor
from sre_advisor.evals.suites.suite import Case
from sre_advisor.evals.trials.stage import Opens, Stage, staged
from sre_advisor.evals.trials.trial import Checks


class Stages:
    """Opens a case's world when it is first asked for and closes it after the last of its trials."""

    def __init__(
        self, opens: Opens, redactor: Redactor, reading: LimitsConfig, limits: Limits, planned: Iterable[str]
    ) -> None:
        self._opens, self._redactor, self._reading, self._limits = opens, redactor, reading, limits
        self._left = Counter(planned)
        self._open: dict[str, tuple[AsyncExitStack, asyncio.Task[tuple[Stage, Checks]]]] = {}

    async def of(self, case: Case) -> tuple[Stage, Checks]:
        """The case's stage; raises EvalTrouble when its recording cannot be read."""
        if case.id not in self._open:
            stack = AsyncExitStack()
            self._open[case.id] = stack, asyncio.create_task(self._opened(case, stack))
        return await asyncio.shield(self._open[case.id][1])

    async def done(self, case: Case) -> None:
        """One trial of the case is over."""
        self._left[case.id] -= 1
        if self._left[case.id] <= 0 and case.id in self._open:
            stack, _ = self._open.pop(case.id)
            await stack.aclose()

    async def close(self) -> None:
        """Close what is still open."""
        for stack, task in self._open.values():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await stack.aclose()
        self._open.clear()

    async def _opened(self, case: Case, stack: AsyncExitStack) -> tuple[Stage, Checks]:
        stage = await stack.enter_async_context(staged(case, self._opens, self._redactor, self._reading, self._limits))
        return stage, Checks(stage)
