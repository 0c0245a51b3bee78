"""The Home tab: what is being looked into, what can be seen, how it did, and how to ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from sre_advisor.broker.policy import Policies
from sre_advisor.connectors.contract import Health
from sre_advisor.investigate.visible import inert, one_line
from sre_advisor.journal.store import Journal
from sre_advisor.model import Question
from sre_advisor.slack.about import Sources
from sre_advisor.slack.blocks import Block, bullets, clip, context, link, literal, paragraph, plain_section, rich
from sre_advisor.slack.door import Door
from sre_advisor.slack.trouble import reason_of
from sre_advisor.slack.wish import wish_of
from sre_advisor.trust.figures import KINDS, Tally, tally
from sre_advisor.work.halt import standing_halt

log = structlog.get_logger(__name__)

LISTED, SOURCES = 10, 30
"""Open questions and sources that are listed by name."""
STATES = {
    "ok": "✅ works",
    "unreachable": "❌ cannot be reached",
    "unauthorised": "🔒 refuses its credentials",
    "misconfigured": "⚠️ is not set up right",
}
HOW = (
    "Mention me in a channel I was invited to, and say what is wrong: “@advisor checkout is throwing 5xx since 13:40”.",
    "Write on in that thread: each message is a follow-up. “I meant payments” corrects what I am looking into.",
    "“stop” in the thread, the Stop button, or “Stop the investigation” in a message's menu ends it.",
    "“Ask the advisor” in a message's menu asks about that message. /advisor help tells of the slash command.",
    "Press the buttons under an answer: say whether it helped, and what it was in the end.",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What one person's Home tab shows; `mine` with the addresses of their threads, where Slack tells them."""

    mine: Sequence[tuple[Question, str]]
    others: int
    sources: Sequence[Health]
    figures: Tally
    halted: str = ""


def home_view(shown: Shown) -> dict[str, Any]:
    """The tab; every text literal, far below the hundred blocks that Slack takes."""
    blocks = [_title("SRE Advisor"), context("Read-only: it looks, checks its claims, and changes nothing.")]
    if shown.halted:
        blocks.append(plain_section(f"⛔ {one_line(shown.halted)}"))
    return _home([*blocks, *_open(shown), *_sources(shown.sources), *_figures(shown.figures), *_how()])


def closed_view(words: str) -> dict[str, Any]:
    """The tab of somebody who may not ask anywhere."""
    return _home([_title("SRE Advisor"), plain_section(words)])


def _home(blocks: list[Block]) -> dict[str, Any]:
    return {"type": "home", "callback_id": "home", "blocks": blocks}


def _open(shown: Shown) -> list[Block]:
    lines = [[literal(_question(q)), *([literal(" "), link(url, "open")] if url else [])] for q, url in shown.mine]
    more = f"{shown.others} more by others." if shown.others else ""
    blocks = [_title("Being looked into")]
    blocks += [rich(bullets(lines))] if lines else [context(f"Nothing of yours. {more}".strip())]
    return [*blocks, context(more)] if lines and more else blocks


def _question(question: Question) -> str:
    return f"{question.asked_at:%H:%M} UTC {clip(one_line(question.text), 150)}"


def _sources(sources: Sequence[Health]) -> list[Block]:
    if not sources:
        return [_title("What I can see"), context("No source is configured.")]
    lines = [f"{h.connector}: {STATES[h.state]} · {clip(one_line(h.detail), 200)}" for h in sources[:SOURCES]]
    return [_title("What I can see"), rich(bullets([[literal(line)] for line in lines]))]


def _figures(figures: Tally) -> list[Block]:
    return [_title("How I did"), plain_section(figures.sentence())]


def _how() -> list[Block]:
    return [_title("How to ask"), rich(bullets([[literal(line)] for line in HOW]))]


def _title(text: str) -> Block:
    return rich(paragraph(literal(text, bold=True)))


class Home:
    """Publishes the tab when somebody opens it."""

    def __init__(
        self, client: AsyncWebClient, journal: Journal, policies: Policies, door: Door, sources: Sources
    ) -> None:
        self._client, self._journal, self._policies = client, journal, policies
        self._door, self._sources = door, sources

    def register(self, app: AsyncApp) -> None:
        """Attach the listener."""
        app.event("app_home_opened")(self.opened)

    async def opened(self, event: dict[str, Any], body: dict[str, Any]) -> None:
        """Show this person their tab."""
        if event.get("tab") != "home":
            return
        user = str(event["user"])
        refused = await self._refused(user, str(body.get("team_id") or ""))
        view = closed_view(refused) if refused else home_view(await self._shown(user))
        try:
            await self._client.views_publish(user_id=user, view=view)
        except (SlackClientError, OSError, TimeoutError) as trouble:
            why = reason_of(trouble) if isinstance(trouble, SlackApiError) else type(trouble).__name__
            log.warning("home_not_shown", action="home", error=why)

    async def _refused(self, user: str, team: str) -> str:
        """Why this person may ask nowhere; "" when there is a place where they may."""
        policy = await self._policies.current()
        places = [*policy.channels, *(("D",) if policy.direct_messages else ())]
        words = "I may answer nobody here yet: the policy names no channel."
        for place in places:
            refusal = await self._door.forbidden(wish_of(place, "", user, team))
            if refusal is None:
                return ""
            words = refusal.said
        return words

    async def _shown(self, user: str) -> Shown:
        every = await self._journal.unfinished()
        mine = [q for q in every if q.asker == user][-LISTED:]
        halted = await standing_halt(self._journal)
        return Shown(
            mine=[(q, await self._address(q)) for q in mine],
            others=len(every) - len(mine),
            sources=await self._sources.health(),
            figures=tally(await self._journal.of_kinds(*KINDS)),
            halted=f"Everything is stopped by {inert(halted.by)}." if halted else "",
        )

    async def _address(self, question: Question) -> str:
        try:
            told = await self._client.chat_getPermalink(
                channel=question.channel or "", message_ts=question.thread_ts or ""
            )
        except (SlackClientError, OSError, TimeoutError):
            return ""
        return str(told.get("permalink") or "")
