"""Packing and unpacking, of which the listing and the printing forms read."""

from __future__ import annotations

import re

from sre_advisor.commands.call import Call
from sre_advisor.commands.effect import Effect, changes, reads
from sre_advisor.commands.files import contents
from sre_advisor.commands.programs.changers import changer


def tar(call: Call) -> Effect:
    """Tar -t lists; everything else writes."""
    words = [str(a) for a in call.args]
    mode = words[0].lstrip("-") if words and not words[0].startswith("--") else ""
    simple = all(
        not w.startswith("-")
        or re.fullmatch(r"-[tvzjJfO]+|--(?:list|verbose|gzip|bzip2|xz|file|zstd|numeric-owner)(?:=.*)?", w)
        for w in words
    )
    if call.settled and simple and not re.search(r"[xcruAdFI]", mode) and ("t" in mode or "--list" in words):
        return reads("lists an archive")
    return changes("packs, unpacks or runs something", "files on one host", None)


def listing(call: Call) -> Effect:
    """Zip and gzip in their listing or printing forms."""
    words = [str(a) for a in call.args]
    flags = [w for w in words if w.startswith("-")]
    files = [a for a in call.args if not a.startswith("-")]
    if call.name == "unzip" and flags and all(re.fullmatch(r"-[lvZtz1]+", f) for f in flags) and call.settled:
        return reads("lists an archive")
    if (
        call.name in {"gzip", "gunzip", "xz", "bzip2", "zstd", "bunzip2", "unxz"}
        and flags
        and call.settled
        and all(re.fullmatch(r"-[cdlvtk]+|--(?:list|stdout|test|decompress|to-stdout)", f) for f in flags)
    ) and any(re.search(r"^-\w*[clt]|--(?:list|stdout|test|to-stdout)", f) for f in flags):
        return contents(call, files, "prints")
    return changer(call)


PROGRAMS = {
    "tar": tar,
    "bsdtar": tar,
    "gtar": tar,
    **dict.fromkeys(("unzip", "gzip", "gunzip", "xz", "bzip2", "zstd", "bunzip2", "unxz"), listing),
}
