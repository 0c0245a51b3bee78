"""Trying the journal's database: opened, writable, and the chain of its records whole."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from sre_advisor.journal.heads import read_heads
from sre_advisor.journal.presence import file_of
from sre_advisor.journal.store import Journal, JournalUnavailable
from sre_advisor.settings import Settings
from sre_advisor.setup.checkup import Check, State, Trial

NAME = "database"


def trials(settings: Settings) -> list[tuple[str, Trial]]:
    """The one trial."""

    async def trial() -> Sequence[Check]:
        return (_unmade(settings) or await _opened(settings),)

    return [(NAME, trial)]


def _unmade(settings: Settings) -> Check | None:
    """An SQLite file that the first question will make is not made by looking; None when there is one to open."""
    try:
        url = make_url(settings.database.url)
    except ArgumentError:
        return None
    file = file_of(url)
    if file is None or file.exists():
        return None
    left = next((f for f in map(Path, (f"{file}-wal", f"{file}.key")) if f.exists()), None)
    if left is not None:
        return Check(
            NAME,
            State.MISCONFIGURED,
            f"{file} is gone, and {left} beside it is left of it: a program that still runs refuses every question",
            f"put {file.name} back or restore a backup; to begin a new record, stop the program and move {left} away",
        )
    folder = next(parent for parent in file.absolute().parents if parent.exists())
    if os.access(folder, os.W_OK):
        return Check(NAME, State.OK, f"{file} will be made by the first question")
    return Check(NAME, State.MISCONFIGURED, f"{folder} cannot be written", "give write access, or set database.url")


async def _opened(settings: Settings) -> Check:
    began = time.monotonic()
    try:
        async with await Journal.open(settings.database, lambda value: value) as journal:
            head_file = settings.database.head_file
            chain = await journal.verify(read_heads(head_file) if head_file else ())
    except JournalUnavailable as problem:
        return Check(NAME, State.UNREACHABLE, str(problem), "", time.monotonic() - began)
    seconds = time.monotonic() - began
    if chain.broken_at is not None:
        advice = "keep the file as it is and find out who changed it; a wrong key has the same effect"
        return Check(NAME, State.MISCONFIGURED, f"the record is not whole: {chain.reason}", advice, seconds)
    return Check(NAME, State.OK, f"can be written; {chain.records} records, chain whole", "", seconds)
