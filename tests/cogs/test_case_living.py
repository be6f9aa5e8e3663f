"""What becomes of case studies, as people see it: asked after a year, told of, drawn, taken away, handed over."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import simcord
from sqlalchemy import insert, select, update

from bot.domain.cases import CaseState
from db.tables import Case, CaseStart, DeliveryRow, Member, Server
from tests.cogs.answers import answer
from tests.cogs.asking import member, stale
from tests.cogs.conftest import World
from tests.cogs.delivering import deliver
from tests.cogs.test_cases import adapt
from tests.cogs.writing import SHORT, actor, forum, pressed, published, rows, whole

YEAR = timedelta(days=370)


async def direct(world: World, who: simcord.MemberActor, name: str) -> Any:
    """A profile for somebody who allowed direct messages; where they arrive."""
    await member(world, who, name)
    channel = who.user.dm_channel
    async with world.application.database.begin() as session:
        since = {"direct_messages_at": world.application.clock(), "direct_channel_id": channel.id}
        await session.execute(update(Member).where(Member.user_id == who.id).values(**since))
    return channel


async def coordinators(world: World) -> simcord.ChannelHandle:
    """The coordinators' channel."""
    room = world.server.create_text_channel("coordinators")
    async with world.application.database.begin() as session:
        await session.execute(update(Server).values(coordinators_channel_id=room.id))
    return room


async def test_after_a_year_she_says_that_it_still_holds(world: World) -> None:
    channel = await direct(world, world.alumna, "Ana")
    await published(world)
    await deliver(world, after=YEAR)
    asked = channel.history()[-1]
    assert "Does it still hold?" in asked.content
    (before,) = await rows(world, Case)
    await world.alumna.user.click(asked, custom_id=pressed(asked, "case:confirm:1"))
    (after,) = await rows(world, Case)
    assert (after.verify_by - before.verify_by).days > 360
    await deliver(world, after=timedelta(days=30))
    assert channel.history()[-1].id == asked.id


async def test_after_a_year_she_retires_it_and_its_post_says_so(world: World) -> None:
    channel = await direct(world, world.alumna, "Ana")
    thread = await published(world)
    await deliver(world, after=YEAR)
    asked = channel.history()[-1]
    await world.alumna.user.click(asked, custom_id=pressed(asked, "case:retire:1"))
    assert "nobody vouches for it any more" in thread.history()[0].content
    found = answer(await world.coordinator.slash(world.room, "case search", text="stormwater fees"))
    assert "I found none" in str(found.embeds[0].description)


async def test_where_nobody_looks_after_it_the_coordinators_are_asked_and_edit(world: World) -> None:
    room = await coordinators(world)
    thread = await published(world)
    async with world.application.database.begin() as session:
        await session.execute(update(Case).values(owner_user_id=None, owner_name=None))
    await deliver(world, after=YEAR)
    asked = room.history()[-1]
    assert "Nobody looks after the case study" in asked.content
    refused = answer(await world.alumna.click(asked, custom_id=pressed(asked, "case:confirm:1")))
    assert "Only the person who looks after this case study" in refused.content
    card = answer(await world.coordinator.click(asked, custom_id=pressed(asked, "case:card:1")))
    form = await world.coordinator.select(card, ["short"], custom_id="case:fill:1")
    await world.coordinator.submit_modal(form, {**SHORT, "title": "Fees by roof"})
    assert thread.name == "Fees by roof"


async def test_a_coordinator_is_told_that_another_one_decides_on_hers(world: World) -> None:
    await forum(world)
    await whole(world)
    async with world.application.database.begin() as session:
        await session.execute(
            update(Case).values(author_user_id=world.coordinator.id, owner_user_id=world.coordinator.id)
        )
    await world.application.services.cases.submit(actor(world, world.coordinator), 1)
    for press in ("case:publish:1", "case:return:1", "case:reject:1"):
        queue = answer(await world.coordinator.slash(world.room, "review"))
        page = answer(await world.coordinator.select(queue, ["1"], custom_id="case:judge"))
        refused = answer(await world.coordinator.click(page, custom_id=press))
        assert "It is your own case study" in refused.content
    queue = answer(await world.network_coordinator.slash(world.room, "review"))
    page = answer(await world.network_coordinator.select(queue, ["1"], custom_id="case:judge"))
    done = answer(await world.network_coordinator.click(page, custom_id="case:publish:1"))
    assert "It stands here" in done.content


async def test_who_follows_a_topic_is_told_of_what_is_new(world: World) -> None:
    channel = await direct(world, world.coordinator, "Chloé")
    said = answer(await world.coordinator.slash(world.room, "follow", topic="stormwater-management"))
    assert "You follow" in said.content
    await deliver(world, after=timedelta(minutes=1))
    thread = await published(world)
    await deliver(world, after=timedelta(hours=1))
    told = channel.history()[-1]
    assert f"{world.server.id}/{thread.id}" in told.content
    page = answer(await world.coordinator.user.click(told, custom_id=pressed(told, "case:read:1")))
    assert page.embeds[0].title == SHORT["title"]


async def test_what_was_tried_in_a_check_in_starts_a_draft_once(world: World) -> None:
    member_id = await member(world, world.alumna, "Ana")
    text = "We charged a stormwater fee by roof area. " * 40
    async with world.application.database.begin() as session:
        now = world.application.clock()
        await session.execute(insert(CaseStart).values(member_id=member_id, text=text, language="en", created_at=now))
    listed = answer(await world.alumna.slash(world.room, "case drafts"))
    card = answer(await world.alumna.click(listed, custom_id="case:begin:1"))
    assert "What we did, and with whom: " in str(card.embeds[0].fields)
    (case,) = await rows(world, Case)
    assert " ".join(case.texts.values()) == text.strip()
    again = answer(await world.alumna.click(await stale(world, "case:begin:1"), custom_id="case:begin:1"))
    assert len(await rows(world, Case)) == 1
    assert again.content.startswith(world.application.catalogues.translator("en")("cases.start_used"))


async def test_the_map_is_a_picture_with_its_words(world: World) -> None:
    thread = await published(world)
    nothing = answer(await world.alumna.slash(world.room, "case map"))
    assert not nothing.attachments
    await adapt(world, thread)
    shown = answer(await world.alumna.slash(world.room, "case map"))
    (picture,) = shown.attachments
    assert (await picture.read())[:8] == b"\x89PNG\r\n\x1a\n"
    assert "Lyon" in str(picture.description)
    assert "Porto" in str(picture.description)


async def test_the_collection_as_a_file(world: World) -> None:
    await published(world)
    shown = answer(await world.alumna.slash(world.room, "case export", format="json"))
    (file,) = shown.attachments
    (case,) = json.loads(await file.read())["cases"]
    (row,) = await rows(world, Case)
    assert (case["id"], case["licence"], case["title"]) == (row.uid, "CC BY 4.0", SHORT["title"])
    shown = answer(await world.alumna.slash(world.room, "case export"))
    text = (await shown.attachments[0].read()).decode()
    assert f"- id: {row.uid}" in text


async def test_files_stand_below_the_post_with_their_bytes(world: World) -> None:
    thread = await published(world)
    card = answer(await world.alumna.click(thread.history()[0], custom_id="case:card:1"))
    form = await world.alumna.select(card, ["files"], custom_id="case:fill:1")
    await world.alumna.submit_modal(form, {"files": [("plan.pdf", b"%PDF-1.7 the plan")], "about": "The plan"})
    (file,) = thread.history()[-1].attachments
    assert (file.filename, await file.read(), file.description) == ("plan.pdf", b"%PDF-1.7 the plan", "The plan")
    card = answer(await world.alumna.click(thread.history()[0], custom_id="case:card:1"))
    await world.alumna.click(card, custom_id="case:nofiles:1")
    assert not any(message.attachments for message in thread.history())


async def test_the_author_leaves_while_it_waits_and_somebody_takes_it_over(world: World) -> None:
    await member(world, world.alumna, "Ana")
    bob = world.person("Bob", world.alumni_role)
    channel = await direct(world, bob, "Bob")
    room = await coordinators(world)
    await forum(world)
    await world.alumna.click(await whole(world), custom_id="case:submit:1")
    world.server.remove_member(world.alumna)
    await world.env.settle()
    await deliver(world, after=timedelta(hours=3))
    (card,) = [message for message in room.history() if "has left the network" in message.content]
    assert SHORT["title"] in card.content
    left = answer(await world.coordinator.click(card, custom_id=pressed(card, "handover:open:")))
    (item,) = (await world.application.services.hand_overs.get(1)).items
    asked = answer(await world.coordinator.select(left, [str(item.id)], custom_id="handover:item"))
    await world.coordinator.select(asked, [bob], custom_id=f"handover:to:{item.id}")
    await deliver(world)
    offer = channel.history()[-1]
    await bob.user.click(offer, custom_id=pressed(offer, "handover:take:"))
    await world.application.services.cases.publish(actor(world, world.coordinator, is_server_coordinator=True), 1)
    await deliver(world)
    (row,) = await rows(world, Case)
    assert (row.state, row.owner_user_id, row.author_user_id) == (CaseState.PUBLISHED, bob.id, world.alumna.id)
    async with world.application.database.read() as session:
        decided = select(DeliveryRow.state).where(DeliveryRow.kind == "case_decided")
        assert list(await session.scalars(decided)) == ["sent"]
