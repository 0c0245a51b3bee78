"""Programs that print the contents of files: what that gives away depends on the files."""

from __future__ import annotations

from collections.abc import Iterable

from sre_advisor.commands.call import Call
from sre_advisor.commands.effect import Effect, reads, secret, unknown
from sre_advisor.commands.secrets import mentions_secret, private_root, secret_file
from sre_advisor.commands.words import Word

_RISKY_DEVICES = (
    "/dev/sd",
    "/dev/nvme",
    "/dev/vd",
    "/dev/mem",
    "/dev/kmem",
    "/dev/mapper",
    "/dev/dm-",
    "/dev/disk",
    "/dev/tcp",
    "/dev/udp",
    "/dev/xvd",
)


def contents(call: Call, files: Iterable[Word], why: str) -> Effect:
    """The effect of printing (parts of) these files, and of files handed over by what stands before."""
    for item in files:
        if secret_file(item):
            return secret(f"prints {item[:80]}, which usually holds credentials")
        if item.startswith(_RISKY_DEVICES):
            return unknown(f"reads the device {item[:40]}")
        if item.startswith("/proc/") and item.endswith(("/mem", "/maps", "/cmdline", "/root", "/*")):
            return unknown("reads another process")
        if item.static:
            continue
        if item.startswith("<(") and item.whole:
            continue
        if not call.scene.settled(item):
            return unknown(f"which file {item[:40]} stands for is not visible")
        if (item.subs is not None or any(v in call.scene.assigned for v in item.vars)) and mentions_secret(
            call.scene.source
        ):
            return unknown("may print files that hold credentials")
    if call.open_args and (call.unseen or mentions_secret(call.scene.source)):
        return unknown("which files are printed is not visible")
    return reads(why)


def tree(call: Call, roots: Iterable[Word], why: str) -> Effect:
    """The effect of printing what a search finds below these directories."""
    if any(private_root(r) for r in roots):
        return unknown("searches where credentials are kept")
    return contents(call, roots, why)
