"""Whatever a diagnosis holds, the message keeps Slack's limits and every outside text stays literal."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sre_advisor.investigate.answer import Answer
from sre_advisor.model import (
    Claim,
    CommandLabel,
    Confidence,
    Diagnosis,
    Evidence,
    FirstLook,
    Hypothesis,
    Line,
    Outcome,
    Question,
    Standing,
    SuggestedCommand,
    Verdict,
)
from sre_advisor.slack import render
from sre_advisor.slack.blocks import measure

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOSTILE = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "<!channel>",
            "<@U1>",
            "<https://evil.example|click>",
            "```",
            "x" * 5000,
            "\ud800",
            "\u202eabc",
            "*b* _i_ `c`",
            "",
        ]
    ),
)
IDS = st.lists(st.sampled_from(["E1", "E2", "E99"]), max_size=6).map(tuple)
LINES = st.lists(st.builds(Line, text=HOSTILE, cites=IDS), max_size=60).map(tuple)
CLAIMS = st.lists(
    st.builds(Claim, text=HOSTILE, cites=IDS, standing=st.sampled_from(Standing), why=HOSTILE), max_size=40
).map(tuple)
HYPOTHESES = st.lists(
    st.builds(
        Hypothesis, statement=HOSTILE, confidence=st.sampled_from(Confidence), claims_for=CLAIMS,
        claims_against=CLAIMS, would_disprove=HOSTILE, caps=st.lists(HOSTILE, max_size=5).map(tuple),
    ),
    max_size=3,
).map(tuple)  # fmt: skip
COMMANDS = st.lists(
    st.builds(
        SuggestedCommand, command=HOSTILE, why=HOSTILE, label=st.sampled_from(CommandLabel), blast_radius=HOSTILE,
        rollback=st.none() | HOSTILE,
    ),
    max_size=30,
).map(tuple)  # fmt: skip
DIAGNOSES = st.builds(
    Diagnosis, verdict=st.sampled_from(Verdict), summary=HOSTILE.map(lambda t: t[:300]), hypotheses=HYPOTHESES,
    ruled_out=CLAIMS, not_checked=st.lists(HOSTILE, max_size=20).map(tuple), commands=COMMANDS, advisor=HOSTILE,
)  # fmt: skip
LOOKS = st.builds(
    FirstLook, headline=HOSTILE, firing=LINES, moved=LINES, changed=LINES, runbook=LINES, owners=LINES, unread=LINES
)


def piece(number: int, text: str) -> Evidence:
    return Evidence(
        id=f"E{number}", source="prometheus", tool="t", request={"q": text}, outcome=Outcome.OK, read_at=NOW,
        summary=text, link="https://prometheus.example/graph",
    )  # fmt: skip


def strings(value: Any, key: str = "") -> list[tuple[str, str]]:
    if isinstance(value, str):
        return [(key, value)]
    if isinstance(value, dict):
        return [s for k, v in value.items() for s in strings(v, k)]
    return [s for v in value for s in strings(v, key)] if isinstance(value, (list, tuple)) else []


def blocks_of(value: Any, kind: str) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        here = [value] if value.get("type") == kind else []
        return here + [b for v in value.values() for b in blocks_of(v, kind)]
    return [b for v in value for b in blocks_of(v, kind)] if isinstance(value, (list, tuple)) else []


def hold(message: render.Message) -> None:
    assert len(message.blocks) <= 50
    assert sum(measure(b) for b in message.blocks) <= 13_000
    assert len(message.text) <= 4_000
    for text in blocks_of(message.blocks, "mrkdwn"):
        assert len(text["text"]) <= 3_000
        assert "<!channel>" not in text["text"]
        assert "<@" not in text["text"]
        assert "<http" not in text["text"]
    for link in blocks_of(message.blocks, "link"):
        assert link["url"] == "https://prometheus.example/graph"
    for _, text in strings(message.blocks):
        text.encode()  # no half surrogate pairs


@settings(max_examples=60, deadline=None)
@given(DIAGNOSES, HOSTILE)
def test_no_diagnosis_breaks_slacks_limits_or_smuggles_markup(diagnosis: Diagnosis, text: str) -> None:
    look = FirstLook(headline="h")
    asked = Question("q1", "i1", "?", NOW)
    given_answer = Answer(asked, "a", look, diagnosis, (piece(1, text), piece(2, text)), 0, 0, 0.0, 1.0, (text,))
    hold(render.answer(given_answer))


@settings(max_examples=60, deadline=None)
@given(LOOKS, HOSTILE)
def test_no_first_look_breaks_slacks_limits_or_smuggles_markup(look: FirstLook, text: str) -> None:
    hold(render.first_look(look, (piece(1, text),)))
