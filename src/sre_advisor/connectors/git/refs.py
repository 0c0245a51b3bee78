"""What may stand where git expects a revision or a path; pure."""

from __future__ import annotations

import re

_REVISION = re.compile(r"[0-9A-Za-z_][0-9A-Za-z_./+#-]{0,199}(?:[~^][0-9]{0,5}){0,4}")
_FULL_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def is_safe_revision(text: str) -> bool:
    """Whether this is a plain name, SHA or ancestor of one: no option, range, reflog, search or path syntax."""
    return _REVISION.fullmatch(text) is not None and ".." not in text and not text.endswith((".", "/", ".lock"))


def is_full_sha(text: str) -> bool:
    """Whether this is a complete object name."""
    return _FULL_SHA.fullmatch(text) is not None


def path_problem(path: str) -> str | None:
    """Why this cannot be a path inside a repository; None when it can."""
    if "\0" in path:
        return "a path cannot hold a NUL character"
    if len(path.encode("utf-8", errors="replace")) > 4096:
        return "the path is longer than 4096 bytes"
    if path.startswith("/") or ".." in path.split("/"):
        return "the path must be relative to the repository's root, without '..'"
    return None
