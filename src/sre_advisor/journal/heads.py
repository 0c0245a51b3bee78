"""The chain's head, written out where whoever can cut the database's tail off cannot reach."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from pathlib import Path

import structlog

from sre_advisor.journal.trouble import JournalUnavailable

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Head:
    """The newest record at some moment; `at` is that record's own time, ISO 8601 UTC."""

    seq: int
    mac: str
    at: str


def read_heads(path: Path) -> tuple[Head, ...]:
    """The heads in a file of lines `seq mac at`; a last line that was torn off is left out.

    Raises JournalUnavailable.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise JournalUnavailable(f"the head file {path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise JournalUnavailable(f"the head file {path} cannot be read: it is no text") from None
    lines = text.split("\n")[:-1]
    return tuple(_head(line, number, path) for number, line in enumerate(lines, 1) if line.strip())


def _head(line: str, number: int, path: Path) -> Head:
    match line.split():
        case [seq, mac, at] if seq.isascii() and seq.isdigit() and len(mac) == 64:
            return Head(int(seq), mac, at)
        case _:
            raise JournalUnavailable(f"{path} line {number}: expected `seq mac at`, as the advisor writes it")


class HeadLog:
    """Writes the head after so many records, after so many seconds if it moved, and at the end.

    It goes to the program's log and, when there is a file, as one more line to that. Safe to call from any thread.
    """

    def __init__(self, file: Path | None, every_records: int, every_s: float) -> None:
        self._file, self._every_records, self._every_s = file, every_records, every_s
        self._newest: Head | None = None
        self._written = self._began = 0
        self._timer: threading.Timer | None = None
        self._lock = threading.Lock()

    def check(self) -> None:
        """Raise JournalUnavailable when the file cannot be written, before anybody relies on it."""
        if self._file is None:
            return
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.open("ab").close()
        except OSError as error:
            raise JournalUnavailable(
                f"database.head_file {self._file} cannot be written: {error.strerror}; check its folder and rights"
            ) from None

    def moved(self, head: Head, records: int) -> None:
        """The chain has grown by so many records, and this is its head now."""
        with self._lock:
            self._newest = head
            self._began += records
            if self._began >= self._every_records:
                self._write()
            elif self._timer is None:
                self._timer = threading.Timer(self._every_s, self.write)
                self._timer.daemon = True
                self._timer.start()

    def write(self) -> None:
        """Write the head out now, if it moved since the last time."""
        with self._lock:
            self._write()

    def _write(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        head, self._began = self._newest, 0
        if head is None or head.seq == self._written:
            return
        self._written = head.seq
        log.info("journal_head", action="audit", seq=head.seq, mac=head.mac, at=head.at)
        try:
            self._append(head)
        except OSError as error:  # an answer must not fail for it; the log line above still tells the head
            log.error("head_not_written", action="audit", file=str(self._file), error=error.strerror)

    def _append(self, head: Head) -> None:
        if self._file is None:
            return
        with self._file.open("ab", buffering=0) as file:
            file.write(f"{head.seq} {head.mac} {head.at}\n".encode())
            os.fsync(file.fileno())
