"""Who else on this machine can read or change a file that holds a secret or a record."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def exposed(path: Path, what: str) -> tuple[str, ...]:
    """Findings about who may open the file beside its owner; none for a file that is not there."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return ()
    found: list[str] = []
    if mode & (stat.S_IRGRP | stat.S_IROTH):
        found.append(f"{what} {path} can be read by {_whom(mode, stat.S_IRGRP, stat.S_IROTH)}: chmod 600")
    if mode & (stat.S_IWGRP | stat.S_IWOTH):
        found.append(f"{what} {path} can be changed by {_whom(mode, stat.S_IWGRP, stat.S_IWOTH)}: chmod 600")
    return tuple(found)


def changeable(path: Path, what: str) -> tuple[str, ...]:
    """A finding when this process could change what it only reads."""
    if path.exists() and os.access(path, os.W_OK):
        return (f"{what} {path} could be changed by this user: mount it read-only, or give it to another user",)
    return ()


def _whom(mode: int, group: int, others: int) -> str:
    return "everybody on this machine" if mode & others else "its group" if mode & group else ""
