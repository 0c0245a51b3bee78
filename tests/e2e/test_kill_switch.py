"""Everything is stopped: the threads say so, the reads in flight end, and later questions are refused."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from sre_advisor.broker.broker import Offer
from sre_advisor.connectors.contract import Reading, Role, Tool, ToolArgs
from sre_advisor.demo.local_slack import LocalSlack
from sre_advisor.journal.events import QuestionRefused, ToolCalled
from sre_advisor.work.halt import halt, resume
from tests.e2e.conftest import Stage, stage


async def stopped_word(stage_: Stage, ts: str) -> str:
    await stage_.slack.wait_until(lambda: bool(stage_.said(ts, "refusal")), 20)
    return stage_.read(ts)


async def test_a_question_while_stopped_is_refused_in_its_thread_and_answered_after_resuming(on_stage: Stage) -> None:
    journal = on_stage.parts.journal
    await halt(journal, "ada", "drill")
    ts = await on_stage.ask("@advisor why is shop failing?")
    text = await stopped_word(on_stage, ts)
    assert "All investigations are stopped by ada" in text
    assert "drill" in text
    await on_stage.service.worker.idle()
    assert not await journal.of_kinds("tool_called")
    assert not await journal.unfinished()
    await resume(journal, "ada")
    again = await on_stage.ask("@advisor why is shop failing?")
    await on_stage.answered(again)


async def test_a_stop_survives_a_restart_of_the_program(tmp_path: Path, slack: LocalSlack) -> None:
    async with stage(tmp_path, slack, {}) as first:
        await halt(first.parts.journal, "ada")
    async with stage(tmp_path, slack, {}) as second:
        ts = await second.ask("@advisor why is shop failing?")
        assert "stopped by ada" in await stopped_word(second, ts)


@dataclass
class Hanging:
    """A connector whose backend never answers."""

    name: str = "hanging"
    called: asyncio.Event = field(default_factory=asyncio.Event)

    def tools(self) -> tuple[Tool, ...]:
        async def run(_args: ToolArgs, _now: object) -> Reading:
            self.called.set()
            await asyncio.sleep(60)
            raise AssertionError

        return (Tool("hang", "hangs", ToolArgs, run, Role.ALERTS),)


async def test_a_running_investigation_says_in_its_thread_that_it_was_stopped(on_stage: Stage) -> None:
    hanging = Hanging()
    (tool,) = hanging.tools()
    on_stage.parts.investigator.broker.offers[tool.name] = Offer(hanging.name, tool)
    ts = await on_stage.ask("@advisor why is shop failing?")
    journal = on_stage.parts.journal
    await asyncio.wait_for(hanging.called.wait(), 10)
    await halt(journal, "ada", "drill")
    assert "This investigation was stopped by ada" in await stopped_word(on_stage, ts)
    await on_stage.service.worker.idle()
    assert not on_stage.said(ts, "answer")
    reads = [e.evidence for e in await journal.of_kinds("tool_called") if isinstance(e, ToolCalled)]
    assert [e.summary for e in reads if e.tool == "hang"] == ["timeout: given up, for the investigation was stopped"]
    assert isinstance((await journal.of_kinds("question_refused"))[0], QuestionRefused)
    assert not await journal.unfinished()
