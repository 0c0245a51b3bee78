"""A candidate is held against the model in use, and a file of gates decides for CI."""

from __future__ import annotations

from pathlib import Path

import pytest

from sre_advisor.evals.compare import compare, pair_of
from sre_advisor.evals.gates import Gates, Held, judge, passed, read_gates
from sre_advisor.evals.grading.grade import Grade, Spent
from sre_advisor.evals.report.page import page
from sre_advisor.evals.report.summary import summary
from sre_advisor.evals.trials.store import RunFile
from sre_advisor.evals.trials.trial import Trial
from sre_advisor.evals.trouble import EvalTrouble
from sre_advisor.model import Confidence, Diagnosis, Verdict

CASES = tuple(f"case-{i}" for i in range(12))
RUN = RunFile(
    suite="made", suite_hash="0", cases=CASES, tags={c: ("odd",) if int(c[5:]) % 2 else ("even",) for c in CASES},
    arms=("old", "new"), trials=2, program="test", prompts={},
)  # fmt: skip


def _trial(case: str, arm: str, number: int, found: bool, *, forbidden: bool = False, words: str = "said") -> Trial:
    told = Grade(
        passed=found, cause_found=found, verdict_right=True, forbidden_command=forbidden, claims=2, grounded=2,
        confidence=Confidence.HIGH,
    )  # fmt: skip
    answer = Diagnosis(verdict=Verdict.LIKELY_CAUSE, summary=words)
    return Trial(case=case, arm=arm, trial=number, spent=Spent(usd=0.1), grade=told, diagnosis=answer)


def _trials(lost: set[str], *, forbidden: bool = False, words: str = "said") -> list[Trial]:
    old = [_trial(c, "old", n, True) for c in CASES for n in (0, 1)]
    return old + [_trial(c, "new", n, c not in lost, forbidden=forbidden, words=words) for c in CASES for n in (0, 1)]


def test_what_got_worse_is_listed_with_a_transcript_of_each() -> None:
    found = compare(RUN, _trials({"case-1", "case-3", "case-5"}), "old", "new")
    paired = found.paired["cause_found"]
    assert paired.difference.estimate == pytest.approx(-0.25)
    assert (paired.a_better, paired.b_better, paired.p) == (3, 0, 0.25)
    assert [w.case for w in found.worse] == ["case-1", "case-3", "case-5"]
    assert found.worse[0].a.grade is not None
    assert found.worse[0].a.grade.cause_found
    assert (found.tags["odd"].b, found.tags["even"].b) == (0.5, 1.0)
    assert found.b.pass_k == {1: 0.75, 2: 0.75}


def test_cases_that_only_one_was_asked_are_left_out_and_counted() -> None:
    trials = [t for t in _trials(set()) if not (t.arm == "new" and t.case == "case-0")]
    found = compare(RUN, trials, "old", "new")
    assert (found.paired["cause_found"].cases, found.unpaired) == (11, 1)


def test_gates_do_not_let_a_run_through_that_is_not_finished() -> None:
    gates = Gates.model_validate({"no_worse_than": {"cause_found": 0.5}})
    whole = compare(RUN, _trials(set()), "old", "new")
    half = compare(RUN, [t for t in _trials(set()) if t.case in CASES[:6]], "old", "new")
    assert passed(gates, judge(gates, whole))
    assert (half.missing, passed(gates, judge(gates, half))) == (6, False)


def test_failed_trials_are_no_wrong_answers() -> None:
    trials = _trials(set())
    failed = Trial(case="case-0", arm="new", trial=0, spent=Spent(), failed="overloaded")
    found = compare(RUN, [failed, *(t for t in trials if t.key != failed.key)], "old", "new")
    assert found.paired["cause_found"].b == 1.0
    assert found.b.failed == 1


@pytest.mark.parametrize(
    ("text", "lost", "forbidden", "through"),
    [
        ("no_worse_than: {cause_found: 0.02}", set[str](), False, True),
        ("no_worse_than: {cause_found: 0.02}", {"case-1"}, False, False),
        ("no_worse_than: {cause_found: 0.1}", {"case-1"}, False, True),
        ("no_worse_than: {cause_found: 0.1}\nstrict: true", {"case-1"}, False, False),
        ("never: [forbidden_command]", set[str](), True, False),
        ("never: [forbidden_command]", set[str](), False, True),
        ("at_least: {cause_found: 0.95}", {"case-1"}, False, False),
        ("at_most: {usd: 0.2}", set[str](), False, True),
        ("no_worse_than: {change_right: 0.5}", set[str](), False, False),
    ],
)
def test_gates_let_through_what_they_say(
    tmp_path: Path, text: str, lost: set[str], *, forbidden: bool, through: bool
) -> None:
    (tmp_path / "gates.yaml").write_text(text)
    gates = read_gates(tmp_path / "gates.yaml")
    told = judge(gates, compare(RUN, _trials(lost, forbidden=forbidden), "old", "new"))
    assert passed(gates, told) is through


def test_a_gate_that_only_the_estimate_meets_is_called_uncertain(tmp_path: Path) -> None:
    (tmp_path / "gates.yaml").write_text("no_worse_than: {cause_found: 0.1}")
    gates = read_gates(tmp_path / "gates.yaml")
    assert judge(gates, compare(RUN, _trials({"case-1"}), "old", "new"))[0].held is Held.UNCERTAIN


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("no_worse_then: {cause_found: 0.02}", "no_worse_then: no such field"),
        ("no_worse_than: {cause: 0.02}", "no_worse_than.cause"),
        ("no_worse_than: {cause_found: -1}", "no_worse_than.cause_found"),
        ("at_most: {usd: .nan}", "at_most.usd"),
        ("strict: true", "holds no gate"),
        ("never: [", "gates.yaml"),
    ],
)
def test_a_wrong_file_of_gates_is_named(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "gates.yaml").write_text(text)
    with pytest.raises(EvalTrouble, match=words):
        read_gates(tmp_path / "gates.yaml")


def test_models_to_compare_must_be_in_the_run() -> None:
    assert pair_of(RUN, None, None) == ("old", "new")
    assert pair_of(RUN, None, "old") == ("new", "old")
    with pytest.raises(EvalTrouble, match="no model other; it has old, new"):
        pair_of(RUN, "other", None)
    with pytest.raises(EvalTrouble, match="two models are needed"):
        pair_of(RUN.model_copy(update={"arms": ("old",)}), None, None)


def test_the_page_needs_nothing_from_elsewhere_and_escapes_what_a_model_wrote() -> None:
    trials = _trials({"case-1"}, words="<script>alert(1)</script>")
    html = page(summary(RUN, trials), compare(RUN, trials, "old", "new"))
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "http" not in html.replace('xmlns="http://www.w3.org', "")
    assert html.count("<svg") == 5
    assert "prefers-color-scheme: dark" in html
