"""The modal and the Home tab within Slack's limits and without markup, whatever they are about."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sre_advisor.connectors.contract import Health
from sre_advisor.demo.local_slack.validate import check_view, complaints_about
from sre_advisor.model import Evidence, Outcome, Question
from sre_advisor.slack.buttons import answer_buttons, marked, ran_buttons, ran_of
from sre_advisor.slack.evidence import evidence_view, pages
from sre_advisor.slack.home import Shown, closed_view, home_view
from sre_advisor.trust.figures import Tally

AT = datetime(2026, 3, 1, tzinfo=UTC)
TEXT = st.one_of(
    st.text(max_size=300), st.sampled_from(["<!channel>", "x" * 9_000, "\n" * 500, "\ud800", "*b* _i_ `c`"])
)
WORDS = TEXT.map(lambda text: text.encode("utf-8", "replace").decode())
EVIDENCE = st.builds(
    Evidence,
    id=st.integers(1, 99).map("E{}".format),
    source=WORDS,
    tool=WORDS,
    request=st.dictionaries(st.text(max_size=9), st.text(max_size=900), max_size=3),
    outcome=st.sampled_from(Outcome),
    read_at=st.just(AT),
    summary=WORDS,
    body=st.one_of(st.none(), WORDS, st.lists(WORDS, max_size=20), st.dictionaries(st.text(max_size=9), WORDS)),
    truncated=st.none() | WORDS,
)


def inert(part: Any) -> bool:
    """Whether nothing in it is parsed by Slack: no mrkdwn and no element that rings."""
    return not any(f'"type": "{kind}"' in json.dumps(part) for kind in ("mrkdwn", "user", "broadcast", "usergroup"))


@settings(max_examples=60, deadline=None)
@given(st.lists(EVIDENCE, max_size=6), st.integers(-3, 40))
def test_no_evidence_breaks_the_modal(shown: list[Evidence], page: int) -> None:
    view = evidence_view(Question(id="q" * 40, investigation="i", text="why?", asked_at=AT), shown, page)
    check_view(view)
    assert inert(view)


def bodies(every: list[list[Any]]) -> str:
    """The text of all bodies of evidence, put together."""
    return "".join(
        run["text"]
        for page in every
        for block in page
        for element in block.get("elements") or ()
        if element["type"] == "rich_text_preformatted"
        for run in element["elements"]
    )


def test_nothing_of_a_long_text_is_left_out_and_no_page_is_too_long_to_show() -> None:
    body = "\n".join(f"{n} " + "é" * (n % 90) for n in range(2_000))
    piece = Evidence(
        id="E1", source="s", tool="t", request={}, outcome=Outcome.OK, read_at=AT, summary="long", body=body
    )
    every = pages([piece, piece], AT)
    said = bodies(every)
    assert said.count("\n") == 2 * body.count("\n")
    assert said == body + body
    assert max(len(page) for page in every) <= 60


def test_a_recording_does_not_tell_when_it_was_read_again_and_a_live_source_does() -> None:
    piece = Evidence(
        id="E1", source="s", tool="t", request={}, outcome=Outcome.OK, read_at=AT, summary="it was so", body="x"
    )
    asked_then = Question(id="q", investigation="i", text="why?", asked_at=AT)
    asked_long_before = Question(id="q", investigation="i", text="why?", asked_at=AT - timedelta(days=90))
    assert "read 2026-03-01" in json.dumps(evidence_view(asked_then, [piece]))
    recorded = json.dumps(evidence_view(asked_long_before, [piece]))
    assert "read 2026" not in recorded
    assert "it was so" in recorded


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(WORDS, WORDS), max_size=10),
    st.lists(st.tuples(WORDS, WORDS), max_size=60),
    st.integers(0, 99),
    WORDS,
)
def test_no_questions_and_sources_break_the_home_tab(
    asked: list[tuple[str, str]], sources: list[tuple[str, str]], others: int, halted: str
) -> None:
    mine = [
        (Question(id="q", investigation="i", text=text, asked_at=AT), "https://slack.example/p1") for text, _ in asked
    ]
    health = [Health(name, "ok", detail, 0.1) for name, detail in sources]
    view = home_view(Shown(mine, others, health, Tally(1, 2, 3, 4, 5), halted))
    check_view(view)
    check_view(closed_view(halted))
    assert inert(view)
    assert len(view["blocks"]) <= 100


@given(st.lists(WORDS, min_size=1, max_size=4), st.text("abc-.#0", min_size=1, max_size=60))
def test_buttons_for_commands_are_within_limits_and_name_their_command(commands: list[str], question: str) -> None:
    block = ran_buttons(question, enumerate(commands, 7))
    assert complaints_about([block, *answer_buttons(question)], 50, in_view=False) == []
    assert [ran_of(e["value"]) for e in block["elements"]] == [(question, n + 7) for n in range(len(commands))]
    pressed = marked([block], "ran_command_7")
    assert pressed[0]["elements"][0]["text"]["text"].startswith("✓ ")
    assert marked(pressed, "ran_command_7")[0]["elements"][0]["text"]["text"].count("✓") == 1
    assert pressed[0]["elements"][1:] == block["elements"][1:]


def test_a_value_that_is_no_button_of_ours_means_nothing() -> None:
    assert [ran_of(value) for value in ("", "q", "q#", "#1", "q#x", "q#-1", "q#²")] == [None] * 7


def test_a_row_of_a_table_in_evidence_stands_on_one_line() -> None:
    rows = [[f"service-{n}", 0.25, None, "2026-03-12T13:50:15Z"] for n in range(40)]
    body: Any = {"window": {"start": "a", "end": "b"}, "rows": rows}
    piece = Evidence(id="E1", source="s", tool="t", request={}, outcome=Outcome.OK, read_at=AT, summary="", body=body)
    shown = bodies(pages([piece], AT))
    assert '\n  ["service-7", 0.25, null, "2026-03-12T13:50:15Z"],\n' in shown
    assert '"window": {"start": "a", "end": "b"},\n' in shown
    assert json.loads(shown) == body
