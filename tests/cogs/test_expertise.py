"""Her own terms on the card, the menu Endorse, and the question whether an old topic is still right."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select

from db.tables import Answer, Endorsement, Expertise, Member, Question
from tests.clock import SettableClock
from tests.cogs.answers import answer, labels
from tests.cogs.conftest import World
from tests.cogs.test_profile import LYON, words

TOPIC = "social-housing"


async def prepare(world: World) -> None:
    """The alumna has a profile with one topic."""
    await world.alumna.slash(world.room, "profile setup", city=LYON)
    await world.alumna.slash(world.room, "profile topics", topic=TOPIC, level="expert")


async def row(world: World, *columns: Any) -> list[tuple[Any, ...]]:
    async with world.application.database.read() as session:
        return [tuple(one) for one in await session.execute(select(*columns))]


async def test_terms_are_on_the_topics_card(world: World) -> None:
    await prepare(world)
    card = answer(await world.alumna.slash(world.room, "profile topics"))
    await world.alumna.select(card, [TOPIC], custom_id="profile:topic")
    await world.alumna.click(card, label="Requests")
    assert "Open to 4 requests in thirty days" in words(card)

    await world.alumna.select(card, ["1"], custom_id=f"expert:cap:{TOPIC}")
    assert "Open to one request in thirty days" in words(card)
    await world.alumna.select(card, ["14"], custom_id=f"expert:pause:{TOPIC}")
    assert "Paused until March 17, 2026" in words(card)
    form = await world.alumna.select(card, ["date"], custom_id=f"expert:pause:{TOPIC}")
    refused = answer(await world.alumna.submit_modal(form, {"until": "4/5/2026"}))
    assert "can be read as two dates" in refused.content
    form = await world.alumna.select(card, ["date"], custom_id=f"expert:pause:{TOPIC}")
    await world.alumna.submit_modal(form, {"until": "5 April"})
    assert "Paused until April 5, 2026" in words(card)
    await world.alumna.click(card, label="No requests on this topic")
    assert labels(card) == ["Take requests", "Back to your topics"]
    assert await row(world, Expertise.open, Expertise.monthly_cap) == [(False, 1)]
    await world.alumna.click(card, label="Take requests")
    assert "Open to one request" in words(card)
    await world.alumna.click(card, label="Back to your topics")
    assert "Your topics" in words(card)


async def test_expert_open_shows_the_same_and_suggests_her_own_topics(world: World) -> None:
    await prepare(world)
    choices = await world.alumna.autocomplete(world.room, "expert open", "topic", "hous")
    assert [one["value"] for one in choices] == [TOPIC]
    result = answer(await world.alumna.slash(world.room, "expert open", topic="social housing"))
    assert result.ephemeral
    assert "Open to 4 requests" in words(result)
    refused = answer(await world.alumna.slash(world.room, "expert open", topic="cycling-infrastructure"))
    assert "Reference:" in refused.content


async def test_endorsing_and_taking_it_back(world: World) -> None:
    await prepare(world)
    await world.coordinator.slash(world.room, "profile setup", city=LYON)
    menu = answer(await world.coordinator.context_menu(world.room, "Endorse", world.alumna))
    assert menu.ephemeral
    await world.coordinator.select(menu, [TOPIC], custom_id=f"expert:endorse:{world.alumna.id}")
    assert "You vouch for alumna in" in words(menu)
    assert await row(world, Endorsement.topic_id) == [(TOPIC,)]

    again = answer(await world.coordinator.context_menu(world.room, "Endorse", world.alumna))
    assert "endorsed this already" in str(again.components)
    await world.coordinator.click(menu, label="Take it back")
    assert "no longer vouch" in words(menu)
    assert await row(world, Endorsement.topic_id) == []


async def test_nobody_endorses_herself_or_somebody_without_topics(world: World) -> None:
    await prepare(world)
    own = answer(await world.alumna.context_menu(world.room, "Endorse", world.alumna))
    assert "You cannot vouch for yourself" in own.content
    await world.coordinator.slash(world.room, "profile setup", city=LYON)
    other = answer(await world.alumna.context_menu(world.room, "Endorse", world.coordinator))
    assert "has not named any topic yet" in other.content


async def test_the_profile_of_an_expert_says_what_speaks_for_her(world: World) -> None:
    await prepare(world)
    async with world.application.database.begin() as session:
        now = world.application.clock()
        member = await session.scalar(select(Member.id).where(Member.user_id == world.alumna.id))
        question = await session.scalar(
            insert(Question)
            .values(
                server_id=world.server.id,
                nameless=False,
                title="T",
                body="B",
                language="en",
                topic_id=TOPIC,
                state="answered",
                asked_at=now,
            )
            .returning(Question.id)
        )
        await session.execute(
            insert(Answer).values(question_id=question, member_id=member, relayed=False, given_at=now, accepted_at=now)
        )
    result = answer(await world.coordinator.slash(world.room, "expert profile", member=world.alumna))
    assert "1 accepted answer · Open to 4 requests in thirty days" in words(result)


async def test_an_old_topic_is_asked_about_and_confirmed(world: World, clock: SettableClock) -> None:
    await prepare(world)
    clock.advance(timedelta(days=400))
    shown = await world.alumna.slash(world.room, "profile show")
    asked = shown.followups[-1]
    assert asked.ephemeral
    assert "You last said on March 3, 2026" in words(asked)
    await world.alumna.click(asked, label="Yes, still")
    assert "up to date" in words(asked)
    assert await row(world, Expertise.confirmed_at) == [(world.application.clock(),)]
    assert not (await world.alumna.slash(world.room, "profile show")).followups


async def test_one_topic_after_the_other_and_not_any_more(world: World, clock: SettableClock) -> None:
    await prepare(world)
    await world.alumna.slash(world.room, "profile topics", topic="cycling-infrastructure")
    clock.advance(timedelta(days=400))
    found = await world.alumna.slash(world.room, "expert find", topic=TOPIC)
    asked = found.followups[-1]
    await world.alumna.click(asked, label="Not any more")
    await world.alumna.click(asked, label="Not any more")
    assert "up to date" in words(asked)
    assert await row(world, Expertise.topic_id) == []
