"""The auditor's commands: what they print, and how they exit."""

import json
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy import text as sql
from typer.testing import CliRunner, Result

from sre_advisor.cli import app
from sre_advisor.journal.store import Journal
from tests.journal.events import answered, as_is, asked, in_slack, sqlite


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """A settings file and a journal with three investigations."""
    (tmp_path / "advisor.yaml").write_text(
        json.dumps({"database": {"url": f"sqlite:///{tmp_path}/journal.db", "head_file": f"{tmp_path}/heads"}})
    )
    async with await Journal.open(sqlite(tmp_path).model_copy(update={"head_file": tmp_path / "heads"}), as_is) as made:
        await made.append(asked(1), in_slack(20, "is the shop down?"), answered(1), asked(21))
    return tmp_path


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["--config", str(folder / "advisor.yaml"), *arguments])


def tamper(folder: Path, statement: str) -> None:
    with create_engine(f"sqlite:///{folder}/journal.db").begin() as connection:
        connection.execute(sql(statement))


def test_verify_exits_0_on_a_whole_record_and_1_on_a_tampered_one(folder: Path) -> None:
    whole = run(folder, "audit", "verify")
    assert (whole.exit_code, whole.stdout.split(";")[0]) == (0, "Whole: 4 records")
    tamper(folder, "UPDATE records SET body = replace(body, 'why?', 'who?') WHERE seq = 1")
    broken = run(folder, "audit", "verify", "--json")
    assert broken.exit_code == 1
    told = json.loads(broken.stdout)
    assert (told["whole"], [p["seq"] for p in told["problems"]]) == (False, [1])


def test_verify_finds_a_cut_tail_by_the_configured_head_file_and_by_a_named_one(folder: Path) -> None:
    (folder / "heads").rename(folder / "kept")
    tamper(folder, "DELETE FROM records WHERE seq = 4")
    assert run(folder, "audit", "verify").exit_code == 0
    named = run(folder, "audit", "verify", "--head", str(folder / "kept"))
    assert named.exit_code == 1
    assert "record 4 is cut off" in named.stdout
    (folder / "kept").rename(folder / "heads")
    assert run(folder, "audit", "verify").exit_code == 1


@pytest.mark.parametrize("command", [["audit", "verify"], ["audit", "list"], ["stop-all"], ["audit", "show", "x"]])
def test_a_wrong_path_is_an_error_and_makes_no_journal(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "advisor.yaml").write_text(json.dumps({"database": {"url": f"sqlite:///{tmp_path}/nowhere.db"}}))
    done = run(tmp_path, *command)
    assert done.exit_code == 2
    assert "there is no journal at" in done.stderr
    assert [f.name for f in tmp_path.iterdir()] == ["advisor.yaml"]


def test_verifying_changes_nothing(folder: Path) -> None:
    before = {f.name: f.read_bytes() for f in folder.iterdir()}
    assert run(folder, "audit", "verify").exit_code == 0
    assert {f.name: f.read_bytes() for f in folder.iterdir() if not f.name.endswith(("-wal", "-shm"))} == before


def test_show_takes_the_beginning_of_a_name_when_only_one_begins_so(folder: Path) -> None:
    one = run(folder, "audit", "show", "i20")
    assert one.exit_code == 0
    assert "is the shop down?" in one.stdout
    many = run(folder, "audit", "show", "i2")
    assert many.exit_code == 1
    assert "begins more than one" in many.stderr
    assert "i20" in many.stderr
    assert "i1 " not in many.stderr
    exact = run(folder, "audit", "show", "i1")
    assert exact.exit_code == 0


def test_show_names_the_newest_ones_when_the_name_is_not_known(folder: Path) -> None:
    done = run(folder, "audit", "show", "nope")
    assert done.exit_code == 1
    assert "'nope' is no investigation on record; the newest are" in done.stderr
    assert [line.split()[1] for line in done.stderr.splitlines()[1:]] == ["i21", "i1", "i20"]


def test_list_can_be_bounded_in_time_and_number(folder: Path) -> None:
    assert len(run(folder, "audit", "list").stdout.splitlines()) == 3
    assert len(run(folder, "audit", "list", "--limit", "1").stdout.splitlines()) == 1
    assert "No investigation" in run(folder, "audit", "list", "--since", "2100-01-01").stdout


def test_an_export_can_be_verified_until_somebody_changes_it(folder: Path) -> None:
    file = folder / "export.jsonl"
    assert run(folder, "audit", "export", "--output", str(file)).exit_code == 0
    assert run(folder, "audit", "verify", "--file", str(file)).exit_code == 0
    file.write_text(file.read_text().replace("is the shop down?", "is the shop fine?"))
    done = run(folder, "audit", "verify", "--file", str(file))
    assert done.exit_code == 1
    assert "the body of record 2 was altered" in done.stdout


@pytest.mark.parametrize("value", ["x'80ff'", "CAST(x'80ff' AS TEXT)", "'{}'", "char(27) || '[31m'", "7"])
def test_a_tampered_record_can_still_be_looked_at(folder: Path, value: str) -> None:
    tamper(folder, f"UPDATE records SET body = {value}, at = {value} WHERE seq = 2")
    for command in (["list"], ["show", "i20"], ["show", "zzz"], ["export"], ["verify"]):
        done = run(folder, "audit", *command)
        assert done.exit_code in (0, 1), done.exception
        assert isinstance(done.exception, SystemExit | None)
        assert "\x1b" not in done.output
    file = folder / "export.jsonl"
    assert run(folder, "audit", "export", "--output", str(file)).exit_code == 0
    assert run(folder, "audit", "verify", "--file", str(file)).exit_code == 1


def test_expire_leaves_what_is_young(folder: Path) -> None:
    dry = run(folder, "audit", "expire", "--older-than", "1d", "--dry-run")
    assert (dry.exit_code, dry.stdout.split()[0]) == (0, "0")
    assert run(folder, "audit", "expire", "--older-than", "1d").exit_code == 0
    assert "is the shop down?" in run(folder, "audit", "show", "i20").stdout


@pytest.mark.parametrize("length", ["0m", "59m", "soon", "-1d", "99999999d", "9999999w", "1d2h", ""])
def test_expire_refuses_lengths_that_are_none_or_too_short(folder: Path, length: str) -> None:
    done = run(folder, "audit", "expire", f"--older-than={length}")
    assert done.exit_code == 2
    assert "Traceback" not in done.output


def test_stopping_and_resuming_are_on_record(folder: Path) -> None:
    stopped = run(folder, "stop-all", "--reason", "drill").stdout
    assert "1 open questions" in stopped, "one left open at a terminal runs no more and has no thread"
    refused = run(folder, "ask", "why?", "--recording", "demo")
    assert refused.exit_code == 2
    assert ": drill; questions are answered again after `sre-advisor resume`" in refused.stderr
    assert "Resumed" in run(folder, "resume").stdout
    assert "Nothing was stopped" in run(folder, "resume").stdout
    assert run(folder, "audit", "verify").exit_code == 0
