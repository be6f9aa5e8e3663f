"""/profile at the edge: the card, its steps, and what is given back."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.domain.codes import digest
from bot.domain.members import MAX_TOPICS, Level
from db.tables import Expertise, Member, MemberLanguage, Membership, OneTimeCode, Topic
from tests.cogs.answers import answer, labels
from tests.cogs.conftest import World, speak

LYON = "2996944"


async def rows(world: World, *columns: Any) -> list[Any]:
    async with world.application.database.read() as session:
        return sorted((tuple(row) for row in await session.execute(select(*columns))), key=repr)


async def imported(world: World, user_id: int | None) -> int:
    """Somebody whom the programme told us of; her member's id."""
    now = world.application.clock()
    async with world.application.database.begin() as session:
        member_id: int | None = await session.scalar(
            insert(Member)
            .values(
                user_id=user_id,
                display_name="Zoë **Müller**",
                post="Stormwater @everyone",
                zone="Europe/Paris",
                imported_at=now,
                created_at=now,
                updated_at=now,
            )
            .returning(Member.id)
        )
        assert member_id is not None
        await session.execute(insert(Expertise).values(member_id=member_id, topic_id="social-housing", level="expert"))
    return member_id


def words(response: Any) -> str:
    """Everything readable in an answer: its text, its embeds, its buttons."""
    parts = [response.content or ""]
    for embed in response.embeds:
        parts += [embed.title or "", embed.description or ""]
        parts += [f"{field.name}: {field.value}" for field in embed.fields]
    return "\n".join(parts)


async def test_a_profile_begins_with_a_city_and_says_what_comes_next(world: World) -> None:
    result = answer(await world.alumna.slash(world.room, "profile setup", city=LYON))
    assert result.ephemeral
    text = words(result)
    assert "Lyon, Auvergne-Rhône-Alpes, France" in text
    assert "10:00" in text, "nine o'clock UTC in Paris"
    assert "Next: your post" in text
    assert labels(result) == ["Name, post, cohort", "Topics", "Other languages", "Allow direct messages"]
    assert await rows(world, Member.user_id, Member.zone, Member.confirmed_at) == [
        (world.alumna.id, "Europe/Paris", world.application.clock())
    ]
    assert await rows(world, Membership.server_id, Membership.alumni, Membership.left_at) == [
        (world.server.id, True, None)
    ]


async def test_a_city_is_found_in_any_script_and_a_zone_by_a_part_of_its_name(world: World) -> None:
    cities = await world.alumna.autocomplete(world.room, "profile setup", "city", "Льв")
    assert cities[0]["name"].startswith("Lviv")
    zones = await world.alumna.autocomplete(world.room, "profile setup", "zone", "azor", city=LYON)
    assert [zone["name"] for zone in zones] == ["Atlantic/Azores (8:00\u202fAM)"]
    speak(world.alumna, "fr")
    result = answer(
        await world.alumna.slash(world.room, "profile setup", city=cities[0]["value"], zone=zones[0]["value"])
    )
    assert "08:00 (Atlantic/Azores)" in words(result)
    assert "Lviv" in words(result)


async def test_the_steps_are_saved_one_by_one(world: World) -> None:
    card = answer(await world.alumna.slash(world.room, "profile setup", city=LYON))
    form = await world.alumna.click(card, label="Name, post, cohort")
    await world.alumna.submit_modal(form, {"name": "Zoë @everyone", "post": "Engineer *bold*", "cohort": "2021"})
    text = words(card)
    assert "@everyone" not in text
    assert r"Engineer \*bold\*" in text
    assert "Next: the languages" in text

    await world.alumna.select(card, ["fr", "uk"], custom_id="profile:languages")
    assert "French and Ukrainian" in words(card)
    form = await world.alumna.click(card, label="Other languages")
    await world.alumna.submit_modal(form, {"languages": "French, català, uk"})
    assert "Catalan, French, and Ukrainian" in words(card)
    await world.alumna.select(card, ["ca", "en"], custom_id="profile:languages")
    assert await rows(world, MemberLanguage.language) == [("ca",), ("en",)]
    assert "Next: the topics" in words(card)


async def test_topics_are_added_changed_and_taken_away(world: World) -> None:
    await world.alumna.slash(world.room, "profile setup", city=LYON)
    choices = await world.alumna.autocomplete(world.room, "profile topics", "topic", "social hou")
    assert choices[0]["value"] == "social-housing"
    card = answer(
        await world.alumna.slash(world.room, "profile topics", topic=choices[0]["value"], level=Level.EXPERT.value)
    )
    assert await rows(world, Expertise.topic_id, Expertise.level) == [("social-housing", "expert")]

    await world.alumna.select(card, ["social-housing"], custom_id="profile:topic")
    await world.alumna.click(card, label="interested")
    assert await rows(world, Expertise.level) == [("interested",)]

    form = await world.alumna.click(card, label="Add a topic")
    await world.alumna.submit_modal(form, {"topic": "participatory budgeting", "level": ["expert"]})
    assert len(await rows(world, Expertise.topic_id)) == 2

    await world.alumna.select(card, ["social-housing"], custom_id="profile:topic")
    await world.alumna.click(card, label="Take it away")
    assert await rows(world, Expertise.topic_id, Expertise.level) == [("participatory-budgeting", "expert")]
    await world.alumna.click(card, label="Back to the profile")
    assert "expert" in words(card)


async def test_doubtful_words_are_asked_about(world: World) -> None:
    await world.alumna.slash(world.room, "profile setup", city=LYON)
    asked = answer(await world.alumna.slash(world.room, "profile topics", topic="digital"))
    assert "I am not sure" in words(asked)
    assert await rows(world, Expertise.topic_id) == []
    await world.alumna.click(asked, label=labels(asked)[0])
    assert len(await rows(world, Expertise.topic_id)) == 1


async def test_a_full_profile_says_so(world: World) -> None:
    await world.alumna.slash(world.room, "profile setup", city=LYON)
    async with world.application.database.begin() as session:
        member_id = await session.scalar(select(Member.id))
        topics = (await session.scalars(select(Topic.id).where(Topic.id != "social-housing").limit(MAX_TOPICS))).all()
        await session.execute(
            insert(Expertise), [{"member_id": member_id, "topic_id": each, "level": "expert"} for each in topics]
        )
    card = answer(await world.alumna.slash(world.room, "profile topics"))
    items = [item for row in card.components for item in row["components"]]
    assert [option["value"] for item in items for option in item.get("options", [])] == sorted(topics)
    refused = answer(await world.alumna.slash(world.room, "profile topics", topic="social-housing"))
    assert "room for 25 topics" in refused.content
    world.env.errors.clear()
    changed = answer(await world.alumna.slash(world.room, "profile topics", topic=topics[0], level="interested"))
    assert "Saved" in words(changed)


async def test_language_zone_and_pause(world: World) -> None:
    await world.alumna.slash(world.room, "profile setup", city=LYON)
    french = answer(await world.alumna.slash(world.room, "profile language", language="fr"))
    assert "Je vous parlerai désormais en français" in words(french)
    zone = answer(await world.alumna.slash(world.room, "profile timezone", zone="europe/kyiv"))
    assert "11:00 (Europe/Kyiv)" in words(zone)
    paused = answer(await world.alumna.slash(world.room, "profile pause", until="3"))
    assert "Jusqu’au 6 mars 2026" in words(paused)
    assert "Terminer la pause" in labels(paused)
    await world.alumna.click(paused, label="Terminer la pause")
    assert await rows(world, Member.paused_until) == [(None,)]
    await world.alumna.slash(world.room, "profile pause")
    assert (await rows(world, Member.paused_until))[0][0] is not None
    await world.alumna.slash(world.room, "profile resume")
    assert await rows(world, Member.paused_until) == [(None,)]
    choices = await world.alumna.autocomplete(world.room, "profile language", "language", "")
    assert [choice["name"] for choice in choices] == ["English", "español", "français"]


async def test_what_the_programme_told_is_shown_first_and_to_her_alone(world: World) -> None:
    await imported(world, world.alumna.id)
    hidden = answer(await world.coordinator.slash(world.room, "profile show", member=world.alumna))
    assert "no profile that I could show" in hidden.content
    card = answer(await world.alumna.slash(world.room, "profile show"))
    assert "The programme told us this about you" in words(card)
    assert r"Zoë \*\*Müller\*\*" in words(card)
    assert "@everyone" not in words(card)
    assert labels(card) == ["That is right", "Correct it", "Delete it"]
    await world.alumna.slash(world.room, "profile setup", city=LYON)
    assert await rows(world, Member.confirmed_at) == [(None,)]
    refused = answer(await world.alumna.slash(world.room, "profile topics", topic="participatory-budgeting"))
    assert "look at it first" in refused.content

    await world.alumna.click(card, label="That is right")
    assert "From now on" in words(card)
    now = world.application.clock()
    assert await rows(world, Member.confirmed_at) == await rows(world, Expertise.confirmed_at) == [(now,)]
    shown = answer(await world.coordinator.slash(world.room, "profile show", member=world.alumna))
    assert "social housing" in words(shown)
    assert labels(shown) == []
    world.env.errors.clear()


async def test_correcting_what_the_programme_told_confirms_it(world: World) -> None:
    await imported(world, world.alumna.id)
    card = answer(await world.alumna.slash(world.room, "profile show"))
    form = await world.alumna.click(card, label="Correct it")
    await world.alumna.submit_modal(form, {"name": "Zoë Müller", "post": "Engineer"})
    assert await rows(world, Member.display_name, Member.confirmed_at) == [("Zoë Müller", world.application.clock())]


async def test_a_row_is_claimed_with_a_code_once(world: World) -> None:
    member_id = await imported(world, None)
    now = world.application.clock()
    code = "7K2M-9QXR-4TNB-0WVZ"
    async with world.application.database.begin() as session:
        await session.execute(
            insert(OneTimeCode).values(
                purpose="claim",
                digest=digest(code),
                member_id=member_id,
                created_at=now,
                expires_at=now.replace(year=now.year + 1),
            )
        )
    claimed = answer(await world.alumna.slash(world.room, "profile claim", code=code.lower().replace("-", " ")))
    assert "The programme told us this about you" in words(claimed)
    assert await rows(world, Member.id, Member.user_id) == [(member_id, world.alumna.id)]
    second = answer(await world.coordinator.slash(world.room, "profile claim", code=code))
    assert "No imported profile waits for that code" in second.content
    world.env.errors.clear()


async def test_a_refused_form_gives_back_what_was_typed(world: World) -> None:
    card = answer(await world.alumna.slash(world.room, "profile setup", city=LYON))
    form = await world.alumna.click(card, label="Name, post, cohort")
    refused = answer(
        await world.alumna.submit_modal(form, {"name": "\u202e\u202e", "post": "Budget director", "cohort": ""})
    )
    assert "nothing readable" in refused.content
    assert "Budget director" in refused.content
    again = await world.alumna.click(refused, label="Mend it and try again")
    await world.alumna.submit_modal(again, {"name": "Anna", "post": "Budget director"})
    assert "Saved" in words(refused)
    assert await rows(world, Member.display_name, Member.post) == [("Anna", "Budget director")]
    world.env.errors.clear()


async def test_without_a_profile_each_command_says_how_to_begin(world: World) -> None:
    for command, options in (
        ("profile show", {}),
        ("profile language", {"language": "fr"}),
        ("profile timezone", {"zone": "Europe/Paris"}),
        ("profile pause", {}),
        ("profile resume", {}),
        ("profile topics", {}),
        ("profile topics", {"topic": "social-housing"}),
    ):
        told = answer(await world.alumna.slash(world.room, command, **options))
        assert "/profile setup" in told.content, command
    world.env.errors.clear()


@pytest.mark.parametrize(
    ("command", "options", "sentence"),
    [
        ("profile setup", {"city": "Xyzzyqqq"}, "I do not know the city"),
        ("profile setup", {"city": "Lyon", "zone": "Mars/Base"}, "I know no time zone"),
        ("profile language", {"language": "tlh"}, "I know no language"),
        ("profile topics", {"topic": "qqqqqqqq zzzzzzzz"}, "I know no topic"),
        ("profile claim", {"code": "hello"}, "code"),
    ],
)
async def test_what_cannot_be_understood_changes_nothing(
    world: World, command: str, options: dict[str, str], sentence: str
) -> None:
    await world.alumna.slash(world.room, "profile setup", city=LYON)
    before = await rows(world, Member.zone, Member.language)
    told = answer(await world.alumna.slash(world.room, command, **options))
    assert sentence in told.content
    assert await rows(world, Member.zone, Member.language) == before
    world.env.errors.clear()


async def test_it_works_in_direct_messages_once_she_was_seen(world: World) -> None:
    user = world.env.create_user("commuter")
    world.server.add_member(user, roles=[world.alumni_role])
    stranger = answer(await user.slash("profile setup", city=LYON))
    assert "alumni" in stranger.content
    world.env.errors.clear()
