"""Which Markdown files a folder holds, and their text."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sre_advisor.connectors.docs.config import DocsFolder
from sre_advisor.connectors.folders import folder_problem

_SUFFIXES = (".md", ".markdown", ".mdown")


@dataclass(frozen=True, slots=True)
class FileState:
    """A file as it lies there; `path` is the folder's name and the way inside it, with slashes."""

    path: str
    place: Path
    mtime_ns: int
    size: int


def problem(folder: DocsFolder) -> tuple[str, str] | None:
    """What keeps a folder from being read and what to do; None when nothing does."""
    return folder_problem(
        folder.path,
        missing="create it or correct its path",
        no_folder="give the folder that holds the Markdown files",
    )


def files(folder: DocsFolder, limit: int) -> Iterator[FileState]:
    """Markdown files under the folder, at most `limit`; hidden ones and links that lead out of it are left out."""
    root = folder.path.resolve()
    count = 0
    for here, folders, names in os.walk(root, followlinks=False):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f != "node_modules")
        for name in sorted(names):
            if name.startswith(".") or not name.lower().endswith(_SUFFIXES):
                continue
            place = Path(here) / name
            try:
                if not place.resolve().is_relative_to(root) or not place.is_file():
                    continue
                stat = place.stat()
            except OSError:
                continue  # gone between listing and looking
            path = f"{folder.name}/{place.relative_to(root).as_posix()}".encode(errors="replace").decode()
            yield FileState(path, place, stat.st_mtime_ns, stat.st_size)
            count += 1
            if count >= limit:
                return


GARBAGE = 0.3
"""Share of characters that are none from which a file is no text, whatever its name says."""


class Unreadable(Exception):
    """A file that gives no text; the message says why."""


def read(state: FileState, limit: int) -> str:
    """The file's text, at most `limit` bytes, single undecodable ones replaced; raises Unreadable."""
    try:
        with state.place.open("rb") as file:
            raw = file.read(limit)
    except PermissionError:
        raise Unreadable("may not be read by this user") from None
    except OSError as error:
        raise Unreadable(f"cannot be read ({error.strerror})") from None
    encoding = "utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    text = raw.decode(encoding, errors="replace").replace("\0", "\ufffd")
    if text.count("\ufffd") > GARBAGE * len(text):
        raise Unreadable("is no text")
    return text
