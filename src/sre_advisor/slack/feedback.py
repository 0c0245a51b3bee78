"""Votes and outcomes: what people say about an answer, stored before it is acknowledged."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Literal, cast

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sre_advisor.journal.events import OutcomeTold, QuestionAsked, Voted
from sre_advisor.journal.store import Journal
from sre_advisor.slack.blocks import Block
from sre_advisor.trust.figures import KINDS, tally

Vote = Literal["helpful", "not_helpful", "was_the_cause"]
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
Payload = dict[str, Any]
Ack = Callable[[], Awaitable[object]]


class Feedback:
    """Listens to the buttons and the modal."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

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
        question, user = str(action["value"]), str(body["user"]["id"])
        investigation = await self._investigation(question)
        if investigation is None:
            await ack()
            return
        await self._journal.append(
            Voted(investigation=investigation, question=question, user=user, vote=vote, at=datetime.now(UTC))
        )
        await ack()
        await client.chat_postEphemeral(
            channel=body["channel"]["id"],
            user=user,
            text=f"{THANKS[vote]} {tally(await self._journal.of_kinds(*KINDS)).sentence()}",
            thread_ts=body["message"].get("thread_ts") or body["message"]["ts"],
        )

    async def asked_for_outcome(self, ack: Ack, body: Payload, client: AsyncWebClient) -> None:
        """Open the form in which a person says what it was."""
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=outcome_form(str(body["actions"][0]["value"])))

    async def told_outcome(self, ack: Ack, body: Payload, client: AsyncWebClient) -> None:
        """Store what it was and what fixed it, and say so to who told it."""
        view = body["view"]
        question = str(view["private_metadata"])
        investigation = await self._investigation(question)
        values = cast("dict[str, dict[str, dict[str, str | None]]]", view["state"]["values"])
        if investigation is not None:
            await self._journal.append(
                OutcomeTold(
                    investigation=investigation,
                    question=question,
                    user=str(body["user"]["id"]),
                    cause=values["cause"]["text"]["value"] or "",
                    remedy=values["remedy"]["text"]["value"] or "",
                    at=datetime.now(UTC),
                )
            )
        await ack()
        channel, _, _ = (investigation or "").rpartition("-")
        if channel:
            figures = tally(await self._journal.of_kinds(*KINDS)).sentence()
            words = f"Noted: what it was is on record with that answer. {figures}"
            await client.chat_postEphemeral(channel=channel, user=str(body["user"]["id"]), text=words)

    async def _investigation(self, question: str) -> str | None:
        asked = await self._journal.of_kinds("question_asked")
        return next((e.investigation for e in asked if isinstance(e, QuestionAsked) and e.asked.id == question), None)


def outcome_form(question: str) -> Payload:
    """The modal that asks what it was and what fixed it."""
    return {
        "type": "modal",
        "callback_id": "outcome",
        "private_metadata": question,
        "title": {"type": "plain_text", "text": "What was it?"},
        "submit": {"type": "plain_text", "text": "Save"},
        "close": {"type": "plain_text", "text": "Cancel"},
        "blocks": [
            _input("cause", "What was the cause?", "e.g. expired certificate on the gateway", optional=False),
            _input("remedy", "What fixed it?", "e.g. renewed it and restarted two pods", optional=True),
        ],
    }


def _input(block: str, label: str, hint: str, *, optional: bool) -> Block:
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
        },
    }
