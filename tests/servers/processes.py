"""Start a real server on a free port, wait until it is ready, stop it cleanly."""

from __future__ import annotations

import asyncio
import shutil
import socket
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest


def binary(name: str, package: str) -> str:
    """The program's path; skips the test, saying how to install it, when there is none."""
    found = shutil.which(name) or next((p for p in (f"/usr/bin/{name}", f"/usr/sbin/{name}") if Path(p).exists()), None)
    if found is None:
        pytest.skip(f"{name} is not installed: sudo apt-get install {package}")
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def running(command: Sequence[str], ready: str, log: Path, patience_s: float = 30) -> AsyncGenerator[None]:
    """The process, from when `ready` answers 200 until the block ends."""
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(*command, stdout=output, stderr=output, cwd=log.parent)
    try:
        await _until_ready(process, ready, log, patience_s)
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 10)
        except TimeoutError:
            process.kill()
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
