"""The locks name packages, versions and hashes, and nothing of where they come from."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-build.lock", "requirements-dev.lock")
LINE = re.compile(r"[a-z0-9][a-z0-9._-]*==[^\s;@/]+( ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
PINNED = re.compile(r"^([a-z0-9._-]+)==(\S+)", re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_packages_versions_and_hashes_only(lock: str) -> None:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()

    assert lines
    assert [line for line in lines if not LINE.fullmatch(line)] == []


def test_the_locks_agree_on_every_version() -> None:
    run, build, dev = (dict(PINNED.findall((ROOT / lock).read_text(encoding="utf-8"))) for lock in LOCKS)

    assert {name: run[name] for name in run} == {name: dev.get(name) for name in run}
    for name in build.keys() & dev.keys():
        assert build[name] == dev[name]
