"""Slack's rules for what blocks are made of: texts, lists, buttons, choices; pure."""

from collections.abc import Callable
from typing import Any

from .nouns import Json

Complain = Callable[[str], None]
BUTTON_LIKE = {"button", "workflow_button"}
ELEMENTS = {
    "button", "static_select", "multi_static_select", "external_select", "users_select", "conversations_select",
    "channels_select", "overflow", "datepicker", "timepicker", "datetimepicker", "radio_buttons", "checkboxes",
    "plain_text_input", "rich_text_input", "number_input", "email_text_input", "url_text_input", "image",
    "feedback_buttons", "icon_button", "workflow_button", "file_input", "multi_users_select",
}  # fmt: skip


def check_text(
    value: Any, most: int, where: str, complain: Complain, *, plain: bool = False, needed: bool = True
) -> None:
    """A text object."""
    if value is None:
        if needed:
            complain(f"missing required field: text [json-pointer:{where}]")
        return
    kinds = {"plain_text"} if plain else {"plain_text", "mrkdwn"}
    if not isinstance(value, dict) or value.get("type") not in kinds or not isinstance(value.get("text"), str):
        complain(f"must be a text object of type {' or '.join(sorted(kinds))} [json-pointer:{where}]")
        return
    check_length(value["text"], most, f"{where}/text", complain)


def check_length(value: Any, most: int, where: str, complain: Complain) -> None:
    """A string that is neither empty nor too long."""
    if not isinstance(value, str) or not value:
        complain(f"must be more than 0 characters [json-pointer:{where}]")
    elif len(value) > most:
        complain(f"must be less than {most + 1} characters [json-pointer:{where}]")


def check_list(value: Any, most: int, where: str, complain: Complain) -> list[Json]:
    """A list that is not empty and not too long."""
    if not isinstance(value, list) or not value:
        complain(f"missing required field: elements [json-pointer:{where}]")
        return []
    if len(value) > most:
        complain(f"no more than {most} items allowed [json-pointer:{where}]")
    return [item for item in value if isinstance(item, dict)]


def check_element(element: Any, where: str, complain: Complain) -> None:
    """Something to press, to choose from or to look at."""
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
            check_text(button.get("text"), 75, f"{where}/{side}/text", complain, plain=True)
            check_length(button.get("value"), 2000, f"{where}/{side}/value", complain)
    elif kind == "image":
        check_image(element, where, complain)
    elif kind in {"static_select", "radio_buttons", "checkboxes", "overflow"} and "option_groups" not in element:
        _options(element, where, complain)


def _button(element: Json, where: str, complain: Complain) -> None:
    check_text(element.get("text"), 75, f"{where}/text", complain, plain=True)
    for key, most in (("value", 2000), ("url", 3000)):
        if key in element and len(element[key]) > most:
            complain(f"must be less than {most + 1} characters [json-pointer:{where}/{key}]")
    if element.get("style") not in {None, "primary", "danger"}:
        complain(f"style must be primary or danger [json-pointer:{where}/style]")
    if "confirm" in element:
        confirm = element["confirm"]
        for key, most in (("title", 100), ("confirm", 30), ("deny", 30)):
            check_text(confirm.get(key), most, f"{where}/confirm/{key}", complain, plain=True, needed=False)


def _options(element: Json, where: str, complain: Complain) -> None:
    most = {"static_select": 100, "overflow": 5}.get(element["type"], 10)
    for index, option in enumerate(check_list(element.get("options"), most, f"{where}/options", complain)):
        check_text(option.get("text"), 75, f"{where}/options/{index}/text", complain)
        check_length(option.get("value"), 150, f"{where}/options/{index}/value", complain)


def check_image(block: Json, where: str, complain: Complain) -> None:
    """A picture, as a block or an element."""
    if not (block.get("image_url") or block.get("slack_file")):
        complain(f"missing required field: image_url [json-pointer:{where}]")
    check_length(block.get("alt_text"), 2000, f"{where}/alt_text", complain)
