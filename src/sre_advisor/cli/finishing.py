"""How a command ends: its exit code, and every expected trouble as one line on stderr."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from types import FrameType
from typing import Any, NoReturn, TypeVar

import typer

T = TypeVar("T")


def leave_when_told() -> None:
    """From here on SIGTERM ends the program with 0; what it begins later hears the signal itself."""
    signal.signal(signal.SIGTERM, _leave)


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    del number, frame
    sys.exit(0)


def finish(work: Coroutine[Any, Any, int]) -> NoReturn:
    """Run the work and leave the program with its exit code."""
    code = troubles_told(lambda: asyncio.run(work))
    gc.freeze()  # collecting the modules of a process that ends would take a third of a second
    sys.exit(code)


def troubles_told(act: Callable[[], T]) -> T:
    """What the act gives; an expected trouble ends the program with its lines on stderr."""
    from sre_advisor.app.assembly import EXPECTED_TROUBLE

    try:
        return act()
    except EXPECTED_TROUBLE as trouble:
        for line in str(trouble).splitlines():
            typer.echo(f"sre-advisor: {line}", err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
