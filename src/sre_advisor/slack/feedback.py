"""Votes and outcomes: what people say about an answer, stored before it is acknowledged."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, cast

import structlog
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sre_advisor.broker.policy.model import Vote
from sre_advisor.journal.events import OutcomeTold, QuestionAnswered, QuestionAsked, Voted
from sre_advisor.journal.store import Journal
from sre_advisor.model import Question
from sre_advisor.slack.blocks import Block
from sre_advisor.slack.meaning import Told
from sre_advisor.trust.figures import KINDS, tally

log = structlog.get_logger(__name__)

VOTES: dict[str, Vote] = {
    "vote_helpful": "helpful",
    "vote_not_helpful": "not_helpful",
    "vote_was_the_cause": "was_the_cause",
}
THANKS: dict[Vote, str] = {
    "helpful": "Noted: helpful. You can change your vote at any time.",
    "not_helpful": "Noted: not helpful. “It was something else…” tells what it was.",
    "was_the_cause": "Noted: this was the cause. It now counts.",
}
Closed = Callable[[str], Awaitable[None]]
"""Hears the name of an investigation whose cause somebody told or confirmed; it is called after that is on record."""
Payload = dict[str, Any]
Ack = Callable[[], Awaitable[object]]


async def nobody(_investigation: str) -> None:
    """Nobody waits for causes."""


class Feedback:
    """Listens to the buttons, the modal and plain words; `closed` hears of each investigation whose cause was told."""

    def __init__(self, journal: Journal, closed: Closed = nobody) -> None:
        self._journal, self._closed = journal, closed
        self._telling: set[asyncio.Task[None]] = set()

    def register(self, app: AsyncApp) -> None:
        """Attach the listeners."""
        for action in VOTES:
            app.action(action)(self.voted)
        app.action("tell_outcome")(self.asked_for_outcome)
        app.view("outcome")(self.told_outcome)

    async def voted(self, ack: Ack, body: Payload, client: AsyncWebClient) -> None:
        """Store a vote, then acknowledge it, then thank in private."""
        action = body["actions"][0]
        vote = VOTES[action["action_id"]]
        user, asked = str(body["user"]["id"]), await self._journal.question(str(action["value"]))
        if asked is None:
            await ack()
            return
        await self.keep(
            Voted(investigation=asked.investigation, question=asked.id, user=user, vote=vote, at=datetime.now(UTC))
        )
        await ack()
        await client.chat_postEphemeral(
            channel=body["channel"]["id"],
            user=user,
            text=f"{THANKS[vote]} {tally(await self._journal.of_kinds(*KINDS)).sentence()}",
            thread_ts=body["message"].get("thread_ts") or body["message"]["ts"],
        )

    async def asked_for_outcome(self, ack: Ack, body: Payload, client: AsyncWebClient) -> None:
        """Open the form in which a person says what it was, with what they said before."""
        await ack()
        question, user = str(body["actions"][0]["value"]), str(body["user"]["id"])
        view = outcome_form(question, await self._told_before(question, user))
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    async def told_outcome(self, ack: Ack, body: Payload, client: AsyncWebClient) -> None:
        """Store what it was and what fixed it, and say so to who told it."""
        view = body["view"]
        asked = await self._journal.question(str(view["private_metadata"]))
        values = cast("dict[str, dict[str, dict[str, str | None]]]", view["state"]["values"])
        user = str(body["user"]["id"])
        if asked is not None:
            cause, remedy = (values[name]["text"]["value"] or "" for name in ("cause", "remedy"))
            await self.keep(_outcome(asked, user, cause, remedy))
        await ack()
        if asked is not None and asked.channel:
            figures = tally(await self._journal.of_kinds(*KINDS)).sentence()
            words = f"Noted: what it was is on record with that answer. {figures}"
            begun = asked.thread_ts if asked.channel.startswith("D") else None
            await client.chat_postEphemeral(channel=asked.channel, user=user, thread_ts=begun, text=words)

    async def in_words(self, said: Question, told: Told, key: str) -> bool | None:
        """Store what somebody wrote that it was, with the newest answer of the thread.

        None when nothing was answered there, so that it can be no outcome; False when it was stored before.
        """
        past = await self._journal.of_investigation(said.investigation, "question_asked", "question_answered")
        answered = {e.question for e in past if isinstance(e, QuestionAnswered)}
        asked = [e.asked for e in past if isinstance(e, QuestionAsked) and e.asked.id in answered]
        if not asked:
            return None
        outcome = _outcome(asked[-1], said.asker or "", told.cause, told.remedy)
        if not await self._journal.append_once(outcome, f"{key}/outcome"):
            return False
        self._tell(outcome.investigation)
        return True

    async def keep(self, said: Voted | OutcomeTold) -> None:
        """Put it on record, then let know whoever waits for a cause."""
        await self._journal.append(said)
        self.heard(said)

    def heard(self, said: Voted | OutcomeTold) -> None:
        """Let know whoever waits for a cause that this is on record."""
        if isinstance(said, OutcomeTold) or said.vote == "was_the_cause":
            self._tell(said.investigation)

    @property
    def busy(self) -> tuple[asyncio.Task[None], ...]:
        """Who is still being told of a cause."""
        return tuple(self._telling)

    def _tell(self, investigation: str) -> None:
        task = asyncio.create_task(self._told(investigation))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _told(self, investigation: str) -> None:
        try:
            await self._closed(investigation)
        except Exception:  # the outcome is on record whatever is made of it
            log.exception("closing_failed", action="closed", investigation=investigation)

    async def _told_before(self, question: str, user: str) -> OutcomeTold | None:
        asked = await self._journal.question(question)
        past = await self._journal.of_investigation(asked.investigation, "outcome_told") if asked else ()
        theirs = (e for e in reversed(past) if isinstance(e, OutcomeTold) and (e.question, e.user) == (question, user))
        return next(theirs, None)


def _outcome(asked: Question, user: str, cause: str, remedy: str) -> OutcomeTold:
    return OutcomeTold(
        investigation=asked.investigation, question=asked.id, user=user, cause=cause, remedy=remedy,
        at=datetime.now(UTC),
    )  # fmt: skip


def outcome_form(question: str, before: OutcomeTold | None = None) -> Payload:
    """The modal that asks what it was and what fixed it, with what was told before."""
    cause, remedy = (before.cause, before.remedy) if before else ("", "")
    return {
        "type": "modal",
        "callback_id": "outcome",
        "private_metadata": question,
        "title": {"type": "plain_text", "text": "What was it?"},
        "submit": {"type": "plain_text", "text": "Save"},
        "close": {"type": "plain_text", "text": "Cancel"},
        "blocks": [
            _input("cause", "What was the cause?", "e.g. expired certificate on the gateway", cause, optional=False),
            _input("remedy", "What fixed it?", "e.g. renewed it and restarted two pods", remedy, optional=True),
        ],
    }


def _input(block: str, label: str, hint: str, before: str, *, optional: bool) -> Block:
    kept = {"initial_value": before[:2000]} if before else {}
    return {
        "type": "input",
        "block_id": block,
        "optional": optional,
        "label": {"type": "plain_text", "text": label},
        "element": {
            "type": "plain_text_input",
            "action_id": "text",
            "multiline": True,
            "max_length": 2000,
            "placeholder": {"type": "plain_text", "text": hint},
            **kept,
        },
    }
