"""The page in a real browser, with a small Bolt app behind it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright, expect
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sre_advisor.demo.local_slack import LocalSlack
from tests.demo.conftest import Connect, button, plain, section

Json = dict[str, Any]
CHROMIUM = Path("/usr/bin/chromium")
needs_chromium = pytest.mark.skipif(
    not CHROMIUM.exists(), reason="needs Chromium to drive the page: apt-get install chromium"
)
pytestmark = needs_chromium


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    server = LocalSlack(suggested_question="@advisor why is checkout failing?")
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def page(slack: LocalSlack) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )  # fmt: skip
        opened = await browser.new_page(viewport={"width": 1280, "height": 800})
        problems: list[str] = []
        opened.on("pageerror", lambda error: problems.append(str(error)))
        opened.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
        await opened.goto(slack.url)
        yield opened
        await browser.close()
        assert problems == []


def echo(app: AsyncApp) -> None:
    async def answer(event: Json, client: AsyncWebClient) -> None:
        if event.get("bot_id") or event.get("subtype"):
            return
        await client.chat_postMessage(
            channel=event["channel"], thread_ts=event.get("thread_ts", event["ts"]), text="answer",
            blocks=[
                section(f"you said: {event['text']}"),
                {"type": "container", "title": plain("Evidence"), "is_collapsible": True, "default_collapsed": True,
                 "child_blocks": [section("the hidden proof")]},
                {"type": "actions", "elements": [button("was_it", "It was something else…")]},
            ],
        )  # fmt: skip

    async def pressed(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        element = {"type": "plain_text_input", "action_id": "text"}
        view = {
            "type": "modal", "callback_id": "outcome", "title": plain("What was it?"), "submit": plain("Send"),
            "private_metadata": body["message"]["ts"],
            "blocks": [{"type": "input", "block_id": "cause", "label": plain("Cause"), "element": element}],
        }  # fmt: skip
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    async def sent(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        value = body["view"]["state"]["values"]["cause"]["text"]["value"]
        await client.chat_update(
            channel="incidents", ts=body["view"]["private_metadata"], text=f"noted: {value}"
        )  # fmt: skip

    app.event("message")(answer)
    app.action("was_it")(pressed)
    app.view("outcome")(sent)


async def test_a_person_asks_reads_the_answer_follows_up_and_corrects_it(
    slack: LocalSlack, page: Page, connect: Connect
) -> None:
    await connect(slack, echo)
    await page.click(".suggested")
    thread = page.locator("#replies")
    await expect(thread).to_contain_text("you said: @advisor why is checkout failing?")
    await expect(page.locator(".suggested")).to_have_count(0)
    await page.fill("#reply textarea", "and since when?")
    await page.press("#reply textarea", "Enter")
    await expect(thread.locator("article")).to_have_count(4)
    await expect(page.locator("#messages .replies")).to_contain_text("3 replies")

    await expect(thread.get_by_text("the hidden proof").first).to_be_hidden()
    await thread.locator("summary").first.click()
    await expect(thread.get_by_text("the hidden proof").first).to_be_visible()

    await thread.get_by_role("button", name="It was something else…").first.click()
    await page.locator(".modal").get_by_role("button", name="Send").click()
    await expect(page.locator(".field-error")).to_have_text("Please complete this required field.")
    await page.fill(".modal input", "a full disk")
    await page.press(".modal input", "Enter")
    await expect(thread).to_contain_text("noted: a full disk")
    await expect(page.locator("#overlay")).to_be_hidden()


async def test_a_mention_is_completed_while_typing(slack: LocalSlack, page: Page) -> None:
    await page.locator("#composer textarea").press_sequentially("@adv")
    await expect(page.locator("#composer .mentions")).to_contain_text("SRE Advisor")
    await page.keyboard.press("Enter")
    await page.keyboard.type("hello")
    await page.keyboard.press("Enter")
    await expect(page.locator("#thread")).to_contain_text("hello")
    assert slack.state.in_channel("incidents")[-1].text == f"<@{slack.state.bot.id}> hello"


async def test_hostile_text_stays_text_wherever_it_is_shown(slack: LocalSlack, page: Page) -> None:
    hostile = '<img src=x onerror="window.owned=1"><script>window.owned=1</script>'
    escaped = hostile.replace("<", "&lt;").replace(">", "&gt;")
    link = "<javascript:window.owned=1|press me>"
    markdown = f"# {hostile}\n[press me](javascript:window.owned=1) **{hostile}**\n```\n{hostile}\n```"
    rich_link = {"type": "link", "url": "javascript:window.owned=1", "text": "press me"}
    blocks = [
        section(f"{escaped} `{escaped}` *{escaped}* {link}"),
        {"type": "header", "text": plain(hostile[:150])},
        {"type": "markdown", "text": markdown},
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [
            {"type": "text", "text": hostile}, rich_link]}]},
        {"type": "table", "rows": [[{"type": "raw_text", "text": hostile}]]},
        {"type": "plan", "title": hostile, "tasks": [{"type": "task_card", "task_id": "1", "title": hostile,
         "status": "complete", "sources": [{"type": "url", "url": "javascript:window.owned=1", "text": "press me"}]}]},
        {"type": "image", "image_url": "https://example.test/track.png", "alt_text": hostile},
        {"type": "actions", "elements": [button("a", "</button>" + hostile[:60])]},
    ]  # fmt: skip
    await slack.state.app_posts("incidents", hostile, hostile, blocks)
    await expect(page.locator("#messages article")).to_have_count(1)
    assert await page.locator("#messages img, #messages script, a[href^='javascript']").count() == 0
    assert await page.evaluate("window.owned") is None
    assert await page.locator("#messages").inner_text() != ""
    await expect(page.locator("#messages h3")).to_have_text(hostile[:150])


async def test_a_phone_shows_one_pane_at_a_time_without_sideways_scrolling(slack: LocalSlack, page: Page) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    root = await slack.state.person_types("incidents", "@advisor " + "x" * 400)
    await slack.state.app_posts("incidents", "Other", "reply", thread_ts=root.ts)
    await page.click(".replies")
    await expect(page.locator("#thread")).to_be_visible()
    await expect(page.locator("#main")).to_be_hidden()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    await page.click("#to-channel")
    await page.click("#to-sidebar")
    await expect(page.locator("#sidebar")).to_be_visible()
    await expect(page.locator("#main")).to_be_hidden()


async def test_another_site_cannot_act_through_a_form(slack: LocalSlack, page: Page) -> None:
    answer = await page.request.post(f"{slack.url}/page/post", form={"channel": "incidents", "text": "hi"})
    assert answer.status == 415
    assert slack.state.in_channel("incidents") == []


async def test_a_shortcut_is_picked_from_the_menu_of_a_message(slack: LocalSlack, page: Page, connect: Connect) -> None:
    used: list[Json] = []

    async def take(ack: AsyncAck, shortcut: Json) -> None:
        await ack()
        used.append(shortcut)

    def wire(app: AsyncApp) -> None:
        app.shortcut("ask_advisor")(take)

    await connect(slack, wire)
    alert = await slack.state.app_posts("incidents", "Alertmanager", "PaymentsLatencyHigh")
    row = page.locator(f'article[data-ts="{alert.ts}"]')
    await row.hover()
    await row.get_by_label("More actions").select_option(label="Ask the advisor")
    await slack.wait_until(lambda: bool(used), 5)
    assert used[0]["message"]["text"] == "PaymentsLatencyHigh"
    await expect(row.get_by_label("More actions")).to_have_value("")
