"""What an event from Slack is to us, as a table."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sre_advisor.slack.route import Me, plain, route

ME = Me(user="UADV", team="T1")
BASE = {"type": "message", "user": "U1", "channel": "C1", "ts": "100.1", "text": "<@UADV> why?", "team": "T1"}


def body(**changes: Any) -> dict[str, Any]:
    event = {k: v for k, v in (BASE | changes).items() if v is not None}
    return {"type": "event_callback", "team_id": "T1", "event": event}


@pytest.mark.parametrize(
    ("changes", "addressed"),
    [
        ({}, True),
        ({"type": "app_mention"}, True),
        ({"channel_type": "im", "text": "why?"}, True),
        ({"subtype": "file_share"}, True),
        ({"subtype": "me_message", "text": "<@UADV> wonders why"}, True),
        ({"channel_type": "mpim", "channel": "G1"}, True),
        ({"channel_type": "im", "channel": "D1", "thread_ts": "99.1", "text": "and since when?"}, True),
        ({"text": "<@U2> <@UADV> why?"}, True),
        ({"subtype": "thread_broadcast", "thread_ts": "99.1"}, True),
        ({"thread_ts": "99.1", "text": "and since when?"}, False),
        ({"thread_ts": "99.1", "text": "and <@U2> says so"}, False),
    ],
)
def test_a_persons_message_that_may_be_meant_for_us_is_taken(changes: dict[str, Any], addressed: bool) -> None:
    found = route(body(**changes), ME)
    assert found is not None
    assert found.addressed is addressed


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "lunch?"},
        {"thread_ts": "99.1", "text": "<@U2> can you look?"},
        {"user": "UADV"},
        {"bot_id": "B1"},
        {"subtype": "bot_message"},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "channel_join"},
        {"subtype": "channel_topic"},
        {"subtype": "tombstone"},
        {"subtype": "reminder_add"},
        {"subtype": "assistant_app_thread"},
        {"subtype": "bot_add"},
        {"user": "USLACKBOT"},
        {"hidden": True},
        {"bot_id": "B2", "user": "UOTHERBOT"},
        {"channel_type": "im", "channel": "D1", "text": "<@U2> can you look?"},
        {"channel_type": "mpim", "channel": "G1", "text": "why?"},
        {"type": "reaction_added"},
        {"user": None},
        {"ts": None},
        {"edited": {"user": "U1", "ts": "100.2"}},
    ],
)
def test_what_is_not_for_us_is_left_alone(changes: dict[str, Any]) -> None:
    assert route(body(**changes), ME) is None


EDIT = {"user": "U1", "ts": "101.5"}


def edited(before: str, after: str, **changes: Any) -> dict[str, Any]:
    message = {k: v for k, v in (BASE | {"text": after, "edited": EDIT} | changes).items() if v is not None}
    event = {
        "type": "message", "subtype": "message_changed", "hidden": True, "channel": "C1", "channel_type": "channel",
        "ts": "102.1", "message": message, "previous_message": BASE | {"text": before},
    }  # fmt: skip
    return {"type": "event_callback", "team_id": "T1", "event": event}


def test_an_edit_is_told_from_the_message_it_changes() -> None:
    found = route(edited("<@UADV> why is shop down?", "<@UADV> why is store down?"), ME)
    assert found is not None
    assert (found.ts, found.edited, found.text) == ("100.1", "101.5", "why is store down?")
    first = route(body(), ME)
    assert first is not None
    assert found.key != first.key
    assert found.investigation == first.investigation


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ("<@UADV> why?", "<@UADV> why?", {}),
        ("<@UADV> why?", "<@UADV> why is that?", {"edited": None}),
        ("<@UADV> why?", "<@UADV> why is that?", {"bot_id": "B1"}),
        ("<@UADV> why?", "<@UADV> why is that?", {"user": "UADV"}),
        ("<@UADV> why?", "This message was deleted.", {"subtype": "tombstone"}),
        ("lunch?", "dinner?", {}),
    ],
    ids=["preview", "not-edited", "bot", "own", "tombstone", "not-for-us"],
)
def test_a_change_that_nobody_wrote_for_us_is_left_alone(before: str, after: str, changes: dict[str, Any]) -> None:
    assert route(edited(before, after, **changes), ME) is None


def test_both_events_of_one_mention_have_one_key() -> None:
    mention, message = route(body(type="app_mention"), ME), route(body(), ME)
    assert mention is not None
    assert message is not None
    assert mention.key == message.key


def test_a_message_outside_a_thread_starts_its_own() -> None:
    found = route(body(), ME)
    assert found is not None
    assert (found.thread_ts, found.starts_thread) == ("100.1", True)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<@UADV> why is <@U2|ann> paged &amp; not me?", "why is @ann paged & not me?"),
        ("<@UADV> <!channel> see <https://x.example/a|the graph>", "@channel see the graph (https://x.example/a)"),
        ("<@UADV> in <#C9|incidents> 5 &lt; 6", "in #incidents 5 < 6"),
        ("<@UADV>", ""),
    ],
)
def test_a_question_reads_as_its_writer_saw_it(written: str, read: str) -> None:
    assert plain(written, ME) == read


@given(st.dictionaries(st.text(max_size=12), st.none() | st.text() | st.integers() | st.lists(st.text()), max_size=6))
def test_no_event_however_odd_breaks_the_routing(event: dict[str, Any]) -> None:
    assert route({"type": "event_callback", "event": event}, ME) is None
