"""The JSON Slack sends: messages, users, channels, events and interactions. Pure functions of the workspace."""

from collections.abc import Iterator
from typing import Any

from .nouns import Channel, File, Json, Message, SlackError, User, View
from .workspace import Workspace, blocks_of

PREVIEW_LINES = 12
VERIFICATION_TOKEN = "local-verification"


def message_json(state: Workspace, message: Message, *, metadata: bool = False) -> Json:
    """A message as `conversations.replies` and events carry it."""
    body: Json = {"type": "message", "ts": message.ts, "text": message.text, "team": state.team.id}
    optional: Json = {
        "user": message.user, "bot_id": message.bot_id, "app_id": message.app_id, "username": message.username,
        "subtype": message.subtype, "thread_ts": message.thread_ts, "blocks": blocks_of(message) or None,
        "attachments": message.attachments or None,
        "files": [file_json(state, state.files[f]) for f in message.files] or None,
        "metadata": message.metadata if metadata else None,
        "edited": {"user": message.user, "ts": message.edited_ts} if message.edited_ts else None,
        "reactions": [{"name": n, "users": u, "count": len(u)} for n, u in message.reactions.items()] or None,
    }  # fmt: skip
    body.update({key: value for key, value in optional.items() if value is not None})
    if message.bot_id == state.bot.bot_id:
        body["bot_profile"] = {"id": message.bot_id, "app_id": message.app_id, "name": state.bot.real_name}
    if message.is_reply:
        root = state.messages[message.channel].get(message.thread_ts or "")
        body["parent_user_id"] = root.user if root else None
    replies = [m for m in state.thread(message.channel, message.ts) if m.ts != message.ts and not m.ephemeral_to]
    if replies and not message.is_reply:
        body["thread_ts"] = message.ts
        body["reply_count"] = len(replies)
        body["reply_users"] = sorted({m.user or m.bot_id or "" for m in replies})
        body["latest_reply"] = replies[-1].ts
    return body


def user_json(state: Workspace, user: User) -> Json:
    """A user as `users.info` answers."""
    profile = {"real_name": user.real_name, "display_name": user.name, "bot_id": user.bot_id}
    return {
        "id": user.id, "team_id": user.home_team or state.team.id, "name": user.name,
        "real_name": user.real_name, "deleted": False,
        "is_bot": user.is_bot, "is_restricted": user.is_guest, "is_ultra_restricted": False,
        "is_stranger": user.home_team is not None, "tz": "UTC", "profile": profile,
    }  # fmt: skip


def channel_json(state: Workspace, channel: Channel) -> Json:
    """A conversation as `conversations.info` answers; `is_member` is the bot's membership."""
    return {
        "id": channel.id, "name": channel.name, "is_channel": channel.kind == "channel", "is_im": channel.is_im,
        "is_group": channel.is_private, "is_private": channel.is_private or channel.is_im,
        "is_archived": channel.is_archived, "is_member": state.bot.id in channel.members,
        "is_ext_shared": channel.is_ext_shared, "topic": {"value": channel.topic}, "num_members": len(channel.members),
    }  # fmt: skip


def file_json(_state: Workspace, file: File) -> Json:
    """A file object; its URLs are relative to the server (`/files/...`)."""
    return {
        "id": file.id, "name": file.name, "title": file.title, "mimetype": file.mimetype, "size": file.size,
        "user": file.user, "url_private": f"/files/{file.id}", "channels": file.shared_in, "alt_txt": file.alt_txt,
        "filetype": file.snippet_type or file.name.rpartition(".")[2],
        **_snippet(file),
    }  # fmt: skip


def _snippet(file: File) -> Json:
    """The first lines of a text, which Slack shows in place."""
    if file.snippet_type is None or file.data is None:
        return {}
    lines = file.data.decode("utf-8", "replace").splitlines()
    return {
        "mode": "snippet", "lines": len(lines), "preview": "\n".join(lines[:PREVIEW_LINES]),
        "preview_is_truncated": len(lines) > PREVIEW_LINES,
    }  # fmt: skip


def view_json(state: Workspace, view: View) -> Json:
    """A view object as the API answers and interactions carry it."""
    defaults: Json = {"private_metadata": "", "callback_id": "", "external_id": ""}
    return {
        **defaults, **view.content, "id": view.id, "team_id": state.team.id, "app_id": state.bot.app_id,
        "bot_id": state.bot.bot_id, "hash": view.hash, "root_view_id": view.id, "state": view.state or {"values": {}},
    }  # fmt: skip


def event_envelope(state: Workspace, event: Json) -> Json:
    """An `event_callback` around one event; every call makes a new `event_id`."""
    place = state.channels.get(str(event.get("channel")))
    return {
        "token": VERIFICATION_TOKEN, "team_id": state.team.id, "api_app_id": state.bot.app_id, "event": event,
        "type": "event_callback", "event_id": state.new_id("Ev"), "event_time": int(state.clock()),
        "authorizations": [
            {"enterprise_id": None, "team_id": state.team.id, "user_id": state.bot.id, "is_bot": True,
             "is_enterprise_install": False}
        ],
        "is_ext_shared_channel": bool(place and place.is_ext_shared),
    }  # fmt: skip


def message_event(state: Workspace, message: Message) -> Json:
    """The `message` event of a new message."""
    channel = state.channels[message.channel]
    event = message_json(state, message, metadata=True)
    event.update(channel=channel.id, event_ts=message.ts, channel_type=channel.kind)
    author = state.users.get(message.user or "")
    if author and author.home_team:  # Slack Connect: the event names the workspace its writer belongs to
        event["user_team"] = author.home_team
    return event


def change_event(state: Workspace, subtype: str, message: Message, previous: Json) -> Json:
    """The `message_changed` or `message_deleted` event."""
    channel = state.channels[message.channel]
    event: Json = {
        "type": "message", "subtype": subtype, "hidden": True, "channel": channel.id, "channel_type": channel.kind,
        "ts": state.new_ts(), "previous_message": previous,
    }  # fmt: skip
    event["event_ts"] = event["ts"]
    if subtype == "message_deleted":
        event["deleted_ts"] = message.ts
    else:
        event["message"] = message_json(state, message)
    return event


def interaction(state: Workspace, kind: str, user: User, /, **fields: Any) -> Json:
    """What all interactive payloads share, and `fields`."""
    return {
        "type": kind, "token": VERIFICATION_TOKEN, "api_app_id": state.bot.app_id,
        "team": {"id": state.team.id, "domain": state.team.domain}, "enterprise": None, "is_enterprise_install": False,
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": state.team.id},
        "trigger_id": state.new_trigger(user.id), **fields,
    }  # fmt: skip


def interactive_elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every (block, element) that has an `action_id`, inside containers too."""
    for block in blocks:
        candidates = [*(block.get("elements") or []), block.get("accessory"), block.get("element")]
        yield from ((block, item) for item in candidates if isinstance(item, dict) and item.get("action_id"))
        yield from interactive_elements(block.get("child_blocks") or [])


def action_json(
    state: Workspace, blocks: list[Json], action_id: str, *, value: str | None = None, block_id: str | None = None
) -> Json:
    """The `actions[0]` of pressing an element.

    `value` picks an option, or the side of feedback buttons; raises `SlackError("no_such_action")` when nothing on
    the message has that `action_id`.
    """
    for block, element in interactive_elements(blocks):
        if element["action_id"] == action_id and block_id in (None, block.get("block_id")):
            action: Json = {
                "type": element["type"], "action_id": action_id, "block_id": block.get("block_id", ""),
                "action_ts": state.new_ts(),
            }  # fmt: skip
            return {**action, **_pressed(element, value)}
    raise SlackError("no_such_action", [f"nothing here has the action_id {action_id}"])


def _pressed(element: Json, value: str | None) -> Json:
    kind = element["type"]
    if kind == "feedback_buttons":
        sides = [element["positive_button"], element["negative_button"]]
        chosen = next((side for side in sides if value in (None, side["value"])), sides[0])
        return {"text": chosen["text"], "value": chosen["value"]}
    if "options" in element:
        options = element["options"]
        return {"selected_option": next((o for o in options if o["value"] == value), options[0])}
    if kind == "plain_text_input":
        return {"value": value}
    return {key: element[key] for key in ("text", "value", "style", "url") if key in element}
