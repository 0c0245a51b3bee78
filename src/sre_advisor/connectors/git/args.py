"""Arguments of the code tools."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from sre_advisor.connectors.contract import ToolArgs
from sre_advisor.connectors.window_args import WindowArgs

RepositoryName = Annotated[
    str | None, Field(max_length=200, description="a configured repository; optional when there is one")
]
Path = Annotated[str, Field(min_length=1, max_length=4096, description="from the repository's root, literally")]
Revision = Annotated[str | None, Field(max_length=250, description="SHA, branch or tag")]
Line = Annotated[int, Field(ge=1, le=99_999_999)]


class ChangesArgs(WindowArgs):
    """What changed in a window."""

    path: Path | None = None
    repository: RepositoryName = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class CommitArgs(ToolArgs):
    """One commit."""

    sha: Annotated[str, Field(min_length=1, max_length=250)]
    repository: RepositoryName = None
    path: Path | None = None


class PatchArgs(ToolArgs):
    """A patch to try."""

    diff: Annotated[str, Field(min_length=1, max_length=20_000, description="unified diff, paths with a/ and b/")]
    sha: Annotated[str, Field(min_length=1, max_length=250)]
    repository: RepositoryName = None


class SearchArgs(ToolArgs):
    """A text or pattern in the code."""

    query: Annotated[str, Field(min_length=1, max_length=500)]
    regex: bool = False
    ignore_case: bool = False
    path: Path | None = None
    revision: Revision = None
    repository: RepositoryName = None
    context: Annotated[int, Field(ge=0, le=5)] = 1
    limit: Annotated[int, Field(ge=1, le=200)] = 40


class ReadArgs(ToolArgs):
    """Lines of a file."""

    path: Path
    revision: Revision = None
    first_line: Line = 1
    last_line: Line | None = None
    repository: RepositoryName = None


class BlameArgs(ToolArgs):
    """Who last touched lines of a file."""

    path: Path
    first_line: Line
    last_line: Line
    revision: Revision = None
    repository: RepositoryName = None


def iso(at: datetime) -> str:
    """A time as tools show it."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
