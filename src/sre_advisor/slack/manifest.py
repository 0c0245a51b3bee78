"""The Slack app's manifest for a configuration: no permission and no event that it does not use. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sre_advisor.broker.policy.model import DirectMessages, Policy
from sre_advisor.slack.scopes import FREE_EVENTS, SCOPES, When
from sre_advisor.slack.shortcuts import ASK
from sre_advisor.slack.stops import SHORTCUT

Profile = Literal["usual", "mention-only"]
PATH = "/slack/events"
"""Where Slack sends everything to when it does not hold a socket."""
COMMAND = "/advisor"
EVENT = "event "


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the app is to do; `url` is the advisor's address for Slack over HTTP, None for a socket."""

    profile: Profile = "usual"
    direct_messages: bool = False
    reactions: bool = False
    user_groups: bool = False
    private_channels: bool = False
    url: str | None = None

    @classmethod
    def by(cls, policy: Policy, profile: Profile, *, private_channels: bool, url: str | None) -> Wanted:
        """What the policy makes use of."""
        places = (policy, *policy.channels.values(), policy.direct_messages)
        people = [place.who for place in places if place is not None and place.who is not None]
        return cls(
            profile=profile,
            direct_messages=isinstance(policy.direct_messages, DirectMessages),
            reactions=policy.votes.reactions,
            user_groups=any(group.groups for group in (*people, policy.kill_switch)),
            private_channels=private_channels,
            url=url,
        )

    @property
    def uses(self) -> frozenset[When]:
        """What of the permissions is used."""
        found: set[When] = {"always"}
        found |= {"usual"} if self.profile == "usual" else set()
        for name, used in (
            ("direct_messages", self.direct_messages),
            ("reactions", self.reactions),
            ("user_groups", self.user_groups),
            ("private_channels", self.private_channels and self.profile == "usual"),
        ):
            found |= {name} if used else set()  # type: ignore[arg-type] # each is one of When
        return frozenset(found)


def manifest(wanted: Wanted) -> dict[str, Any]:
    """The manifest as Slack takes it."""
    usual = wanted.profile == "usual"
    features: dict[str, Any] = {"agent_view": _agent(wanted)} if usual else {}
    features["app_home"] = {
        "home_tab_enabled": True,
        "messages_tab_enabled": wanted.direct_messages,
        "messages_tab_read_only_enabled": not wanted.direct_messages,
    }
    features["bot_user"] = {"display_name": "advisor", "always_online": False}
    if usual:
        features |= {"shortcuts": _shortcuts(), "slash_commands": [_command(wanted)]}
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "SRE Advisor",
            "description": "Read-only incident investigation with cited evidence",
            "background_color": "#2f6f5e",
        },
        "features": features,
        "oauth_config": {"scopes": {"bot": scopes(wanted)}},
        "settings": _settings(wanted),
    }


def scopes(wanted: Wanted) -> list[str]:
    """The bot's scopes."""
    return sorted(scope.name for scope in SCOPES if scope.when in wanted.uses)


def events(wanted: Wanted) -> list[str]:
    """The events it subscribes to."""
    bound = (name for s in SCOPES if s.when in wanted.uses for name in s.needed_by if name.startswith(EVENT))
    free = (name for name, when in FREE_EVENTS if when in wanted.uses)
    return sorted({*(name.removeprefix(EVENT) for name in bound), *free})


def _agent(wanted: Wanted) -> dict[str, Any]:
    """Prompts are offered in the direct messages, so only where these are answered."""
    prompts = [
        {"title": "What is going on?", "message": "What is going on right now?"},
        {"title": "What changed?", "message": "What changed in the last hour for service: "},
    ]
    about: dict[str, Any] = {"agent_description": "Investigates alerts read-only and cites its evidence."}
    return about | ({"suggested_prompts": prompts} if wanted.direct_messages else {})


def _shortcuts() -> list[dict[str, str]]:
    return [
        {
            "name": "Ask the advisor",
            "type": "message",
            "callback_id": ASK,
            "description": "Look into this message, read-only; the answer comes in its thread",
        },
        {
            "name": "Stop the investigation",
            "type": "message",
            "callback_id": SHORTCUT,
            "description": "End what is being looked into in this thread, with what is known by now",
        },
    ]


def _command(wanted: Wanted) -> dict[str, Any]:
    made: dict[str, Any] = {
        "command": COMMAND,
        "description": "Ask the read-only SRE advisor in private, or see how it is",
        "usage_hint": "[question | status | help]" if wanted.direct_messages else "[status | help]",
        "should_escape": True,
    }
    return made | ({"url": wanted.url + PATH} if wanted.url else {})


def _settings(wanted: Wanted) -> dict[str, Any]:
    address = {"request_url": wanted.url + PATH} if wanted.url else {}
    return {
        "event_subscriptions": address | {"bot_events": events(wanted)},
        "interactivity": {"is_enabled": True, **address},
        "org_deploy_enabled": False,
        "socket_mode_enabled": wanted.url is None,
        "token_rotation_enabled": False,
    }
