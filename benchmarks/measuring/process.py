"""The advisor as a process of its own, and what it took: wall time, CPU time, memory."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
POLL_S = 0.02


@dataclass
class Taken:
    """Seconds of wall and CPU time (with children it waited for, such as git), and the most memory it held."""

    started: float
    wall_s: float = 0.0
    cpu_s: float = 0.0
    peak_mb: float = 0.0
    exit_code: int = 0


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """The environment of this process with the sources in front, for a program that may not be installed."""
    path = os.pathsep.join(filter(None, (str(ROOT / "src"), os.environ.get("PYTHONPATH"))))
    return os.environ | {"PYTHONPATH": path} | dict(more)


def advisor(words: Sequence[str]) -> list[str]:
    """The command line of the program."""
    return [sys.executable, "-m", "sre_advisor.cli", *words]


def bound(command: Sequence[str]) -> list[str]:
    """The command so that it is killed once the thread that starts it is gone, where the system can see to that."""
    found = shutil.which("setpriv")  # it becomes the program: signals and /proc need no other process id
    return [found, "--pdeathsig", "KILL", *command] if found else [*command]


async def run_to_end(command: Sequence[str], more: Mapping[str, str], folder: Path, output: Path) -> Taken:
    """Run the command; standard output goes to `output`, the log beside it."""
    with output.open("wb") as out, output.with_suffix(".log").open("wb") as log:
        before = os.times()
        taken = Taken(time.monotonic())
        process = await asyncio.create_subprocess_exec(
            *bound(command), cwd=folder, env=environment(more), stdout=out, stderr=log
        )
        ending = asyncio.create_task(process.wait())
        while not ending.done():
            taken.peak_mb = max(taken.peak_mb, peak_mb(process.pid))
            await asyncio.wait([ending], timeout=POLL_S)
        taken.wall_s = time.monotonic() - taken.started
        after = os.times()
    taken.cpu_s = (after.children_user + after.children_system) - (before.children_user + before.children_system)
    taken.exit_code = ending.result()
    if taken.exit_code:
        raise RuntimeError(f"{' '.join(command)} failed:\n{output.with_suffix('.log').read_text()[-2000:]}")
    return taken


@asynccontextmanager
async def running(command: Sequence[str], more: Mapping[str, str], folder: Path, log: Path) -> AsyncGenerator[int]:
    """The command's process id, until the block ends."""
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            *bound(command), cwd=folder, env=environment(more), stdout=out, stderr=out
        )
    try:
        yield process.pid
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def peak_mb(pid: int) -> float:
    """The most memory the process has held, in megabytes; 0.0 when it is gone.

    Read from /proc, since what the kernel reports of an ended child counts its parent's memory before exec too.
    """
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    peak = next((line for line in status.splitlines() if line.startswith("VmHWM:")), "VmHWM: 0 kB")
    return int(peak.split()[1]) / 1024


def cpu_s(pid: int) -> float:
    """Seconds of CPU the process and the children it waited for have used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(ticks) for ticks in fields[11:15]) / TICKS_A_SECOND
