"""views.*, assistant.threads.* and agents.sessions.*: modals, the Home tab, status lines and suggestions."""

from typing import Any

from sre_advisor.demo.local_slack.nouns import Json, SlackError, View
from sre_advisor.demo.local_slack.payloads import view_json
from sre_advisor.demo.local_slack.validate import check_view

from .call import Call, Method

MAX_PROMPTS = 4
MAX_SESSION_TITLE = 200
SESSION_STATUSES = {"active", "processing", "suspended", "closed"}


def _checked(call: Call, kind: str) -> Json:
    view: Any = call.args.get("view")
    check_view(view)
    if view["type"] != kind:
        raise SlackError("invalid_arguments", [f"view.type must be {kind}"])
    for index, block in enumerate(view["blocks"]):
        block.setdefault("block_id", f"v{call.state.version}-{index}")
    return view


async def open_view(call: Call) -> Json:
    """Show a modal to the person whose action gave the trigger."""
    content = _checked(call, "modal")
    user = call.state.use_trigger(call.text("trigger_id"))
    view = View(call.state.new_id("V0"), user, content, call.state.new_id("h"), "modal")
    call.state.views[view.id] = view
    call.state.changed()
    return {"view": view_json(call.state, view)}


async def update_view(call: Call) -> Json:
    """Replace what an open modal shows."""
    content = _checked(call, "modal")
    external = call.optional("external_id")
    wanted = call.optional("view_id")
    views = call.state.views.values()
    view = next((v for v in views if v.id == wanted or (external and v.content.get("external_id") == external)), None)
    if view is None:
        raise SlackError("not_found")
    if call.optional("hash") not in (None, view.hash):
        raise SlackError("hash_conflict")
    view.content, view.errors, view.hash = content, {}, call.state.new_id("h")
    call.state.changed()
    return {"view": view_json(call.state, view)}


async def publish_view(call: Call) -> Json:
    """Set a person's Home tab."""
    content = _checked(call, "home")
    user = call.text("user_id")
    if user not in call.state.users:
        raise SlackError("user_not_found")
    known = call.state.homes.get(user)
    if known and call.optional("hash") not in (None, known.hash):
        raise SlackError("hash_conflict")
    view = View(known.id if known else call.state.new_id("V0"), user, content, call.state.new_id("h"), "home")
    call.state.homes[user] = view
    call.state.changed()
    return {"view": view_json(call.state, view)}


async def set_status(call: Call) -> Json:
    """The line below a thread ("is thinking…"); an empty one takes it away."""
    channel = call.own_channel("channel_id")
    root = call.root(channel)
    session = call.state.session(channel.id, root or call.text("thread_ts"))
    session.status_text, session.since = call.text("status", ""), call.state.clock()
    session.loading_messages = [str(item) for item in call.items("loading_messages")]
    call.state.changed()
    return {}


async def set_prompts(call: Call) -> Json:
    """Suggestions to click, in a thread or above the composer of the direct messages."""
    channel = call.own_channel("channel_id")
    prompts = call.items("prompts")
    if not 1 <= len(prompts) <= MAX_PROMPTS or not all(p.get("title") and p.get("message") for p in prompts):
        raise SlackError("invalid_arguments", [f"prompts needs 1 to {MAX_PROMPTS} items with title and message"])
    call.state.session(channel.id, call.text("thread_ts", "")).prompts = prompts
    call.state.changed()
    return {}


async def set_title(call: Call) -> Json:
    """The title of a thread in the app's history."""
    channel = call.own_channel("channel_id")
    call.state.session(channel.id, call.text("thread_ts")).title = call.text("title")
    call.state.changed()
    return {}


async def set_session_status(call: Call) -> Json:
    """The state of an agent session; `processing` shows the native Stop button."""
    channel = call.own_channel("channel_id")
    status = call.text("status")
    if status not in SESSION_STATUSES:
        raise SlackError("invalid_arguments", [f"status must be one of {', '.join(sorted(SESSION_STATUSES))}"])
    title = call.optional("title")
    if title and len(title) > MAX_SESSION_TITLE:
        raise SlackError("invalid_arguments", [f"title must be less than {MAX_SESSION_TITLE + 1} characters"])
    session = call.state.session(channel.id, call.root(channel) or call.text("thread_ts"))
    session.agent_status, session.title = status, title or session.title
    call.state.changed()
    return {}


_ASSISTANT = ("assistant:write", "chat:write")

METHODS = {
    "views.open": Method(open_view, tier=4),
    "views.update": Method(update_view, tier=4),
    "views.publish": Method(publish_view, tier=4),
    "assistant.threads.setStatus": Method(set_status, _ASSISTANT, tier=3),
    "assistant.threads.setSuggestedPrompts": Method(set_prompts, ("assistant:write",), tier=3),
    "assistant.threads.setTitle": Method(set_title, ("assistant:write",), tier=3),
    "agents.sessions.setStatus": Method(set_session_status, ("chat:write",), tier=3),
}
