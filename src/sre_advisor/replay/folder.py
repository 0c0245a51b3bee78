"""Reading files of a recording: only inside its folder, only regular files, never more than a limit."""

from __future__ import annotations

import os
from pathlib import Path

from sre_advisor.replay.broken import BrokenRecording

DOCS_ENTRIES = 5_000
"""Files and folders a recording's docs may hold."""


class Folder:
    """A recording's folder; every path handed out lies inside it, also after following links."""

    def __init__(self, path: Path) -> None:
        try:
            self.path = path.resolve()
            found = self.path.is_dir()
        except (OSError, ValueError, RuntimeError):
            found = False
        if not found:
            raise BrokenRecording(
                path.name or str(path),
                "",
                "there is no such folder or archive",
                "name a folder with a recording.json or case.json, or a .tar.gz or .zip of one",
            )

    def inside(self, name: str) -> Path:
        """The path of `name`, which need not exist; raises BrokenRecording when it leads out of the folder."""
        try:
            path = (self.path / name).resolve()
        except (OSError, ValueError, RuntimeError) as error:
            raise BrokenRecording(_shown(name), "", "is not a usable file name", "use a plain name") from error
        if not path.is_relative_to(self.path) or path == self.path:
            raise BrokenRecording(
                _shown(name), "", "leads out of the recording's folder", "keep every file of a recording inside it"
            )
        return path

    def file(self, name: str, limit: int) -> Path | None:
        """The path of a regular file of at most `limit` bytes; None when there is none."""
        path = self.inside(name)
        try:
            if not path.exists():
                return None
            if not path.is_file():
                raise BrokenRecording(_shown(name), "", "is not a regular file", "put a plain file there")
            size = path.stat().st_size
        except OSError as error:
            raise _unreadable(name, error) from error
        if size > limit:
            raise _too_large(name, limit)
        return path

    def read(self, name: str, limit: int) -> bytes | None:
        """The bytes of a file; None when there is none; a file that grew beyond `limit` meanwhile is refused too."""
        path = self.file(name, limit)
        if path is None:
            return None
        try:
            with path.open("rb") as stream:
                data = stream.read(limit + 1)
        except OSError as error:
            raise _unreadable(name, error) from error
        if len(data) > limit:
            raise _too_large(name, limit)
        return data

    def docs(self, name: str) -> Path | None:
        """A folder of documents, none of which links out of the recording; None when there is none."""
        top = self.inside(name)
        try:
            if not top.exists():
                return None
            if not top.is_dir():
                raise BrokenRecording(
                    _shown(name), "", "is not a folder", "put the documents into a folder of that name"
                )
            self._check_tree(name, top)
        except OSError as error:
            raise _unreadable(name, error) from error
        return top

    def _check_tree(self, name: str, top: Path) -> None:
        seen = 0
        for here, folders, files in os.walk(top):
            seen += len(folders) + len(files)
            if seen > DOCS_ENTRIES:
                raise BrokenRecording(
                    _shown(name), "", f"holds more than {DOCS_ENTRIES:,} files", "record only the documents that matter"
                )
            for entry in (*folders, *files):
                path = Path(here, entry)
                if path.is_symlink():
                    self.inside(str(path.relative_to(self.path)))


def text_of(name: str, data: bytes) -> str:
    """The bytes as UTF-8 text, without a byte order mark; raises BrokenRecording with the first bad byte's line."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BrokenRecording(_shown(name), f"line {line}", "is not UTF-8 text", "save the file as UTF-8") from error


def _unreadable(name: str, error: OSError) -> BrokenRecording:
    reason = (error.strerror or "it cannot be read").lower()
    return BrokenRecording(_shown(name), "", reason, "check the file and its permissions")


def _too_large(name: str, limit: int) -> BrokenRecording:
    return BrokenRecording(
        _shown(name), "", f"is larger than {limit // 1_000_000} MB", "record a shorter time or fewer series"
    )


def _shown(name: str) -> str:
    plain = "".join(c if c.isprintable() else "?" for c in name)
    return plain if len(plain) <= 80 else plain[:79] + "…"
