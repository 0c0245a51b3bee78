"""A bare Debian root, made once by debootstrap and kept as a tar file, and commands run inside it."""

import os
import shlex
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from scripts.image_test import host

_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sre-advisor"
# What the published slim images leave out too.
_SLIM = (
    "".join(f"path-exclude /usr/share/{folder}/*\n" for folder in ("doc", "man", "info", "locale", "lintian", "groff"))
    + "path-include /usr/share/doc/*/copyright\n"
)


@dataclass
class Root:
    """One stage's file system, with the settings its steps have made so far."""

    path: Path
    env: dict[str, str] = field(default_factory=dict[str, str])
    args: dict[str, str] = field(default_factory=dict[str, str])
    user: str = "root"
    workdir: str = "/"
    entrypoint: list[str] = field(default_factory=list[str])
    volumes: list[str] = field(default_factory=list[str])


def base(image: str, target: Path) -> Root:
    """Unpacks the root that `image` (`debian:<release>-slim`) stands for into `target`."""
    release = image.removeprefix("debian:").removesuffix("-slim")
    if image not in {f"debian:{release}", f"debian:{release}-slim"}:
        raise SystemExit(f"image-test: FROM {image}: only debian:<release>[-slim] can be made without a registry")
    tar = _CACHE / f"{release}.tar"
    if not tar.is_file():
        _debootstrap(release, tar)
    target.mkdir(parents=True)
    subprocess.run(["tar", "--extract", "--numeric-owner", "--file", tar, "--directory", target], check=True)
    host.bring(target)
    return Root(target)


def run(
    root: Root, command: list[str], *, caches: list[str] | None = None, read_only: bool = False, network: bool = True
) -> subprocess.CompletedProcess[str]:
    """Runs `command` inside `root` as its user, with mounts of its own that vanish with it.

    With `read_only` only the volumes and /tmp can be written, as with `docker run --read-only --tmpfs /tmp`.
    What it prints is captured.
    """
    place = shlex.quote(str(root.path))
    # The root becomes a mount of its own, so that it can be made read-only; `cd` then goes into that mount.
    mounts = ["mount --make-rprivate /", f"mount --bind {place} {place}", f"cd {place}"]
    if not network:
        mounts += ["ip link set lo up"]
    if read_only:
        for index, volume in enumerate(root.volumes):
            mounts += [f"mount --bind {shlex.quote(str(_volume(root, index)))} .{volume}"]
        mounts += ["mount -o remount,bind,ro .", "mount -t tmpfs tmpfs tmp"]
    mounts += ["mount -t proc proc proc", "mount --bind /dev/null dev/null", "mount --bind /dev/urandom dev/urandom"]
    for target in caches or []:
        cache = _CACHE / target.strip("/").replace("/", "-")
        cache.mkdir(parents=True, exist_ok=True)
        (root.path / target.lstrip("/")).mkdir(parents=True, exist_ok=True)
        mounts += [f"mount --bind {shlex.quote(str(cache))} .{target}"]
    inner = f"cd {shlex.quote(root.workdir)} && exec {shlex.join(command)}"
    words = ["chroot", f"--userspec={root.user}:{root.user}", ".", "/usr/bin/env", "-i"]
    words += [f"{name}={value}" for name, value in _environment(root, network=network).items()]
    mounts += [f"exec {shlex.join([*words, '/bin/sh', '-c', inner])}"]
    unshare = ["unshare", "--mount", "--pid", "--fork", "--kill-child"] + ([] if network else ["--net"])
    return subprocess.run(
        [*unshare, "sh", "-ec", "\n".join(mounts)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def size(root: Root) -> int:
    """Bytes on disk of the root, without what was mounted or brought from this machine."""
    shown = subprocess.run(
        ["du", "--summarize", "--block-size=1", "-x", root.path], capture_output=True, text=True, check=True
    )
    return int(shown.stdout.split()[0])


def _environment(root: Root, *, network: bool) -> dict[str, str]:
    """The variables of a step; with a network also those by which this machine's mirrors and index are reached."""
    standard = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"}
    return standard | (host.environment() if network else {}) | root.args | root.env


def _volume(root: Root, index: int) -> Path:
    """A writable copy of the folder a VOLUME names, with its owner kept, as an engine makes one."""
    place = root.path.parent / f"volume-{index}"
    if not place.exists():
        subprocess.run(["cp", "--archive", root.path / root.volumes[index].lstrip("/"), place], check=True)
    return place


def _debootstrap(release: str, tar: Path) -> None:
    if shutil.which("debootstrap") is None:
        raise SystemExit("image-test: debootstrap is not installed; type: sudo apt-get install debootstrap")
    sources = host.debian_sources(release)
    mirror = [sources[0].split()[1]] if sources else []
    tar.parent.mkdir(parents=True, exist_ok=True)
    raw = tar.with_suffix(".root")
    shutil.rmtree(raw, ignore_errors=True)
    print(f"image-test: making a bare {release} with debootstrap (once)", flush=True)
    subprocess.run(["debootstrap", "--variant=minbase", release, raw, *mirror], check=True, stdout=subprocess.DEVNULL)
    if sources:
        (raw / "etc/apt/sources.list").write_text("\n".join(sources) + "\n", encoding="utf-8")
    (raw / "etc/dpkg/dpkg.cfg.d/slim").write_text(_SLIM, encoding="utf-8")
    for leftover in (
        "var/cache/apt/archives",
        "var/lib/apt/lists",
        "usr/share/doc",
        "usr/share/man",
        "usr/share/locale",
    ):
        shutil.rmtree(raw / leftover, ignore_errors=True)
        (raw / leftover).mkdir()
    (raw / "var/cache/apt/archives/partial").mkdir()
    subprocess.run(
        ["tar", "--create", "--numeric-owner", "--file", tar.with_suffix(".part"), "--directory", raw, "."], check=True
    )
    tar.with_suffix(".part").rename(tar)
    shutil.rmtree(raw)
