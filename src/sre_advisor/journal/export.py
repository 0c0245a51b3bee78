"""The record as JSON Lines that somebody else can verify with the key; docs/reference/audit.md describes them."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from sre_advisor.journal.archive import Archive
from sre_advisor.journal.chain import GENESIS, Record
from sre_advisor.journal.heads import Head
from sre_advisor.journal.keys import Keyring
from sre_advisor.journal.trouble import JournalUnavailable
from sre_advisor.journal.verification import Problem, Verification, Walk

FORMAT = "sre-advisor-journal/1"
_TEXTS = {"at", "investigation", "kind", "digest", "key", "mac", "previous"}
_OPTIONAL_TEXTS = {"question", "once", "body"}


def export_lines(archive: Archive, at: str, investigation: str | None, since: str | None) -> Iterator[str]:
    """A heading, the records each with the MAC of the one before it, and a seal over all of that.

    `at` is now, ISO 8601 UTC; every line ends in a newline.
    """
    digest = hashlib.sha256()
    whole = investigation is None and since is None
    last: Record | None = None
    count = 0
    heading = {
        "format": FORMAT,
        "exported_at": at,
        "whole": whole,
        "investigation": investigation,
        "since": since,
    }
    line = _line(heading)
    digest.update(line.encode())
    yield line
    for record in archive.records(investigation, since):
        if last is not None and record.seq == last.seq + 1:
            previous = last.mac
        else:
            previous = GENESIS if record.seq == 1 else archive.previous_mac(record.seq)
        line = _line({**asdict(record), "previous": previous or ""})
        digest.update(line.encode())
        yield line
        last, count = record, count + 1
    yield _line(
        {"records": count, "key": archive.keys.current_id, "seal": _seal(archive.keys.current, digest.digest())}
    )


def verify_export(keys: Keyring, path: Path, heads: tuple[Head, ...] = ()) -> Verification:
    """Check a file that `export_lines` wrote; raises JournalUnavailable when it is none."""
    reading = _Reading(keys)
    walk: Walk | None = None
    taken = ""
    try:
        with path.open(encoding="utf-8", newline="\n") as lines:
            for number, line in enumerate(lines, 1):
                found = _parsed(line, number, path)
                if walk is None:
                    walk = Walk(keys, heads, gaps=not _whole(found, path))
                    taken = str(found.get("exported_at"))
                    reading.covers(line)
                elif "seal" in found:
                    reading.sealed(found)
                else:
                    walk.take(*_record(found, number, path))
                    reading.covers(line)
    except OSError as error:
        raise JournalUnavailable(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise JournalUnavailable(f"{path} is no export of the journal: it is no text") from None
    if walk is None:
        raise JournalUnavailable(f"{path} is empty; `sre-advisor audit export` writes such files")
    return reading.judge(walk.finish(until=taken))


class _Reading:
    """What the lines so far add up to, to be held against the seal at the end."""

    def __init__(self, keys: Keyring) -> None:
        self._keys = keys.by_id()
        self._digest = hashlib.sha256()
        self._seal: dict[str, Any] | None = None

    def covers(self, line: str) -> None:
        """One more line."""
        self._digest.update(line.encode())

    def sealed(self, seal: dict[str, Any]) -> None:
        """The last line."""
        self._seal = seal

    def judge(self, walked: Verification) -> Verification:
        """The walk's findings and what the seal says of the file as a whole."""
        words = self._words()
        if words is None:
            return walked
        extra = Problem(walked.seq, walked.at, words)
        problems = (*walked.problems, extra)
        return Verification(
            walked.records, walked.seq, walked.head, walked.at, walked.expired, problems, walked.problem_count + 1
        )

    def _words(self) -> str | None:
        if self._seal is None:
            return "the file was cut off: its last line, the seal, is missing"
        key = self._keys.get(str(self._seal.get("key")))
        if key is None:
            return "the file was sealed with a key that is not configured"
        if _seal(key, self._digest.digest()) != self._seal.get("seal"):
            return "the file as a whole is not as it was exported: a line was altered, removed, added or moved"
        return None


def _seal(key: bytes, digest: bytes) -> str:
    return hmac.digest(key, b"export\0" + digest, "sha256").hex()


def _line(value: object) -> str:
    """All in ASCII: what a tampered record holds may be no Unicode, and must be shown all the same."""
    return json.dumps(value, separators=(",", ":")) + "\n"


def _parsed(line: str, number: int, path: Path) -> dict[str, Any]:
    try:
        found: object = json.loads(line)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise JournalUnavailable(f"{path} line {number}: expected one JSON object, as `audit export` writes it")
    return found


def _whole(heading: dict[str, Any], path: Path) -> bool:
    if heading.get("format") != FORMAT:
        raise JournalUnavailable(f"{path} line 1: expected the heading of an export, with format {FORMAT!r}")
    return heading.get("whole") is True


def _record(found: dict[str, Any], number: int, path: Path) -> tuple[Record, str]:
    fit = (
        isinstance(found.get("seq"), int)
        and all(isinstance(found.get(name), str) for name in _TEXTS)
        and all(isinstance(found.get(name, 0), str | None) for name in _OPTIONAL_TEXTS)
    )
    if not fit:
        raise JournalUnavailable(f"{path} line {number}: is no record; its fields are in docs/reference/audit.md")
    return Record(**{field.name: found[field.name] for field in fields(Record)}), found["previous"]


def write_export(lines: Iterable[str], path: Path) -> int:
    """Write the lines to a file that only its owner may read; the number of records. Raises JournalUnavailable."""
    count = -2  # the heading and the seal
    try:
        path.touch(mode=0o600)
        with path.open("w", encoding="utf-8", newline="\n") as file:
            for line in lines:
                file.write(line)
                count += 1
    except OSError as error:
        raise JournalUnavailable(f"{path} cannot be written: {error.strerror}") from None
    return count
