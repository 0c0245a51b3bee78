"""Builds the Dockerfile in this folder without a container engine and tries the program in the result."""

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from scripts.image_test import debian_root
from scripts.image_test.build import build
from scripts.image_test.debian_root import Root
from scripts.image_test.dockerfile import DockerfileError, parse

QUESTION = "why is checkout failing?"
# Tools that belong to the build and must not be in the last stage.
_UNWANTED = ("gcc", "cc", "make", "pip", "pip3", "curl", "wget", "debootstrap")


def main() -> None:
    """Runs the build and the trials; ends with 1 and one line on the first that fails."""
    if os.geteuid() != 0:
        raise SystemExit("image-test: this makes roots and mounts, so it needs to be root: sudo make image-test")
    started = time.monotonic()
    work = Path(tempfile.mkdtemp(prefix="image-test-"))
    try:
        root = build(parse(Path("Dockerfile").read_text(encoding="utf-8")), Path.cwd(), work)
        print(f"image-test: built in {time.monotonic() - started:.0f} s, {debian_root.size(root) / 1e6:.0f} MB")
        trials(root)
    except DockerfileError as problem:
        raise SystemExit(f"image-test: Dockerfile: {problem}") from None
    finally:
        shutil.rmtree(work)
    print(f"image-test: all well after {time.monotonic() - started:.0f} s")


def trials(root: Root) -> None:
    """Tries the image as it is to be run: its own user, a read-only root, and no network."""
    if root.user in {"", "root", "0"}:
        raise SystemExit("image-test: the last stage runs as root; it needs a USER")
    expect(root, [*root.entrypoint, "--version"], "0.")
    expect(root, ["id", "-u"], "10001")
    # Anybody may write to /var/tmp, so only a read-only root refuses.
    expect(root, ["sh", "-c", "touch /var/tmp/x 2>/dev/null || echo refused"], "refused")
    expect(root, ["sh", "-c", "touch /data/x /tmp/x && echo written"], "written")
    expect(root, ["git", "--version"], "git version")
    expect(root, ["sh", "-c", f"command -v {' '.join(_UNWANTED)} || echo no build tools"], "no build tools")
    answer = expect(root, [*root.entrypoint, "demo", f"--ask={QUESTION}"], "")
    if len(answer.split()) < 20:
        raise SystemExit(f"image-test: the demo's answer is too short to be one: {answer!r}")


def expect(root: Root, command: list[str], words: str) -> str:
    """What `command` prints in the image; ends the test when it fails or prints no such `words`."""
    started = time.monotonic()
    done = debian_root.run(root, command, read_only=True, network=False)
    shown = done.stdout.strip()
    if done.returncode or words not in shown:
        sys.stderr.write(done.stdout + done.stderr)
        raise SystemExit(f"image-test: {' '.join(command)} ended with {done.returncode} and did not print {words!r}")
    first = (shown.splitlines() or [""])[0][:90]
    print(f"image-test: {' '.join(command)[:60]} -> {first} ({time.monotonic() - started:.1f} s)")
    return shown


if __name__ == "__main__":
    main()
