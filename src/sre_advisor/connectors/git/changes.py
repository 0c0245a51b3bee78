"""What reached the default branches in a window, and one commit in full."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from pydantic import JsonValue

from sre_advisor.connectors.contract import NoData, Reading, ToolFailure, Unavailable
from sre_advisor.connectors.git.args import ChangesArgs, CommitArgs, iso
from sre_advisor.connectors.git.links import commit_link
from sre_advisor.connectors.git.parse import Commit
from sre_advisor.connectors.git.repository import Repository
from sre_advisor.model import Change, Window

DIFFS_READ = 20
"""Diffs are read for this many newest commits of each repository; the rest are named without."""
FILES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class _Found:
    repository: Repository
    changes: tuple[Change, ...] = ()
    full: bool = False
    failure: ToolFailure | None = None


async def read_changes(args: ChangesArgs, repositories: tuple[Repository, ...], diff_chars: int) -> Reading:
    """Changes of all the repositories, newest first; one that fails is named and the others go on."""
    window = args.window
    found = await asyncio.gather(*(_changes_of(r, window, args, diff_chars) for r in repositories))
    failed = [f for f in found if f.failure]
    if failed and len(failed) == len(found):
        assert failed[0].failure is not None
        raise failed[0].failure
    changes = sorted((c for f in found for c in f.changes), key=lambda c: c.at, reverse=True)
    unread = [f"{f.repository.config.name}: {f.failure}" for f in failed]
    names = ", ".join(f.repository.config.name for f in found if not f.failure)
    if not changes:
        if unread:
            raise Unavailable("unreachable", f"no commits in {names}, but not read: {'; '.join(unread)}")
        raise NoData(
            f"No commits on the default branch of {names} from {iso(window.start)} to {iso(window.end)}.", window
        )
    summary = f"{len(changes)} commit{'s' * (len(changes) > 1)} reached the default branch of {names}"
    summary += f"; not read: {'; '.join(unread)}" if unread else ""
    more = [f.repository.config.name for f in found if f.full]
    body: dict[str, JsonValue] = {"changes": [_shown(c) for c in changes]}
    if unread:
        body["not_read"] = list(unread)
    truncated = f"the newest {args.limit} of {', '.join(more)}; ask for a shorter window or a path" if more else None
    return Reading(summary, body, tuple(changes), window, truncated=truncated)


async def _changes_of(repository: Repository, window: Window, args: ChangesArgs, diff_chars: int) -> _Found:
    try:
        commits = await repository.changes(window, args.limit + 1, args.path)
        kept = commits[: args.limit]
        gate = asyncio.Semaphore(4)
        changes = [_change(repository, c) for c in kept]

        async def with_diff(change: Change) -> Change:
            async with gate:
                diff, cut = await repository.diff(change.id, diff_chars, args.path)
            return replace(
                change, diff=f"{diff}\n[diff cut at {diff_chars} bytes; code_commit shows more]" if cut else diff
            )

        read = await asyncio.gather(*(with_diff(c) for c in changes[:DIFFS_READ]))
    except ToolFailure as failure:
        return _Found(repository, failure=failure)
    return _Found(repository, (*read, *changes[DIFFS_READ:]), len(commits) > args.limit)


def _change(repository: Repository, commit: Commit) -> Change:
    config = repository.config
    return Change(
        id=commit.sha,
        kind="commit",
        at=commit.at,
        summary=commit.subject[:300],
        author=commit.author[:100] or None,
        files=commit.files,
        commit=commit.sha,
        repository=config.name,
        link=commit_link(config.web_url, commit.sha),
    )


def _shown(change: Change) -> JsonValue:
    files: list[JsonValue] = list(change.files[:FILES_SHOWN])
    if len(change.files) > FILES_SHOWN:
        files.append(f"[{len(change.files) - FILES_SHOWN} more]")
    return {
        "sha": change.id,
        "repository": change.repository,
        "at": iso(change.at),
        "author": change.author,
        "summary": change.summary,
        "files": files,
        "diff": change.diff,
        "link": change.link,
    }


async def read_commit(args: CommitArgs, repository: Repository, diff_chars: int) -> Reading:
    """A commit's message, files and diff."""
    sha = await repository.resolve(args.sha)
    commit, message = await repository.commit(sha)
    bound = diff_chars * 5
    diff, cut = await repository.diff(sha, bound, args.path)
    brought = await repository.merged(commit)
    change = replace(_change(repository, commit), diff=diff)
    shown = _shown(change)
    assert isinstance(shown, dict)
    body: dict[str, JsonValue] = {**shown, "message": message[:10_000], "parents": list(commit.parents)}
    if brought:
        body["merged_commits"] = list(brought)
    truncated = f"diff cut at {bound} bytes; give a path to see one file's part" if cut else None
    summary = (
        f"{repository.config.name} {sha[:12]} by {change.author or 'unknown'} at {iso(commit.at)}: {change.summary}"
    )
    return Reading(summary, body, (change,), None, change.link, truncated)
