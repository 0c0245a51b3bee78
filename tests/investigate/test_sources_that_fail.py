"""Each source down, slow, empty, failing, talking nonsense or too much: it is named, and the rest stands."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from sre_advisor.broker.broker import Broker
from sre_advisor.broker.config import LimitsConfig
from sre_advisor.broker.redaction import Redactor
from sre_advisor.connectors.alertmanager.client import AlertmanagerClient
from sre_advisor.connectors.alertmanager.config import AlertmanagerConfig
from sre_advisor.connectors.alertmanager.tools import AlertmanagerConnector
from sre_advisor.connectors.contract import Connector
from sre_advisor.connectors.docs.config import DocsConfig, DocsFolder
from sre_advisor.connectors.docs.connector import DocsConnector
from sre_advisor.connectors.git.config import GitConfig, RepositoryConfig
from sre_advisor.connectors.git.connector import GitConnector
from sre_advisor.connectors.github.config import GithubConfig
from sre_advisor.connectors.github.connector import GithubConnector
from sre_advisor.connectors.prometheus.client import PrometheusClient
from sre_advisor.connectors.prometheus.config import PrometheusConfig
from sre_advisor.connectors.prometheus.tools import PrometheusConnector
from sre_advisor.investigate.config import FirstLookConfig
from sre_advisor.investigate.first_look import take_first_look
from sre_advisor.journal.events import ToolCalled
from sre_advisor.model import FirstLook, Question
from sre_advisor.replay.connectors import recorded_connectors
from sre_advisor.replay.world import load_world
from tests.e2e.worlds import NOW, small_world
from tests.servers.processes import free_port
from tests.servers.recording_http import RecordingServer, recording_server

pytestmark = pytest.mark.alone  # a source that answers must do so within the deadline
DEADLINE_S = 1.0
AT_MOST_S = 8.0
"""The deadlines of sources and runbooks, and patience with a busy machine; far below what "slow" takes."""
EMPTY = {"prometheus": b'{"status":"success","data":[]}', "alertmanager": b"[]", "github": b"[]"}
FAULTS = ("down", "slow", "empty", "500", "garbage", "10 MB")
OVER_HTTP: dict[str, Callable[[str], Connector]] = {
    "prometheus": lambda url: PrometheusConnector(PrometheusClient(PrometheusConfig(url=url))),
    "alertmanager": lambda url: AlertmanagerConnector(AlertmanagerClient(AlertmanagerConfig(url=url))),
    "github": lambda url: GithubConnector(
        GithubConfig(base_url=url, repositories=("acme/shop",)), lambda: "github_" + "x" * 20
    ),
}


async def forget(event: ToolCalled) -> None:
    del event


async def first_look(folder: Path, replaced: str, connector: Connector) -> tuple[FirstLook, float]:
    """The first look at a small recorded world in which one source is this connector; and its seconds."""
    world = load_world(small_world(folder))
    async with AsyncExitStack() as stack:
        stack.push_async_callback(connector.close)
        others = [c for c in await recorded_connectors(world, stack) if c.name != replaced]
        broker = Broker((*others, connector), Redactor(()), LimitsConfig())
        desk = broker.desk(Question("q", "q", "what is going on?", NOW), NOW, forget)
        began = time.monotonic()
        look = await take_first_look(desk, NOW, world.catalogue, FirstLookConfig(deadline_s=DEADLINE_S))
        return look.said, time.monotonic() - began


@asynccontextmanager
async def behaving(fault: str, source: str) -> AsyncGenerator[str]:
    """The address of a server that behaves so."""
    if fault == "down":
        yield f"http://127.0.0.1:{free_port()}"
        return
    async with recording_server() as server:
        _teach(server, fault, source)
        yield server.url


def _teach(server: RecordingServer, fault: str, source: str) -> None:
    match fault:
        case "slow":
            server.delay_s = 15 * DEADLINE_S
        case "empty":
            server.body = EMPTY[source]
        case "500":
            server.status, server.body = 500, b"no"
        case "garbage":
            server.body = b"\xff\xfe<html>{{{"
        case _:
            server.body = json.dumps({"status": "success", "data": ["x" * 10_000_000]}).encode()


def named(look: FirstLook, source: str) -> bool:
    return any(line.text.startswith(f"{source} ") for line in look.unread)


def the_rest_stands(look: FirstLook, without: str) -> None:
    if without != "prometheus":
        assert look.services
        assert look.services[0].name == "store"
        assert look.moved
    if without != "alertmanager":
        assert any("ShopErrors" in line.text for line in look.firing)
    assert look.changed or without == "prometheus"


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("source", list(OVER_HTTP))
async def test_a_source_that_fails_is_named_and_the_rest_stands(source: str, fault: str, tmp_path: Path) -> None:
    async with behaving(fault, source) as url:
        look, seconds = await first_look(tmp_path / "world", source, OVER_HTTP[source](url))
    assert seconds < AT_MOST_S
    # Nothing firing and nothing merged are answers; no signals at all is none.
    assert named(look, source) == (fault != "empty" or source == "prometheus"), look.unread
    assert "Nothing stands out" not in look.headline
    assert "healthy" not in look.model_dump_json()
    if source == "alertmanager" and fault != "empty":
        assert "No alert fires" not in look.headline
    the_rest_stands(look, source)


def broken_docs(folder: Path, fault: str) -> DocsConfig:
    folder.mkdir()
    match fault:
        case "down":
            folder.rmdir()
        case "garbage":
            (folder / "a.md").write_bytes(b"\xff\x00\xfe# \x00" * 1000)
        case "10 MB":
            (folder / "a.md").write_text("# A\n\nword " * 1_100_000)
        case _:
            pass
    return DocsConfig(folders=(DocsFolder(name="docs", path=folder),))


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("down", "does not exist"),
        ("empty", "holds no Markdown files"),
        ("garbage", "a.md is no text"),
        ("10 MB", "longer than may be read"),
    ],
)
async def test_documents_that_fail_are_named_and_the_rest_stands(fault: str, words: str, tmp_path: Path) -> None:
    config = broken_docs(tmp_path / "docs", fault)
    look, seconds = await first_look(tmp_path / "world", "docs", DocsConnector(config))
    assert seconds < AT_MOST_S
    assert any(line.text.startswith("docs ") and words in line.text for line in look.unread), look.unread
    assert look.runbook == ()
    the_rest_stands(look, "docs")


async def test_a_document_that_cannot_be_read_is_named_beside_those_that_can(tmp_path: Path) -> None:
    config = broken_docs(tmp_path / "docs", "garbage")
    (tmp_path / "docs" / "b.md").write_text("# Something else\n\nNothing about the alert.\n")
    look, _ = await first_look(tmp_path / "world", "docs", DocsConnector(config))
    assert any("a.md is no text" in line.text for line in look.unread), look.unread


async def test_documents_without_a_word_about_the_alert_are_no_failure(tmp_path: Path) -> None:
    config = broken_docs(tmp_path / "docs", "fine")
    (tmp_path / "docs" / "b.md").write_text("# Something else\n\nNothing about the alert.\n")
    look, _ = await first_look(tmp_path / "world", "docs", DocsConnector(config))
    assert not named(look, "docs")


def broken_repository(folder: Path, fault: str) -> GitConfig:
    folder.mkdir()
    match fault:
        case "down":
            folder.rmdir()
        case "garbage":
            (folder / "HEAD").write_bytes(b"\xff\xfe")
            (folder / "objects").mkdir()
            (folder / "refs").mkdir()
        case "10 MB":
            (folder / "HEAD").write_bytes(b"x" * 10_000_000)
        case "hanging":
            (folder / "objects").mkdir()
            (folder / "refs").mkdir()
            os.mkfifo(folder / "HEAD")  # whoever opens it waits for ever, as on a file system that is gone
        case _:
            pass
    return GitConfig(repositories=(RepositoryConfig(name="shop", path=folder),))


def git(folder: Path, *words: str) -> str:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    for role in ("AUTHOR", "COMMITTER"):
        environment |= {f"GIT_{role}_NAME": "Ada Example", f"GIT_{role}_EMAIL": "ada@shop.example"}
        environment |= {f"GIT_{role}_DATE": "2026-03-01T11:30:00Z"}
    done = subprocess.run(["git", "-C", str(folder), *words], env=environment, capture_output=True, check=True)
    return done.stdout.decode().strip()


def a_repository(folder: Path) -> Path:
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    (folder / "a").write_text("a\n")
    git(folder, "add", "a")
    git(folder, "commit", "-q", "-m", "Add a")
    return folder


def corrupt(repository: Path) -> None:
    """Damage the newest commit: what points at it is there, what it holds is not."""
    newest = git(repository, "rev-parse", "HEAD")
    broken = repository / ".git" / "objects" / newest[:2] / newest[2:]
    broken.chmod(0o600)
    broken.write_bytes(b"no longer an object")


async def test_a_damaged_repository_is_named_beside_one_that_is_whole(tmp_path: Path) -> None:
    whole, damaged = (a_repository(tmp_path / name) for name in ("whole", "damaged"))
    corrupt(damaged)
    both = GitConfig(
        repositories=(RepositoryConfig(name="whole", path=whole), RepositoryConfig(name="damaged", path=damaged))
    )
    look, _ = await first_look(tmp_path / "world", "git", GitConnector(both))
    assert any(line.text.startswith("git ") and "damaged" in line.text for line in look.unread), look.unread
    the_rest_stands(look, "git")


@pytest.mark.parametrize("fault", ["down", "empty", "garbage", "10 MB", "hanging"])
async def test_a_repository_that_fails_is_named_and_the_rest_stands(fault: str, tmp_path: Path) -> None:
    config = broken_repository(tmp_path / "shop.git", fault)
    look, seconds = await first_look(tmp_path / "world", "git", GitConnector(config))
    assert seconds < AT_MOST_S
    assert named(look, "git"), look.unread
    the_rest_stands(look, "git")
