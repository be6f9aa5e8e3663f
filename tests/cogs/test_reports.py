"""/report: a card, a picture with its words, and a file."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

from sqlalchemy import insert

from bot.render.tables import csv_file
from db.tables import Question
from tests.cogs.answers import answer, fields
from tests.cogs.conftest import World, speak
from tests.cogs.test_profile import LYON, words


async def asked(world: World, title: str) -> None:
    """A question that waits for five days."""
    at = world.application.clock() - timedelta(days=5)
    async with world.application.database.begin() as session:
        await session.execute(
            insert(Question).values(
                server_id=world.server.id, nameless=True, title=title, body="b", language="en", state="open",
                topic_id="social-housing", thread_id=5, asked_at=at,
            )
        )  # fmt: skip


async def test_questions_as_a_table_a_picture_and_a_file(world: World) -> None:
    await asked(world, "[@everyone](https://example.org) **who**?")
    report = answer(await world.coordinator.slash(world.room, "report questions"))
    assert report.ephemeral
    assert "One question is open." in words(report)
    assert "5 days" in words(report)
    assert "](https://example.org" not in fields(report)["Waiting longest"].replace("\\]", "")
    picture, table = report.attachments
    assert picture.filename == "chart.png"
    assert picture.description == "Bar chart: Questions by topic. social housing: Open 1 and Answered 0."
    assert table.filename == "questions.csv"


async def test_topics_in_french_with_every_topic_in_the_file(world: World) -> None:
    speak(world.coordinator, "fr")
    await world.alumna.slash(world.room, "profile setup", city=LYON)
    await world.alumna.slash(world.room, "profile topics", topic="social-housing", level="expert")
    report = answer(await world.coordinator.slash(world.room, "report topics"))
    assert "357 thèmes sur 358" in words(report)
    assert report.attachments[0].description.startswith("Graphique à barres : Thèmes par domaine")


async def test_what_was_asked_for_in_vain(world: World) -> None:
    nothing = answer(await world.network_coordinator.slash(world.room, "report unmatched"))
    assert "Nothing is waiting" in words(nothing)
    assert not nothing.attachments
    for text in ("xqzzt qwx", "=1+2 xqzzt"):
        await world.alumna.slash(world.room, "expert find", topic=text)
    report = answer(await world.network_coordinator.slash(world.room, "report unmatched"))
    assert "“xqzzt qwx”: once" in words(report)
    assert len(report.attachments) == 2


def test_a_cell_that_a_spreadsheet_would_calculate_is_text() -> None:
    file = csv_file("x.csv", "x", ["a"], [["=1+2"], ["@x"], [-1], [None], ["é"]])
    text = file.fp.read().decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [["a"], ["'=1+2"], ["'@x"], ["-1"], [""], ["é"]]
