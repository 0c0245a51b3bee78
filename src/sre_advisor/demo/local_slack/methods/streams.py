"""chat.startStream, appendStream, stopStream: messages that grow, and stop growing after five minutes."""

from sre_advisor.demo.local_slack.nouns import Channel, Json, Message, SlackError, Stream
from sre_advisor.demo.local_slack.payloads import message_json
from sre_advisor.demo.local_slack.validate import MAX_MARKDOWN, check_message_blocks
from sre_advisor.demo.local_slack.workspace import STREAM_LIFETIME_S, Workspace

from .call import Call, Method


def is_open(state: Workspace, stream: Stream) -> bool:
    """Whether it still takes text: neither stopped nor older than five minutes."""
    return stream.open and state.clock() - stream.started_at <= STREAM_LIFETIME_S


async def start(call: Call) -> Json:
    """Begin a streamed reply; in channels the recipient must be named."""
    channel = call.own_channel()
    if call.optional("thread_ts") is None:
        raise SlackError("invalid_arguments", ["missing required field: thread_ts"])
    recipient = call.optional("recipient_user_id")
    if not channel.is_im and recipient is None:
        raise SlackError("missing_recipient_user_id")
    if not channel.is_im and call.optional("recipient_team_id") is None:
        raise SlackError("missing_recipient_team_id")
    root, bot = call.root(channel), call.state.bot
    stream = Stream(call.state.clock(), call.text("task_display_mode", "timeline"), recipient)
    message = Message(
        call.state.new_ts(), channel.id, bot.id, thread_ts=root, bot_id=bot.bot_id, app_id=bot.app_id, stream=stream
    )  # fmt: skip
    _feed(call, stream)
    message.text = stream.text
    call.state.add(message)
    await call.state.announce(message)
    return {"channel": channel.id, "ts": message.ts}


async def append(call: Call) -> Json:
    """Add text, task updates or blocks to an open stream."""
    channel = call.own_channel()
    message, stream = _open_stream(call, channel)
    if not (call.optional("markdown_text") or call.items("chunks")):
        raise SlackError("no_text")
    _feed(call, stream)
    message.text = stream.text
    call.state.changed()
    return {"channel": channel.id, "ts": message.ts}


async def stop(call: Call) -> Json:
    """Finish a stream, with blocks below what was streamed."""
    channel = call.own_channel()
    message, stream = _open_stream(call, channel)
    blocks = call.items("blocks")
    if blocks:
        check_message_blocks(blocks)
    _feed(call, stream)
    message.blocks, message.text, stream.open = blocks, stream.text, False
    if isinstance(call.args.get("metadata"), dict):
        message.metadata = call.args["metadata"]
    status = call.optional("session_status")
    if status and message.thread_ts:
        call.state.session(channel.id, message.thread_ts).agent_status = status
    call.state.changed()
    return {"channel": channel.id, "ts": message.ts, "message": message_json(call.state, message)}


def _open_stream(call: Call, channel: Channel) -> tuple[Message, Stream]:
    message = call.own_message(channel, "message_not_owned_by_app")
    if message.stream and message.stream.stopped_by_user:
        raise SlackError("stopped_by_user")
    if message.stream is None or not is_open(call.state, message.stream):
        raise SlackError("message_not_in_streaming_state")
    return message, message.stream


def _feed(call: Call, stream: Stream) -> None:
    markdown = call.text("markdown_text", "")
    if len(markdown) > MAX_MARKDOWN:
        raise SlackError("msg_too_long")
    chunks = call.items("chunks")
    shapes = {name for name, given in (("text", markdown), ("chunks", chunks)) if given}
    if len(shapes | ({stream.shape} - {""})) > 1:
        raise SlackError("streaming_mode_mismatch")
    for chunk in chunks:  # all are checked before any is taken: a refused call changes nothing
        _check(chunk)
    stream.shape = stream.shape or "".join(shapes)
    stream.text += markdown
    for chunk in chunks:
        _take(chunk, stream)


def _check(chunk: Json) -> None:
    kind = chunk.get("type")
    if kind == "blocks":
        check_message_blocks(chunk.get("blocks"))
    elif kind == "markdown_text":
        if len(str(chunk.get("text", ""))) > MAX_MARKDOWN:
            raise SlackError("msg_too_long")
    elif kind == "task_update":
        if chunk.get("status") not in {"pending", "in_progress", "complete", "error"} or not chunk.get("id"):
            raise SlackError("invalid_chunks", ["task_update needs id, title and a valid status"])
    elif kind != "plan_update":
        raise SlackError("invalid_chunks", [f"unsupported chunk type: {kind}"])


def _take(chunk: Json, stream: Stream) -> None:
    kind = chunk["type"]
    if kind == "markdown_text":
        stream.text += str(chunk.get("text", ""))
    elif kind == "plan_update":
        stream.plan_title = str(chunk.get("title", ""))
    elif kind == "blocks":
        stream.extra_blocks.extend(chunk["blocks"])
    else:
        known = stream.tasks.setdefault(chunk["id"], {"type": "task_card", "task_id": chunk["id"]})
        known.update({key: chunk[key] for key in ("title", "status", "details", "output", "sources") if key in chunk})


METHODS = {
    "chat.startStream": Method(start, ("chat:write",), tier=2),
    "chat.appendStream": Method(append, ("chat:write",), tier=4),
    "chat.stopStream": Method(stop, ("chat:write",), tier=2),
}
