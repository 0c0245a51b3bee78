"""What a Slack workspace consists of, as plain typed records."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
Clock = Callable[[], float]
"""Seconds since the epoch; injectable, so that streams and triggers expire in tests without waiting."""


class SlackError(Exception):
    """A Web API call answered with `ok: false`; `code` is Slack's own error name, `messages` its details."""

    def __init__(self, code: str, messages: list[str] | None = None, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.messages = messages or []
        self.extra = extra

    def body(self) -> Json:
        """The JSON body Slack would answer with."""
        body: Json = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            body["errors"] = self.messages
            body["response_metadata"] = {"messages": [f"[ERROR] {message}" for message in self.messages]}
        return body


@dataclass(frozen=True)
class Team:
    """The workspace."""

    id: str = "T0LOCAL01"
    name: str = "Local Slack"
    domain: str = "local-slack"


@dataclass(frozen=True)
class User:
    """A member of the workspace, human or bot."""

    id: str
    name: str
    real_name: str
    is_bot: bool = False
    bot_id: str | None = None
    app_id: str | None = None
    colour: str = "#4a6fa5"
    is_guest: bool = False
    home_team: str | None = None
    """Another workspace, for somebody who is here by Slack Connect."""


@dataclass
class Channel:
    """A conversation: a public or private channel, or a direct message (`is_im`)."""

    id: str
    name: str
    members: set[str]
    is_private: bool = False
    is_im: bool = False
    is_archived: bool = False
    is_ext_shared: bool = False
    topic: str = ""

    @property
    def kind(self) -> str:
        """`channel_type` as events carry it."""
        if self.is_im:
            return "im"
        return "group" if self.is_private else "channel"


@dataclass
class Stream:
    """An unfinished streamed message; `tasks` by id, in the order of first mention."""

    started_at: float
    mode: str
    recipient: str | None
    text: str = ""
    plan_title: str | None = None
    tasks: dict[str, Json] = field(default_factory=dict[str, Json])
    extra_blocks: list[Json] = field(default_factory=list[Json])
    open: bool = True
    stopped_by_user: bool = False
    shape: str = ""
    """`text` or `chunks`: what it was first fed with, and is fed with for life; empty before that."""


@dataclass
class Message:
    """One message; `ephemeral_to` names the only person who sees it."""

    ts: str
    channel: str
    user: str | None
    text: str = ""
    blocks: list[Json] = field(default_factory=list[Json])
    attachments: list[Json] = field(default_factory=list[Json])
    thread_ts: str | None = None
    bot_id: str | None = None
    app_id: str | None = None
    username: str | None = None
    subtype: str | None = None
    metadata: Json | None = None
    edited_ts: str | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    files: list[str] = field(default_factory=list[str])
    ephemeral_to: str | None = None
    stream: Stream | None = None
    unfurl_links: bool | None = None

    @property
    def shows_as_edited(self) -> bool:
        """Whether people see "(edited)": not when an app's message was updated with blocks."""
        return self.edited_ts is not None and not (self.bot_id and self.blocks)

    @property
    def is_reply(self) -> bool:
        """Whether it stands in a thread below another message."""
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass
class View:
    """An open modal or a Home tab, for one person."""

    id: str
    user: str
    content: Json
    hash: str
    kind: str
    errors: dict[str, str] = field(default_factory=dict[str, str])
    state: Json = field(default_factory=dict[str, Any])


@dataclass
class File:
    """An uploaded file; `data` is None until its bytes have arrived."""

    id: str
    name: str
    title: str
    size: int
    mimetype: str
    user: str
    alt_txt: str | None = None
    snippet_type: str | None = None
    data: bytes | None = None
    shared_in: list[str] = field(default_factory=list[str])


@dataclass
class Session:
    """What an agent says it is doing in a thread: a status line, a title, suggested prompts."""

    status_text: str = ""
    loading_messages: list[str] = field(default_factory=list[str])
    since: float = 0.0
    agent_status: str = ""
    title: str = ""
    prompts: list[Json] = field(default_factory=list[Json])


@dataclass(frozen=True)
class Delivery:
    """Something the workspace sends to the app: an event, an interaction or a command."""

    type: str
    payload: Json
    accepts_response: bool = False


@dataclass
class AppConfig:
    """How the app is installed: scopes granted, events subscribed. Change them to test a lesser installation."""

    app_id: str = "A0ADVISOR1"
    shortcuts: dict[str, str] = field(
        default_factory=lambda: {"ask_advisor": "Ask the advisor", "stop_investigation": "Stop the investigation"}
    )
    """Message shortcuts, by callback id, as the page's menu of a message names them."""
    scopes: set[str] = field(
        default_factory=lambda: {
            "app_mentions:read",
            "assistant:write",
            "chat:write",
            "commands",
            "im:history",
            "im:write",
            "channels:history",
            "channels:read",
            "groups:history",
            "groups:read",
            "reactions:read",
            "reactions:write",
            "files:write",
            "files:read",
            "users:read",
            "team:read",
        }
    )
    events: set[str] = field(
        default_factory=lambda: {
            "agent_session_stopped",
            "app_home_opened",
            "app_mention",
            "message.im",
            "message.channels",
            "message.groups",
            "reaction_added",
            "reaction_removed",
        }
    )
