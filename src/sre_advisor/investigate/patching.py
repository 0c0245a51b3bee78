"""A drafted patch is shown only after it was seen to apply; what a human would run to propose it."""

from __future__ import annotations

import re
import shlex

from sre_advisor.advisors.contract import Desk
from sre_advisor.advisors.words import shorten
from sre_advisor.model import Diagnosis, DraftPatch, Outcome, Patch

TOOL = "code_try_patch"
FILE = "sre-advisor.patch"


async def with_patch(diagnosis: Diagnosis, drafted: DraftPatch | None, desk: Desk, *, mirrored: bool) -> Diagnosis:
    """The diagnosis with the patch if it applies, else with a note that one was left out and why.

    `mirrored` says whether there is a repository to try it on.
    """
    if drafted is None:
        return diagnosis
    problem = "no repository is mirrored here to try it on."
    patch, problem = await _tried(drafted, desk) if mirrored else (None, problem)
    if patch is not None:
        return diagnosis.model_copy(update={"patch": patch})
    note = f"A patch was drafted and left out: {problem}"
    return diagnosis.model_copy(update={"not_checked": (*diagnosis.not_checked, note)})


async def _tried(drafted: DraftPatch, desk: Desk) -> tuple[Patch | None, str]:
    read = await desk.read(
        TOOL, {"diff": drafted.diff, "sha": drafted.base_sha, "repository": drafted.repository or None}
    )
    match read.body if read.outcome is Outcome.OK else None:
        case {"sha": str() as sha, "repository": str() as name, "files": list() as files, "added": int() as added,
              "removed": int() as removed} as body:  # fmt: skip
            rules = body.get("rules")
            return Patch(
                repository=name,
                base_sha=sha,
                diff=drafted.diff if drafted.diff.endswith("\n") else f"{drafted.diff}\n",
                why=drafted.why,
                files=tuple(str(f) for f in files),
                added=added,
                removed=removed,
                rules=rules if isinstance(rules, str) else None,
            ), ""
        case _:
            return None, shorten(read.summary, 300)


def proposal_commands(patch: Patch, file: str = FILE) -> tuple[str, ...]:
    """What a human would run in a clone to open the pull request; nothing here runs any of it."""
    words = re.findall(r"[a-z0-9]+", patch.why.casefold())[:5]
    branch = f"fix/{'-'.join(words) or 'proposed-change'}"
    return (
        f"git switch -c {branch} {patch.base_sha}",
        f"git apply --index {shlex.quote(file)}",
        f"git commit -m {shlex.quote(shorten(patch.why, 72))}",
        f"git push -u origin {branch}",
    )


def patch_title(patch: Patch) -> str:
    """What the patch is, in a line."""
    size = f"+{patch.added} −{patch.removed} in {', '.join(patch.files[:3])}"
    checked = f"; {patch.rules}" if patch.rules else ""
    return f"Proposed patch for {patch.repository} at {patch.base_sha[:10]} ({size}): applies cleanly{checked}"


def patch_file(patch: Patch) -> tuple[str, bytes]:
    """The patch as a file: a name such as `git format-patch` gives, and the very bytes that were seen to apply."""
    words = "-".join(re.findall(r"[A-Za-z0-9]+", patch.why)[:7])
    return f"0001-{words[:52].rstrip('-') or 'proposed-change'}.patch", patch.diff.encode("utf-8", "replace")
