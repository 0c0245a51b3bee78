"""A mirrored repository as a git bundle that goes into a recording, looked through for secrets first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sre_advisor.broker.redaction import Redactor
from sre_advisor.replay.gitprogram import make_in, read_mirror

BUNDLE_LIMIT, OBJECTS_LIMIT, BLOB_LIMIT, TEXT_LIMIT = 64_000_000, 200_000, 1_000_000, 200_000_000
"""Bytes of the bundle, objects it may hold, and bytes of a blob and of all blobs that are looked through."""


class NotBundled(Exception):
    """The repository cannot be part of the recording; the message says why."""


@dataclass(frozen=True, slots=True)
class Bundled:
    """What was bundled: the commit at the tip, and the branch it is the tip of."""

    head: str
    branch: str


def bundle(mirror: Path, branch: str | None, now: datetime, into: Path, redactor: Redactor) -> Bundled:
    """Write the default branch with its whole history up to `now` to `into`; raises NotBundled, GitFailed.

    A bundle cannot be redacted without changing every commit's id, so that one that holds a secret is not taken.
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
    _look_through(mirror, listed, redactor)
    # A bundle names branches: one of ours that ends where the mirror's did then, over the mirror's own objects.
    ours = into.with_suffix(".git")
    objects = (mirror / read_mirror(mirror, "rev-parse", "--git-path", "objects").decode().strip()).resolve()
    make_in(into.parent, "init", "--quiet", "--bare", "--template=", f"--initial-branch={name}", str(ours))
    (ours / "objects" / "info").mkdir(exist_ok=True)
    (ours / "objects" / "info" / "alternates").write_text(f"{objects}\n")
    make_in(ours, "update-ref", f"refs/heads/{name}", head)
    make_in(ours, "bundle", "create", "--quiet", str(into), "HEAD", f"refs/heads/{name}")
    if into.stat().st_size > BUNDLE_LIMIT:
        raise NotBundled(f"its bundle is larger than {BUNDLE_LIMIT // 1_000_000} MB")
    return Bundled(head, name)


def _look_through(mirror: Path, objects: list[bytes], redactor: Redactor) -> None:
    wanted = b"\n".join(objects) + b"\n"
    sizes = read_mirror(mirror, "cat-file", "--batch-check=%(objectname) %(objecttype) %(objectsize)", stdin=wanted)
    rows = [row.split() for row in sizes.splitlines()]
    texts = [row[0] for row in rows if len(row) == 3 and row[1] in (b"blob", b"commit") and int(row[2]) <= BLOB_LIMIT]
    if sum(int(row[2]) for row in rows if len(row) == 3 and row[1] != b"tree") > TEXT_LIMIT:
        raise NotBundled(f"its files are more than {TEXT_LIMIT // 1_000_000} MB together, too many to look for secrets")
    raw = read_mirror(mirror, "cat-file", "--batch", stdin=b"\n".join(texts) + b"\n")
    at = 0
    while at < len(raw):
        end = raw.index(b"\n", at)
        name, _kind, size = raw[at:end].split()
        body = raw[end + 1 : end + 1 + int(size)]
        at = end + 2 + int(size)
        if b"\0" not in body[:8000] and redactor.findings(body.decode("utf-8", errors="replace")):
            raise NotBundled(f"object {name.decode()[:12]} holds what looks like a secret")
