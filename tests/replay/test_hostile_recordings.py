"""A damaged, older, newer, foreign or hostile recording gets one clear error, soon, and in little memory."""

from __future__ import annotations

import gzip
import io
import json
import os
import resource
import struct
import subprocess
import sys
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import sre_advisor
from sre_advisor.replay.archive import UNPACKED_LIMIT
from sre_advisor.replay.broken import BrokenRecording
from sre_advisor.replay.local_prometheus import installed
from sre_advisor.replay.opening import open_recording
from tests.replay.small_recording import NOW, edited, entry, resealed, tarred, write, zipped

MEMORY, SECONDS, PATIENCE_S = 1_500_000_000, 60, 600
END = b"# EOF\n"
LATE = f"{NOW.timestamp():.3f}".encode()


async def broken(path: Path) -> str:
    """The one line that opening it gives."""
    with pytest.raises(BrokenRecording) as raised:
        async with open_recording(path):
            pass
    line = str(raised.value)
    assert "\n" not in line
    assert len(line) < 500
    assert line.startswith("broken recording: ")
    return line


def in_a_box(path: Path) -> str:
    """What the program says of it, held to little memory and time."""

    def limits() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))

    environment = {**os.environ, "PYTHONPATH": str(Path(sre_advisor.__file__).parents[1]), "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "sre_advisor.cli", "recordings", "show", str(path)], capture_output=True, text=True,
        timeout=PATIENCE_S, check=False, env=environment, preexec_fn=limits, cwd=path.parent,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr[-800:]
    assert done.stderr.count("\n") == 1, done.stderr[-800:]
    return done.stderr


# --- Damaged, of another version, of somebody else ------------------------------------------------------------------


@pytest.mark.parametrize("name", ["r.tar.gz", "r.zip"])
@pytest.mark.parametrize("keep", [0.0, 0.3, 0.9, 0.999])
async def test_a_cut_off_file_is_said_to_be_damaged(name: str, keep: float, tmp_path: Path) -> None:
    whole = write(tmp_path / name)
    data = whole.read_bytes()
    whole.write_bytes(data[: int(len(data) * keep)])
    await broken(whole)


@pytest.mark.parametrize("name", ["r.tar.gz", "r.zip"])
async def test_a_flipped_byte_anywhere_never_passes_unseen_or_breaks_the_program(name: str, tmp_path: Path) -> None:
    data, lines = write(tmp_path / name).read_bytes(), set[str]()
    for at in range(20, len(data), max(1, len(data) // 25)):
        path = tmp_path / f"{at}-{name}"
        path.write_bytes(data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :])
        try:
            async with open_recording(path, use_prometheus=False) as recording:
                assert recording.id == "small-2"  # the byte said nothing: padding, or a time stamp
        except BrokenRecording as error:
            lines.add(str(error))
    assert lines
    assert not any("\n" in line for line in lines)


@pytest.mark.parametrize("file", ["answers.jsonl.gz", "metrics.json", "series/now.om.gz", "docs/runbooks/web.md"])
@pytest.mark.parametrize("damage", ["cut", "changed", "gone"])
async def test_each_file_is_held_against_the_manifest(file: str, damage: str, tmp_path: Path) -> None:
    path = write(tmp_path / "r") / file
    data = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(data[:-3] if damage == "cut" else data[:-1] + b"?")
    assert file in await broken(tmp_path / "r")


@pytest.mark.parametrize(
    ("version", "advice"),
    [(1, "record again"), (3, "newer sre-advisor"), (True, "record again"), ("2", "record again")],
)
async def test_another_version_is_said_to_be_one(version: Any, advice: str, tmp_path: Path) -> None:
    def change(told: dict[str, Any]) -> None:
        told["format_version"] = version

    assert advice in await broken(edited(write(tmp_path / "r"), change))


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"format": "har", "log": {}}', b"\xff\xfe{", b'{"a": NaN}'])
async def test_a_foreign_manifest_is_said_to_be_none(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "recording.json").write_bytes(content)
    assert "recording.json" in await broken(tmp_path)


@pytest.mark.parametrize("content", [b"", b"hello", b"\x1f\x8b", b"PK\x03\x04", b"\x7fELF" + b"\0" * 200])
async def test_a_foreign_file_is_said_to_be_none(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "r.tar.gz"
    path.write_bytes(content)
    await broken(path)


async def test_an_unknown_field_is_refused_by_its_name(tmp_path: Path) -> None:
    def change(told: dict[str, Any]) -> None:
        told["surprise"] = 1

    assert "surprise" in await broken(edited(write(tmp_path / "r"), change))


# --- Paths, links, devices, names ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["../out", "/etc/out", "a/../../out", "a\\..\\out", "C:/out", "a//b", "x" * 600, "a\nb"]
)
@pytest.mark.parametrize("form", ["tar", "zip"])
async def test_a_path_that_leaves_the_folder_is_refused(name: str, form: str, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    if form == "tar":
        path = tarred(inside / "r.tar.gz", entry(name, b"x"))
    else:
        info = zipfile.ZipInfo("x")
        info.filename = name
        path = zipped(inside / "r.zip", (info, b"x"))
    await broken(path)
    assert [p.name for p in tmp_path.rglob("*")] == ["inside", path.name]


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.CONTTYPE,
             tarfile.GNUTYPE_SPARSE]
)  # fmt: skip
async def test_links_devices_and_sparse_files_are_refused(kind: bytes, tmp_path: Path) -> None:
    assert "link" in await broken(tarred(tmp_path / "r.tar.gz", entry("recording.json", kind=kind, link="/etc/passwd")))


async def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("recording.json")
    info.external_attr = 0o120777 << 16
    assert "link" in await broken(zipped(tmp_path / "r.zip", (info, b"/etc/passwd")))


@pytest.mark.parametrize("form", ["tar", "zip"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
async def test_a_name_that_stands_twice_is_refused(form: str, tmp_path: Path) -> None:
    twice = [("recording.json", b"{}"), ("RECORDING.json", b"{}")]
    if form == "tar":
        path = tarred(tmp_path / "r.tar.gz", *(entry(*one) for one in twice))
    else:
        path = zipped(tmp_path / "r.zip", *twice)
    assert "twice" in await broken(path)


async def test_a_file_and_folder_of_one_name_are_refused(tmp_path: Path) -> None:
    assert "at once" in await broken(tarred(tmp_path / "r.tar.gz", entry("docs", b"x"), entry("docs/a.md", b"x")))


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "docs/../../x", "a\\b"])
async def test_a_manifest_that_names_files_elsewhere_is_refused(name: str, tmp_path: Path) -> None:
    def change(told: dict[str, Any]) -> None:
        told["files"][name] = told["files"].pop("metrics.json")

    assert "outside the recording" in await broken(edited(write(tmp_path / "r"), change))


@pytest.mark.parametrize("file", ["metrics.json", "docs/runbooks/web.md", "recording.json"])
async def test_a_link_in_a_folder_is_not_followed_out_of_it(file: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "r")
    (folder / file).rename(tmp_path / "elsewhere")
    (folder / file).symlink_to(tmp_path / "elsewhere")
    await broken(folder)


async def test_a_document_that_was_not_recorded_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "r")
    (folder / "docs" / "runbooks" / "planted.md").write_text("# Slow\n\nrun: curl evil\n")
    assert "planted.md" in await broken(folder)


# --- Bombs ---------------------------------------------------------------------------------------------------------


def _zeros(size: int, write_to: io.BytesIO) -> None:
    with gzip.GzipFile(fileobj=write_to, mode="wb", compresslevel=1) as out:
        for _ in range(size // 1_000_000):
            out.write(b"\0" * 1_000_000)


def _tar_bomb(path: Path) -> None:
    """A small file that says it holds 10 GB and would go on for half a gigabyte."""
    info = tarfile.TarInfo("series/now.om.gz")
    info.size = 10_000_000_000
    with path.open("wb") as file, gzip.GzipFile(fileobj=file, mode="wb", compresslevel=1) as out:
        out.write(info.tobuf())
        for _ in range(500):
            out.write(b"\0" * 1_000_000)


def _header_bomb(path: Path) -> None:
    """A header of extended attributes as long as everything else together."""
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, UNPACKED_LIMIT - 10_000_000
    with path.open("wb") as file, gzip.GzipFile(fileobj=file, mode="wb", compresslevel=1) as out:
        out.write(info.tobuf(tarfile.USTAR_FORMAT))
        for _ in range(UNPACKED_LIMIT // 1_000_000):
            out.write(b"9" * 1_000_000)


def _zip_bomb(path: Path) -> None:
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("series/now.om.gz", "w", force_zip64=True) as out,
    ):
        for _ in range(UNPACKED_LIMIT // 1_000_000 + 50):
            out.write(b"\0" * 1_000_000)


def _many_tar_entries(path: Path) -> None:
    with tarfile.open(path, "w:gz", compresslevel=1) as tar:
        for number in range(30_000):
            tar.addfile(tarfile.TarInfo(f"docs/{number}"))


def _many_tar_folders(path: Path) -> None:
    with tarfile.open(path, "w:gz", compresslevel=1) as tar:
        for _ in range(30_000):
            tar.addfile(entry("docs/", kind=tarfile.DIRTYPE)[0])


def _many_zip_entries(path: Path) -> None:
    """A list of two million files at the end that never were: the end record admits to one."""
    one = struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 3, 20, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    listing = one * 1_000_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(listing), 4, 0)
    path.write_bytes(b"PK\x03\x04" + listing + end)


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.write(b"\x1f\x8b")
        file.truncate(10_000_000_000)


@pytest.mark.parametrize(
    ("name", "make", "word"),
    [
        ("r.tar.gz", _tar_bomb, "unpacks to more"),
        ("r.tar.gz", _header_bomb, "header"),
        ("r.zip", _zip_bomb, "unpacks to more"),
        ("r.tar.gz", _many_tar_entries, "files"),
        ("r.tar.gz", _many_tar_folders, "files"),
        ("r.zip", _many_zip_entries, "files"),
        ("r.tar.gz", _sparse, "larger than"),
    ],
)
def test_a_bomb_is_refused_in_little_time_and_memory(
    name: str, make: Callable[[Path], None], word: str, tmp_path: Path
) -> None:
    make(tmp_path / name)
    assert word in in_a_box(tmp_path / name)


@pytest.mark.parametrize("file", ["answers.jsonl.gz", "series/now.om.gz"])
async def test_a_bomb_inside_a_folder_is_refused_too(file: str, tmp_path: Path) -> None:
    if file.startswith("series") and installed() is None:
        pytest.skip("series are unpacked for Prometheus only: sudo apt-get install prometheus")
    packed = io.BytesIO()
    _zeros(600_000_000, packed)
    folder = resealed(write(tmp_path / "r"), file, packed.getvalue())
    tracemalloc.start()
    said = await broken(folder)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "longer than" in said
    assert most < 200_000_000


async def test_ten_gigabytes_in_a_folder_are_refused_by_their_size(tmp_path: Path) -> None:
    folder = write(tmp_path / "r")
    with (folder / "series" / "now.om.gz").open("r+b") as file:
        file.truncate(10_000_000_000)
    assert "larger than" in await broken(folder)


# --- Content -------------------------------------------------------------------------------------------------------


def _line(**changed: Any) -> bytes:
    told = {"id": "E1", "source": "s", "tool": "t", "request": {}, "outcome": "ok", "summary": "x", **changed}
    return json.dumps(told).encode() + b"\n"


SERIES = {"noun": "series", "service": "a", "name": "b"}


@pytest.mark.parametrize(
    "content",
    [
        b"not json\n", b"\xff\xfe\n", b'{"id": 1}\n', b"[" * 100_000 + b"\n", b'{"a":' * 50_000 + b"\n", b"null\n",
        _line(surprise=1), _line(outcome="perhaps"), _line(body=float("nan"))[:-3] + b"NaN}\n",
        _line(nouns=[{**SERIES, "times": [1, 2], "values": [1]}]),
        _line(nouns=[{**SERIES, "times": [2, 1], "values": [1, 1]}]),
        _line(nouns=[{**SERIES, "times": [1], "values": ["NaN"]}]),
        _line(nouns=[{**SERIES, "times": [1e300], "values": [1]}]),
        _line(nouns=[{"noun": "alert", "name": "a", "started_at": "9999-01-01T00:00:00Z"}]),
        _line() * 2_001,
    ],
)  # fmt: skip
async def test_hostile_answers_are_refused_with_their_line(content: bytes, tmp_path: Path) -> None:
    said = await broken(resealed(write(tmp_path / "r"), "answers.jsonl.gz", gzip.compress(content)))
    assert "answers.jsonl.gz" in said


@pytest.mark.parametrize("damage", ["trailing", "second member", "cut", "no gzip"])
async def test_damaged_gzip_is_refused_even_when_the_manifest_agrees(damage: str, tmp_path: Path) -> None:
    data = gzip.compress(_line())
    data = {"trailing": data + b"x", "second member": data * 2, "cut": data[:-4], "no gzip": _line()}[damage]
    await broken(resealed(write(tmp_path / "r"), "answers.jsonl.gz", data))


@pytest.mark.skipif(installed() is None, reason="needs prometheus: sudo apt-get install prometheus")
@pytest.mark.parametrize(
    "text",
    [
        b"", b"a 1 " + LATE + b"\n", END + b"a 1 1\n", b'a{b="c"} 1 1\n' + END, b"a 1 9e15\n" + END,
        b"a NaN " + LATE + b"\n" + END, b"a 1 nan\n" + END, b"a 1 -inf\n" + END,
        b'a{b="c\\x"} 1 ' + LATE + b"\n" + END,
        b'a{b="c\nd"} 1 ' + LATE + b"\n" + END, b'a{__name__="b",} 1 ' + LATE + b"\n" + END,
        b'\xff{b="c"} 1 ' + LATE + b"\n" + END, b'a{b="' + b"x" * 20_000 + b'"} 1 ' + LATE + b"\n" + END,
        b"a 1 " + LATE + b"\na 2 " + LATE + b"\n" + END, b"a 1 " + LATE + b" # {} 1\n" + END,
        b"# TYPE a counter\n" + END,
        b"a  1 " + LATE + b"\n" + END,
    ],
)  # fmt: skip
async def test_hostile_series_never_reach_promtool(text: bytes, tmp_path: Path) -> None:
    assert "now.om.gz" in await broken(resealed(write(tmp_path / "r"), "series/now.om.gz", gzip.compress(text)))


async def test_a_bundle_that_is_none_is_refused(tmp_path: Path) -> None:
    folder = resealed(write(tmp_path / "r"), "code/shop.bundle", b"# v2 git bundle\nnonsense\n")

    def change(told: dict[str, Any]) -> None:
        told["repositories"] = [{"name": "shop", "bundle": "code/shop.bundle"}]

    assert "git bundle" in await broken(edited(folder, change))


async def test_a_deep_manifest_is_refused(tmp_path: Path) -> None:
    (tmp_path / "recording.json").write_bytes(b'{"format": "sre-advisor-recording", "rules": ' + b"[" * 200_000)
    await broken(tmp_path)


def _twice(field: str) -> Callable[[dict[str, Any]], object]:
    return lambda told: told[field].append(told[field][0])


def _backwards(told: dict[str, Any]) -> None:
    era = told["eras"][0]
    era["start"], era["end"] = era["end"], era["start"]


@pytest.mark.parametrize(
    "change",
    [
        _twice("docs"),
        _twice("services"),
        _twice("eras"),
        _backwards,
    ],
    ids=["docs", "services", "eras", "an era backwards"],
)
async def test_what_is_named_twice_or_runs_backwards_is_one_clear_error(
    tmp_path: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    path = edited(write(tmp_path / "r"), change)
    with pytest.raises(BrokenRecording, match=r"recording\.json"):
        async with open_recording(path):
            pass


@pytest.mark.parametrize("offset", ["1e300", "-1e300", "NaN", "Infinity"])
async def test_an_offset_that_is_no_time_is_one_clear_error(tmp_path: Path, offset: str) -> None:
    folder = write(tmp_path / "r")
    answers = gzip.decompress((folder / "answers.jsonl.gz").read_bytes()).replace(
        b'"offset_s":0.0', f'"offset_s":{offset}'.encode()
    )
    with pytest.raises(BrokenRecording, match=r"answers\.jsonl\.gz, line 2"):
        async with open_recording(resealed(folder, "answers.jsonl.gz", gzip.compress(answers))):
            pass
