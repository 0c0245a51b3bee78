"""A recording in one file, unpacked into a folder of our own with nothing in it trusted."""

from __future__ import annotations

import io
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO

from sre_advisor.replay import gz
from sre_advisor.replay.broken import BrokenRecording

MB = 1_000_000
ARCHIVE_LIMIT, UNPACKED_LIMIT, FILES_LIMIT = 256 * MB, 400 * MB, 5_000
"""Bytes of the file and of all it unpacks to, and how many files that may be."""
_NAME_LIMIT, _HEADER_LIMIT, _DIRECTORY_LIMIT = 500, 16_384, 2 * MB
_NAMED_BY_HEADERS = (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME)
_TAKEN = (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.DIRTYPE, *_NAMED_BY_HEADERS)
_ADVICE = "make it anew with sre-advisor record"


def is_archive(path: Path) -> bool:
    """Whether this is meant to be a recording in one file."""
    return path.is_file()


def unpack(path: Path, into: Path) -> None:
    """Put the recording's files under `into`; raises BrokenRecording for anything but plain files within bounds."""
    try:
        size = path.stat().st_size
        if size > ARCHIVE_LIMIT:
            raise BrokenRecording(path.name, "", f"is larger than {ARCHIVE_LIMIT // MB} MB", "record a shorter time")
        with path.open("rb") as file:
            start = file.read(4)
        if start[:2] == b"\x1f\x8b":
            _untar(path, _Taking(path.name, into))
        elif start[:4] == b"PK\x03\x04":
            _unzip(path, size, _Taking(path.name, into))
        else:
            raise BrokenRecording(path.name, "", "is neither a .tar.gz nor a .zip", _ADVICE)
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        raise BrokenRecording(path.name, "", reason, "check the file and its permissions") from None


class _Taking:
    """What was taken out so far, and the bounds of it."""

    def __init__(self, archive: str, into: Path) -> None:
        self.archive, self._into = archive, into
        self._names: set[str] = set()
        self._left = UNPACKED_LIMIT

    def bad(self, name: str, problem: str) -> BrokenRecording:
        shown = "".join(c if c.isprintable() else "?" for c in name[:80])
        return BrokenRecording(self.archive, f"entry {shown}", problem, _ADVICE)

    def place(self, name: str) -> Path | None:
        """Where the entry goes; None for the folder itself."""
        parts = [part for part in name.removesuffix("/").split("/") if part != "."]
        if not parts:
            return None
        if name.startswith("/") or "\\" in name or any(p in ("", "..") or ":" in p or "\0" in p for p in parts):
            raise self.bad(name, "leads out of the recording's folder")
        key = "/".join(parts)
        if len(key.encode(errors="replace")) > _NAME_LIMIT or not key.isprintable():
            raise self.bad(name, "is not a usable file name")
        if key.casefold() in self._names:
            raise self.bad(name, "stands in it twice")
        self._names.add(key.casefold())
        if len(self._names) > FILES_LIMIT:
            raise BrokenRecording(self.archive, "", f"holds more than {FILES_LIMIT:,} files", _ADVICE)
        return self._into.joinpath(*parts)

    def take(self, name: str, size: int, open_entry: Callable[[], IO[bytes] | None]) -> None:
        """One plain file; what it says of its size is believed only when it is too much."""
        target = self.place(name)
        if target is None or size > self._left:
            raise self._too_much() if target else self.bad(name, "is not a usable file name")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            entry = open_entry()
            if entry is None:
                raise self.bad(name, "is not a plain file")
            with entry, target.open("xb") as out:
                while piece := entry.read(min(gz.CHUNK, self._left + 1)):
                    self._left -= len(piece)
                    if self._left < 0:
                        raise self._too_much()
                    out.write(piece)
        except (FileExistsError, NotADirectoryError, IsADirectoryError):
            raise self.bad(name, "is a file and a folder at once") from None

    def _too_much(self) -> BrokenRecording:
        return BrokenRecording(
            self.archive, "", f"unpacks to more than {UNPACKED_LIMIT // MB} MB", "record a shorter time or fewer series"
        )


class _Bounded(io.RawIOBase):
    """The unpacked bytes of a gzip file as a stream that tells its own troubles."""

    def __init__(self, path: Path) -> None:
        # A tar file is larger than what it holds: a header of half a kilobyte for each file, and padding.
        self._pieces = gz.unpacked(path.name, path, UNPACKED_LIMIT + 2048 * FILES_LIMIT)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        parts, wanted = [self._rest], size if size >= 0 else UNPACKED_LIMIT
        have = len(self._rest)
        while have < wanted and (piece := next(self._pieces, None)) is not None:
            parts.append(piece)
            have += len(piece)
        data = b"".join(parts)
        self._rest = data[wanted:]
        return data[:wanted]


class _PlainInfo(tarfile.TarInfo):
    """An entry whose kind and headers are looked at before tarfile acts on them."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> _PlainInfo:
        found = super().frombuf(buf, encoding, errors)
        if found.type not in _TAKEN:
            raise BrokenRecording("archive", "", "holds a link, a device or a sparse file", _ADVICE)
        if found.type in _NAMED_BY_HEADERS and found.size > _HEADER_LIMIT:
            raise BrokenRecording("archive", "", "holds a header that is too long", _ADVICE)
        return found


def _untar(path: Path, taking: _Taking) -> None:
    headers = 0
    try:
        stream = _Bounded(path)
        with tarfile.open(fileobj=stream, mode="r|", tarinfo=_PlainInfo, encoding="utf-8", errors="strict") as tar:
            for entry in tar:
                headers += 1
                if headers > 2 * FILES_LIMIT:
                    raise BrokenRecording(path.name, "", f"holds more than {FILES_LIMIT:,} files", _ADVICE)
                if entry.isdir():
                    if entry.name not in (".", "./"):
                        _folder_name(taking, entry.name)
                elif entry.sparse is None:
                    taking.take(entry.name, entry.size, lambda e=entry: tar.extractfile(e))
                else:
                    raise taking.bad(entry.name, "is a sparse file")
            _drain(tar)
    except (tarfile.TarError, UnicodeError, ValueError, EOFError, OverflowError):
        raise BrokenRecording(path.name, "", "is not a tar file or is damaged", _ADVICE) from None


def _drain(tar: tarfile.TarFile) -> None:
    """To the end of the gzip data, so that damage behind the last entry is seen."""
    while tar.fileobj.read(gz.CHUNK):
        pass


def _folder_name(taking: _Taking, name: str) -> None:
    parts = name.removesuffix("/").split("/")
    if name.startswith("/") or ".." in parts:
        raise taking.bad(name, "leads out of the recording's folder")


def _unzip(path: Path, size: int, taking: _Taking) -> None:
    _check_directory(path, size)
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                kind = entry.external_attr >> 16
                if entry.is_dir():
                    _folder_name(taking, entry.filename)
                    continue
                if (stat.S_IFMT(kind) not in (0, stat.S_IFREG)) or entry.flag_bits & 0x1:
                    raise taking.bad(entry.filename, "is a link, a device or encrypted")
                if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise taking.bad(entry.filename, "is packed in a way that is not read")
                taking.take(entry.filename, entry.file_size, lambda e=entry: archive.open(e))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeError, struct.error):
        raise BrokenRecording(path.name, "", "is not a zip file or is damaged", _ADVICE) from None
    except ValueError:
        raise BrokenRecording(path.name, "", "is not a zip file or is damaged", _ADVICE) from None


def _check_directory(path: Path, size: int) -> None:
    """The list at the end of a zip is read into memory whole: it is measured before."""
    with path.open("rb") as file:
        file.seek(max(0, size - 65_557))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise BrokenRecording(path.name, "", "ends before its end: it was cut off", gz.ADVICE)
    entries, length = struct.unpack("<HI", tail[at + 10 : at + 16])
    if entries > FILES_LIMIT or length > _DIRECTORY_LIMIT:
        raise BrokenRecording(path.name, "", f"holds more than {FILES_LIMIT:,} files", _ADVICE)
