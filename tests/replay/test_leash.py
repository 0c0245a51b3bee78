"""A program on a leash ends with whoever holds it, and leaves nothing behind when it ends by itself."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from sre_advisor.replay.leash import leashed

PATIENCE_S = 30
STAYS = ["/bin/sh", "-c", "echo $$; exec sleep 600"]


@contextmanager
def held(*command: str) -> Generator[tuple[subprocess.Popen[bytes], int]]:
    """The shell that holds the program, and the id that the program says it has."""
    shell = subprocess.Popen(leashed(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
    assert shell.stdout is not None
    try:
        yield shell, int(shell.stdout.readline())
    finally:
        with suppress(ProcessLookupError):
            os.killpg(shell.pid, signal.SIGKILL)
        shell.wait()
        for pipe in (shell.stdin, shell.stdout):
            if pipe is not None:
                pipe.close()


def group(leader: int) -> list[str]:
    """The processes of a session of its own that still run."""
    status = [stat.read_text() for stat in Path("/proc").glob("[0-9]*/stat") if stat.exists()]
    fields = [line.rpartition(")")[2].split() for line in status]
    return [of[0] for of in fields if of[2] == str(leader) and of[0] not in "ZX"]


def comes_to(number: int, leader: int) -> bool:
    """Whether so many of them run before long: the shell says nothing of when it has started all of its own."""
    until = time.monotonic() + PATIENCE_S
    while len(group(leader)) != number:
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def nothing_of(leader: int) -> bool:
    return comes_to(0, leader)


def test_a_program_that_ends_by_itself_leaves_no_shell_waiting_for_input() -> None:
    with held("/bin/sh", "-c", "echo $$; exit 3") as (shell, _):
        assert shell.wait(PATIENCE_S) == 3
        assert nothing_of(shell.pid)


def test_a_program_that_is_killed_leaves_no_shell_waiting_for_input() -> None:
    with held(*STAYS) as (shell, program):
        os.kill(program, signal.SIGKILL)
        assert shell.wait(PATIENCE_S) == 128 + signal.SIGKILL
        assert nothing_of(shell.pid)


def test_it_ends_when_whoever_holds_it_is_gone() -> None:
    with held(*STAYS) as (shell, _):
        assert comes_to(3, shell.pid)
        assert shell.stdin is not None
        shell.stdin.close()
        shell.wait(PATIENCE_S)
        assert nothing_of(shell.pid)


def test_it_ends_although_the_shell_was_killed_before() -> None:
    with held(*STAYS) as (shell, _):
        assert comes_to(3, shell.pid)
        shell.kill()
        shell.wait(PATIENCE_S)
        assert group(shell.pid)
        assert shell.stdin is not None
        shell.stdin.close()
        assert nothing_of(shell.pid)


@pytest.mark.parametrize("command", [STAYS, ["/bin/sh", "-c", "trap 'exit 7' TERM; echo $$; sleep 600 & wait"]])
def test_being_told_to_end_it_waits_for_the_program(command: list[str]) -> None:
    with held(*command) as (shell, program):
        shell.terminate()
        assert shell.wait(PATIENCE_S) in {7, 128 + signal.SIGTERM}
        assert not Path(f"/proc/{program}").exists()
