"""A suite says what is wrong with it in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from sre_advisor.evals.suites.suite import load_suite
from sre_advisor.evals.trials.arms import parse_arms
from sre_advisor.evals.trouble import EvalTrouble
from tests.evals.small_suite import written_suite


def test_a_suite_is_known_by_all_that_is_in_it(tmp_path: Path) -> None:
    folder = written_suite(tmp_path / "suite", ("nothing", "disk_full"))
    before = load_suite(folder)
    assert load_suite(folder).hash == before.hash
    with (folder / "nothing-1" / "logs.jsonl").open("a") as stream:
        stream.write("\n")
    assert load_suite(folder).hash != before.hash


def test_cases_are_picked_by_id_or_tag(tmp_path: Path) -> None:
    suite = load_suite(written_suite(tmp_path / "suite"))
    assert [c.id for c in suite.only(["disk_full"]).cases] == ["disk-full-1"]
    assert [c.id for c in suite.only(["nothing-1", "change"]).cases] == ["bad-deploy-1", "nothing-1"]
    with pytest.raises(EvalTrouble, match="no case or tag unknown"):
        suite.only(["unknown"])


def test_a_recording_may_lie_elsewhere_in_the_suite(tmp_path: Path) -> None:
    folder = written_suite(tmp_path / "suite", ("nothing",))
    (folder / "nothing-1").rename(folder / "world")
    (folder / "calm").mkdir()
    (folder / "world" / "expect.yaml").rename(folder / "calm" / "expect.yaml")
    with (folder / "calm" / "expect.yaml").open("a") as stream:
        stream.write("recording: world\n")
    assert load_suite(folder).cases[0].recording() == folder.resolve() / "world"


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("suite.yaml", "name: [", "suite.yaml"),
        ("suite.yaml", "nam: x", "nam: no such field|name: field required"),
        ("suite.yaml", "name: x\nformat_version: 2", "format_version"),
        ("suite.yaml", "name: x\ncases: [missing]", "expect.yaml: there is no such file"),
        ("suite.yaml", "name: x\ncases: [../outside]", "leads out of the suite"),
        ("suite.yaml", "name: x\ncases: [nothing-1, nothing-1]", "named twice"),
        ("suite.yaml", "name: x\ncases: []", "holds no case"),
        ("nothing-1/expect.yaml", "verdikt: [nothing_wrong]", "verdikt"),
        ("nothing-1/expect.yaml", "verdict: [maybe]", "verdict.0"),
        ("nothing-1/expect.yaml", "tags: [x]", "nothing to grade"),
        ("nothing-1/expect.yaml", "verdict: [nothing_wrong]\nnever: {commands: ['(']}", "no regular expression"),
        ("nothing-1/expect.yaml", "verdict: [nothing_wrong]\nrecording: ../../etc", "leads out of the suite"),
        ("nothing-1/expect.yaml", "verdict: [nothing_wrong]\nrecording: gone", "there is no gone in the suite"),
    ],
)
def test_a_broken_suite_is_one_clear_error(tmp_path: Path, file: str, text: str, words: str) -> None:
    folder = written_suite(tmp_path / "suite", ("nothing",))
    (folder / file).write_text(text)
    with pytest.raises(EvalTrouble, match=words) as told:
        load_suite(folder)
    assert "\n" not in str(told.value)


def test_a_missing_suite_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(EvalTrouble, match="there is no such folder"):
        load_suite(tmp_path / "gone")


@pytest.mark.parametrize("model", ["scripted:1.2", "scripted:", "scripted:0.9@5s", "scripted", ""])
def test_a_stand_in_that_cannot_be_is_refused(model: str) -> None:
    with pytest.raises(EvalTrouble, match="write scripted:P"):
        parse_arms([model], [])


def test_a_stand_in_says_its_chance_time_and_price() -> None:
    script = parse_arms(["scripted:0.75@50ms$0.02"], [])[0].script
    assert script is not None
    assert (script.right, script.seconds, script.usd) == (0.75, 0.05, 0.02)
    assert parse_arms(["offline"], [])[0].script is None


def test_models_and_prompts_are_crossed_and_none_is_asked_twice(tmp_path: Path) -> None:
    (tmp_path / "a.j2").write_text("A")
    (tmp_path / "b.j2").write_text("B")
    arms = parse_arms(["m1", "m2"], [tmp_path / "a.j2", tmp_path / "b.j2"])
    assert len({a.name for a in arms}) == 4
    beside = parse_arms(["offline", "scripted:1", "m1"], [tmp_path / "a.j2", tmp_path / "b.j2"])
    assert [a.prompt and a.prompt.name for a in beside] == [None, None, "a.j2", "b.j2"]
    with pytest.raises(EvalTrouble, match="m1 is given twice"):
        parse_arms(["m1", "m1"], [])
    with pytest.raises(EvalTrouble, match="cannot be read"):
        parse_arms(["m1"], [tmp_path / "gone.j2"])


def test_a_prompt_that_nobody_would_speak_with_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.j2").write_text("A")
    with pytest.raises(EvalTrouble, match="offline, scripted:1 speaks with none"):
        parse_arms(["offline", "scripted:1"], [tmp_path / "a.j2"])
