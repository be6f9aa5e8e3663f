"""The tour in a real browser: each story the whole way, by what the page points at, as a visitor follows it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.async_api import Locator, Page, expect

from tests.demo.test_page import chromium, process_with_page, pytestmark

__all__ = ["pytestmark"]


@dataclass
class Visitor:
    """Follows the tour: presses what is pointed at, and goes on where the step is done."""

    page: Page

    async def follow(self, step: str) -> None:
        """Begin with a step of the tour."""
        await expect(self.page.locator(".chapter[open]")).to_have_count(1)
        folded = self.page.locator("[data-open=tour]")
        if await folded.is_visible():
            await folded.click()
        button = self.page.locator(f"[data-keep=go-{step}]")
        if not await button.is_visible():
            await self.page.locator("details", has=button).locator("summary").click()
        await button.click()

    async def go_on(self, step: str) -> None:
        """The step is done: go on to the next, which has this title."""
        await expect(self.page.locator(".guide-done")).to_be_visible()
        await self.page.locator("[data-keep=guide-next]").click()
        await expect(self.page.locator("#guide h2")).to_have_text(step)
        # Becoming the next person takes a moment, and what is pressed before that is pressed by the last one.
        await expect(self.page.locator(".guide-foot:not(:has(.guide-done)) .primary")).to_have_count(0)

    async def send_command(self) -> None:
        """Send the command that stands ready."""
        form = self.page.locator(".command-form")
        await form.locator("[type=submit]").click()
        await expect(form).to_have_count(0)

    async def press(self, name: str) -> None:
        """Press what is pointed at, which has this name."""
        pointed = self.page.locator(".pointed")
        await expect(pointed).to_have_text(name)
        await pointed.click()

    async def choose(self, placeholder: str, *options: str | re.Pattern[str]) -> None:
        """Choose in the list that is pointed at, which is asked for in these words."""
        await self.press(placeholder)
        for option in options:
            await self.page.get_by_role("option", name=option).first.click()

    async def send_form(self) -> None:
        """Send the form that opened, with the words that stand ready."""
        form = self.page.locator("dialog form")
        await form.locator("[type=submit]").click()
        await expect(form).to_have_count(0)

    def answer(self) -> Locator:
        """The newest message that only she sees."""
        return self.page.locator(".message.private").last


async def test_people_are_found_and_a_case_study_goes_from_draft_to_hand_over() -> None:
    async with process_with_page("bot", "demo") as address, chromium() as browser:
        page = await browser.new_page(viewport={"width": 1280, "height": 800})
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(address)
        visitor = Visitor(page)
        await find_people(visitor)
        await visitor.follow("draft")
        await write_and_hand_in(visitor)
        await publish(visitor)
        await adapt_elsewhere(visitor)
        await leave(visitor)
        await hand_over(visitor)
        await page.get_by_role("link", name="études-de-cas").click()
        await page.get_by_role("link", name="Open data that somebody uses").click()
        await expect(page.locator(".message").first).to_contain_text("Anke Vogel")
        assert complaints == []


async def find_people(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.follow("typo")
    await expect(page.get_by_role("option").first).to_be_visible()
    await visitor.send_command()
    await expect(visitor.answer()).to_contain_text("Étienne Roussel")
    await expect(visitor.answer().locator(".prose > .apart").first).to_contain_text("2.")
    await expect(page.get_by_role("checkbox", name="Done: Ask, with a typo")).to_be_checked()
    await visitor.follow("profile")
    await expect(page.locator("html")).to_have_attribute("lang", "fr")
    await visitor.send_command()
    card = page.get_by_role("article", name="Message privé de Twincord")
    await expect(card).to_contain_text("Grenoble")
    await card.get_by_role("button", name="Nom, fonction, promotion").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.get_by_role("combobox", name="Message dans accueil").fill("/aide")
    await page.keyboard.press("Enter")
    await visitor.send_command()
    await expect(page.get_by_text("/profil configurer –")).to_be_visible()


async def write_and_hand_in(visitor: Visitor) -> None:
    await visitor.send_command()
    await visitor.choose("En ouvrir une", re.compile("Des arbres dans la cour"))
    await expect(visitor.answer()).to_contain_text("ce qui a échoué")
    await visitor.choose("Que voulez-vous remplir ?", "Échecs, adaptation, conditions")
    await visitor.send_form()
    await expect(visitor.answer()).not_to_contain_text("Il manque encore")
    await visitor.go_on("Hand it in")
    await visitor.press("Proposer")
    await expect(visitor.answer()).to_contain_text("En attente de la coordination")


async def publish(visitor: Visitor) -> None:
    await visitor.go_on("Publish it")
    await visitor.send_command()
    await visitor.choose("En ouvrir une", re.compile("Des arbres dans la cour"))
    await expect(visitor.answer()).to_contain_text("neuf arbres sur trente sont morts de soif")
    await visitor.press("Publier")
    await expect(visitor.answer().get_by_role("link", name="Des arbres dans la cour")).to_be_visible()


async def adapt_elsewhere(visitor: Visitor) -> None:
    await visitor.go_on("Adapt it in another city")
    await visitor.page.get_by_role("link", name="Des arbres dans la cour").click()
    await visitor.press("Lo adaptamos")
    await visitor.send_form()
    await expect(visitor.page.locator(".message").first).to_contain_text("Vigo")
    await visitor.go_on("See who learned from whom")
    await visitor.send_command()
    await expect(visitor.answer().get_by_role("img")).to_have_attribute("alt", re.compile("Saint-Étienne → Vigo"))


async def leave(visitor: Visitor) -> None:
    await visitor.go_on("Leave the network")
    await visitor.page.locator(".pointed").click()
    await visitor.page.get_by_role("button", name="Leave", exact=True).click()
    await expect(visitor.page.get_by_role("link", name="accueil")).to_have_count(0)


async def hand_over(visitor: Visitor) -> None:
    await visitor.go_on("Hand over what he left")
    await visitor.press("Le confier à quelqu’un")
    await visitor.choose("Que voulez-vous confier ?", "Open data that somebody uses")
    await visitor.choose("À qui dois-je demander ?", "Anke Vogel")
    await visitor.go_on("Take it over")
    await visitor.press("Oui, je la reprends")
    await expect(visitor.answer()).to_contain_text("Thank you: it is yours now.")


async def test_a_drill_and_an_alert_by_phone_from_draft_to_log() -> None:
    async with process_with_page("bot", "demo") as address, chromium() as browser:
        page = await browser.new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(address)
        visitor = Visitor(page)
        await visitor.follow("drill_draft")
        await practise(visitor)
        await visitor.go_on("Draft a real alert")
        await warn(visitor)
        await update(visitor)
        await call_off(visitor)
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390
        assert await page.evaluate("document.documentElement.scrollHeight") <= 844
        assert complaints == []


async def confirm_and_approve(visitor: Visitor, *titles: str) -> None:
    """Three servers are told: the author types it, and somebody else approves."""
    confirm, approve = titles
    await visitor.send_command()
    await visitor.go_on(confirm)
    await visitor.press("Send…")
    await visitor.page.get_by_label("It reaches 3 channels: type that number").fill("3")
    await visitor.send_form()
    await visitor.go_on(approve)
    await visitor.press("Approve and send")


async def practise(visitor: Visitor) -> None:
    page = visitor.page
    await confirm_and_approve(visitor, "Confirm it in digits", "Approve it, as somebody else")
    await visitor.go_on("Be told, in French")
    await expect(page.locator(".message").last).to_contain_text("EXERCICE, rien n’est réel : Tempête, Lviv")
    await expect(page.locator(".message").last).to_contain_text("Ceci était un message d’EXERCICE. Rien n’est réel.")
    await visitor.press("Bien reçu")
    await visitor.go_on("Ask for help, in Spanish")
    await expect(page.locator(".message").last).to_contain_text("SIMULACRO, nada es real: Tormenta, Lviv")
    await visitor.press("Necesitamos ayuda")
    await visitor.send_form()
    await visitor.go_on("See who answered, and end it")
    card = page.locator(".message", has_text="Drill 1: card for coordinators")
    await expect(card).to_contain_text("Vigo: pumps 2")
    await expect(card).to_contain_text("Lyon: 1")
    await visitor.press("End the drill")
    await expect(visitor.answer()).to_contain_text("Everyone who was told hears that the drill is over.")
    await visitor.press("End the drill")
    await expect(card).to_contain_text("over")


async def warn(visitor: Visitor) -> None:
    page = visitor.page
    await confirm_and_approve(visitor, "Confirm it", "Approve it")
    await visitor.go_on("Be on call")
    await expect(page.locator(".message").last).to_contain_text("Inondation · grave · Lviv")
    await expect(page.locator(".message").last).not_to_contain_text("EXERCICE")
    await visitor.press("Bien reçu")
    await visitor.go_on("Offer help from another city")
    await expect(page.locator(".message").last).to_contain_text("Inundación · grave · Lviv")
    await visitor.press("Podemos ayudar")
    await visitor.send_form()


async def update(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.go_on("Say how it goes on")
    await visitor.press("Update…")
    await visitor.send_form()
    await visitor.go_on("Confirm the update")
    await visitor.press("Send…")
    await page.get_by_label("It reaches 3 channels: type that number").fill("3")
    await visitor.send_form()
    await visitor.go_on("Approve the update")
    await visitor.press("Approve and send")
    await visitor.go_on("Read the update")
    last = page.locator(".message").last
    await expect(last).to_contain_text("MISE À JOUR · Inondation · grave · Lviv")
    await expect(last).to_contain_text("Non traduit")
    await expect(last).to_contain_text("Flood in Lviv: a gauge is being checked")


async def call_off(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.go_on("Call it off, in two taps")
    card = page.locator(".message", has_text="Alert 2: card for coordinators")
    await expect(card).to_contain_text("Vigo: pumps 3")
    await expect(card).to_contain_text("Lyon: 1")
    await visitor.press("False alarm")
    await visitor.press("Yes: false alarm")
    await visitor.go_on("Read that it was none")
    alerts = page.locator(".message", has_text="Alerte 2")
    await expect(alerts).to_contain_text(["FAUSSE ALERTE : Inondation, Lviv", "FAUSSE ALERTE : Inondation, Lviv"])
    await expect(page.locator(".message", has_text="Exercice 1")).not_to_contain_text(["FAUSSE ALERTE"] * 2)
    await visitor.go_on("Account for it")
    await page.get_by_role("option", name="2 · Flood: Lviv").click()
    await visitor.send_command()
    await expect(visitor.answer().get_by_role("link", name="alert-2.md")).to_be_visible()
    await expect(visitor.answer().get_by_role("link", name="alert-2.csv")).to_be_visible()
