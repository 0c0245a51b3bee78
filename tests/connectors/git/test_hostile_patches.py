"""A patch said to apply does apply in a clone of one's own, and changes the files it names and no other."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from sre_advisor.connectors.contract import BadRequest, Reading
from tests.connectors.git.conftest import Work
from tests.connectors.git.test_patches import tried

LINES = [f"setting_{n} = {n}" for n in range(30)]
FILES: dict[str, str | bytes] = {
    "app/settings.py": "\n".join(LINES) + "\n",
    "app/windows.py": "one = 1\r\ntwo = 2\r\n",
    "app/unended.py": "one = 1\ntwo = 2",
    "app/twice.py": "x = 1\ny = 2\nx = 1\ny = 2\n",
}
GOOD = (
    "--- a/app/settings.py\n+++ b/app/settings.py\n@@ -4,5 +4,5 @@\n setting_3 = 3\n setting_4 = 4\n-setting_5 = 5\n"
    "+setting_5 = 50\n setting_6 = 6\n setting_7 = 7\n"
)
GIT = "diff --git a/app/settings.py b/app/settings.py\n"
UNENDED = (
    "--- a/app/unended.py\n+++ b/app/unended.py\n@@ -1,2 +1,2 @@\n one = 1\n-two = 2\n\\ No newline at end of file\n"
    "+two = 3\n\\ No newline at end of file\n"
)
WINDOWS = "--- a/app/windows.py\n+++ b/app/windows.py\n@@ -1,2 +1,2 @@\n one = 1\r\n-two = 2\r\n+two = 3\r\n"
NEW = "--- /dev/null\n+++ b/{}\n@@ -0,0 +1 @@\n+x\n"


@pytest.fixture
def work(new_repository: Callable[[str], Work]) -> Work:
    made = new_repository("shop")
    made.commit("Start", FILES)
    return made


def changed_by_git(work: Work, diff: str, scratch: Path) -> set[str] | None:
    """What the diff changes in a clone of our own; None when git refuses it."""
    subprocess.run(["git", "clone", "-q", str(work.path), str(scratch)], check=True, capture_output=True)
    patch = scratch.parent / f"{scratch.name}.patch"
    patch.write_bytes((diff if diff.endswith("\n") else diff + "\n").encode())
    applied = subprocess.run(["git", "-C", str(scratch), "apply", str(patch)], check=False, capture_output=True)
    if applied.returncode:
        return None
    told = subprocess.run(
        ["git", "-C", str(scratch), "status", "--porcelain", "-uall", "-z"], check=True, capture_output=True
    )
    return {line[3:] for line in told.stdout.decode().split("\0") if line}


@pytest.mark.parametrize(
    ("diff", "files"),
    [(GOOD, ["app/settings.py"]), (GIT + GOOD, ["app/settings.py"]), (GOOD.rstrip("\n"), ["app/settings.py"]),
     (UNENDED, ["app/unended.py"]), (WINDOWS, ["app/windows.py"]), (NEW.format("docs/new file.md"), ["docs/new file.md"]),
     (GOOD.replace("@@ -4,5 +4,5 @@", "@@ -9,5 +9,5 @@"), ["app/settings.py"])],
    ids=["plain", "with git's header", "without a last newline", "no newline at the file's end", "CRLF", "a new file",
         "lines moved, each as it was"],
)  # fmt: skip
async def test_a_patch_that_fits_is_said_to(work: Work, tmp_path: Path, diff: str, files: list[str]) -> None:
    reading = await tried(work, diff)
    assert isinstance(reading.body, dict)
    assert reading.body["files"] == files
    assert changed_by_git(work, diff, tmp_path / "clone") == set(files)


# ruff: noqa: E501 # diffs are easier to read on one line

HOSTILE = {
    "up and out": GOOD.replace("app/settings.py", "../../etc/passwd"),
    "up in the middle": GOOD.replace("app/settings.py", "app/../../x"),
    "absolute": NEW.format("/etc/cron.d/x").replace("b//", "/"),
    "a hook": NEW.format(".git/hooks/post-checkout"),
    "a hook in other letters": NEW.format(".GiT/hooks/post-checkout"),
    "a backslash": NEW.format("app\\..\\..\\x"),
    "binary": "diff --git a/x.bin b/x.bin\nnew file mode 100644\nindex 0000000..1111111\nGIT binary patch\nliteral 1\nIcmZPo000310RR91\n\n",
    "binary files differ": "diff --git a/x b/x\nBinary files a/x and b/x differ\n",
    "a link": f"diff --git a/l b/l\nnew file mode 120000\n{NEW.format('l')}",
    "an executable": f"diff --git a/l b/l\nnew file mode 100755\n{NEW.format('l')}",
    "another mode": GIT + "old mode 100644\nnew mode 100755\n" + GOOD,
    "only another mode": GIT + "old mode 100644\nnew mode 100755\n",
    "a rename": "diff --git a/app/settings.py b/app/s.py\nsimilarity index 100%\nrename from app/settings.py\nrename to app/s.py\n",
    "a copy": "diff --git a/app/settings.py b/app/s.py\nsimilarity index 100%\ncopy from app/settings.py\ncopy to app/s.py\n",
    "a submodule": "diff --git a/m b/m\nnew file mode 160000\n--- /dev/null\n+++ b/m\n@@ -0,0 +1 @@\n+Subproject commit " + "a" * 40 + "\n",
    "huge": "--- /dev/null\n+++ b/x\n@@ -0,0 +1,3000 @@\n" + "+0123456789\n" * 3000,
    "CRLF for a file without": GOOD.replace("\n", "\r\n"),
    "LF for a file with": WINDOWS.replace("\r\n", "\n"),
    "context that only resembles": GOOD.replace(" setting_4 = 4", " setting_4 = 44"),
    "context of other blanks": GOOD.replace(" setting_4 = 4", " setting_4  =  4"),
    "other words to take out": GOOD.replace("-setting_5 = 5", "-setting_5 = 6"),
    "the end left out": GOOD.rsplit("\n", 2)[0],
    "wrong counts": GOOD.replace("-4,5 +4,5", "-4,9 +4,9"),
    "a newline the file has not": UNENDED.replace("\\ No newline at end of file\n", ""),
    "applied already": GOOD.replace("-setting_5 = 5\n+setting_5 = 50", "-setting_5 = 50\n+setting_5 = 5"),
    "a new file that is there": NEW.format("app/settings.py"),
    "a file that is not there": GOOD.replace("settings", "nothing"),
    "from one file to another": GOOD.replace("+++ b/app/settings.py", "+++ b/app/other.py"),
    "a quoted path": GOOD.replace("a/app/settings.py", '"a/app/settings.py"').replace("b/app", '"b/app'),
    "nothing": "",
    "words": "Please apply this.",
    "a fence": f"```diff\n{GOOD}```\n".replace(" setting_7 = 7\n", ""),
    "an empty change": GIT,
    "half a character": GOOD.replace("50", "\ud83d"),
}  # fmt: skip


async def outcome(work: Work, diff: str) -> Reading | None:
    try:
        return await tried(work, diff)
    except (BadRequest, ValidationError, UnicodeError):
        return None


@pytest.mark.parametrize("diff", HOSTILE.values(), ids=HOSTILE.keys())
async def test_a_hostile_or_unfitting_patch_is_refused(work: Work, diff: str) -> None:
    assert await outcome(work, diff) is None


HIDDEN = {
    "after a signature": GOOD + "-- \n2.40\n\n" + NEW.format("app/hidden.py"),
    "with a time": GOOD + "--- /dev/null\t1970-01-01\n+++ b/app/hidden.py\t2026-01-01\n@@ -0,0 +1 @@\n+x\n",
    "after words": GOOD + "And this:\n" + NEW.format("app/hidden.py"),
    "without the usual letters": GOOD + NEW.format("app/hidden.py").replace("b/", "w/"),
    "an empty file": GOOD
    + "diff --git a/app/hidden.py b/app/hidden.py\nnew file mode 100644\nindex 0000000..e69de29\n",
}


@pytest.mark.parametrize("diff", HIDDEN.values(), ids=HIDDEN.keys())
async def test_no_change_of_a_file_is_kept_from_the_list(work: Work, tmp_path: Path, diff: str) -> None:
    reading = await outcome(work, diff)
    if reading is not None:
        assert isinstance(reading.body, dict)
        files = reading.body["files"]
        assert isinstance(files, list)
        assert changed_by_git(work, diff, tmp_path / "clone") == set(map(str, files))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.sampled_from(["drop", "double", "blank", "swap", "plus", "minus"])), max_size=3
    )
)
def test_whatever_is_done_to_a_patch_it_is_not_said_to_apply_when_it_does_not(
    work: Work, tmp_path_factory: pytest.TempPathFactory, harm: list[tuple[int, str]]
) -> None:
    lines = GOOD.splitlines()
    for at, what in harm:
        i = at % len(lines)
        match what:
            case "drop":
                del lines[i]
            case "double":
                lines.insert(i, lines[i])
            case "blank":
                lines[i] = lines[i][:1]
            case "swap":
                lines[i], lines[i - 1] = lines[i - 1], lines[i]
            case _:
                lines[i] = ("+" if what == "plus" else "-") + lines[i][1:]
        lines = lines or [""]
    diff = "\n".join(lines)
    reading = asyncio.run(outcome(work, diff))
    if reading is not None:
        assert isinstance(reading.body, dict)
        files = reading.body["files"]
        assert isinstance(files, list)
        assert changed_by_git(work, diff, tmp_path_factory.mktemp("c") / "clone") == set(map(str, files))
