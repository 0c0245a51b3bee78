"""Looking through a recording for what should not be shared."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from sre_advisor.broker.redaction import Redactor
from sre_advisor.replay import gz
from sre_advisor.replay.archive import is_archive, unpack
from sre_advisor.replay.broken import BrokenRecording
from sre_advisor.replay.folder import Folder
from sre_advisor.replay.gitprogram import GitFailed, make_in, read_mirror
from sre_advisor.replay.openmetrics import TEXT_LIMIT
from sre_advisor.replay.sealed import ANSWERS_LIMIT, is_sealed, open_sealed

SHARED_LIMIT = 50_000_000
"""Bytes beyond which a recording is worth a second thought before it is sent to anybody."""
TOGETHER = 200_000
FINDINGS_A_FILE, FILES_LIMIT = 20, 10_000
_EMAIL = re.compile(r"\b[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}\b")
_IP = re.compile(r"(?<![\w.:])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\d)")
_HOST = re.compile(
    r"\b(?:[a-z0-9-]{1,63}\.){1,8}(?:internal|intranet|corp|lan|localdomain|svc\.cluster\.local|home\.arpa)\b",
    re.IGNORECASE,
)
_PATH = re.compile(r"(?<![\w./~-])/(?:home|Users|root|work|workspace|mnt|data|srv)/[\w.@+-]+(?:/[\w.@+-]+)*")
_USER = re.compile(r"<@[UW][A-Z0-9]{6,}>")
_EXAMPLES = (".example", "example.com", "example.org", "example.net")
_AUTHOR = re.compile(r'"author"\s*:\s*"([^"]{2,100})"')


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that should not be shared: what, where; `text` is left out for secrets."""

    file: str
    line: int
    what: str
    text: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.what}" + (f": {self.text}" if self.text else "")


def lint(path: Path, redactor: Redactor) -> tuple[Found, ...]:
    """What was found, file by file; raises BrokenRecording when it cannot be read."""
    with tempfile.TemporaryDirectory(prefix="sre-advisor-lint-") as name:
        place = path
        if is_archive(path):
            place = Path(name)
            unpack(path, place)
        folder = Folder(place)
        sealed = is_sealed(folder)
        if sealed:
            open_sealed(folder)
        found: list[Found] = []
        size = 0
        for file in _files(folder.path):
            size += file.stat().st_size
            found += _of_file(file, file.relative_to(folder.path).as_posix(), redactor)
        if size > SHARED_LIMIT:
            large = f"is large: {size / 1e6:.0f} MB; a shorter time or fewer series is enough"
            found.append(Found(path.name, 0, large))
        return tuple(found)


def _files(top: Path) -> list[Path]:
    found: list[Path] = []
    for file in top.rglob("*"):
        if file.is_symlink() or file.is_file():
            found.append(file)
        if len(found) > FILES_LIMIT:
            raise BrokenRecording(top.name, "", f"holds more than {FILES_LIMIT:,} files", gz.ADVICE)
    return sorted(found)


def _of_file(file: Path, name: str, redactor: Redactor) -> Iterable[Found]:
    if file.is_symlink():
        return (Found(name, 0, "is a link: what it leads to is not part of the recording"),)
    if name.endswith(".bundle"):
        return _of_bundle(file, name, redactor)
    limit = ANSWERS_LIMIT if name.endswith("jsonl.gz") else TEXT_LIMIT
    heads = name.endswith(".om.gz")
    if name.endswith(".gz"):
        return _capped(_of_lines(name, gz.lines(name, file, limit, 64_000_000), redactor, heads=heads))
    with file.open("rb") as opened:
        return _capped(list(_of_lines(name, opened, redactor, heads=False)))


def _of_lines(name: str, lines: Iterable[bytes], redactor: Redactor, *, heads: bool) -> Iterator[Found]:
    """Findings, line by line; of samples only the labels, each set once."""
    last = b""
    some: list[tuple[int, str]] = []
    size = 0
    for number, raw in enumerate(lines, start=1):
        line = raw
        if heads:
            line = raw.rsplit(b" ", 2)[0]
            if line == last:
                continue
            last = line
        text = line.decode("utf-8", errors="replace")
        some.append((number, text))
        size += len(text)
        if size > TOGETHER:
            yield from _of_texts(name, some, redactor)
            some, size = [], 0
    yield from _of_texts(name, some, redactor)


def _of_texts(name: str, some: list[tuple[int, str]], redactor: Redactor) -> Iterator[Found]:
    whole = "\n".join(text for _, text in some)
    starts: list[int] = []
    at = 0
    for _, text in some:
        starts.append(at)
        at += len(text) + 1

    def line(position: int) -> int:
        from bisect import bisect_right

        return some[bisect_right(starts, position) - 1][0]

    for secret in redactor.findings(whole):
        yield Found(name, line(secret.start), f"a secret ({secret.rule})")
    for what, pattern, counts in _RULES:
        for match in pattern.finditer(whole):
            text = match[1] if pattern.groups else match[0]
            if counts(text):
                yield Found(name, line(match.start()), what, text[:120])


def _of_bundle(file: Path, name: str, redactor: Redactor) -> Iterable[Found]:
    """A bundle is never redacted: say so, and look at its messages, names and files."""
    found = [Found(name, 0, "is a git bundle, which holds code and history as they are")]
    with tempfile.TemporaryDirectory(prefix="sre-advisor-lint-") as scratch:
        try:
            mirror = Path(scratch) / "m"
            make_in(Path(scratch), "clone", "--quiet", "--mirror", "--template=", "--", str(file), str(mirror))
            said = read_mirror(mirror, "log", "--all", '--format=%H%n"author": "%an"%n%ae%n%B', "-p")
        except GitFailed:
            return [*found, Found(name, 0, "cannot be read by git, so nobody knows what it holds")]
    return [*found, *_capped(_of_lines(name, said.splitlines(), redactor, heads=False))]


def _capped(found: Iterable[Found]) -> list[Found]:
    """Each thing once a file, at most so many of a kind; the rest is counted."""
    kept: dict[tuple[str, str], Found] = {}
    many: dict[str, int] = {}
    for one in found:
        if one.text and (one.what, one.text) in kept:
            continue
        many[one.what] = many.get(one.what, 0) + 1
        if many[one.what] <= FINDINGS_A_FILE:
            kept[one.what, one.text or str(one.line)] = one
    said = list(kept.values())
    for what, count in many.items():
        if count > FINDINGS_A_FILE and said:
            said.append(Found(said[0].file, 0, f"{count - FINDINGS_A_FILE} more: {what}"))
    return said


def _private(text: str) -> bool:
    try:
        found = ip_address(text)
    except ValueError:
        return False
    return found.is_private and not found.is_loopback and not found.is_unspecified


def _of_somebody(text: str) -> bool:
    return not text.casefold().endswith(_EXAMPLES)


def _always(_text: str) -> bool:
    return True


_RULES: tuple[tuple[str, re.Pattern[str], Callable[[str], bool]], ...] = (
    ("an e-mail address", _EMAIL, _of_somebody),
    ("an internal IP address", _IP, _private),
    ("an internal host name", _HOST, _always),
    ("a path of somebody's machine", _PATH, _always),
    ("a person's account", _USER, _always),
    ("a person's name as author", _AUTHOR, _always),
)
