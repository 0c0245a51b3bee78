"""What a model gets to read is labelled, bounded, and says what was left out."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from sre_advisor.advisors.briefing import RESULT_LIMIT, opening_data, question_words, result_data, update_data
from sre_advisor.advisors.contract import Exchange, ThreadMessage
from sre_advisor.model import (
    Catalogue,
    Diagnosis,
    FirstLook,
    Line,
    Outcome,
    RankedChange,
    RankedService,
    Service,
    Verdict,
)
from tests.advisors.world import NOW, brief, evidence

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(JSON, st.integers(-5, 50_000))
def test_any_body_from_any_place_is_encoded_labelled_and_bounded(body: object, start: int) -> None:
    said = json.loads(result_data(evidence("E9", "logs", body), start))  # pyright: ignore[reportArgumentType] # JSON by construction
    assert (said["id"], said["source"], said["outcome"]) == ("E9", "prometheus", "ok")
    assert len(said.get("body_part", "")) <= RESULT_LIMIT


@settings(deadline=None, max_examples=40)
@given(st.text(min_size=1, max_size=20), st.integers(1, 3))
def test_a_long_body_read_on_and_on_is_whole(piece: str, times: int) -> None:
    body = piece * (times * RESULT_LIMIT // len(piece) + 1)
    read, at = "", 0
    for _ in range(400):
        said = json.loads(result_data(evidence("E9", "logs", body), at))
        read += said["body_part"]
        if "more" not in said:
            break
        at += RESULT_LIMIT
    assert json.loads(read) == body


def test_half_a_character_does_not_break_the_encoding() -> None:
    half = "\ud83d half an emoji"
    assert "half an emoji" in result_data(evidence("E9", "logs", half)).encode().decode()
    assert "half an emoji" in question_words(brief(half)).encode().decode()


def test_a_huge_question_is_cut_and_says_so_and_an_empty_one_is_named() -> None:
    words = question_words(brief("é🙂" * 25_000))
    assert len(words) < 4_100
    assert "50000 characters in all" in words
    assert question_words(brief("  \n ")) == "(no words)"


def test_the_opening_tells_of_the_thread_and_what_could_not_be_read() -> None:
    told = Diagnosis(verdict=Verdict.NOT_ENOUGH, summary="Too early to say.")
    asked = brief(
        history=(Exchange("what is firing?", told),),
        thread=(ThreadMessage("ada", NOW, "I rolled back the flag"),),
        first_look=FirstLook(headline="h", unread=(Line(text="github: unreachable"),)),
    )
    said = json.loads(opening_data(asked))
    assert said["earlier_questions"][0]["summary"] == "Too early to say."
    assert said["thread"] == ["2026-11-21T10:30:00Z ada: I rolled back the flag"]
    assert said["could_not_be_read"] == ["github: unreachable"]


def test_suspects_and_their_neighbours_come_first_in_a_large_catalogue() -> None:
    many = tuple(Service(name=f"svc-{n:03}") for n in range(200))
    asked = brief(catalogue=Catalogue((*many, Service(name="web", depends_on=("orders",)), Service(name="orders"))))
    services = json.loads(opening_data(asked))["services"]
    assert services[:2] == ["web -> orders", "svc-000"]
    assert services[-1] == "(162 more in the catalogue)"


def test_much_evidence_and_many_lines_are_bounded_and_counted() -> None:
    lines = tuple(Line(text=f"line {n} " + "x" * 500, cites=("E1",)) for n in range(30))
    shelf = tuple(evidence(f"E{n}", "logs", None).model_copy(update={"summary": "y" * 400}) for n in range(100))
    text = opening_data(brief(first_look=FirstLook(headline="h", moved=lines), evidence=shelf))
    said = json.loads(text)
    assert said["moved"][-1] == "(18 more)"
    assert said["moved"][0].endswith("[E1]")
    assert said["evidence"][0].startswith("(60 earlier ones")
    assert len(text) < 15_000


def test_a_continued_conversation_is_told_only_what_is_new() -> None:
    old = evidence("E1", "alerts", None).model_copy(update={"read_at": NOW - timedelta(hours=1)})
    new = evidence("E2", "logs", None)
    said = json.loads(update_data(replace(brief(), evidence=(old, new))))
    assert said["evidence"] == ["E2 logs: logs was read"]
    assert "headline" in said
    assert "headline" not in json.loads(update_data(replace(brief(), evidence=(old,))))


def test_a_reading_that_failed_is_listed_with_its_source_and_how_it_ended() -> None:
    down = evidence("E2", "logs", None, Outcome.UNAVAILABLE).model_copy(update={"summary": "connection refused " * 3})
    said = json.loads(opening_data(brief(evidence=(down,))))
    assert said["evidence"] == ["E2 prometheus/logs unavailable: " + "connection refused " * 3]


def test_suspects_far_below_the_first_are_named_without_reasons() -> None:
    ranked = tuple(RankedService(name=n, score=s, reasons=("moved",)) for n, s in (("a", 9.0), ("b", 5.0), ("c", 1.0)))
    said = json.loads(opening_data(brief(first_look=FirstLook(headline="h", services=ranked))))
    assert said["suspects"] == ["a (9.00): moved", "b (5.00): moved", "c (1.00)"]


def test_changes_far_below_the_first_are_left_to_the_evidence_on_file() -> None:
    weighed = tuple(
        RankedChange(id=i, score=s, reasons=("took effect",)) for i, s in (("a", 1.6), ("b", 0.5), ("c", 0.03))
    )
    said = json.loads(opening_data(brief(first_look=FirstLook(headline="h", changes=weighed))))
    assert [line.split()[0] for line in said["suspected_changes"]] == ["a", "b"]


def test_on_file_only_what_no_line_of_the_first_look_tells_of_is_summed_up() -> None:
    on_file = (evidence("E1", "alerts", None), evidence("E2", "runbook", None))
    look = FirstLook(headline="h", firing=(Line(text="it fires", cites=("E1",)),))
    said = json.loads(opening_data(brief(evidence=on_file, first_look=look)))
    assert said["evidence"] == ["E1 alerts", "E2 runbook: runbook was read"]
