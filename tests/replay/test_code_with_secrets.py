"""A repository in which secrets stand is recorded without them, and spoken of by the ids people know."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sre_advisor.broker.redaction import Redactor
from sre_advisor.connectors.git.config import GitConfig, RepositoryConfig
from sre_advisor.connectors.git.connector import GitConnector
from sre_advisor.model import Change
from sre_advisor.replay.broken import BrokenRecording
from sre_advisor.replay.bundle import BUNDLE_LIMIT, Bundled, bundle
from sre_advisor.replay.opening import open_recording
from sre_advisor.replay.parts import RepositoryPart
from sre_advisor.replay.rewriting import TEXT_PART, Names
from sre_advisor.replay.writer import write_recording
from tests.replay.small_recording import NOW, captured, resealed
from tests.replay.test_unbundling import git

TOKEN = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"
WEB = "https://code.example/shop"


@dataclass(frozen=True)
class Made:
    """A recorded repository and the ids its commits had."""

    repository: Path
    recording: Path
    bundled: Bundled
    shas: tuple[str, ...]


def commit(where: Path, name: str, text: str, message: str, minute: int) -> str:
    (where / name).write_text(text)
    git(where, "add", ".")
    stamp = f"2026-01-05T11:{minute:02}:00+00:00"
    os.environ["GIT_COMMITTER_DATE"] = os.environ["GIT_AUTHOR_DATE"] = stamp
    try:
        git(where, "commit", "-qm", message)
    finally:
        del os.environ["GIT_COMMITTER_DATE"], os.environ["GIT_AUTHOR_DATE"]
    return git(where, "rev-parse", "HEAD")


@pytest.fixture
def made(tmp_path: Path) -> Made:
    where = tmp_path / "repository"
    where.mkdir()
    git(where, "init", "-q", "-b", "main")
    shas = (
        commit(where, "a.py", "POOL = 50\n", "Begin", 1),
        commit(where, "key.py", f'TOKEN = "{TOKEN}"\nPOOL = 5\n', "Add the key", 2),
        commit(where, "a.py", "POOL = 5\n", f"Shrink the pool\n\nwith {TOKEN} and in place of what came with it", 3),
    )
    out = tmp_path / "shop.bundle"
    bundled = bundle(where / ".git", "main", NOW, out, Redactor())
    told = RepositoryPart(
        name="shop", head=bundled.head, bundle="code/shop.bundle", renamed="code/shop.commits", web_url=WEB,
        secrets=bundled.secrets,
    )  # fmt: skip
    commits = "".join(f"{old} {new}\n" for old, new in bundled.commits.items()).encode()
    held = replace(captured(repositories=(told,)), code={"shop.bundle": out, "shop.commits": commits})
    recording = write_recording(held, tmp_path / "r", Redactor().numbering())
    return Made(where, recording, bundled, shas)


def test_no_secret_is_left_in_any_object_of_the_bundle(made: Made, tmp_path: Path) -> None:
    mirror = tmp_path / "m.git"
    git(tmp_path, "clone", "-q", "--mirror", str(made.recording / "code" / "shop.bundle"), str(mirror))
    everything = subprocess.run(
        ["git", "-C", str(mirror), "cat-file", "--batch", "--batch-all-objects"], capture_output=True, check=True
    ).stdout
    assert TOKEN.encode() not in everything
    assert b"POOL = 5" in everything, "what is no secret is kept"
    assert made.bundled.secrets == 2
    assert (
        git(mirror, "log", "--format=%ct %an %s").splitlines()
        == git(made.repository, "log", "--format=%ct %an %s").splitlines()
    )


def test_commits_before_the_first_secret_keep_their_ids(made: Made) -> None:
    assert set(made.bundled.commits) == set(made.shas[1:])


async def test_the_tools_speak_of_commits_by_the_ids_they_had(made: Made) -> None:
    live = GitConnector(GitConfig(repositories=(RepositoryConfig(name="shop", path=made.repository, web_url=WEB),)))
    asked = {
        "code_changes": {"start": "2026-01-05T11:00:00Z", "end": "2026-01-05T12:00:00Z"},
        "code_commit": {"sha": made.shas[2][:12]},
        "code_read": {"path": "a.py", "revision": made.shas[2]},
        "code_blame": {"path": "a.py", "first_line": 1, "last_line": 1},
        "code_search": {"query": "POOL"},
    }
    async with open_recording(made.recording, use_prometheus=False) as recording:
        here = {t.name: t for c in recording.connectors for t in c.tools()}
        for tool in live.tools():
            if tool.name not in asked:
                continue
            then = await tool.run(tool.args.model_validate(asked[tool.name]), NOW)
            now = await here[tool.name].run(here[tool.name].args.model_validate(asked[tool.name]), NOW)
            ids = [n.id for n in then.nouns if isinstance(n, Change)]
            assert [n.id for n in now.nouns if isinstance(n, Change)] == ids
            assert now.link == then.link
            assert Redactor().text(str(now.body))[1] == 0
            for sha in made.shas:
                assert (sha[:7] in str(then.body)) == (sha[:7] in str(now.body)), tool.name
            assert not any(new[:7] in f"{now.summary} {now.body}" for new in made.bundled.commits.values())


async def test_a_text_too_long_to_look_through_is_left_out_and_the_rest_kept(tmp_path: Path) -> None:
    where = tmp_path / "repository"
    where.mkdir()
    git(where, "init", "-q", "-b", "main")
    commit(where, "dump.sql", "x" * (TEXT_PART + 1), "Add a dump", 1)
    commit(where, "a.py", "POOL = 50\n", "Begin", 2)
    bundle(where / ".git", "main", NOW, tmp_path / "b.bundle", Redactor())
    git(tmp_path, "clone", "-q", "--mirror", str(tmp_path / "b.bundle"), str(tmp_path / "m.git"))
    assert "left out of this recording" in git(tmp_path / "m.git", "show", "HEAD:dump.sql")
    assert git(tmp_path / "m.git", "show", "HEAD:a.py") == "POOL = 50"


def test_a_repository_without_secrets_keeps_every_id(tmp_path: Path) -> None:
    where = tmp_path / "repository"
    where.mkdir()
    git(where, "init", "-q", "-b", "main")
    head = commit(where, "a.py", "POOL = 50\n", "Begin", 1)
    made = bundle(where / ".git", "main", datetime(2026, 1, 5, 12, tzinfo=UTC), tmp_path / "b.bundle", Redactor())
    assert (made.head, made.commits, made.secrets) == (head, {}, 0)
    assert (tmp_path / "b.bundle").stat().st_size < BUNDLE_LIMIT


async def test_a_list_of_ids_that_names_no_commits_is_one_clear_error(made: Made) -> None:
    resealed(made.recording, "code/shop.commits", b"a b\n")
    with pytest.raises(BrokenRecording, match=r"shop\.commits.*line 1.*does not name two commits"):
        async with open_recording(made.recording, use_prometheus=False):
            pass


def test_only_whole_ids_and_their_beginnings_are_put_in_one_anothers_place() -> None:
    old, new = "a" * 6 + "1" + "0" * 33, "b" * 6 + "2" + "0" * 33
    names = Names({old: new})
    assert names.new(f"see {old[:9]}, not {old[:9]}f or x{old[:9]}") == f"see {new[:9]}, not {old[:9]}f or x{old[:9]}"
    assert names.old(names.new(f"/commit/{old}")) == f"/commit/{old}"
