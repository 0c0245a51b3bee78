"""What git prints, as data; pure, and true for any text a commit, path or file can hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

LOG_FORMAT = "--format=tformat:%x00%H%x00%P%x00%ct%x00%an%x00%s%x00"
"""Starts each record with an empty field: no file name is empty, so a record's end is never in doubt."""
_FIELDS = 5


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit; `at` is the committer's date in UTC."""

    sha: str
    parents: tuple[str, ...]
    at: datetime
    author: str
    subject: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A line git grep printed; `hit` is false for context that cannot be told apart from one."""

    path: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class BlamedLine:
    """A line and the commit that last touched it."""

    line: int
    sha: str
    author: str
    at: datetime
    subject: str
    text: str


def text(raw: bytes) -> str:
    """Bytes as text, undecodable ones replaced."""
    return raw.decode("utf-8", errors="replace")


def commits(raw: bytes) -> tuple[Commit, ...]:
    """Output of `git log -z --name-only` with LOG_FORMAT; a record cut off by a limit is left out or lacks files."""
    tokens = raw.split(b"\0")
    found: list[Commit] = []
    i = 0
    while i + _FIELDS < len(tokens):
        sha, parents, at, author, subject = tokens[i + 1 : i + 1 + _FIELDS]
        i += _FIELDS + 2
        files: list[str] = []
        while i < len(tokens) and tokens[i]:
            files.append(text(tokens[i][1:] if not files else tokens[i]))
            i += 1
        if not at.isdigit():
            break
        when = datetime.fromtimestamp(int(at), UTC)
        found.append(Commit(text(sha), tuple(text(parents).split()), when, text(author), text(subject), tuple(files)))
    return tuple(found)


def matches(raw: bytes, sha: str) -> tuple[Match, ...]:
    """Output of `git grep -z -n` at a commit, context lines included, in order; what is cut off at the end is left out.

    Scanned in place: cutting each line off the front would copy megabytes once a line.
    """
    prefix = f"{sha}:".encode()
    found: list[Match] = []
    at = 0
    while at < len(raw):
        at += 3 * raw.startswith(b"--\n", at)
        path_end = raw.find(b"\0", at)
        line_end = raw.find(b"\0", path_end + 1)
        if path_end < 0 or line_end < 0 or not raw.startswith(prefix, at):
            break
        line, end = raw[path_end + 1 : line_end], raw.find(b"\n", line_end + 1)
        if not line.isdigit():
            break
        end = len(raw) if end < 0 else end
        found.append(Match(text(raw[at + len(prefix) : path_end]), int(line), text(raw[line_end + 1 : end])))
        at = end + 1
    return tuple(found)


def blamed(raw: bytes) -> tuple[BlamedLine, ...]:
    """Output of `git blame --porcelain`."""
    known: dict[str, dict[str, str]] = {}
    found: list[BlamedLine] = []
    sha, number = "", 0
    for row in raw.split(b"\n"):
        if row.startswith(b"\t"):
            about = known.get(sha, {})
            at = datetime.fromtimestamp(int(about.get("committer-time", "0")), UTC)
            found.append(BlamedLine(number, sha, about.get("author", ""), at, about.get("summary", ""), text(row[1:])))
            continue
        key, _, value = text(row).partition(" ")
        parts = value.split()
        if len(key) in (40, 64) and len(parts) >= 2 and parts[1].isdigit():
            sha, number = key, int(parts[1])
            known.setdefault(sha, {})
        elif sha and key:
            known[sha].setdefault(key, value)
    return tuple(found)
