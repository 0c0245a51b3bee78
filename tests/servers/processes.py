"""Start a real server on a free port, wait until it is ready, stop it cleanly."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import shutil
import signal
import socket
import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import asynccontextmanager
from itertools import chain
from pathlib import Path

import httpx
import pytest

from sre_advisor.replay.leash import leashed


def binary(name: str, package: str) -> str:
    """The program's path; skips the test, saying how to install it, when there is none."""
    found = shutil.which(name) or next((p for p in (f"/usr/bin/{name}", f"/usr/sbin/{name}") if Path(p).exists()), None)
    if found is None:
        pytest.skip(f"{name} is not installed: sudo apt-get install {package}")
    return found


def free_port() -> int:
    """A port of this machine that nobody listens on and nobody is given by chance while it is not yet used.

    Systems choose ports above 32767 for whoever does not name one; these lie below. No two of the processes that
    share the tests out look in the same places, and none gives a port twice.
    """
    for port in _PORTS:
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("every port meant for tests is taken or was given before")


def _own_ports() -> Iterator[int]:
    """Those of this process, beginning somewhere: another run of the tests on this machine begins elsewhere."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    ports = range(_LOWEST_PORT + worker, _BEYOND_PORTS, workers)
    begin = secrets.randbelow(len(ports))
    return chain(ports[begin:], ports[:begin])


_LOWEST_PORT, _BEYOND_PORTS = 20_000, 32_768
_PORTS = _own_ports()


@asynccontextmanager
async def running(command: Sequence[str], ready: str, log: Path, patience_s: float = 30) -> AsyncGenerator[None]:
    """The process, from when `ready` answers 200 until the block ends, or this program, however it does."""
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *leashed(command), stdin=asyncio.subprocess.PIPE, stdout=output, stderr=output, cwd=log.parent,
            start_new_session=True,
        )  # fmt: skip
    try:
        await _until_ready(process, ready, log, patience_s)
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 10)
        except TimeoutError:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


async def _until_ready(process: asyncio.subprocess.Process, ready: str, log: Path, patience_s: float) -> None:
    until = time.monotonic() + patience_s
    async with httpx.AsyncClient(timeout=2, trust_env=False) as client:
        while time.monotonic() < until and process.returncode is None:
            try:
                if (await client.get(ready)).status_code == 200:
                    return
            except httpx.HTTPError:
                pass  # not listening yet
            await asyncio.sleep(0.05)
    raise RuntimeError(f"{ready} did not become ready:\n{log.read_text(errors='replace')[-2000:]}")
