"""/expert find, from a typo to named people with the reason for each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from bot.domain.members import Level
from db.tables import City, Expertise, Member, MemberLanguage, Membership
from tests.clock import SettableClock
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
    """A member who named a topic; returns her Discord id. Without `alumni` she does not hold the role, here as there:
    the bot follows who comes to the server, and puts down what she holds."""
    actor = world.person(name, *([world.alumni_role] if alumni else []))
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

    result = answer(await world.alumna.slash(world.room, "expert find", topic="participatry budgetting"))

    assert result.ephemeral
    text = result.embeds[0].description
    assert text.index(f"<@{ana}>") < text.index(f"<@{rui}>")
    assert "Stormwater engineer · Porto, Portugal" in text
    assert "Why: expert in participatory budgeting and speaks English, as you do" in text
    assert "Why: practitioner in participatory budgeting and speaks English, as you do" in text
    assert result.embeds[0].footer.text == "2 people"


async def test_nobody_is_suggested_who_has_not_confirmed_left_or_is_herself(world: World) -> None:
    await person(world, "Imported", "social-housing", Level.EXPERT, confirmed=False)
    await person(world, "Without role", "social-housing", Level.EXPERT, alumni=False)

    result = answer(await world.alumna.slash(world.room, "expert find", topic="social-housing"))

    assert "Nobody in the network has named" in result.embeds[0].description


async def test_the_list_turns_its_pages(world: World) -> None:
    for number in range(7):
        await person(world, f"Person {number}", "social-housing", Level.EXPERT)

    first = answer(await world.alumna.slash(world.room, "expert find", topic="social-housing"))
    assert "**5. Person 4**" in first.embeds[0].description
    assert first.embeds[0].footer.text == "7 people · page 1 of 2"
    await world.alumna.click(first, label="Next")

    second = first.embeds[0]
    assert "**6. Person 5**" in second.description
    assert "Person 4" not in second.description
    await world.alumna.click(first, label="Previous")
    assert "**1. Person 0**" in first.embeds[0].description


async def test_autocomplete_speaks_her_language_and_finds_other_ones(world: World) -> None:
    speak(world.alumna, "fr")

    choices = await world.alumna.autocomplete(world.room, "expert find", "topic", "participatory budg")

    assert choices[0]["value"] == "participatory-budgeting"
    assert choices[0]["name"].startswith("budget participatif")


async def test_the_answer_is_in_the_readers_language(world: World) -> None:
    await person(world, "Ana Sousa", "participatory-budgeting", Level.EXPERT, languages=("fr", "pt"))
    speak(world.alumna, "fr")

    result = answer(await world.alumna.slash(world.room, "expert find", topic="budget participatif"))

    text = result.embeds[0].description
    assert "Pourquoi :" in text
    assert "parle français, comme vous" in text


async def test_an_unclear_text_is_asked_back_and_one_tap_answers(world: World) -> None:
    await person(world, "Ana Sousa", "participatory-budgeting", Level.EXPERT)

    asked = answer(await world.alumna.slash(world.room, "expert find", topic="digital"))

    assert "Is it one of these?" in asked.content
    label = asked.components[0]["components"][0]["label"]
    await world.alumna.click(asked, label=label)
    assert asked.embeds[0].title == f"People who know about: {label}"


@pytest.mark.parametrize("text", ["qwzxv plmk", "\u202e \u0007", "@everyone", "x" * 400])
async def test_what_means_no_topic_gets_one_sentence(world: World, text: str) -> None:
    result = answer(await world.alumna.slash(world.room, "expert find", topic=text))

    assert result.ephemeral
    assert "Reference:" in result.content
    assert "@everyone" not in result.content


async def test_filters_stay_when_the_page_is_turned(world: World) -> None:
    for number in range(6):
        await person(world, f"Person {number}", "social-housing", Level.EXPERT, languages=("pt",))
    await person(world, "Another", "social-housing", Level.EXPERT, languages=("en",))

    first = answer(
        await world.alumna.slash(
            world.room, "expert find", topic="social-housing", country="Portugal", language="pt", size="medium"
        )
    )
    embed = first.embeds[0]
    assert embed.description.startswith("Only: Portugal, Portuguese, and cities of 200,000 to 500,000 inhabitants")
    assert embed.footer.text == "6 people · page 1 of 2"
    await world.alumna.click(first, label="Next")
    assert "**6. Person 5**" in first.embeds[0].description
    assert first.embeds[0].description.startswith("Only: Portugal")


async def test_nobody_fits_and_one_tap_shows_everybody(world: World) -> None:
    await person(world, "Ana Sousa", "social-housing", Level.EXPERT)

    result = answer(await world.alumna.slash(world.room, "expert find", topic="social-housing", country="FR"))
    assert "Nobody who knows about this fits all of that" in result.embeds[0].description
    await world.alumna.click(result, label="Show everybody")
    assert "Ana Sousa" in result.embeds[0].description


async def test_available_leaves_out_where_it_is_night(world: World, clock: SettableClock) -> None:
    await person(world, "Ana Sousa", "social-housing", Level.EXPERT)
    ana = answer(await world.alumna.slash(world.room, "expert find", topic="social-housing", available=True))
    assert "Ana Sousa" in ana.embeds[0].description, "nine in the morning in Lisbon"
    clock.advance(timedelta(hours=12))
    nobody = answer(await world.alumna.slash(world.room, "expert find", topic="social-housing", available=True))
    assert "Only: daytime there now" in nobody.embeds[0].description
    assert "Ana Sousa" not in nobody.embeds[0].description


async def test_countries_and_languages_are_suggested_in_her_language(world: World) -> None:
    speak(world.alumna, "fr")
    countries = await world.alumna.autocomplete(world.room, "expert find", "country", "allem", topic="x")
    assert countries == [{"name": "Allemagne", "value": "DE"}]
    languages = await world.alumna.autocomplete(world.room, "expert find", "language", "ukrain", topic="x")
    assert languages == [{"name": "ukrainien", "value": "uk"}]
    assert len(await world.alumna.autocomplete(world.room, "expert find", "country", "", topic="x")) == 25


@pytest.mark.parametrize("options", [{"country": "Atlantis"}, {"language": "Klingon, perhaps"}])
async def test_a_filter_that_nobody_knows_gets_one_sentence(world: World, options: dict[str, str]) -> None:
    result = answer(await world.alumna.slash(world.room, "expert find", topic="social-housing", **options))
    assert "choose one of the suggestions" in result.content


async def test_the_list_offers_to_ask_the_network(world: World) -> None:
    await person(world, "Ana Sousa", "social-housing", Level.EXPERT)
    for topic in ("social-housing", "cycling-infrastructure"):
        result = answer(await world.alumna.slash(world.room, "expert find", topic=topic))
        buttons = [one for row in result.components for one in row["components"]]
        assert buttons[-1]["label"] == "Ask the network"
        assert buttons[-1]["custom_id"].startswith("question:ask:")
