"""The page of an investigation tells what an auditor asks for, and nothing written by outsiders steers the terminal."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from sre_advisor.journal.chain import Record
from sre_advisor.journal.events import (
    Event,
    Expired,
    MessageIntended,
    MessageSent,
    ModelTurned,
    OutcomeTold,
    QuestionAnswered,
    QuestionAsked,
    QuestionRefused,
    ToolCalled,
    Voted,
)
from sre_advisor.model import Evidence, Outcome, Question
from sre_advisor.terminal.record import clipped, page

AT = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
WHERE: dict[str, Any] = {"investigation": "C1-1.0", "question": "C1-1.0"}


def records(*events: Event | None) -> list[Record]:
    return [
        Record(
            seq=number,
            at=f"2026-05-01T12:00:{number:02d}.000000+00:00",
            investigation="C1-1.0",
            question=None,
            kind=event.kind if event else "tool_called",
            once=None,
            body=event.model_dump_json() if event else None,
            digest="",
            key="",
            mac="",
        )
        for number, event in enumerate(events, 1)
    ]


def asked(text: str = "why?") -> QuestionAsked:
    question = Question("C1-1.0", "C1-1.0", text, AT, asker="U7", channel="C1")
    return QuestionAsked(**WHERE, asked=question)


def read(number: int, outcome: Outcome, body: str | None = None, redactions: int = 0, summary: str = "") -> ToolCalled:
    evidence = Evidence(
        id=f"E{number}",
        source="prometheus",
        tool="metrics_query",
        request={"query": "up{job='shop'}"},
        outcome=outcome,
        read_at=AT,
        summary=summary,
        body=body,
        redactions=redactions,
    )
    return ToolCalled(**WHERE, evidence=evidence, seconds=0.25)


def turned(cost: float, outcome: str = "ok") -> ModelTurned:
    detail: dict[str, JsonValue] = {
        "model": "claude-x",
        "outcome": outcome,
        "prompt_hash": "abc123",
        "cost_usd": cost,
        "input_tokens": 900,
    }
    return ModelTurned(**WHERE, detail=detail)


def test_the_page_says_who_asked_what_was_read_and_refused_and_what_it_cost() -> None:
    text = page(
        records(
            asked("why is shop failing?"),
            read(1, Outcome.OK, "ü" * 10, redactions=3, summary="2 series"),
            read(2, Outcome.DENIED, summary="rule: no metrics of payroll"),
            read(3, Outcome.UNAVAILABLE, summary="timeout: no answer"),
            turned(0.0125),
            turned(0.01),
            QuestionAnswered(**WHERE, model_calls=2, tool_calls=3, cost_usd=0.0225, duration_s=31.26),
            MessageIntended(**WHERE, key="C1-1.0/answer", channel="C1"),
            MessageSent(**WHERE, key="C1-1.0/answer", channel="C1", ts="17.1"),
            MessageIntended(**WHERE, key="C1-1.0/lost", channel="C1"),
            Voted(**WHERE, user="U8", vote="helpful", at=AT),
            OutcomeTold(**WHERE, user="U8", cause="a full disk", at=AT),
            QuestionRefused(**WHERE, rule="guests may not ask"),
        )
    )
    for told in (
        "12:00:01 U7 asked: why is shop failing?",
        "read E1 prometheus/metrics_query -> ok (22 bytes, 3 redactions, 0.25 s)",
        'with {"query":"up{job=\'shop\'}"}',
        "read E2 prometheus/metrics_query -> denied",
        "rule: no metrics of payroll",
        "model claude-x -> ok, 0.0125 USD",
        "answered: 2 model calls, 3 reads, 0.0225 USD, 31.3 s",
        "message answer sent to C1 (ts 17.1)",
        "U8 voted helpful",
        "a full disk",
        "REFUSED: guests may not ask",
        "reads      3 (1 ok, 1 denied, 1 unavailable), 22 bytes, 3 redactions",
        "model      2 turns, 0.0225 USD with claude-x, prompt abc123",
        "refused    1 questions, 1 reads",
        "messages   1 sent, 1 not known to have arrived",
    ):
        assert told in text


def test_an_expired_investigation_says_what_is_gone_and_who_deleted_it() -> None:
    gone = Expired(investigation="C1-1.0", records=2, through=2, cutoff=AT, by="ada")
    text = page(records(None, None, gone))
    assert "the content of 2 records was deleted" in text
    assert "tool_called: deleted by retention" in text
    assert "ada deleted the content of 2 records up to 2 (not touched since 2026-05-01)" in text


def test_a_record_that_cannot_be_read_is_shown_as_such() -> None:
    (record,) = records(asked())
    broken = Record(record.seq, record.at, "C1-1.0", None, "question_asked", None, '{"kind": "nonsense"}', "", "", "")
    assert "question_asked: cannot be read; run `sre-advisor audit verify`" in page([broken])


@given(st.text(), st.text())
def test_no_text_from_outside_reaches_the_terminal_as_a_control_sequence(question: str, summary: str) -> None:
    text = page(records(asked(question), read(1, Outcome.OK, summary=summary)))
    assert all(c.isprintable() for c in text.replace("\n", ""))
    assert len(text.splitlines()) == len(page(records(asked(), read(1, Outcome.OK))).splitlines())


@given(st.text(), st.integers(min_value=1, max_value=50))
def test_clipping_keeps_to_the_limit(text: str, limit: int) -> None:
    assert len(clipped(text, limit)) <= limit
