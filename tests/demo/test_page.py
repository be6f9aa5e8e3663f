"""The page itself, in a real browser: one visit from the first tour step to another person's language.

The bot and its server run in a process of their own, as they do for a visitor.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="Chromium is not installed here (set CHROMIUM to its path where it has another name)"
)

PATIENCE = 20_000
"""Milliseconds: the suite runs in several processes at once."""


@asynccontextmanager
async def process_with_page(*module: str) -> AsyncIterator[str]:
    """A Python module that shows the page, in a process of its own, and its address."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *module),
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        env=os.environ | {"TWINCORD_LANGUAGE": "en"},
    )
    assert process.stdout is not None
    try:
        yield (await asyncio.wait_for(process.stdout.readline(), 120)).decode().split()[-1]
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser without a window."""
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()


async def run_command(page: Page, typed: str) -> None:
    """Type a command that needs nothing more, and send it."""
    await page.get_by_role("combobox", name="Message to welcome").fill(typed)
    await page.keyboard.press("Enter")
    await page.locator(".command-form").get_by_role("button", name="Send").click()
    await expect(page.locator(".command-form")).to_have_count(0)


async def find_an_expert_by_keyboard(page: Page) -> None:
    await page.get_by_role("button", name="As Ada Byron").first.click()
    proposal = page.get_by_role("option", name="Rain gardens")
    await expect(proposal).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("combobox", name="topic")).to_have_value("Rain gardens")
    await page.keyboard.press("Enter")
    answer = page.get_by_role("article", name="Private message from Twincord")
    await expect(answer).to_contain_text("About rain gardens")
    await expect(answer).to_contain_text("Only you can see this")
    await expect(answer).to_contain_text("Ada Byron used /expert find")


async def press_choose_and_fill(page: Page) -> None:
    await run_command(page, "/panel")
    await page.get_by_role("button", name="Press me").press("Enter")
    await expect(page.get_by_text("Pressed 1 times by")).to_be_visible()
    await expect(page.get_by_role("button", name="Press me")).to_be_focused()
    await page.get_by_role("button", name="Choose topics").click()
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Done").click()
    await expect(page.get_by_text("You chose Rain gardens, Stormwater fees")).to_be_visible()
    await page.get_by_role("button", name="Open the form").click()
    form = page.get_by_role("dialog", name="Your profile")
    await form.get_by_label("About you").fill("Rain <b>and</b> fees")
    await form.get_by_role("button", name="Send").click()
    await expect(form.get_by_role("alert")).to_have_text("Please fill in “Level”.")
    await form.get_by_role("button", name="Level").click()
    await page.get_by_role("option", name="Expert").click()
    await form.get_by_label("Monthly").check()
    await form.get_by_role("button", name="Send").click()
    await expect(page.get_by_text("Saved: Rain <b>and</b> fees (expert, m)")).to_be_visible()
    # The answer is there a moment before the form goes: until then nothing behind it can be written to.
    await expect(form).to_have_count(0)


async def use_the_menus(page: Page) -> None:
    box = page.get_by_role("combobox", name="Message to welcome")
    await box.fill("Has **anyone** a `plan`?\n<img src=x onerror=alert(1)>")
    await box.press("Enter")
    mine = page.get_by_role("article", name="Message from Ada Byron")
    await expect(mine.locator("strong")).to_have_text("anyone")
    await expect(mine).to_contain_text("<img src=x onerror=alert(1)>")
    await mine.focus()
    await page.keyboard.press("Shift+F10")
    await page.get_by_role("menuitem", name="Report this").press("Enter")
    await expect(page.get_by_text("Reported: Has")).to_be_visible()
    report = page.get_by_role("article", name="Private message from Twincord").last
    await report.get_by_role("button", name="Dismiss this message").click()
    await expect(page.get_by_text("Reported: Has")).to_have_count(0)


async def be_the_coordinator(page: Page) -> None:
    await page.get_by_role("button", name="You are Ada Byron").click()
    await page.get_by_role("combobox", name="Find a person").fill("coord")
    await page.get_by_role("option", name="Chloé Martin").click()
    await expect(page.locator("html")).to_have_attribute("lang", "fr")
    rooms = page.get_by_role("navigation", name="Salons")
    await expect(rooms.get_by_role("link", name="coordinators")).to_be_visible()
    await expect(page.get_by_text("Vous seul")).to_have_count(0)
    await page.get_by_role("combobox", name="Message dans welcome").fill("/")
    await expect(page.get_by_role("option", name="/expert trouver")).to_be_visible()
    await expect(page.get_by_role("option", name="/coordinate")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("listbox")).to_have_count(0)


async def rooms_show_news_by_themselves(first: Page, second: Page, address: str) -> None:
    await second.goto(address)
    box = second.get_by_role("combobox", name="Message to welcome")
    await box.fill("Good news")
    await box.press("Enter")
    await expect(first.get_by_text("Good news")).to_be_visible()
    await first.get_by_role("link", name="questions").click()
    await expect(first.get_by_role("heading", name="questions", level=1)).to_be_visible()
    await box.fill("More good news")
    await box.press("Enter")
    await expect(first.get_by_role("link", name="Non lus : 1")).to_be_visible()


async def test_a_visit() -> None:
    async with process_with_page("tests.demo.serve") as address, chromium() as browser:
        page = await browser.new_page(viewport={"width": 1280, "height": 800})
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        await page.goto(address)
        await find_an_expert_by_keyboard(page)
        await press_choose_and_fill(page)
        await use_the_menus(page)
        await be_the_coordinator(page)
        await rooms_show_news_by_themselves(page, await browser.new_page(), address)
        assert complaints == []


async def test_a_visit_by_phone() -> None:
    async with process_with_page("tests.demo.serve") as address, chromium() as browser:
        page = await browser.new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
        await page.goto(address)
        await expect(page.get_by_role("combobox", name="Message to welcome")).to_be_visible()
        await page.get_by_role("button", name="Rooms").tap()
        await page.get_by_role("link", name="questions").tap()
        await page.get_by_role("button", name="New post").tap()
        form = page.get_by_role("dialog", name="New post")
        await form.get_by_label("Title").fill("Heat plan")
        await form.get_by_label("Text").fill("Who has one?")
        await form.get_by_role("button", name="Send").tap()
        await expect(page.get_by_role("heading", name="Heat plan")).to_be_visible()
        await page.get_by_role("button", name="Guided tour").tap()
        await page.get_by_role("button", name="As Ada Byron").nth(1).tap()
        await expect(page.get_by_role("heading", name="/panel")).to_be_visible()
        wide = await page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390
