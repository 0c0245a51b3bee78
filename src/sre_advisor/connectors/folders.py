"""Folders that are read from disk: what keeps one from being read."""

from __future__ import annotations

from pathlib import Path


def folder_problem(folder: Path, *, missing: str, no_folder: str) -> tuple[str, str] | None:
    """What keeps it from being read and what to do, of which two advices are the caller's; None when nothing does."""
    try:
        if not folder.exists():
            return f"{folder} does not exist", missing
        if not folder.is_dir():
            return f"{folder} is not a folder", no_folder
        next(folder.iterdir(), None)
    except PermissionError:
        return f"{folder} may not be read by this user", "give the advisor's user read access to it"
    except OSError as error:
        return f"{folder} cannot be read ({error.strerror})", "check the disk or mount it lies on"
    return None
