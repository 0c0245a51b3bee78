"""What the further buttons under an answer do: show evidence, ask again, note a command that was run."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sre_advisor.investigate.visible import inert, one_line
from sre_advisor.journal.events import CommandRun, DiagnosisMade, ToolCalled
from sre_advisor.journal.store import Journal
from sre_advisor.model import Diagnosis, Question
from sre_advisor.slack.asking import Asking
from sre_advisor.slack.blocks import clip, escape
from sre_advisor.slack.buttons import AGAIN, EVIDENCE, RAN_ONE, marked, ran_of
from sre_advisor.slack.course import as_corrected
from sre_advisor.slack.evidence import PAGE, cited, evidence_view
from sre_advisor.slack.trouble import SlackUnavailable, Undeliverable, told_apart

log = structlog.get_logger(__name__)

Ack = Callable[[], Awaitable[object]]
Payload = dict[str, Any]


class Pressing:
    """Listens to the buttons; what changes the record is stored before it is acknowledged."""

    def __init__(self, journal: Journal, asking: Asking) -> None:
        self._journal, self._asking = journal, asking

    def register(self, app: AsyncApp) -> None:
        """Attach the listeners."""
        app.action(EVIDENCE)(self.evidence)
        app.action(re.compile(rf"{PAGE}_(on|back)"))(self.turned)
        app.action(AGAIN)(self.again)
        app.action(RAN_ONE)(self.ran)

    async def evidence(self, ack: Ack, body: Payload, client: AsyncWebClient) -> None:
        """Open what the answer cites, for who pressed alone."""
        await ack()
        view = await self._view(str(body["actions"][0]["value"]), 0)
        if view is not None:
            await _quietly(client.views_open(trigger_id=body["trigger_id"], view=view), "evidence")

    async def turned(self, ack: Ack, body: Payload, client: AsyncWebClient) -> None:
        """Another page of it."""
        await ack()
        turn = ran_of(str(body["actions"][0]["value"]))
        view = await self._view(*turn) if turn else None
        if view is not None:
            await _quietly(client.views_update(view_id=body["view"]["id"], view=view), "evidence")

    async def again(self, ack: Ack, body: Payload, client: AsyncWebClient) -> None:
        """The same question once more, from the beginning: by who pressed, in the same thread."""
        action, user = body["actions"][0], body["user"]
        asked = await self._journal.question(str(action["value"]))
        if asked is not None:
            key = f"{asked.id}-again-{action['action_ts']}"
            joined = await self._journal.of_investigation(asked.investigation, "question_joined")
            asked = as_corrected(asked, joined)
            again = replace(
                asked, id=key, ts=None, fresh=True, asked_at=datetime.now(UTC), asker=str(user["id"]),
                team=str(user.get("team_id") or "") or None,
            )  # fmt: skip
            await self._asking.ask(again, key)
        await ack()
        del client

    async def ran(self, ack: Ack, body: Payload, client: AsyncWebClient) -> None:
        """Somebody ran a suggested command: on record, and shown beside it."""
        action, user = body["actions"][0], str(body["user"]["id"])
        found = ran_of(str(action["value"]))
        asked = await self._journal.question(found[0]) if found else None
        diagnosis = await self._diagnosis(asked) if asked else None
        if found is None or asked is None or diagnosis is None or found[1] >= len(diagnosis.commands):
            await ack()
            return
        command = diagnosis.commands[found[1]].command
        await self._journal.append(
            CommandRun(
                investigation=asked.investigation, question=asked.id, user=user, command=command, at=datetime.now(UTC)
            )
        )
        await ack()
        channel, message = str(body["channel"]["id"]), body["message"]
        await _quietly(
            client.chat_update(
                channel=channel, ts=message["ts"], text=str(message.get("text") or ""),
                blocks=marked(message.get("blocks"), str(action["action_id"])),
            ),
            "mark",
        )  # fmt: skip
        words = f"Noted: you ran “{escape(inert(one_line(clip(command, 300))))}”."
        thread = message.get("thread_ts") or message["ts"]
        await _quietly(client.chat_postEphemeral(channel=channel, user=user, thread_ts=thread, text=words), "thanks")

    async def _view(self, question: str, page: int) -> Payload | None:
        asked = await self._journal.question(question)
        diagnosis = await self._diagnosis(asked) if asked else None
        if asked is None or diagnosis is None:
            return None
        read = await self._journal.of_investigation(asked.investigation, "tool_called")
        every = sorted({e.evidence.id: e.evidence for e in read if isinstance(e, ToolCalled)}.values(), key=_number)
        return evidence_view(asked, cited(diagnosis, every), page)

    async def _diagnosis(self, asked: Question) -> Diagnosis | None:
        made = await self._journal.of_investigation(asked.investigation, "diagnosis_made")
        found = (e.diagnosis for e in reversed(made) if isinstance(e, DiagnosisMade) and e.question == asked.id)
        return next(found, None)


def _number(evidence: Any) -> int:
    return int(evidence.id[1:])


async def _quietly(call: Awaitable[object], what: str) -> None:
    """What is on record already is not undone because Slack does not show it."""
    try:
        with told_apart():
            await call
    except (Undeliverable, SlackUnavailable) as trouble:
        log.info("not_shown", action=what, error=str(trouble))
