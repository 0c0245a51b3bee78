"""A recording's bundle becomes a bare mirror, or one clear error."""

from __future__ import annotations

import asyncio
import os
import subprocess
from pathlib import Path

import pytest

from sre_advisor.replay.broken import BrokenRecording
from sre_advisor.replay.unbundle import unbundle
from sre_advisor.replay.world import World, load_world
from tests.replay.small_world import write_world


def git(where: Path, *arguments: str) -> str:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    for who in ("AUTHOR", "COMMITTER"):
        environment |= {f"GIT_{who}_NAME": "Ada Example", f"GIT_{who}_EMAIL": "ada@shop.example"}
    done = subprocess.run(["git", *arguments], cwd=where, env=environment, capture_output=True, check=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def world(tmp_path: Path) -> World:
    repository = tmp_path / "repository"
    repository.mkdir()
    git(repository, "init", "-q", "-b", "main")
    (repository / "a.txt").write_text("a")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "one")
    folder = write_world(tmp_path / "world")
    git(repository, "bundle", "create", str(folder / "repo.bundle"), "HEAD", "main")
    return load_world(folder)


async def test_the_mirror_is_bare_and_holds_the_recorded_commits(world: World, tmp_path: Path) -> None:
    mirror = await world.unbundle(tmp_path / "into" / "deep")
    assert git(mirror, "rev-parse", "--is-bare-repository") == "true"
    assert git(mirror, "rev-parse", "main") == git(tmp_path / "repository", "rev-parse", "main")
    assert list((tmp_path / "into" / "deep").iterdir()) == [mirror]


async def test_unbundling_at_once_and_again_gives_the_same_mirror(world: World, tmp_path: Path) -> None:
    mirrors = await asyncio.gather(*(world.unbundle(tmp_path / "into") for _ in range(4)))
    assert set(mirrors) == {await world.unbundle(tmp_path / "into")}
    assert list((tmp_path / "into").iterdir()) == [mirrors[0]]


async def test_no_configuration_of_the_machine_reaches_git(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hostile").write_text("[transfer]\n\tbundleURI = [\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "hostile"))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    assert (await world.unbundle(tmp_path / "into")).is_dir()


async def test_a_bundle_that_is_none_is_a_broken_recording_and_leaves_nothing(tmp_path: Path) -> None:
    folder = write_world(tmp_path / "world")
    (folder / "repo.bundle").write_bytes(b"# v2 git bundle\nnot one")
    with pytest.raises(BrokenRecording, match=r"repo\.bundle: is not a git bundle"):
        await load_world(folder).unbundle(tmp_path / "into")
    assert list((tmp_path / "into").iterdir()) == []


async def test_a_cut_off_bundle_is_a_broken_recording(world: World, tmp_path: Path) -> None:
    assert world.bundle is not None
    world.bundle.write_bytes(world.bundle.read_bytes()[:-30])
    with pytest.raises(BrokenRecording, match=r"repo\.bundle"):
        await world.unbundle(tmp_path / "into")


async def test_a_world_without_a_bundle_says_so(tmp_path: Path) -> None:
    with pytest.raises(BrokenRecording, match="not part of this recording"):
        await load_world(write_world(tmp_path / "world")).unbundle(tmp_path / "into")


async def test_a_clone_that_takes_too_long_is_ended_and_leaves_nothing(world: World, tmp_path: Path) -> None:
    assert world.bundle is not None
    with pytest.raises(BrokenRecording, match="took git more than 0 s"):
        await unbundle(world.bundle, tmp_path / "into", timeout_s=0.0)
    assert list((tmp_path / "into").iterdir()) == []


async def test_a_machine_without_git_is_told_to_install_it(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BrokenRecording, match="install git"):
        await world.unbundle(tmp_path / "into")
