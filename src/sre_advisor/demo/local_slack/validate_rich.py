"""Slack's rules for rich text, and for what plans and tasks hold of it; pure."""

from collections.abc import Callable
from typing import Any

from .nouns import Json

Complain = Callable[[str], None]
PARTS = {"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"}
STYLES = {"bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"}
NEEDED = {
    "text": "text", "link": "url", "user": "user_id", "usergroup": "usergroup_id", "channel": "channel_id",
    "emoji": "name", "broadcast": "range", "date": "timestamp", "color": "value", "team": "team_id",
}  # fmt: skip
"""The elements of a section, and what each cannot be without."""
LITERAL = {"text", "link"}
"""The elements that preformatted text may hold."""


def rich_text(block: Json, where: str, complain: Complain) -> None:
    """A `rich_text` block."""
    parts = _list(block.get("elements"), f"{where}/elements", complain)
    for index, part in enumerate(parts):
        _part(part, f"{where}/elements/{index}", complain)


def inside(block: Any, where: str, complain: Complain) -> None:
    """A `rich_text` entity in a field of another block; None is fine."""
    if block is None:
        return
    if not isinstance(block, dict) or block.get("type") != "rich_text":
        complain(f"must be a rich_text object [json-pointer:{where}]")
        return
    rich_text(block, where, complain)


def _part(part: Any, where: str, complain: Complain) -> None:
    kind = part.get("type") if isinstance(part, dict) else None
    if kind not in PARTS:
        complain(f"unsupported type: {kind} [json-pointer:{where}/type]")
        return
    items = _list(part.get("elements"), f"{where}/elements", complain)
    if kind == "rich_text_list":
        if part.get("style") not in {"bullet", "ordered"}:
            complain(f"style must be bullet or ordered [json-pointer:{where}/style]")
        for index, item in enumerate(items):
            if item.get("type") != "rich_text_section":
                complain(f"unsupported type: {item.get('type')} [json-pointer:{where}/elements/{index}/type]")
            else:
                _part(item, f"{where}/elements/{index}", complain)
        return
    for index, item in enumerate(items):
        _leaf(item, f"{where}/elements/{index}", complain, literal=kind == "rich_text_preformatted")


def _leaf(item: Any, where: str, complain: Complain, *, literal: bool) -> None:
    kind = item.get("type") if isinstance(item, dict) else None
    if kind not in NEEDED or (literal and kind not in LITERAL):
        complain(f"unsupported type: {kind} [json-pointer:{where}/type]")
        return
    value = item.get(NEEDED[kind])
    if kind == "date":
        if not isinstance(value, int) or value < 0 or not item.get("format"):
            complain(f"must have a timestamp and a format [json-pointer:{where}]")
    elif not isinstance(value, str) or not value:
        complain(f"must be more than 0 characters [json-pointer:{where}/{NEEDED[kind]}]")
    if kind == "link" and not str(value).startswith(("https://", "http://", "mailto:", "slack://")):
        complain(f"must be a valid URI [json-pointer:{where}/url]")
    if kind == "link" and len(str(value)) > 3000:
        complain(f"must be less than 3001 characters [json-pointer:{where}/url]")
    unknown = set(item.get("style") or {}) - STYLES
    if unknown:
        complain(f"invalid additional property: {min(unknown)} [json-pointer:{where}/style]")


def _list(value: Any, where: str, complain: Complain) -> list[Any]:
    if not isinstance(value, list) or not value:
        complain(f"missing required field: elements [json-pointer:{where}]")
        return []
    return value
