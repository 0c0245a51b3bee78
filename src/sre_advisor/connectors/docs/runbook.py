"""Which indexed document is an alert's own runbook; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from sre_advisor.connectors.docs.words import key

_INDEX_NAMES = frozenset({"index", "readme", "_index"})


@dataclass(frozen=True, slots=True)
class Found:
    """A document, the anchor within it ("" for all of it), and how it was found."""

    path: str
    anchor: str
    by: str


def by_url(url: str, paths: Sequence[str]) -> Found | None:
    """The document whose path shares the longest tail with the URL's; the last part must be the file's own name."""
    try:
        split = urlsplit(url.strip()[:2000])
    except ValueError:
        return None
    tail = _parts(unquote(split.path))
    if not tail:
        return None
    shared = {p: _shared(tail, _parts(p)) for p in paths}
    best = max(shared.values(), default=0)
    if best == 0:
        return None
    path = min((p for p, n in shared.items() if n == best), key=lambda p: (len(p), p))
    return Found(path, unquote(split.fragment).casefold(), "runbook_url")


def _parts(path: str) -> list[str]:
    """The path's parts without extension; a folder's index page stands for the folder."""
    parts = [p for p in path.casefold().split("/") if p]
    if parts:
        for suffix in (".html", ".htm", ".md", ".markdown", ".mdown"):
            parts[-1] = parts[-1].removesuffix(suffix)
    if len(parts) > 1 and parts[-1] in _INDEX_NAMES:
        parts.pop()
    return parts


def _shared(tail: list[str], path: list[str]) -> int:
    """How many parts agree from the end on."""
    count = 0
    for ours, theirs in zip(reversed(tail), reversed(path), strict=False):
        if ours != theirs:
            break
        count += 1
    return count


def by_name(
    alert: str, documents: Sequence[tuple[str, str]], sections: Sequence[tuple[str, str, str]]
) -> tuple[Found, ...]:
    """Documents whose file name, else title, else a heading is the alert's name (case and punctuation aside)."""
    wanted = key(alert)
    if not wanted:
        return ()
    files = [Found(p, "", "file name") for p, _ in documents if key(PurePosixPath(p).stem) == wanted]
    titles = [Found(p, "", "title") for p, title in documents if key(title) == wanted]
    if files or titles:
        return tuple(files or titles)
    return tuple(Found(p, a, "heading") for p, h, a in sections if h and key(h.split(" > ")[-1]) == wanted)
