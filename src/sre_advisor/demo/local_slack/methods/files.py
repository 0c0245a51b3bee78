"""files.*: the three steps of an upload, and looking at a file."""

import mimetypes

from sre_advisor.demo.local_slack.nouns import File, Json, Message, SlackError
from sre_advisor.demo.local_slack.payloads import file_json

from .call import Call, Method

MAX_ALT = 1_000


async def get_upload_url(call: Call) -> Json:
    """Step one: announce a file, get an address for its bytes."""
    name = call.text("filename")
    mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
    file_id = call.state.new_id("F0")
    size = call.number("length", 0)
    if size <= 0:
        raise SlackError("invalid_arguments", ["length must be more than 0"])
    call.state.files[file_id] = File(
        file_id, name, name, size, mimetype, call.state.bot.id, alt_txt=_alt(call),
        snippet_type=call.optional("snippet_type"),
    )  # fmt: skip
    return {"upload_url": f"{call.url}/upload/{file_id}", "file_id": file_id}


def _alt(call: Call) -> str | None:
    alt = call.optional("alt_txt")
    if alt is not None and len(alt) > MAX_ALT:
        raise SlackError("alt_txt_too_large")
    return alt


async def complete_upload(call: Call) -> Json:
    """Step three: the files appear, in a channel or thread if one is named."""
    uploaded: list[File] = []
    for item in call.items("files"):
        file = call.state.files.get(str(item.get("id")))
        if file is None or file.data is None:
            raise SlackError("file_not_found")
        file.title = str(item.get("title") or file.name)
        uploaded.append(file)
    if not uploaded:
        raise SlackError("invalid_arguments", ["missing required field: files"])
    if call.optional("channel_id"):
        await _share(call, uploaded)
    return {"files": [file_json(call.state, file) for file in uploaded]}


async def _share(call: Call, files: list[File]) -> None:
    channel, bot = call.own_channel("channel_id"), call.state.bot
    message = Message(
        call.state.new_ts(), channel.id, bot.id, call.text("initial_comment", ""), thread_ts=call.root(channel),
        bot_id=bot.bot_id, app_id=bot.app_id, files=[file.id for file in files],
    )  # fmt: skip
    for file in files:
        file.shared_in.append(channel.id)
    call.state.add(message)
    await call.state.announce(message)


async def info(call: Call) -> Json:
    """One file."""
    file = call.state.files.get(call.text("file"))
    if file is None:
        raise SlackError("file_not_found")
    return {"file": file_json(call.state, file)}


METHODS = {
    "files.getUploadURLExternal": Method(get_upload_url, ("files:write",), tier=4),
    "files.completeUploadExternal": Method(complete_upload, ("files:write",), tier=4),
    "files.info": Method(info, ("files:read",), tier=4),
}
