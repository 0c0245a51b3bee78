"""Which permissions and events the app needs in Slack, and what for; the doctor and the manifest are held to these."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

When = Literal["always", "usual", "direct_messages", "reactions", "user_groups", "private_channels", "checking"]
"""always: even where only mentions are answered; usual: in the usual profile; the rest: where that is used."""


@dataclass(frozen=True, slots=True)
class Scope:
    """One OAuth scope of the bot token, the methods, events and features that need it, and what is lost without."""

    name: str
    needed_by: tuple[str, ...]
    without: str
    when: When = "usual"

    @property
    def optional(self) -> bool:
        """Whether the usual profile does without."""
        return self.when not in ("always", "usual")


SCOPES: tuple[Scope, ...] = (
    Scope("app_mentions:read", ("event app_mention",), "mentions in channels are not heard", "always"),
    Scope(
        "chat:write",
        ("chat.postMessage", "chat.postEphemeral", "chat.update", "agents.sessions.setStatus"),
        "nothing can be answered",
        "always",
    ),
    Scope(
        "users:read",
        ("users.info",),
        "nobody can be told from a guest or a stranger, so nobody is answered unless the policy lets both ask",
        "always",
    ),
    Scope(
        "channels:history",
        ("event message.channels", "conversations.history", "conversations.replies"),
        "follow-ups in a public channel's thread need a mention, what others wrote there is not seen, and a message "
        "may be said twice after a crash",
    ),
    Scope("assistant:write", ("assistant.threads.setStatus",), "nothing shows beneath a thread that it is at work"),
    Scope(
        "files:write",
        ("files.getUploadURLExternal", "files.completeUploadExternal"),
        "the first look comes without its chart",
    ),
    Scope(
        "commands",
        ("command /advisor", "shortcut ask_advisor", "shortcut stop_investigation"),
        "there is no slash command, and nothing in a message's menu",
    ),
    Scope(
        "im:history",
        ("event message.im", "conversations.replies"),
        "direct messages are not heard",
        "direct_messages",
    ),
    Scope(
        "reactions:read",
        ("event reaction_added", "event reaction_removed"),
        "emoji do not count as votes",
        "reactions",
    ),
    Scope(
        "usergroups:read",
        ("usergroups.users.list",),
        "user groups named in the policy let nobody in",
        "user_groups",
    ),
    Scope(
        "groups:history",
        ("event message.groups", "conversations.history", "conversations.replies"),
        "follow-ups in private channels need a mention",
        "private_channels",
    ),
    Scope("channels:read", ("conversations.info",), "membership of public channels cannot be checked", "checking"),
    Scope("groups:read", ("conversations.info",), "membership of private channels cannot be checked", "checking"),
)

FREE_EVENTS: tuple[tuple[str, When], ...] = (("app_home_opened", "always"), ("agent_session_stopped", "usual"))
"""Events that need no scope of their own."""
FREE_METHODS = (
    "auth.test",
    "apps.connections.open",
    "views.open",
    "views.update",
    "views.publish",
    "chat.getPermalink",
)
"""Methods that are called and need no scope of the bot token."""


def missing(granted: Collection[str], *, optional: bool) -> tuple[Scope, ...]:
    """The needed (or the optional) scopes that were not granted.

    An app with none of the usual ones was made to answer mentions only: for it they are optional.
    """
    usual = any(scope.name in granted for scope in SCOPES if scope.when == "usual")
    needed = ("always", "usual") if usual else ("always",)
    return tuple(s for s in SCOPES if (s.when not in needed) is optional and s.name not in granted)
