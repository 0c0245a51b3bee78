"""A recording of version 2 as it lies on disk: its manifest, and its files held against it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import from_json

from sre_advisor.replay import gz
from sre_advisor.replay.broken import BrokenRecording, from_validation
from sre_advisor.replay.folder import Folder
from sre_advisor.replay.parts import ANSWERS, FORMAT, MANIFEST, METRICS, VERSION, AnswerPart, Manifest, MetricsPart

MB = 1_000_000
MANIFEST_LIMIT, METRICS_LIMIT, FILE_LIMIT, FILES_LIMIT = 8 * MB, 16 * MB, 256 * MB, 5_000
COMMITS_LIMIT = 32 * MB
_COMMITS = re.compile(rb"([0-9a-f]{40,64}) ([0-9a-f]{40,64})")
ANSWERS_LIMIT, ANSWER_LIMIT, ANSWER_COUNT = 200 * MB, 40 * MB, 2_000
DOCS, BUNDLES, SERIES = "docs", "code", "series"
ADDED = ("expectation.json",)
"""Files that people may put beside the recorded ones."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A folder whose files are those its manifest names, unchanged."""

    folder: Folder
    manifest: Manifest

    def path(self, name: str) -> Path:
        """The place of a file the manifest names; raises BrokenRecording when it names none such."""
        if name not in self.manifest.files:
            raise BrokenRecording(MANIFEST, "field files", f"does not list {name}", gz.ADVICE)
        found = self.folder.file(name, FILE_LIMIT)
        if found is None:
            raise BrokenRecording(name, "", "is missing", gz.ADVICE)
        return found

    def answers(self) -> Iterator[AnswerPart]:
        """Every recorded answer; raises BrokenRecording with the line of a bad one."""
        path = self.path(ANSWERS)
        for number, line in enumerate(gz.lines(ANSWERS, path, ANSWERS_LIMIT, ANSWER_LIMIT), start=1):
            if number > ANSWER_COUNT:
                raise BrokenRecording(ANSWERS, "", f"holds more than {ANSWER_COUNT:,} answers", gz.ADVICE)
            try:
                yield AnswerPart.model_validate_json(line)
            except ValidationError as error:
                raise from_validation(ANSWERS, error, f"line {number}") from None

    def metrics(self) -> MetricsPart:
        """What the metrics backend held."""
        if METRICS not in self.manifest.files:
            return MetricsPart()
        data = self.folder.read(METRICS, METRICS_LIMIT) or b""
        try:
            return MetricsPart.model_validate_json(data)
        except ValidationError as error:
            raise from_validation(METRICS, error) from None

    def commits(self, name: str) -> dict[str, str]:
        """What ids of commits became in a bundle without secrets; raises BrokenRecording with the line of a bad one."""
        found: dict[str, str] = {}
        if self.path(name).stat().st_size > COMMITS_LIMIT:
            raise BrokenRecording(name, "", f"is larger than {COMMITS_LIMIT // MB} MB", gz.ADVICE)
        for number, line in enumerate((self.folder.read(name, COMMITS_LIMIT) or b"").splitlines(), start=1):
            pair = _COMMITS.fullmatch(line)
            if pair is None:
                raise BrokenRecording(name, f"line {number}", "does not name two commits", gz.ADVICE)
            found[pair[1].decode()] = pair[2].decode()
        return found

    def docs(self) -> Path | None:
        """The folder of documents; it holds nothing that the manifest does not name."""
        top = self.folder.docs(DOCS)
        if top is not None:
            for file in top.rglob("*"):
                name = file.relative_to(self.folder.path).as_posix()
                if file.is_symlink() or (not file.is_dir() and name not in self.manifest.files):
                    raise BrokenRecording(name[:80], "", "is not among the recorded files", "take it out")
        return top


def is_sealed(folder: Folder) -> bool:
    """Whether this is a recording of version 2 (or says so)."""
    return folder.inside(MANIFEST).exists()


def open_sealed(folder: Folder) -> Sealed:
    """Read the manifest and hold every file against it; raises BrokenRecording."""
    data = folder.read(MANIFEST, MANIFEST_LIMIT)
    if data is None:
        raise BrokenRecording(MANIFEST, "", "is missing", "name another folder")
    _check_version(data)
    try:
        manifest = Manifest.model_validate_json(data)
    except ValidationError as error:
        raise from_validation(MANIFEST, error) from None
    if len(manifest.files) > FILES_LIMIT:
        raise BrokenRecording(MANIFEST, "field files", f"lists more than {FILES_LIMIT:,} files", gz.ADVICE)
    sealed = Sealed(folder, manifest)
    for name in manifest.files:
        _check_file(sealed, name)
    return sealed


def _check_file(sealed: Sealed, name: str) -> None:
    told, path = sealed.manifest.files[name], sealed.path(name)
    if path.stat().st_size != told.bytes or sha256_of(path) != told.sha256:
        raise BrokenRecording(name, "", "is not the file that was recorded: damaged, cut off or changed", gz.ADVICE)


def sha256_of(path: Path) -> str:
    """The file's SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_version(data: bytes) -> None:
    try:
        told = from_json(data, allow_inf_nan=False)
    except ValueError as error:
        raise BrokenRecording(MANIFEST, "", f"is not valid JSON ({str(error)[:160]})", gz.ADVICE) from None
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise BrokenRecording(MANIFEST, "field format", "is not that of a recording", "name a recording of sre-advisor")
    version: object = told.get("format_version")
    if isinstance(version, bool) or version != VERSION:
        newer = isinstance(version, int) and not isinstance(version, bool) and version > VERSION
        advice = "read it with a newer sre-advisor" if newer else "record again"
        raise BrokenRecording(
            MANIFEST, "field format_version", f"is not a version this program reads (it reads {VERSION})", advice
        )
