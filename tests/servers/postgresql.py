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
        try:
            yield f"postgresql+psycopg://advisor@127.0.0.1:{port}/postgres"
        finally:
            _run([control, "stop", "--pgdata", data, "--mode", "immediate"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: list[str | Path]) -> None:
    """Run it, as the user `postgres` where we are root, which PostgreSQL refuses to run as."""
    other = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    done = subprocess.run([*other, *command], capture_output=True, text=True, check=False, cwd="/")
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stdout}{done.stderr}")


def _hand_over(folder: Path) -> None:
    if os.geteuid() == 0:
        entry = pwd.getpwnam("postgres")
        os.chown(folder, entry.pw_uid, entry.pw_gid)
