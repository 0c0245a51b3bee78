"""The injection run in a process of its own.

It watches its process by an audit hook, which can never be taken away again. While coverage traces a process with such
a hook, CPython 3.11 now and then lets a thread die that is about to start: "Cannot install a trace function".
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context

from benchmarks.injecting import run as here
from benchmarks.injecting.outputs import OUTPUTS


async def run(strings: Sequence[str], off: str | None, outputs: Sequence[str] = tuple(OUTPUTS)) -> here.Count:
    """As `benchmarks.injecting.run.run`."""
    return await asyncio.get_running_loop().run_in_executor(_process(), _run, strings, off, outputs)


@cache
def _process() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, get_context("spawn"))


def _run(strings: Sequence[str], off: str | None, outputs: Sequence[str]) -> here.Count:
    return asyncio.run(here.run(strings, off, outputs))
