"""The workspace's memory: people, channels, messages, views and files, and who is told when they change."""

import itertools
import time
from collections.abc import Callable

from .nouns import AppConfig, Channel, Clock, File, Json, Message, Session, SlackError, Team, User, View
from .plain_text import blocks_text, mrkdwn_text

TRIGGER_LIFETIME_S = 3.0
STATUS_LIFETIME_S = 120.0
STREAM_LIFETIME_S = 300.0


class Workspace:
    """All that is in the local Slack, in memory. Mutate it through methods only: they tell the page and the waiters."""

    def __init__(self, *, clock: Clock = time.time, bot_name: str = "advisor", config: AppConfig | None = None) -> None:
        self.clock = clock
        self.config = config or AppConfig()
        self.team = Team()
        self.person = User("U0ONCALL1", "oncall", "Olivia Oncall", colour="#b5533c")
        self.colleague = User("U0SECOND1", "second", "Sam Second", colour="#3c7db5")
        self.bot = User("U0ADVISOR", bot_name, "SRE Advisor", True, "B0ADVISOR", self.config.app_id, "#2f6f5e")
        self.users = {user.id: user for user in (self.person, self.colleague, self.bot)}
        everyone = set(self.users)
        self.channels: dict[str, Channel] = {}
        self.add_channel("incidents", members=everyone, topic="What is on fire, and who looks at it")
        self.add_channel("general", members=everyone)
        self.messages: dict[str, dict[str, Message]] = {}
        self.views: dict[str, View] = {}
        self.usergroups: dict[str, set[str]] = {}
        self.homes: dict[str, View] = {}
        self.files: dict[str, File] = {}
        self.sessions: dict[tuple[str, str], Session] = {}
        self.triggers: dict[str, tuple[float, str] | None] = {}
        self.version = 0
        self.on_change: list[Callable[[], None]] = []
        self._last_micros = 0
        self._serial = itertools.count(1)
        self.open_im(self.person.id)

    # --- names ---

    def new_id(self, prefix: str) -> str:
        """An id of Slack's shape, in order of creation, so that runs are repeatable."""
        return f"{prefix}{next(self._serial):08d}"

    def new_ts(self) -> str:
        """A message timestamp, unique and increasing: seconds and microseconds since the epoch."""
        self._last_micros = max(int(self.clock() * 1_000_000), self._last_micros + 1)
        return f"{self._last_micros // 1_000_000}.{self._last_micros % 1_000_000:06d}"

    def name_of(self, some_id: str) -> str:
        """The name people see for a user or channel id; the id itself when unknown."""
        if some_id in self.users:
            return self.users[some_id].name
        return self.channels[some_id].name if some_id in self.channels else some_id

    def add_user(self, name: str, real_name: str, *, is_guest: bool = False, home_team: str | None = None) -> User:
        """Let another person join the workspace and its public channels: a member, a guest, or by Slack Connect."""
        user = User(self.new_id("U0"), name, real_name, colour="#7a5ba6", is_guest=is_guest, home_team=home_team)
        self.users[user.id] = user
        for channel in self.channels.values():
            if channel.kind == "channel":
                channel.members.add(user.id)
        return user

    def add_channel(
        self, name: str, *, members: set[str] | None = None, is_private: bool = False, topic: str = ""
    ) -> Channel:
        """Create a channel; `members` holds user ids, the bot's included when the app was invited."""
        channel_id = f"{'G' if is_private else 'C'}0{name.upper().replace('-', '')[:8]:0<8}"
        channel = Channel(channel_id, name, members or set(), is_private=is_private, topic=topic)
        self.channels[channel_id] = channel
        return channel

    def open_im(self, user_id: str) -> Channel:
        """The direct message channel between a person and the bot."""
        if user_id not in self.users:
            raise SlackError("user_not_found")
        channel_id = "D0" + user_id[2:]
        if channel_id not in self.channels:
            self.channels[channel_id] = Channel(channel_id, "advisor", {user_id, self.bot.id}, is_im=True)
        return self.channels[channel_id]

    def channel(self, name_or_id: str) -> Channel:
        """The channel of an id, a name or a #name; raises `channel_not_found`."""
        if name_or_id in self.channels:
            return self.channels[name_or_id]
        wanted = name_or_id.removeprefix("#")
        found = next((c for c in self.channels.values() if c.name == wanted and not c.is_im), None)
        if found is None:
            raise SlackError("channel_not_found")
        return found

    # --- messages ---

    def add(self, message: Message) -> Message:
        """Store a message; one of the app in a thread ends the thread's status line, as in Slack."""
        self.messages.setdefault(message.channel, {})[message.ts] = message
        for index, block in enumerate(message.blocks):
            block.setdefault("block_id", f"b{message.ts[-6:]}{index}")
        if message.bot_id == self.bot.bot_id and message.thread_ts:
            session = self.sessions.get((message.channel, message.thread_ts))
            if session:
                session.status_text = ""
        self.changed()
        return message

    def remove(self, message: Message) -> None:
        """Forget a message."""
        self.messages[message.channel].pop(message.ts, None)
        self.changed()

    def changed(self) -> None:
        """Tell the page and the waiters that something is different."""
        self.version += 1
        for callback in list(self.on_change):
            callback()

    def find(self, ts: str, channel: str | None = None) -> Message:
        """The message of a timestamp, in one channel or anywhere; raises `message_not_found`."""
        places = [self.messages.get(self.channel(channel).id, {})] if channel else list(self.messages.values())
        for messages in places:
            if ts in messages:
                return messages[ts]
        raise SlackError("message_not_found")

    def in_channel(self, channel: str) -> list[Message]:
        """Every message of a channel, replies and ephemeral ones included, oldest first."""
        messages = self.messages.get(self.channel(channel).id, {})
        return [messages[ts] for ts in sorted(messages, key=float)]

    def thread(self, channel: str, thread_ts: str) -> list[Message]:
        """A thread's root and replies, oldest first."""
        return [m for m in self.in_channel(channel) if thread_ts in (m.ts, m.thread_ts)]

    def posted_by_bot(self, channel: str | None = None) -> list[Message]:
        """What the app has posted, oldest first."""
        names = [channel] if channel else list(self.channels)
        return [m for name in names for m in self.in_channel(name) if m.bot_id == self.bot.bot_id]

    def status_line(self, channel: str, thread_ts: str) -> str:
        """The line shown under a thread while the agent works; empty two minutes after it was set."""
        session = self.sessions.get((channel, thread_ts))
        if session is None or self.clock() - session.since > STATUS_LIFETIME_S:
            return ""
        return session.status_text

    def session(self, channel: str, thread_ts: str) -> Session:
        """The agent session of a thread, made when first asked for."""
        return self.sessions.setdefault((channel, thread_ts), Session())

    # --- triggers ---

    def new_trigger(self, user: str) -> str:
        """A trigger id of what a person did, good for one view within three seconds."""
        trigger = self.new_id("trigger.")
        self.triggers[trigger] = (self.clock() + TRIGGER_LIFETIME_S, user)
        return trigger

    def use_trigger(self, trigger: str) -> str:
        """Spend a trigger id, answering whose it was; raises Slack's `…_trigger_id` errors."""
        if trigger not in self.triggers:
            raise SlackError("invalid_trigger_id")
        known = self.triggers[trigger]
        if known is None:
            raise SlackError("exchanged_trigger_id")
        if self.clock() > known[0]:
            raise SlackError("expired_trigger_id")
        self.triggers[trigger] = None
        return known[1]

    # --- text ---

    def message_text(self, message: Message) -> str:
        """A message as plain text: its blocks if it has any, its text otherwise, then its files."""
        blocks = blocks_of(message)
        rendered = blocks_text(blocks, self.name_of) if blocks else mrkdwn_text(message.text, self.name_of)
        files = [self.files[file_id] for file_id in message.files if file_id in self.files]
        return "\n".join([*([rendered] if rendered else []), *(f"(file: {_named(f)}, {f.size} bytes)" for f in files)])

    def author(self, message: Message) -> str:
        """Whom a message is shown as being from."""
        user = self.users.get(message.user or "")
        return message.username or (user.real_name if user else "unknown")

    def transcript(self, channel: str, thread_ts: str | None = None, *, times: bool = True) -> str:
        """A channel, or one thread of it, as plain text; replies are indented under their message.

        `times=False` leaves the clock times (UTC) out, for golden files.
        """
        everything = self.in_channel(channel)
        roots = [m for m in everything if m.ts == thread_ts or (thread_ts is None and not m.is_reply)]
        lines: list[str] = []
        for root in roots:
            lines += self._lines(root, "", times=times)
            for reply in everything:
                if reply.is_reply and reply.thread_ts == root.ts:
                    lines += self._lines(reply, "    ", times=times)
        return "\n".join(lines) + "\n"

    def _lines(self, message: Message, indent: str, *, times: bool) -> list[str]:
        clock = time.strftime("%H:%M:%S ", time.gmtime(float(message.ts))) if times else ""
        notes = " (app)" if message.bot_id else ""
        notes += " (edited)" if message.shows_as_edited else ""
        if message.ephemeral_to:
            notes += f" (only visible to {self.name_of(message.ephemeral_to)})"
        lines = [f"{indent}{clock}{self.author(message)}{notes}"]
        lines += [f"{indent}  {line}".rstrip() for line in self.message_text(message).splitlines()]
        if message.reactions:
            lines.append(f"{indent}  " + " ".join(f":{name}: {len(who)}" for name, who in message.reactions.items()))
        return [*lines, ""] if not indent else lines


def _named(file: File) -> str:
    """A text is known by its name, a picture by its title."""
    return f"{file.name}: {file.title}" if file.snippet_type else file.title


def blocks_of(message: Message) -> list[Json]:
    """The blocks a message shows: its own, or those of a stream as far as it has come."""
    stream = message.stream
    if stream is None:
        return message.blocks
    tasks = list(stream.tasks.values())
    blocks: list[Json] = []
    if tasks and stream.mode == "plan":
        blocks.append({"type": "plan", "block_id": "plan", "title": stream.plan_title or "Working", "tasks": tasks})
    else:
        blocks += tasks
    if stream.text:
        blocks.append({"type": "markdown", "block_id": "streamed", "text": stream.text})
    return [*blocks, *stream.extra_blocks, *message.blocks]
