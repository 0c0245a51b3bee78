"""What every Web API method is given, and how it reads its arguments."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sre_advisor.demo.local_slack.nouns import Channel, Json, Message, SlackError
from sre_advisor.demo.local_slack.socket_mode import SocketHub
from sre_advisor.demo.local_slack.state import SlackState


@dataclass(frozen=True)
class Call:
    """One API call: its arguments and the parts of the server it may touch."""

    state: SlackState
    hub: SocketHub
    url: str
    args: Json

    def text(self, name: str, default: str | None = None) -> str:
        """A string argument; raises `invalid_arguments` when it is missing and has no default."""
        value = self.args.get(name)
        if value is None or value == "":
            if default is None:
                raise SlackError("invalid_arguments", [f"missing required field: {name}"])
            return default
        return str(value)

    def optional(self, name: str) -> str | None:
        """A string argument or None."""
        value = self.args.get(name)
        return None if value in (None, "") else str(value)

    def items(self, name: str) -> list[Json]:
        """A list argument; empty when missing."""
        value: Any = self.args.get(name)
        if value is None or value == "":
            return []
        if not isinstance(value, list):
            raise SlackError("invalid_arguments", [f"{name} must be an array"])
        return value

    def number(self, name: str, default: int) -> int:
        """A number argument."""
        try:
            return int(self.args.get(name) or default)
        except (TypeError, ValueError):
            raise SlackError("invalid_arguments", [f"{name} must be a number"]) from None

    def flag(self, name: str) -> bool:
        """A boolean argument, in JSON or as a form writes it."""
        return str(self.args.get(name, "")).lower() in {"true", "1"}

    def channel(self, name: str = "channel") -> Channel:
        """The channel named by an argument."""
        return self.state.channel(self.text(name))

    def own_channel(self, name: str = "channel") -> Channel:
        """The channel named by an argument, in which the bot must be; a person's id means their direct messages."""
        wanted = self.text(name)
        channel = self.state.open_im(wanted) if wanted in self.state.users else self.state.channel(wanted)
        if channel.is_archived:
            raise SlackError("is_archived")
        if self.state.bot.id not in channel.members:
            raise SlackError("not_in_channel" if channel.kind == "channel" else "channel_not_found")
        return channel

    def root(self, channel: Channel, name: str = "thread_ts") -> str | None:
        """The thread named by an argument; raises `thread_not_found` when there is none such."""
        thread_ts = self.optional(name)
        if thread_ts is None:
            return None
        found = self.state.messages.get(channel.id, {}).get(thread_ts)
        if found is None:
            raise SlackError("thread_not_found")
        return found.thread_ts or found.ts

    def own_message(self, channel: Channel, denied: str) -> Message:
        """The bot's own message named by `ts`; another's raises `denied`."""
        message = self.state.find(self.text("ts"), channel.id)
        if message.ephemeral_to:
            raise SlackError("message_not_found")
        if message.bot_id != self.state.bot.bot_id:
            raise SlackError(denied)
        return message


Handler = Callable[[Call], Awaitable[Json]]


@dataclass(frozen=True)
class Method:
    """A handler, the scopes of which one is needed (none: any token), its tier, and the kind of token."""

    handler: Handler
    scopes: tuple[str, ...] = ()
    tier: int = 3
    app_token: bool = False
