"""Tests share the machine with those of the other processes, except a test that is marked to have it for itself."""

from __future__ import annotations

import fcntl
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

MARK = "alone"


@contextmanager
def machine(folder: Path, *, alone: bool) -> Generator[None]:
    """Wait until the machine may be used, by one test `alone` or by one of every process; `folder` is common to all.

    Who waits to be alone holds the door shut meanwhile: else those inside could follow each other for ever.
    """
    with (folder / "door").open("ab") as door, (folder / "inside").open("ab") as inside:
        fcntl.flock(door, fcntl.LOCK_EX)
        fcntl.flock(inside, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(door, fcntl.LOCK_UN)
        try:
            yield
        finally:
            fcntl.flock(inside, fcntl.LOCK_UN)
