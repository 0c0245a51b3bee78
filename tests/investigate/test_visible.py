"""Outside text keeps its words and loses what hides, turns, opens or rings."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from sre_advisor.investigate.visible import inert, one_line, visible


@given(st.text())
def test_nothing_hidden_is_left_and_nothing_visible_is_lost(text: str) -> None:
    shown = visible(text)
    assert not any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in shown)
    assert not any(
        unicodedata.bidirectional(c) in ("RLO", "LRO", "RLE", "LRE", "PDF", "RLI", "LRI", "PDI") for c in shown
    )
    assert [c for c in text if c.isalnum()] == [c for c in shown if c.isalnum()]


@given(st.text())
def test_one_line_is_one(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1


def test_joined_emoji_and_persian_stay_whole() -> None:
    assert visible("👩‍🚒 می‌خواهم") == "👩‍🚒 می‌خواهم"


def test_addresses_and_calls_to_everybody_are_broken_where_slack_would_parse_them() -> None:
    said = inert(
        "see https://evil.example, www.evil.example, mailto:x@y.example, @channel and @here; ratio 5:3 at 13:50"
    )
    for alive in ("https:", "www.evil", "mailto:", "@channel", "@here"):
        assert alive not in said
    assert said.endswith("ratio 5:3 at 13:50")
