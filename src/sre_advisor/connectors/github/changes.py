"""Merged pull requests, deployments and releases of one repository as changes; synchronous, within a thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from sre_advisor.model import Change, Window

if TYPE_CHECKING:
    from github.Deployment import Deployment
    from github.File import File
    from github.GitRelease import GitRelease
    from github.PullRequest import PullRequest
    from github.Repository import Repository

T = TypeVar("T")
LOOKED_AT = 300
"""Items of each kind looked at, newest first, before giving up on reaching the window's start."""
WITH_FILES = 10
WITH_STATUS = 15


def changes(repository: Repository, name: str, window: Window, diff_chars: int) -> tuple[Change, ...]:
    """All three kinds, newest first."""
    found = [
        *_pull_requests(repository, name, window, diff_chars),
        *_deployments(repository, name, window),
        *_releases(repository, name, window),
    ]
    return tuple(sorted(found, key=lambda c: c.at, reverse=True))


def _pull_requests(repository: Repository, name: str, window: Window, diff_chars: int) -> list[Change]:
    pulls = repository.get_pulls(state="closed", sort="updated", direction="desc")
    recent = _until(pulls, lambda p: utc(p.updated_at), window.start)
    merged = [p for p in recent if p.merged_at and window.start <= utc(p.merged_at) <= window.end]
    merged.sort(key=lambda p: utc(p.merged_at), reverse=True)
    return [pull_request(p, name, diff_chars if i < WITH_FILES else 0) for i, p in enumerate(merged)]


def pull_request(pull: PullRequest, name: str, diff_chars: int) -> Change:
    """A merged pull request; files and patches are read only for a positive `diff_chars`."""
    files = list(islice(pull.get_files(), 300)) if diff_chars else []
    return Change(
        id=f"{name}#{pull.number}",
        kind="pull_request",
        at=utc(pull.merged_at or pull.updated_at),
        summary=f"#{pull.number} {pull.title}"[:300],
        author=pull.user.login if pull.user else None,
        files=tuple(f.filename for f in files),
        diff=patches(files, diff_chars) if files else None,
        commit=pull.merge_commit_sha,
        repository=name,
        link=pull.html_url,
    )


def patches(files: Iterable[File], limit: int) -> str:
    """The files' patches as one unified diff of at most `limit` characters."""
    text = ""
    for file in files:
        before = file.previous_filename or file.filename
        text += f"--- a/{before}\n+++ b/{file.filename}\n{file.patch or '[binary or too large]'}\n"
        if len(text) > limit:
            return f"{text[:limit]}\n[diff cut at {limit} characters]"
    return text


def _deployments(repository: Repository, name: str, window: Window) -> list[Change]:
    recent = _until(repository.get_deployments(), lambda d: utc(d.created_at), window.start)
    inside = [d for d in recent if window.start <= utc(d.created_at) <= window.end]
    return [_deployment(d, name, with_status=i < WITH_STATUS) for i, d in enumerate(inside)]


def _deployment(deployment: Deployment, name: str, *, with_status: bool) -> Change:
    status = next(iter(deployment.get_statuses()), None) if with_status else None
    state = f": {status.state}" if status else ""
    told = f" ({deployment.description})" if deployment.description else ""
    return Change(
        id=f"{name}@deployment:{deployment.id}",
        kind="deploy",
        at=utc(deployment.created_at),
        summary=f"Deployment of {deployment.ref} to {deployment.environment}{state}{told}"[:300],
        author=deployment.creator.login if deployment.creator else None,
        commit=deployment.sha,
        repository=name,
        link=(status.log_url or status.target_url or None) if status else None,
    )


def _releases(repository: Repository, name: str, window: Window) -> list[Change]:
    recent = _until(repository.get_releases(), _released, window.start)
    inside = [r for r in recent if r.published_at and window.start <= utc(r.published_at) <= window.end]
    return [
        Change(
            id=f"{name}@{release.tag_name}",
            kind="release",
            at=utc(release.published_at),
            summary=f"Release {release.tag_name}: {release.name or ''}".rstrip(": ")[:300],
            author=release.author.login if release.author else None,
            repository=name,
            link=release.html_url,
        )
        for release in inside
    ]


def _released(release: GitRelease) -> datetime:
    return utc(release.published_at or release.created_at)


def _until(items: Iterable[T], at: Callable[[T], datetime], start: datetime) -> Iterator[T]:
    """Items, newest first, until one lies before the start."""
    for item in islice(items, LOOKED_AT):
        if at(item) < start:
            return
        yield item


def utc(at: datetime | None) -> datetime:
    """A time of PyGithub's as aware UTC; raises ValueError when the answer left it out."""
    if at is None:
        raise ValueError("a time is missing")
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
