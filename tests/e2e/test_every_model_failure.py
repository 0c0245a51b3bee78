"""With every failure of the model in turn, the thread ends with the first look and an answer that says whose it is.

One advisor in one Slack answers them one after the other, each in a thread of its own, as it would in a bad week;
those that need other settings or a time limit get an advisor of their own.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from sre_advisor.demo.local_slack import LocalSlack
from sre_advisor.journal.events import ModelTurned, QuestionAnswered
from tests.e2e.conftest import Stage, stage
from tests.standins.model_faults import FAULTS, GOOD, Fault
from tests.standins.model_server import ModelServer

COST_USD, CALLS = 0.20, 8
ALIKE = [f for f in FAULTS if not f.model and f.seconds == 180]
APART = [f for f in FAULTS if f not in ALIKE]


@dataclass
class Theatre:
    """An advisor in Slack and the model's stand-in, whose script changes."""

    on_stage: Stage
    server: ModelServer

    async def plays(self, fault: Fault) -> None:
        """Ask while this goes wrong, and look at the thread."""
        self.server.script, before = fault.script(), len(self.server.turns)
        ts = await self.on_stage.ask("@advisor why is shop failing?")
        await self.on_stage.answered(ts)
        await self.on_stage.service.worker.idle()
        text = self.on_stage.read(ts)
        assert self.on_stage.said(ts, "first_look"), "the first look comes whatever the model does"
        if fault.says is None:
            assert "The model has spoken." in text
            assert "offline advisor" not in text
        else:
            assert "offline advisor" in text, "an answer without the model says so"
            assert "config-7" in text, "and it is a diagnosis"
            assert any(fault.says in line.casefold() for line in text.splitlines() if "⚠️" in line)
        assert self.server.api_key not in text
        assert len(self.server.turns) - before <= fault.most
        await self._paid_for()

    async def _paid_for(self) -> None:
        closed = [
            e
            for e in await self.on_stage.parts.journal.of_kinds("question_answered")
            if isinstance(e, QuestionAnswered)
        ]
        assert closed[-1].cost_usd <= COST_USD
        assert closed[-1].model_calls <= CALLS
        turned = [e for e in await self.on_stage.parts.journal.of_kinds("model_turned") if isinstance(e, ModelTurned)]
        mine = [e for e in turned if e.question == closed[-1].question]
        assert len(mine) == closed[-1].model_calls, "each call to the model is on record"


@asynccontextmanager
async def theatre(folder: Path, fault: Fault | None = None) -> AsyncGenerator[Theatre]:
    slack = LocalSlack()
    await slack.start()
    async with ModelServer([GOOD]) as server:
        model: dict[str, Any] = {
            "base_url": server.url,
            "max_retries": 1,
            "stream_retries": 1,
            "longest_retry_after_s": 1,
        }
        budget: dict[str, Any] = {"cost_usd": COST_USD, "model_calls": CALLS}
        if fault:
            model, budget = model | fault.settings(server.port), budget | {"seconds": fault.seconds}
        key = {"ANTHROPIC_API_KEY": server.api_key}
        async with stage(folder, slack, key, model=model, budget=budget) as ready:
            yield Theatre(ready, server)
    await slack.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def open_theatre(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Theatre]:
    async with theatre(tmp_path_factory.mktemp("stage")) as ready:
        yield ready


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("fault", ALIKE, ids=lambda f: f.name)
async def test_the_thread_ends_with_an_answer(open_theatre: Theatre, fault: Fault) -> None:
    await open_theatre.plays(fault)


@pytest.mark.parametrize("fault", APART, ids=lambda f: f.name)
async def test_the_thread_ends_with_an_answer_when_the_model_is_out_of_reach_or_late(
    tmp_path: Path, fault: Fault
) -> None:
    async with theatre(tmp_path, fault) as apart:
        await apart.plays(fault)
