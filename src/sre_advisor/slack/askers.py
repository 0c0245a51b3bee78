"""Who asks: member, guest or of another organisation, and in which of the user groups the policy names."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from typing import Any, cast

import structlog
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from sre_advisor.broker.policy import Asker
from sre_advisor.model import Question
from sre_advisor.slack.patience import Patience
from sre_advisor.slack.trouble import Undeliverable, told_apart

log = structlog.get_logger(__name__)

KEPT_S = 300.0
"""Seconds for which what Slack said of a person or group is believed; a failure is not kept at all."""


class Askers:
    """Asks Slack about people, and remembers for a while; what Slack does not tell stays unknown.

    A Slack in trouble is waited for: nobody is turned away because it answered with an error just then.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        clock: Callable[[], float] = time.monotonic,
        patience: Patience | None = None,
    ) -> None:
        self._client, self._clock, self._patience = client, clock, patience or Patience()
        self.home: str | None = None
        """Our own workspace; until it is known nobody is at home."""
        self._people: dict[str, tuple[float, dict[str, Any]]] = {}
        self._groups: dict[str, tuple[float, frozenset[str]]] = {}

    async def of(self, question: Question, groups: Collection[str]) -> Asker:
        """The person who asked; `groups` are the ones whose membership matters."""
        if question.asker is None:
            return Asker()
        person, member_of = await asyncio.gather(self._person(question.asker), self._member_of(question.asker, groups))
        if person is None:
            return Asker(question.asker, question.team, groups=member_of)
        team = _text(person.get("team_id"))
        return Asker(
            user=question.asker,
            team=team if team != self.home else question.team,
            guest=_either(person.get("is_restricted"), person.get("is_ultra_restricted")),
            external=self._external(person, team, question.team),
            groups=member_of,
        )

    async def name(self, user: str) -> str:
        """What people call them; their id when Slack does not tell."""
        person = await self._person(user) or {}
        profile = person.get("profile")
        names = profile if isinstance(profile, dict) else {}
        told = (names.get("real_name"), names.get("display_name"), person.get("real_name"), person.get("name"))
        return next((name for name in map(_text, told) if name), user)

    def _external(self, person: dict[str, Any], team: str | None, told: str | None) -> bool | None:
        """Whether they belong elsewhere: by their own record or by the event that told of the question."""
        if person.get("is_stranger") is True:
            return True
        if self.home is None or team is None:
            return None
        return team != self.home or (told is not None and told != self.home)

    async def _person(self, user: str) -> dict[str, Any] | None:
        kept = self._people.get(user)
        if kept and self._clock() - kept[0] < KEPT_S:
            return kept[1]
        try:
            person = (await self._told(lambda: self._client.users_info(user=user))).get("user")
        except Undeliverable as error:
            log.warning("asker_unknown", action="users.info", error=error.reason)
            return None
        if not isinstance(person, dict):
            return None
        self._people[user] = self._clock(), cast("dict[str, Any]", person)
        return self._people[user][1]

    async def _member_of(self, user: str, groups: Collection[str]) -> frozenset[str] | None:
        members = await asyncio.gather(*(self._members(group) for group in groups))
        known = {group: people for group, people in zip(groups, members, strict=True) if people is not None}
        found = frozenset(group for group, people in known.items() if user in people)
        return found if found or len(known) == len(members) else None

    async def _members(self, group: str) -> frozenset[str] | None:
        kept = self._groups.get(group)
        if kept and self._clock() - kept[0] < KEPT_S:
            return kept[1]
        try:
            users = (await self._told(lambda: self._client.usergroups_users_list(usergroup=group))).get("users")
        except Undeliverable as error:
            log.warning("group_unknown", action="usergroups.users.list", group=group, error=error.reason)
            return None
        if not isinstance(users, list):
            return None
        self._groups[group] = self._clock(), frozenset(map(str, cast("list[object]", users)))
        return self._groups[group][1]

    async def _told(self, call: Callable[[], Awaitable[AsyncSlackResponse]]) -> AsyncSlackResponse:
        async def ask() -> AsyncSlackResponse:
            with told_apart():
                return await call()

        return await self._patience.until_told(ask)


def _either(*flags: object) -> bool | None:
    """True when one says so, False when one was told and none says so, None when nothing was told."""
    told = [flag for flag in flags if isinstance(flag, bool)]
    return any(told) if told else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
