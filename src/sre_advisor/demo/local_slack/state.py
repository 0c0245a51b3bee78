"""The workspace with its people: what they post, press and submit, and what Slack then sends to the app."""

from collections.abc import Awaitable, Callable

from .compose import as_slack_text, rich_text_of
from .nouns import Delivery, Json, Message, SlackError, User, View
from .payloads import (
    VERIFICATION_TOKEN,
    action_json,
    change_event,
    event_envelope,
    interaction,
    message_event,
    message_json,
    view_json,
)
from .workspace import Workspace, blocks_of

Send = Callable[[Delivery], Awaitable[Json | None]]
"""Deliver to the app. Answers the acknowledgement's payload for interactions, None for events or without an ack."""


class SlackState(Workspace):
    """Everything in the local Slack, and the people in it. The server connects `send` to Socket Mode."""

    send: Send | None = None
    new_response_url: Callable[[str, str | None, str, str | None], str] | None = None

    # --- events ---

    async def emit(self, event: Json, subscription: str) -> None:
        """Send an event to the app if it subscribed to it; returns before the app has acknowledged."""
        if subscription in self.config.events and self.send:
            await self.send(Delivery("events_api", event_envelope(self, event)))

    async def announce(self, message: Message) -> None:
        """Send the events of a new message: `app_mention` when a person mentions the bot, and `message`."""
        channel = self.channels[message.channel]
        if self.bot.id not in channel.members or message.ephemeral_to:
            return
        event = message_event(self, message)
        if f"<@{self.bot.id}>" in message.text and not message.bot_id and not channel.is_im:
            await self.emit({**event, "type": "app_mention"}, "app_mention")
        plural = {"im": "im", "group": "groups", "channel": "channels"}[channel.kind]
        await self.emit(event, f"message.{plural}")

    async def announce_change(self, subtype: str, message: Message, previous: Json) -> None:
        """Send `message_changed` or `message_deleted`."""
        channel = self.channels[message.channel]
        plural = {"im": "im", "group": "groups", "channel": "channels"}[channel.kind]
        if self.bot.id in channel.members and not message.ephemeral_to:
            await self.emit(change_event(self, subtype, message, previous), f"message.{plural}")

    # --- what people do ---

    def member(self, user: str | User | None) -> User:
        """The user of an id or name; the on-call person when none is given."""
        if user is None:
            return self.person
        if isinstance(user, User):
            return user
        found = self.users.get(user) or next((u for u in self.users.values() if u.name == user), None)
        if found is None:
            raise SlackError("user_not_found")
        return found

    async def person_posts(
        self, channel: str, user: str | User | None, text: str, thread_ts: str | None = None
    ) -> Message:
        """A person posts `text` in Slack's own format (`<@U…>` mentions)."""
        place, author = self.channel(channel), self.member(user)
        message = Message(
            self.new_ts(), place.id, author.id, text, blocks=rich_text_of(text), thread_ts=thread_ts
        )  # fmt: skip
        self.add(message)
        await self.announce(message)
        return message

    async def person_types(
        self, channel: str, typed: str, user: str | User | None = None, thread_ts: str | None = None
    ) -> Message:
        """A person types as on a keyboard: `@advisor` becomes a mention, `<` stays a `<`."""
        return await self.person_posts(channel, user, as_slack_text(typed, self.users.values()), thread_ts)

    async def app_posts(
        self, channel: str, username: str, text: str, blocks: list[Json] | None = None, thread_ts: str | None = None
    ) -> Message:
        """Another app's integration posts (an alert, for instance): a `bot_message` under its own name."""
        message = Message(
            self.new_ts(), self.channel(channel).id, None, text, blocks=blocks or [], thread_ts=thread_ts,
            bot_id="B0" + username.upper()[:8], username=username, subtype="bot_message",
        )  # fmt: skip
        self.add(message)
        await self.announce(message)
        return message

    async def person_edits(self, message_ts: str, text: str, channel: str | None = None) -> Message:
        """A person edits what they wrote."""
        message = self.find(message_ts, channel)
        previous = message_json(self, message)
        message.text, message.blocks, message.edited_ts = text, rich_text_of(text), self.new_ts()
        self.changed()
        await self.announce_change("message_changed", message, previous)
        return message

    async def person_deletes(self, message_ts: str, channel: str | None = None) -> None:
        """A person deletes what they wrote."""
        message = self.find(message_ts, channel)
        previous = message_json(self, message)
        self.remove(message)
        await self.announce_change("message_deleted", message, previous)

    async def person_reacts(self, message_ts: str, name: str, user: str | User | None = None) -> None:
        """A person adds an emoji reaction."""
        message, author = self.find(message_ts), self.member(user)
        message.reactions.setdefault(name, []).append(author.id)
        await self._reacted("reaction_added", message, name, author)

    async def person_takes_reaction_back(self, message_ts: str, name: str, user: str | User | None = None) -> None:
        """A person removes their emoji reaction; raises `no_reaction` when they had none."""
        message, author = self.find(message_ts), self.member(user)
        if author.id not in message.reactions.get(name, []):
            raise SlackError("no_reaction")
        message.reactions[name].remove(author.id)
        if not message.reactions[name]:
            del message.reactions[name]
        await self._reacted("reaction_removed", message, name, author)

    async def _reacted(self, kind: str, message: Message, name: str, author: User) -> None:
        self.changed()
        item = {"type": "message", "channel": message.channel, "ts": message.ts}
        event: Json = {"type": kind, "user": author.id, "reaction": name, "item": item}
        event.update(item_user=message.user, event_ts=self.new_ts())
        await self.emit(event, kind)

    async def person_clicks(
        self,
        message_ts: str,
        action_id: str,
        *,
        value: str | None = None,
        user: str | User | None = None,
        channel: str | None = None,
        block_id: str | None = None,
        values: Json | None = None,
    ) -> bool:
        """A person presses something on a message; answers whether the app acknowledged."""
        message, author = self.find(message_ts, channel), self.member(user)
        place = self.channels[message.channel]
        action = action_json(self, blocks_of(message), action_id, value=value, block_id=block_id)
        container = {"type": "message", "message_ts": message.ts, "channel_id": place.id}
        container |= {"is_ephemeral": message.ephemeral_to is not None}
        container |= {"thread_ts": message.thread_ts} if message.thread_ts else {}
        payload = interaction(
            self, "block_actions", author, container=container, channel={"id": place.id, "name": place.name},
            message=message_json(self, message), state={"values": values or {}}, actions=[action],
            response_url=self._response_url(place.id, message.thread_ts, author.id, message.ts),
        )  # fmt: skip
        return await self._send("interactive", payload) is not None

    async def person_clicks_in_view(
        self, view_id: str, action_id: str, *, value: str | None = None, user: str | User | None = None
    ) -> bool:
        """A person presses something in a modal or on the Home tab."""
        view = self.view(view_id)
        action = action_json(self, view.content.get("blocks") or [], action_id, value=value)
        payload = interaction(
            self, "block_actions", self.member(user or view.user), view=view_json(self, view), actions=[action],
            container={"type": "view", "view_id": view.id},
        )  # fmt: skip
        return await self._send("interactive", payload) is not None

    def view(self, view_id: str) -> View:
        """An open modal or a Home tab by id; raises `not_found`."""
        found = self.views.get(view_id) or next((v for v in self.homes.values() if v.id == view_id), None)
        if found is None:
            raise SlackError("not_found")
        return found

    async def person_submits_view(self, view_id: str, values: Json) -> Json:
        """A person submits a modal; `values` is block_id -> action_id -> element state. Answers the app's response."""
        view = self.view(view_id)
        view.state = {"values": values}
        payload = interaction(self, "view_submission", self.member(view.user), view=view_json(self, view))
        payload["response_urls"] = []
        answer = await self._send("interactive", payload)
        if answer is None:
            view.errors = {"": "We had some trouble connecting. Try again?"}
            self.changed()
            return {}
        self._after_submission(view, answer)
        self.changed()
        return answer

    def _after_submission(self, view: View, answer: Json) -> None:
        action = answer.get("response_action")
        if action == "errors":
            view.errors = dict(answer.get("errors") or {})
        elif action in {"update", "push"}:
            view.content, view.errors, view.hash = answer["view"], {}, self.new_id("h")
        elif action == "clear":
            self.views.clear()
        else:
            self.views.pop(view.id, None)

    async def person_closes_view(self, view_id: str) -> None:
        """A person dismisses a modal; the app hears of it when the view asked for `notify_on_close`."""
        view = self.view(view_id)
        self.views.pop(view_id, None)
        self.changed()
        if view.content.get("notify_on_close"):
            payload = interaction(self, "view_closed", self.member(view.user), view=view_json(self, view))
            await self._send("interactive", {**payload, "is_cleared": False})

    async def person_uses_message_shortcut(
        self, message_ts: str, callback_id: str, user: str | User | None = None
    ) -> bool:
        """A person picks a message shortcut from a message's menu."""
        message, author = self.find(message_ts), self.member(user)
        place = self.channels[message.channel]
        payload = interaction(
            self, "message_action", author, callback_id=callback_id, message=message_json(self, message),
            message_ts=message.ts, channel={"id": place.id, "name": place.name}, action_ts=self.new_ts(),
            response_url=self._response_url(place.id, message.thread_ts, author.id, None),
        )  # fmt: skip
        return await self._send("interactive", payload) is not None

    async def person_uses_shortcut(self, callback_id: str, user: str | User | None = None) -> bool:
        """A person picks a global shortcut."""
        payload = interaction(self, "shortcut", self.member(user), callback_id=callback_id, action_ts=self.new_ts())
        return await self._send("interactive", payload) is not None

    async def person_commands(self, channel: str, command: str, text: str, user: str | User | None = None) -> bool:
        """A person uses a slash command; an ack with text is shown to them alone."""
        place, author = self.channel(channel), self.member(user)
        payload: Json = {
            "token": VERIFICATION_TOKEN, "team_id": self.team.id, "team_domain": self.team.domain, "command": command,
            "channel_id": place.id, "channel_name": place.name, "user_id": author.id, "user_name": author.name,
            "text": text, "api_app_id": self.bot.app_id, "is_enterprise_install": "false",
            "response_url": self._response_url(place.id, None, author.id, None),
            "trigger_id": self.new_trigger(author.id),
        }  # fmt: skip
        answer = await self._send("slash_commands", payload)
        if answer:
            self.app_responds(place.id, None, author.id, answer)
        return answer is not None

    def app_responds(self, channel: str, thread_ts: str | None, user: str, answer: Json) -> Message:
        """Post what the app answered to a command or at a response URL."""
        hidden = answer.get("response_type", "ephemeral") == "ephemeral"
        message = Message(
            self.new_ts(), channel, self.bot.id, answer.get("text", ""), blocks=answer.get("blocks") or [],
            thread_ts=answer.get("thread_ts", thread_ts), bot_id=self.bot.bot_id, app_id=self.bot.app_id,
            ephemeral_to=user if hidden else None,
        )  # fmt: skip
        return self.add(message)

    async def person_opens_home(self, user: str | User | None = None, tab: str = "home") -> None:
        """A person opens the app's Home or Messages tab."""
        author = self.member(user)
        event: Json = {"type": "app_home_opened", "user": author.id, "channel": self.open_im(author.id).id, "tab": tab}
        event["event_ts"] = self.new_ts()
        if author.id in self.homes and tab == "home":
            event["view"] = view_json(self, self.homes[author.id])
        await self.emit(event, "app_home_opened")

    async def person_stops(self, channel: str, thread_ts: str, user: str | User | None = None) -> None:
        """A person presses the native Stop button: open streams of the thread end, then the app is told."""
        place = self.channel(channel)
        stopped = [m for m in self.thread(place.id, thread_ts) if m.stream and m.stream.open]
        for message in stopped:
            if message.stream:
                message.stream.open, message.stream.stopped_by_user = False, True
        self.changed()
        event: Json = {"type": "agent_session_stopped", "channel": place.id, "thread_ts": thread_ts}
        event.update(user=self.member(user).id, event_ts=self.new_ts(), streaming_message_ts=[m.ts for m in stopped])
        await self.emit(event, "agent_session_stopped")

    def _response_url(self, channel: str, thread_ts: str | None, user: str, message_ts: str | None) -> str:
        return self.new_response_url(channel, thread_ts, user, message_ts) if self.new_response_url else ""

    async def _send(self, kind: str, payload: Json) -> Json | None:
        return await self.send(Delivery(kind, payload, accepts_response=True)) if self.send else None
