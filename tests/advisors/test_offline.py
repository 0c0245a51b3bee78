"""Without a model: what the evidence supports is said, what it does not is not; follow-ups are understood or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from sre_advisor.advisors.contract import Advice, Brief, Exchange, ToolCard
from sre_advisor.advisors.draft_request import wanted
from sre_advisor.advisors.ledger import Ledger, Limits
from sre_advisor.advisors.offline import OfflineAdvisor, conclude
from sre_advisor.advisors.offline.follow_up import INTENTS
from sre_advisor.model import (
    Catalogue,
    Diagnosis,
    Evidence,
    Finding,
    FirstLook,
    Line,
    Outcome,
    Question,
    RankedChange,
    RankedService,
    Service,
    Verdict,
)

NOW = datetime(2026, 3, 12, 14, tzinfo=UTC)
SUSPECTS = (RankedService(name="payments", score=9.0), RankedService(name="checkout", score=8.0))
CULPRIT = RankedChange(
    id="c" * 30 + "1" * 10, score=1.0, title="commit cccccccccc “less” (A, 13:27 UTC)", kind="commit",
    service="payments", reasons=("in payments", "lowers a number (pool 20 -> 4)"),
)  # fmt: skip
DECOY = RankedChange(id="flag-1", score=0.1, title="flag-1 “carousel”", doubts=("took effect 2 min after it began",))


def piece(number: int, tool: str, body: JsonValue, outcome: Outcome = Outcome.OK) -> Evidence:
    return Evidence(
        id=f"E{number}", source="s", tool=tool, request={}, outcome=outcome, read_at=NOW, summary=f"{tool} said so",
        body=body,
    )  # fmt: skip


def look(**more: Any) -> FirstLook:
    told: dict[str, Any] = {"headline": "h", "since": NOW, "services": SUSPECTS, "evidence": "E1"}
    return FirstLook(**(told | more))


def test_a_named_change_is_the_likely_cause_and_the_others_are_ruled_out_with_their_reason() -> None:
    draft = conclude(look(changes=(CULPRIT, DECOY), change=CULPRIT.id), ())
    assert draft.verdict is Verdict.LIKELY_CAUSE
    assert "lowers a number (pool 20 -> 4)" in draft.summary
    assert [c.text for c in draft.ruled_out] == ["flag-1 “carousel”: took effect 2 min after it began"]


def test_two_close_suspects_without_a_change_compete() -> None:
    draft = conclude(look(change="none", change_reason="none fits"), ())
    assert draft.verdict is Verdict.COMPETING
    assert len(draft.hypotheses) == 2
    assert "No known change explains it" in draft.summary


def test_unread_sources_forbid_saying_that_nothing_is_wrong() -> None:
    unread = (Line(text="prometheus could not be read"),)
    blind = look(services=(), unread=unread, finding=Finding.BLIND)
    assert conclude(blind, ()).verdict is Verdict.NOT_ENOUGH
    assert conclude(look(services=(), finding=Finding.CALM), ()).verdict is Verdict.NOTHING_WRONG


def test_a_suspect_that_shows_nothing_plainly_is_a_lead_and_no_cause() -> None:
    draft = conclude(look(finding=Finding.WEAK, headline="no signal clearly shows where it began"), ())
    assert draft.verdict is Verdict.NOT_ENOUGH
    assert draft.summary == "no signal clearly shows where it began"
    assert len(draft.hypotheses) == 1
    assert draft.hypotheses[0].change is None


def test_it_says_that_no_model_was_asked() -> None:
    assert any("No model took part" in gap for gap in conclude(look(), ()).not_checked)


def test_only_listed_runbooks_give_commands_the_reading_ones_first_and_one_way_back() -> None:
    commands: list[JsonValue] = [
        "kubectl rollout undo deployment/payments", "kubectl delete pod x", "kubectl get pods",
        "kubectl rollout undo deployment/cart",
    ]  # fmt: skip
    mine = piece(2, "docs_runbook", {"path": "payments.md", "commands": commands})
    other = piece(3, "docs_runbook", {"path": "disk.md", "commands": ["df -h"]})
    seen = look(changes=(CULPRIT,), change=CULPRIT.id, runbook=(Line(text="payments.md", cites=("E2",)),))
    draft = conclude(seen, (mine, other))
    assert [c.command for c in draft.commands] == ["kubectl get pods", "kubectl rollout undo deployment/payments"]


KEYS = st.sampled_from(["moved", "alerts", "log_lines", "what", "service", "stands", "since", "before", "near", "line"])
GARBAGE: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)


@given(GARBAGE)
def test_any_body_is_read_without_a_failure(body: JsonValue) -> None:
    conclude(look(changes=(CULPRIT, DECOY), change=CULPRIT.id), (piece(1, "first_look", body),))


class Desk:
    """A desk whose tools answer with prepared evidence."""

    def __init__(self, **answers: Evidence) -> None:
        self._answers = answers

    @property
    def tools(self) -> tuple[ToolCard, ...]:
        return tuple(ToolCard(name, "", {}) for name in self._answers)

    async def read(self, tool: str, args: Mapping[str, JsonValue]) -> Evidence:
        del args
        return self._answers[tool]


async def follow(text: str, desk: Desk, seen: FirstLook | None = None) -> Advice:
    seen = seen or look(changes=(CULPRIT, DECOY), change=CULPRIT.id)
    earlier = Exchange("why?", Diagnosis(verdict=Verdict.LIKELY_CAUSE, summary="s"))
    services = Catalogue((Service(name="payments"), Service(name="checkout"), Service(name="inventory")))
    brief = Brief(Question("q", "i", text, NOW), NOW, seen, (), (earlier,), (), services)
    return await OfflineAdvisor().advise(brief, desk, Ledger(Limits(), lambda _: None))


@pytest.mark.parametrize(
    ("text", "answerer"),
    [
        ("how do I roll back?", "roll_back"),
        ("should we revert it?", "roll_back"),
        ("show me the commit", "show_commit"),
        ("what is in the diff?", "show_commit"),
        ("are you sure?", "are_you_sure"),
        ("how confident are you", "are_you_sure"),
        ("what else could it be?", "are_you_sure"),
        ("since when?", "since_when"),
        ("when did this start", "since_when"),
        ("what changed?", "what_changed"),
        ("were there deploys?", "what_changed"),
        ("which runbook?", "which_runbook"),
        ("who owns payments?", "who_owns"),
        ("what about inventory?", None),
        ("tell me a joke", None),
        ("is the exchange rate off?", None),
    ],
)
def test_a_follow_up_is_taken_for_what_it_is(text: str, answerer: str | None) -> None:
    found = next((a.__name__ for pattern, a in INTENTS if pattern.search(text)), None)
    assert found == answerer


@pytest.mark.parametrize(
    ("text", "promised"),
    [
        ("draft the status update", True),
        ("write an update for the stakeholders", True),
        ("why does the status page job fail?", False),
        ("what changed in the timeline service?", False),
    ],
)
async def test_a_draft_is_promised_only_where_one_will_stand_below(text: str, promised: bool) -> None:
    assert (wanted(text) is not None) is promised
    assert ("draft from the record" in (await follow(text, Desk())).draft.summary) is promised


async def test_a_service_whose_metrics_cannot_be_read_is_not_called_healthy() -> None:
    down = piece(7, "metrics_golden_signals", None, Outcome.UNAVAILABLE)
    draft = (await follow("what about inventory?", Desk(metrics_golden_signals=down))).draft
    assert "no signals of it could be read" in draft.summary
    assert "alerts were not read" in draft.summary
    assert any("could not be read" in gap for gap in draft.not_checked)


async def test_an_asked_service_that_moved_first_speaks_against_the_answer() -> None:
    columns: list[JsonValue] = ["service", "signal", "kind", "unit", "now", "before", "left_band_at"]
    row: list[JsonValue] = ["inventory", "errors", "errors", "ratio", 0.5, 0.01, "2026-03-12T13:00:00Z"]
    moved = piece(7, "metrics_golden_signals", {"columns": columns, "rows": [row]})
    draft = (await follow("what about inventory?", Desk(metrics_golden_signals=moved))).draft
    assert "moved first, which speaks against" in draft.summary
    assert "inventory errors went from 1 % to 50 %" in draft.hypotheses[0].claims_against[0].text


async def test_an_unknown_service_is_said_to_be_unknown_with_near_names() -> None:
    assert "did you mean checkout?" in (await follow("what about chekout?", Desk())).draft.summary


async def test_what_is_not_understood_is_said_and_the_answer_restated() -> None:
    draft = (await follow("tell me a joke", Desk())).draft
    assert draft.summary.startswith("Without a model I can only restate: It began in payments")


async def test_without_a_named_change_there_is_nothing_to_roll_back() -> None:
    draft = (await follow("how do I roll back?", Desk(), look(change="none"))).draft
    assert "I know nothing to take back" in draft.summary
    assert draft.commands == ()


async def test_alerts_are_called_later_than_the_first_sign_only_where_they_were() -> None:
    def rows(lag: str) -> Evidence:
        what = f"PaymentsSlow on payments firing since 10:09 UTC, {lag} the onset"
        return piece(1, "first_look", {"alerts": [{"alert": "PaymentsSlow", "stands": "origin", "what": what}]})

    async def said(lag: str) -> str:
        brief = Brief(Question("q", "i", "since when?", NOW), NOW, look(since=NOW), (rows(lag),), (), (), Catalogue())
        earlier = Exchange("why?", Diagnosis(verdict=Verdict.LIKELY_CAUSE, summary="s"))
        return (
            await OfflineAdvisor().advise(replace(brief, history=(earlier,)), Desk(), Ledger(Limits(), lambda _: None))
        ).draft.summary

    assert "Alerts come later" in await said("6 min after")
    assert "Alerts come later" not in await said("4 min before")


async def test_a_lone_change_is_not_said_to_have_rivals() -> None:
    advice = await follow("what changed?", Desk(), look(changes=(CULPRIT,), change=CULPRIT.id))
    assert "0 other" not in advice.draft.summary
    assert "No other is on record" in advice.draft.summary
