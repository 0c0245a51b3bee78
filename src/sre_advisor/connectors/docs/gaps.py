"""What is not known of the documents, because it could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sre_advisor.connectors.contract import Unavailable
from sre_advisor.connectors.docs import scan
from sre_advisor.connectors.docs.config import DocsConfig
from sre_advisor.connectors.docs.index import Index

SHOWN = 5
"""Files and folders that were not read named before the rest is only counted."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """What is not known of some folders: whether anything is, and lines for folders and for files."""

    known: bool
    folders: tuple[str, ...]
    files: tuple[str, ...]

    def told(self) -> str:
        """As a sentence, "" where there are none; raises Unavailable when nothing at all is known."""
        said = [*self.folders, *self.files]
        if not self.known and self.folders:
            raise Unavailable("unreachable", _some(said))
        return f" Not read: {_some(said)}." if said else ""


def gaps(config: DocsConfig, index: Index, folders: frozenset[str] | None) -> Gaps:
    """The gaps in these of the configured folders, or in all; raises Unavailable."""
    visible = [f for f in config.folders if folders is None or f.name in folders]
    names = {f.name for f in visible}
    known = [folder_of(p) for p, _ in index.paths() if folder_of(p) in names]
    files = [(path, why) for path, why in index.gaps() if folder_of(path) in names]
    held = {*known, *(folder_of(path) for path, _ in files)}
    problems = {f.name: found[0] for f in visible if (found := scan.problem(f))}
    problems |= dict.fromkeys(names - held - problems.keys(), "holds no Markdown files")
    if not known:
        problems |= dict.fromkeys(names & held - problems.keys(), "holds nothing that can be read")
    told = tuple(f"{name}: {why}" for name, why in sorted(problems.items()))
    return Gaps(bool(known), told, tuple(f"{path} {why}" for path, why in files))


def folder_of(path: str) -> str:
    """The configured folder an indexed path lies in."""
    return path.partition("/")[0]


def _some(said: Sequence[str]) -> str:
    more = f"; and {len(said) - SHOWN} more" if len(said) > SHOWN else ""
    return "; ".join(said[:SHOWN]) + more
