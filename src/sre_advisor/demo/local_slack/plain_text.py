"""Messages as a person would read them aloud: for the terminal and for golden tests. Pure."""

import re
from collections.abc import Callable

from .compose import unescape
from .nouns import Json

Names = Callable[[str], str]
"""From a user or channel id to the name people see."""

_TOKEN = re.compile(r"<([^<>]+)>")
_MARKS = {"complete": "✓", "error": "✗", "in_progress": "…", "pending": "·"}


def mrkdwn_text(text: str, names: Names) -> str:
    """Slack's text format as plain text: mentions as @name, links as `label (url)`, dates as their fallback."""
    return unescape(_TOKEN.sub(lambda match: _token(match[1], names), text))


def _token(body: str, names: Names) -> str:
    target, _, label = body.partition("|")
    if target.startswith("!date^"):
        return label or target.split("^")[1]
    if target.startswith("@"):
        return "@" + names(target[1:])
    if target.startswith("#"):
        return "#" + (label or names(target[1:]))
    if target.startswith("!"):
        return "@" + target[1:].split("^")[0]
    return f"{label} ({target})" if label and label != target else target


def blocks_text(blocks: list[Json], names: Names) -> str:
    """All blocks, one below the other."""
    return "\n".join(part for part in (block_text(block, names) for block in blocks) if part)


def block_text(block: Json, names: Names) -> str:
    """One block as text; a kind without a rendering says its name, so that nothing vanishes."""
    render = _RENDER.get(block.get("type", ""))
    return render(block, names) if render else f"({block.get('type')})"


def _of(value: Json | str | None, names: Names) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if value.get("type") == "rich_text":
        return _rich_text(value, names)
    text = str(value.get("text", ""))
    return mrkdwn_text(text, names) if value.get("type") == "mrkdwn" else text


def _indent(text: str, by: str = "  ") -> str:
    return "\n".join(by + line if line else line for line in text.splitlines())


def _section(block: Json, names: Names) -> str:
    lines = [_of(block.get("text"), names), *(_of(item, names) for item in block.get("fields") or [])]
    if "accessory" in block:
        lines.append(_element(block["accessory"], names))
    return "\n".join(line for line in lines if line)


def _element(element: Json, names: Names) -> str:
    kind = element.get("type")
    if kind == "image":
        return f"(image: {element.get('alt_text', '')})"
    if kind == "feedback_buttons":
        return " ".join(f"[{_of(element[side]['text'], names)}]" for side in ("positive_button", "negative_button"))
    return f"[{_of(element.get('text') or element.get('placeholder'), names) or kind}]"


def _elements(block: Json, names: Names) -> str:
    return " ".join(_element(element, names) for element in block.get("elements") or [])


def _context(block: Json, names: Names) -> str:
    parts = (
        _element(item, names) if item.get("type") == "image" else _of(item, names) for item in block.get("elements", [])
    )
    return "· " + "  ".join(parts)


def _image(block: Json, names: Names) -> str:
    title = _of(block.get("title"), names)
    return f"(image: {block.get('alt_text', '')})" + (f" {title}" if title else "")


def _container(block: Json, names: Names) -> str:
    mark = "▸" if block.get("default_collapsed") else "▾"
    title = _of(block.get("rich_text_title") or block.get("title"), names)
    subtitle = _of(block.get("subtitle"), names)
    head = f"{mark} {title}" + (f" — {subtitle}" if subtitle else "")
    return head + "\n" + _indent(blocks_text(block.get("child_blocks") or [], names))


def _table(block: Json, names: Names) -> str:
    rows = [[_of(cell, names).replace("\n", " ") for cell in row] for row in block.get("rows") or []]
    width = max((len(row) for row in rows), default=0)
    widths = [max((len(row[i]) for row in rows if i < len(row)), default=0) for i in range(width)]
    return "\n".join(
        " | ".join(cell.ljust(size) for cell, size in zip(row, widths, strict=False)).rstrip() for row in rows
    )


def _task(task: Json, names: Names) -> str:
    line = f"{_MARKS.get(task.get('status', ''), '·')} {task.get('title', '')}"
    for key in ("details", "output"):
        text = _of(task.get(key), names).strip()
        line += (" — " if "\n" not in text else "\n  ") + text.replace("\n", "\n  ") if text else ""
    sources = ", ".join(f"{source.get('text', '')} ({source.get('url', '')})" for source in task.get("sources") or [])
    return line + (f"\n  sources: {sources}" if sources else "")


def _plan(block: Json, names: Names) -> str:
    return "\n".join([str(block.get("title", "")), *(_indent(_task(task, names)) for task in block.get("tasks") or [])])


def _alert(block: Json, names: Names) -> str:
    return f"[{block.get('level') or 'note'}] {_of(block.get('text'), names)}"


def _rich_text(block: Json, names: Names) -> str:
    return "\n".join(_rich_part(part, names) for part in block.get("elements") or [])


def _rich_part(part: Json, names: Names) -> str:
    kind = part.get("type")
    elements = part.get("elements") or []
    if kind == "rich_text_list":
        ordered = part.get("style") == "ordered"
        start = int(part.get("offset") or 0) + 1
        lines = [f"{f'{start + i}.' if ordered else '•'} {_rich_part(item, names)}" for i, item in enumerate(elements)]
        return _indent("\n".join(lines), "  " * int(part.get("indent") or 0))
    text = "".join(_rich_element(item, names) for item in elements)
    if kind == "rich_text_preformatted":
        return f"```\n{text}\n```"
    return _indent(text, "> ") if kind == "rich_text_quote" else text


def _rich_element(item: Json, names: Names) -> str:
    match item.get("type"):
        case "link":
            label, url = item.get("text"), str(item.get("url"))
            text = f"{label} ({url})" if label and label != url else url
        case "user":
            text = "@" + names(str(item.get("user_id")))
        case "channel":
            text = "#" + names(str(item.get("channel_id")))
        case "broadcast":
            text = "@" + str(item.get("range"))
        case "emoji":
            text = f":{item.get('name')}:"
        case "date":
            text = str(item.get("fallback") or item.get("timestamp"))
        case _:
            text = str(item.get("text", ""))
            text = f"`{text}`" if (item.get("style") or {}).get("code") else text
    return text


def _header(block: Json, names: Names) -> str:
    return f"# {_of(block.get('text'), names)}"


def _markdown(block: Json, _names: Names) -> str:
    return str(block.get("text", ""))


def _divider(_block: Json, _names: Names) -> str:
    return "────"


def _input(block: Json, names: Names) -> str:
    return f"{_of(block.get('label'), names)}: ____"


_RENDER: dict[str, Callable[[Json, Names], str]] = {
    "section": _section, "header": _header, "markdown": _markdown, "divider": _divider, "context": _context,
    "actions": _elements, "context_actions": _elements, "image": _image, "container": _container, "table": _table,
    "task_card": _task, "plan": _plan, "alert": _alert, "rich_text": _rich_text, "input": _input,
}  # fmt: skip
