"""Servers and a git program that record what really arrives."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web


@dataclass(frozen=True)
class Arrived:
    """One request as it stood on the wire; `target` is undecoded, with its query."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


@dataclass
class Recorder:
    """Answers everything alike."""

    netloc: str = ""
    status: int = 200
    body: bytes = b"[]"
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    arrived: list[Arrived] = field(default_factory=list[Arrived])

    @property
    def url(self) -> str:
        return f"http://{self.netloc}"

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.arrived.append(Arrived(request.method, request.raw_path, dict(request.headers), body))
        return web.Response(status=self.status, body=self.body, headers=self.headers)


@asynccontextmanager
async def recording() -> AsyncGenerator[Recorder]:
    """A recorder on a free port of this machine."""
    recorder = Recorder()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", recorder.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    recorder.netloc = f"127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield recorder
    finally:
        await runner.cleanup()


@dataclass(frozen=True)
class GitLog:
    """Where the recording git writes the words it was given, a file for each process."""

    folder: Path

    def calls(self) -> list[list[str]]:
        """The words of each call."""
        texts = [file.read_bytes().decode("utf-8", errors="surrogateescape") for file in self.folder.iterdir()]
        return [call.split("\0")[:-1] for text in texts for call in text.split("\0\1\0")[:-1]]


@contextmanager
def recording_git(folder: Path) -> Generator[GitLog]:
    """A program `git`, first on PATH, that records its words and hands over to the real one."""
    real, path = shutil.which("git"), os.environ["PATH"]
    programs, calls = folder / "programs", folder / "calls"
    programs.mkdir()
    calls.mkdir()
    # Words end with NUL, calls with NUL 1 NUL; a file for each process, so that calls at the same time do not mix.
    script = f"""#!/bin/sh
{{ printf '%s\\0' "$@"; printf '\\0\\1\\0'; }} >> '{calls}'/$$
exec '{real}' "$@"
"""
    (programs / "git").write_text(script)
    (programs / "git").chmod(0o755)
    os.environ["PATH"] = f"{programs}{os.pathsep}{path}"
    try:
        yield GitLog(calls)
    finally:
        os.environ["PATH"] = path
