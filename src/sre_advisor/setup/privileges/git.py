"""Git mirrors: read as files, with the rights of this user; credentials in their remotes are found by looking."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from pathlib import Path

from sre_advisor.connectors.git.config import RepositoryConfig
from sre_advisor.settings import Settings
from sre_advisor.setup.privileges.files import changeable, exposed
from sre_advisor.setup.privileges.review import Access, Question, Reviewed

LIMIT = 1_000_000
_URL = re.compile(r"^\s*(?:push)?url\s*=\s*\"?[a-z+]+://(?P<user>[^/@\s]*)@(?P<host>[^/\s\"]+)", re.IGNORECASE)
_HEADER = re.compile(r"^\s*extraheader\s*=\s*\"?\s*(authorization|cookie|private-token)", re.IGNORECASE)


def questions(settings: Settings) -> list[Question]:
    """One for each mirror."""
    return [_question(repository) for repository in settings.git.repositories]


def _question(repository: RepositoryConfig) -> Question:
    known = Reviewed(
        credential=f"git.repositories {repository.name} (no credential)",
        system="git",
        source=f"folder {repository.path}, with the rights of this user",
        reads=("every commit in the mirror, also of branches that nobody deploys",),
        worst="code and what was ever committed by mistake reaches the model, redacted",
    )

    async def ask(known: Reviewed) -> Reviewed:
        return await asyncio.to_thread(_looked_at, known, repository.path)

    return Question(known, ask)


def _looked_at(known: Reviewed, path: Path) -> Reviewed:
    file = _configuration(path)
    if file is None:
        return known.noting("there is no git configuration in it; is it a repository?")
    with file.open("rb") as opened:
        text = opened.read(LIMIT).decode("utf-8", errors="replace")
    held = credentials_in(text)
    findings = changeable(file.parent, "the mirror")
    narrow: tuple[str, ...] = ()
    if held:
        findings += (*held, *exposed(file, "the configuration with that credential"))
        narrow = ("fetch with a credential helper or a read-only deploy key of another user, and take it out there",)
    return replace(
        known, access=Access.UNKNOWN if held else Access.READS, findings=known.findings + findings, narrow=narrow
    )


def _configuration(path: Path) -> Path | None:
    """The repository's own configuration: of a checkout, a linked worktree or a bare mirror."""
    link = path / ".git"
    if link.is_file():
        folder = path / link.read_text(encoding="utf-8", errors="replace").removeprefix("gitdir:").strip()
        common = folder / "commondir"
        folder = folder / common.read_text(encoding="utf-8", errors="replace").strip() if common.is_file() else folder
        return folder / "config" if (folder / "config").is_file() else None
    return next((one for one in (link / "config", path / "config") if one.is_file()), None)


def credentials_in(text: str) -> tuple[str, ...]:
    """A finding for each remote's credential in a git configuration, by its host; never its value."""
    found: list[str] = []
    for line in text.splitlines():
        url = _URL.match(line)
        if url and (":" in url["user"] or len(url["user"]) >= 20):
            found.append(f"a remote's URL holds a credential for {url['host']}: what it may do is not known")
        elif _HEADER.match(line):
            found.append("a header with a credential is configured for a remote: what it may do is not known")
    return tuple(dict.fromkeys(found))
