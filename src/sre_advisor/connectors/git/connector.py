"""The code connector: its tools, and whether its repositories can be read."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime

from sre_advisor.connectors.contract import (
    EVERYTHING,
    BadRequest,
    Denied,
    Health,
    Reading,
    Role,
    Scope,
    Tool,
    ToolFailure,
    Unavailable,
)
from sre_advisor.connectors.git.args import BlameArgs, ChangesArgs, CommitArgs, PatchArgs, ReadArgs, SearchArgs
from sre_advisor.connectors.git.changes import read_changes, read_commit
from sre_advisor.connectors.git.config import GitConfig
from sre_advisor.connectors.git.patches import try_patch
from sre_advisor.connectors.git.reading import read_blame, read_file, read_search
from sre_advisor.connectors.git.repository import Repository
from sre_advisor.connectors.git.runner import GitRunner


class GitConnector:
    """Reads the configured local repositories with the git program."""

    name = "git"

    def __init__(self, config: GitConfig) -> None:
        self._config = config
        self._repositories = {
            r.name: Repository(r, GitRunner(r.path.resolve(), config.timeout_s, config.max_output_bytes))
            for r in config.repositories
        }

    def tools(self) -> tuple[Tool, ...]:
        """The six tools."""
        return (
            Tool("code_changes", "Commits that reached the default branch, with files and diffs, newest first.",
                 ChangesArgs, self._changes, Role.CHANGES, self._changes),
            Tool("code_commit", "One commit: full message, files and unified diff.", CommitArgs, self._commit,
                 scoped=self._commit),
            Tool("code_search", "Lines of code holding a fixed string (or POSIX extended regex) at a commit.",
                 SearchArgs, self._search, scoped=self._search),
            Tool("code_read", "Numbered lines of a file at a commit, at most 400 at a time.", ReadArgs, self._read,
                 scoped=self._read),
            Tool("code_blame", "Which commit last touched each line of a range of a file.", BlameArgs, self._blame,
                 scoped=self._blame),
            Tool("code_try_patch", "Whether a unified diff applies at a commit, tried in a scratch copy.",
                 PatchArgs, self._try_patch, scoped=self._try_patch),
        )  # fmt: skip

    async def ping(self) -> Health:
        """Whether every configured repository can be read; never raises."""
        began = time.monotonic()
        if not self._repositories:
            return Health(
                self.name, "misconfigured", "no repository is configured", 0.0, "name one under git.repositories"
            )
        try:
            problems = await asyncio.gather(*(r.problem() for r in self._repositories.values()))
        except Unavailable as failure:
            return Health(self.name, "unreachable", failure.detail, time.monotonic() - began, "see the detail")
        bad = [(n, *p) for n, p in zip(self._repositories, problems, strict=True) if p]
        seconds = time.monotonic() - began
        if bad:
            detail = "; ".join(f"{name}: {what}" for name, what, _ in bad)
            return Health(self.name, "misconfigured", detail, seconds, "; ".join(f"{n}: {todo}" for n, _, todo in bad))
        noun = "repository" if len(problems) == 1 else "repositories"
        return Health(self.name, "ok", f"{len(problems)} {noun} readable", seconds)

    async def close(self) -> None:
        """Nothing is held open between calls."""

    def _visible(self, scope: Scope) -> dict[str, Repository]:
        if not self._repositories:
            raise Unavailable("internal", "no repository is configured; name one under git.repositories")
        found = {name: repository for name, repository in self._repositories.items() if scope.sees_repository(name)}
        if not found:
            raise Denied("channel_repositories: this channel may see none of the configured repositories")
        return found

    def _chosen(self, name: str | None, scope: Scope) -> tuple[Repository, ...]:
        visible = self._visible(scope)
        if name is None:
            return tuple(visible.values())
        found = visible.get(name)
        if found is None:
            raise BadRequest(f"no repository {name!r}; configured are: {', '.join(visible)}")
        return (found,)

    def _one(self, name: str | None, scope: Scope) -> Repository:
        chosen = self._chosen(name, scope)
        if len(chosen) > 1:
            raise BadRequest(f"say which repository: {', '.join(r.config.name for r in chosen)}")
        return next(iter(chosen))

    async def _changes(self, args: ChangesArgs, _now: datetime, scope: Scope = EVERYTHING) -> Reading:
        return await read_changes(args, self._chosen(args.repository, scope), self._config.diff_chars)

    async def _commit(self, args: CommitArgs, _now: datetime, scope: Scope = EVERYTHING) -> Reading:
        if args.repository is None and len(self._visible(scope)) > 1:
            return await read_commit(args, await self._holder(args.sha, scope), self._config.diff_chars)
        return await read_commit(args, self._one(args.repository, scope), self._config.diff_chars)

    async def _holder(self, sha: str, scope: Scope) -> Repository:
        """The repository that holds the commit, so that a SHA alone is enough."""
        visible = self._visible(scope)
        for repository in visible.values():
            try:
                await repository.resolve(sha)
            except ToolFailure:
                continue
            return repository
        raise BadRequest(f"no configured repository ({', '.join(visible)}) has the commit {sha!r}")

    async def _search(self, args: SearchArgs, _now: datetime, scope: Scope = EVERYTHING) -> Reading:
        return await read_search(args, self._one(args.repository, scope))

    async def _read(self, args: ReadArgs, _now: datetime, scope: Scope = EVERYTHING) -> Reading:
        return await read_file(args, self._one(args.repository, scope))

    async def _blame(self, args: BlameArgs, _now: datetime, scope: Scope = EVERYTHING) -> Reading:
        return await read_blame(args, self._one(args.repository, scope))

    async def _try_patch(self, args: PatchArgs, _now: datetime, scope: Scope = EVERYTHING) -> Reading:
        return await try_patch(args, self._one(args.repository, scope))
