"""Everything that an author changes on the card of a draft, by selects and forms."""

from __future__ import annotations

from typing import Any

import discord

from bot.domain.access import Actor
from bot.domain.alert_templates import TemplateScope
from bot.domain.cap.values import Hazard, Status
from bot.domain.hazards import HazardTerm
from tests.cogs.alerts import draft, furnish, send
from tests.cogs.answers import answer
from tests.cogs.answers import labels as private
from tests.cogs.asking import pressable as labels
from tests.cogs.conftest import World
from tests.domain.cap.files import CHECKER, GOOD


def fields(card: Any) -> dict[str, str]:
    return {str(field.name): str(field.value) for field in card.embeds[0].fields}


async def test_everything_is_changed_on_the_card(world: World) -> None:
    _, office, _ = await furnish(world)
    number, card = await draft(world, office)
    shown = fields(card)
    assert shown["Kind of danger"] == "weather and flood"
    assert shown["For"] == "the whole network"
    assert "French: what stands ready" in shown["Languages"]
    below = [item.label for row in card.components for item in row.children if isinstance(item, discord.Button)]
    assert below == [
        "Kind, urgency, duration…",
        "Where, for whom…",
        "Change the text",
        "Other languages",
        "Preview",
        "Send…",
        "Keep as template",
        "CAP file",
        "Discard",
    ]
    form = await world.coordinator.click(card, custom_id=f"alert:facts:{number}")
    await world.coordinator.submit_modal(
        form, {"category": ["Infra"], "urgency": ["Expected"], "certainty": ["Likely"], "hours": ["24"]}
    )
    card = office.history()[-1]
    assert fields(card)["Kind of danger"] == "power, water, telecommunication"
    assert "severe · act soon · likely" in str(card.embeds[1].to_dict())
    form = await world.coordinator.click(card, custom_id=f"alert:where:{number}")
    await world.coordinator.submit_modal(
        form, {"event": "Substation under water", "place": "Villeurbanne", "audience": ["city:1"]}
    )
    card = office.history()[-1]
    assert "Substation under water · severe · Villeurbanne" in card.content
    assert fields(card)["For"] == "one city: Lyon"
    assert fields(card)["Will be told"].startswith("one channel")
    await world.coordinator.select(card, ["Extreme"], custom_id=f"alert:severity:{number}")
    assert "extreme" in office.history()[-1].content


async def test_the_card_says_which_languages_read_the_authors_text(world: World) -> None:
    _, office, _ = await furnish(world)
    number, card = await draft(world, office)
    form = await world.coordinator.click(card, custom_id=f"alert:text:en:{number}")
    await world.coordinator.submit_modal(form, {"headline": "Up", "description": "It rises.", "instruction": "Leave."})
    said = fields(office.history()[-1])["Languages"].splitlines()
    assert said[0] == "English: a text of its own"
    assert "French: reads it in English, marked as not translated" in said
    others = answer(await world.coordinator.click(office.history()[-1], custom_id=f"alert:languages:{number}"))
    assert "French · reads it in English, marked as not translated" in private(others)


async def test_a_second_person_reads_it_in_every_language_before_she_approves(world: World) -> None:
    _, office, _ = await furnish(world)
    number, card = await draft(world, office)
    others = answer(await world.coordinator.click(card, custom_id=f"alert:languages:{number}"))
    form = await world.coordinator.click(others, custom_id=f"alert:text:es:{number}")
    await world.coordinator.submit_modal(
        form, {"headline": "Crecida", "description": "El muelle está cerrado.", "instruction": "Suba."}
    )
    await send(world, office.history()[-1], number, "2")
    shown = await world.network_coordinator.click(office.history()[-1], label="Preview")
    first, second = shown.response, shown.followups[-1]
    assert first is not None
    assert first.content.splitlines()[0] == "**Whoever is told in English reads:**"
    assert first.content.splitlines()[1] == "Flood · severe · Lyon"
    assert "The author wrote this in: Spanish." in str(first.embeds[0].to_dict())
    assert second.content.splitlines()[1].startswith("Inundación · ")
    assert second.embeds[0].title == "Crecida"


async def test_only_the_author_changes_her_draft(world: World) -> None:
    _, office, _ = await furnish(world)
    number, card = await draft(world, office)
    for button in ("where", "facts", "text:en", "languages", "send"):  # before she fills in a form for nothing
        said = answer(await world.network_coordinator.click(card, custom_id=f"alert:{button}:{number}"))
        assert "Only its author" in said.content
    world.env.errors.clear()
    await world.network_coordinator.select(card, ["Minor"], custom_id=f"alert:severity:{number}")
    world.env.errors.clear()
    assert "severe" in office.history()[-1].content


async def test_what_is_returned_unchanged_is_not_put_before_anybody_again(world: World) -> None:
    _, office, _ = await furnish(world)
    number, card = await draft(world, office)
    await send(world, card, number, "2")
    form = await world.network_coordinator.click(office.history()[-1], custom_id=f"alert:return:{number}")
    await world.network_coordinator.submit_modal(form, {"reason": "Which quay?"})
    said = await send(world, office.history()[-1], number, "2")
    assert "nothing about it has changed" in said.content
    world.env.errors.clear()
    form = await world.coordinator.click(office.history()[-1], custom_id=f"alert:text:en:{number}")
    await world.coordinator.submit_modal(form, {"headline": "Q", "description": "Quay Victor", "instruction": "Leave."})
    assert "Another coordinator must approve" in (await send(world, office.history()[-1], number, "2")).content


async def test_every_draft_is_there_as_cap(world: World) -> None:
    _, office, _ = await furnish(world)
    number, card = await draft(world, office)
    file = answer(await world.coordinator.click(card, label="CAP file")).attachments[0]
    assert file.filename == f"alert-{number}.xml"
    message = CHECKER.check(await world.application.services.cap.export(number)).message
    assert message is not None
    assert (message.status, message.infos[0].categories) == (Status.DRAFT, (Hazard.MET,))


async def test_of_an_import_only_duration_and_audience_are_hers(world: World) -> None:
    _, office, _ = await furnish(world)
    message = CHECKER.check(GOOD.encode()).message
    assert message is not None
    number = (await world.application.services.cap.take_in(message, GOOD.encode())).alert_id
    await world.coordinator.slash(world.room, "alert imported", number=number)
    card = office.history()[-1]
    assert labels(card) == ["How long…", "For whom…", "Preview", "Send…", "CAP file", "Discard"]
    form = await world.coordinator.click(card, custom_id=f"alert:facts:{number}")
    await world.coordinator.submit_modal(form, {"hours": ["48"]})
    form = await world.coordinator.click(card, custom_id=f"alert:where:{number}")
    await world.coordinator.submit_modal(form, {"audience": ["network"]})
    alert = await world.application.services.crisis.get(number)
    assert (alert.hours, alert.audience.value) == (48, "network")
    assert fields(office.history()[-1])["For"] == "the whole network"


async def test_a_template_from_the_card_to_the_next_draft(world: World) -> None:
    _, office, _ = await furnish(world)
    number, card = await draft(world, office)
    form = await world.coordinator.click(card, custom_id=f"alert:text:en:{number}")
    await world.coordinator.submit_modal(
        form, {"headline": "Flood: Lyon", "description": "The Rhône rises.", "instruction": "Leave."}
    )
    asked = answer(await world.coordinator.click(office.history()[-1], custom_id=f"alert:keep:{number}"))
    assert private(asked) == ["Keep for this server"]
    assert "{event}: {place}" in str(asked.embeds[0].to_dict())
    await world.coordinator.click(asked, custom_id=f"template:keep:server:{number}:0")
    _, following = await draft(world, office)
    assert following.embeds[1].description == "The Rhône rises."
    assert fields(following)["Languages"].splitlines()[0] == "English: what stands ready"


async def test_templates_are_listed_opened_written_and_restored(world: World) -> None:
    await furnish(world)
    listed = answer(await world.coordinator.slash(world.room, "alert templates"))
    assert "Flood: as it comes with the bot" in listed.embeds[0].description
    await world.coordinator.select(listed, ["flood"], custom_id="template:choose")
    form = await world.coordinator.click(listed, custom_id="template:text:server:flood:en")
    bad = {"headline": "{event}: {plce}", "description": "It rises.", "instruction": "Leave."}
    refused = answer(await world.coordinator.submit_modal(form, bad))
    assert "“{plce}” cannot be filled in. Write {event} or {place}" in refused.content
    assert "{event}: {plce}" in refused.content  # her text, back
    world.env.errors.clear()
    form = await world.coordinator.click(listed, custom_id="template:text:server:flood:en")
    await world.coordinator.submit_modal(form, {**bad, "headline": "{event}: {place}"})
    form = await world.coordinator.click(listed, custom_id="template:facts:server:flood")
    await world.coordinator.submit_modal(
        form,
        {
            "category": ["Met"],
            "severity": ["Extreme"],
            "urgency": ["Immediate"],
            "certainty": ["Observed"],
            "hours": ["6"],
        },
    )
    actor = Actor(1, "x", "en", server_id=world.server.id, server_joined=True, is_server_coordinator=True)
    service = world.application.services.alert_templates
    kept = await service.get(actor, TemplateScope.SERVER, HazardTerm.FLOOD)
    assert (kept.hours, kept.texts["en"].headline, kept.version) == (6, "{event}: {place}", 2)
    opened = answer(await world.coordinator.slash(world.room, "alert templates", hazard="flood"))
    assert opened.embeds[0].title == "Flood · for this server"
    assert "for the whole network" not in private(opened)
    await world.coordinator.click(opened, custom_id="template:restore:server:flood")
    await world.coordinator.click(opened, custom_id="template:restored:server:flood")
    assert (await service.get(actor, TemplateScope.SERVER, HazardTerm.FLOOD)).version == 0


async def test_the_networks_templates_are_a_tap_away_for_network_coordinators(world: World) -> None:
    await furnish(world)
    opened = answer(await world.network_coordinator.slash(world.room, "alert templates", hazard="storm"))
    await world.network_coordinator.click(opened, custom_id="template:show:network:storm")
    form = await world.network_coordinator.click(opened, custom_id="template:text:network:storm:fr")
    await world.network_coordinator.submit_modal(
        form, {"headline": "{event} : {place}", "description": "Rentrez.", "instruction": "Restez."}
    )
    listed = answer(await world.coordinator.slash(world.room, "alert templates"))
    assert "Storm: kept by the network" in listed.embeds[0].description


async def test_a_form_that_somebody_was_faster_than_is_refused_with_its_text(world: World) -> None:
    await furnish(world)
    mine = answer(await world.coordinator.slash(world.room, "alert templates", hazard="fire"))
    form = await world.coordinator.click(mine, custom_id="template:text:server:fire:en")
    theirs = answer(await world.network_coordinator.slash(world.room, "alert templates", hazard="fire"))
    faster = await world.network_coordinator.click(theirs, custom_id="template:text:server:fire:en")
    text = {"headline": "{event}", "description": "Smoke over {place}.", "instruction": "Close the windows."}
    await world.network_coordinator.submit_modal(faster, text)
    refused = answer(await world.coordinator.submit_modal(form, {**text, "instruction": "Open nothing."}))
    assert "Somebody changed this template meanwhile" in refused.content
    assert "Open nothing." in refused.content
    world.env.errors.clear()
