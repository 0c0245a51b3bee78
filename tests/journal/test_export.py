"""An export can be verified by whoever has the key, and shows every change made to it."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from sre_advisor.journal.archive import open_archive
from sre_advisor.journal.config import DatabaseConfig
from sre_advisor.journal.export import export_lines, verify_export, write_export
from sre_advisor.journal.heads import Head
from sre_advisor.journal.keys import load_keys
from sre_advisor.journal.store import Journal, JournalUnavailable
from sre_advisor.journal.verification import Verification
from tests.journal.events import answered, as_is, asked, sqlite

NOW = "2026-01-01T00:00:00+00:00"


async def filled(config: DatabaseConfig) -> None:
    async with await Journal.open(config, as_is) as journal:
        await journal.append(asked(1, "why\u2028is it 🔥?"), asked(2), answered(1), asked(3), answered(2))


def exported(config: DatabaseConfig, file: Path, investigation: str | None = None, since: str | None = None) -> int:
    with open_archive(config) as archive:
        return write_export(export_lines(archive, NOW, investigation, since), file)


def checked(config: DatabaseConfig, file: Path) -> Verification:
    return verify_export(load_keys(config, make=False), file)


async def test_a_whole_export_verifies(config: DatabaseConfig, tmp_path: Path) -> None:
    await filled(config)
    assert exported(config, tmp_path / "out") == 5
    found = checked(config, tmp_path / "out")
    assert (found.whole, found.records) == (True, 5)
    assert (tmp_path / "out").stat().st_mode & 0o077 == 0


async def test_one_investigation_can_be_exported_and_verified_alone(config: DatabaseConfig, tmp_path: Path) -> None:
    await filled(config)
    assert exported(config, tmp_path / "out", investigation="i2") == 2
    found = checked(config, tmp_path / "out")
    assert (found.whole, found.records) == (True, 2)


async def test_an_export_since_a_time_leaves_out_what_came_before(config: DatabaseConfig, tmp_path: Path) -> None:
    await filled(config)
    with open_archive(config) as archive:
        at = [r.at for r in archive.records()]
    assert exported(config, tmp_path / "out", since=at[3]) == 2
    assert checked(config, tmp_path / "out").whole


async def test_an_export_with_expired_records_verifies(config: DatabaseConfig, tmp_path: Path) -> None:
    await filled(config)
    async with await Journal.open(config, as_is) as journal:
        await journal.expire(datetime(2100, 1, 1, tzinfo=UTC), "ada")
    exported(config, tmp_path / "out")
    found = checked(config, tmp_path / "out")
    assert (found.whole, found.expired) == (True, 5)


Lines = list[str]


def altered(lines: Lines) -> Lines:
    return [*lines[:2], lines[2].replace("why?", "whY?"), *lines[3:]]


def without_a_record(lines: Lines) -> Lines:
    return [*lines[:2], *lines[3:]]


def without_the_last_record(lines: Lines) -> Lines:
    return [*lines[:-2], lines[-1]]


def without_the_seal(lines: Lines) -> Lines:
    return lines[:-1]


def cut_in_the_middle(lines: Lines) -> Lines:
    return lines[:3]


def claiming_a_part(lines: Lines) -> Lines:
    return [lines[0].replace('"whole":true', '"whole":false'), lines[1], *lines[3:]]


def swapped(lines: Lines) -> Lines:
    return [*lines[:2], lines[3], lines[2], *lines[4:]]


def with_half_a_character(lines: Lines) -> Lines:
    return [*lines[:2], lines[2].replace("why?", "\\ud800"), *lines[3:]]


def after_the_seal(lines: Lines) -> Lines:
    return [*lines, lines[-2].replace('"seq":5', '"seq":6')]


@pytest.mark.parametrize(
    ("tampering", "words"),
    [
        (altered, "the body of record 2 was altered"),
        (without_a_record, "record 2 is missing"),
        (swapped, "record 2 is missing"),
        (without_the_seal, "the file was cut off"),
        (cut_in_the_middle, "the file was cut off"),
        (without_the_last_record, "the file as a whole is not as it was exported"),
        (claiming_a_part, "the file as a whole is not as it was exported"),
        (with_half_a_character, "the body of record 2 was altered"),
        (after_the_seal, "record 6 does not name record 5 as the one before it"),
    ],
)
async def test_a_tampered_export_is_found_out(tmp_path: Path, tampering: Callable[[Lines], Lines], words: str) -> None:
    config, file = sqlite(tmp_path), tmp_path / "out"
    await filled(config)
    exported(config, file)
    file.write_text("".join(tampering(_lines(file))))
    assert words in checked(config, file).reason


def _lines(file: Path) -> list[str]:
    """Split at newlines alone: a record may hold other separators."""
    return [line + "\n" for line in file.read_text().split("\n")[:-1]]


async def test_an_export_does_not_verify_with_another_key(tmp_path: Path) -> None:
    await filled(sqlite(tmp_path))
    exported(sqlite(tmp_path), tmp_path / "out")
    other = DatabaseConfig(key=SecretStr("w" * 32))
    found = checked(other, tmp_path / "out")
    assert not found.whole
    assert "a key that is not configured" in found.reason


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty"),
        ("hello\n", "line 1: expected one JSON object"),
        ("{}\n", "line 1: expected the heading"),
        ('{"format":"sre-advisor-journal/1","whole":true}\n{"seq":1}\n', "line 2: is no record"),
        ('{"format":"sre-advisor-journal/1","whole":true}\n{"seq":1,"at":\n', "line 2: expected one JSON object"),
    ],
)
def test_what_is_no_export_is_one_clear_error(tmp_path: Path, content: str, words: str) -> None:
    file = tmp_path / "out"
    file.write_text(content)
    with pytest.raises(JournalUnavailable, match=words):
        checked(DatabaseConfig(key=SecretStr("k" * 32)), file)


async def test_heads_show_a_cut_in_an_export_that_was_sealed_all_the_same(tmp_path: Path) -> None:
    config, file = sqlite(tmp_path), tmp_path / "out"
    await filled(config)
    with open_archive(config) as archive:
        newest = list(archive.records())[-1]
    early, late = Head(6, "0" * 64, "2026-01-01T00:00:00+00:00"), Head(9, "0" * 64, "2100-01-01T00:00:00+00:00")
    exported(config, file)
    keys = load_keys(config)
    assert verify_export(keys, file, (Head(5, newest.mac, newest.at), late)).whole
    assert "record 6 is cut off" in verify_export(keys, file, (early,)).reason
    assert "record 5 was rewritten" in verify_export(keys, file, (Head(5, "0" * 64, newest.at),)).reason


async def test_the_documented_recipe_verifies_an_export_without_this_program(tmp_path: Path) -> None:
    await filled(sqlite(tmp_path))
    exported(sqlite(tmp_path), tmp_path / "export.jsonl")
    page = (Path(__file__).parents[2] / "docs/reference/audit.md").read_text()
    recipe = page.partition("```python\n")[2].partition("```")[0]

    def exit_code() -> int:
        return subprocess.run([sys.executable, "-c", recipe], cwd=tmp_path, check=False, capture_output=True).returncode

    assert exit_code() == 0
    (tmp_path / "export.jsonl").write_text((tmp_path / "export.jsonl").read_text().replace("q3", "q4", 1))
    assert exit_code() == 1
