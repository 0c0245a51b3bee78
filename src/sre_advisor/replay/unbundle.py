"""A recording's git bundle into a bare mirror, with git kept from doing anything a stranger's bundle might ask for."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import shutil
import signal
import tempfile
from pathlib import Path

from sre_advisor.replay.broken import BrokenRecording

TIMEOUT_S = 60.0
# No protocol but a local file, no hooks, no templates; objects are checked and stay packed, and large ones are
# streamed, so that a small bundle cannot unpack into a full disk or memory.
_SETTINGS = (
    "protocol.allow=never", "protocol.file.allow=always", "core.hooksPath=/dev/null", "core.fsmonitor=false",
    "init.templateDir=", "transfer.fsckObjects=true", "fetch.unpackLimit=1", "core.bigFileThreshold=1m",
    "gc.auto=0", "maintenance.auto=false", "credential.helper=",
)  # fmt: skip


async def unbundle(bundle: Path, into: Path, timeout_s: float = TIMEOUT_S) -> Path:
    """The bare mirror of `bundle` under `into`, named after its content and made once; raises BrokenRecording."""
    digest = await asyncio.to_thread(_digest, bundle)
    target = into / f"{bundle.stem}-{digest}.git"
    if await asyncio.to_thread(target.is_dir):
        return target
    # Cloned beside and renamed, so that a crash in the middle leaves nothing that looks finished.
    scratch = await asyncio.to_thread(_scratch, into)
    try:
        fresh = scratch / "mirror.git"
        await _git(bundle, timeout_s, "clone", "--quiet", "--mirror", "--template=", "--", str(bundle), str(fresh))
        await _git(bundle, timeout_s, "-C", str(fresh), "rev-parse", "--quiet", "--verify", "HEAD^{commit}")
        # An OSError here means that another task was faster: its mirror is the same.
        with contextlib.suppress(OSError):
            fresh.rename(target)
    finally:
        await asyncio.to_thread(shutil.rmtree, scratch, ignore_errors=True)
    return target


def _digest(bundle: Path) -> str:
    try:
        with bundle.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()[:16]
    except OSError as error:
        raise BrokenRecording(bundle.name, "", "cannot be read", "check the file and its permissions") from error


def _scratch(into: Path) -> Path:
    into.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=".unbundle-", dir=into))


async def _git(bundle: Path, timeout_s: float, *arguments: str) -> None:
    settings = [part for setting in _SETTINGS for part in ("-c", setting)]
    environment = {
        "PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "HOME": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0", "GIT_ATTR_NOSYSTEM": "1",
    }  # fmt: skip
    try:
        process = await asyncio.create_subprocess_exec(
            "git", *settings, *arguments, env=environment, stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        raise BrokenRecording(bundle.name, "", "git cannot be started", "install git") from error
    try:
        code = await asyncio.wait_for(process.wait(), timeout_s)
    except TimeoutError:
        raise BrokenRecording(
            bundle.name, "", f"took git more than {timeout_s:.0f} s", "bundle a smaller repository"
        ) from None
    finally:
        if process.returncode is None:
            # With its own children: git hands the unpacking to another process.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    if code != 0:
        raise BrokenRecording(
            bundle.name, "", "is not a git bundle with a HEAD", "make it with: git bundle create repo.bundle HEAD main"
        )
