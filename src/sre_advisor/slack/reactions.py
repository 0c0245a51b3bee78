"""Emoji under an answer as votes, where the policy says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import structlog

from sre_advisor.broker.policy import Policies
from sre_advisor.broker.policy.model import Vote, Votes
from sre_advisor.journal.events import MessageSent, OutcomeTold, Voted
from sre_advisor.journal.store import Journal

log = structlog.get_logger(__name__)

EVENTS = ("reaction_added", "reaction_removed")


@dataclass(frozen=True, slots=True)
class Reaction:
    """An emoji put under a message of ours, or taken away, and the vote it stands for."""

    user: str
    channel: str
    ts: str
    vote: Vote
    removed: bool


def reaction_of(body: Mapping[str, Any], me: str, votes: Votes) -> Reaction | None:
    """What the event means under this policy; None when it is no vote. Skin tones make no difference."""
    event = body.get("event")
    if not votes.reactions or not isinstance(event, Mapping) or event.get("type") not in EVENTS:
        return None
    item, user = event.get("item"), event.get("user")
    vote = votes.emoji.get(str(event.get("reaction") or "").partition("::")[0])
    if vote is None or not isinstance(item, Mapping) or item.get("type") != "message":
        return None
    channel, ts = item.get("channel"), item.get("ts")
    if event.get("item_user") != me or user == me or not all(isinstance(v, str) for v in (user, channel, ts)):
        return None
    return Reaction(str(user), str(channel), str(ts), vote, event["type"] == "reaction_removed")


class Reactions:
    """Stores such votes before Slack is told that they arrived."""

    def __init__(self, journal: Journal, policies: Policies) -> None:
        self._journal, self._policies = journal, policies

    async def happened(self, body: Mapping[str, Any], me: str) -> Voted | None:
        """The vote that was stored; None when the event was none, or one under something else than an answer."""
        found = reaction_of(body, me, (await self._policies.current()).votes)
        sent = await self._answer(found) if found else None
        if found is None or sent is None:
            return None
        if found.removed and not await self._stands(sent, found):
            return None
        vote: Literal["helpful", "not_helpful", "was_the_cause", "withdrawn"]
        vote = "withdrawn" if found.removed else found.vote
        voted = Voted(
            investigation=sent.investigation, question=sent.question, user=found.user, vote=vote,
            at=datetime.now(UTC), withdraws=found.vote if found.removed else None,
        )  # fmt: skip
        stored = await self._journal.append_once(voted, f"event/{body.get('event_id')}")
        return voted if stored else None

    async def _answer(self, found: Reaction) -> MessageSent | None:
        """The answer that stands there."""
        sent = await self._journal.of_kinds("message_sent", under=f"{found.channel}-", holding=found.ts)
        for event in reversed(sent):
            if isinstance(event, MessageSent) and (event.channel, event.ts) == (found.channel, found.ts):
                return event if event.key.startswith(f"{event.question}/answer") else None
        return None

    async def _stands(self, sent: MessageSent, found: Reaction) -> bool:
        """Whether that vote is the person's last word of its kind: a later one is not taken back with it."""
        causes = found.vote == "was_the_cause"
        past = await self._journal.of_investigation(sent.investigation, "voted", "outcome_told")
        for event in reversed(past):
            if not isinstance(event, Voted | OutcomeTold) or (event.question, event.user) != (
                sent.question,
                found.user,
            ):
                continue
            said = "was_the_cause" if isinstance(event, OutcomeTold) else event.withdraws or event.vote
            if (said == "was_the_cause") == causes:
                return isinstance(event, Voted) and event.vote == found.vote
        return False
