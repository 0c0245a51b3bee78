"""What people's words are meant as, as a table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sre_advisor.slack.meaning import Meaning, Told, meaning, outcome_in


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("stop", Meaning.STOP),
        ("Stop!", Meaning.STOP),
        ("stop it please", Meaning.STOP),
        ("Stop it, please!", Meaning.STOP),
        ("please stop the investigation", Meaning.STOP),
        ("cancel this", Meaning.STOP),
        ("stop all", Meaning.QUESTION),
        ("stop the checkout service?", Meaning.QUESTION),
        ("does it stop?", Meaning.QUESTION),
        ("why did the orders stop", Meaning.QUESTION),
        ("I meant payments", Meaning.CORRECTION),
        ("sorry, since 13:40", Meaning.CORRECTION),
        ("sorry I meant the eu cluster", Meaning.CORRECTION),
        ("no, the other cluster", Meaning.CORRECTION),
        ("actually, payments", Meaning.CORRECTION),
        ("correction: payments", Meaning.CORRECTION),
        ("not checkout, payments", Meaning.CORRECTION),
        ("*payments", Meaning.CORRECTION),
        ("payments, I mean", Meaning.CORRECTION),
        ("no thanks", Meaning.QUESTION),
        ("no, thanks", Meaning.QUESTION),
        ("no", Meaning.QUESTION),
        ("sorry to bother you, what about the database", Meaning.QUESTION),
        ("no, why is the other cluster fine?", Meaning.QUESTION),
        ("and what about the store?", Meaning.QUESTION),
        ("what do you mean by saturation", Meaning.QUESTION),
        ("it was the expired certificate", Meaning.OUTCOME),
        ("fixed by restarting the gateway", Meaning.OUTCOME),
        ("it was fixed by a restart", Meaning.OUTCOME),
        ("root cause: a full disk", Meaning.OUTCOME),
        ("it was fine until 13:40", Meaning.QUESTION),
        ("it was not the database", Meaning.QUESTION),
        ("it was the database?", Meaning.QUESTION),
        ("was it the database", Meaning.QUESTION),
        ("", Meaning.QUESTION),
    ],
)
def test_words_are_a_question_unless_they_plainly_are_something_else(said: str, meant: Meaning) -> None:
    assert meaning(said) is meant


def test_a_long_text_is_a_question_of_its_own_however_it_begins() -> None:
    assert meaning("sorry, " + "and then the queue grew " * 12) is Meaning.QUESTION


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("It was the Pool of store.", Told("the Pool of store", "")),
        ("it was the pool, fixed by putting it back", Told("the pool", "putting it back")),
        ("It was DNS and we fixed it with a restart", Told("DNS", "a restart")),
        ("fixed by Rolling back v2", Told("", "Rolling back v2")),
    ],
)
def test_cause_and_remedy_are_told_apart_in_the_words_of_who_tells(said: str, told: Told) -> None:
    assert outcome_in(said) == told


@given(st.text(max_size=400))
def test_no_text_however_odd_breaks_the_reading(text: str) -> None:
    assert meaning(text) in Meaning
