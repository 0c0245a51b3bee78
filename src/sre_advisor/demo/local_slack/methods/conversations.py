"""conversations.* and reactions.*: reading channels and threads, and reacting."""

from sre_advisor.demo.local_slack.nouns import Channel, Json, Message, SlackError
from sre_advisor.demo.local_slack.payloads import channel_json, message_json

from .call import Call, Method

HISTORY = {"channel": "channels:history", "group": "groups:history", "im": "im:history"}


def _readable(call: Call) -> Channel:
    """A channel whose history the bot may read: a member, with the scope of that kind of channel."""
    channel = call.own_channel()
    scope = HISTORY[channel.kind]
    if scope not in call.state.config.scopes:
        raise SlackError("missing_scope", needed=scope, provided=",".join(sorted(call.state.config.scopes)))
    return channel


def _page(call: Call, messages: list[Message]) -> Json:
    """The asked-for page of messages, which come in the order they are answered in."""
    oldest, latest = float(call.text("oldest", "0")), float(call.text("latest", "inf"))
    inclusive = call.flag("inclusive")
    chosen = [
        m for m in messages if oldest < float(m.ts) < latest or (inclusive and float(m.ts) in (oldest, latest))
    ]  # fmt: skip
    start, limit = call.number("cursor", 0), call.number("limit", 100)
    rest = chosen[start + limit :]
    metadata = call.flag("include_all_metadata")
    shown = [message_json(call.state, m, metadata=metadata) for m in chosen[start : start + limit]]
    cursor = str(start + limit) if rest else ""
    return {"messages": shown, "has_more": bool(rest), "response_metadata": {"next_cursor": cursor}}


async def history(call: Call) -> Json:
    """Messages of a channel, newest first, without thread replies."""
    channel = _readable(call)
    visible = [
        m for m in call.state.in_channel(channel.id)
        if not m.ephemeral_to and (not m.is_reply or m.subtype == "thread_broadcast")
    ]  # fmt: skip
    return _page(call, list(reversed(visible)))


async def replies(call: Call) -> Json:
    """A thread, oldest first, its root included."""
    channel = _readable(call)
    ts = call.text("ts")
    root = call.state.messages.get(channel.id, {}).get(ts)
    if root is None:
        raise SlackError("thread_not_found")
    return _page(call, [m for m in call.state.thread(channel.id, root.thread_ts or ts) if not m.ephemeral_to])


async def info(call: Call) -> Json:
    """One conversation; private ones the bot is not in do not exist for it."""
    channel = call.channel()
    if channel.kind != "channel" and call.state.bot.id not in channel.members:
        raise SlackError("channel_not_found")
    return {"channel": channel_json(call.state, channel)}


async def listing(call: Call) -> Json:
    """The conversations the bot can see."""
    named = {"public_channel": "channel", "private_channel": "group", "im": "im"}
    kinds = {named.get(kind.strip()) for kind in call.text("types", "public_channel").split(",")}
    everything = [c for c in call.state.channels.values() if c.kind in kinds]
    visible = [c for c in everything if c.kind == "channel" or call.state.bot.id in c.members]
    channels = [channel_json(call.state, channel) for channel in visible]
    return {"channels": channels, "response_metadata": {"next_cursor": ""}}


async def members(call: Call) -> Json:
    """Who is in a conversation."""
    return {"members": sorted(call.channel().members), "response_metadata": {"next_cursor": ""}}


async def open_conversation(call: Call) -> Json:
    """The direct messages with a person."""
    return {"channel": channel_json(call.state, call.state.open_im(call.text("users")))}


async def react(call: Call) -> Json:
    """Add an emoji to a message."""
    message = call.state.find(call.text("timestamp"), call.own_channel().id)
    who = message.reactions.setdefault(call.text("name"), [])
    if call.state.bot.id in who:
        raise SlackError("already_reacted")
    who.append(call.state.bot.id)
    call.state.changed()
    return {}


async def unreact(call: Call) -> Json:
    """Take the bot's emoji off a message."""
    message = call.state.find(call.text("timestamp"), call.own_channel().id)
    name = call.text("name")
    if call.state.bot.id not in message.reactions.get(name, []):
        raise SlackError("no_reaction")
    message.reactions[name].remove(call.state.bot.id)
    if not message.reactions[name]:
        del message.reactions[name]
    call.state.changed()
    return {}


_READ = ("channels:read", "groups:read", "im:read", "mpim:read")
_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")

METHODS = {
    "conversations.history": Method(history, _HISTORY, tier=3),
    "conversations.replies": Method(replies, _HISTORY, tier=3),
    "conversations.info": Method(info, _READ, tier=3),
    "conversations.list": Method(listing, _READ, tier=2),
    "conversations.members": Method(members, _READ, tier=4),
    "conversations.open": Method(open_conversation, ("im:write",), tier=3),
    "reactions.add": Method(react, ("reactions:write",), tier=3),
    "reactions.remove": Method(unreact, ("reactions:write",), tier=2),
}
