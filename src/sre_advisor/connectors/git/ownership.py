"""Whose code a change touched, by the catalogue's repositories and paths; pure."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from sre_advisor.model import Catalogue, Service


def _covers(pattern: str, path: str) -> bool:
    """A folder or file covers what lies under it; `*` matches across folders, as in CODEOWNERS-like files."""
    plain = pattern.strip("/")
    return plain in ("", ".") or path == plain or path.startswith(f"{plain}/") or fnmatchcase(path, plain)


def _depth(service: Service, repository: str, files: Sequence[str]) -> int | None:
    """Length of the longest of the service's paths that covers one of the files; 0 for a whole repository."""
    depths: list[int] = []
    for location in service.repositories:
        if location.name != repository:
            continue
        if not location.paths:
            depths.append(0)
        depths += [len(p.strip("/")) for p in location.paths if any(_covers(p, f) for f in files)]
    return max(depths, default=None)


def services_touched(files: Sequence[str], repository: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Names of the services whose code is among the files, the most specific claim first."""
    depths = [(d, s.name) for s in catalogue.services if (d := _depth(s, repository, files)) is not None]
    return tuple(name for _, name in sorted(depths, key=lambda pair: -pair[0]))
