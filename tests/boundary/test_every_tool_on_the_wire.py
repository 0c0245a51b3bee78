"""Every tool of every connector, with hostile arguments, against servers and a git that record what arrives.

What is asserted is what arrived, not what the code meant: declared methods and paths only, the configured host only.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import github
import httpx
import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from sre_advisor.app.backends import live_connectors
from sre_advisor.connectors.alertmanager.config import AlertmanagerConfig
from sre_advisor.connectors.alertmanager.wire import READS as ALERTMANAGER_READS
from sre_advisor.connectors.alertmanager.wire import AlertmanagerReads, ReadOnlyTransport
from sre_advisor.connectors.contract import Connector, Denied, ToolFailure
from sre_advisor.connectors.git.refs import is_full_sha, is_safe_revision
from sre_advisor.connectors.git.runner import ALLOWED
from sre_advisor.connectors.github.transport import QUERY_NAMES, Door, Refused, open_door
from sre_advisor.connectors.github.transport import READS as GITHUB_READS
from sre_advisor.connectors.prometheus.config import PrometheusConfig
from sre_advisor.connectors.prometheus.wire import READS as PROMETHEUS_READS
from sre_advisor.connectors.prometheus.wire import open_session
from sre_advisor.credentials import Credentials
from sre_advisor.settings import load_settings
from tests.boundary.hostile import NOW, attacks, words
from tests.boundary.recorders import Arrived, GitLog, Recorder, recording, recording_git
from tests.connectors.github.standin import FILES, pull
from tests.setup.conftest import repository

TOKEN = "ghp_" + "a1" * 18
OUTSIDE = "what nobody may read"
HEADERS = {"Host", "Accept", "Accept-Encoding", "User-Agent", "Connection", "Authorization", "X-GitHub-Api-Version"}


@dataclass(frozen=True)
class Wire:
    """Every configured system recorded, and a server nobody configured."""

    prometheus: Recorder
    alertmanager: Recorder
    github: Recorder
    foreign: Recorder
    git: GitLog
    mirror: Path
    connectors: tuple[Connector, ...]

    @property
    def servers(self) -> tuple[tuple[Recorder, Iterable[str]], ...]:
        """Each server with what may arrive there."""
        return (
            (self.prometheus, PROMETHEUS_READS),
            (self.alertmanager, ALERTMANAGER_READS),
            (self.github, GITHUB_READS),
        )


@asynccontextmanager
async def all_connectors(folder: Path) -> AsyncGenerator[Wire]:
    """Every connector there is, as `run` makes them, pointed at recorders."""
    async with AsyncExitStack() as stack:
        servers = [await stack.enter_async_context(recording()) for _ in range(4)]
        prometheus, alertmanager, hub, foreign = servers
        prometheus.body = b'{"status":"success","data":{"resultType":"matrix","result":[]}}'
        hub.body = json.dumps(pull(hub.url, 12, "2026-06-02T09:00:00Z") | {"full_name": "acme/shop"}).encode()
        mirror = repository(folder / "mirror", {"README.md": "shop\nmore\n", "checkout/pool.py": "size = 2\n"})
        docs = folder / "docs"
        docs.mkdir()
        (docs / "checkout.md").write_text("# Checkout\n\nHighErrorRate: look at the pool.\n")
        (folder / "secret.md").write_text(f"# Secret\n\n{OUTSIDE}\n")
        (docs / "link.md").symlink_to(folder / "secret.md")
        settings = load_settings(
            None,
            {
                "prometheus": {"url": f"{prometheus.url}/prefix"},
                "alertmanager": {"url": alertmanager.url},
                "github": {"repositories": ["acme/shop"], "base_url": f"{hub.url}/api/v3"},
                "git": {"repositories": [{"name": "shop", "path": str(mirror)}]},
                "docs": {"folders": [{"name": "docs", "path": str(docs)}]},
            },
        )
        git = stack.enter_context(recording_git(folder))
        connectors = live_connectors(settings, Credentials({"GITHUB_TOKEN": TOKEN}))
        for connector in connectors:
            stack.push_async_callback(connector.close)
        yield Wire(prometheus, alertmanager, hub, foreign, git, mirror, connectors)


@pytest.fixture
async def wire(tmp_path: Path) -> AsyncIterator[Wire]:
    async with all_connectors(tmp_path) as ready:
        yield ready


async def attack(connectors: Iterable[Connector], values: tuple[str, ...]) -> dict[str, int]:
    """Call every tool with every hostile value; how many calls of each got past validation."""
    slots, ran = asyncio.Semaphore(8), dict[str, int]()

    async def call(tool: Any, raw: dict[str, Any]) -> None:
        try:
            args = tool.args.model_validate(raw)
        except (ValidationError, UnicodeError):
            return  # refused before any tool saw it
        async with slots:
            ran[tool.name] = ran.get(tool.name, 0) + 1
            with contextlib.suppress(ToolFailure):  # what matters here is what arrived
                reading = await tool.run(args, NOW)
                assert OUTSIDE not in json.dumps(reading.body), f"{tool.name} with {raw}"

    await asyncio.gather(
        *(call(tool, raw) for connector in connectors for tool in connector.tools() for raw in attacks(tool, values))
    )
    return ran


def assert_only_declared(wire: Wire) -> None:
    """What arrived at the servers is declared, addressed to them, and carries nothing foreign."""
    for server, declared in wire.servers:
        for one in server.arrived:
            assert_declared(
                one, server, declared, root={wire.prometheus.netloc: "/prefix", wire.github.netloc: "/api/v3"}
            )
    for one in wire.github.arrived:
        assert {name for name, _ in parse_qsl(one.target.partition("?")[2])} <= QUERY_NAMES
        assert one.path.removeprefix("/api/v3").startswith("/repos/acme/shop"), "another repository"
    assert wire.foreign.arrived == []
    for call in wire.git.calls():
        assert_declared_git(call, wire.mirror)


def assert_declared(one: Arrived, server: Recorder, declared: Iterable[str], root: dict[str, str]) -> None:
    below = one.path.removeprefix(root.get(server.netloc, ""))
    assert one.method == "GET", one
    assert any(re.fullmatch(pattern, below) for pattern in declared), one
    assert not one.body, one
    assert one.headers["Host"] == server.netloc
    assert set(one.headers) <= HEADERS, one
    sent = one.headers.get("Authorization", "")
    assert TOKEN not in sent or server.netloc == root_of_token(root), "the token went to another system"


def root_of_token(root: dict[str, str]) -> str:
    """The server the token is for."""
    return next(netloc for netloc, path in root.items() if path == "/api/v3")


def assert_declared_git(call: list[str], mirror: Path) -> None:
    """A call's words are: our fixed ones, a declared subcommand, its flags, then what cannot be read as a flag."""
    assert call[:4] == ["--no-pager", "--literal-pathspecs", "-C", str(mirror)], call
    rest = call[4:]
    while rest[:1] == ["-c"]:
        assert "=" in rest[1]
        rest = rest[2:]
    subcommand, *given_words = rest
    assert subcommand in ALLOWED, call
    before = given_words[: given_words.index("--")] if "--" in given_words else given_words
    while before:
        word, *before = before
        if word == "-e":
            before = before[1:]  # a pattern, which git takes as such whatever it looks like
        elif word.startswith("-"):
            assert any(re.fullmatch(rule, word, re.DOTALL) for rule in ALLOWED[subcommand]), call
        else:
            revision = word.removesuffix("^{commit}")
            assert is_full_sha(revision) or is_safe_revision(revision) or word == "blob", call


async def test_whatever_the_arguments_only_declared_requests_arrive(wire: Wire) -> None:
    ran = await attack(wire.connectors, words(wire.foreign.netloc))
    assert_only_declared(wire)
    every = {tool.name for connector in wire.connectors for tool in connector.tools()}
    assert {name for name, times in ran.items() if times > 1} == every, "each tool must have been tried in earnest"
    assert all(server.arrived for server, _ in wire.servers)
    assert len(wire.git.calls()) > 100
    assert not Path("/tmp/evil").exists()


async def test_answers_full_of_foreign_addresses_lead_nowhere_else(wire: Wire) -> None:
    foreign = wire.foreign.url
    linked = pull(foreign, 12, "2026-06-02T09:00:00Z")
    linked |= {"full_name": "acme/shop", "statuses_url": f"{foreign}/x", "_links": {"self": {"href": f"{foreign}/y"}}}
    wire.github.body = json.dumps(linked).encode()
    wire.github.headers["Link"] = f'<{foreign}/repos/acme/shop/pulls?page=2>; rel="next"'
    await attack(wire.connectors, ())
    wire.github.body = json.dumps([linked, *FILES]).encode()
    await attack(wire.connectors, ())
    assert_only_declared(wire)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "location", ["http://{f}/api/v1/query", "//{f}/x", "http://localhost:{p}/api/v2/alerts", "http://{own}@{f}/",
                 "http://127.1:{p}/repos/acme/shop", "http://2130706433:{p}/", "/api/v1/admin/tsdb/snapshot"]
)  # fmt: skip
async def test_no_redirect_is_followed(wire: Wire, status: int, location: str) -> None:
    for server, _ in wire.servers:
        server.status, server.body = status, b""
        host, _, port = wire.foreign.netloc.partition(":")
        server.headers = {"Location": location.format(f=wire.foreign.netloc, p=port, own=server.netloc, host=host)}
    await attack([one for one in wire.connectors if one.name in {"prometheus", "alertmanager", "github"}], ())
    assert all(server.arrived for server, _ in wire.servers)
    assert_only_declared(wire)


def elsewhere(own: str, foreign: str) -> tuple[str, ...]:
    """Addresses beside the configured one: other hosts, other spellings of it, other schemes, ports and users."""
    port, other = own.partition(":")[2], foreign.partition(":")[2]
    return (
        f"http://{foreign}", f"http://localhost:{port}", f"http://127.1:{port}", f"http://2130706433:{port}",
        f"http://0x7f.1:{port}", f"http://[::ffff:127.0.0.1]:{port}", f"http://[::1]:{port}", f"https://{own}",
        f"http://127.0.0.1.:{port}", f"http://{own}@{foreign}", f"http://{foreign}#@{own}", f"http://me:pw@{own}",
        f"http://127.0.0.1:{other}", f"http://{own}.example", f"http://{own}0", "http://169.254.169.254",
        f"http://{foreign}\\@{own}", f"http://{own}/../..//{foreign}",
    )  # fmt: skip


async def test_prometheus_transport_refuses_every_address_but_the_configured_one(wire: Wire) -> None:
    session = open_session(PrometheusConfig(url=wire.prometheus.url))
    for base in elsewhere(wire.prometheus.netloc, wire.foreign.netloc):
        with pytest.raises((Denied, requests.RequestException)) as refusal:
            await asyncio.to_thread(session.get, f"{base}/api/v1/query")
        assert not isinstance(refusal.value, requests.ConnectionError), "it was sent"
    assert (wire.prometheus.arrived, wire.foreign.arrived) == ([], [])


async def test_alertmanager_transport_refuses_every_address_but_the_configured_one(wire: Wire) -> None:
    transport = ReadOnlyTransport(wire.alertmanager.url, httpx.AsyncHTTPTransport())
    async with httpx.AsyncClient(transport=transport) as client:
        for base in elsewhere(wire.alertmanager.netloc, wire.foreign.netloc):
            with pytest.raises((Denied, httpx.InvalidURL)):
                await client.get(f"{base}/api/v2/alerts")
    reads = AlertmanagerReads(AlertmanagerConfig(url=wire.alertmanager.url))
    for path in (
        f"@{wire.foreign.netloc}/api/v2/alerts",
        "/api/v2/alerts/../../../-/reload",
        "//api/v2/alerts",
        "/api/v2/alerts/x",
    ):
        with pytest.raises(ToolFailure):
            await reads.get(path)
    await reads.close()
    assert (wire.alertmanager.arrived, wire.foreign.arrived) == ([], [])


def read_repository(base: str) -> None:
    github.Github(base_url=base, retry=None, seconds_between_requests=None).get_repo("acme/shop")


async def test_github_transport_refuses_every_address_but_the_configured_one(wire: Wire) -> None:
    open_door(Door.of(wire.github.url, 2.0, 100_000))
    for base in elsewhere(wire.github.netloc, wire.foreign.netloc):
        if base.rpartition("@")[2] == wire.github.netloc and "#" not in base:
            continue  # PyGithub leaves the user name out, so that this is the configured address
        with pytest.raises((Refused, ToolFailure, AssertionError, ValueError)):
            await asyncio.to_thread(read_repository, base)
    assert (wire.github.arrived, wire.foreign.arrived) == ([], [])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.text(max_size=80) | st.text(alphabet="./\\%:@#?&-=\r\n\0 ae{}", max_size=40))
def test_no_text_whatever_makes_anything_else_arrive(value: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    async def check() -> None:
        async with all_connectors(tmp_path_factory.mktemp("wire")) as wire:
            await attack(wire.connectors, (value,))
            assert_only_declared(wire)

    asyncio.run(check())
