"""What people type, and what a transcript reads like."""

from hypothesis import given
from hypothesis import strategies as st

from sre_advisor.demo.local_slack import LocalSlack
from sre_advisor.demo.local_slack.compose import as_slack_text, rich_text_of
from sre_advisor.demo.local_slack.plain_text import blocks_text, mrkdwn_text
from sre_advisor.demo.local_slack.state import SlackState
from tests.demo.conftest import Clock, plain, section


def test_a_typed_name_becomes_a_mention_and_markup_stays_text() -> None:
    users = SlackState().users.values()
    assert as_slack_text("@advisor, is a<b & c? https://example.test/?a=1&b", users) == (
        "<@U0ADVISOR>, is a&lt;b &amp; c? <https://example.test/?a=1&amp;b>"
    )
    assert as_slack_text("@Advisor. mail me@advisor @nobody", users) == "<@U0ADVISOR>. mail me@advisor @nobody"


@given(st.text())
def test_what_is_typed_reads_the_same_again(typed: str) -> None:
    state = SlackState()
    wire = as_slack_text(typed, state.users.values())
    read = mrkdwn_text(wire, state.name_of)
    assert read.lower() == typed.lower()
    assert not rich_text_of(wire) or blocks_text(rich_text_of(wire), state.name_of).lower() == typed.lower()


async def test_a_transcript_reads_as_the_channel_does(frozen_slack: LocalSlack, clock: Clock) -> None:
    state = frozen_slack.state
    await state.app_posts("incidents", "Alertmanager", "", [section("*[FIRING]* checkout &lt;5xx&gt;")])
    clock.now += 5
    question = await state.person_types("incidents", "@advisor why?")
    state.app_responds(
        question.channel, question.ts, state.person.id,
        {
            "response_type": "in_channel",
            "blocks": [
                {"type": "header", "text": plain("Likely cause")},
                section("since <!date^1750000000^{time}|15:06 UTC>, see <https://example.test/c|the commit>"),
                {"type": "table", "rows": [
                    [{"type": "raw_text", "text": "Service"}, {"type": "raw_text", "text": "p99"}],
                    [{"type": "raw_text", "text": "a"}, {"type": "raw_text", "text": "4 s"}]]},
                {"type": "container", "title": plain("Evidence"), "is_collapsible": True, "default_collapsed": True,
                 "child_blocks": [section("E1")]},
                {"type": "context", "elements": [plain("read-only")]},
            ],
        },
    )  # fmt: skip
    await state.person_reacts(question.ts, "eyes")
    assert state.transcript("incidents") == (
        "15:06:40 Alertmanager (app)\n"
        "  *[FIRING]* checkout <5xx>\n"
        "\n"
        "15:06:45 Olivia Oncall\n"
        "  @advisor why?\n"
        "  :eyes: 1\n"
        "\n"
        "    15:06:45 SRE Advisor (app)\n"
        "      # Likely cause\n"
        "      since 15:06 UTC, see the commit (https://example.test/c)\n"
        "      Service | p99\n"
        "      a       | 4 s\n"
        "      ▸ Evidence\n"
        "        E1\n"
        "      · read-only\n"
    )
    assert "15:06" not in state.transcript("incidents", times=False).replace("15:06 UTC", "")
