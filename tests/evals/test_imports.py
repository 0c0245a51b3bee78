"""Public sets become suites, and what they do not hold is not made up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sre_advisor.app.evals.importing import import_suite
from sre_advisor.app.evals.opening import open_recording
from sre_advisor.connectors.contract import Role
from sre_advisor.evals.simulator.world import files, simulate
from sre_advisor.evals.suites.suite import load_suite
from sre_advisor.evals.trouble import EvalTrouble
from sre_advisor.settings import Settings


def _rca(folder: Path, truth: Mapping[str, object]) -> Path:
    for path, data in files(simulate("bad_deploy", 1)).items():
        (folder / "case-1" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "case-1" / path).write_bytes(data)
    truths = folder.with_name(f"{folder.name}-truth")
    truths.mkdir()
    (truths / "case-1.json").write_text(json.dumps(truth))
    return folder


async def test_a_case_with_its_truth_becomes_a_case_of_a_suite(tmp_path: Path) -> None:
    truth = {"service": ["a"], "change": "c-1", "decoys": ["d-2"], "change_alias": {"d-1": "c-1"}, "metric": None}
    await import_suite([_rca(tmp_path / "set", truth)], None, tmp_path / "out")
    case = load_suite(tmp_path / "out").cases[0]
    assert (case.id, case.expected.cause.service, case.expected.cause.change) == ("case-1", ("a",), ("c-1", "d-1"))
    assert case.expected.never.changes == ("d-2",)


@pytest.mark.parametrize(("change", "expected"), [("none", ()), (None, None)])
async def test_no_guilty_change_and_no_knowledge_of_changes_are_told_apart(
    tmp_path: Path, change: str | None, expected: tuple[str, ...] | None
) -> None:
    await import_suite([_rca(tmp_path / "set", {"service": ["a"], "change": change})], None, tmp_path / "out")
    assert load_suite(tmp_path / "out").cases[0].expected.cause.change == expected


def _holmes(folder: Path) -> Path:
    place = folder / "crash"
    place.mkdir(parents=True)
    (place / "test_case.yaml").write_text(
        "user_prompt: why does the pod crash?\nexpected_output:\n- the variable `DEPLOY_ENV` is missing\n"
        "tags: [easy]\nbefore_test: kubectl apply -f x\n"
    )
    (place / "kubectl_logs_api.txt").write_text(
        '{"tool_name": "kubectl_logs", "toolset_name": "kubernetes/logs"}\n'
        "2025-01-02T10:00:00Z ERROR KeyError DEPLOY_ENV\n"
    )
    (place / "kubectl_describe.txt").write_text("State: CrashLoopBackOff\n")
    return folder


async def test_a_case_of_tool_outputs_holds_them_and_nothing_else(tmp_path: Path) -> None:
    await import_suite([_holmes(tmp_path / "set")], None, tmp_path / "out")
    case = load_suite(tmp_path / "out").cases[0]
    assert case.expected.rubric == ("the variable `DEPLOY_ENV` is missing",)
    assert case.expected.cause.mechanism == (("DEPLOY_ENV",),)
    async with AsyncExitStack() as stack:
        opening = await open_recording(Settings(), case.recording(), stack)
        assert opening.question == "why does the pod crash?"
        assert opening.now == datetime(2025, 1, 2, 10, tzinfo=UTC)
        tools = {tool.role: tool for c in opening.connectors for tool in c.tools() if tool.role}
        logs = await tools[Role.LOGS].run(tools[Role.LOGS].args(), opening.now)
        assert "DEPLOY_ENV" in str(logs.body)
        with pytest.raises(Exception, match="no change of any kind was recorded"):
            await tools[Role.CHANGES].run(tools[Role.CHANGES].args(), opening.now)


@pytest.mark.parametrize("what", ["folder", "truth", "broken", "there"])
async def test_what_cannot_be_imported_is_one_clear_error(tmp_path: Path, what: str) -> None:
    source = _rca(tmp_path / "set", {"service": ["a"], "change": None})
    truth = tmp_path / "set-truth" / "case-1.json"
    match what:
        case "folder":
            source, words = tmp_path / "gone", "there is no such file or folder"
        case "truth":
            truth.unlink()
            words = "every case needs its truth"
        case "broken":
            truth.write_text("{")
            words = "case-1.json"
        case _:
            (tmp_path / "out").mkdir()
            words = "is there already"
    with pytest.raises(EvalTrouble, match=words):
        await import_suite([source], None, tmp_path / "out")
