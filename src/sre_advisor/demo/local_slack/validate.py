"""Slack's limits on blocks and views, as documented; pure functions that answer with the complaints found."""

from collections.abc import Callable, Iterator
from typing import Any

from .nouns import Json, SlackError

MAX_TEXT = 40_000
MAX_MARKDOWN = 12_000
MAX_TOTAL = 13_200
MAX_BLOCKS_MESSAGE = 50
MAX_BLOCKS_VIEW = 100

Complain = Callable[[str], None]
BUTTON_LIKE = {"button", "workflow_button"}
ELEMENTS = {
    "button", "static_select", "multi_static_select", "external_select", "users_select", "conversations_select",
    "channels_select", "overflow", "datepicker", "timepicker", "datetimepicker", "radio_buttons", "checkboxes",
    "plain_text_input", "rich_text_input", "number_input", "email_text_input", "url_text_input", "image",
    "feedback_buttons", "icon_button", "workflow_button", "file_input", "multi_users_select",
}  # fmt: skip


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
            _text(view.get(key), 24, f"view.{key}", complaints.append, plain=True, needed=needed)
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
            size += len(item) if key in {"text", "title", "alt_text"} else 0
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
    check(block, where, complain)


def _text(value: Any, most: int, where: str, complain: Complain, *, plain: bool = False, needed: bool = True) -> None:
    if value is None:
        if needed:
            complain(f"missing required field: text [json-pointer:{where}]")
        return
    kinds = {"plain_text"} if plain else {"plain_text", "mrkdwn"}
    if not isinstance(value, dict) or value.get("type") not in kinds or not isinstance(value.get("text"), str):
        complain(f"must be a text object of type {' or '.join(sorted(kinds))} [json-pointer:{where}]")
        return
    _length(value["text"], most, f"{where}/text", complain)


def _length(value: Any, most: int, where: str, complain: Complain) -> None:
    if not isinstance(value, str) or not value:
        complain(f"must be more than 0 characters [json-pointer:{where}]")
    elif len(value) > most:
        complain(f"must be less than {most + 1} characters [json-pointer:{where}]")


def _elements(value: Any, most: int, where: str, complain: Complain) -> list[Json]:
    if not isinstance(value, list) or not value:
        complain(f"missing required field: elements [json-pointer:{where}]")
        return []
    if len(value) > most:
        complain(f"no more than {most} items allowed [json-pointer:{where}]")
    return [item for item in value if isinstance(item, dict)]


def _section(block: Json, where: str, complain: Complain) -> None:
    fields = block.get("fields")
    _text(block.get("text"), 3000, f"{where}/text", complain, needed=not fields)
    if fields is not None:
        for index, item in enumerate(_elements(fields, 10, f"{where}/fields", complain)):
            _text(item, 2000, f"{where}/fields/{index}", complain)
    if "accessory" in block:
        _element(block["accessory"], f"{where}/accessory", complain)


def _element(element: Any, where: str, complain: Complain) -> None:
    kind = element.get("type") if isinstance(element, dict) else None
    if kind not in ELEMENTS:
        complain(f"unsupported type: {kind} [json-pointer:{where}/type]")
        return
    if len(element.get("action_id") or "") > 255:
        complain(f"must be less than 256 characters [json-pointer:{where}/action_id]")
    if kind in BUTTON_LIKE:
        _button(element, where, complain)
    elif kind == "feedback_buttons":
        for side in ("positive_button", "negative_button"):
            button = element.get(side) or {}
            _text(button.get("text"), 75, f"{where}/{side}/text", complain, plain=True)
            _length(button.get("value"), 2000, f"{where}/{side}/value", complain)
    elif kind == "image":
        _image(element, where, complain)
    elif kind in {"static_select", "radio_buttons", "checkboxes", "overflow"} and "option_groups" not in element:
        _options(element, where, complain)


def _button(element: Json, where: str, complain: Complain) -> None:
    _text(element.get("text"), 75, f"{where}/text", complain, plain=True)
    for key, most in (("value", 2000), ("url", 3000)):
        if key in element and len(element[key]) > most:
            complain(f"must be less than {most + 1} characters [json-pointer:{where}/{key}]")
    if element.get("style") not in {None, "primary", "danger"}:
        complain(f"style must be primary or danger [json-pointer:{where}/style]")
    if "confirm" in element:
        confirm = element["confirm"]
        for key, most in (("title", 100), ("confirm", 30), ("deny", 30)):
            _text(confirm.get(key), most, f"{where}/confirm/{key}", complain, plain=True, needed=False)


def _options(element: Json, where: str, complain: Complain) -> None:
    most = {"static_select": 100, "overflow": 5}.get(element["type"], 10)
    for index, option in enumerate(_elements(element.get("options"), most, f"{where}/options", complain)):
        _text(option.get("text"), 75, f"{where}/options/{index}/text", complain)
        _length(option.get("value"), 150, f"{where}/options/{index}/value", complain)


def _image(block: Json, where: str, complain: Complain) -> None:
    if not (block.get("image_url") or block.get("slack_file")):
        complain(f"missing required field: image_url [json-pointer:{where}]")
    _length(block.get("alt_text"), 2000, f"{where}/alt_text", complain)


def _actions(block: Json, where: str, complain: Complain) -> None:
    elements = _elements(block.get("elements"), 25, f"{where}/elements", complain)
    for index, element in enumerate(elements):
        _element(element, f"{where}/elements/{index}", complain)
    ids = [element["action_id"] for element in elements if element.get("action_id")]
    if len(ids) != len(set(ids)):
        complain(f"`action_id` already exists [json-pointer:{where}/elements]")


def _context(block: Json, where: str, complain: Complain) -> None:
    for index, item in enumerate(_elements(block.get("elements"), 10, f"{where}/elements", complain)):
        if item.get("type") == "image":
            _image(item, f"{where}/elements/{index}", complain)
        else:
            _text(item, 3000, f"{where}/elements/{index}", complain)


def _context_actions(block: Json, where: str, complain: Complain) -> None:
    for index, item in enumerate(_elements(block.get("elements"), 5, f"{where}/elements", complain)):
        if item.get("type") not in {"feedback_buttons", "icon_button"}:
            complain(f"unsupported type: {item.get('type')} [json-pointer:{where}/elements/{index}/type]")
        else:
            _element(item, f"{where}/elements/{index}", complain)


def _container(block: Json, where: str, complain: Complain) -> None:
    if "rich_text_title" not in block:
        _text(block.get("title"), 150, f"{where}/title", complain, plain=True)
    _text(block.get("subtitle"), 150, f"{where}/subtitle", complain, needed=False)
    if block.get("width") not in {None, "narrow", "standard", "wide", "full"}:
        complain(f"invalid width [json-pointer:{where}/width]")
    if block.get("default_collapsed") and not block.get("is_collapsible"):
        complain(f"default_collapsed requires is_collapsible [json-pointer:{where}/default_collapsed]")
    for index, child in enumerate(_elements(block.get("child_blocks"), 10, f"{where}/child_blocks", complain)):
        if child.get("type") == "container":
            complain(f"unsupported type: container [json-pointer:{where}/child_blocks/{index}/type]")
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


def _task(block: Json, where: str, complain: Complain) -> None:
    _length(block.get("task_id"), 255, f"{where}/task_id", complain)
    _length(block.get("title"), 3000, f"{where}/title", complain)
    if block.get("status") not in {"pending", "in_progress", "complete", "error"}:
        complain(f"invalid status [json-pointer:{where}/status]")


def _plan(block: Json, where: str, complain: Complain) -> None:
    _length(block.get("title"), 3000, f"{where}/title", complain)
    for index, task in enumerate(block.get("tasks") or []):
        _task(task, f"{where}/tasks/{index}", complain)


def _alert(block: Json, where: str, complain: Complain) -> None:
    _text(block.get("text"), 3000, f"{where}/text", complain)
    if block.get("level") not in {None, "default", "info", "warning", "error", "success"}:
        complain(f"invalid level [json-pointer:{where}/level]")


def _rich_text(block: Json, where: str, complain: Complain) -> None:
    kinds = {"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"}
    for index, item in enumerate(_elements(block.get("elements"), 10_000, f"{where}/elements", complain)):
        if item.get("type") not in kinds:
            complain(f"unsupported type: {item.get('type')} [json-pointer:{where}/elements/{index}/type]")


def _input(block: Json, where: str, complain: Complain) -> None:
    _text(block.get("label"), 2000, f"{where}/label", complain, plain=True)
    _text(block.get("hint"), 2000, f"{where}/hint", complain, plain=True, needed=False)
    _element(block.get("element"), f"{where}/element", complain)


def _header(block: Json, where: str, complain: Complain) -> None:
    _text(block.get("text"), 150, f"{where}/text", complain, plain=True)


def _markdown(block: Json, where: str, complain: Complain) -> None:
    _length(block.get("text"), MAX_MARKDOWN, f"{where}/text", complain)


def _divider(_block: Json, _where: str, _complain: Complain) -> None:
    """A divider has nothing that could be wrong."""


_CHECKS: dict[str, Callable[[Json, str, Complain], None]] = {
    "section": _section, "divider": _divider, "header": _header, "markdown": _markdown, "image": _image,
    "actions": _actions, "context": _context, "context_actions": _context_actions, "container": _container,
    "table": _table, "task_card": _task, "plan": _plan, "alert": _alert, "rich_text": _rich_text, "input": _input,
}  # fmt: skip
