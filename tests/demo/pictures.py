"""Takes the README's pictures of the demo afresh: `python -m tests.demo.pictures`. Needs Chromium."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, expect

from tests.demo.test_page import chromium, process_with_page
from tests.demo.test_tours import Visitor, warn

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
DESKTOP: dict[str, Any] = {"viewport": {"width": 1180, "height": 720}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PLACE: dict[str, Any] = {"locale": "en-GB", "timezone_id": "Europe/Paris"}


async def take(page: Page, name: str) -> None:
    """Put a picture into the folder, once nothing moves any more."""
    await page.wait_for_timeout(600)
    await page.screenshot(path=FOLDER / f"{name}.png")


async def follow(page: Page, step: str) -> None:
    """Press a step of the tour."""
    await Visitor(page).follow(step)
    await expect(page.locator(".command-form")).to_be_visible()


async def send(page: Page) -> None:
    """Send the command that the step has filled in, and wait for what comes of it."""
    await page.locator(".command-form [type=submit]").click()
    await expect(page.locator(".message.private").last).to_be_visible()


async def on_a_desk(browser: Browser, address: str) -> None:
    """Asking with a typo, a new profile, a server's set-up, and a report."""
    page = await browser.new_page(**DESKTOP, **PLACE, color_scheme="light")
    await page.goto(address)
    await follow(page, "typo")
    await expect(page.get_by_role("option").first).to_be_visible()
    await take(page, "ask")
    await send(page)
    await take(page, "answer")
    await follow(page, "profile")
    await send(page)
    await page.mouse.move(0, 0)
    await take(page, "profile")
    dark = await browser.new_page(**DESKTOP, **PLACE, color_scheme="dark")
    await dark.goto(address)
    await follow(dark, "administrator")
    await send(dark)
    await take(dark, "setup")
    await follow(dark, "report")
    await send(dark)
    await expect(dark.locator(".message.private img[alt^=Graphique]").last).to_be_visible()
    await take(dark, "report")


async def of_an_alert(browser: Browser, address: str) -> None:
    """The coordinators' card while answers come in."""
    page = await browser.new_page(**DESKTOP, **PLACE, color_scheme="light")
    await page.goto(address)
    visitor = Visitor(page)
    await visitor.follow("alert_draft")
    await warn(visitor)
    await visitor.follow("alert_approve")
    progress = page.locator(".message").get_by_text("Received, by city").last
    await expect(progress).to_be_visible()
    await progress.evaluate(
        "node => { node.scrollIntoView({ block: 'center' }); node.closest('.log').dispatchEvent(new Event('wheel')); }"
    )
    await take(page, "alert")


async def on_a_phone(browser: Browser, address: str) -> None:
    """The same answer where most people read it, in Spanish."""
    page = await browser.new_page(**PHONE, **PLACE, color_scheme="light")
    await page.goto(address)
    await follow(page, "spanish")
    await send(page)
    await take(page, "phone")


async def main() -> None:
    """Take them all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with process_with_page("bot", "demo") as address, chromium() as browser:
        await on_a_desk(browser, address)
        await of_an_alert(browser, address)
        await on_a_phone(browser, address)


if __name__ == "__main__":
    asyncio.run(main())
