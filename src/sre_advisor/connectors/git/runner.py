"""The only place that starts git: which subcommands and flags it may get, in which environment, within which bounds."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sre_advisor.connectors.contract import Unavailable
from sre_advisor.connectors.git.refs import is_full_sha, is_safe_revision

_DIFF = (r"--no-textconv", r"--no-ext-diff", r"--no-color", r"--diff-merges=first-parent", r"--patch", r"--format=.*",
         r"--name-only", r"-z", r"--unified=\d{1,2}", r"--submodule=short")  # fmt: skip
ALLOWED: dict[str, tuple[str, ...]] = {
    "log": (*_DIFF, r"--first-parent", r"--since=[0-9T:Z-]+", r"--until=[0-9T:Z-]+", r"--max-count=\d{1,5}"),
    "show": _DIFF,
    "grep": (
        r"-z",
        r"-n",
        r"-I",
        r"-i",
        r"-F",
        r"-E",
        r"-C\d",
        r"--no-color",
        r"--no-textconv",
        r"--no-recurse-submodules",
    ),
    "blame": (r"--porcelain", r"--no-textconv", r"-L\d{1,9},\d{1,9}"),
    "cat-file": (r"-s", r"blob"),
    "ls-tree": (r"-z", r"-r", r"--long", r"--full-tree"),
    "rev-parse": (r"--verify", r"--quiet", r"--git-dir", r"--end-of-options"),
    "rev-list": (r"--max-count=\d{1,5}", r"--first-parent", r"--count"),
    "version": (),
    "for-each-ref": (r"--format=.*", r"--count=\d{1,5}", r"--points-at=[0-9a-f]{40,64}"),
}
"""Subcommand -> patterns of the flags it may carry, matched in full; none of them writes or runs a program."""

_SETTINGS = (
    "protocol.allow=never", "core.hooksPath=/dev/null", "core.fsmonitor=false", "core.attributesFile=/dev/null",
    "core.excludesFile=/dev/null", "core.pager=cat", "core.editor=false", "core.askPass=", "core.sshCommand=false",
    "core.alternateRefsCommand=false", "core.quotePath=false", "credential.helper=", "diff.external=",
    "diff.noprefix=false", "diff.mnemonicPrefix=false", "diff.submodule=short", "diff.orderFile=/dev/null",
    "log.showSignature=false", "log.showRoot=true", "log.mailmap=false", "gpg.program=false",
    "gpg.ssh.program=false", "gpg.x509.program=false", "grep.fallbackToNoIndex=false",
    "blame.ignoreRevsFile=", "submodule.recurse=false", "color.ui=false", "maintenance.auto=false", "gc.auto=0",
)  # fmt: skip
"""Given on the command line, so that they win over what a hostile repository's own configuration says."""


class Refused(Exception):
    """A call outside the declared set was about to be made: a bug of ours, never a user's mistake."""


@dataclass(frozen=True, slots=True)
class Output:
    """What git said; `truncated` when more was there than may be read."""

    code: int
    stdout: bytes
    stderr: str
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class GitRunner:
    """Runs allowed git commands in one repository; raises Unavailable when git cannot run or takes too long."""

    path: Path
    timeout_s: float = 10.0
    max_bytes: int = 2_000_000

    async def run(
        self,
        subcommand: str,
        flags: Sequence[str] = (),
        *,
        pattern: str | None = None,
        revisions: Sequence[str] = (),
        paths: Sequence[str] | None = None,
        max_bytes: int | None = None,
    ) -> Output:
        """One command; `paths` go behind `--`, `pattern` behind `-e`; output beyond `max_bytes` is cut off."""
        argv = self._argv(subcommand, flags, pattern, revisions, paths)
        process = await self._start(argv)
        try:
            async with asyncio.timeout(self.timeout_s):
                return await _collect(process, max_bytes or self.max_bytes)
        except TimeoutError:
            raise Unavailable(
                "timeout", f"git {subcommand} took longer than {self.timeout_s:g} s and was stopped"
            ) from None
        finally:
            await _end(process)

    def _argv(
        self,
        subcommand: str,
        flags: Sequence[str],
        pattern: str | None,
        revisions: Sequence[str],
        paths: Sequence[str] | None,
    ) -> list[str]:
        check(subcommand, flags, revisions)
        argv = ["--no-pager", "--literal-pathspecs", "-C", str(self.path), "-c", f"safe.directory={self.path}"]
        argv += [word for setting in _SETTINGS for word in ("-c", setting)]
        argv += [subcommand, *flags]
        if pattern is not None:
            argv += ["-e", pattern]
        argv += revisions
        if paths is not None:
            argv += ["--", *paths]
        return argv

    async def _start(self, argv: Sequence[str]) -> asyncio.subprocess.Process:
        program = shutil.which("git")
        if program is None:
            raise Unavailable(
                "internal", "the program git is not installed; install it (for example: apt-get install git)"
            )
        try:
            return await asyncio.create_subprocess_exec(
                program,
                *argv,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env=environment(self.path),
                cwd="/",
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            raise Unavailable("internal", f"git could not be started ({type(error).__name__})") from None


SCRATCH = {
    ("git", True): ("apply", "--check", "--whitespace=nowarn", "--"),
    ("git", False): ("apply", "--whitespace=nowarn", "--"),
    ("promtool", True): ("check", "rules"),
}
"""The only commands run on files of our own making: in a temporary folder that is no repository and is thrown away."""


async def run_in_scratch(program: str, tree: Path, file: Path, *, check: bool, timeout_s: float = 10.0) -> Output:
    """One of SCRATCH on `file`, in the folder `tree`; raises Unavailable when the program is missing or too slow."""
    found = shutil.which(program)
    if found is None:
        raise Unavailable("internal", f"the program {program} is not installed")
    settings = [word for setting in _SETTINGS for word in ("-c", setting)] if program == "git" else []
    process = await asyncio.create_subprocess_exec(
        found, *settings, *SCRATCH[program, check], str(file), stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env=environment(tree), cwd=tree,
        start_new_session=True,
    )  # fmt: skip
    try:
        async with asyncio.timeout(timeout_s):
            return await _collect(process, 100_000)
    except TimeoutError:
        raise Unavailable("timeout", f"{program} took longer than {timeout_s:g} s and was stopped") from None
    finally:
        await _end(process)


def check(subcommand: str, flags: Sequence[str], revisions: Sequence[str]) -> None:
    """Refuse a subcommand, flag or revision outside the declared set; raises Refused."""
    if subcommand not in ALLOWED:
        raise Refused(f"git {subcommand} is not among the declared subcommands")
    for flag in flags:
        if not any(re.fullmatch(rule, flag, re.DOTALL) for rule in ALLOWED[subcommand]):
            raise Refused(f"git {subcommand} may not be given {flag!r}")
    for revision in revisions:
        name = revision.removesuffix("^{commit}")
        if not (is_full_sha(name) or is_safe_revision(name)):
            raise Refused("a revision outside the declared syntax")


def environment(path: Path) -> dict[str, str]:
    """Nothing inherited but PATH: no configuration of user or system, no prompt, lock, network or parent repository."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": "/nonexistent",
        "XDG_CONFIG_HOME": "/nonexistent",
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_SYSTEM": "/dev/null",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "/bin/false",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_ALLOW_PROTOCOL": "",
        "GIT_PAGER": "cat",
        "GIT_CEILING_DIRECTORIES": str(path.parent),
    }


async def _collect(process: asyncio.subprocess.Process, limit: int) -> Output:
    assert process.stdout is not None
    assert process.stderr is not None
    stderr = asyncio.create_task(_read(process.stderr, 8_000, drain=True))
    try:
        stdout, truncated = await _read(process.stdout, limit, drain=False)
        if truncated:
            _kill(process)
            # A full reader stops listening to its pipe, and asyncio calls no process ended whose pipes are still open.
            await _read(process.stdout, 0, drain=True)
        said, _ = await stderr
        code = await process.wait()
    finally:
        stderr.cancel()
        await asyncio.wait((stderr,))
    return Output(0 if truncated else code, stdout, said.decode("utf-8", errors="replace"), truncated)


async def _read(stream: asyncio.StreamReader, limit: int, *, drain: bool) -> tuple[bytes, bool]:
    parts: list[bytes] = []
    size = 0
    while chunk := await stream.read(65_536):
        if size < limit:
            parts.append(chunk[: limit - size])
        size += len(chunk)
        if size > limit and not drain:
            break
    return b"".join(parts), size > limit


def _kill(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Leave nothing of it: a child of its own may hold the pipes although the process itself has ended."""
    pipes = [pipe for pipe in (process.stdout, process.stderr) if pipe is not None and not pipe.at_eof()]
    if process.returncode is None or pipes:
        _kill(process)
        for pipe in pipes:
            await _read(pipe, 0, drain=True)
        await process.wait()
