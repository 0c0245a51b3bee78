"""What git may be told, and what a hostile repository cannot make it do."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sre_advisor.connectors.contract import Unavailable
from sre_advisor.connectors.git.parse import blamed, commits, matches
from sre_advisor.connectors.git.refs import is_safe_revision
from sre_advisor.connectors.git.runner import ALLOWED, GitRunner, Refused, check
from tests.connectors.git.conftest import Work, connector
from tests.connectors.git.test_tools import JUNE, call

WRITES = ["push", "fetch", "pull", "clone", "commit", "gc", "config", "checkout", "update-ref", "remote", "archive",
          "upload-pack", "-c", "--exec-path=/tmp", "difftool", "bisect", "submodule", ""]  # fmt: skip


@pytest.mark.parametrize("subcommand", WRITES)
def test_a_subcommand_outside_the_list_is_refused(subcommand: str) -> None:
    with pytest.raises(Refused):
        check(subcommand, (), ())


@pytest.mark.parametrize("subcommand", sorted(ALLOWED))
@pytest.mark.parametrize(
    "flag", ["--output=/tmp/x", "--ext-diff", "--textconv", "-O", "--open-files-in-pager=id", "--filters", "-P",
             "--no-index", "-f/etc/passwd", "--contents=/etc/passwd"]
)  # fmt: skip
def test_a_flag_that_writes_or_runs_a_program_is_refused(subcommand: str, flag: str) -> None:
    with pytest.raises(Refused):
        check(subcommand, (flag,), ())


@given(st.text(max_size=60))
def test_no_revision_that_passes_can_be_read_as_anything_else(text: str) -> None:
    if is_safe_revision(text):
        assert not text.startswith("-")
        assert not set(text) & set(":@{} \t\n\0*?[\\")
        assert ".." not in text


@given(st.binary(max_size=400))
def test_no_output_of_git_breaks_the_parsers(raw: bytes) -> None:
    commits(raw)
    matches(raw, "a" * 40)
    blamed(raw)


def _trap(work: Work, tmp_path: Path) -> Path:
    """A repository whose configuration runs a program wherever git would let it."""
    trap, sprung = tmp_path / "trap.sh", tmp_path / "sprung"
    trap.write_text(f'#!/bin/sh\necho "$0 $@" >> {sprung}\ncat "$1" 2>/dev/null\n')
    trap.chmod(0o755)
    settings = {
        "core.fsmonitor": trap, "core.pager": trap, "diff.external": trap, "diff.evil.textconv": trap,
        "diff.evil.command": trap, "core.sshCommand": trap, "gpg.program": trap, "log.showSignature": "true",
        "core.alternateRefsCommand": trap, "alias.log": f"!{trap}", "filter.evil.smudge": trap,
        "filter.evil.clean": trap, "pager.log": trap, "pager.show": trap, "core.editor": trap,
    }  # fmt: skip
    for key, value in settings.items():
        work.git("config", key, str(value))
    (work.path / ".git/info").mkdir(exist_ok=True)
    (work.path / ".git/info/attributes").write_text("* diff=evil filter=evil\n")
    for hook in ("post-checkout", "pre-commit", "post-index-change"):
        (work.path / ".git/hooks").mkdir(exist_ok=True)
        (work.path / ".git/hooks" / hook).symlink_to(trap)
    return sprung


async def test_a_hostile_repositorys_configuration_runs_nothing(shop: Work, tmp_path: Path) -> None:
    sprung = _trap(shop, tmp_path)
    git = connector(shop)
    await git.ping()
    await call(git, "code_changes", **JUNE)
    await call(git, "code_commit", sha="main")
    await call(git, "code_search", query="size")
    await call(git, "code_read", path="README.md")
    await call(git, "code_blame", path="README.md", first_line=1, last_line=1)
    assert not sprung.exists()
    shop.git("-c", "log.showSignature=false", "log", "-1", "-p", "--ext-diff")
    assert sprung.exists(), "the trap must spring for a git that is not hardened"


async def test_nothing_in_the_repository_changes_by_reading(shop: Work) -> None:
    def state() -> dict[str, tuple[int, int]]:
        return {str(p): (p.stat().st_mtime_ns, p.stat().st_size) for p in shop.path.rglob("*")}

    before = state()
    git = connector(shop)
    await call(git, "code_changes", **JUNE)
    await call(git, "code_search", query="size")
    await call(git, "code_blame", path="README.md", first_line=1, last_line=1)
    assert state() == before


def _runs(pid: str) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().split()[2] not in "ZX"


async def _gone(pids: Path) -> bool:
    """Whether all of them end soon: a process that is killed closes its pipes a moment before it is gone."""
    for _ in range(1_000):
        if not any(_runs(pid) for pid in pids.read_text().split()):
            return True
        await asyncio.sleep(0.01)
    return False


def _pipes() -> list[str]:
    """The pipes that this process holds an end of."""
    held = [file.readlink() for file in Path("/proc/self/fd").iterdir() if file.is_symlink()]
    return sorted(str(to) for to in held if str(to).startswith("pipe:"))


async def test_a_child_that_outlives_its_git_is_stopped_and_its_pipes_are_closed(tmp_path: Path, shop: Work) -> None:
    pid, programs = tmp_path / "pid", tmp_path / "bin"
    programs.mkdir()
    fake = programs / "git"
    fake.write_text(f"#!/bin/sh\n/bin/sleep 600 &\necho $! > {pid}\n")
    fake.chmod(0o755)
    path, before = os.environ["PATH"], _pipes()
    os.environ["PATH"] = str(programs)
    try:
        with pytest.raises(Unavailable, match="longer than"):
            await GitRunner(shop.path, timeout_s=1.0).run("rev-parse", ("--git-dir",))
    finally:
        os.environ["PATH"] = path
    assert _pipes() == before
    assert await _gone(pid)


@pytest.mark.alone
async def test_a_git_that_hangs_is_stopped_with_its_children(tmp_path: Path, shop: Work) -> None:
    pids = tmp_path / "pids"
    programs = tmp_path / "bin"
    programs.mkdir()
    fake = programs / "git"
    fake.write_text(f"#!/bin/sh\necho $$ >> {pids}\n/bin/sleep 60 &\necho $! >> {pids}\nwait\n")
    fake.chmod(0o755)
    path = os.environ["PATH"]
    os.environ["PATH"] = str(programs)
    try:
        began = time.monotonic()
        with pytest.raises(Unavailable, match="longer than") as caught:
            await GitRunner(shop.path, timeout_s=0.5).run("rev-parse", ("--git-dir",))
    finally:
        os.environ["PATH"] = path
    assert caught.value.kind == "timeout"
    assert time.monotonic() - began < 5
    assert await _gone(pids)


async def test_a_machine_without_git_is_told_what_to_install(tmp_path: Path, shop: Work) -> None:
    path = os.environ["PATH"]
    os.environ["PATH"] = str(tmp_path)
    try:
        health = await connector(shop).ping()
    finally:
        os.environ["PATH"] = path
    assert health.state == "unreachable"
    assert "install" in health.detail


async def test_a_plain_folder_inside_another_repository_is_not_read_as_it(shop: Work) -> None:
    inner = shop.path / "checkout"
    health = await connector(Work(inner)).ping()
    assert "not a git repository" in health.detail


async def test_output_that_is_cut_never_leaves_the_reading_hanging(shop: Work) -> None:
    # Whether the reader has fallen behind when it stops is the processors' affair, about one time in thirty.
    sha = shop.commit("Add much", {"big.txt": "0123456789 filler\n" * 100_000}, "2026-06-03T00:00:00Z")
    git = GitRunner(shop.path, timeout_s=20)
    for _ in range(100):
        found = await git.run("grep", ("-z", "-n", "-I", "-F", "--no-color"), pattern="filler", revisions=(sha,))
        assert (found.code, len(found.stdout), found.truncated) == (0, git.max_bytes, True)
