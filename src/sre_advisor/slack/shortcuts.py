"""“Ask the advisor” in a message's menu: who presses asks about the message, which says nothing for them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, cast

import structlog
from slack_bolt.async_app import AsyncApp

from sre_advisor.broker.policy import Policies
from sre_advisor.broker.policy.decide import view_of
from sre_advisor.model import Question
from sre_advisor.slack.asking import Asking
from sre_advisor.slack.blocks import clip
from sre_advisor.slack.config import SlackConfig
from sre_advisor.slack.route import Me, plain

log = structlog.get_logger(__name__)

ASK = "ask_advisor"
QUOTED = 2_000
"""Characters of the message that are quoted; the rest is in the thread, for the tool that reads it."""
ABOUT = "What is behind the message I point to?"
"""What pressing asks, whatever the message says."""
ELSEWHERE = "I may not answer in this channel; ask in one that the policy lists. (Only you can see this.)"
EMPTY = "That message has no words to look into. (Only you can see this.)"
OWN = "That is a message of mine: ask in its thread. (Only you can see this.)"


class Shortcuts:
    """Listens to the shortcut; the question is stored before it is acknowledged."""

    def __init__(self, asking: Asking, policies: Policies, config: SlackConfig) -> None:
        self._asking, self._policies, self._config = asking, policies, config
        self.me: Me | None = None

    def register(self, app: AsyncApp) -> None:
        """Attach the listener."""
        app.shortcut(ASK)(self.pressed)

    async def pressed(
        self, ack: Callable[[], Awaitable[object]], body: dict[str, Any], respond: Callable[..., Awaitable[object]]
    ) -> None:
        """Ask about the message, in its thread, for who pressed."""
        channel, message = str(body["channel"]["id"]), cast("dict[str, Any]", body["message"])
        refused = await self._refused(channel, message)
        if not refused:
            question = question_about(body, self.me or Me("", ""))
            await self._asking.ask(question, question.id)
        await ack()
        if refused:
            await respond(text=refused, response_type="ephemeral", replace_original=False)

    async def _refused(self, channel: str, message: Mapping[str, Any]) -> str:
        listed = view_of(await self._policies.current(), channel) is not None
        if not listed or (self._config.channels and channel not in self._config.channels):
            return ELSEWHERE
        if self.me and message.get("user") == self.me.user:
            return OWN
        return "" if words_of(message) else EMPTY


def question_about(body: Mapping[str, Any], me: Me) -> Question:
    """The question that pressing the shortcut asks, in words of our own: others wrote the message, so it is data."""
    channel, message, user = str(body["channel"]["id"]), body["message"], body["user"]
    ts, thread = str(message["ts"]), str(message.get("thread_ts") or message["ts"])
    return Question(
        id=f"{channel}-{ts}-{body.get('action_ts') or body.get('trigger_id')}",
        investigation=f"{channel}-{thread}",
        text=ABOUT,
        asked_at=datetime.now(UTC),
        asker=str(user["id"]),
        team=str(user.get("team_id") or "") or None,
        channel=channel,
        thread_ts=thread,
        fresh=True,
        quoted=clip(plain(words_of(message), me), QUOTED),
    )


def words_of(message: Mapping[str, Any]) -> str:
    """What a message says: its text, else what its attachments say, as alerts of many tools do."""
    text = str(message.get("text") or "").strip()
    if text:
        return text
    attached: object = message.get("attachments")
    parts = cast("list[Mapping[str, Any]]", attached) if isinstance(attached, list) else []
    said = (str(part.get("fallback") or part.get("text") or part.get("title") or "") for part in parts)
    return "\n".join(line for line in said if line.strip())
