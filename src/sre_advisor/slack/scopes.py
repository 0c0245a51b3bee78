"""Which permissions the app needs in Slack, and what for; the doctor and the manifest are held against this list."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """One OAuth scope of the bot token, the methods and events that need it, and whether one can do without."""

    name: str
    needed_by: tuple[str, ...]
    without: str
    optional: bool = False


SCOPES: tuple[Scope, ...] = (
    Scope("app_mentions:read", ("event app_mention",), "mentions in channels are not heard"),
    Scope(
        "chat:write",
        ("chat.postMessage", "chat.postEphemeral", "chat.update"),
        "nothing can be answered",
    ),
    Scope("im:history", ("event message.im", "conversations.replies"), "direct messages are not heard"),
    Scope(
        "channels:history",
        ("event message.channels", "conversations.replies"),
        "follow-ups in a public channel's thread need a mention, and what others wrote there is not seen",
    ),
    Scope("assistant:write", ("assistant.threads.setStatus",), "nothing shows beneath a thread that it is at work"),
    Scope(
        "users:read",
        ("users.info",),
        "nobody can be told from a guest or a stranger, so nobody is answered unless the policy lets both ask",
    ),
    Scope(
        "usergroups:read",
        ("usergroups.users.list",),
        "user groups named in the policy let nobody in",
        optional=True,
    ),
    Scope(
        "files:write",
        ("files.getUploadURLExternal", "files.completeUploadExternal"),
        "the first look comes without its chart",
    ),
    Scope(
        "groups:history",
        ("event message.groups", "conversations.replies"),
        "follow-ups in private channels need a mention",
        optional=True,
    ),
    Scope("channels:read", ("conversations.info",), "membership of public channels cannot be checked", optional=True),
    Scope("groups:read", ("conversations.info",), "membership of private channels cannot be checked", optional=True),
)

FREE_METHODS = ("auth.test", "apps.connections.open", "views.open")
"""Methods that are called and need no scope of the bot token."""


def missing(granted: Collection[str], *, optional: bool) -> tuple[Scope, ...]:
    """The needed (or the optional) scopes that were not granted."""
    return tuple(scope for scope in SCOPES if scope.optional is optional and scope.name not in granted)
