"""Real repositories, built with git."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from sre_advisor.connectors.git import GitConfig, GitConnector, RepositoryConfig


@dataclass(frozen=True)
class Work:
    path: Path

    def git(self, *args: str, at: str | None = None, stdin: bytes | None = None) -> str:
        env = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.path),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "Ada Tester",
            "GIT_AUTHOR_EMAIL": "ada@example.com",
            "GIT_COMMITTER_NAME": "Ada Tester",
            "GIT_COMMITTER_EMAIL": "ada@example.com",
        }
        if at:
            env |= {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at}
        done = subprocess.run(["git", *args], cwd=self.path, env=env, input=stdin, capture_output=True, check=True)
        return done.stdout.decode().strip()

    def commit(self, message: str, files: dict[str, str | bytes], at: str = "2026-06-01T10:00:00Z") -> str:
        for name, content in files.items():
            target = self.path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode() if isinstance(content, str) else content)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-F", "-", at=at, stdin=message.encode())
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def new_repository(tmp_path: Path) -> Callable[[str], Work]:
    def make(name: str) -> Work:
        work = Work(tmp_path / name)
        work.path.mkdir()
        work.git("init", "-q", "-b", "main")
        return work

    return make


@pytest.fixture
def shop(new_repository: Callable[[str], Work]) -> Work:
    work = new_repository("shop")
    work.commit("Start the shop", {"checkout/pool.py": "size = 20\nwait = 5\n", "README.md": "shop\n"})
    work.commit(
        "Shrink the pool\n\nSaves memory.", {"checkout/pool.py": "size = 2\nwait = 5\n"}, "2026-06-02T09:00:00Z"
    )
    return work


def connector(*works: Work, web_url: str | None = "https://github.com/acme/shop") -> GitConnector:
    repositories = tuple(RepositoryConfig(name=w.path.name, path=w.path, web_url=web_url) for w in works)
    return GitConnector(GitConfig(repositories=repositories))
