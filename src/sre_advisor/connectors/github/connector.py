"""The GitHub connector: its tools, and whether its repositories can be read."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, JsonValue

from sre_advisor.connectors.contract import (
    EVERYTHING,
    BadRequest,
    Denied,
    Health,
    NoData,
    Reading,
    Role,
    Scope,
    Tool,
    ToolArgs,
    ToolFailure,
    Unavailable,
)
from sre_advisor.connectors.github.client import GithubClient
from sre_advisor.connectors.github.config import GithubConfig, TokenSource, token_from
from sre_advisor.connectors.window_args import WindowArgs
from sre_advisor.model import Change

if TYPE_CHECKING:
    from github import Github
    from github.WorkflowRun import WorkflowRun

RUNS = 100
BODY_CHARS = 6_000
RepositoryName = Annotated[str | None, Field(max_length=200, description="owner/name, a configured one")]


class ChangesArgs(WindowArgs):
    """A stretch of time, in one repository or all."""

    repository: RepositoryName = None


class PullRequestArgs(ToolArgs):
    """One pull request."""

    number: Annotated[int, Field(ge=1, le=2_147_483_647)]
    repository: RepositoryName = None


class GithubConnector:
    """Reads the configured repositories; the token is asked for anew at every call."""

    name = "github"

    def __init__(self, config: GithubConfig, token: TokenSource | None = None) -> None:
        self._config = config
        self._client = GithubClient(config, token or token_from())

    def tools(self) -> tuple[Tool, ...]:
        """The three tools."""
        return (
            Tool("github_changes", "Pull requests merged, deployments and releases between start and end (UTC), newest "
                 "first.", ChangesArgs, self._changes, Role.CHANGES, self._changes),
            Tool("github_pull_request", "One pull request: title, text, files and patches.", PullRequestArgs,
                 self._pull, scoped=self._pull),
            Tool("github_workflow_runs", "Workflow runs created between start and end (UTC), failures first.",
                 ChangesArgs, self._runs, scoped=self._runs),
        )  # fmt: skip

    async def ping(self) -> Health:
        """Whether every configured repository can be read with the token; never raises."""
        began = time.monotonic()
        if not self._config.repositories:
            return Health(
                self.name, "misconfigured", "no repository is configured", 0.0, "list owner/name under github"
            )
        found = await asyncio.gather(*(self._reachable(name) for name in self._config.repositories))
        seconds = time.monotonic() - began
        bad = [(n, f) for n, f in zip(self._config.repositories, found, strict=True) if f]
        if not bad:
            noun = "repository" if len(found) == 1 else "repositories"
            return Health(self.name, "ok", f"{len(found)} {noun} readable at {self._config.base_url}", seconds)
        detail = "; ".join(
            f"{name}: {failure.detail if isinstance(failure, Unavailable) else failure}" for name, failure in bad
        )
        first = bad[0][1]
        if isinstance(first, BadRequest):
            advice = "check the name; a private repository needs a token with read access to it (GITHUB_TOKEN)"
            return Health(self.name, "misconfigured", detail, seconds, advice)
        if isinstance(first, Unavailable) and first.kind == "unauthorised":
            advice = "set GITHUB_TOKEN (or GITHUB_TOKEN_FILE) to a fine-grained token with read-only access"
            return Health(self.name, "unauthorised", detail, seconds, advice)
        advice = (
            "wait for the limit to reset; a token raises it"
            if "rate limit" in detail
            else "check base_url and the network"
        )
        return Health(self.name, "unreachable", detail, seconds, advice)

    async def close(self) -> None:
        """Nothing is held open between calls but idle sockets of finished threads."""

    async def _reachable(self, name: str) -> ToolFailure | None:
        def look(github: Github) -> None:
            repository = github.get_repo(name)
            repository.update()
            if repository.full_name.casefold() != name.casefold():
                raise Unavailable("garbled", "GitHub answered for another repository")

        try:
            await self._client.read(look)
        except ToolFailure as failure:
            return failure
        return None

    def _chosen(self, name: str | None, scope: Scope) -> tuple[str, ...]:
        if not self._config.repositories:
            raise Unavailable("internal", "no repository is configured; list owner/name under github.repositories")
        configured = tuple(r for r in self._config.repositories if scope.sees_repository(r))
        if not configured:
            raise Denied("channel_repositories: this channel may see none of the configured repositories")
        if name is None:
            return configured
        found = next((r for r in configured if r.casefold() == name.casefold()), None)
        if found is None:
            raise BadRequest(f"no repository {name!r}; configured are: {', '.join(configured)}")
        return (found,)

    async def _changes(self, args: ChangesArgs, _now: datetime, scope: Scope = EVERYTHING) -> Reading:
        window = args.window

        async def one(name: str) -> tuple[Change, ...]:
            from sre_advisor.connectors.github import changes

            return await self._client.read(
                lambda g: changes.changes(g.get_repo(name), name, window, self._config.diff_chars)
            )

        chosen = self._chosen(args.repository, scope)
        parts = await asyncio.gather(*(one(name) for name in chosen), return_exceptions=True)
        found = sorted((c for p in parts if isinstance(p, tuple) for c in p), key=lambda c: c.at, reverse=True)
        unread = _unread(chosen, parts)
        summary = _counted(found) + f" in {', '.join(chosen)}" + (f"; not read: {'; '.join(unread)}" if unread else "")
        if not found and unread:
            raise Unavailable("server_error", summary)
        if not found:
            raise NoData(
                f"No pull request merged, deployment or release in {', '.join(chosen)} in this window.", window
            )
        body: dict[str, JsonValue] = {"changes": [_shown(c) for c in found[:100]], "not_read": list(unread)}
        note = f"the newest 100 of {len(found)}; ask for a shorter window" if len(found) > 100 else None
        return Reading(summary, body, tuple(found), window, truncated=note)

    async def _pull(self, args: PullRequestArgs, _now: datetime, scope: Scope = EVERYTHING) -> Reading:
        from sre_advisor.connectors.github import changes

        chosen = self._chosen(args.repository, scope)
        if len(chosen) > 1:
            raise BadRequest(f"say which repository: {', '.join(chosen)}")
        name = next(iter(chosen))
        bound = self._config.diff_chars * 5

        def read(github: Github) -> tuple[Change, dict[str, JsonValue]]:
            pull = github.get_repo(name).get_pull(args.number)
            about: dict[str, JsonValue] = {
                "state": "merged" if pull.merged_at else pull.state,
                "body": (pull.body or "")[:BODY_CHARS],
                "base": pull.base.ref if pull.base else None,
            }
            return changes.pull_request(pull, name, bound), about

        change, about = await self._client.read(read)
        shown = _shown(change)
        assert isinstance(shown, dict)
        body: dict[str, JsonValue] = {**shown, **about}
        cut = change.diff is not None and len(change.diff) > bound
        nouns = (change,) if about["state"] == "merged" else ()
        note = f"patches cut at {bound} characters" if cut else None
        return Reading(f"{change.repository} {change.summary} ({about['state']})", body, nouns, None, change.link, note)

    async def _runs(self, args: ChangesArgs, _now: datetime, scope: Scope = EVERYTHING) -> Reading:
        window = args.window
        created = f"{window.start:%Y-%m-%dT%H:%M:%SZ}..{window.end:%Y-%m-%dT%H:%M:%SZ}"
        chosen = self._chosen(args.repository, scope)

        async def one(name: str) -> list[JsonValue]:
            def read(github: Github) -> list[JsonValue]:
                runs = github.get_repo(name).get_workflow_runs(created=created)
                return [_run(r, name) for r in islice(runs, RUNS)]

            return await self._client.read(read)

        parts = await asyncio.gather(*(one(name) for name in chosen), return_exceptions=True)
        unread = _unread(chosen, parts)
        runs = [r for p in parts if isinstance(p, list) for r in p if isinstance(r, dict)]
        failed = [r for r in runs if r["conclusion"] in ("failure", "timed_out", "startup_failure")]
        missing = f"; not read: {'; '.join(unread)}" if unread else ""
        if not runs and unread:
            raise Unavailable("server_error", f"no workflow runs{missing}")
        if not runs:
            raise NoData(f"No workflow runs in {', '.join(chosen)} in this window.", window)
        ordered: list[JsonValue] = [*failed, *(r for r in runs if r not in failed)]
        note = (
            f"the newest {RUNS} of a repository" if any(isinstance(p, list) and len(p) == RUNS for p in parts) else None
        )
        body: dict[str, JsonValue] = {"runs": ordered, "not_read": list(unread)}
        return Reading(f"{len(runs)} workflow runs, {len(failed)} failed{missing}", body, (), window, truncated=note)


def _run(run: WorkflowRun, name: str) -> JsonValue:
    return {
        "repository": name,
        "id": run.id,
        "name": run.name,
        "title": (run.display_title or "")[:300],
        "status": run.status,
        "conclusion": run.conclusion,
        "branch": run.head_branch,
        "commit": run.head_sha,
        "event": run.event,
        "at": run.created_at.isoformat(),
        "link": run.html_url,
    }


def _unread(names: tuple[str, ...], parts: Sequence[object]) -> list[str]:
    """Which repositories failed and why; raises the failure when all did, and what is no failure of the contract."""
    failures = [(n, p) for n, p in zip(names, parts, strict=True) if isinstance(p, BaseException)]
    for _, failure in failures:
        if not isinstance(failure, ToolFailure) or len(failures) == len(names):
            raise failure
    return [f"{name}: {failure}" for name, failure in failures]


def _counted(found: list[Change]) -> str:
    words = {"pull_request": "pull requests merged", "deploy": "deployments", "release": "releases"}
    return ", ".join(f"{sum(c.kind == kind for c in found)} {word}" for kind, word in words.items())


def _shown(change: Change) -> JsonValue:
    return {
        "id": change.id,
        "kind": change.kind,
        "at": f"{change.at:%Y-%m-%dT%H:%M:%SZ}",
        "author": change.author,
        "summary": change.summary,
        "files": list(change.files[:50]),
        "diff": change.diff,
        "commit": change.commit,
        "link": change.link,
    }
