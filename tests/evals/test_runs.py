"""A run asks each thing once, within its cap, and survives what happens to its folder."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from sre_advisor.advisors.contract import Advice, Brief, Desk
from sre_advisor.advisors.ledger import Ledger
from sre_advisor.advisors.offline import OfflineAdvisor
from sre_advisor.app.evals.opening import open_recording
from sre_advisor.broker.redaction import Redactor
from sre_advisor.evals.compare import compare
from sre_advisor.evals.trials.arms import parse_arms
from sre_advisor.evals.trials.stage import staged
from sre_advisor.evals.trials.store import TRIALS, RunFolder, read_run
from sre_advisor.evals.trials.trial import Checks, Trial, ask
from sre_advisor.evals.trouble import EvalTrouble
from sre_advisor.settings import Settings
from tests.evals.small_suite import asked, run_file, small_suite, written_suite


async def test_a_stand_in_that_is_always_right_passes_and_one_that_is_never_right_does_not(tmp_path: Path) -> None:
    folder, _ = await asked(small_suite(tmp_path), ["scripted:1", "scripted:0"], 2, tmp_path / "run")
    said = {arm: {t.grade.passed for t in folder.trials if t.arm == arm and t.grade} for arm in folder.run.arms}
    assert said == {"scripted:1": {True}, "scripted:0": {False}}
    assert all(t.diagnosis is not None for t in folder.trials)


async def test_trials_of_a_stand_in_are_drawn_anew_and_the_same_when_asked_again(tmp_path: Path) -> None:
    suite = small_suite(tmp_path)
    one, _ = await asked(suite, ["scripted:0.5"], 12, tmp_path / "one")
    other, _ = await asked(suite, ["scripted:0.5"], 12, tmp_path / "other", parallel=1)

    def drawn(folder: RunFolder) -> dict[tuple[str, str, int], bool | None]:
        return {t.key: t.grade.cause_found if t.grade else None for t in folder.trials}

    assert drawn(one) == drawn(other)
    for case in one.run.cases:
        assert {found for key, found in drawn(one).items() if key[0] == case} == {True, False}


async def test_an_unfinished_run_asks_only_what_is_left(tmp_path: Path) -> None:
    suite, out = small_suite(tmp_path), tmp_path / "run"
    await asked(suite, ["scripted:0.9"], 2, out)
    lines = (out / TRIALS).read_bytes().splitlines(keepends=True)
    (out / TRIALS).write_bytes(b"".join(lines[:4]) + lines[4][:30])
    folder, progress = await asked(suite, ["scripted:0.9"], 2, out)
    assert (progress.before, progress.asked, len(folder.trials)) == (4, 2, 6)
    assert (out / TRIALS).read_bytes().count(b"\n") == 6


async def test_more_models_and_trials_may_come_to_a_run(tmp_path: Path) -> None:
    suite, out = small_suite(tmp_path), tmp_path / "run"
    await asked(suite, ["scripted:0.9"], 1, out)
    _, progress = await asked(suite, ["scripted:0.9", "scripted:0.7"], 2, out)
    assert progress.asked == 9
    assert read_run(out).run.arms == ("scripted:0.9", "scripted:0.7")


async def test_the_cap_is_never_passed_and_the_run_goes_on_with_a_higher_one(tmp_path: Path) -> None:
    suite, out = small_suite(tmp_path), tmp_path / "run"
    folder, progress = await asked(suite, ["scripted:0.9@5ms$0.10"], 3, out, max_usd=0.45)
    assert sum(t.spent.usd for t in folder.trials) <= 0.45
    assert progress.asked == 4
    assert progress.stopped is not None
    assert "0.45 USD" in progress.stopped
    folder, progress = await asked(suite, ["scripted:0.9@5ms$0.10"], 3, out, max_usd=0.95)
    assert (progress.asked, progress.stopped, len(folder.trials)) == (5, None, 9)


async def test_a_trial_that_failed_for_want_of_a_model_is_asked_again(tmp_path: Path) -> None:
    suite, out = small_suite(tmp_path), tmp_path / "run"
    folder, _ = await asked(suite, ["scripted:1"], 1, out)
    trial = folder.trials[0]
    failed = Trial(case=trial.case, arm=trial.arm, trial=0, spent=trial.spent, failed="overloaded")
    with (out / TRIALS).open("a") as stream:
        stream.write(failed.model_dump_json() + "\n")
    folder, progress = await asked(suite, ["scripted:1"], 1, out)
    assert progress.asked == 1
    assert all(t.failed is None for t in folder.trials)


def test_a_folder_takes_one_writer_at_a_time(tmp_path: Path) -> None:
    suite = small_suite(tmp_path)
    described = run_file(suite, parse_arms(["offline"], []), 1)
    with RunFolder.begin(tmp_path / "run", described):
        with pytest.raises(EvalTrouble, match="another eval is writing"):
            RunFolder.begin(tmp_path / "run", described)
        assert read_run(tmp_path / "run").trials == ()
    RunFolder.begin(tmp_path / "run", described).__exit__(None, None, None)


def test_a_folder_of_another_suite_is_left_alone(tmp_path: Path) -> None:
    suite = small_suite(tmp_path)
    arms = parse_arms(["offline"], [])
    RunFolder.begin(tmp_path / "run", run_file(suite, arms, 1)).__exit__(None, None, None)
    other = run_file(suite, arms, 1).model_copy(update={"suite_hash": "0" * 16})
    with pytest.raises(EvalTrouble, match="an earlier state of it"):
        RunFolder.begin(tmp_path / "run", other)


def test_other_prompts_under_the_same_name_are_refused(tmp_path: Path) -> None:
    described = run_file(small_suite(tmp_path), parse_arms(["offline"], []), 1)
    told = described.model_copy(update={"prompts": {"offline": "a"}})
    RunFolder.begin(tmp_path / "run", told).__exit__(None, None, None)
    with pytest.raises(EvalTrouble, match="other prompts"):
        RunFolder.begin(tmp_path / "run", described.model_copy(update={"prompts": {"offline": "b"}}))


async def test_a_broken_line_in_the_middle_is_named(tmp_path: Path) -> None:
    out = tmp_path / "run"
    await asked(small_suite(tmp_path), ["scripted:1"], 1, out)
    lines = (out / TRIALS).read_bytes().splitlines(keepends=True)
    (out / TRIALS).write_bytes(lines[0] + b"{}\n" + lines[1])
    with pytest.raises(EvalTrouble, match=r"trials\.jsonl, line 2"):
        read_run(out)


async def test_a_better_stand_in_ranks_first_over_a_real_run(tmp_path: Path) -> None:
    from sre_advisor.evals.suites.suite import load_suite

    causes = ("bad_deploy", "config", "disk_full", "dns", "nothing", "not_enough_evidence", "certificate_expiry")
    suite = load_suite(written_suite(tmp_path / "seven", causes))
    folder, _ = await asked(suite, ["scripted:0.9", "scripted:0.5"], 12, tmp_path / "run")
    found = compare(folder.run, folder.trials, "scripted:0.9", "scripted:0.5").paired["cause_found"]
    assert found.difference.high < 0
    assert found.difference.low <= -0.4 <= found.difference.high


async def test_a_recording_that_cannot_be_read_ends_the_run_with_its_name(tmp_path: Path) -> None:
    suite = small_suite(tmp_path)
    (tmp_path / "suite" / "nothing-1" / "case.json").write_text("{")
    with pytest.raises(EvalTrouble, match=r"case nothing-1: broken recording: case\.json"):
        await asked(suite, ["scripted:1"], 1, tmp_path / "run")


async def test_what_a_recording_cannot_answer_is_counted_and_what_it_knows_to_be_empty_is_not(tmp_path: Path) -> None:
    suite, settings = small_suite(tmp_path), Settings()
    case = next(c for c in suite.cases if c.id == "disk-full-1")
    opens = partial(open_recording, settings)
    async with staged(case, opens, Redactor(()), settings.limits, settings.budget) as stage:
        trial = await ask(stage, Checks(stage), _Asking(), "asking", 0, settings.budget)
    assert (trial.from_world, trial.not_recorded) == (2, 1)
    assert [r.tool for r in trial.reads] == ["metrics_search", "logs_search", "metrics_query"]


class _Asking(OfflineAdvisor):
    async def advise(self, brief: Brief, desk: Desk, ledger: Ledger) -> Advice:
        """Read what is there, what is not there, and what a recording cannot tell."""
        await desk.read("metrics_search", {"text": "disk"})
        await desk.read("logs_search", {"text": "words that stand in no line"})
        await desk.read("metrics_query", {"query": "sum(rate(http_requests_per_second[5m]))"})
        return await super().advise(brief, desk, ledger)
