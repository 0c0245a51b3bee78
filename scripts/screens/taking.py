"""A browser at two sizes, and pictures small enough to keep."""

from __future__ import annotations

import io
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, Locator, Page, ViewportSize, async_playwright, expect

CHROMIUM = Path("/usr/bin/chromium")
DESKTOP, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)
COLOURS = 64
WAIT_MS = 30_000
Taken = list[tuple[int, Path]]


@dataclass(frozen=True, slots=True)
class Camera:
    """Opens pages and keeps pictures of them."""

    browser: Browser
    where: Path

    async def page(self, url: str, size: ViewportSize = DESKTOP, *, dark: bool = False) -> Page:
        """The page at `url`, as somebody in Berlin sees it."""
        page = await self.browser.new_page(
            viewport=size, color_scheme="dark" if dark else "light", timezone_id="Europe/Berlin", locale="en-GB"
        )
        page.set_default_timeout(WAIT_MS)
        await page.goto(url)
        return page

    async def keep(self, page: Page, name: str, at: Locator | None = None) -> tuple[int, Path]:
        """A picture of what is in view, after scrolling to the top of `at`; its size and where it is."""
        await page.evaluate("document.activeElement.blur()")
        if at is not None:
            await at.evaluate("node => node.scrollIntoView({block: 'start'})")
        await page.mouse.move(1, 1)
        await page.wait_for_timeout(150)
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} scrolls sideways"
        picture = Image.open(io.BytesIO(await page.screenshot())).convert("RGB")
        file = self.where / f"{name}.png"
        picture.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
        return file.stat().st_size, file


@asynccontextmanager
async def studio(where: Path) -> AsyncGenerator[Camera]:
    """A camera with its browser."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb"]
        )
        expect.set_options(timeout=WAIT_MS)
        try:
            yield Camera(browser, where)
        finally:
            await browser.close()
