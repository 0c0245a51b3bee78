"""A real PostgreSQL on a free port, its data thrown away."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.processes import free_port
from tests.servers.requirements import require_program


@contextmanager
def running_postgresql() -> Generator[str]:
    """The URL of an empty database, for SQLAlchemy with psycopg; skipped when PostgreSQL is not installed."""
    initdb = require_program("initdb", package="postgresql")
    control = require_program("pg_ctl", package="postgresql")
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    data, port = folder / "data", free_port()
    _hand_over(folder)
    try:
        _run([initdb, "--pgdata", data, "--username", "advisor", "--auth", "trust", "--encoding", "UTF8", "--no-sync"])
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        _run([control, "start", "--pgdata", data, "--wait", "--log", folder / "log", "-o", options])
        with _stopped_after_us([control, "stop", "--pgdata", data, "--mode", "immediate"]):
            yield f"postgresql+psycopg://advisor@127.0.0.1:{port}/postgres"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _stopped_after_us(stop: list[str | Path]) -> Generator[None]:
    """Stop the server, which is no child of ours, when the block ends, or this program, however it does."""
    waiting = ["/bin/sh", "-c", 'read _; exec "$@"', "sh", *_as_postgres(stop)]
    with subprocess.Popen(
        waiting, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, cwd="/", start_new_session=True
    ) as stopping:
        yield  # leaving closes the shell's input and waits for it
    if stopping.returncode:
        raise RuntimeError(f"{stop[0]} failed: {stopping.returncode}")


def _as_postgres(command: list[str | Path]) -> list[str | Path]:
    """The command as the user `postgres` where we are root, which PostgreSQL refuses to run as."""
    other = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    return [*other, *command]


def _run(command: list[str | Path]) -> None:
    done = subprocess.run(_as_postgres(command), capture_output=True, text=True, check=False, cwd="/")
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stdout}{done.stderr}")


def _hand_over(folder: Path) -> None:
    if os.geteuid() == 0:
        entry = pwd.getpwnam("postgres")
        os.chown(folder, entry.pw_uid, entry.pw_gid)
