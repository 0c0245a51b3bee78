"""All that people tell the advisor beside asking: stops, outcomes, reactions, buttons, commands, the Home tab."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sre_advisor.broker.policy import Policies
from sre_advisor.journal.store import Journal
from sre_advisor.model import Question
from sre_advisor.slack import stops
from sre_advisor.slack.about import Sources
from sre_advisor.slack.asking import Asking, Take
from sre_advisor.slack.config import SlackConfig
from sre_advisor.slack.door import Door
from sre_advisor.slack.feedback import Closed, Feedback, nobody
from sre_advisor.slack.home import Home
from sre_advisor.slack.meaning import is_stop, outcome_in
from sre_advisor.slack.pressing import Pressing
from sre_advisor.slack.reactions import Reactions
from sre_advisor.slack.route import Incoming, Me
from sre_advisor.slack.shortcuts import Shortcuts
from sre_advisor.slack.slash import Slash
from sre_advisor.slack.voice import SlackVoice
from sre_advisor.work.ending import end_within

NO_SOURCES = Sources(())
NOTED = (
    "Noted: that is what it was, with the answer above. You can tell it again; end with “?” when it is a question. "
    "(Only you can see this.)"
)


class SideTalk:
    """Wires what listens, and sorts what is said."""

    def __init__(
        self,
        client: AsyncWebClient,
        config: SlackConfig,
        journal: Journal,
        policies: Policies,
        door: Door,
        voice: SlackVoice,
        take: Take,
        sources: Sources = NO_SOURCES,
        closed: Closed = nobody,
    ) -> None:
        asking = Asking(journal, take)
        self._voice = voice
        self._stops = stops.Stops(journal, door, voice)
        self._feedback = Feedback(journal, closed)
        self._reactions = Reactions(journal, policies)
        self._pressing = Pressing(journal, asking)
        self._slash = Slash(client, journal, policies, door, asking, sources)
        self._shortcuts = Shortcuts(asking, policies, config)
        self._home = Home(client, journal, policies, door, sources)
        self._me = Me("", "")

    async def register(self, app: AsyncApp, me: Me) -> None:
        """Attach all listeners, and take up what an earlier process left half done."""
        self._me = self._slash.me = self._shortcuts.me = me
        for part in (self._stops, self._feedback, self._pressing, self._slash, self._shortcuts, self._home):
            part.register(app)
        await self._slash.resume()

    async def said(self, question: Question, incoming: Incoming) -> bool:
        """Store a stop or an outcome that a message tells; False for a question."""
        if is_stop(question.text):
            await self._stops.asked(question, incoming.key, "words")
            return True
        told = outcome_in(question.text) if incoming.addressed else None
        stored = await self._feedback.in_words(question, told, incoming.key) if told else None
        if stored:
            self._stops.later(self._voice.whisper(question, NOTED))
        return stored is not None

    async def happened(self, body: Mapping[str, Any]) -> None:
        """Store a press of the Stop button or a vote by emoji."""
        event = body.get("event")
        if body.get("type") != "event_callback" or not isinstance(event, Mapping):
            return
        if event.get("type") == stops.EVENT:
            await self._stops.button(body)
        elif voted := await self._reactions.happened(body, self._me.user):
            self._feedback.heard(voted)

    async def stop(self, seconds: float) -> None:
        """Let what is being said end for so long; what is stored and not said is left to the next start."""
        await end_within(seconds, (task for part in (self._stops, self._slash, self._feedback) for task in part.busy))
