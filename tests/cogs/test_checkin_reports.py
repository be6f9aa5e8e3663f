"""/campaign report and /campaign quiet: a card, a picture with its words, and files."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert

from db.tables import Campaign, CampaignQuestion, Period, Prompt, Response, ResponseAnswer
from tests.cogs.answers import answer
from tests.cogs.asking import member
from tests.cogs.conftest import World
from tests.cogs.test_checkins import add
from tests.cogs.test_profile import words


async def four_months(world: World) -> int:
    """A campaign with four periods that are over; one member answered the first of them, one none. Its id."""
    now = world.application.clock()
    about = {"rule": "FREQ=MONTHLY", "minute": 570, "starts_on": date(2025, 9, 1), "audience": "everyone"}
    how = {"place": "direct", "open_days": 14, "late_hours": 48, "anonymous": False, "version": 0, "created_at": now}
    campaign = await add(world, Campaign, state="active", name="Monthly", **about, **how)
    question = await add(
        world, CampaignQuestion, campaign_id=campaign, position=0, type="text", text="How?", options=[], required=False
    )
    busy, silent = await member(world, world.alumna, "Busy"), await member(world, world.coordinator, "Silent")
    for month in range(4):
        opened = now - timedelta(days=30 * (4 - month))
        ids: dict[str, Any] = {"campaign_id": campaign}
        times = {"opened_at": opened, "closes_at": opened + timedelta(14), "late_until": opened + timedelta(16)}
        period = {"day": opened.date(), "number": 0, "minute": 570, "anonymous": False, "state": "closed"}
        ids["period_id"] = await add(world, Period, **ids, **period, **times)
        for who in (busy, silent):
            asked = {"state": "planned", "due_at": opened, "snoozed": False, "asked_again": 0}
            await add(world, Prompt, **ids, member_id=who, answered=who == busy and month == 0, **asked)
        if month == 0:
            said = await add(world, Response, **ids, member_id=busy, late=False, prompted=True, given_at=opened)
            async with world.application.database.begin() as session:
                await session.execute(
                    insert(ResponseAnswer).values(response_id=said, question_id=question, text="=SUM(A1:A9)")
                )
    return campaign


async def test_a_report_has_a_table_a_picture_with_words_and_files(world: World) -> None:
    campaign = await four_months(world)
    offered = await world.network_coordinator.autocomplete(world.room, "campaign report", "campaign", "mont")
    assert [choice["value"] for choice in offered] == [str(campaign)]
    shown = answer(await world.network_coordinator.slash(world.room, "campaign report", campaign=str(campaign)))
    assert shown.ephemeral
    assert "1 of 2, 50%" in words(shown)
    assert "0 of 2, 0%" in words(shown)
    assert "=SUM(A1:A9) (Busy)" in words(shown).replace("\\", "")
    files = {file.filename: file for file in shown.attachments}
    assert {name.rpartition(".")[2] for name in files} == {"png", "csv"}
    assert all(file.description for file in files.values())
    assert "share of those asked who answered" in str(files["chart1.png"].description)


async def test_who_is_quiet_is_told_to_her_own_coordinators(world: World) -> None:
    await four_months(world)
    shown = answer(await world.coordinator.slash(world.room, "campaign quiet"))
    assert shown.ephemeral
    assert "Silent for 3 periods" in shown.content
    assert "Silent (" in shown.content
    assert "Busy" in shown.content, "she answered once, and not in the last three"


async def test_a_campaign_that_is_not_there(world: World) -> None:
    for typed in ("77", "monthly", "9" * 30):
        refused = answer(await world.network_coordinator.slash(world.room, "campaign report", campaign=typed))
        assert "There is no such campaign" in refused.content
    world.env.errors.clear()
    nobody = answer(await world.coordinator.slash(world.room, "campaign quiet"))
    assert "Nobody of this server has been silent" in nobody.content
