"""How a thread stands by its record, as tables: what corrects which question, what a stop ends, which emoji counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sre_advisor.broker.policy.model import Votes
from sre_advisor.journal.events import (
    DiagnosisMade,
    Event,
    QuestionAnswered,
    QuestionAsked,
    QuestionJoined,
    QuestionStarted,
    StopAsked,
)
from sre_advisor.model import Diagnosis, Question, Verdict
from sre_advisor.slack.course import (
    as_corrected,
    begun,
    both,
    correction_of,
    diagnosed,
    open_questions,
    stops_of,
)
from sre_advisor.slack.reactions import reaction_of

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def asked(name: str, text: str, by: str = "U1", minutes: float = 0.0, ts: str | None = None) -> QuestionAsked:
    at = AT + timedelta(minutes=minutes)
    question = Question(id=name, investigation="i", text=text, asked_at=at, asker=by, ts=ts or name, thread_ts="q")
    return QuestionAsked(investigation="i", question=name, asked=question)


FIRST = asked("q", "why is checkout failing?")
CLOSED = QuestionAnswered(investigation="i", question="c", model_calls=0, tool_calls=0, cost_usd=0, duration_s=0)


@pytest.mark.parametrize(
    ("later", "corrects"),
    [
        ([asked("c", "I meant payments", minutes=1)], "c"),
        ([asked("c", "I meant payments", minutes=11)], None),
        ([asked("c", "I meant payments", by="U2")], None),
        ([asked("c", "I meant payments"), CLOSED], None),
        ([asked("c", "and the database?")], None),
        ([asked("d", "and the database?"), asked("c", "no, payments")], None),
        ([asked("d", "and the database?", by="U2"), asked("c", "no, payments")], "c"),
        ([asked("c", "no, payments"), asked("d", "no, the other one")], "c"),
        ([asked("e", "why is payments failing?", minutes=1, ts="q")], "e"),
        ([], None),
    ],
    ids=["at once", "too late", "somebody else", "answered already", "another question", "corrects the one between",
         "not disturbed by others", "the first of two", "an edit", "nothing"],
)  # fmt: skip
def test_what_its_asker_writes_next_corrects_a_question_if_it_says_so(later: list[Event], corrects: str | None) -> None:
    found = correction_of(FIRST.asked, [FIRST, *later])
    assert (found.id if found else None) == corrects


def test_a_correction_adds_to_the_question_and_an_edit_takes_its_place() -> None:
    correction, edit = asked("c", "I meant payments"), asked("e", "why is payments slow?", ts="q")
    assert both(FIRST.asked, correction.asked) == "why is checkout failing?\n(corrected: I meant payments)"
    assert both(FIRST.asked, edit.asked) == "why is payments slow?"
    joined = QuestionJoined(investigation="i", question="q", into="c", text="together")
    whole = as_corrected(correction.asked, [FIRST, correction, joined])
    assert (whole.id, whole.text, whole.fresh) == ("c", "together", True)
    assert as_corrected(FIRST.asked, [FIRST, correction, joined]) == FIRST.asked
    assert open_questions([FIRST, correction, joined]) == (correction.asked,)


def test_a_stop_ends_what_was_asked_before_it() -> None:
    stop = StopAsked(investigation="i", user="U1", at=AT, by="words")
    later = asked("d", "and the database?")
    events = [FIRST, stop, later]
    assert stops_of(FIRST.asked, events) == (stop,)
    assert stops_of(later.asked, events) == ()


def test_begun_and_diagnosed_are_told_from_the_record() -> None:
    made = DiagnosisMade(investigation="i", question="q", diagnosis=Diagnosis(verdict=Verdict.NOT_ENOUGH, summary="s"))
    started = QuestionStarted(investigation="i", question="q", advisor="a")
    assert (begun(FIRST.asked, [FIRST]), begun(FIRST.asked, [FIRST, started])) == (False, True)
    assert (diagnosed(FIRST.asked, [FIRST, started]), diagnosed(FIRST.asked, [made])) == (False, True)


REACTION: dict[str, Any] = {
    "type": "reaction_added", "user": "U1", "reaction": "+1", "item_user": "UADV",
    "item": {"type": "message", "channel": "C1", "ts": "1.1"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "vote"),
    [
        ({}, ("helpful", False)),
        ({"reaction": "-1::skin-tone-5"}, ("not_helpful", False)),
        ({"type": "reaction_removed"}, ("helpful", True)),
        ({"reaction": "tada"}, None),
        ({"item_user": "U2"}, None),
        ({"user": "UADV"}, None),
        ({"item": {"type": "file", "file": "F1"}}, None),
        ({"item": None}, None),
        ({"type": "message"}, None),
    ],
)
def test_an_emoji_is_a_vote_only_under_a_message_of_ours(changes: dict[str, Any], vote: Any) -> None:
    body = {"type": "event_callback", "event": REACTION | changes}
    found = reaction_of(body, "UADV", Votes(reactions=True))
    assert ((found.vote, found.removed) if found else None) == vote
    assert reaction_of(body, "UADV", Votes()) is None


def test_the_policy_says_which_emoji_is_which_vote() -> None:
    votes = Votes(reactions=True, emoji={"tada": "was_the_cause"})
    found = reaction_of({"event": REACTION | {"reaction": "tada"}}, "UADV", votes)
    assert found is not None
    assert found.vote == "was_the_cause"
    assert reaction_of({"event": REACTION}, "UADV", votes) is None
