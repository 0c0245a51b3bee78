"""The place of the replay that starts git and waits for it: to read a mirror, and to write in folders of our own."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

TIMEOUT_S = 60.0
READS = frozenset({"cat-file", "fast-export", "log", "rev-list", "rev-parse", "symbolic-ref"})
"""Subcommands that may be run in a mirror; none of them, as called here, writes."""
MAKES = frozenset({"bundle", "clone", "fast-import", "init", "update-ref"})
"""Subcommands that write, run in temporary folders of our own only."""
_SETTINGS = (
    "protocol.allow=never", "protocol.file.allow=always", "core.hooksPath=/dev/null", "core.fsmonitor=false",
    "core.attributesFile=/dev/null", "credential.helper=", "gc.auto=0", "maintenance.auto=false",
    "core.alternateRefsCommand=false", "transfer.fsckObjects=true", "init.templateDir=", "core.pager=cat",
    "diff.external=", "log.showSignature=false", "gpg.program=false",
)  # fmt: skip


class GitFailed(Exception):
    """Git could not be started, took too long or refused; the message says which."""


def read_mirror(mirror: Path, subcommand: str, *arguments: str, stdin: bytes = b"") -> bytes:
    """What a reading subcommand prints in a mirror; raises GitFailed."""
    if subcommand not in READS:
        raise GitFailed(f"git {subcommand} is not among the reads declared here")
    return _run(mirror, subcommand, arguments, stdin)


def make_in(scratch: Path, subcommand: str, *arguments: str, stdin: bytes = b"") -> None:
    """Run a writing subcommand in a temporary folder of our own; raises GitFailed."""
    if subcommand not in MAKES:
        raise GitFailed(f"git {subcommand} is not among the commands declared here")
    _run(scratch, subcommand, arguments, stdin)


def _run(folder: Path, subcommand: str, arguments: tuple[str, ...], stdin: bytes) -> bytes:
    settings = [part for setting in (*_SETTINGS, f"safe.directory={folder}") for part in ("-c", setting)]
    environment = {
        "PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_TERMINAL_PROMPT": "0", "GIT_ATTR_NOSYSTEM": "1",
        "GIT_NO_LAZY_FETCH": "1", "GIT_NO_REPLACE_OBJECTS": "1", "GIT_OPTIONAL_LOCKS": "0", "GIT_PAGER": "cat",
    }  # fmt: skip
    try:
        done = subprocess.run(  # noqa: S603 - declared subcommands only
            [shutil.which("git") or "/usr/bin/git", "-C", str(folder), *settings, subcommand, *arguments],
            input=stdin, capture_output=True,
            timeout=TIMEOUT_S, check=False, env=environment,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise GitFailed(f"git {subcommand} took more than {TIMEOUT_S:.0f} s") from None
    except OSError:
        raise GitFailed("git cannot be started; install it") from None
    if done.returncode:
        raise GitFailed(f"git {subcommand} failed; is there a commit on the default branch?")
    return done.stdout
