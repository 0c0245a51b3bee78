"""Pages on which a person sees a commit or lines of a file; pure."""

from __future__ import annotations

from urllib.parse import quote, urlsplit


def _base(web_url: str) -> str:
    host = urlsplit(web_url).hostname or ""
    return f"{web_url}/-" if "gitlab" in host else web_url


def commit_link(web_url: str | None, sha: str) -> str | None:
    """The commit's page, GitLab's form where the host says so, GitHub's otherwise."""
    return f"{_base(web_url)}/commit/{sha}" if web_url else None


def lines_link(web_url: str | None, sha: str, path: str, first: int, last: int) -> str | None:
    """The file at that commit with the lines marked."""
    if not web_url:
        return None
    base = _base(web_url)
    if base == web_url:
        marks = f"L{first}-L{last}" if last > first else f"L{first}"
    else:
        marks = f"L{first}-{last}" if last > first else f"L{first}"
    return f"{base}/blob/{sha}/{quote(path, safe='/')}#{marks}"
