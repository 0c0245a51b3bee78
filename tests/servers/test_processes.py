"""A server that the tests start ends with them, also when they are killed."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.measuring import process
from tests.servers.processes import free_port
from tests.servers.requirements import require_program

PATIENCE_S = 60
SERVER = """
import asyncio, sys
from pathlib import Path
from tests.servers.processes import running

async def serve(port, folder):
    command = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", port]
    async with running(command, f"http://127.0.0.1:{port}/", Path(folder) / "log"):
        print("ready", flush=True)
        await asyncio.sleep(600)

asyncio.run(serve(*sys.argv[1:]))
"""
ADVISOR = """
import asyncio, sys
from pathlib import Path
from benchmarks.measuring.process import running

async def measure(folder):
    async with running(["/bin/sleep", "600"], {}, Path(folder), Path(folder) / "log") as pid:
        while Path(f"/proc/{pid}/comm").read_text() != "sleep\\n":
            await asyncio.sleep(0.01)
        print(pid, flush=True)
        await asyncio.sleep(600)

asyncio.run(measure(sys.argv[1]))
"""
DATABASE = """
import time
from tests.servers.postgresql import running_postgresql

with running_postgresql() as url:
    print(url.rpartition(":")[2].partition("/")[0], flush=True)
    time.sleep(600)
"""


def said_before_killed(how: signal.Signals, *words: str) -> str:
    """What a Python program prints first; then it ends by the signal."""
    with subprocess.Popen(
        [sys.executable, "-c", *words], env=process.environment({}), cwd=process.ROOT, stdout=subprocess.PIPE, text=True
    ) as started:
        assert started.stdout is not None
        line = started.stdout.readline()
        started.send_signal(how)
    return line.strip()


def refuses_in_time(port: int) -> bool:
    """Whether nobody listens any more, or soon."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_server_ends_with_the_run_that_started_it(tmp_path: Path, how: signal.Signals) -> None:
    port = free_port()
    assert said_before_killed(how, SERVER, str(port), str(tmp_path)) == "ready"
    assert refuses_in_time(port)


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="needs setpriv: sudo apt-get install util-linux")
def test_a_measured_process_ends_with_the_run_that_started_it(tmp_path: Path) -> None:
    pid = int(said_before_killed(signal.SIGKILL, ADVISOR, str(tmp_path)))
    until = time.monotonic() + PATIENCE_S
    while (of := Path(f"/proc/{pid}/stat")).exists() and of.read_text().rpartition(")")[2].split()[0] not in "ZX":
        left = until - time.monotonic()
        assert left > 0
        time.sleep(0.05)


def test_a_database_ends_with_the_run_that_started_it() -> None:
    require_program("initdb", package="postgresql")
    port = int(said_before_killed(signal.SIGKILL, DATABASE))
    assert refuses_in_time(port)
