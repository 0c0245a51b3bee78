"""Building blocks of Slack messages that keep every text literal and within Slack's limits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from sre_advisor.investigate.visible import inert, visible

Block = dict[str, Any]

SECTION, HEADER, BUTTON_VALUE = 3000, 150, 2000
"""Slack's limits in characters."""


def clip(text: str, limit: int) -> str:
    """The text within `limit` characters; never half of a surrogate pair, nothing hidden in it, never empty."""
    clean = visible(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")) or " "
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"


def literal(text: str, **style: bool) -> Block:
    """A run of text that Slack shows as it is: no mentions, no links, no formatting."""
    run: Block = {"type": "text", "text": clip(text, SECTION)}
    return run | {"style": style} if style else run


def link(url: str, text: str) -> Block:
    """A link that a tool observed on a page of ours; never one from a model's words."""
    return {"type": "link", "url": url, "text": clip(text, 200)}


def rich(*elements: Block) -> Block:
    """A rich text block."""
    return {"type": "rich_text", "elements": list(elements)}


def paragraph(*runs: Block) -> Block:
    """A paragraph of a rich text block."""
    return {"type": "rich_text_section", "elements": list(runs)}


def bullets(items: Sequence[Sequence[Block]]) -> Block:
    """A bulleted list of a rich text block."""
    return {"type": "rich_text_list", "style": "bullet", "elements": [paragraph(*runs) for runs in items]}


def code(text: str) -> Block:
    """A copyable block of code."""
    return {"type": "rich_text_preformatted", "elements": [literal(text)]}


def plain_section(text: str) -> Block:
    """A section of literal text."""
    return {"type": "section", "text": {"type": "plain_text", "text": clip(inert(text), SECTION), "emoji": False}}


def context(text: str) -> Block:
    """Small print, literal."""
    return {"type": "context", "elements": [{"type": "plain_text", "text": clip(inert(text), 2000), "emoji": False}]}


def fold(title: str, children: Iterable[Block]) -> Block:
    """A container that is folded until somebody opens it; at most ten children."""
    return {
        "type": "container",
        "title": {"type": "plain_text", "text": clip(inert(title), 150)},
        "is_collapsible": True,
        "default_collapsed": True,
        "child_blocks": list(children)[:10],
    }


def button(text: str, action: str, value: str, style: str | None = None) -> Block:
    """A button; `value` comes back when it is pressed."""
    made: Block = {
        "type": "button",
        "text": {"type": "plain_text", "text": clip(text, 75)},
        "action_id": action,
        "value": clip(value, BUTTON_VALUE),
    }
    return made | {"style": style} if style else made


def actions(*buttons: Block) -> Block:
    """A row of buttons."""
    return {"type": "actions", "elements": list(buttons)}


def escape(text: str) -> str:
    """The text with the three characters escaped that Slack's mrkdwn gives a meaning."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


COUNTED = ("text", "url", "fallback", "title")
"""Keys whose strings count for Slack."""
SEEN = ("text", "fallback")
"""Keys whose strings a person reads."""


def measure(block: object) -> int:
    """Characters of text in a block, which Slack counts against a message's limit."""
    return _count(block, COUNTED)


def seen(block: object) -> int:
    """Characters that a person reads in a block."""
    return _count(block, SEEN)


def _count(block: object, keys: tuple[str, ...]) -> int:
    if isinstance(block, dict):
        held = cast("dict[str, object]", block)
        return sum(len(v) if k in keys and isinstance(v, str) else _count(v, keys) for k, v in held.items())
    if isinstance(block, list):
        return sum(_count(v, keys) for v in cast("list[object]", block))
    return 0
