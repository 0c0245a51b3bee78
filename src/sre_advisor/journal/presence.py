"""Whether an SQLite journal's file is still the one that is being written to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL

from sre_advisor.journal.trouble import JournalUnavailable


@dataclass(slots=True)
class Presence:
    """Remembers which file was opened.

    SQLite goes on writing to a file that was deleted, without an error: that record would be lost in the end.
    """

    file: Path | None
    _known: tuple[int, int] | None = None

    @classmethod
    def of(cls, url: URL) -> Presence:
        """Of the database's file; of nothing when it is not in a file of its own."""
        file = file_of(url)
        return cls(file.absolute() if file else None)

    def remember(self) -> None:
        """From now on it must be the file that is there now."""
        self._known = self._seen()

    def check(self) -> None:
        """Raise JournalUnavailable when the file is gone or another one lies in its place."""
        if self._known is None:
            return
        seen = self._seen()
        if seen != self._known:
            what = "was deleted or moved away" if seen is None else "was replaced by another file"
            raise JournalUnavailable(
                f"the journal {self.file} {what} while it was in use, and nothing more is put on record or answered: "
                "put the file back where it was, or stop the program, restore a backup and start it again"
            )

    def _seen(self) -> tuple[int, int] | None:
        try:
            found = self.file.stat() if self.file else None
        except OSError:
            return None
        return (found.st_dev, found.st_ino) if found else None


def file_of(url: URL) -> Path | None:
    """The file of an SQLite database; None for one in memory, one named by an SQLite URI, and any other database."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return None if url.database.startswith("file:") else Path(url.database)
