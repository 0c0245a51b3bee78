"""The shop's repository out of `history.yaml`: the same commits, byte for byte and SHA for SHA, on every machine."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

HISTORY = Path(__file__).parent / "history.yaml"
_DIFF = ("show", "--format=", "--no-color", "--no-ext-diff", "--no-textconv", "--diff-algorithm=myers", "--unified=3")


class _CommitEntry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    at: datetime
    by: str
    message: str
    id: str | None = None
    write: dict[str, str] = Field(default_factory=dict)
    edit: tuple[tuple[str, str, str], ...] = ()


class _History(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    authors: dict[str, str]
    commits: tuple[_CommitEntry, ...]


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit of the shop as git knows it; `key` is its short name within the generator."""

    key: str | None
    sha: str
    at: datetime
    author: str
    message: str
    files: tuple[str, ...]
    diff: str


def write_repository(git_dir: Path, history: Path = HISTORY) -> tuple[Commit, ...]:
    """Make the bare repository and return its commits, oldest first."""
    told = _History.model_validate(yaml.safe_load(history.read_text(encoding="utf-8")))
    _git(git_dir.parent, "init", "--quiet", "--bare", "--template=", "--initial-branch=main", str(git_dir))
    _git(git_dir, "fast-import", "--quiet", "--force", stdin=_stream(told))
    shas = _git(git_dir, "rev-list", "--reverse", "main").decode().split()
    return tuple(_commit(git_dir, told, entry, sha) for entry, sha in zip(told.commits, shas, strict=True))


def write_bundle(git_dir: Path, bundle: Path) -> None:
    """Pack the repository into one file."""
    _git(git_dir, "-c", "pack.threads=1", "bundle", "create", "--quiet", str(bundle), "HEAD", "main")


def _commit(git_dir: Path, told: _History, entry: _CommitEntry, sha: str) -> Commit:
    diff = _git(git_dir, "-c", "core.abbrev=12", *_DIFF, sha).decode()
    files = tuple(dict.fromkeys([*entry.write, *(path for path, _, _ in entry.edit)]))
    author = told.authors[entry.by].split(" <", maxsplit=1)[0]
    return Commit(entry.id, sha, entry.at.astimezone(UTC), author, entry.message.strip(), files, diff)


def _stream(told: _History) -> bytes:
    """The history as git fast-import reads it."""
    files: dict[str, str] = {}
    parts: list[bytes] = []
    for entry in told.commits:
        changed = _changed(files, entry)
        files.update(changed)
        who = f"{told.authors[entry.by]} {int(entry.at.timestamp())} +0000"
        parts.append(f"commit refs/heads/main\nauthor {who}\ncommitter {who}\n".encode())
        parts.append(_data(entry.message.strip() + "\n"))
        for path, content in changed.items():
            parts += [f"M 100644 inline {path}\n".encode(), _data(content)]
        parts.append(b"\n")
    return b"".join(parts)


def _changed(files: Mapping[str, str], entry: _CommitEntry) -> dict[str, str]:
    changed = dict(entry.write)
    for path, old, new in entry.edit:
        content = changed.get(path, files.get(path, ""))
        if content.count(old) != 1:
            raise ValueError(f"{path} at {entry.at:%F %T}: the text to replace stands there {content.count(old)} times")
        changed[path] = content.replace(old, new)
    return changed


def _data(text: str) -> bytes:
    content = text.encode()
    return b"data %d\n%s\n" % (len(content), content)


def _git(where: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    environment = {
        "PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC", "HOME": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_ATTR_NOSYSTEM": "1",
    }  # fmt: skip
    done = subprocess.run(  # noqa: S603 - the arguments are this module's own
        ["git", *arguments],  # noqa: S607 - whichever git the developer has
        cwd=where,
        env=environment,
        input=stdin,
        capture_output=True,
        check=True,
        timeout=60,
    )
    return done.stdout
