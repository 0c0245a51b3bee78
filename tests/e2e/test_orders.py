"""Those whom the policy names stop everything from Slack by one mention; others are told alone that they may not."""

import asyncio
from pathlib import Path

from sre_advisor.broker.policy import policy_for
from sre_advisor.demo.local_slack import LocalSlack
from sre_advisor.journal.events import QuestionRefused
from sre_advisor.work.halt import standing_halt
from tests.e2e.conftest import Stage, stage


def named_in_policy(folder: Path, slack: LocalSlack) -> None:
    text = policy_for(slack.state.channel("incidents").id, "incidents")
    lines = text.splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("kill_switch:"))
    rest = next((n for n in range(at + 1, len(lines)) if lines[n] and not lines[n].startswith((" ", "#"))), len(lines))
    own = ["kill_switch:", f"  users: [{slack.state.person.id}]"]
    (folder / "policy.yaml").write_text("\n".join([*lines[:at], *own, *lines[rest:]]) + "\n")


async def said(on_stage: Stage, ts: str, word: str) -> str:
    await on_stage.slack.wait_until(lambda: word in on_stage.read(ts), 10)
    return on_stage.read(ts)


async def test_one_mention_stops_everything_and_another_lets_it_go_on(tmp_path: Path, slack: LocalSlack) -> None:
    named_in_policy(tmp_path, slack)
    async with stage(tmp_path, slack, {}) as on_stage:
        journal = on_stage.parts.journal
        ts = await on_stage.ask("@advisor stop all: wrong answers")
        await said(on_stage, ts, "Everything is stopped")
        halted = await standing_halt(journal)
        assert halted is not None
        assert halted.reason == "wrong answers"
        refused = await on_stage.ask("@advisor why is shop failing?")
        await said(on_stage, refused, "wrong answers")
        again = await on_stage.ask("@advisor resume all")
        await said(on_stage, again, "answered again")
        await on_stage.answered(await on_stage.ask("@advisor why is shop failing?"))


async def test_who_is_not_named_stops_nothing_and_the_try_is_on_record(on_stage: Stage) -> None:
    await on_stage.ask("@advisor stop all")
    journal = on_stage.parts.journal
    await on_stage.slack.wait_until(lambda: "You may not stop" in on_stage.slack.state.transcript("incidents"), 10)
    assert await standing_halt(journal) is None
    (refusal,) = await journal.of_kinds("question_refused")
    assert isinstance(refusal, QuestionRefused)
    assert refusal.by == "policy"


async def test_an_order_that_slack_does_not_let_be_carried_out_does_not_keep_the_program_from_ending(
    tmp_path: Path, slack: LocalSlack
) -> None:
    named_in_policy(tmp_path, slack)
    async with stage(tmp_path, slack, {}) as first:
        slack.faults.server_error("chat.postMessage", times=10_000)
        ts = await first.ask("@advisor stop all")
        await slack.wait_until(lambda: slack.faults.injected["server_error"] > 1, 10)
        await asyncio.wait_for(first.service.stop(), 5)
    slack.faults.clear()
    async with stage(tmp_path, slack, {}) as second:
        await said(second, ts, "Everything is stopped")
