"""The advisor's real processes: started, killed at any moment, started again."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from benchmarks.measuring import process

BETWEEN_S = 0.2


class Replica:
    """One process that somebody starts again whenever it ends."""

    def __init__(self, command: Sequence[str], secrets: Mapping[str, str], folder: Path, log: Path) -> None:
        self._command, self._secrets, self._folder, self.log = command, secrets, folder, log
        self._process: asyncio.subprocess.Process | None = None
        self._keeping: asyncio.Task[None] | None = None
        self.ends: Counter[int] = Counter()
        """How it ended, by exit code."""

    def start(self) -> None:
        """Start it, and again whenever it ends."""
        self._keeping = asyncio.create_task(self._keep())

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        running = self._process
        return running.pid if running is not None and running.returncode is None else None

    def send(self, number: signal.Signals) -> bool:
        """Send a signal; False when it does not run."""
        if self.pid is None:
            return False
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)
            return True
        return False

    async def stop(self, patience_s: float = 15.0) -> int:
        """Ask it to end and answer its exit code; it is killed when it does not."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        running = self._process
        if running is None:
            return 0
        self.send(signal.SIGCONT)
        self.send(signal.SIGTERM)
        try:
            return await asyncio.wait_for(running.wait(), patience_s)
        except TimeoutError:
            self.send(signal.SIGKILL)
            return await running.wait()

    async def _keep(self) -> None:
        with self.log.open("ab") as log:
            while True:
                self._process = await asyncio.create_subprocess_exec(
                    *process.bound(self._command),
                    cwd=self._folder,
                    env=process.environment(self._secrets),
                    stdout=log,
                    stderr=log,
                )
                self.ends[await self._process.wait()] += 1
                await asyncio.sleep(BETWEEN_S)
