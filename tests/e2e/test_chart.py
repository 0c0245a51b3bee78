"""The chart of the first look: drawn from what moved, put into the thread once, and never in the answer's way."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sre_advisor.demo.local_slack import LocalSlack
from sre_advisor.investigate.chart import Chart
from sre_advisor.journal.events import MessageIntended, MessageSent
from sre_advisor.slack.attachments import Attachment
from sre_advisor.slack.delivery import Delivery
from tests.e2e.conftest import Stage, stage


def pictures(on_stage: Stage, ts: str) -> list[Any]:
    channel = on_stage.slack.state.channel("incidents").id
    ids = [f for m in on_stage.slack.state.thread(channel, ts) for f in m.files]
    return [on_stage.slack.state.files[i] for i in ids]


async def test_the_thread_holds_one_chart_between_first_look_and_answer(on_stage: Stage) -> None:
    ts = await on_stage.ask("@advisor why is shop failing?")
    await on_stage.answered(ts)
    await on_stage.service.worker.idle()
    (picture,) = pictures(on_stage, ts)
    assert picture.data.startswith(b"\x89PNG")
    assert "pool saturation" in picture.alt_txt
    assert "alert ShopErrors 11:53 UTC" in picture.alt_txt
    assert re.search(r"config config-7 11:4\d UTC", picture.alt_txt)
    channel = on_stage.slack.state.channel("incidents").id
    kinds = ["file" if m.files else "text" for m in on_stage.slack.state.thread(channel, ts)[1:]]
    assert kinds == ["text", "file", "text"]


async def test_an_upload_that_was_made_before_a_crash_is_not_made_again(on_stage: Stage) -> None:
    ts = await on_stage.ask("@advisor why is shop failing?")
    await on_stage.answered(ts)
    await on_stage.service.worker.idle()
    sent = await on_stage.parts.journal.of_kinds("question_asked")
    question = sent[0].asked  # type: ignore[union-attr]  # of_kinds gives the union
    delivery = Delivery(on_stage.service.client, on_stage.parts.journal)
    picture = Attachment(f"late-{question.id}.png", b"\x89PNG again", "again", "again")
    key = f"{question.id}/late"
    await on_stage.parts.journal.append(
        MessageIntended(
            investigation=question.investigation, question=question.id, key=key, channel=question.channel or "",
            thread_ts=question.thread_ts,
        )
    )  # fmt: skip
    await on_stage.service.client.files_upload_v2(
        channel=question.channel, thread_ts=question.thread_ts, file=b"\x89PNG", filename=f"late-{question.id}.png"
    )
    await delivery.upload(question, "late", picture)
    await delivery.upload(question, "late", picture)
    assert [p.name for p in pictures(on_stage, ts)].count(f"late-{question.id}.png") == 1
    kept = [e for e in await on_stage.parts.journal.of_kinds("message_sent") if isinstance(e, MessageSent)]
    assert [e.key for e in kept].count(key) == 1


async def test_without_the_scope_the_answer_comes_without_a_chart(tmp_path: Path, slack: LocalSlack) -> None:
    slack.state.config.scopes.discard("files:write")
    async with stage(tmp_path, slack, {}) as on_stage:
        ts = await on_stage.ask("@advisor why is shop failing?")
        await on_stage.answered(ts)
        assert pictures(on_stage, ts) == []
        assert "config-7" in on_stage.read(ts)


async def test_the_journal_holds_no_samples(on_stage: Stage) -> None:
    ts = await on_stage.ask("@advisor why is shop failing?")
    await on_stage.answered(ts)
    (look,) = await on_stage.parts.journal.of_kinds("first_look_made")
    assert len(look.model_dump_json()) < 8_000
    assert Chart.__name__ not in look.model_dump_json()
