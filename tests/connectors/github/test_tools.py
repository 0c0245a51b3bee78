"""The GitHub tools, with the real PyGithub over a local server."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from sre_advisor.connectors.contract import BadRequest, NoData, Reading, ToolFailure, Unavailable
from sre_advisor.connectors.github import GithubConfig, GithubConnector
from sre_advisor.connectors.github.config import token_from
from sre_advisor.model import Change
from tests.connectors.github.standin import REPO, Answer, Standin, error, ok, pull, serve

NOW = datetime(2026, 6, 3, tzinfo=UTC)
JUNE_2 = {"start": "2026-06-02T00:00:00Z", "end": "2026-06-02T23:59:59Z"}
TOKEN = "ghp_" + "1" * 36


def connector(hub: Standin, *more: str, **config: Any) -> GithubConnector:
    settings = GithubConfig(repositories=("acme/shop", *more), base_url=hub.url, **config)
    return GithubConnector(settings, lambda: TOKEN)


async def call(github: GithubConnector, tool: str, **args: Any) -> Reading:
    found = next(t for t in github.tools() if t.name == tool)
    return await found.run(found.args.model_validate(args), NOW)


def changes(reading: Reading) -> list[Change]:
    return [n for n in reading.nouns if isinstance(n, Change)]


async def test_merged_pull_requests_deployments_and_releases_of_the_window_are_changes(hub: Standin) -> None:
    reading = await call(connector(hub), "github_changes", **JUNE_2)
    deploy, release, merged = changes(reading)
    assert (merged.kind, merged.id, merged.commit) == ("pull_request", "acme/shop#12", f"{12:040x}")
    assert (merged.files, merged.author) == (("checkout/pool.py",), "ada")
    assert merged.diff is not None
    assert "-size = 20\n+size = 2" in merged.diff
    assert merged.link == "https://github.example/acme/shop/pull/12"
    assert (deploy.kind, deploy.commit, deploy.link) == ("deploy", "c" * 40, "https://ci.example/7")
    assert deploy.summary == "Deployment of main to production: success"
    assert (release.kind, release.summary) == ("release", "Release v1.2: June")
    assert "1 pull requests merged, 1 deployments, 1 releases" in reading.summary


async def test_a_window_in_which_nothing_happened_is_no_data(hub: Standin) -> None:
    with pytest.raises(NoData):
        await call(connector(hub), "github_changes", start="2025-01-01T00:00:00Z", end="2025-01-02T00:00:00Z")


async def test_paging_ends_at_the_start_of_the_window(hub: Standin) -> None:
    page = [pull(hub.url, n, "2026-06-02T09:00:00Z") for n in range(100, 200)]
    link = f'<{hub.url}{REPO}/pulls?page=2>; rel="next"'
    answers = iter([ok(page, Link=link), ok([pull(hub.url, 1, "2026-05-01T00:00:00Z")], Link=link)])
    hub.routes[f"{REPO}/pulls"] = lambda: next(answers)
    for n in range(100, 200):
        hub.routes[f"{REPO}/pulls/{n}/files"] = lambda: ok([])
    reading = await call(connector(hub), "github_changes", **JUNE_2)
    assert len(changes(reading)) == 102
    assert hub.paths().count(f"{REPO}/pulls") == 2
    assert sum(p.endswith("/files") for p in hub.paths()) == 10
    assert reading.truncated is not None


async def test_one_pull_request_comes_with_text_files_and_patches(hub: Standin) -> None:
    reading = await call(connector(hub), "github_pull_request", number=12)
    assert isinstance(reading.body, dict)
    assert (reading.body["state"], reading.body["body"], reading.body["base"]) == ("merged", "Why", "main")
    assert len(changes(reading)) == 1


async def test_workflow_runs_show_failures_first(hub: Standin) -> None:
    reading = await call(connector(hub), "github_workflow_runs", **JUNE_2)
    assert isinstance(reading.body, dict)
    runs = reading.body["runs"]
    assert isinstance(runs, list)
    assert [r["conclusion"] for r in runs if isinstance(r, dict)] == ["failure", "success"]
    assert hub.seen[0][2]["created"] == ["2026-06-02T00:00:00Z..2026-06-02T23:59:59Z"]


FAILURES: list[tuple[Callable[[], Answer], str, str]] = [
    (lambda: error(401, "Bad credentials"), "unauthorised", "wrong, expired or revoked"),
    (
        lambda: error(403, "API rate limit exceeded for 1.2.3.4", X_RateLimit_Remaining="0"),
        "server_error",
        "rate limit",
    ),
    (lambda: error(403, "You have exceeded a secondary rate limit.", Retry_After="60"), "server_error", "in 60 s"),
    (lambda: error(429, "Slow down"), "server_error", "rate limit"),
    (lambda: error(403, "Resource not accessible by personal access token"), "unauthorised", "may not read"),
    (lambda: error(500, "Oops"), "server_error", "500"),
    (lambda: (502, {}, b"<html>Bad gateway</html>"), "server_error", "502"),
    (lambda: (200, {}, b"<html>captive portal</html>"), "garbled", "not GitHub's"),
    (lambda: ok({"unexpected": ["shape"]}), "garbled", ""),
    (lambda: ok([1, None, "x"]), "garbled", ""),
    (lambda: ok([{}]), "garbled", ""),
    (lambda: ok([pull("", 1, "yesterday")]), "garbled", ""),
    (lambda: (200, {}, b""), "garbled", "empty"),
    (lambda: (200, {}, b"null"), "garbled", "empty"),
    (lambda: (202, {}, b"{}"), "server_error", "preparing"),
    (lambda: (200, {}, b'[{"x": "' + b"y" * 10_000_000 + b'"}]'), "too_large", "longer than"),
]


@pytest.mark.alone
@pytest.mark.parametrize(("answer", "kind", "said"), FAILURES)
async def test_each_failure_is_named_quickly_without_the_answers_text(
    hub: Standin, answer: Callable[[], Answer], kind: str, said: str
) -> None:
    hub.routes[f"{REPO}/pulls"] = answer
    began = time.monotonic()
    with pytest.raises(Unavailable) as caught:
        await call(connector(hub), "github_changes", **JUNE_2)
    assert caught.value.kind == kind
    assert said in caught.value.detail
    assert TOKEN not in str(caught.value)
    assert "captive" not in str(caught.value)
    assert time.monotonic() - began < 4


@pytest.mark.alone
async def test_an_answer_that_drips_is_given_up_at_the_time_limit(hub: Standin) -> None:
    hub.drip_s = 0.3
    began = time.monotonic()
    with pytest.raises(Unavailable) as caught:
        await call(connector(hub, timeout_s=1.0), "github_changes", **JUNE_2)
    assert caught.value.kind == "timeout"
    assert time.monotonic() - began < 4


async def test_a_server_that_is_not_there_is_unreachable() -> None:
    gone = Standin(url="http://127.0.0.1:1")
    with pytest.raises(Unavailable) as caught:
        await call(connector(gone), "github_changes", **JUNE_2)
    assert caught.value.kind == "unreachable"


async def test_what_github_does_not_hold_is_a_bad_request(hub: Standin) -> None:
    with pytest.raises(BadRequest, match="no such thing"):
        await call(connector(hub), "github_pull_request", number=999)
    with pytest.raises(BadRequest, match="configured are: acme/shop"):
        await call(connector(hub), "github_changes", repository="evil/repo", **JUNE_2)


async def test_a_failing_repository_is_named_while_the_others_are_read(hub: Standin) -> None:
    reading = await call(connector(hub, "acme/gone"), "github_changes", **JUNE_2)
    assert len(reading.nouns) == 3
    assert "not read: acme/gone" in reading.summary


async def test_a_redirect_is_not_followed_and_no_other_host_sees_the_token(hub: Standin) -> None:
    other = Standin()
    server = serve(other)
    try:
        for status in (301, 302, 307, 308):
            target = {"Location": f"{other.url}{REPO}/pulls"}
            hub.routes[f"{REPO}/pulls"] = lambda s=status, t=target: (s, t, b"{}")
            with pytest.raises(Unavailable, match="renamed or moved"):
                await call(connector(hub), "github_changes", **JUNE_2)
    finally:
        server.shutdown()
        server.server_close()
    assert other.seen == []


async def test_a_link_to_the_next_page_elsewhere_is_not_followed(hub: Standin) -> None:
    other = Standin()
    server = serve(other)
    try:
        for place in (
            f"{other.url}{REPO}/pulls?page=2",
            f"{hub.url}/admin/users?page=2",
            f"{hub.url}{REPO}/pulls?access_token=x",
        ):
            hub.routes[f"{REPO}/pulls"] = lambda p=place: ok(
                [pull(hub.url, 12, "2026-06-02T09:00:00Z")], Link=f'<{p}>; rel="next"'
            )
            with pytest.raises(Unavailable) as caught:
                await call(connector(hub), "github_changes", **JUNE_2)
            assert caught.value.kind == "garbled"
    finally:
        server.shutdown()
        server.server_close()
    assert other.seen == []
    assert "/admin/users" not in hub.paths()


async def test_an_object_that_says_it_lives_elsewhere_leads_nowhere(hub: Standin) -> None:
    hub.routes[f"{REPO}/pulls"] = lambda: ok([pull("http://127.0.0.1:9", 12, "2026-06-02T09:00:00Z")])
    with pytest.raises(Unavailable) as caught:
        await call(connector(hub), "github_changes", **JUNE_2)
    assert caught.value.kind == "garbled"
    assert hub.paths() == [f"{REPO}/pulls"]


HOSTILE = [
    "../../user",
    "acme/shop/../../admin",
    "acme/shop?x=1",
    "acme/shop#",
    "http://evil.example/a/b",
    "acme/..",
    "",
    "a\nb",
    "🔥",
]


async def test_hostile_arguments_put_nothing_on_the_wire_but_declared_reads(hub: Standin) -> None:
    github = connector(hub)
    for tool in github.tools():
        for repository in [*HOSTILE, None, "acme/shop"]:
            for number in (-1, 0, 12, "12/merge", "12?x", 10**30, None):
                args: dict[str, Any] = {**JUNE_2, "repository": repository, "number": number}
                kept = {k: v for k, v in args.items() if k in tool.args.model_fields}
                try:
                    await tool.run(tool.args.model_validate(kept), NOW)
                except (ToolFailure, ValidationError):
                    continue
    assert hub.seen
    assert {method for method, *_ in hub.seen} == {"GET"}
    assert all(path.startswith(f"{REPO}/") for path in hub.paths())
    assert all(token == f"token {TOKEN}" for *_, token in hub.seen)


async def test_the_token_is_read_anew_at_every_call(hub: Standin, tmp_path: Path) -> None:
    file = tmp_path / "token"
    config = GithubConfig(repositories=("acme/shop",), base_url=hub.url)
    github = GithubConnector(config, token_from({"GITHUB_TOKEN_FILE": str(file)}))
    for value in ("first" + "1" * 10, "second" + "2" * 10):
        file.write_text(value + "\n")
        await call(github, "github_pull_request", number=12)
        assert hub.seen[-1][3] == f"token {value}"
    file.unlink()
    with pytest.raises(Unavailable, match="GITHUB_TOKEN_FILE"):
        await call(github, "github_pull_request", number=12)


async def test_ping_says_what_is_wrong_and_what_to_do(hub: Standin) -> None:
    assert (await connector(hub).ping()).state == "ok"
    gone = await connector(hub, "acme/gone").ping()
    assert (gone.state, "acme/gone" in gone.detail) == ("misconfigured", True)
    hub.routes[REPO] = lambda: error(401, "Bad credentials")
    refused = await connector(hub).ping()
    assert refused.state == "unauthorised"
    assert "GITHUB_TOKEN" in refused.advice
    hub.routes[REPO] = lambda: error(403, "API rate limit exceeded", X_RateLimit_Remaining="0")
    limited = await connector(hub).ping()
    assert limited.state == "unreachable"
    assert "wait" in limited.advice
    assert (await GithubConnector(GithubConfig(), lambda: None).ping()).state == "misconfigured"


@pytest.mark.parametrize(
    "name", ["shop", "acme/shop/x", "acme/..", "../x", "a b/c", "acme/shop?x", "https://github.com/a/b"]
)
def test_a_repository_that_is_no_full_name_is_refused_in_the_configuration(name: str) -> None:
    with pytest.raises(ValidationError, match="owner/name"):
        GithubConfig(repositories=(name,))


def test_pygithub_is_not_imported_before_it_is_needed() -> None:
    code = "import sys, sre_advisor.connectors.github; print('github' in sys.modules, 'requests' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": "src"}
    )
    assert done.stdout.split() == ["False", "False"]
