"""The slash command: ask in private, see how things are, and how to ask."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from sre_advisor.broker.policy import Policies
from sre_advisor.broker.policy.decide import view_of
from sre_advisor.broker.policy.model import Everything, Visible
from sre_advisor.investigate.intake import Unanswerable, admit
from sre_advisor.investigate.visible import inert, one_line
from sre_advisor.journal.events import AskedPrivately, MessageSent, QuestionRefused
from sre_advisor.journal.store import Journal
from sre_advisor.model import Question
from sre_advisor.slack.about import Sources
from sre_advisor.slack.asking import Asking
from sre_advisor.slack.blocks import clip, escape, plain_section
from sre_advisor.slack.door import Door
from sre_advisor.slack.patience import PATIENCE, Patience
from sre_advisor.slack.route import Me, plain
from sre_advisor.slack.trouble import Undeliverable, told_apart
from sre_advisor.slack.wish import wish_of
from sre_advisor.work.halt import standing_halt

log = structlog.get_logger(__name__)

HELP = (
    "• `/advisor checkout fails since 13:40` asks in private: the answer comes in our direct messages.\n"
    "• `/advisor status` tells what is being looked into here and what I can read.\n"
    "• To ask for everybody, mention me in a channel. In its thread write on, or “stop”.\n"
    "I only read; nothing is ever changed. (Slack takes no slash commands in threads.)"
)
NOT_IN_PRIVATE = (
    "I cannot answer in private: the policy does not allow direct messages. Mention me in a channel instead. "
    "(Only you can see this.)"
)
TAKEN = "I look into it and answer in our direct messages."
Ack = Callable[..., Awaitable[object]]
Respond = Callable[..., Awaitable[object]]


def word_of(text: str) -> str:
    """`help`, `status`, `stop`, or "" for what is a question."""
    said = " ".join(text.casefold().split()).rstrip("?!.")
    return "help" if not said else said if said in ("help", "status", "stop") else ""


class Slash:
    """Listens to the command; a question is stored before it is acknowledged."""

    def __init__(
        self,
        client: AsyncWebClient,
        journal: Journal,
        policies: Policies,
        door: Door,
        asking: Asking,
        sources: Sources,
        patience: Patience = PATIENCE,
    ) -> None:
        self._client, self._journal, self._policies, self._door = client, journal, policies, door
        self._asking, self._sources, self._patience = asking, sources, patience
        self._opening: set[asyncio.Task[None]] = set()
        self.me: Me | None = None

    def register(self, app: AsyncApp) -> None:
        """Attach the listener; the app hears of its own commands only, whatever their name."""
        app.command(re.compile(r"/.+"))(self.used)

    async def used(self, ack: Ack, body: dict[str, Any], respond: Respond) -> None:
        """Answer `help` at once, `status` after a look, and take anything else as a question."""
        raw = str(body.get("text") or "")
        text = plain(raw, self.me) if self.me else raw
        match word_of(text):
            case "help":
                await ack(text=HELP)
            case "stop":
                await ack(text="To stop me, write “stop” in the thread, or use “Stop the investigation” there.")
            case "status":
                await ack()
                await _quietly(respond(text=await self._status(str(body.get("channel_id") or ""))))
            case _:
                await self._asked(ack, body, text, respond)

    async def resume(self) -> None:
        """Open what was asked and stored, and not yet opened when the program ended."""
        for event in await self._journal.of_kinds("asked_privately"):
            if isinstance(event, AskedPrivately) and not await self._closed(event):
                self._later(event, None)

    @property
    def busy(self) -> tuple[asyncio.Task[None], ...]:
        """What was asked and is neither a question yet nor refused."""
        return tuple(self._opening)

    async def _asked(self, ack: Ack, body: dict[str, Any], text: str, respond: Respond) -> None:
        if (await self._policies.current()).direct_messages is None:
            await ack(text=NOT_IN_PRIVATE)
            return
        try:
            admit(text)
        except Unanswerable as why:
            await ack(text=escape(str(why)))
            return
        name = f"slash-{body['trigger_id']}"
        event = AskedPrivately(
            investigation=name, question=name, user=str(body["user_id"]), team=str(body.get("team_id") or "") or None,
            text=text, at=datetime.now(UTC),
        )  # fmt: skip
        stored = await self._journal.append_once(event, name)
        await ack(text=TAKEN)
        if stored:
            self._later(event, respond)

    def _later(self, event: AskedPrivately, respond: Respond | None) -> None:
        task = asyncio.create_task(self._open(event, respond))
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)

    async def _open(self, event: AskedPrivately, respond: Respond | None) -> None:
        """Begin a thread in the direct messages and ask there; what the policy refuses is said and not opened."""
        refusal = await self._door.forbidden(wish_of("D", "", event.user, event.team or ""))
        if refusal is not None:
            await self._refuse(event, refusal.on_record)
            if respond is not None:
                await _quietly(respond(text=escape(refusal.said)))
            return
        try:
            channel, ts = await self._place(event)
        except Undeliverable as refused:
            log.error("slash_undeliverable", action="open", error=refused.reason)
            await self._refuse(event, str(refused))
            return
        name = event.question or ""
        question = Question(
            id=name, investigation=f"{channel}-{ts}", text=event.text, asked_at=event.at, asker=event.user,
            team=event.team, channel=channel, thread_ts=ts, ts=ts,
        )  # fmt: skip
        await self._asking.ask(question, f"{name}/asked")

    async def _place(self, event: AskedPrivately) -> tuple[str, str]:
        """The message under which it is answered, posted if it was not yet."""
        past = await self._journal.of_investigation(event.investigation, "message_sent")
        sent = next((e for e in past if isinstance(e, MessageSent)), None)
        if sent is None:
            where: list[str] = []

            async def send() -> str:
                with told_apart():
                    told = await self._client.chat_postMessage(
                        channel=event.user, text=escape(inert(one_line(clip(f"You asked: {event.text}", 600)))),
                        blocks=[plain_section(f"You asked in private: {event.text}")], unfurl_links=False,
                        unfurl_media=False,
                    )  # fmt: skip
                where.append(str(told["channel"]))
                return str(told["ts"])

            ts = await self._patience.until_taken(send, _nowhere, perhaps_done=False)
            sent = MessageSent(
                investigation=event.investigation, question=event.question, key=f"{event.question}/opening",
                channel=where[-1], ts=ts,
            )  # fmt: skip
            await self._journal.append(sent)
        return sent.channel, sent.ts

    async def _closed(self, event: AskedPrivately) -> bool:
        refused = await self._journal.of_investigation(event.investigation, "question_refused")
        return bool(refused) or await self._journal.question(event.question or "") is not None

    async def _refuse(self, event: AskedPrivately, rule: str) -> None:
        await self._journal.append(
            QuestionRefused(investigation=event.investigation, question=event.question, rule=rule, by="policy")
        )

    async def _status(self, channel: str) -> str:
        """What is open in this channel, what can be read from it, and whether anything is stopped."""
        every = await self._journal.unfinished()
        here = [q for q in every if q.channel == channel]
        lines = [f"Being looked into: {len(here)} here, {len(every) - len(here)} elsewhere."]
        lines += [f"• {q.asked_at:%H:%M} UTC {_line(q.text)}" for q in here[:10]]
        health = await self._sources.health()
        lines.append("Sources: " + (", ".join(f"{h.connector} ({h.state})" for h in health) or "none is configured"))
        view = view_of(await self._policies.current(), channel)
        lines.append(f"Visible here: {sight(view)}" if isinstance(view, Visible) else "I may not answer here.")
        halted = await standing_halt(self._journal)
        lines.append(f"Everything is stopped by {_line(halted.by)}." if halted else "Nothing is stopped.")
        return "\n".join(lines)


def sight(view: Visible) -> str:
    """What may be seen there, in words."""
    parts = [
        f"{kind}: {'all' if isinstance(names, Everything) else ', '.join(names[:20]) or 'none'}"
        for kind, names in (
            ("services", view.services),
            ("repositories", view.repositories),
            ("docs", view.docs),
            ("metrics", view.metrics),
            ("tools", view.tools),
        )
    ]
    return _line("; ".join(parts), 1500)


def _line(text: str, limit: int = 150) -> str:
    return escape(inert(clip(one_line(text), limit)))


async def _nowhere() -> str | None:
    """An opening line that was perhaps posted is posted again: the channel it went to is not known."""
    return None


async def _quietly(call: Awaitable[object]) -> None:
    try:
        await call
    except (SlackClientError, OSError, TimeoutError) as trouble:
        log.info("not_said", action="respond", error=type(trouble).__name__)
