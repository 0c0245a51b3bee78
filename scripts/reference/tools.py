"""docs/reference/tools.md, from the connectors' tools."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import Any

from scripts.reference.table import code, table
from sre_advisor.app.backends import live_connectors
from sre_advisor.connectors.contract import Connector, Tool
from sre_advisor.connectors.thread import Post, ThreadConnector
from sre_advisor.credentials import Credentials
from sre_advisor.demo.incident import WORLD
from sre_advisor.replay.connectors import recorded_connectors
from sre_advisor.replay.world import load_world
from sre_advisor.settings import load_settings

HEAD = """# Tools

Everything the advisor can read, for the first look and for the model alike. There is no tool that changes anything.
This page is made from the code by `python -m scripts.reference`.

Times are ISO 8601 in UTC. *First look* names what the tool is asked for before any model is. Each call ends as `ok`,
`no_data`, `bad_request`, `denied`, `quota_exceeded` or `unavailable`, as [the evidence](ask-json.md#evidence) says.
`limits.tools_off` takes single tools away.
"""
EVERYTHING: dict[str, Any] = {
    "prometheus": {"url": "http://prometheus:9090"},
    "alertmanager": {"url": "http://alertmanager:9093"},
    "docs": {"folders": [{"name": "docs", "path": "docs"}]},
    "git": {"repositories": [{"name": "shop", "path": "shop"}]},
    "github": {"repositories": ["acme/shop"]},
}


async def every_connector(stack: AsyncExitStack) -> tuple[list[Connector], list[Connector]]:
    """The connectors of live systems, and those that only a recording has."""
    live = [*live_connectors(load_settings(None, EVERYTHING), Credentials({})), ThreadConnector(_no_posts)]
    recorded = await recorded_connectors(load_world(WORLD), stack)
    names = {connector.name for connector in live}
    for connector in (*live, *recorded):
        stack.push_async_callback(connector.close)
    return live, [connector for connector in recorded if connector.name not in names]


async def _no_posts() -> tuple[Post, ...]:
    return ()


async def tools_page() -> str:
    """The page's text."""
    async with AsyncExitStack() as stack:
        live, recorded = await every_connector(stack)
        lines = [HEAD]
        for connector in live:
            lines += [f"## {connector.name}", "", *(line for tool in connector.tools() for line in _tool(tool))]
        lines += ["# Only in recordings", "", "What a recorded world holds beside the systems above.", ""]
        for connector in recorded:
            lines += [f"## {connector.name}", "", *(line for tool in connector.tools() for line in _tool(tool))]
    return "\n".join(lines).rstrip() + "\n"


def _tool(tool: Tool) -> list[str]:
    role = f" *First look: {tool.role.value}.*" if tool.role else ""
    rows = list(_arguments(tool.args.model_json_schema()))
    shown = table(("argument", "type", "default", "meaning"), rows) if rows else ["No arguments."]
    return [f"### {tool.name}", "", f"{tool.description}{role}", "", *shown, ""]


def _arguments(schema: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    needed = set(schema.get("required", ()))
    return [
        (
            code(name),
            _type(about),
            "needed" if name in needed else code(_default(about.get("default"))),
            " ".join(filter(None, [str(about.get("description", "")), _bounds(about)])),
        )
        for name, about in schema.get("properties", {}).items()
    ]


def _default(value: object) -> str:
    return "" if value in (None, [], ()) else str(value)


def _type(about: dict[str, Any]) -> str:
    if "anyOf" in about:
        return " or ".join(dict.fromkeys(_type(one) for one in about["anyOf"] if one.get("type") != "null"))
    if "enum" in about:
        return ", ".join(code(str(one)) for one in about["enum"])
    if about.get("type") == "array":
        return f"list of {_type(about.get('items', {}))}"
    return {"date-time": "time"}.get(str(about.get("format")), str(about.get("type", "any")))


def _bounds(about: dict[str, Any]) -> str:
    shown = [about, *about.get("anyOf", ())]
    found = {key: one[key] for one in shown for key in ("minimum", "maximum", "maxLength", "maxItems") if key in one}
    words = {"minimum": "at least", "maximum": "at most", "maxLength": "at most", "maxItems": "at most"}
    units = {"maxLength": " characters", "maxItems": " entries"}
    told = [f"{words[key]} {value}{units.get(key, '')}" for key, value in found.items()]
    return f"({', '.join(told)})" if told else ""
