"""Whether a patch applies to a repository at a commit: tried in a scratch copy of the files it touches."""

from __future__ import annotations

import asyncio
import posixpath
import re
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

import yaml
from pydantic import JsonValue
from unidiff.errors import UnidiffParseError
from unidiff.patch import PatchSet

from sre_advisor.connectors.contract import BadRequest, Reading
from sre_advisor.connectors.git.args import PatchArgs
from sre_advisor.connectors.git.refs import path_problem
from sre_advisor.connectors.git.repository import Repository
from sre_advisor.connectors.git.runner import run_in_scratch

FILES = 10
_REFUSED = re.compile(
    r"^(?:rename |copy |similarity |dissimilarity |old mode |new mode |GIT binary patch|Binary files |"
    r"Subproject commit "
    r"|new file mode (?!100644$)|deleted file mode (?!100(?:644|755)$))",
    re.MULTILINE,
)
"""Headers that do more than change lines of plain files: a link or a mode could make a harmless diff something else."""


async def try_patch(args: PatchArgs, repository: Repository) -> Reading:
    """Try the diff against the files at the commit; raises BadRequest with the reason when it does not fit."""
    touched, added, removed = _files(args.diff)
    sha = await repository.resolve(args.sha)
    scratch = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="sre-advisor-patch-"))
    try:
        tree, patch = scratch / "tree", scratch / "change.patch"
        tree.mkdir()
        for path, is_new in touched.items():
            await _copy(repository, sha, path, tree, is_new=is_new)
        before = await asyncio.to_thread(_contents, tree)
        await asyncio.to_thread(patch.write_text, _ended(args.diff), encoding="utf-8", newline="")
        for check in (True, False):
            out = await run_in_scratch("git", tree, patch, check=check)
            if out.code != 0:
                said = out.stderr.replace(str(scratch), "").strip().splitlines()
                raise BadRequest(f"the patch does not apply at {sha[:12]}: {'; '.join(said[:3])[:400]}")
        files = _changed(touched, before, await asyncio.to_thread(_contents, tree))
        rules = await _rules(tree, files)
    finally:
        await asyncio.to_thread(shutil.rmtree, scratch, ignore_errors=True)
    body: dict[str, JsonValue] = {
        "applies": True, "repository": repository.config.name, "sha": sha, "files": list(files), "added": added,
        "removed": removed, "rules": rules,
    }  # fmt: skip
    said = f"the patch applies to {repository.config.name} at {sha[:12]}: {len(files)} files, +{added} -{removed}"
    return Reading(said, body, rows=1)


def _files(diff: str) -> tuple[dict[str, bool], int, int]:
    """Paths the diff touches and whether each is new, lines added and removed; raises BadRequest."""
    refused = _REFUSED.search(diff)
    if refused:
        raise BadRequest(f"a patch may only change lines of plain files: {refused.group().strip()!r} is not allowed")
    try:
        patched = PatchSet(diff)
    except (UnidiffParseError, ValueError) as error:
        raise BadRequest(f"no unified diff: {str(error)[:200]}") from None
    if not 1 <= len(patched) <= FILES:
        raise BadRequest(f"a patch touches 1 to {FILES} files; this one has {len(patched)} with changed lines")
    touched: dict[str, bool] = {}
    for file in patched:
        for path in _named(file.source_file, file.target_file):
            problem = path_problem(path) or _forbidden(path)
            if problem:
                raise BadRequest(f"{path!r}: {problem}")
        touched[file.path] = bool(file.is_added_file)
    return touched, patched.added, patched.removed


def _named(*names: str | None) -> Iterable[str]:
    for name in names:
        if name and name != "/dev/null":
            yield re.sub(r"^[ab]/", "", name)


def _forbidden(path: str) -> str | None:
    parts = [p.casefold() for p in path.split("/")]
    return (
        "not a path of a tracked file"
        if path != posixpath.normpath(path) or ".git" in parts or "\\" in path or '"' in path or not path.strip()
        else None
    )


async def _is_free(repository: Repository, sha: str, path: str) -> bool:
    """Whether a new file can stand at the path; raises BadRequest where a file or a link stands in its way to it."""
    parts = path.split("/")
    for upper in ("/".join(parts[:n]) for n in range(1, len(parts))):
        if await repository.kind(sha, upper) not in (None, "tree"):
            raise BadRequest(f"{path!r} cannot be made: {upper!r} is no folder")
    return await repository.kind(sha, path) is None


async def _copy(repository: Repository, sha: str, path: str, tree: Path, *, is_new: bool) -> None:
    if is_new and await _is_free(repository, sha, path):
        return
    entry = await repository.entry(sha, path)
    if entry.mode not in ("100644", "100755"):
        raise BadRequest(f"{path!r} is a link; a patch may only change plain files")
    content = await repository.blob(entry)
    if content.truncated:
        raise BadRequest(f"{path!r} is too large to be patched here")
    target = tree / path
    await asyncio.to_thread(target.parent.mkdir, parents=True, exist_ok=True)
    await asyncio.to_thread(target.write_bytes, content.stdout)


async def _rules(tree: Path, files: Iterable[str]) -> str | None:
    """What was asked of promtool; None when no rule file is among the results. Raises BadRequest for a broken one."""
    found = [p for p in files if p.endswith((".yml", ".yaml", ".rules")) and _is_rules(tree / p)]
    if not found:
        return None
    if shutil.which("promtool") is None:
        return "not checked: promtool is not installed"
    for path in found:
        out = await run_in_scratch("promtool", tree, tree / path, check=True)
        if out.code != 0:
            said = (out.stderr or out.stdout.decode("utf-8", "replace")).replace(str(tree), "").strip()
            raise BadRequest(f"promtool refuses {path}: {' '.join(said.split())[:400]}")
    return "checked with promtool"


def _is_rules(path: Path) -> bool:
    """Whether the file holds groups of Prometheus rules."""
    try:
        content: object = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return False
    groups = content.get("groups") if isinstance(content, dict) else None
    return isinstance(groups, list) and any(isinstance(g, dict) and "rules" in g for g in groups)


def _contents(tree: Path) -> dict[str, bytes]:
    return {str(p.relative_to(tree)): p.read_bytes() for p in tree.rglob("*") if p.is_file()}


def _changed(touched: Iterable[str], before: dict[str, bytes], after: dict[str, bytes]) -> tuple[str, ...]:
    """The files that came out different; raises BadRequest where those are not the ones the headers name.

    `git apply` takes the first part off every path, whatever it is called: without a/ and b/ it means another file.
    """
    changed = {path for path in {*before, *after} if before.get(path) != after.get(path)}
    if not changed:
        raise BadRequest("the patch applies, but changes nothing")
    astray = changed.difference(touched)
    if astray:
        raise BadRequest(f"the patch would change {', '.join(sorted(astray))[:200]}: write its paths as a/… and b/…")
    return tuple(path for path in touched if path in changed)


def _ended(diff: str) -> str:
    return diff if diff.endswith("\n") else f"{diff}\n"
