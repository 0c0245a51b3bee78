"""Nothing in the program opens a connection or starts a program but the few modules whose job it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import sre_advisor

ROOT = Path(sre_advisor.__file__).parent
WAYS_OUT = {
    "aiohttp", "asyncio.create_subprocess_exec", "asyncio.create_subprocess_shell", "asyncio.open_connection",
    "asyncio.open_unix_connection", "anthropic", "ftplib", "github", "http.client", "httpx", "imaplib",
    "multiprocessing",
    "os.exec", "os.fork", "os.popen", "os.posix_spawn", "os.spawn", "os.system", "paramiko", "poplib",
    "prometheus_api_client", "pty", "requests", "slack_bolt", "slack_sdk", "smtplib", "socket",
    "sqlalchemy.create_engine",
    "ssl", "subprocess", "telnetlib", "urllib.request", "urllib3", "websockets", "webbrowser", "xmlrpc",
    "httpcore", "psycopg", "sqlite3",
}  # fmt: skip
"""Modules and functions by which a process reaches another or the network."""
ALLOWED = {
    "connectors/prometheus/wire.py": {"requests", "urllib3", "prometheus_api_client"},
    "connectors/prometheus/reads.py": {"prometheus_api_client"},
    "connectors/alertmanager/wire.py": {"httpx", "ssl"},
    "connectors/alertmanager/client.py": {"httpx"},
    "connectors/github/transport.py": {"github", "requests", "urllib3", "http.client"},
    "connectors/github/client.py": {"github"},
    "connectors/github/app.py": {"github"},
    "connectors/github/changes.py": {"github"},
    "connectors/github/connector.py": {"github"},
    "connectors/github/rights.py": {"github"},
    "connectors/docs/index.py": {"sqlite3"},
    "connectors/git/runner.py": {"asyncio.create_subprocess_exec"},
    "replay/unbundle.py": {"asyncio.create_subprocess_exec"},
    "replay/gitprogram.py": {"subprocess"},
    "replay/local_prometheus.py": {"subprocess", "socket", "urllib.request"},
    "advisors/claude/": {"anthropic"},
    "setup/claude.py": {"anthropic"},
    "slack/": {"slack_bolt", "slack_sdk", "aiohttp"},
    "app/endpoints.py": {"slack_bolt"},
    "work/leases.py": {"psycopg"},
    "work/queue.py": {"psycopg"},
    "work/queue_schema.py": {"psycopg"},
    "setup/slack.py": {"slack_sdk"},
    "setup/privileges/slack.py": {"slack_sdk"},
    "journal/engine.py": {"sqlalchemy.create_engine"},
    "journal/role.py": {"sqlalchemy.create_engine"},
    "commands/programs/__init__.py": {"importlib.import_module"},
    "demo/": {"aiohttp", "subprocess"},
}
"""Which module may use which, by the beginning of its path; the demo's servers stay on this machine."""


def used(source: str) -> Iterator[str]:
    """Dotted names of what the source imports or reaches through an import."""
    names: dict[str, str] = {}
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                names[one.asname or one.name.partition(".")[0]] = one.name if one.asname else one.name.partition(".")[0]
                yield one.name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for one in node.names:
                names[one.asname or one.name] = f"{node.module}.{one.name}"
                yield f"{node.module}.{one.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield from _dotted(node, names)
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in {"__import__", "exec", "eval"}
        ):
            yield node.func.id


def _dotted(node: ast.Attribute, names: dict[str, str]) -> Iterator[str]:
    parts: list[str] = [node.attr]
    inner = node.value
    while isinstance(inner, ast.Attribute):
        parts.append(inner.attr)
        inner = inner.value
    if isinstance(inner, ast.Name) and inner.id in names:
        yield ".".join([names[inner.id], *reversed(parts)])


def ways_out(source: str) -> set[str]:
    """Those of WAYS_OUT that the source uses; importing modules by name counts as all of them."""
    found: set[str] = set()
    for name in used(source):
        found |= {way for way in WAYS_OUT if name == way or name.startswith(f"{way}.") or _family(name, way)}
        if name in {"__import__", "exec", "eval"} or name.startswith("importlib.import_module"):
            found.add(name)
    return found


def _family(name: str, way: str) -> bool:
    """os.execv belongs to os.exec."""
    return way.startswith("os.") and name.startswith(way)


def allowed(path: str) -> set[str]:
    return {way for start, ways in ALLOWED.items() if path.startswith(start) for way in ways}


def modules() -> dict[str, str]:
    return {str(file.relative_to(ROOT)): file.read_text(encoding="utf-8") for file in ROOT.rglob("*.py")}


def test_only_the_named_modules_reach_out() -> None:
    found = {path: ways_out(source) - allowed(path) for path, source in modules().items()}
    assert {path: ways for path, ways in found.items() if ways} == {}


def test_no_permission_to_reach_out_is_left_over() -> None:
    sources = modules()
    unused = {
        (start, way)
        for start, ways in ALLOWED.items()
        for way in ways
        if not any(way in ways_out(source) for path, source in sources.items() if path.startswith(start))
    }
    assert unused == set()


@pytest.mark.parametrize(
    "source",
    ["import requests", "import httpx as h\nh.AsyncClient()", "from httpx import AsyncClient",
     "import os\nos.system('x')",
     "from os import execv", "import asyncio\nasyncio.create_subprocess_shell('id')", "import urllib.request",
     "from urllib import request", "import asyncio as a\nawait a.open_connection('x', 1)", "__import__('socket')",
     "import importlib\nimportlib.import_module('socket')", "def f():\n    import subprocess", "eval('1')"],
)  # fmt: skip
def test_the_scan_finds_a_way_out_however_it_is_written(source: str) -> None:
    assert ways_out(source)


@pytest.mark.parametrize("source", ["from urllib.parse import urlsplit", "import os\nos.environ", "import asyncio"])
def test_the_scan_finds_nothing_in_what_stays_inside(source: str) -> None:
    assert not ways_out(source)
