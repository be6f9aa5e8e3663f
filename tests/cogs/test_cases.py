"""Case studies from the first draft to the post and what becomes of it, as people see it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import discord
import pytest
import simcord
from sqlalchemy import update

from bot.domain.cases import CaseState
from db.queries import case_posts
from db.tables import Adaptation, Case, CasePost
from tests.cogs.answers import answer
from tests.cogs.asking import ask, member, pressable, stale
from tests.cogs.asking import forum as questions_forum
from tests.cogs.conftest import World, join
from tests.cogs.delivering import deliver
from tests.cogs.test_chat import me, say
from tests.cogs.writing import FORMS, LESSONS, SHORT, draft, fill, forum, pressed, published, rows, whole


def field_names(message: discord.Message) -> list[str]:
    """The names of the fields of its first card."""
    return [str(field.name) for field in message.embeds[0].fields]


async def test_a_draft_is_filled_in_any_order_and_found_again(world: World) -> None:
    card = await draft(world)
    assert "still lacks 15 things" in str(field_names(card))
    card = await fill(world, card, "lessons", LESSONS)
    card = await fill(world, card, "short", SHORT)
    assert card.embeds[0].title == SHORT["title"]
    assert "still lacks 10 things" in str(field_names(card))
    listed = answer(await world.alumna.slash(world.room, "case drafts"))
    again = answer(await world.alumna.select(listed, ["1"], custom_id="case:open"))
    assert again.embeds[0].title == SHORT["title"]


async def test_the_whole_way_by_hand(world: World) -> None:
    place = await forum(world)
    card = await draft(world)
    for part, values in FORMS.items():
        card = await fill(world, card, part, values)
    await world.alumna.click(card, custom_id="case:submit:1")
    queue = answer(await world.coordinator.slash(world.room, "review"))
    page = answer(await world.coordinator.select(queue, ["1"], custom_id="case:judge"))
    said = answer(await world.coordinator.click(page, custom_id="case:publish:1"))
    assert "It stands here" in said.content
    assert "Nothing waits" in said.content
    assert [thread.name for thread in place.threads] == [SHORT["title"]]


async def test_a_refused_form_gives_its_text_back(world: World) -> None:
    card = await draft(world)
    said = await fill(world, card, "facts", {"start_year": "soon", "status": ["pilot"]})
    assert "not a year that I can use" in said.content
    form: Any = await world.alumna.click(said, custom_id=pressed(said, "form:again:"))
    (year,) = [one for one in form.modal["components"] if one["component"]["custom_id"] == "start_year"]
    assert year["component"]["value"] == "soon"


async def test_files_come_along(world: World) -> None:
    card = await draft(world)
    form = await world.alumna.select(card, ["files"], custom_id="case:fill:1")
    values = {"files": [("plan.pdf", b"%PDF-1.7 x"), ("map.png", b"\x89PNG\r\n\x1a\nx")], "about": "The plan, a map"}
    card = answer(await world.alumna.submit_modal(form, values))
    assert "Files: 2 of 3" in field_names(card)
    form = await world.alumna.select(card, ["files"], custom_id="case:fill:1")
    said = answer(await world.alumna.submit_modal(form, {"files": [("evil.exe", b"MZ")]}))
    assert "of a kind that I do not take" in said.content


async def test_published_it_stands_in_the_forum_once(world: World) -> None:
    thread = await published(world)
    top, *below = thread.history()
    assert thread.name == SHORT["title"]
    assert top.content == "Case study from Lyon, France"
    assert [embed.title for embed in top.embeds] == [
        SHORT["title"],
        "What failed, or what we would change",
        "How to adapt it elsewhere",
    ]
    assert "We measured roofs." in below[0].content
    parent: Any = world.env.backend.get_channel(thread.id).parent_id
    names = {int(tag["id"]): tag["name"] for tag in world.env.backend.get_channel(parent).available_tags}
    applied = {names[each] for each in world.env.backend.get_channel(thread.id).applied_tags}
    assert applied == {"Running", "Environment"}
    await deliver(world)
    assert len(thread.history()) == 1 + len(below)


async def test_two_coordinators_decide_and_the_second_is_told(world: World) -> None:
    await forum(world)
    await world.alumna.click(await whole(world), custom_id="case:submit:1")
    queue = answer(await world.coordinator.slash(world.room, "review"))
    page = answer(await world.coordinator.select(queue, ["1"], custom_id="case:judge"))
    form = await world.coordinator.click(page, custom_id="case:return:1")
    await world.coordinator.submit_modal(form, {"comment": "Say more of what failed."})
    late = await stale(world, "case:publish:1")
    said = answer(await world.coordinator.click(late, custom_id="case:publish:1"))
    assert "Somebody has decided already" in said.content
    listed = answer(await world.alumna.slash(world.room, "case drafts"))
    card = answer(await world.alumna.select(listed, ["1"], custom_id="case:open"))
    assert "Say more of what failed." in card.embeds[0].description


async def test_an_edit_edits_the_post(world: World) -> None:
    thread = await published(world)
    card = answer(await world.alumna.click(thread.history()[0], custom_id="case:card:1"))
    await fill(world, card, "story", {"before": "B", "done": "D", "results": "20 % less."})
    top, below = thread.history()
    assert "20 % less." in below.content
    card = answer(await world.alumna.click(top, custom_id="case:card:1"))
    await fill(world, card, "short", {"title": "Fees by roof", "summary": "New"})
    assert thread.name == "Fees by roof"
    assert thread.history()[0].embeds[0].title == "Fees by roof"


async def test_withdrawn_its_posts_go_and_adaptations_stay(world: World) -> None:
    thread = await published(world)
    await adapt(world, thread)
    card = answer(await world.alumna.click(thread.history()[0], custom_id="case:card:1"))
    sure = answer(await world.alumna.click(card, custom_id="case:withdraw:1"))
    await world.alumna.click(sure, custom_id="case:really_withdraw:1")
    (row,) = await rows(world, CasePost)
    assert row.state == "removed"
    assert len(await rows(world, Adaptation)) == 1


async def adapt(world: World, thread: simcord.ChannelHandle) -> str:
    """A coordinator's city takes it up; what she is told."""
    form = await world.coordinator.click(thread.history()[0], custom_id="case:adapt:1")
    values = {"city": "Porto", "year": "2025", "kept": "The map", "changed": "The tariff"}
    said: str = answer(await world.coordinator.submit_modal(form, values)).content
    return said


async def test_an_adaptation_stands_on_the_post(world: World) -> None:
    thread = await published(world)
    assert "in six months" in await adapt(world, thread)
    (chain,) = [field for field in thread.history()[0].embeds[0].fields if "Adapted by" in str(field.name)]
    assert chain.value == "2025: Porto"


async def test_after_six_months_its_owner_is_asked_and_tells(world: World) -> None:
    await member(world, world.coordinator, "Chloé")
    await member(world, world.alumna, "Ana")
    thread = await published(world)
    await adapt(world, thread)
    said = answer(await world.coordinator.slash(world.room, "follow", topic="housing"))
    assert "You follow" in said.content
    await deliver(world, after=timedelta(days=190))
    asked = world.coordinator.user.dm_channel.history()[-1]
    assert "6 months ago" in asked.content
    form = await world.coordinator.user.click(asked, custom_id=pressed(asked, "case:news:1:6"))
    await world.coordinator.user.submit_modal(form, {"outcome": ["worked"], "text": "Half the floods."})
    (chain,) = [field for field in thread.history()[0].embeds[0].fields if "Adapted by" in str(field.name)]
    assert chain.value == "2025: Porto (It worked)"


async def test_useful_counts_on_the_button(world: World) -> None:
    thread = await published(world)
    said = answer(await world.coordinator.click(thread.history()[0], custom_id="case:useful:1"))
    assert "1 person finds it useful" in said.content
    labels = pressable(thread.history()[0])
    assert "Useful (1)" in labels


async def test_a_mirror_has_it_too_in_its_own_language(world: World) -> None:
    other = world.env.create_guild("Porto alumni")
    await join(world.application, other.id, name="Porto alumni", language="fr")
    place = await forum(world, other)
    async with world.application.database.begin() as session:
        await case_posts.set_mirror(session, other.id, wanted=True, now=world.application.clock())
    thread = await published(world)
    (mirrored,) = place.threads
    assert mirrored.history()[0].content == "Étude de cas de Lyon, France"
    assert mirrored.history()[0].embeds[0].description == thread.history()[0].embeds[0].description


async def test_search_pages_and_share(world: World) -> None:
    await published(world)
    found = answer(await world.coordinator.slash(world.room, "case search", text="stromwater fee"))
    assert SHORT["title"] in found.embeds[0].description
    assert found.embeds[0].author.name == "stromwater fee"
    await world.coordinator.click(found, custom_id=pressed(found, "case:find:0:s:"))
    shared = world.room.history()[-1]
    assert SHORT["title"] in str(shared.embeds[0].description)
    page = answer(await world.stranger.select(shared, ["1"], custom_id="case:show"))
    assert "alumni role" in page.content
    page = answer(await world.coordinator.select(found, ["1"], custom_id="case:show"))
    assert page.embeds[0].title == SHORT["title"]
    page = answer(await world.coordinator.click(page, custom_id="case:read:1:1:f"))
    assert "We measured roofs." in page.content
    nothing = answer(await world.coordinator.slash(world.room, "case search", status="idea"))
    assert "I found none" in nothing.embeds[0].description


async def test_view_by_its_title(world: World) -> None:
    await published(world)
    choices = await world.coordinator.autocomplete(world.room, "case view", "case", "storm")
    assert [choice["name"] for choice in choices] == [SHORT["title"]]
    page = answer(await world.coordinator.slash(world.room, "case view", case="1"))
    assert page.embeds[0].title == SHORT["title"]


@pytest.mark.parametrize("what", ["gone", "unwell", "between"])
async def test_whatever_happens_in_between_it_stands_once(world: World, what: str) -> None:
    place = await forum(world)
    await world.alumna.click(await whole(world), custom_id="case:submit:1")
    queue = answer(await world.coordinator.slash(world.room, "review"))
    page = answer(await world.coordinator.select(queue, ["1"], custom_id="case:judge"))
    match what:
        case "gone":
            world.env.backend.delete_channel(place.id)
        case "unwell":
            world.env.inject_error("POST", f"/channels/{place.id}/threads", status=503, code=0, message="no")
        case _:
            world.env.inject_error("POST", "/channels/*/messages", status=503, code=0, message="no")
    await world.env.settle()
    said = answer(await world.coordinator.click(page, custom_id="case:publish:1"))
    assert "I try again by myself" in said.content
    (row,) = await rows(world, Case)
    assert row.state == CaseState.PUBLISHED
    if what == "gone":
        place = await forum(world)
    await deliver(world, after=timedelta(minutes=11))
    (thread,) = place.threads
    assert "We measured roofs." in thread.history()[1].content


async def test_a_post_deleted_by_hand_is_made_again_when_asked(world: World) -> None:
    thread = await published(world)
    world.env.backend.delete_channel(thread.id)
    await world.env.settle()
    (row,) = await rows(world, CasePost)
    assert row.state == "lost"
    await deliver(world, after=timedelta(minutes=11))
    (row,) = await rows(world, CasePost)
    assert row.state == "lost"
    listed = answer(await world.alumna.slash(world.room, "case drafts"))
    card = answer(await world.alumna.select(listed, ["1"], custom_id="case:open"))
    await world.alumna.click(card, custom_id="case:again:1")
    (row,) = await rows(world, CasePost)
    assert row.state == "posted"


async def test_questions_show_the_cases_that_fit(world: World) -> None:
    thread = await published(world)
    (said,) = await say(world, f"{me(world)} stormwater management")
    assert "A case study about it" in said.content
    assert f"{world.server.id}/{thread.id}" in said.content
    place = await questions_forum(world)
    asked = await ask(world, title="Stormwater fees, who has them?", body="B", topic="")
    assert f"{world.server.id}/{thread.id}" in asked.content
    assert "A case study about it" in asked.content
    found = await world.alumna.click(place.threads[0].history()[0], custom_id="question:people:1")
    assert SHORT["title"] in answer(found).content


@pytest.mark.parametrize("forgotten", ["the post", "its messages", "what it says"])
async def test_after_a_crash_at_any_step_nothing_is_there_twice(world: World, forgotten: str) -> None:
    thread = await published(world)
    before = [message.content for message in thread.history()]
    lost: dict[str, Any] = {
        "the post": {"state": "wanted", "thread_id": None, "message_id": None, "parts": [], "shown": 0},
        "its messages": {"parts": [], "shown": 0},
        "what it says": {"shown": 0},
    }
    async with world.application.database.begin() as session:
        await session.execute(update(CasePost).values(**lost[forgotten]))
    await deliver(world, after=timedelta(minutes=11))
    (row,) = await rows(world, CasePost)
    assert (row.state, row.thread_id) == ("posted", thread.id)
    assert row.shown > 0
    assert [message.content for message in thread.history()] == before


async def test_deleting_her_data_takes_her_name_off_the_post(world: World) -> None:
    thread = await published(world)
    shown = answer(await world.alumna.slash(world.room, "privacy delete"))
    await world.alumna.click(shown, custom_id="privacy:delete:yes")
    await deliver(world, after=timedelta(minutes=11))
    (author,) = [field for field in thread.history()[0].embeds[0].fields if field.name == "Written by"]
    assert author.value == "somebody who has left"
