"""A mirrored repository as a git bundle that goes into a recording, without the secrets that stand in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sre_advisor.broker.redaction import Redactor
from sre_advisor.replay.gitprogram import make_in, read_mirror
from sre_advisor.replay.rewriting import TEXT_PART, rewritten

BUNDLE_LIMIT, OBJECTS_LIMIT, TEXT_LIMIT = 64_000_000, 200_000, 200_000_000
"""Bytes of the bundle, objects it may hold, and bytes of all its files and messages together."""


class NotBundled(Exception):
    """The repository cannot be part of the recording; the message says why."""


@dataclass(frozen=True, slots=True)
class Bundled:
    """What was bundled: the commit at the tip, and the branch it is the tip of.

    `commits` says what the ids of commits became where secrets were taken out of the history; `secrets` how many.
    """

    head: str
    branch: str
    commits: Mapping[str, str] = field(default_factory=dict[str, str])
    secrets: int = 0


def bundle(mirror: Path, branch: str | None, now: datetime, into: Path, redactor: Redactor) -> Bundled:
    """Write the default branch with its whole history up to `now` to `into`; raises NotBundled, GitFailed.

    A history in which a secret stands is rewritten without it: its commits from there on have other ids then.
    """
    name = branch or read_mirror(mirror, "symbolic-ref", "--short", "HEAD").decode(errors="replace").strip()
    before = f"--before={now:%Y-%m-%dT%H:%M:%SZ}"
    head = (
        read_mirror(mirror, "rev-list", "--max-count=1", "--first-parent", before, f"refs/heads/{name}")
        .decode()
        .strip()
    )
    if not head:
        raise NotBundled("its default branch had no commit then")
    listed = read_mirror(mirror, "rev-list", "--objects", "--no-object-names", head).split()
    if len(listed) > OBJECTS_LIMIT:
        raise NotBundled(f"it holds more than {OBJECTS_LIMIT:,} objects")
    clean = _is_clean(mirror, listed, redactor)
    # A bundle names branches: one of ours that ends where the mirror's did then, over the mirror's own objects.
    ours = into.with_suffix(".git")
    objects = (mirror / read_mirror(mirror, "rev-parse", "--git-path", "objects").decode().strip()).resolve()
    make_in(into.parent, "init", "--quiet", "--bare", "--template=", f"--initial-branch={name}", str(ours))
    (ours / "objects" / "info").mkdir(exist_ok=True)
    (ours / "objects" / "info" / "alternates").write_text(f"{objects}\n")
    make_in(ours, "update-ref", f"refs/heads/{name}", head)
    made = Bundled(head, name)
    if not clean:
        ours, made = _without_secrets(ours, name, redactor)
    make_in(ours, "bundle", "create", "--quiet", str(into), "HEAD", f"refs/heads/{name}")
    if into.stat().st_size > BUNDLE_LIMIT:
        raise NotBundled(f"its bundle is larger than {BUNDLE_LIMIT // 1_000_000} MB")
    return made


def _without_secrets(ours: Path, branch: str, redactor: Redactor) -> tuple[Path, Bundled]:
    """A repository with the rewritten history; raises NotBundled when something still stands in it."""
    fresh = ours.with_suffix(".clean.git")
    found = rewritten(ours, branch, fresh, redactor)
    listed = read_mirror(fresh, "rev-list", "--objects", "--no-object-names", found.head).split()
    if not _is_clean(fresh, listed, redactor):
        raise NotBundled("it holds what looks like a secret, and taking it out did not remove it")
    return fresh, Bundled(found.head, branch, found.commits, found.secrets)


def _is_clean(mirror: Path, objects: list[bytes], redactor: Redactor) -> bool:
    """Whether no secret stands in any of its files and messages; a text too long to look through is not clean."""
    wanted = b"\n".join(objects) + b"\n"
    sizes = read_mirror(mirror, "cat-file", "--batch-check=%(objectname) %(objecttype) %(objectsize)", stdin=wanted)
    rows = [row.split() for row in sizes.splitlines()]
    told = [row for row in rows if len(row) == 3 and row[1] != b"tree"]
    if sum(int(row[2]) for row in told) > TEXT_LIMIT:
        raise NotBundled(f"its files are more than {TEXT_LIMIT // 1_000_000} MB together, too many to look for secrets")
    raw = read_mirror(mirror, "cat-file", "--batch", stdin=b"\n".join(row[0] for row in told) + b"\n")
    at = 0
    while at < len(raw):
        end = raw.index(b"\n", at)
        size = int(raw[at:end].split()[2])
        body = raw[end + 1 : end + 1 + size]
        at = end + 2 + size
        if b"\0" in body[:8000]:
            continue
        if size > TEXT_PART or redactor.findings(body.decode("utf-8", errors="replace")):
            return False
    return True
