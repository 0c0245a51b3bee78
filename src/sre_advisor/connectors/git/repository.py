"""One local repository, always read at a commit, never in the working tree."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from sre_advisor.connectors.contract import BadRequest, Unavailable
from sre_advisor.connectors.folders import folder_problem
from sre_advisor.connectors.git import parse
from sre_advisor.connectors.git.config import RepositoryConfig
from sre_advisor.connectors.git.refs import is_full_sha, is_safe_revision, path_problem
from sre_advisor.connectors.git.runner import GitRunner, Output
from sre_advisor.model import Window

_FIRST_PARENT = ("--no-textconv", "--no-ext-diff", "--no-color", "--diff-merges=first-parent", "--submodule=short")


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands at a path: git's mode and type, the object, its size in bytes (None for a folder)."""

    mode: str
    type: str
    object: str
    size: int | None
    path: str


@dataclass(frozen=True, slots=True)
class Repository:
    """Reads of one repository; raises BadRequest for what it does not hold, Unavailable when it cannot be read."""

    config: RepositoryConfig
    runner: GitRunner

    async def resolve(self, revision: str | None) -> str:
        """The full SHA of a commit, branch or tag; None stands for the default branch."""
        wanted = revision or self.config.default_branch or "HEAD"
        if not is_safe_revision(wanted):
            raise BadRequest(
                "a revision is a commit SHA, a branch or a tag, without spaces, '..', ':' or a leading '-'"
            )
        out = await self.runner.run(
            "rev-parse", ("--verify", "--quiet", "--end-of-options"), revisions=(f"{wanted}^{{commit}}",)
        )
        sha = parse.text(out.stdout).strip()
        if out.code == 0 and is_full_sha(sha):
            return sha
        problem = await self.problem()
        if problem:
            raise Unavailable("unreachable", f"repository {self.config.name}: {problem[0]}")
        shown = revision or f"the default branch {wanted}"
        raise BadRequest(
            f"repository {self.config.name} has no commit {shown!r}; give a SHA seen in code_changes, a branch or a tag"
        )

    async def problem(self) -> tuple[str, str] | None:
        """What keeps this repository from being read and what to do about it; None when nothing does."""
        found = await asyncio.to_thread(_folder_problem, self.config)
        if found:
            return found
        where = str(self.config.path)
        out = await self.runner.run("rev-parse", ("--git-dir",))
        if out.code != 0:
            return f"{where} is not a git repository", "make it one: git clone --mirror URL " + where
        head = self.config.default_branch or "HEAD"
        out = await self.runner.run(
            "rev-parse", ("--verify", "--quiet", "--end-of-options"), revisions=(f"{head}^{{commit}}",)
        )
        if out.code == 0:
            return None
        refs = await self.runner.run("for-each-ref", ("--format=%(refname:short)", "--count=20"))
        names = parse.text(refs.stdout).split()
        if not names:
            return f"{where} is empty: it has no commits", "fetch into it, or correct its path"
        return f"{where} has no branch {head}", "set default_branch to one of: " + ", ".join(names)

    async def changes(self, window: Window, limit: int, path: str | None) -> tuple[parse.Commit, ...]:
        """Commits that reached the default branch in the window (committer's date), newest first."""
        sha = await self.resolve(None)
        flags = ("-z", "--name-only", parse.LOG_FORMAT, "--first-parent", *_FIRST_PARENT,
                 f"--since={window.start:%Y-%m-%dT%H:%M:%SZ}", f"--until={window.end:%Y-%m-%dT%H:%M:%SZ}",
                 f"--max-count={limit}")  # fmt: skip
        out = await self._read("log", flags, revisions=(sha,), paths=[] if path is None else [_checked(path)])
        return parse.commits(out.stdout)

    async def commit(self, sha: str) -> tuple[parse.Commit, str]:
        """A commit with its files, and its full message."""
        flags = ("-z", "--name-only", parse.LOG_FORMAT, *_FIRST_PARENT)
        out = await self._read("show", flags, revisions=(sha,), paths=[])
        found = parse.commits(out.stdout)
        if not found:
            raise Unavailable("garbled", f"git show printed no commit for {sha}")
        message = await self._read("log", ("--format=%B", "--max-count=1"), revisions=(sha,), max_bytes=20_000)
        return found[0], parse.text(message.stdout).strip()

    async def diff(self, sha: str, limit: int, path: str | None = None) -> tuple[str, bool]:
        """The commit's unified diff against its first parent, at most `limit` bytes; whether it was cut."""
        paths = [] if path is None else [_checked(path)]
        out = await self._read(
            "show", ("--format=", "--patch", *_FIRST_PARENT), revisions=(sha,), paths=paths, max_bytes=limit
        )
        return parse.text(out.stdout).lstrip("\n"), out.truncated

    async def search(
        self, pattern: str, sha: str, *, regex: bool, ignore_case: bool, context: int, path: str | None
    ) -> tuple[tuple[parse.Match, ...], bool]:
        """Lines holding the pattern at a commit, with context lines; whether output was cut."""
        flags = ["-z", "-n", "-I", "-E" if regex else "-F", "--no-color", "--no-textconv", "--no-recurse-submodules"]
        flags += ["-i"] * ignore_case + [f"-C{context}"] * bool(context)
        paths = [] if path is None else [_checked(path)]
        out = await self.runner.run("grep", flags, pattern=pattern, revisions=(sha,), paths=paths)
        if out.code == 1:
            return (), False
        if out.code != 0 and regex:
            raise BadRequest(
                "git cannot read this pattern; use a POSIX extended regular expression, or set regex to false"
            )
        _require(out, "grep")
        return parse.matches(out.stdout, sha), out.truncated

    async def entry(self, sha: str, path: str) -> Entry:
        """What stands at the path in that commit; raises BadRequest when nothing does, or a folder."""
        checked = _checked(path)
        out = await self._read("ls-tree", ("-z", "--long", "--full-tree"), revisions=(sha,), paths=[checked])
        entries = _entries(out.stdout)
        if not entries:
            raise BadRequest(f"{path!r} is not in {self.config.name} at {sha[:12]}; code_search finds paths")
        if entries[0].type == "tree":
            inside = await self._read(
                "ls-tree", ("-z", "--long", "--full-tree"), revisions=(sha,), paths=[f"{checked}/"]
            )
            names = ", ".join(e.path for e in _entries(inside.stdout)[:40])
            raise BadRequest(f"{path!r} is a folder; it holds: {names}")
        if entries[0].type != "blob":
            raise BadRequest(f"{path!r} is a submodule at {entries[0].object}; read it in its own repository")
        return entries[0]

    async def kind(self, sha: str, path: str) -> str | None:
        """Git's type of what stands at the path in that commit ("blob" also for links); None when nothing does."""
        flags = ("-z", "--long", "--full-tree")
        entries = _entries((await self._read("ls-tree", flags, revisions=(sha,), paths=[_checked(path)])).stdout)
        return entries[0].type if entries else None

    async def blob(self, entry: Entry) -> Output:
        """The bytes of a file, cut off at the runner's bound."""
        return await self._read("cat-file", ("blob",), revisions=(entry.object,))

    async def blame(self, sha: str, path: str, first: int, last: int) -> tuple[parse.BlamedLine, ...]:
        """Who last touched each line of the range, as of that commit; raises BadRequest beyond the file's end."""
        await self.entry(sha, path)
        flags = ("--porcelain", "--no-textconv", f"-L{first},{last}")
        out = await self.runner.run("blame", flags, revisions=(sha,), paths=[_checked(path)])
        if out.code != 0 and "has only" in out.stderr:
            raise BadRequest(f"{path!r} has fewer than {first} lines at {sha[:12]}; ask for an earlier range")
        _require(out, "blame")
        return parse.blamed(out.stdout)

    async def merged(self, commit: parse.Commit) -> tuple[str, ...]:
        """SHAs of the commits a merge brought in, newest first, at most 30."""
        if len(commit.parents) < 2:
            return ()
        others = [f"{commit.sha}^2"]
        out = await self._read("rev-list", ("--max-count=30", "--first-parent"), revisions=others)
        base = await self._read("rev-list", ("--max-count=2000",), revisions=(commit.parents[0],))
        before = set(parse.text(base.stdout).split())
        return tuple(s for s in parse.text(out.stdout).split() if s not in before)

    async def _read(
        self,
        subcommand: str,
        flags: Sequence[str],
        *,
        revisions: Sequence[str],
        paths: Sequence[str] | None = None,
        max_bytes: int | None = None,
    ) -> Output:
        out = await self.runner.run(subcommand, flags, revisions=revisions, paths=paths, max_bytes=max_bytes)
        _require(out, subcommand)
        return out


def _require(out: Output, subcommand: str) -> None:
    if out.code != 0:
        raise Unavailable("server_error", f"git {subcommand} ended with code {out.code}; run `git fsck` on the mirror")


def _checked(path: str) -> str:
    problem = path_problem(path)
    if problem:
        raise BadRequest(problem)
    return path.rstrip("/") or "."


def _entries(raw: bytes) -> list[Entry]:
    found: list[Entry] = []
    for row in raw.split(b"\0"):
        about, tab, name = row.partition(b"\t")
        parts = parse.text(about).split()
        if tab and len(parts) == 4:
            size = int(parts[3]) if parts[3].isdigit() else None
            found.append(Entry(parts[0], parts[1], parts[2], size, parse.text(name)))
    return found


def _folder_problem(config: RepositoryConfig) -> tuple[str, str] | None:
    return folder_problem(
        config.path,
        missing=f"create it (git clone --mirror URL {config.path}) or correct its path",
        no_folder="give the folder of a mirror or checkout",
    )
