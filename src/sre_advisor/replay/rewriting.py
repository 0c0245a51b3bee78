"""A repository's history without its secrets: the same commits with other contents, and so with other ids."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sre_advisor.broker.redaction import Redactor
from sre_advisor.replay.gitprogram import make_in, read_mirror

TEXT_PART = 8_000_000
"""Bytes of a file beyond which it is not looked through, but left out of a rewritten history."""
LEFT_OUT = b"(a large file, left out of this recording as it was not looked through for secrets)\n"
_EXPORT = (
    "--show-original-ids", "--signed-tags=strip", "--tag-of-filtered-object=drop", "--reencode=no",
    "--use-done-feature",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A new bare repository: the tip's id in it, ids of old commits with what they became, and secrets taken out."""

    head: str
    commits: Mapping[str, str]
    secrets: int


def rewritten(ours: Path, branch: str, into: Path, redactor: Redactor) -> Rewritten:
    """Write the branch's history, redacted, into the new bare repository `into`; raises GitFailed."""
    stream = read_mirror(ours, "fast-export", *_EXPORT, f"refs/heads/{branch}")
    cleaning = _Cleaning(redactor)
    clean = b"".join(cleaning.cleaned(stream))
    marks = into.with_suffix(".marks")
    make_in(into.parent, "init", "--quiet", "--bare", "--template=", f"--initial-branch={branch}", str(into))
    make_in(into, "fast-import", "--quiet", "--done", f"--export-marks={marks}", stdin=clean)
    became = dict(line.split(" ", 1) for line in marks.read_text(encoding="ascii").splitlines())
    commits = {old: became[mark] for mark, old in cleaning.commits.items() if became[mark] != old}
    head = read_mirror(into, "rev-parse", f"refs/heads/{branch}").decode().strip()
    return Rewritten(head, commits, cleaning.secrets)


class _Cleaning:
    """Goes through an exported history; `commits` are the original ids by mark."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self.commits: dict[str, str] = {}
        self.secrets = 0

    def cleaned(self, stream: bytes) -> Iterator[bytes]:
        """The same history with every text in it redacted."""
        at, kind, mark = 0, b"", ""
        while at < len(stream):
            end = stream.index(b"\n", at)
            line = stream[at:end]
            at = end + 1
            if line.startswith(b"data "):
                size = int(line[5:])
                data = self._data(stream[at : at + size])
                at += size
                yield b"data %d\n%s" % (len(data), data)
                continue
            if line == b"blob" or line.startswith(b"commit "):
                kind = line[:4]
            elif line.startswith(b"mark "):
                mark = line[5:].decode()
            elif line.startswith(b"original-oid ") and kind == b"comm":
                self.commits[mark] = line[13:].decode()
            yield line + b"\n"

    def _data(self, data: bytes) -> bytes:
        if b"\0" in data[:8000]:
            return data
        if len(data) > TEXT_PART:
            return LEFT_OUT
        text, count = self._redactor.text(data.decode("utf-8", errors="replace"))
        self.secrets += count
        return text.encode("utf-8", errors="replace") if count else data


_HEX = re.compile(r"(?<![0-9a-zA-Z])[0-9a-f]{7,64}(?![0-9a-zA-Z])")


class Names:
    """Ids of commits put into one another's place, in full or by their beginning, anywhere in a text."""

    def __init__(self, commits: Mapping[str, str]) -> None:
        self._to_new = _Beginnings(commits)
        self._to_old = _Beginnings({new: old for old, new in commits.items()})

    def new(self, text: str) -> str:
        """The text with the ids the recording's own repository has."""
        return _HEX.sub(lambda m: self._to_new.of(m[0]), text)

    def old(self, text: str) -> str:
        """The text with the ids people know."""
        return _HEX.sub(lambda m: self._to_old.of(m[0]), text)


class _Beginnings:
    def __init__(self, names: Mapping[str, str]) -> None:
        self._by_seven: dict[str, list[tuple[str, str]]] = {}
        for one, other in names.items():
            self._by_seven.setdefault(one[:7], []).append((one, other))

    def of(self, word: str) -> str:
        found = [other for one, other in self._by_seven.get(word[:7], ()) if one.startswith(word)]
        return found[0][: len(word)] if len(found) == 1 else word
