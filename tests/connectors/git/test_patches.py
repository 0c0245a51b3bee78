"""A patch is tried in a scratch copy; one that does not apply is never said to."""

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sre_advisor.connectors.contract import BadRequest, Reading
from sre_advisor.connectors.git import GitConfig, GitConnector, RepositoryConfig
from tests.connectors.git.conftest import Work

POOL = "--- a/checkout/pool.py\n+++ b/checkout/pool.py\n@@ -1,2 +1,2 @@\n-size = 20\n+size = 40\n wait = 5\n"
RULES = """groups:
  - name: shop
    rules:
      - alert: High
        expr: rate(errors_total[5m]) > 1
"""


@pytest.fixture
def work(new_repository: Callable[[str], Work]) -> Work:
    made = new_repository("shop")
    made.commit("Start", {"checkout/pool.py": "size = 20\nwait = 5\n", "rules/shop.yaml": RULES})
    return made


async def tried(work: Work, diff: str, **more: Any) -> Reading:
    connector = GitConnector(GitConfig(repositories=(RepositoryConfig(name="shop", path=work.path),)))
    (tool,) = (t for t in connector.tools() if t.name == "code_try_patch")
    args = tool.args.model_validate({"diff": diff, "sha": "HEAD"} | more)
    return await tool.run(args, datetime.now(UTC))


async def test_a_patch_that_fits_is_told_with_what_it_touches_and_the_repository_stays_as_it_was(work: Work) -> None:
    before = {p: p.read_bytes() for p in work.path.rglob("*") if p.is_file()}
    reading = await tried(work, POOL)
    assert isinstance(reading.body, dict)
    assert reading.body["files"] == ["checkout/pool.py"]
    assert (reading.body["added"], reading.body["removed"]) == (1, 1)
    assert {p: p.read_bytes() for p in work.path.rglob("*") if p.is_file()} == before


async def test_a_new_file_can_be_proposed(work: Work) -> None:
    reading = await tried(work, "--- /dev/null\n+++ b/docs/new.md\n@@ -0,0 +1 @@\n+hello\n")
    assert isinstance(reading.body, dict)
    assert reading.body["files"] == ["docs/new.md"]


@pytest.mark.parametrize(
    "diff",
    [
        POOL.replace("size = 20", "size = 21"),
        POOL.replace("checkout/pool.py", "checkout/none.py"),
        POOL.replace("checkout/pool.py", "../outside.py"),
        POOL.replace("a/checkout/pool.py", "/etc/passwd").replace("b/checkout/pool.py", "/etc/passwd"),
        POOL.replace("checkout/pool.py", ".git/config"),
        POOL.replace("checkout/pool.py", "checkout/.GIT/hooks/x"),
        "no diff at all",
        POOL.replace("@@ -1,2 +1,2 @@", "@@ -1,9 +1,9 @@"),
        "diff --git a/x b/x\nnew file mode 120000\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+/etc/passwd\n",
        "diff --git a/checkout/pool.py b/y\nsimilarity index 100%\nrename from checkout/pool.py\nrename to y\n",
        "".join(f"--- /dev/null\n+++ b/f{i}\n@@ -0,0 +1 @@\n+x\n" for i in range(11)),
        "--- /dev/null\n+++ b/checkout/pool.py\n@@ -0,0 +1 @@\n+x\n",
        POOL.replace("checkout/", "checkout//"),
        "--- /dev/null\n+++ /dev/null\n@@ -0,0 +1 @@\n+x\n",
    ],
)
async def test_a_patch_that_does_not_fit_or_reaches_beyond_is_refused(work: Work, diff: str) -> None:
    with pytest.raises(BadRequest):
        await tried(work, diff)


def changed_in_a_clone(work: Work, folder: Path, diff: str) -> str:
    """What the commands for a human would change in a real clone; nothing where git refuses the patch."""
    clone, patch = Work(folder / "clone"), folder / "change.patch"
    work.git("clone", "-q", str(work.path), str(clone.path))
    patch.write_text(diff)
    try:
        clone.git("apply", "--index", str(patch))
    except subprocess.CalledProcessError:
        return ""
    return clone.git("diff", "--cached", "--name-only")


def new_file(path: str, prefix: str = "b/") -> str:
    return f"--- /dev/null\n+++ {prefix}{path}\n@@ -0,0 +1 @@\n+x\n"


@pytest.mark.parametrize(
    "diff",
    [
        new_file("checkout/pool.py/x"),  # a file stands where a folder would have to
        new_file("checkout"),  # a folder stands there
        new_file("link/x"),  # beyond a link
        new_file("checkout/README.md", prefix=""),  # git takes "checkout/" off and finds the other README.md
        new_file("checkout/new.py", prefix=""),  # applies, but to a file that it does not name
    ],
)
async def test_what_git_would_refuse_or_do_elsewhere_in_a_real_clone_is_refused(
    work: Work, tmp_path: Path, diff: str
) -> None:
    (work.path / "link").symlink_to("checkout")
    work.commit("Add a link and a page", {"README.md": "hi\n"})
    with pytest.raises(BadRequest):
        await tried(work, diff)
    assert changed_in_a_clone(work, tmp_path, diff) in ("", "new.py"), "git itself takes it as it reads"


async def test_only_files_that_come_out_different_are_named(work: Work) -> None:
    work.commit("Add a page", {"README.md": "hi\n"})
    reading = await tried(work, f"{POOL}--- a/README.md\n+++ b/README.md\n")
    assert isinstance(reading.body, dict)
    assert reading.body["files"] == ["checkout/pool.py"]
    there_and_back = POOL + POOL.replace("-size = 20\n+size = 40", "-size = 40\n+size = 20")
    with pytest.raises(BadRequest, match="changes nothing"):
        await tried(work, there_and_back)


async def test_a_rule_file_that_promtool_refuses_is_refused(work: Work) -> None:
    head = "--- a/rules/shop.yaml\n+++ b/rules/shop.yaml\n@@ -5,1 +5,1 @@\n-        expr: rate(errors_total[5m]) > 1\n"
    good = await tried(work, f"{head}+        expr: rate(errors_total[5m]) > 2\n")
    assert isinstance(good.body, dict)
    if good.body["rules"] != "checked with promtool":
        pytest.skip("promtool is not installed: apt-get install prometheus")
    with pytest.raises(BadRequest, match="promtool refuses"):
        await tried(work, f"{head}+        expr: rate(errors_total[5m) > 2\n")


async def test_nothing_is_left_behind(work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setattr("tempfile.tempdir", None)
    await tried(work, POOL)
    with pytest.raises(BadRequest):
        await tried(work, POOL.replace("20", "21"))
    assert list(scratch.iterdir()) == []
