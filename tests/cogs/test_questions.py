"""/ask and the life of a question's post, in a running bot."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import discord
import pytest
import simcord
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.domain.questions import QuestionState
from db.tables import AuditEntry
from tests.clock import SettableClock
from tests.cogs.answers import answer, fields
from tests.cogs.asking import (
    TEXT,
    ask,
    choose,
    forum,
    language,
    last,
    member,
    press,
    pressable,
    rows,
    stale,
    state,
    tags,
    top,
    unclear,
)
from tests.cogs.conftest import World, join, speak


async def test_a_question_becomes_a_post(world: World) -> None:
    place = await forum(world)
    said = await ask(world)
    (thread,) = place.threads
    assert said.ephemeral
    assert f"<#{thread.id}>" in said.content
    post = top(thread)
    assert thread.name == TEXT["title"]
    assert post.content == f"alumna (<@{world.alumna.id}>) asks:"
    assert "council decides in May" in post.embeds[0].description
    assert fields(post)["Topic"] == "participatory budgeting"
    assert fields(post)["Language"] == "English"
    assert pressable(post) == ["Find people", "Edit", "It is answered"]
    assert len(tags(world, place, thread)) == 2
    assert "Open" in tags(world, place, thread)
    assert world.alumna.id in world.env.backend.get_channel(thread.id).thread_members
    (row,) = await rows(world)
    assert (row.thread_id, row.message_id, row.state) == (thread.id, post.id, QuestionState.OPEN)


async def test_autocomplete_and_a_topic_of_her_own_words(world: World) -> None:
    place = await forum(world)
    choices = await world.alumna.autocomplete(world.room, "ask", "topic", "social hous")
    assert choices[0]["value"] == "social-housing"
    form = await world.alumna.slash(world.room, "ask", topic="social-housing")
    shown = prefilled(form)
    assert shown["topic"]["value"] == "social housing"
    values = {**TEXT, "topic": shown["topic"]["value"], "sign": ["name"]}
    await world.alumna.submit_modal(form, values)
    assert fields(top(place.threads[0]))["Topic"] == "social housing"
    assert "Housing, amenities" in tags(world, place, place.threads[0])


async def test_an_unclear_topic_is_asked_back_and_chosen_in_one_tap(world: World) -> None:
    place = await forum(world)
    said = await ask(world, topic=unclear(world))
    (thread,) = place.threads
    assert "Topic" not in fields(top(thread))
    assert tags(world, place, thread) == {"Open"}
    assert "I am not sure what it is about" in said.content
    options = said.components[0]["components"][0]["options"]
    chosen = answer(await world.alumna.select(said, [options[0]["value"]], custom_id="question:topic:1"))
    assert "It is changed" in chosen.content
    assert fields(top(thread))["Topic"] == options[0]["label"]
    assert len(tags(world, place, thread)) == 2


@pytest.mark.parametrize(
    ("code", "asks", "topic", "open_tag", "division", "label"),
    [
        ("fr", "demande :", "budget participatif", "Ouverte", "Administration", "Trouver des personnes"),
        ("es", "pregunta:", "presupuesto participativo", "Abierta", "Administración", "Buscar personas"),
    ],
)
async def test_the_post_speaks_the_servers_language(
    world: World, code: str, asks: str, topic: str, open_tag: str, division: str, label: str
) -> None:
    place = await forum(world)
    await language(world, code)
    said = await ask(world)
    (thread,) = place.threads
    assert asks in top(thread).content
    assert topic in [str(field.value) for field in top(thread).embeds[0].fields]
    assert tags(world, place, thread) == {open_tag, division}
    assert label in pressable(top(thread))
    assert said.content.startswith("Your question stands here")


@pytest.mark.parametrize(
    ("locale", "posted", "spoken", "changed"),
    [
        ("fr", "Votre question est ici", "French", "C’est modifié"),
        ("es-ES", "Su pregunta está aquí", "Spanish", "Está cambiada"),
    ],
)
async def test_she_reads_her_own_language_in_an_english_server(
    world: World, locale: str, posted: str, spoken: str, changed: str
) -> None:
    place = await forum(world)
    speak(world.alumna, locale)
    said = await ask(world, nameless=True)
    assert said.content.startswith(posted)
    (thread,) = place.threads
    assert fields(top(thread))["Language"] == spoken
    form = await world.alumna.click(top(thread), custom_id="question:edit:1")
    assert changed in answer(await world.alumna.submit_modal(form, {**TEXT})).content
    form = await world.alumna.click(top(thread), custom_id="question:reply:1")
    await world.alumna.submit_modal(form, {"text": "Merci"})
    assert last(thread).content.startswith("**Who asked the question writes:**")


async def test_tags_of_another_language_are_not_made_twice(world: World) -> None:
    place = await forum(world)
    await ask(world)
    await language(world, "fr")
    await ask(world)
    names = [tag["name"] for tag in world.env.backend.get_channel(place.id).available_tags]
    assert sorted(names) == ["Administration", "Answered", "Open"]


async def test_tags_that_people_chose_stay(world: World) -> None:
    place = await forum(world)
    await ask(world)
    (thread,) = place.threads
    backend = world.env.backend
    urgent = {"id": "77", "name": "urgent", "moderated": False, "emoji_id": None, "emoji_name": None}
    backend.edit_channel(place.id, {"available_tags": [*backend.get_channel(place.id).available_tags, urgent]})
    backend.edit_channel(thread.id, {"applied_tags": [*backend.get_channel(thread.id).applied_tags, 77]})
    await world.env.settle()
    await press(world, world.alumna, thread, "close")
    assert tags(world, place, thread) == {"urgent", "Answered", "Administration"}


async def test_without_manage_channels_it_is_posted_without_tags(world: World) -> None:
    place = await forum(world)
    deny(world, place, manage_channels=True)
    said = await ask(world)
    (thread,) = place.threads
    assert tags(world, place, thread) == set()
    assert "It does not carry all its tags" in said.content


async def test_a_full_set_of_tags(world: World) -> None:
    place = await forum(world)
    many = [
        {"id": str(number), "name": f"tag {number}", "moderated": False, "emoji_id": None, "emoji_name": None}
        for number in range(1, 20)
    ]
    world.env.backend.edit_channel(place.id, {"available_tags": many})
    await world.env.settle()
    said = await ask(world)
    assert tags(world, place, place.threads[0]) == {"Open"}
    assert "It does not carry all its tags" in said.content


def deny(world: World, place: simcord.ChannelHandle, **permissions: bool) -> None:
    """Take these from the bot in a channel."""
    guild = world.env.backend.get_guild(world.server.id)
    role = next(role for role in guild.roles.values() if role.managed)
    world.env.backend.set_overwrite(
        place.id,
        Overwrite(target_id=role.id, type=OverwriteType.ROLE, deny=discord.Permissions(**permissions).value),
    )


def prefilled(form: Any) -> dict[str, Any]:
    """The fields of a form that is shown, by their names."""
    return {part["component"]["custom_id"]: part["component"] for part in form.modal["components"]}


def archived(world: World, thread: simcord.ChannelHandle) -> bool:
    """Whether Discord has put the thread away."""
    metadata = world.env.backend.get_channel(thread.id).thread_metadata
    return metadata is not None and metadata.archived


async def test_no_forum_is_said_before_she_types(world: World) -> None:
    refused = await world.alumna.slash(world.room, "ask")
    assert refused.modal is None
    assert "Someone who manages it can choose or create one with /setup" in answer(refused).content


@pytest.mark.parametrize("what", ["gone", "closed", "unchosen", "text", "refused", "tag", "full"])
async def test_what_cannot_be_posted_is_given_back(world: World, what: str) -> None:
    place = await forum(world)
    form = await world.alumna.slash(world.room, "ask")
    sentences = {
        "gone": "was deleted on Discord",
        "closed": "I lack Send Messages and Create Posts",
        "unchosen": "has no forum for questions yet",
        "text": "is not a forum",
        "refused": "Discord does not let me post",
        "tag": "demands a tag on every post",
        "full": "as many open threads",
    }
    match what:
        case "gone":
            world.env.backend.delete_channel(place.id)
        case "closed":
            deny(world, place, send_messages=True)
        case "unchosen":
            await choose(world, None)
        case "text":
            await choose(world, world.room.id)
        case _:
            status, code = {"refused": (403, 50013), "tag": (400, 40067), "full": (400, 160006)}[what]
            world.env.inject_error("POST", f"/channels/{place.id}/threads", status=status, code=code, message="no")
    await world.env.settle()
    said = answer(await world.alumna.submit_modal(form, {**TEXT, "sign": ["name"]}))
    assert sentences[what] in said.content
    assert TEXT["body"] in said.content
    assert await rows(world) == []


@pytest.mark.parametrize("text", [{"title": " \u200b "}, {"body": "\u202e"}])
async def test_nothing_in_it_is_given_back(world: World, text: dict[str, str]) -> None:
    place = await forum(world)
    said = await ask(world, world.alumna, nameless=False, **text)
    assert "Mend it and try again" in str(said.components)
    assert place.threads == []
    assert await rows(world) == []


async def test_bad_text_stays_harmless_and_whole(world: World) -> None:
    place = await forum(world)
    await ask(world, title="@everyone **read** this", body="*" * 4000)
    post = top(place.threads[0])
    assert not post.mention_everyone
    assert "@everyone" not in post.embeds[0].title
    assert post.embeds[0].description == "*" * 4000


async def test_in_a_direct_message_it_asks_which_server(world: World) -> None:
    await forum(world)
    await member(world, world.alumna, "Ana")
    other = world.env.create_guild("Porto alumni")
    place = await forum(world, other)
    await join(world.application, other.id, name="Porto alumni", questions_forum_id=place.id)
    ana = world.alumna.user
    other.add_member(ana)
    await world.env.settle()  # the bot follows who comes, and had to look who is there
    asked = answer(await ana.slash("ask"))
    form = await ana.select(asked, [str(other.id)], custom_id="question:where:")
    said = answer(await ana.submit_modal(form, {**TEXT, "sign": ["name"]}))
    assert "Your question stands here" in said.content
    assert [thread.name for thread in place.threads] == [TEXT["title"]]


async def test_in_a_direct_message_one_server_is_enough(world: World) -> None:
    place = await forum(world)
    await member(world, world.alumna, "Ana")
    form = await world.alumna.user.slash("ask")
    await world.alumna.user.submit_modal(form, {**TEXT, "sign": ["name"]})
    assert len(place.threads) == 1


async def test_who_lost_the_role_meanwhile_may_not(world: World, clock: SettableClock) -> None:
    place = await forum(world)
    form = await world.alumna.slash(world.room, "ask")
    world.env.backend.edit_member(world.server.id, world.alumna.id, {"role_ids": []})
    await world.env.settle()
    said = answer(await world.alumna.submit_modal(form, {**TEXT, "sign": ["name"]}))
    assert "alumni role" in said.content
    assert place.threads == []


async def test_edit(world: World, clock: SettableClock) -> None:
    place = await forum(world)
    await ask(world)
    (thread,) = place.threads
    clock.advance(timedelta(hours=2))
    form = await world.alumna.click(top(thread), custom_id="question:edit:1")
    shown = prefilled(form)
    assert (shown["title"]["value"], shown["body"]["value"]) == (TEXT["title"], TEXT["body"])
    said = answer(
        await world.alumna.submit_modal(form, {"title": "Who has built social housing?", "body": "New", "topic": ""})
    )
    assert "It is changed" in said.content
    assert thread.name == "Who has built social housing?"
    assert fields(top(thread))["Topic"] == "social housing"
    assert top(thread).embeds[0].footer.text == "Question 1 · edited"
    assert tags(world, place, thread) == {"Open", "Housing, amenities"}


async def test_too_many_edits_of_an_old_post_are_posted_afresh(world: World) -> None:
    place = await forum(world)
    await ask(world)
    (thread,) = place.threads
    world.env.inject_error("PATCH", f"/channels/{thread.id}/messages/*", status=400, code=30046, message="no")
    form = await world.alumna.click(top(thread), custom_id="question:edit:1")
    await world.alumna.submit_modal(form, {"title": TEXT["title"], "body": "Said otherwise", "topic": ""})
    assert last(thread).embeds[0].description == "Said otherwise"


@pytest.mark.parametrize("verb", ["edit", "close", "reopen"])
async def test_buttons_are_not_for_everybody(world: World, verb: str) -> None:
    place = await forum(world)
    await ask(world)
    (thread,) = place.threads
    somebody = world.person("Somebody", world.alumni_role)
    if verb == "reopen":
        await press(world, world.alumna, thread, "close")
    said = await press(world, somebody, thread, verb)
    assert said.content.startswith("Only the person who asked this question")
    assert await state(world) == ("answered" if verb == "reopen" else "open")


async def test_close_twice_and_reopen(world: World) -> None:
    place = await forum(world)
    await ask(world)
    (thread,) = place.threads
    button = await stale(world, "question:close:1")
    for _ in range(2):
        assert "is closed" in answer(await world.alumna.click(button, custom_id="question:close:1")).content
    assert await state(world) == QuestionState.ANSWERED
    assert tags(world, place, thread) == {"Answered", "Administration"}
    assert pressable(top(thread)) == ["Edit", "Reopen"]
    await press(world, world.alumna, thread, "reopen")
    assert await state(world) == QuestionState.OPEN
    assert tags(world, place, thread) == {"Open", "Administration"}
    assert await rows(world, AuditEntry) == []


async def test_the_asker_has_left_and_a_coordinator_closes(world: World) -> None:
    place = await forum(world)
    await ask(world)
    (thread,) = place.threads
    world.server.remove_member(world.alumna)
    await world.env.settle()
    await press(world, world.coordinator, thread, "close")
    assert await state(world) == QuestionState.ANSWERED
    (entry,) = await rows(world, AuditEntry)
    assert (entry.action, entry.actor_id, entry.details) == ("question.close", world.coordinator.id, {"question": 1})


async def test_an_archived_thread_is_opened_edited_and_archived_again(world: World) -> None:
    place = await forum(world)
    await ask(world)
    (thread,) = place.threads
    world.env.backend.edit_channel(thread.id, {}, thread_metadata={"archived": True})
    await world.env.settle()
    await press(world, world.alumna, thread, "close")
    assert tags(world, place, thread) == {"Answered", "Administration"}
    assert archived(world, thread)
    await press(world, world.alumna, thread, "reopen")
    assert not archived(world, thread)


async def test_a_locked_and_archived_thread_stays_locked(world: World) -> None:
    place = await forum(world)
    await ask(world)
    (thread,) = place.threads
    world.env.backend.edit_channel(thread.id, {}, thread_metadata={"archived": True, "locked": True})
    await world.env.settle()
    await world.coordinator.click(await stale(world, "question:close:1"), custom_id="question:close:1")
    assert fields(top(thread))["State"] == "Answered"
    assert archived(world, thread)
    metadata = world.env.backend.get_channel(thread.id).thread_metadata
    assert metadata is not None
    assert metadata.locked


async def test_a_thread_archived_without_our_knowing(world: World) -> None:
    place = await forum(world)
    await ask(world)
    (thread,) = place.threads
    world.env.inject_error("PATCH", f"/channels/{thread.id}/messages/*", status=400, code=50083, message="archived")
    await press(world, world.alumna, thread, "close")
    assert fields(top(thread))["State"] == "Answered"
    assert archived(world, thread)


@pytest.mark.parametrize("what", ["thread", "card", "unseen"])
async def test_a_deleted_post(world: World, what: str) -> None:
    place = await forum(world)
    await ask(world)
    (thread,) = place.threads
    post = top(thread)
    form = await world.alumna.click(post, custom_id="question:edit:1")
    if what == "thread":
        world.env.backend.delete_channel(thread.id)
    elif what == "card":
        world.env.backend.delete_message(thread.id, post.id)
    else:
        world.env.inject_error("PATCH", f"/channels/{thread.id}*", status=404, code=10003, message="gone", times=None)
    await world.env.settle()
    if what == "unseen":
        said = answer(await world.alumna.submit_modal(form, {"title": "Other", "body": "Text to keep", "topic": ""}))
        assert "was deleted on Discord" in said.content
        assert "Text to keep" in said.content
    assert await state(world) == QuestionState.REMOVED
    if what == "card":
        said = answer(await world.alumna.context_menu(thread, "Mark as answer", await world.alumna.send(thread, "x")))
        assert "ask again with /ask" in said.content


async def test_a_server_that_left_keeps_its_questions_shut(world: World) -> None:
    place = await forum(world)
    await ask(world)
    await world.application.services.network.leave(world.server.id)
    said = await press(world, world.alumna, place.threads[0], "close")
    assert "not part of the network" in said.content
    assert await state(world) == QuestionState.OPEN


async def test_deleting_her_data_takes_her_name_off_the_post(world: World) -> None:
    place = await forum(world)
    await ask(world)
    shown = answer(await world.alumna.slash(world.room, "privacy delete"))
    await world.alumna.click(shown, custom_id="privacy:delete:yes")
    post = top(place.threads[0])
    assert post.content == "Somebody who has left asked:"
    assert str(world.alumna.id) not in post.content
    said = await press(world, world.alumna, place.threads[0], "close")
    assert "Only the person who asked" in said.content
    await press(world, world.coordinator, place.threads[0], "close")
    assert await state(world) == QuestionState.ANSWERED
