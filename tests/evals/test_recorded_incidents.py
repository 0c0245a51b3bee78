"""Incidents recorded from real systems become a suite, are asked again and compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sre_advisor.cli import app
from sre_advisor.evals.imports.recorded import expected_from
from sre_advisor.evals.suites.suite import load_suite
from sre_advisor.model import Catalogue, Change, Service, Verdict
from sre_advisor.replay.parts import OutcomePart, SaidPart
from tests.replay.small_recording import NOW, write

TOLD = OutcomePart(cause="c1 in web shrank the connection pool, not the database", remedy="made it wide again")
CATALOGUE = Catalogue((Service(name="api"), Service(name="api-gateway"), Service(name="payments", aliases=("pay",))))
CHANGE = Change("f" * 40, "commit", NOW, "smaller pool", "api-gateway")


def ran(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(words))
    return result.exit_code, result.output


def imported(tmp_path: Path, *recordings: Path) -> Path:
    code, said = ran("evals", "import", *map(str, recordings), "--out", str(tmp_path / "suite"))
    assert code == 0, said
    return tmp_path / "suite"


@pytest.mark.parametrize("name", ["one", "one.tar.gz", "one.zip"])
def test_a_recorded_incident_becomes_a_case_that_expects_what_people_told(tmp_path: Path, name: str) -> None:
    suite = load_suite(imported(tmp_path, write(tmp_path / name, outcome=TOLD)))
    (case,) = suite.cases
    assert case.id == "one"
    assert (case.expected.cause.service, case.expected.cause.change) == (("web",), ("c1",))
    (words,) = case.expected.cause.mechanism
    assert {"shrank", "connection", "pool"} <= set(words)
    assert "database" not in words, "what was said not to be it is no word of the cause"


def test_recordings_are_asked_again_and_compared_and_coverage_is_told_by_case(tmp_path: Path) -> None:
    write(tmp_path / "kept" / "one.tar.gz", outcome=TOLD)
    write(tmp_path / "kept" / "two.zip", outcome=TOLD, id="small-3")
    write(tmp_path / "kept" / "untold.tar.gz")
    code, said = ran("evals", "import", str(tmp_path / "kept"), "--out", str(tmp_path / "suite"))
    assert code == 0, said
    assert "2 cases" in said
    assert "untold" in said
    models = ("--model", "scripted:1", "--model", "scripted:0", "--model", "offline")
    code, said = ran(
        "evals", "run", "--suite", str(tmp_path / "suite"), *models, "--out", str(tmp_path / "run"), "--json"
    )
    assert code == 0, said
    told: dict[str, Any] = json.loads(said)
    found = {arm["arm"]: arm["rates"]["cause_found"]["estimate"] for arm in told["arms"]}
    assert (found["scripted:1"], found["scripted:0"]) == (1.0, 0.0)
    code, said = ran("evals", "compare", str(tmp_path / "run"), "--json")
    assert code == 0, said
    assert [worse["case"] for worse in json.loads(said)["worse"]] == ["one", "two"]


def test_a_recording_elsewhere_in_the_suite_is_part_of_what_the_suite_is_known_by(tmp_path: Path) -> None:
    place = imported(tmp_path, write(tmp_path / "one.zip", outcome=TOLD))
    (place / "one" / "recording.zip").rename(place / "moved.zip")
    expect = place / "one" / "expect.yaml"
    expect.write_text(expect.read_text().replace("one/recording.zip", "moved.zip"))
    before = load_suite(place).hash
    (place / "moved.zip").write_bytes(write(tmp_path / "two.zip", id="another").read_bytes())
    assert load_suite(place).hash != before


def test_an_answer_that_somebody_confirmed_is_what_is_expected(tmp_path: Path) -> None:
    said = (SaidPart(at=NOW, who="advisor", text="The pool of web was made small by c1."),)
    place = imported(tmp_path, write(tmp_path / "one", outcome=OutcomePart(confirmed=True), thread=said))
    (case,) = load_suite(place).cases
    assert (case.expected.cause.service, case.expected.cause.change) == (("web",), ("c1",))


def test_an_expectation_beside_the_recording_goes_before_what_was_told(tmp_path: Path) -> None:
    recording = write(tmp_path / "one", outcome=TOLD)
    (recording / "expectation.json").write_text('{"cause": {"service": ["db"]}}')
    (case,) = load_suite(imported(tmp_path, recording)).cases
    assert case.expected.cause.service == ("db",)


@pytest.mark.parametrize(
    ("told", "words"),
    [('{"cause": {"servcie": ["db"]}}', "no such field"), ("[]", "JSON object"), ('{"a": NaN}', "not valid JSON")],
)
def test_a_wrong_expectation_beside_a_recording_is_one_clear_error(tmp_path: Path, told: str, words: str) -> None:
    recording = write(tmp_path / "one", outcome=TOLD)
    (recording / "expectation.json").write_text(told)
    code, said = ran("evals", "import", str(recording), "--out", str(tmp_path / "suite"))
    assert code != 0
    assert "expectation.json" in said
    assert words in said
    assert "Traceback" not in said


def test_recordings_of_which_nobody_told_anything_are_no_suite(tmp_path: Path) -> None:
    code, said = ran("evals", "import", str(write(tmp_path / "one.zip")), "--out", str(tmp_path / "suite"))
    assert code != 0
    assert "none of the recordings holds what it was" in said
    assert not (tmp_path / "suite").exists()


@pytest.mark.parametrize(
    ("told", "services", "changes"),
    [
        ("the api-gateway ran out of sockets", ("api-gateway",), None),
        ("pay was overloaded by a campaign", ("payments",), None),
        (f"commit {'f' * 9} in api-gateway", ("api-gateway",), ("f" * 40,)),
        ("not payments but the api", ("api",), None),
        ("a certificate had expired", (), None),
    ],
)
def test_services_and_changes_are_those_named_in_full_and_not_denied(
    told: str, services: tuple[str, ...], changes: tuple[str, ...] | None
) -> None:
    found = expected_from(told, "", CATALOGUE, (CHANGE,))
    assert (found.cause.service, found.cause.change) == (services, changes)
    assert ("needs_judge" in found.tags) == (not services and not changes)


def test_a_false_alarm_is_a_case_in_which_nothing_is_wrong() -> None:
    assert expected_from("false alarm, a test of the api", "", CATALOGUE, ()).verdict == (Verdict.NOTHING_WRONG,)
