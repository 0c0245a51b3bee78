"""The real Bolt app, Socket Mode handler and SDK against the local Slack."""

import asyncio
from typing import Any

import pytest
from aiohttp import ClientConnectionError
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from sre_advisor.demo.local_slack import LocalSlack, SlackError
from tests.demo.conftest import Connect, button, plain, section

Json = dict[str, Any]


def echo(app: AsyncApp) -> None:
    async def answer(event: Json, client: AsyncWebClient) -> None:
        await client.chat_postMessage(
            channel=event["channel"], thread_ts=event.get("thread_ts", event["ts"]), text=f"you said: {event['text']}",
            blocks=[section(f"you said: {event['text']}"), {"type": "actions", "elements": [button("more", "More…")]}],
        )  # fmt: skip

    app.event("app_mention")(answer)


async def test_a_mention_is_answered_in_its_thread_and_the_answer_can_be_edited(
    slack: LocalSlack, connect: Connect
) -> None:
    bolt = await connect(slack, echo)
    question = await slack.state.person_types("incidents", "@advisor why?")
    await slack.wait_until(lambda: len(slack.state.posted_by_bot()) == 1)
    answer = slack.state.posted_by_bot()[0]
    assert answer.thread_ts == question.ts
    await bolt.client.chat_update(channel=answer.channel, ts=answer.ts, text="better")
    thread: Any = await bolt.client.conversations_replies(channel=answer.channel, ts=question.ts)
    assert [m["text"] for m in thread["messages"]] == [f"<@{slack.state.bot.id}> why?", "better"]


async def test_a_mention_comes_as_two_events_of_one_message(slack: LocalSlack, connect: Connect) -> None:
    await connect(slack, lambda _app: None)
    question = await slack.state.person_types("incidents", "@advisor why?")
    await slack.wait_until(lambda: slack.sockets.idle)
    payloads = [envelope["payload"] for envelope in slack.sockets.delivered]
    assert sorted(p["event"]["type"] for p in payloads) == ["app_mention", "message"]
    assert {p["event"]["ts"] for p in payloads} == {question.ts}
    assert len({p["event_id"] for p in payloads}) == 2


async def test_a_button_opens_a_modal_and_its_submission_reaches_the_app(slack: LocalSlack, connect: Connect) -> None:
    submitted: list[Json] = []
    view = {
        "type": "modal", "callback_id": "outcome", "title": plain("What was it?"), "submit": plain("Send"),
        "blocks": [
            {"type": "input", "block_id": "cause", "label": plain("Cause"),
             "element": {"type": "plain_text_input", "action_id": "text"}}
        ],
    }  # fmt: skip

    def register(app: AsyncApp) -> None:
        echo(app)

        async def pressed(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=view)

        async def sent(ack: AsyncAck, body: Json) -> None:
            value = body["view"]["state"]["values"]["cause"]["text"]["value"]
            if len(value) < 3:
                await ack(response_action="errors", errors={"cause": "say more"})
                return
            submitted.append(body)
            await ack()

        app.action("more")(pressed)
        app.view("outcome")(sent)

    await connect(slack, register)
    await slack.state.person_types("incidents", "@advisor why?")
    await slack.wait_until(lambda: len(slack.state.posted_by_bot()) == 1)
    assert await slack.state.person_clicks(slack.state.posted_by_bot()[0].ts, "more")
    await slack.wait_until(lambda: len(slack.state.views) == 1)
    view_id = next(iter(slack.state.views))
    refused = {"cause": {"text": {"type": "plain_text_input", "value": "x"}}}
    await slack.state.person_submits_view(view_id, refused)
    assert slack.state.views[view_id].errors == {"cause": "say more"}
    accepted = {"cause": {"text": {"type": "plain_text_input", "value": "a full disk"}}}
    await slack.state.person_submits_view(view_id, accepted)
    assert slack.state.views == {}
    assert submitted[0]["user"]["id"] == slack.state.person.id


async def test_an_event_whose_ack_is_lost_comes_again_with_a_retry_number(slack: LocalSlack, connect: Connect) -> None:
    numbers: list[tuple[str, int]] = []

    def register(app: AsyncApp) -> None:
        async def note(event: Json, context: Json) -> None:
            numbers.append((event["ts"], len(numbers)))
            assert context is not None

        app.event("message")(note)

    await connect(slack, register)
    slack.faults.drop_acks = 1
    posted = await slack.state.person_posts("general", None, "hello")
    await slack.wait_until(lambda: len(numbers) == 2 and slack.sockets.idle)
    assert [ts for ts, _ in numbers] == [posted.ts] * 2
    tries = [(e["retry_attempt"], e["retry_reason"]) for e in slack.sockets.delivered]
    assert tries == [(0, ""), (1, "timeout")]
    assert len({e["payload"]["event_id"] for e in slack.sockets.delivered}) == 1
    assert slack.faults.injected["dropped_ack"] == 1


async def test_an_event_that_is_never_acknowledged_is_given_up_after_three_retries(
    slack: LocalSlack, connect: Connect
) -> None:
    await connect(slack, lambda _app: None)
    slack.faults.drop_acks = 100
    await slack.state.person_posts("general", None, "hello")
    await slack.wait_until(lambda: len(slack.sockets.given_up) == 1)
    assert [e["retry_attempt"] for e in slack.sockets.delivered] == [0, 1, 2, 3]


@pytest.mark.parametrize("politely", [True, False])
async def test_after_a_disconnect_the_app_reconnects_and_events_of_the_gap_arrive(
    slack: LocalSlack, connect: Connect, politely: bool
) -> None:
    slack.sockets.timing.ack_timeout_s = 5.0
    await connect(slack, echo)
    await (slack.sockets.refresh() if politely else slack.sockets.close_sockets())
    await slack.state.person_types("incidents", "@advisor still there?")
    await slack.wait_until(lambda: len(slack.state.posted_by_bot()) == 1, timeout_s=10)
    assert slack.web_api.calls["apps.connections.open"] == 2


async def test_each_event_goes_to_one_of_several_connections(slack: LocalSlack, connect: Connect) -> None:
    seen: list[str] = []

    def register(app: AsyncApp) -> None:
        async def note(event: Json) -> None:
            seen.append(event["text"])

        app.event("message")(note)

    await connect(slack, register)
    await connect(slack, register)
    assert slack.sockets.connection_count == 2
    for number in range(12):
        await slack.state.person_posts("general", None, str(number))
    await slack.wait_until(lambda: len(seen) == 12 and slack.sockets.idle)
    assert sorted(seen, key=int) == [str(number) for number in range(12)]


async def test_events_can_be_doubled_and_reordered(slack: LocalSlack, connect: Connect) -> None:
    seen: list[str] = []

    def register(app: AsyncApp) -> None:
        async def note(event: Json) -> None:
            seen.append(event["text"])

        app.event("message")(note)

    await connect(slack, register)
    slack.faults.hold_events = 2
    await slack.state.person_posts("general", None, "first")
    await slack.state.person_posts("general", None, "second")
    await slack.wait_until(lambda: len(seen) == 2)
    slack.faults.duplicate_events = 1
    await slack.state.person_posts("general", None, "twice")
    await slack.wait_until(lambda: len(seen) == 4)
    assert seen == ["second", "first", "twice", "twice"]


async def test_the_sdk_waits_out_a_429(slack: LocalSlack) -> None:
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
    slack.faults.rate_limit("chat.postMessage", retry_after_s=1)
    began = asyncio.get_running_loop().time()
    await client.chat_postMessage(channel="incidents", text="hello")
    assert asyncio.get_running_loop().time() - began >= 1.0
    assert slack.web_api.calls["chat.postMessage"] == 2
    assert [m.text for m in slack.state.posted_by_bot()] == ["hello"]


async def test_a_lost_response_leaves_the_message_posted(slack: LocalSlack) -> None:
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])
    slack.faults.lose_response("chat.postMessage")
    with pytest.raises(ClientConnectionError):
        await client.chat_postMessage(
            channel="incidents", text="hello", metadata={"event_type": "a", "event_payload": {}}
        )
    assert len(slack.state.posted_by_bot()) == 1
    history: Any = await client.conversations_history(
        channel=slack.state.channel("incidents").id, include_all_metadata=True
    )
    assert history["messages"][0]["metadata"]["event_type"] == "a"


async def test_a_dropped_request_leaves_nothing_behind(slack: LocalSlack) -> None:
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])
    slack.faults.drop_request("chat.postMessage")
    with pytest.raises(ClientConnectionError):
        await client.chat_postMessage(channel="incidents", text="hello")
    assert slack.state.posted_by_bot() == []


async def test_a_file_is_uploaded_in_three_steps_and_can_be_read_back(slack: LocalSlack) -> None:
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
    root = await slack.state.person_posts("incidents", None, "root")
    channel = slack.state.channel("incidents").id
    await client.files_upload_v2(channel=channel, thread_ts=root.ts, filename="e.txt", content="evidence", title="E")
    message = slack.state.posted_by_bot()[0]
    assert message.thread_ts == root.ts
    assert slack.state.files[message.files[0]].data == b"evidence"


async def test_commands_shortcuts_home_and_the_stop_button_reach_the_app(slack: LocalSlack, connect: Connect) -> None:
    seen: list[str] = []

    def register(app: AsyncApp) -> None:
        async def command(ack: AsyncAck, body: Json) -> None:
            seen.append(body["text"])
            await ack(text="only for you")

        async def shortcut(ack: AsyncAck, body: Json) -> None:
            seen.append(body["message"]["text"])
            await ack()

        async def home(event: Json, client: AsyncWebClient) -> None:
            await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [section("welcome")]})

        async def stopped(event: Json) -> None:
            seen.append(event["type"])

        app.command("/advisor")(command)
        app.shortcut("investigate_message")(shortcut)
        app.event("app_home_opened")(home)
        app.event("agent_session_stopped")(stopped)

    await connect(slack, register)
    assert await slack.state.person_commands("general", "/advisor", "status")
    message = slack.state.in_channel("general")[-1]
    assert (message.text, message.ephemeral_to) == ("only for you", slack.state.person.id)
    alert = await slack.state.app_posts("general", "Alertmanager", "it burns")
    assert await slack.state.person_uses_message_shortcut(alert.ts, "investigate_message")
    await slack.state.person_opens_home()
    await slack.wait_until(lambda: slack.state.person.id in slack.state.homes)
    await slack.state.person_stops("general", alert.ts)
    await slack.wait_until(lambda: "agent_session_stopped" in seen)
    assert seen == ["status", "it burns", "agent_session_stopped"]


async def test_a_press_nobody_acknowledges_is_told_to_the_person(slack: LocalSlack, connect: Connect) -> None:
    await connect(slack, echo)
    await slack.state.person_types("incidents", "@advisor why?")
    await slack.wait_until(lambda: len(slack.state.posted_by_bot()) == 1)
    assert await slack.state.person_clicks(slack.state.posted_by_bot()[0].ts, "more") is False
    with pytest.raises(SlackError):
        await slack.state.person_clicks(slack.state.posted_by_bot()[0].ts, "no such button")
