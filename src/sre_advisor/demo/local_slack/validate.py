"""Slack's limits on blocks and views, as documented; pure functions that answer with the complaints found."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from .nouns import Json, SlackError
from .validate_parts import Complain, check_element, check_image, check_length, check_list, check_text
from .validate_rich import inside, rich_text

MAX_TEXT = 40_000
MAX_MARKDOWN = 12_000
MAX_TOTAL = 13_200
MAX_BLOCKS_MESSAGE = 50
MAX_BLOCKS_VIEW = 100

PROPERTIES: dict[str, set[str]] = {
    "section": {"text", "fields", "accessory", "expand"}, "divider": set(), "header": {"text"},
    "markdown": {"text"}, "image": {"image_url", "slack_file", "alt_text", "title"}, "actions": {"elements"},
    "context": {"elements"}, "context_actions": {"elements"}, "table": {"rows", "column_settings"},
    "container": {
        "title", "rich_text_title", "subtitle", "child_blocks", "width", "icon", "is_collapsible", "default_collapsed",
        "has_header_divider",
    },
    "task_card": {"task_id", "title", "details", "output", "sources", "status"}, "plan": {"title", "tasks"},
    "alert": {"text", "level"}, "rich_text": {"elements"},
    "input": {"label", "element", "hint", "optional", "dispatch_action"},
}  # fmt: skip
"""What a block may hold besides its type and id: Slack refuses what it does not know."""
CHILDREN = {"section", "context", "divider", "table", "image", "actions"}
"""What a container may hold. Reports disagree about rich_text, so it is refused."""
COUNTED = {"text", "title", "alt_text", "fallback", "url"}


def check_message_blocks(blocks: Any) -> None:
    """Raise `invalid_blocks`, `msg_blocks_too_long` or `invalid_blocks_format` as Slack would."""
    complaints = complaints_about(blocks, MAX_BLOCKS_MESSAGE, in_view=False)
    if complaints:
        raise SlackError("invalid_blocks", complaints)
    markdown = sum(len(block["text"]) for block in walk(blocks) if block["type"] == "markdown")
    if markdown > MAX_MARKDOWN or text_size(blocks) > MAX_TOTAL:
        raise SlackError("msg_blocks_too_long")


def check_view(view: Any) -> None:
    """Raise `invalid_arguments` for a view Slack would refuse."""
    if not isinstance(view, dict) or view.get("type") not in {"modal", "home"}:
        raise SlackError("invalid_arguments", ["view.type must be modal or home"])
    complaints: list[str] = []
    if view["type"] == "modal":
        for key, needed in (("title", True), ("submit", False), ("close", False)):
            check_text(view.get(key), 24, f"view.{key}", complaints.append, plain=True, needed=needed)
        if "submit" not in view and any(block.get("type") == "input" for block in view.get("blocks") or []):
            complaints.append("view.submit is required when a view has input blocks")
    if len(view.get("private_metadata") or "") > 3000:
        complaints.append("view.private_metadata must be less than 3001 characters")
    if len(view.get("callback_id") or "") > 255:
        complaints.append("view.callback_id must be less than 256 characters")
    complaints += complaints_about(view.get("blocks"), MAX_BLOCKS_VIEW, in_view=True)
    if complaints:
        raise SlackError("invalid_arguments", complaints)


def complaints_about(blocks: Any, most: int, *, in_view: bool) -> list[str]:
    """Every violation found, in Slack's manner of speaking; empty when the blocks are fine."""
    if not isinstance(blocks, list):
        return ["blocks must be an array"]
    complaints: list[str] = []
    if len(blocks) > most:
        complaints.append(f"no more than {most} items allowed [json-pointer:/blocks]")
    for index, block in enumerate(blocks):
        try:
            _block(block, f"/blocks/{index}", complaints.append, in_view=in_view)
        except (AttributeError, KeyError, TypeError):  # a part of another shape than any block has
            complaints.append(f"malformed [json-pointer:/blocks/{index}]")
    if complaints:
        return complaints
    ids = [block["block_id"] for block in blocks if block.get("block_id")]
    if len(ids) != len(set(ids)):
        complaints.append("`block_id` already exists")
    if sum(block["type"] == "table" for block in walk(blocks)) > 1:
        complaints.append("only_one_table_allowed")
    return complaints


def walk(blocks: list[Json]) -> Iterator[Json]:
    """Each block, and each block inside a container."""
    for block in blocks:
        yield block
        yield from walk(block.get("child_blocks") or [])


def text_size(value: Any) -> int:
    """Characters of text in a structure: every string under a key that people read."""
    if isinstance(value, list):
        return sum(text_size(item) for item in value)
    if not isinstance(value, dict):
        return 0
    size = 0
    for key, item in value.items():
        if isinstance(item, str):
            size += len(item) if key in COUNTED else 0
        else:
            size += text_size(item)
    return size


def _block(block: Any, where: str, complain: Complain, *, in_view: bool) -> None:
    if not isinstance(block, dict) or "type" not in block:
        complain(f"missing required field: type [json-pointer:{where}]")
        return
    check = _CHECKS.get(block["type"])
    if check is None or (block["type"] == "input" and not in_view):
        complain(f"unsupported type: {block['type']} [json-pointer:{where}/type]")
        return
    if len(block.get("block_id") or "") > 255:
        complain(f"must be less than 256 characters [json-pointer:{where}/block_id]")
    unknown = block.keys() - PROPERTIES[block["type"]] - {"type", "block_id"}
    if unknown:
        complain(f"invalid additional property: {min(unknown)} [json-pointer:{where}]")
    if not _is_text(block):
        complain(f"invalid unicode [json-pointer:{where}]")
    check(block, where, complain)


def _is_text(value: Any) -> bool:
    """Whether every string can be sent: none holds half of a surrogate pair."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _section(block: Json, where: str, complain: Complain) -> None:
    fields = block.get("fields")
    check_text(block.get("text"), 3000, f"{where}/text", complain, needed=not fields)
    if fields is not None:
        for index, item in enumerate(check_list(fields, 10, f"{where}/fields", complain)):
            check_text(item, 2000, f"{where}/fields/{index}", complain)
    if "accessory" in block:
        check_element(block["accessory"], f"{where}/accessory", complain)


def _actions(block: Json, where: str, complain: Complain) -> None:
    elements = check_list(block.get("elements"), 25, f"{where}/elements", complain)
    for index, element in enumerate(elements):
        check_element(element, f"{where}/elements/{index}", complain)
    ids = [element["action_id"] for element in elements if element.get("action_id")]
    if len(ids) != len(set(ids)):
        complain(f"`action_id` already exists [json-pointer:{where}/elements]")


def _context(block: Json, where: str, complain: Complain) -> None:
    for index, item in enumerate(check_list(block.get("elements"), 10, f"{where}/elements", complain)):
        if item.get("type") == "image":
            check_image(item, f"{where}/elements/{index}", complain)
        else:
            check_text(item, 3000, f"{where}/elements/{index}", complain)


def _context_actions(block: Json, where: str, complain: Complain) -> None:
    for index, item in enumerate(check_list(block.get("elements"), 5, f"{where}/elements", complain)):
        if item.get("type") not in {"feedback_buttons", "icon_button"}:
            complain(f"unsupported type: {item.get('type')} [json-pointer:{where}/elements/{index}/type]")
        else:
            check_element(item, f"{where}/elements/{index}", complain)


def _container(block: Json, where: str, complain: Complain) -> None:
    if "rich_text_title" not in block:
        check_text(block.get("title"), 150, f"{where}/title", complain, plain=True)
    check_text(block.get("subtitle"), 150, f"{where}/subtitle", complain, needed=False)
    if block.get("width") not in {None, "narrow", "standard", "wide", "full"}:
        complain(f"invalid width [json-pointer:{where}/width]")
    if block.get("default_collapsed") and not block.get("is_collapsible"):
        complain(f"default_collapsed requires is_collapsible [json-pointer:{where}/default_collapsed]")
    for index, child in enumerate(check_list(block.get("child_blocks"), 10, f"{where}/child_blocks", complain)):
        if child.get("type") not in CHILDREN:
            complain(f"unsupported type: {child.get('type')} [json-pointer:{where}/child_blocks/{index}/type]")
        else:
            _block(child, f"{where}/child_blocks/{index}", complain, in_view=False)


def _table(block: Json, where: str, complain: Complain) -> None:
    rows = block.get("rows")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, list) for row in rows):
        complain(f"missing required field: rows [json-pointer:{where}]")
        return
    if len(rows) > 100:
        complain(f"no more than 100 items allowed [json-pointer:{where}/rows]")
    for index, row in enumerate(rows):
        if not row or len(row) > 20:
            complain(f"between 1 and 20 cells allowed [json-pointer:{where}/rows/{index}]")
        if any(cell.get("type") not in {"raw_text", "raw_number", "rich_text"} for cell in row):
            complain(f"unsupported cell type [json-pointer:{where}/rows/{index}]")
        if any(cell.get("type") == "raw_text" and not cell.get("text") for cell in row):
            complain(f"must be more than 0 characters [json-pointer:{where}/rows/{index}]")
    if len(block.get("column_settings") or []) > 20:
        complain(f"no more than 20 items allowed [json-pointer:{where}/column_settings]")


def _task(block: Json, where: str, complain: Complain) -> None:
    check_length(block.get("task_id"), 255, f"{where}/task_id", complain)
    check_length(block.get("title"), 3000, f"{where}/title", complain)
    if block.get("status") not in {"pending", "in_progress", "complete", "error"}:
        complain(f"invalid status [json-pointer:{where}/status]")
    for key in ("details", "output"):
        inside(block.get(key), f"{where}/{key}", complain)
    for index, source in enumerate(block.get("sources") or []):
        if source.get("type") != "url" or not source.get("url") or not source.get("text"):
            complain(f"must be a url source [json-pointer:{where}/sources/{index}]")


def _plan(block: Json, where: str, complain: Complain) -> None:
    check_length(block.get("title"), 3000, f"{where}/title", complain)
    tasks = block.get("tasks") or []
    for index, task in enumerate(tasks):
        if task.get("type") != "task_card":
            complain(f"unsupported type: {task.get('type')} [json-pointer:{where}/tasks/{index}/type]")
        _task(task, f"{where}/tasks/{index}", complain)
    if len({task.get("task_id") for task in tasks}) < len(tasks):
        complain(f"`task_id` already exists [json-pointer:{where}/tasks]")


def _alert(block: Json, where: str, complain: Complain) -> None:
    check_text(block.get("text"), 3000, f"{where}/text", complain)
    if block.get("level") not in {None, "default", "info", "warning", "error", "success"}:
        complain(f"invalid level [json-pointer:{where}/level]")


def _input(block: Json, where: str, complain: Complain) -> None:
    check_text(block.get("label"), 2000, f"{where}/label", complain, plain=True)
    check_text(block.get("hint"), 2000, f"{where}/hint", complain, plain=True, needed=False)
    check_element(block.get("element"), f"{where}/element", complain)


def _header(block: Json, where: str, complain: Complain) -> None:
    check_text(block.get("text"), 150, f"{where}/text", complain, plain=True)


def _markdown(block: Json, where: str, complain: Complain) -> None:
    check_length(block.get("text"), MAX_MARKDOWN, f"{where}/text", complain)


def _divider(_block: Json, _where: str, _complain: Complain) -> None:
    """A divider has nothing that could be wrong."""


_CHECKS: dict[str, Callable[[Json, str, Complain], None]] = {
    "section": _section, "divider": _divider, "header": _header, "markdown": _markdown, "image": check_image,
    "actions": _actions, "context": _context, "context_actions": _context_actions, "container": _container,
    "table": _table, "task_card": _task, "plan": _plan, "alert": _alert, "rich_text": rich_text, "input": _input,
}  # fmt: skip
