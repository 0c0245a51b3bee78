"""What stands in the thread is edited, not said again, and ends up as it was meant, whatever is lost on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from sre_advisor.demo.local_slack.faults import Faults
from sre_advisor.investigate.answer import Answer
from sre_advisor.journal.events import MessageIntended, QuestionAsked
from sre_advisor.model import Diagnosis, FirstLook, Patch, Question, Verdict
from sre_advisor.slack.attachments import Attachment
from sre_advisor.slack.delivery import Delivery, digest
from sre_advisor.slack.render import notice
from sre_advisor.slack.rendering import Literal
from sre_advisor.slack.voice import SlackVoice
from tests.e2e.conftest import SHORT, Stage

POST, EDIT, SHARE, READ = (
    "chat.postMessage", "chat.update", "files.completeUploadExternal", "conversations.replies"
)  # fmt: skip


@pytest.fixture
async def question(on_stage: Stage) -> Question:
    """A question whose thread is there, and which nobody else answers."""
    ts = await on_stage.ask("@advisor why is shop failing?")
    await on_stage.answered(ts)
    await on_stage.service.worker.idle()
    asked = (await on_stage.parts.journal.of_kinds("question_asked"))[0]
    assert isinstance(asked, QuestionAsked)
    return replace(asked.asked, id="more")


@pytest.fixture
def delivery(on_stage: Stage) -> Delivery:
    return Delivery(on_stage.service.client, on_stage.parts.journal, SHORT)


def reads(on: Stage, question: Question, part: str) -> list[str]:
    return [on.slack.state.message_text(m) for m in on.said(question.ts or "", part) if f"{question.id}/" in key(m)]


def key(message: Any) -> str:
    return str(message.metadata["event_payload"]["key"])


async def test_a_first_look_said_again_takes_the_place_of_the_earlier_one(
    on_stage: Stage, question: Question, delivery: Delivery
) -> None:
    voice = SlackVoice(on_stage.service.client, delivery, Literal())
    await voice.first_look(question, FirstLook(headline="metrics are still read"), ())
    await voice.first_look(question, FirstLook(headline="it began in the store"), ())
    await voice.answer(answered(question))
    (text,) = reads(on_stage, question, "first_look")
    assert "it began in the store" in text
    assert "still read" not in text


async def test_edits_in_a_burst_are_few_and_the_last_one_stands(
    on_stage: Stage, question: Question, delivery: Delivery
) -> None:
    voice = SlackVoice(on_stage.service.client, delivery, Literal())
    before = on_stage.slack.web_api.calls[EDIT]
    for number in range(20):
        await voice.first_look(question, FirstLook(headline=f"version {number}."), ())
    await voice.answer(answered(question))
    (text,) = reads(on_stage, question, "first_look")
    assert "version 19." in text
    assert on_stage.slack.web_api.calls[EDIT] - before <= 2


LOSSES: dict[str, Callable[[Faults], None]] = {
    "its answer lost": lambda f: f.lose_response(EDIT),
    "dropped": lambda f: f.drop_request(EDIT, times=2),
    "refused by a server in trouble": lambda f: f.server_error(EDIT, times=3),
    "too early": lambda f: f.rate_limit(EDIT, times=4, retry_after_s=0),
}


@pytest.mark.parametrize("how", LOSSES)
async def test_an_edit_is_made_in_the_end(on_stage: Stage, question: Question, delivery: Delivery, how: str) -> None:
    await delivery.show(question, "word", notice("before"))
    faults: Faults = on_stage.slack.faults
    LOSSES[how](faults)
    await delivery.show(question, "word", notice("after"))
    assert reads(on_stage, question, "word") == ["after"]
    assert sum(faults.injected.values()) > 0


async def test_an_edit_that_a_crash_cut_short_is_made_by_the_next_start(
    on_stage: Stage, question: Question, delivery: Delivery
) -> None:
    await delivery.show(question, "word", notice("before"))
    await on_stage.parts.journal.append(intended(question, "word", digest(notice("after"))))
    again = Delivery(on_stage.service.client, on_stage.parts.journal, SHORT)
    await again.show(question, "word", notice("after"))
    await again.show(question, "word", notice("after"))
    assert reads(on_stage, question, "word") == ["after"]


async def test_a_message_found_after_a_crash_is_made_to_read_as_it_should(
    on_stage: Stage, question: Question, delivery: Delivery
) -> None:
    await on_stage.parts.journal.append(intended(question, "word", digest(notice("before"))))
    await on_stage.service.client.chat_postMessage(
        channel=question.channel or "", thread_ts=question.thread_ts, text="before",
        metadata={"event_type": "sre_advisor_message", "event_payload": {"key": f"{question.id}/word"}},
    )  # fmt: skip
    await delivery.show(question, "word", notice("after"))
    assert reads(on_stage, question, "word") == ["after"]


async def test_a_message_that_reads_so_already_is_not_edited(
    on_stage: Stage, question: Question, delivery: Delivery
) -> None:
    await delivery.show(question, "word", notice("same"))
    before = on_stage.slack.web_api.calls[EDIT]
    await delivery.show(question, "word", notice("same"))
    assert on_stage.slack.web_api.calls[EDIT] == before


async def test_a_first_look_that_somebody_deleted_costs_no_answer(
    on_stage: Stage, question: Question, delivery: Delivery
) -> None:
    voice = SlackVoice(on_stage.service.client, delivery, Literal())
    await voice.first_look(question, FirstLook(headline="one"), ())
    (message,) = [m for m in on_stage.said(question.ts or "", "first_look") if key(m).startswith("more/")]
    on_stage.slack.state.remove(message)
    await voice.first_look(question, FirstLook(headline="two"), ())
    await voice.answer(answered(question))
    assert len(reads(on_stage, question, "answer")) == 1


@pytest.mark.parametrize("fault", ["lose_response", "drop_request"])
async def test_a_file_is_put_into_the_thread_once_when_slack_hangs_up(
    on_stage: Stage, question: Question, delivery: Delivery, fault: str
) -> None:
    getattr(on_stage.slack.faults, fault)(SHARE)
    await delivery.upload(question, "patch", Attachment("patch-more.patch", b"+1\n", "A patch", snippet="diff"))
    assert [f.name for f in shared(on_stage, question)].count("patch-more.patch") == 1


async def test_a_patch_comes_as_a_file_that_the_commands_name(
    on_stage: Stage, question: Question, delivery: Delivery
) -> None:
    await SlackVoice(on_stage.service.client, delivery, Literal()).answer(answered(question, PATCH))
    (file,) = [f for f in shared(on_stage, question) if f.name.endswith(".patch")]
    assert file.data == PATCH.diff.encode()
    (text,) = reads(on_stage, question, "answer")
    assert f"git apply --index {file.name}" in text
    assert "+pool_size: 20" not in text


async def test_an_answer_whose_file_slack_refuses_is_corrected_to_hold_the_patch_itself(
    on_stage: Stage, question: Question, delivery: Delivery
) -> None:
    on_stage.slack.state.config.scopes.discard("files:write")
    await SlackVoice(on_stage.service.client, delivery, Literal()).answer(answered(question, PATCH))
    (text,) = reads(on_stage, question, "answer")
    assert "+pool_size: 20" in text
    assert "is in this thread" not in text


PATCH = Patch(
    repository="shop", base_sha="a" * 40, why="put the pool back", files=("production.yaml",), added=1, removed=1,
    diff="--- a/production.yaml\n+++ b/production.yaml\n@@ -1 +1 @@\n-pool_size: 4\n+pool_size: 20\n",
)  # fmt: skip


def answered(question: Question, patch: Patch | None = None) -> Answer:
    diagnosis = Diagnosis(verdict=Verdict.LIKELY_CAUSE, summary="the pool is too small", patch=patch)
    return Answer(question, "offline", FirstLook(headline="h"), diagnosis, (), 0, 0, 0.0, 1.0)


def intended(question: Question, part: str, text: str) -> MessageIntended:
    return MessageIntended(
        investigation=question.investigation, question=question.id, key=f"{question.id}/{part}",
        channel=question.channel or "", thread_ts=question.thread_ts, digest=text,
    )  # fmt: skip


def shared(on: Stage, question: Question) -> list[Any]:
    thread = on.slack.state.thread(question.channel or "", question.thread_ts or "")
    return [on.slack.state.files[i] for m in thread for i in m.files]
