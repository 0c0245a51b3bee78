"""The demo as a newcomer meets it: its own code path, in a real browser."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from sre_advisor.demo.incident import WORLD
from sre_advisor.demo.local_slack import LocalSlack
from sre_advisor.demo.run import demo_slack
from sre_advisor.replay.world import load_world

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium to drive the page: apt-get install chromium"),
    pytest.mark.alone,  # a browser and the program are two processes already, and five seconds an answer's patience
]
PICTURES = os.environ.get("PICTURES_TO")
"""A folder; when set, the tests leave pictures of the page there to be looked at."""
WAIT_MS = 20_000


@dataclass
class Demo:
    """The running demo and a browser to look at it with."""

    slack: LocalSlack
    browser: Browser
    problems: list[str]

    async def page(self, width: int, height: int, *, dark: bool = False) -> Page:
        """The page, opened."""
        page = await self.browser.new_page(
            viewport=ViewportSize(width=width, height=height),
            color_scheme="dark" if dark else "light",
            timezone_id="Europe/Berlin",
            locale="en-GB",
        )
        page.set_default_timeout(WAIT_MS)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda line: self.problems.append(line.text) if line.type == "error" else None)
        await page.goto(self.slack.url)
        return page


@pytest.fixture
async def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Demo]:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    async with demo_slack(load_world(WORLD), 0, tmp_path) as slack, async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb"]
        )
        problems: list[str] = []
        yield Demo(slack, browser, problems)
        await browser.close()
    assert problems == []


async def picture(page: Page, name: str) -> None:
    if PICTURES:
        await page.mouse.move(4, 600)
        await page.screenshot(path=f"{PICTURES}/{name}.png")


async def test_a_newcomer_reads_the_alert_asks_follows_up_votes_and_tells_the_outcome(demo: Demo) -> None:
    page = await demo.page(1280, 800)
    await expect(page.locator("#messages")).to_contain_text("CheckoutHighErrorRate")
    offered = page.locator(".suggested")
    await expect(offered).to_contain_text("why is checkout failing?")
    await picture(page, "opened")

    await offered.click()
    thread = page.locator("#replies")
    await expect(thread).to_contain_text("First look", timeout=WAIT_MS)
    await expect(thread).to_contain_text("every claim checked", timeout=WAIT_MS)
    answer = thread.locator("article").nth(4)
    await expect(answer).to_contain_text("payments")
    await expect(page.locator("#status")).to_be_hidden()
    evidence = answer.locator("details", has_text="Evidence")
    assert not await evidence.evaluate("node => node.open")
    await evidence.locator("summary").click()
    await expect(evidence).to_contain_text("metrics_golden_signals")
    await evidence.locator("summary").click()
    await page.set_viewport_size({"width": 1280, "height": 1080})
    await answer.evaluate("node => { document.activeElement.blur(); node.scrollIntoView({block: 'start'}) }")
    await picture(page, "answer")
    await page.set_viewport_size({"width": 1280, "height": 800})

    await page.fill("#reply textarea", "what about inventory?")
    await page.press("#reply textarea", "Enter")
    follow_up = thread.locator("article").nth(6)
    await expect(follow_up).to_contain_text("inventory: none of its", timeout=WAIT_MS)
    await picture(page, "follow-up")

    await follow_up.get_by_role("button", name="👍 Helpful").click()
    await expect(thread).to_contain_text("Noted: helpful")
    await expect(thread).to_contain_text("Only visible to you")
    await follow_up.get_by_role("button", name="It was something else…").click()
    modal = page.locator(".modal")
    await expect(modal).to_contain_text("What was it?")
    await picture(page, "modal")
    await modal.locator("textarea").first.fill("the connection pool was too small")
    await modal.get_by_role("button", name="Save").click()
    await expect(page.locator("#overlay")).to_be_hidden()


async def test_the_answer_reads_on_a_dark_phone_without_sideways_scrolling(demo: Demo) -> None:
    page = await demo.page(390, 844, dark=True)
    await page.locator(".suggested").click()
    thread = page.locator("#replies")
    await expect(page.locator("#thread")).to_be_visible()
    await expect(thread).to_contain_text("every claim checked", timeout=WAIT_MS)
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    for number, name in ((2, "phone-first-look"), (4, "phone-answer")):
        await thread.locator("article").nth(number).evaluate("node => node.scrollIntoView({block: 'start'})")
        await picture(page, name)
    await expect(thread.locator("time").filter(has_text="14:50").first).to_be_attached()


async def test_times_are_shown_in_the_readers_own_zone(demo: Demo) -> None:
    page = await demo.page(1280, 800)
    await page.locator(".suggested").click()
    answer = page.locator("#replies article").nth(4)
    await expect(answer).to_contain_text("every claim checked", timeout=WAIT_MS)
    assert "UTC" not in await answer.locator(".rich_text").first.inner_text()


async def test_a_question_in_private_is_answered_in_the_direct_messages(demo: Demo) -> None:
    page = await demo.page(1280, 800)
    box = page.locator("#composer textarea")
    await box.fill("/advisor why is checkout failing?")
    await box.press("Enter")
    await page.locator("#apps button").click()
    await page.locator("#messages button.replies").click()
    cause = page.locator("#replies").get_by_text("Likely cause", exact=False).first
    await expect(cause).to_be_visible(timeout=WAIT_MS)
