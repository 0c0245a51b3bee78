"""What a person types, turned into what Slack sends: escaped text with mentions and links, and its rich text."""

import re
from collections.abc import Iterable

from .nouns import Json, User

_TOKEN = re.compile(r"<(@|#|!)?([^<>|]+)(?:\|([^<>]*))?>")
_TYPED_LINK = re.compile(r"https?://[^\s<>|]+")
_TYPED_MENTION = re.compile(r"(?<![\w@])@([A-Za-z0-9][\w.-]*)")


def escape(text: str) -> str:
    """Escape the three characters Slack's text format gives a meaning."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Undo `escape`."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def as_slack_text(typed: str, users: Iterable[User]) -> str:
    """The wire text of what was typed: `@name` of a known user becomes a mention, links are bracketed."""
    by_name = {user.name.lower(): user.id for user in users}

    def mention(match: re.Match[str]) -> str:
        name = match[1].lower()
        trimmed = name.rstrip(".-")
        user_id = by_name.get(name) or by_name.get(trimmed)
        if user_id is None:
            return match[0]
        tail = "" if name in by_name else match[1][len(trimmed) :]
        return f"<@{user_id}>{tail}"

    text = _TYPED_LINK.sub(lambda match: f"<{match[0]}>", escape(typed))
    parts = re.split(r"(<[^<>]*>)", text)
    return "".join(part if part.startswith("<") else _TYPED_MENTION.sub(mention, part) for part in parts)


def rich_text_of(text: str) -> list[Json]:
    """The `blocks` Slack adds to a person's message: one rich text section of text, mentions and links."""
    elements: list[Json] = []
    position = 0
    for match in _TOKEN.finditer(text):
        if match.start() > position:
            elements.append({"type": "text", "text": unescape(text[position : match.start()])})
        elements.append(_element(match))
        position = match.end()
    if position < len(text):
        elements.append({"type": "text", "text": unescape(text[position:])})
    if not elements:
        return []
    return [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}]


def _element(match: re.Match[str]) -> Json:
    sigil, body, label = match[1], match[2], match[3]
    if sigil == "@":
        return {"type": "user", "user_id": body}
    if sigil == "#":
        return {"type": "channel", "channel_id": body}
    if sigil == "!":
        return {"type": "broadcast", "range": body}
    return {"type": "link", "url": unescape(body), **({"text": unescape(label)} if label else {})}
