"""From a roster of 1,000 rows to an answer with a typo in it: the first thing that the bot is for."""

from __future__ import annotations

import csv
from pathlib import Path

import simcord

from bot.domain.access import Host
from tests.cogs.answers import answer
from tests.cogs.conftest import World

ROWS = 1000
CITIES = ("Porto", "Lyon", "Львів", "Gdańsk", "València", "Leipzig", "Torino", "Kraków")
COUNTRIES = ("PT", "FR", "UA", "PL", "ES", "DE", "IT", "PL")
LANGUAGES = ("pt|en", "fr|en", "uk|en", "pl|en", "es|en", "de|en", "it|en", "pl")
TOPICS = ("stormwater:expert", "Participatory Budgeting:practitioner|social-housing", "budget participatif:expert")


def write_roster(file: Path, people: list[simcord.MemberActor]) -> None:
    """A roster whose first rows belong to `people`; the others have no Discord account yet."""
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, delimiter=";")
        writer.writerow(
            ["display_name", "discord_user_id", "reference", "post", "cohort", "city", "country", "languages", "topics"]
        )
        for number in range(ROWS):
            writer.writerow(
                [
                    f"Person {number:04}",
                    people[number].id if number < len(people) else "",
                    f"P-{number:04}",
                    "Officer",
                    f"20{10 + number % 15}",
                    CITIES[number % len(CITIES)],
                    COUNTRIES[number % len(COUNTRIES)],
                    LANGUAGES[number % len(LANGUAGES)],
                    TOPICS[number % len(TOPICS)],
                ]
            )


async def find(world: World, actor: simcord.MemberActor, text: str) -> str:
    """What `/expert find` answers."""
    result = await actor.slash(world.room, "expert find", topic=text)
    said = answer(result)
    return str(said.embeds[0].description if said.embeds else said.content)


async def test_from_a_roster_to_an_answer_with_a_typo(world: World, tmp_path: Path) -> None:
    people = [world.person(f"officer{number}", world.alumni_role) for number in range(3)]
    roster = tmp_path / "roster.csv"
    write_roster(roster, people)
    services = world.application.services

    imported = await services.roster.import_file(Host(), roster)
    assert imported.problems == ()
    assert imported.new == ROWS
    again = await services.roster.import_file(Host(), roster)
    assert (again.new, again.updated, again.unchanged) == (0, 0, ROWS)

    # Nobody imported is suggested before she has confirmed.
    assert "Nobody in the network has named" in await find(world, world.alumna, "stromwater managment")

    shown = await people[0].slash(world.room, "profile show")
    await people[0].click(answer(shown), label="That is right")

    text = await find(world, world.alumna, "stromwater managment")
    assert "**1. Person 0000**" in text
    assert f"<@{people[0].id}>" in text
    assert "Officer · Porto, Portugal" in text
    assert "Why: expert in stormwater" in text
    assert "speaks English, as you do" in text
