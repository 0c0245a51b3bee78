"""The Web API's rules: tokens, scopes, membership, streams, rate limits, limits on blocks."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sre_advisor.demo.local_slack import LocalSlack, SlackError
from sre_advisor.demo.local_slack.validate import MAX_BLOCKS_MESSAGE, check_message_blocks, check_view, complaints_about
from tests.demo.conftest import Clock, button, plain, section

Json = dict[str, Any]


def client_of(slack: LocalSlack, token: str | None = None) -> AsyncWebClient:
    return AsyncWebClient(token=token or slack.bot_token, base_url=slack.api_url)


async def refusal(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response["error"]


async def test_a_wrong_token_a_wrong_kind_of_token_and_a_missing_scope_are_refused(slack: LocalSlack) -> None:
    assert await refusal(client_of(slack, "xoxb-" + "9" * 12).auth_test()) == "invalid_auth"
    assert await refusal(client_of(slack).apps_connections_open(app_token=slack.bot_token)) == "not_allowed_token_type"
    slack.state.config.scopes.discard("chat:write")
    assert await refusal(client_of(slack).chat_postMessage(channel="general", text="x")) == "missing_scope"
    answer = await client_of(slack).auth_test()
    assert "chat:write" not in answer.headers["x-oauth-scopes"].split(",")


async def test_where_the_bot_is_not_a_member_it_cannot_post_or_read(slack: LocalSlack) -> None:
    client, state = client_of(slack), slack.state
    public = state.add_channel("elsewhere", members={state.person.id})
    private = state.add_channel("secret", members={state.person.id}, is_private=True)
    assert await refusal(client.chat_postMessage(channel=public.id, text="x")) == "not_in_channel"
    assert await refusal(client.conversations_history(channel=private.id)) == "channel_not_found"
    assert await refusal(client.chat_postMessage(channel="C0NOWHERE", text="x")) == "channel_not_found"


async def test_only_own_messages_can_be_changed_and_only_threads_that_exist_answered(slack: LocalSlack) -> None:
    client = client_of(slack)
    human = await slack.state.person_posts("general", None, "mine")
    channel = human.channel
    assert await refusal(client.chat_update(channel=channel, ts=human.ts, text="x")) == "cant_update_message"
    assert await refusal(client.chat_delete(channel=channel, ts=human.ts)) == "cant_delete_message"
    assert await refusal(client.chat_update(channel=channel, ts="1.000001", text="x")) == "message_not_found"
    assert await refusal(client.conversations_replies(channel=channel, ts="1.000001")) == "thread_not_found"
    assert await refusal(client.chat_postMessage(channel=channel)) == "no_text"
    assert await refusal(client.chat_update(channel=channel, ts=human.ts, text="x" * 40_001)) in {
        "msg_too_long", "cant_update_message",
    }  # fmt: skip


async def test_text_above_forty_thousand_characters_is_cut_when_posted_and_refused_in_an_update(
    slack: LocalSlack,
) -> None:
    client = client_of(slack)
    posted: Any = await client.chat_postMessage(channel="general", text="x" * 41_000)
    assert len(slack.state.posted_by_bot()[0].text) == 40_000
    update = client.chat_update(channel=posted["channel"], ts=posted["ts"], text="x" * 41_000)
    assert await refusal(update) == "msg_too_long"


async def test_an_ephemeral_message_is_seen_by_one_person_and_never_in_history(slack: LocalSlack) -> None:
    client, channel = client_of(slack), slack.state.channel("general").id
    await client.chat_postEphemeral(channel=channel, user=slack.state.person.id, text="psst")
    assert (await client.conversations_history(channel=channel))["messages"] == []
    assert "(only visible to oncall)" in slack.state.transcript("general")


async def test_a_stream_takes_text_for_five_minutes_and_then_neither_text_nor_its_end(
    frozen_slack: LocalSlack, clock: Clock
) -> None:
    slack, client = frozen_slack, client_of(frozen_slack)
    root = await slack.state.person_posts("incidents", None, "root")
    where: Json = {"channel": root.channel}
    assert await refusal(client.chat_startStream(**where, thread_ts=root.ts)) == "missing_recipient_user_id"
    started: Any = await client.chat_startStream(
        **where, thread_ts=root.ts, recipient_user_id="U0ONCALL1", recipient_team_id=slack.state.team.id
    )
    clock.now += 299
    await client.chat_appendStream(**where, ts=started["ts"], markdown_text="still **here**")
    clock.now += 2
    late = client.chat_appendStream(**where, ts=started["ts"], markdown_text="too late")
    assert await refusal(late) == "message_not_in_streaming_state"
    assert await refusal(client.chat_stopStream(**where, ts=started["ts"])) == "message_not_in_streaming_state"
    await client.chat_update(**where, ts=started["ts"], text="recovered")
    assert "recovered" in slack.state.transcript("incidents", root.ts)


async def test_a_stream_a_person_stopped_takes_no_more(slack: LocalSlack) -> None:
    client = client_of(slack)
    root = await slack.state.person_posts("incidents", None, "root")
    started: Any = await client.chat_startStream(
        channel=root.channel, thread_ts=root.ts, recipient_user_id="U0ONCALL1", recipient_team_id=slack.state.team.id
    )
    await slack.state.person_stops("incidents", root.ts)
    more = client.chat_appendStream(channel=root.channel, ts=started["ts"], markdown_text="more")
    assert await refusal(more) == "stopped_by_user"


async def test_a_stream_fed_with_chunks_takes_no_bare_text_and_cannot_be_edited_while_open(slack: LocalSlack) -> None:
    client = client_of(slack)
    root = await slack.state.person_posts("incidents", None, "root")
    started: Any = await client.chat_startStream(
        channel=root.channel, thread_ts=root.ts, recipient_user_id="U0ONCALL1", recipient_team_id=slack.state.team.id,
        chunks=[{"type": "markdown_text", "text": "one"}],
    )  # fmt: skip
    where: Json = {"channel": root.channel, "ts": started["ts"]}
    assert await refusal(client.chat_appendStream(**where, markdown_text="two")) == "streaming_mode_mismatch"
    assert await refusal(client.chat_update(**where, text="x")) == "streaming_state_conflict"
    await client.chat_stopStream(**where, chunks=[{"type": "markdown_text", "text": " two"}])
    assert slack.state.posted_by_bot()[0].text == "one two"


async def test_an_update_with_text_alone_removes_the_blocks_and_shows_as_edited(slack: LocalSlack) -> None:
    client = client_of(slack)
    posted: Any = await client.chat_postMessage(channel="general", text="x", blocks=[section("first")])
    where: Json = {"channel": posted["channel"], "ts": posted["ts"]}
    await client.chat_update(**where, text="x", blocks=[section("second")])
    assert "(edited)" not in slack.state.transcript("general")
    await client.chat_update(**where, text="third")
    assert slack.state.transcript("general", times=False) == "SRE Advisor (app) (edited)\n  third\n\n"


async def test_the_sdk_chat_stream_helper_fills_a_plan_and_ends(slack: LocalSlack) -> None:
    root = await slack.state.person_posts("incidents", None, "root")
    stream = await client_of(slack).chat_stream(
        channel=root.channel, thread_ts=root.ts, recipient_user_id="U0ONCALL1", recipient_team_id=slack.state.team.id,
        task_display_mode="plan",
    )  # fmt: skip
    await stream.append(chunks=[{"type": "plan_update", "title": "Looking"}])
    for status in ("in_progress", "complete"):
        await stream.append(chunks=[{"type": "task_update", "id": "1", "title": "Metrics", "status": status}])
    await stream.stop(markdown_text="Done.", blocks=[section("*Answer*")])
    shown = slack.state.message_text(slack.state.posted_by_bot()[0])
    assert shown == "Looking\n  ✓ Metrics\nDone.\n*Answer*"


async def test_a_modal_needs_a_fresh_trigger_and_uses_it_up(frozen_slack: LocalSlack, clock: Clock) -> None:
    slack, client = frozen_slack, client_of(frozen_slack)
    view = {"type": "modal", "title": plain("T"), "blocks": [section("x")]}
    trigger = slack.state.new_trigger(slack.state.person.id)
    await client.views_open(trigger_id=trigger, view=view)
    assert await refusal(client.views_open(trigger_id=trigger, view=view)) == "exchanged_trigger_id"
    late = slack.state.new_trigger(slack.state.person.id)
    clock.now += 4
    assert await refusal(client.views_open(trigger_id=late, view=view)) == "expired_trigger_id"
    assert await refusal(client.views_open(trigger_id="made.up", view=view)) == "invalid_trigger_id"


async def test_rate_limits_are_off_until_switched_on_and_then_refill_with_time(
    frozen_slack: LocalSlack, clock: Clock
) -> None:
    slack, client = frozen_slack, client_of(frozen_slack)
    for _ in range(10):
        await client.chat_postMessage(channel="general", text="x")
    slack.limits.enabled = True
    for _ in range(slack.limits.channel_burst):
        await client.chat_postMessage(channel="general", text="x")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="general", text="x")
    assert caught.value.response.status_code == 429
    clock.now += float(caught.value.response.headers["Retry-After"])
    await client.chat_postMessage(channel="general", text="x")


async def test_a_status_line_ends_with_the_next_message_or_after_two_minutes(
    frozen_slack: LocalSlack, clock: Clock
) -> None:
    slack, client = frozen_slack, client_of(frozen_slack)
    root = await slack.state.person_posts("general", None, "root")
    thread: Json = {"channel_id": root.channel, "thread_ts": root.ts}
    await client.assistant_threads_setStatus(**thread, status="is thinking…")
    assert slack.state.status_line(root.channel, root.ts) == "is thinking…"
    clock.now += 121
    assert slack.state.status_line(root.channel, root.ts) == ""
    await client.assistant_threads_setStatus(**thread, status="is thinking…")
    await client.chat_postMessage(channel=root.channel, thread_ts=root.ts, text="answer")
    assert slack.state.status_line(root.channel, root.ts) == ""


@pytest.mark.parametrize(
    "block",
    [
        {"type": "no_such_block"},
        section("x" * 3001),
        section(""),
        {"type": "header", "text": plain("x" * 151)},
        {"type": "header", "text": {"type": "mrkdwn", "text": "x"}},
        {"type": "actions", "elements": [button("a", "x" * 76)]},
        {"type": "actions", "elements": [button("a", "x", "v" * 2001)]},
        {"type": "actions", "elements": [button(str(i), "x") for i in range(26)]},
        {"type": "actions", "elements": [button("same", "x"), button("same", "y")]},
        {"type": "context", "elements": [plain("x")] * 11},
        {"type": "section", "fields": [plain("x")] * 11},
        {"type": "container", "child_blocks": [section("x")]},
        {"type": "container", "title": plain("x"), "child_blocks": [section("x")] * 11},
        {"type": "table", "rows": []},
        {"type": "image", "image_url": "https://example.test/a.png"},
        {"type": "markdown", "text": "x" * 12_001},
        {"type": "task_card", "task_id": "1", "title": "x", "status": "odd"},
        {"type": "input", "label": plain("x"), "element": {"type": "plain_text_input"}},
    ],
    ids=lambda block: block["type"],
)
def test_a_block_beyond_slacks_limits_is_refused(block: Json) -> None:
    with pytest.raises(SlackError) as caught:
        check_message_blocks([block])
    assert caught.value.code == "invalid_blocks"
    assert caught.value.messages


def test_too_much_text_in_all_and_too_many_blocks_are_refused() -> None:
    with pytest.raises(SlackError, match="msg_blocks_too_long"):
        check_message_blocks([section("x" * 3000)] * 5)
    with pytest.raises(SlackError, match="invalid_blocks"):
        check_message_blocks([{"type": "divider"}] * 51)
    with pytest.raises(SlackError, match="invalid_arguments"):
        check_view({"type": "modal", "title": plain("x" * 25), "blocks": []})


@given(st.lists(st.integers(0, 3000), max_size=60))
def test_sections_are_accepted_exactly_when_every_limit_holds(sizes: list[int]) -> None:
    blocks = [section("x" * size) for size in sizes]
    fine = len(sizes) <= MAX_BLOCKS_MESSAGE and all(sizes)
    assert (complaints_about(blocks, MAX_BLOCKS_MESSAGE, in_view=False) == []) == fine


@given(st.recursive(st.none() | st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(
    st.sampled_from(["type", "text", "elements", "rows", "child_blocks", "title"]), inner)))  # fmt: skip
def test_nonsense_instead_of_blocks_is_refused_and_never_crashes(value: Any) -> None:
    complaints = complaints_about([value], MAX_BLOCKS_MESSAGE, in_view=False)
    assert complaints
