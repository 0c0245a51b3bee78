"""The suite that ships: worlds of the simulator, made at use and kept in the user's cache."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from functools import cache, partial
from pathlib import Path

from sre_advisor.evals import simulator
from sre_advisor.evals.simulator.causes import CAUSES
from sre_advisor.evals.simulator.world import expectation, files, simulate
from sre_advisor.evals.suites.suite import Case, Suite

NAME = "bundled"
VARIANTS = 2
MORE = {"nothing": 3, "not_enough_evidence": 3, "pool_exhaustion": 3}
"""Causes with more variants: silence is where advisors fail most, and a pool empties in two ways."""


def bundled_suite(keep: Path | None = None) -> Suite:
    """The bundled suite; its worlds are kept under `keep`, by default the user's cache."""
    where = (keep or _cache()) / code_hash()
    wanted = [(cause, variant) for cause in CAUSES for variant in range(1, MORE.get(cause, VARIANTS) + 1)]
    return Suite(NAME, code_hash(), tuple(_case(cause, variant, where) for cause, variant in wanted))


@cache
def code_hash() -> str:
    """What the worlds come from: they change when the simulator's code does, and with nothing else."""
    digest = hashlib.sha256(repr((VARIANTS, MORE)).encode())
    for file in sorted(Path(simulator.__file__).parent.rglob("*.py")):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def _case(cause: str, variant: int, where: Path) -> Case:
    world = simulate(cause, variant)
    return Case(world.id, expectation(world), partial(written, cause, variant, where / world.id))


def written(cause: str, variant: int, folder: Path) -> Path:
    """The folder of a world's recording, written when it is not there yet."""
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Written beside and renamed, so that a crash in the middle leaves nothing that looks finished.
    scratch = Path(tempfile.mkdtemp(prefix=".world-", dir=folder.parent))
    try:
        for path, data in files(simulate(cause, variant)).items():
            (scratch / path).parent.mkdir(parents=True, exist_ok=True)
            (scratch / path).write_bytes(data)
        scratch.chmod(0o755)
        try:
            scratch.rename(folder)
        except OSError:  # another process was faster: its world is the same
            if not folder.is_dir():
                raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return folder


def _cache() -> Path:
    told = os.environ.get("XDG_CACHE_HOME")
    home = Path(told) if told else Path.home() / ".cache"
    place = home / "sre-advisor" / "worlds"
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError:  # a home that cannot be written to, as in a container
        return Path(tempfile.gettempdir()) / f"sre-advisor-worlds-{os.getuid()}"
    return place if os.access(place, os.W_OK) else Path(tempfile.gettempdir()) / f"sre-advisor-worlds-{os.getuid()}"
