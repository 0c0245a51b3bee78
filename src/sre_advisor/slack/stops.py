"""Asking to stop: by the word, the Stop button or the shortcut; on record before Slack is told that it arrived."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

import structlog
from slack_bolt.async_app import AsyncApp

from sre_advisor.journal.events import StopAsked
from sre_advisor.journal.store import Journal
from sre_advisor.model import Question
from sre_advisor.slack.course import KINDS, open_questions
from sre_advisor.slack.door import Door
from sre_advisor.slack.voice import SlackVoice
from sre_advisor.slack.wish import wish_of

log = structlog.get_logger(__name__)

SHORTCUT = "stop_investigation"
EVENT = "agent_session_stopped"
NOTHING = "Nothing is being looked into in this thread."
By = Literal["words", "button", "shortcut"]
Ack = Callable[[], Awaitable[object]]


class Stops:
    """Puts stops on record; whichever process runs the question ends it."""

    def __init__(self, journal: Journal, door: Door, voice: SlackVoice) -> None:
        self._journal, self._door, self._voice = journal, door, voice
        self._saying: set[asyncio.Task[None]] = set()

    def register(self, app: AsyncApp) -> None:
        """Attach the shortcut; the Stop button's event is stored by the ingress."""
        app.shortcut(SHORTCUT)(self.pressed)

    async def asked(self, said: Question, key: str, by: By) -> None:
        """Store that the writer of `said` wants its thread's work to end, then tell them if nothing came of it.

        In direct messages each message is a thread of its own: there it ends all that this person has open.
        """
        threads = [said.investigation]
        if (said.channel or "").startswith("D") and said.ts == said.thread_ts:
            unfinished = await self._journal.unfinished()
            threads = [q.investigation for q in unfinished if q.channel == said.channel and q.asker == said.asker]
        new = False
        for thread in dict.fromkeys(threads):
            stop = StopAsked(
                investigation=thread, user=said.asker or "", team=said.team, at=datetime.now(UTC), by=by
            )  # fmt: skip
            new = await self._journal.append_once(stop, f"{key}/stop/{thread}") or new
        if new or not threads:
            self.later(self._answer(said, threads))

    async def button(self, body: Mapping[str, Any]) -> None:
        """Store that the native Stop button was pressed, from the event's body."""
        event = body["event"]
        channel, thread, user = (str(event.get(name) or "") for name in ("channel", "thread_ts", "user"))
        said = wish_of(channel, thread, user, str(body.get("team_id") or ""))
        await self.asked(said, f"event/{body.get('event_id')}", "button")

    async def pressed(self, ack: Ack, body: dict[str, Any]) -> None:
        """The message shortcut: on any message of the thread."""
        message = body["message"]
        thread = str(message.get("thread_ts") or message["ts"])
        person = body["user"]
        said = wish_of(str(body["channel"]["id"]), thread, str(person["id"]), str(person.get("team_id") or ""))
        await self.asked(said, f"shortcut/{body.get('action_ts') or body.get('trigger_id')}", "shortcut")
        await ack()

    async def _answer(self, said: Question, threads: list[str]) -> None:
        """Tell who asked when there was nothing to stop, or when they may not."""
        found = [q for t in threads for q in open_questions(await self._journal.of_investigation(t, *KINDS))]
        if not found:
            await self._voice.whisper(said, NOTHING)
        elif not any(q.asker == said.asker for q in found) and (refusal := await self._door.forbidden(said)):
            await self._voice.whisper(said, refusal.said)

    @property
    def busy(self) -> tuple[asyncio.Task[None], ...]:
        """What is still to be said."""
        return tuple(self._saying)

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Say something after Slack was told that what it answers has arrived."""
        task = asyncio.create_task(work)
        self._saying.add(task)
        task.add_done_callback(self._saying.discard)
