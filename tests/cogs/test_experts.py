"""/expert find, from a typo to named people with the reason for each."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert

from bot.domain.members import Level
from db.tables import City, Expertise, Member, MemberLanguage, Membership
from tests.cogs.answers import answer
from tests.cogs.conftest import World, speak

NOW = datetime(2026, 1, 5, tzinfo=UTC)


async def person(
    world: World,
    name: str,
    topic: str,
    level: Level,
    *,
    languages: tuple[str, ...] = ("en",),
    confirmed: bool = True,
    alumni: bool = True,
) -> int:
    """A member who named a topic; returns her Discord id."""
    actor = world.person(name, world.alumni_role)
    async with world.application.database.begin() as session:
        city = await session.scalar(
            insert(City).values(name="Porto", country="PT", population=249633, zone="Europe/Lisbon").returning(City.id)
        )
        member = await session.scalar(
            insert(Member)
            .values(
                user_id=actor.id,
                display_name=name,
                post="Stormwater engineer",
                city_id=city,
                zone="Europe/Lisbon",
                confirmed_at=NOW if confirmed else None,
                created_at=NOW,
                updated_at=NOW,
            )
            .returning(Member.id)
        )
        for language in languages:
            await session.execute(insert(MemberLanguage).values(member_id=member, language=language))
        await session.execute(
            insert(Membership).values(server_id=world.server.id, member_id=member, alumni=alumni, joined_at=NOW)
        )
        await session.execute(insert(Expertise).values(member_id=member, topic_id=topic, level=level.value))
    return actor.id


async def test_a_typo_still_finds_people_with_the_reason_for_each(world: World) -> None:
    ana = await person(world, "Ana Sousa", "participatory-budgeting", Level.EXPERT)
    rui = await person(world, "Rui Costa", "participatory-budgeting", Level.PRACTITIONER)

    result = await world.alumna.slash(world.room, "expert find", topic="participatry budgetting")

    assert result.ephemeral
    text = answer(result).embeds[0].description
    assert text.index(f"<@{ana}>") < text.index(f"<@{rui}>")
    assert "Stormwater engineer · Porto, Portugal" in text
    assert "Why: expert in participatory budgeting and speaks English, as you do" in text
    assert "Why: practitioner in participatory budgeting and speaks English, as you do" in text
    assert answer(result).embeds[0].footer.text == "2 people"


async def test_nobody_is_suggested_who_has_not_confirmed_left_or_is_herself(world: World) -> None:
    await person(world, "Imported", "social-housing", Level.EXPERT, confirmed=False)
    await person(world, "Without role", "social-housing", Level.EXPERT, alumni=False)

    result = await world.alumna.slash(world.room, "expert find", topic="social-housing")

    assert "Nobody in the network has named" in answer(result).embeds[0].description


async def test_the_list_turns_its_pages(world: World) -> None:
    for number in range(7):
        await person(world, f"Person {number}", "social-housing", Level.EXPERT)

    first = await world.alumna.slash(world.room, "expert find", topic="social-housing")
    assert "**5. Person 4**" in answer(first).embeds[0].description
    assert answer(first).embeds[0].footer.text == "7 people · page 1 of 2"
    await world.alumna.click(answer(first), label="Next")

    second = answer(first).embeds[0]
    assert "**6. Person 5**" in second.description
    assert "Person 4" not in second.description
    await world.alumna.click(answer(first), label="Previous")
    assert "**1. Person 0**" in answer(first).embeds[0].description


async def test_autocomplete_speaks_her_language_and_finds_other_ones(world: World) -> None:
    speak(world.alumna, "fr")

    choices = await world.alumna.autocomplete(world.room, "expert find", "topic", "participatory budg")

    assert choices[0]["value"] == "participatory-budgeting"
    assert choices[0]["name"].startswith("budget participatif")


async def test_the_answer_is_in_the_readers_language(world: World) -> None:
    await person(world, "Ana Sousa", "participatory-budgeting", Level.EXPERT, languages=("fr", "pt"))
    speak(world.alumna, "fr")

    result = await world.alumna.slash(world.room, "expert find", topic="budget participatif")

    text = answer(result).embeds[0].description
    assert "Pourquoi :" in text
    assert "parle français, comme vous" in text


async def test_an_unclear_text_is_asked_back_and_one_tap_answers(world: World) -> None:
    await person(world, "Ana Sousa", "participatory-budgeting", Level.EXPERT)

    asked = await world.alumna.slash(world.room, "expert find", topic="planning")

    assert "Is it one of these?" in answer(asked).content
    label = answer(asked).components[0]["components"][0]["label"]
    await world.alumna.click(answer(asked), label=label)
    assert answer(asked).embeds[0].title == f"People who know about: {label}"


@pytest.mark.parametrize("text", ["qwzxv plmk", "\u202e \u0007", "@everyone", "x" * 400])
async def test_what_means_no_topic_gets_one_sentence(world: World, text: str) -> None:
    result = await world.alumna.slash(world.room, "expert find", topic=text)

    assert result.ephemeral
    assert "Reference:" in answer(result).content
    assert "@everyone" not in answer(result).content
