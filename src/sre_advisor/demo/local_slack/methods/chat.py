"""chat.*: post, update, delete, and messages only one person sees."""

from sre_advisor.demo.local_slack.nouns import Json, Message, SlackError
from sre_advisor.demo.local_slack.payloads import message_json
from sre_advisor.demo.local_slack.validate import MAX_MARKDOWN, MAX_TEXT, check_message_blocks

from .call import Call, Method

MAX_ATTACHMENTS = 100


def _content(call: Call) -> tuple[str, list[Json], list[Json]]:
    """Text, blocks and attachments, checked; `markdown_text` becomes a markdown block."""
    blocks, attachments, text = call.items("blocks"), call.items("attachments"), call.text("text", "")
    markdown = call.optional("markdown_text")
    if markdown is not None:
        if blocks or text:
            raise SlackError("markdown_text_conflict")
        if len(markdown) > MAX_MARKDOWN:
            raise SlackError("msg_too_long")
        blocks, text = [{"type": "markdown", "text": markdown}], markdown
    if not (text or blocks or attachments):
        raise SlackError("no_text")
    if len(attachments) > MAX_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    if blocks:
        check_message_blocks(blocks)
    return text, blocks, attachments


def _metadata(call: Call) -> Json | None:
    metadata = call.args.get("metadata")
    if metadata in (None, ""):
        return None
    if not isinstance(metadata, dict) or "event_type" not in metadata or "event_payload" not in metadata:
        raise SlackError("invalid_metadata_format")
    return metadata


async def post_message(call: Call) -> Json:
    """Post to a channel or thread; text above 40,000 characters is cut off."""
    channel = call.own_channel()
    text, blocks, attachments = _content(call)
    bot = call.state.bot
    message = Message(
        call.state.new_ts(), channel.id, bot.id, text[:MAX_TEXT], blocks=blocks, attachments=attachments,
        thread_ts=call.root(channel), bot_id=bot.bot_id, app_id=bot.app_id, metadata=_metadata(call),
        subtype="thread_broadcast" if call.flag("reply_broadcast") else None,
        unfurl_links=call.args.get("unfurl_links"),
    )  # fmt: skip
    call.state.add(message)
    await call.state.announce(message)
    return {"channel": channel.id, "ts": message.ts, "message": message_json(call.state, message, metadata=True)}


async def update(call: Call) -> Json:
    """Change a message of the bot's own; attachments not given stay, text alone removes the blocks."""
    channel = call.own_channel()
    message = call.own_message(channel, "cant_update_message")
    if len(call.text("text", "")) > MAX_TEXT:
        raise SlackError("msg_too_long")
    text, blocks, attachments = _content(call)
    if message.stream and _streaming(call, message):
        raise SlackError("streaming_state_conflict")
    previous = message_json(call.state, message)
    for index, block in enumerate(blocks):
        block.setdefault("block_id", f"u{call.state.version}{index}")
    message.text, message.blocks, message.stream = text, blocks, None
    if "attachments" in call.args:
        message.attachments = attachments
    message.metadata = _metadata(call) or message.metadata
    message.edited_ts = call.state.new_ts()
    call.state.changed()
    await call.state.announce_change("message_changed", message, previous)
    return {
        "channel": channel.id, "ts": message.ts, "text": message.text, "message": message_json(call.state, message)
    }  # fmt: skip


def _streaming(call: Call, message: Message) -> bool:
    from .streams import is_open

    return message.stream is not None and is_open(call.state, message.stream)


async def post_ephemeral(call: Call) -> Json:
    """Post what one person alone sees, and nobody after a reload of the real Slack."""
    channel = call.own_channel()
    person = call.text("user")
    if person not in channel.members:
        raise SlackError("user_not_in_channel")
    text, blocks, attachments = _content(call)
    if len(text) > MAX_TEXT:
        raise SlackError("msg_too_long")
    bot = call.state.bot
    message = Message(
        call.state.new_ts(), channel.id, bot.id, text, blocks=blocks, attachments=attachments,
        thread_ts=call.root(channel), bot_id=bot.bot_id, app_id=bot.app_id, ephemeral_to=person,
    )  # fmt: skip
    call.state.add(message)
    return {"message_ts": message.ts}


async def delete(call: Call) -> Json:
    """Delete a message of the bot's own."""
    channel = call.own_channel()
    message = call.own_message(channel, "cant_delete_message")
    previous = message_json(call.state, message)
    call.state.remove(message)
    await call.state.announce_change("message_deleted", message, previous)
    return {"channel": channel.id, "ts": message.ts}


async def get_permalink(call: Call) -> Json:
    """A link to a message, on the page of the local Slack."""
    channel = call.channel()
    message = call.state.find(call.text("message_ts"), channel.id)
    return {"channel": channel.id, "permalink": f"{call.url}/#{channel.id}/{message.ts}"}


METHODS = {
    "chat.postMessage": Method(post_message, ("chat:write",), tier=3),
    "chat.update": Method(update, ("chat:write",), tier=3),
    "chat.postEphemeral": Method(post_ephemeral, ("chat:write",), tier=4),
    "chat.delete": Method(delete, ("chat:write",), tier=3),
    "chat.getPermalink": Method(get_permalink, tier=4),
}
