"""Writing a recording: redacted, complete or not at all, as a folder or in one file."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from pydantic import JsonValue

from sre_advisor.broker.redaction import Redactor
from sre_advisor.model import DocSection
from sre_advisor.replay import gz
from sre_advisor.replay.openmetrics import RawSeries, text_of
from sre_advisor.replay.parts import ANSWERS, MANIFEST, METRICS, AnswerPart, EraPart, FilePart, Manifest, MetricsPart
from sre_advisor.replay.sealed import BUNDLES, DOCS, SERIES

_WRITTEN = 946_684_800
"""The time every file carries, so that the same recording is the same bytes: the year 2000, as zip knows no 1970."""


class CannotWrite(Exception):
    """The recording cannot be put where it was asked to go; the message says what to do."""


@dataclass(slots=True)
class Captured:
    """Everything that goes into one recording; series, documents and code by their place in it."""

    manifest: Manifest
    answers: Sequence[AnswerPart]
    metrics: MetricsPart
    series: Mapping[str, tuple[EraPart, Sequence[RawSeries]]] = field(default_factory=dict)
    docs: Sequence[DocSection] = ()
    code: Mapping[str, Path | bytes] = field(default_factory=dict[str, Path | bytes])


def write_recording(captured: Captured, out: Path, redactor: Redactor) -> Path:
    """Write a folder, or one file when `out` ends in .tar.gz or .zip; raises CannotWrite."""
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise CannotWrite(f"--out {out}: is there already; name another or remove it")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=".recording-", dir=out.parent))
        try:
            _fill(scratch / "r", captured, redactor)
            made = _as_asked(scratch, out)
            made.replace(out)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    except OSError as error:
        raise CannotWrite(f"--out {out}: cannot be written ({error.strerror})") from None
    return out


def _as_asked(scratch: Path, out: Path) -> Path:
    folder, packed = scratch / "r", scratch / "packed"
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    files.sort(key=lambda p: p.name != MANIFEST)
    if out.name.endswith((".tar.gz", ".tgz")):
        with tarfile.open(packed, "w:gz", format=tarfile.PAX_FORMAT) as tar:
            for file in files:
                tar.add(file, file.relative_to(folder).as_posix(), filter=_nobody)
        return packed
    if out.suffix == ".zip":
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in files:
                archive.write(file, file.relative_to(folder).as_posix())
        return packed
    return folder


def _nobody(info: tarfile.TarInfo) -> tarfile.TarInfo:
    """Whose files they were is nobody's business."""
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    info.mode = 0o644
    return info


def _fill(folder: Path, captured: Captured, redactor: Redactor) -> None:
    folder.mkdir()
    count = 0

    def clean(value: JsonValue) -> JsonValue:
        nonlocal count
        found = redactor.value(value)
        count += found.count
        return found.value

    answers = b"".join(_line(clean(_without_series(a)), a) for a in captured.answers)
    (folder / ANSWERS).write_bytes(gz.packed(answers))
    metrics = MetricsPart.model_validate(clean(captured.metrics.model_dump(mode="json")))
    (folder / METRICS).write_bytes(_json(metrics.model_dump(mode="json")))
    eras = [_write_era(folder, era, series) for era, series in captured.series.values()]
    for section in captured.docs:
        _write_text(folder, section, redactor)
    for name, held in captured.code.items():
        (folder / BUNDLES).mkdir(exist_ok=True)
        if isinstance(held, bytes):
            (folder / BUNDLES / name).write_bytes(held)
        else:
            shutil.copyfile(held, folder / BUNDLES / name)
    manifest = captured.manifest.model_copy(update={"eras": tuple(eras)})
    told = clean(manifest.model_dump(mode="json", exclude={"files", "made"}))
    assert isinstance(told, dict)
    told |= {
        "made": manifest.made.model_dump(mode="json"),
        "redactions": manifest.redactions + count,
        "files": {
            p.relative_to(folder).as_posix(): _file(p).model_dump() for p in sorted(folder.rglob("*")) if p.is_file()
        },
    }
    (folder / MANIFEST).write_bytes(_json(told))
    for made in folder.rglob("*"):
        os.utime(made, (_WRITTEN, _WRITTEN))


def _without_series(answer: AnswerPart) -> JsonValue:
    """The answer without its long columns of numbers, which hold no secret and would take long to look through."""
    return answer.model_dump(mode="json", exclude={"nouns": {"__all__": {"times", "values"}}})


def _line(told: JsonValue, answer: AnswerPart) -> bytes:
    assert isinstance(told, dict)
    nouns = told["nouns"]
    assert isinstance(nouns, list)
    for written, noun in zip(nouns, answer.nouns, strict=True):
        if noun.noun == "series" and isinstance(written, dict):
            written.update(json.loads(noun.model_dump_json(include={"times", "values"})))
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode(errors="replace") + b"\n"


def _json(value: JsonValue) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode(errors="replace")


def _file(path: Path) -> FilePart:
    return FilePart(bytes=path.stat().st_size, sha256=hashlib.sha256(path.read_bytes()).hexdigest())


def _write_era(folder: Path, era: EraPart, series: Iterable[RawSeries]) -> EraPart:
    data = list(text_of(series))
    if len(data) == 1:
        return era
    (folder / SERIES).mkdir(exist_ok=True)
    name = f"{SERIES}/{era.name}.om.gz"
    (folder / name).write_bytes(gz.packed(b"".join(data)))
    return era.model_copy(
        update={"file": name, "series": len(data) - 1, "samples": sum(piece.count(b"\n") for piece in data[:-1])}
    )


def _write_text(folder: Path, section: DocSection, redactor: Redactor) -> None:
    parts = PurePosixPath(redactor.text(section.path)[0]).parts
    if not parts or any(part in ("..", "/") for part in parts):
        return
    target = folder.joinpath(DOCS, *parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(redactor.text(section.text)[0], encoding="utf-8", errors="replace", newline="")
