"""The scenes: what somebody on call meets, from the first seconds to the vote."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page, expect

from scripts.screens.long_answer import long_answer
from scripts.screens.taking import DESKTOP, PHONE, Camera, Taken
from sre_advisor.app.assembly import Assembly
from sre_advisor.connectors.contract import Reading, Role, Tool, Unavailable
from sre_advisor.demo.incident import WORLD
from sre_advisor.demo.local_slack import LocalSlack
from sre_advisor.demo.run import demo_stage
from sre_advisor.model import Question
from sre_advisor.replay.world import load_world
from sre_advisor.slack.delivery import Delivery
from sre_advisor.slack.ingress import web_client
from sre_advisor.slack.rendering import Literal
from sre_advisor.slack.voice import SlackVoice

ASK = "@advisor why is checkout failing?"
NOBODY: Mapping[str, str] = {}
"""An environment without keys: the offline advisor answers."""


@dataclass(frozen=True, slots=True)
class Set:
    """The demo, running."""

    slack: LocalSlack
    parts: Assembly

    async def ask(self, text: str, thread: str | None = None, channel: str = "incidents") -> str:
        """Ask and return the thread."""
        return thread or (await self.slack.state.person_types(channel, text, thread_ts=thread)).ts


@asynccontextmanager
async def stage(environment: Mapping[str, str] = NOBODY, **more: Any) -> AsyncGenerator[Set]:
    """A demo of its own for a scene."""
    world = await asyncio.to_thread(load_world, WORLD)
    with tempfile.TemporaryDirectory(prefix="sre-advisor-screens-") as folder:
        async with demo_stage(world, 0, Path(folder), environment, **more) as (slack, parts):
            yield Set(slack, parts)


async def asked(camera: Camera, on: Set, *, phone: bool = False, dark: bool = False) -> tuple[Page, Locator]:
    """The page with the offered question asked, and its thread."""
    page = await camera.page(on.slack.url, PHONE if phone else DESKTOP, dark=dark)
    offered = page.locator(".suggested")
    await page.locator(".suggested, .replies").first.wait_for()
    if await offered.count():
        await offered.click()
    else:
        await page.locator(".replies").first.click()
    return page, page.locator("#replies")


async def progress(camera: Camera) -> Taken:
    """Some sources have answered, one was not reached, two are still read."""
    taken: Taken = []
    for name, phone in (("progress", False), ("progress-phone", True)):
        async with stage() as on:
            go = asyncio.Event()
            _hold(on.parts, Role.SIGNALS, go)
            _hold(on.parts, Role.LOGS, go)
            _fail(on.parts, Role.CHANGES)
            page, thread = await asked(camera, on, phone=phone)
            await expect(thread).to_contain_text("Looking into it")
            await expect(thread.locator(".task.error")).to_have_count(1)
            await expect(thread).to_contain_text("Still reading")
            taken.append(await camera.keep(page, name))
            go.set()
            await expect(thread).to_contain_text("every claim checked")
            await page.close()
    return taken


async def answer(camera: Camera) -> Taken:
    """First look, chart and diagnosis, on a desk and on a phone; then follow-ups, the modal and Home."""
    taken: Taken = []
    async with stage() as on:
        page, thread = await asked(camera, on)
        await expect(thread).to_contain_text("✓ Done")
        taken.append(await camera.keep(page, "first-look", thread.locator("article").nth(1)))
        said = thread.locator("article").nth(4)
        taken.append(await camera.keep(page, "demo", said))
        small, replies = await asked(camera, on, phone=True, dark=True)
        await expect(replies).to_contain_text("every claim checked")
        taken.append(await camera.keep(small, "first-look-phone", replies.locator("article").nth(1)))
        taken.append(await camera.keep(small, "answer-phone", replies.locator("article").nth(4)))
        await small.close()
        for words in ("what changed?", "how do I roll back?"):
            await page.fill("#reply textarea", words)
            await page.press("#reply textarea", "Enter")
            await expect(page.locator("#status")).to_be_hidden()
            await page.wait_for_timeout(1200)
        await expect(thread).to_contain_text("you run it, not I")
        taken.append(await camera.keep(page, "follow-ups", thread.locator("article").nth(5)))
        shown = said.get_by_role("button", name="Show evidence")
        if await shown.count():
            await shown.click()
            await expect(page.locator(".modal")).to_contain_text("Evidence")
            taken.append(await camera.keep(page, "evidence"))
            await page.keyboard.press("Escape")
            await expect(page.locator("#overlay")).to_be_hidden()
        await said.get_by_role("button", name="It was something else…").click()
        await expect(page.locator(".modal")).to_contain_text("What was it?")
        taken.append(await camera.keep(page, "outcome"))
    return taken


async def home(camera: Camera) -> Taken:
    """The app's Home tab, after a question was answered."""
    async with stage() as on:
        page, thread = await asked(camera, on)
        await expect(thread).to_contain_text("✓ Done")
        await page.locator("#apps button").click()
        await page.locator("#tab-home").click()
        await expect(page.locator("#home .block").first).to_be_visible(timeout=5_000)
        taken = [await camera.keep(page, "home")]
        await page.set_viewport_size(PHONE)
        taken.append(await camera.keep(page, "home-phone"))
    return taken


async def refusal(camera: Camera) -> Taken:
    """A channel that the policy does not name: said to the asker alone."""
    async with stage() as on:
        page = await camera.page(on.slack.url)
        await page.locator("#channels button", has_text="general").click()
        await page.fill("#composer textarea", ASK)
        await page.press("#composer textarea", "Enter")
        await expect(page.locator("#messages")).to_contain_text("Only visible to you")
        return [await camera.keep(page, "refusal")]


async def model_down(camera: Camera) -> Taken:
    """No model can be reached: the answer says so, and what code alone found."""
    key = {"ANTHROPIC_API_KEY": "sk-ant-" + "0" * 24}
    model = {"base_url": "http://127.0.0.1:9", "max_retries": 0, "stream_retries": 0}
    async with stage(key, model=model) as on:
        page, thread = await asked(camera, on)
        await expect(thread).to_contain_text("✓ Done")
        return [await camera.keep(page, "model-down", thread.locator("article").nth(4))]


async def long_evidence(camera: Camera) -> Taken:
    """An answer whose every part is far too long, with a patch and a document as files."""
    taken: Taken = []
    async with stage() as on:
        ts = (await on.slack.state.person_types("incidents", ASK.replace("@advisor ", ""))).ts
        channel = on.slack.state.channel("incidents").id
        asked_at = datetime.fromtimestamp(float(ts), on.parts.investigator.clock().tzinfo)
        question = Question("long", "long", "?", asked_at, channel=channel, thread_ts=ts, ts=ts)
        client = web_client(on.slack.bot_token, on.parts.settings.slack.model_copy(
            update={"api_url": on.slack.api_url}))  # fmt: skip
        voice = SlackVoice(client, Delivery(client, on.parts.journal), Literal(), plan=False)
        await voice.answer(long_answer(question))
        for name, phone in (("long-evidence", False), ("long-evidence-phone", True)):
            page = await camera.page(on.slack.url, PHONE if phone else DESKTOP)
            await page.locator(".replies").first.click()
            thread = page.locator("#replies")
            await expect(thread).to_contain_text("patch-long.patch")
            taken.append(await camera.keep(page, name, thread.locator("article").nth(1)))
            if not phone:
                taken.append(await camera.keep(page, "files", thread.locator("article").nth(2)))
            await page.close()
    return taken


SCENES: dict[str, Callable[[Camera], Awaitable[Taken]]] = {
    "progress": progress, "answer": answer, "refusal": refusal, "model-down": model_down,
    "long-evidence": long_evidence, "home": home,
}  # fmt: skip


def _hold(parts: Assembly, role: Role, until: asyncio.Event) -> None:
    """Let the sources of this role answer late."""

    async def run(tool: Tool, args: Any, now: datetime) -> Reading:
        await until.wait()
        return await tool.run(args, now)

    _instead(parts, role, run)


def _fail(parts: Assembly, role: Role) -> None:
    """Let the sources of this role be out of reach."""

    async def run(tool: Tool, args: Any, now: datetime) -> Reading:
        raise Unavailable("timeout", f"no answer within 12 s ({tool.name}, {args}, {now})".partition(" (")[0])

    _instead(parts, role, run)


def _instead(parts: Assembly, role: Role, run: Callable[[Tool, Any, datetime], Awaitable[Reading]]) -> None:
    offers = parts.investigator.broker.offers
    for name, offer in offers.items():
        if offer.tool.role is role:
            tool = offer.tool
            offers[name] = replace(offer, tool=replace(tool, run=partial(run, tool)))
