"""Drafts hold what is on record, with times and evidence, and invent nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from sre_advisor.advisors.draft_request import Kind, wanted
from sre_advisor.investigate.drafts import TO_FILL, drafted, status_update, timeline
from sre_advisor.journal.events import (
    CommandRun,
    DiagnosisMade,
    Event,
    FirstLookMade,
    OutcomeTold,
    QuestionAsked,
    ToolCalled,
)
from sre_advisor.model import (
    Claim,
    Confidence,
    Diagnosis,
    Evidence,
    FirstLook,
    Hypothesis,
    Line,
    Outcome,
    Question,
    RankedChange,
    RankedService,
    Standing,
    Verdict,
)

AT = datetime(2026, 3, 12, 14, 0, tzinfo=UTC)
CLAIM = Claim(text="the pool went from 20 to 4", cites=("E2",), standing=Standing.SUPPORTED)
EVENTS: list[Event] = [
    QuestionAsked(investigation="i", question="q", asked=Question("q", "i", "why is checkout failing?", AT)),
    ToolCalled(
        investigation="i", question="q", seconds=0.1,
        evidence=Evidence(
            id="E1", source="alertmanager", tool="alerts_active", request={}, outcome=Outcome.OK, read_at=AT,
            summary="1",
            body={"groups": [{"alert": "High", "service": "checkout", "since": "2026-03-12T13:57:30Z"}, {"alert": 5}]},
        ),
    ),
    FirstLookMade(
        investigation="i", question="q",
        first_look=FirstLook(
            headline="h", since=AT - timedelta(minutes=10), evidence="E3", firing=(Line(text="High on checkout"),),
            changes=(RankedChange(id="c1", score=1, title="commit c1 of payments", at=AT - timedelta(minutes=33)),),
        ),
    ),
    DiagnosisMade(
        investigation="i", question="q",
        diagnosis=Diagnosis(
            verdict=Verdict.LIKELY_CAUSE, summary="s",
            hypotheses=(
                Hypothesis(statement="commit c1 broke payments", confidence=Confidence.MEDIUM, claims_for=(CLAIM,)),
            ),
        ),
    ),
]  # fmt: skip
TOLD: list[Event] = [
    CommandRun(investigation="i", question="q", user="U1", command="kubectl rollout undo deploy/payments", at=AT),
    OutcomeTold(investigation="i", question="q", user="U1", cause="pool too small", remedy="rolled back", at=AT),
]


def test_the_timeline_is_in_order_and_says_where_each_line_is_known_from() -> None:
    lines = timeline([*EVENTS, *TOLD], AT).splitlines()
    rows = [line for line in lines if line[2:3] == ":"]
    assert [r[:8] for r in rows] == sorted(r[:8] for r in rows)
    assert "13:27:00  commit c1 of payments [E3]" in rows
    assert "13:57:30  alert High on checkout began to fire [E1]" in rows
    assert any("rollout undo" in r and r.endswith("[said by U1]") for r in rows)
    assert "Cause: pool too small" in lines


def test_the_timeline_tells_of_the_plain_suspects_and_not_of_what_drifted_in_those_hours() -> None:
    suspects = (
        RankedService(name="payments", score=15.0, reasons=("waits for connections",), onset=AT),
        RankedService(name="cart", score=2.0, reasons=("cpu a little up",), onset=AT - timedelta(hours=2)),
    )
    look = FirstLookMade(
        investigation="i", question="q", first_look=FirstLook(headline="h", evidence="E3", services=suspects)
    )
    text = timeline([look], AT)
    assert "payments: waits for connections [E3]" in text
    assert "cart" not in text


def test_a_status_update_calls_a_suspected_cause_suspected_and_leaves_the_rest_to_fill_in() -> None:
    text = status_update(EVENTS, AT)
    assert "suspected, not confirmed: commit c1 broke payments [E2]" in text
    assert f"What was done: {TO_FILL}" in text
    assert "Since: 2026-03-12 13:50 UTC" in text
    assert "rolled back" in status_update([*EVENTS, *TOLD], AT)


def test_an_empty_record_claims_nothing() -> None:
    for kind in Kind:
        text = drafted(kind, [], AT)
        assert "suspected" not in text
        assert "nothing was sent" in text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("draft the status update", Kind.STATUS),
        ("write something for the status page please", Kind.STATUS),
        ("Can you draft a customer update?", Kind.STATUS),
        ("write the timeline", Kind.TIMELINE),
        ("start the post-mortem", Kind.TIMELINE),
        ("what about the database?", None),
        ("is there a newer update of payments?", None),
        ("write an update for the stakeholders", Kind.STATUS),
        ("can you prepare a message to management?", Kind.STATUS),
        ("draft an incident update", Kind.STATUS),
        ("status update?", Kind.STATUS),
        ("Entwurf für eine Statusmeldung", Kind.STATUS),
        ("Zeitleiste bitte", Kind.TIMELINE),
        ("what about a timeline?", Kind.TIMELINE),
        ("show me the timeline of the incident so far", Kind.TIMELINE),
        ("show me the public-api commit", None),
        ("did customer-service deploy a commit?", None),
        ("is the public message queue slow?", None),
        ("why does the status-report cronjob fail?", None),
        ("did the status page check fail?", None),
        ("why is timeline-api slow?", None),
        ("did the status update fail?", None),
        ("what does the customer update job need to get through?", None),
        ("what changed in the timeline service?", None),
        ("<@U1> what does the customer update job do?", None),
        ("could the customer update job have locked the table that checkout reads?", None),
    ],
)
def test_which_draft_is_asked_for(text: str, kind: Kind | None) -> None:
    assert wanted(text) is kind
