"""A check-in on Discord: the form, what came of it, and every button around it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import discord
import pytest
import simcord
from sqlalchemy import insert, select, update

from db.tables import (
    Campaign,
    CampaignOptOut,
    CampaignQuestion,
    Expertise,
    Member,
    Period,
    Prompt,
    Response,
    ResponseAnswer,
    SharedQuote,
)
from tests.clock import SettableClock
from tests.cogs import asking
from tests.cogs.answers import answer, labels
from tests.cogs.conftest import World, speak
from tests.cogs.delivering import deliver
from tests.cogs.test_profile import LYON, words

TOPIC = "social-housing"


async def add(world: World, table: Any, **columns: Any) -> int:
    async with world.application.database.begin() as session:
        found: int | None = await session.scalar(insert(table).values(**columns).returning(table.id))
    assert found is not None
    return found


async def rows(world: World, *columns: Any) -> list[tuple[Any, ...]]:
    async with world.application.database.read() as session:
        return [tuple(row) for row in await session.execute(select(*columns))]


async def open_period(world: World, *, anonymous: bool = False, digest: int | None = None) -> int:
    """The monthly check-in, open since now, in which the alumna was asked; the period's id."""
    await world.alumna.slash(world.room, "profile setup", city=LYON)
    await world.alumna.slash(world.room, "profile topics", topic=TOPIC, level="expert")
    now = world.application.clock()
    campaign = await add(
        world,
        Campaign,
        state="active",
        rule="FREQ=MONTHLY;BYDAY=1TU",
        minute=570,
        starts_on=date(2026, 3, 1),
        audience="everyone",
        place="direct",
        open_days=14,
        late_hours=48,
        anonymous=anonymous,
        digest_channel_id=digest,
        version=0,
        created_at=now,
    )
    kinds = (("text", "forward"), ("text", "stuck"), ("text", "tried"), ("choice", "expert"), ("scale", None))
    for position, (kind, purpose) in enumerate(kinds):
        about = {"position": position, "type": kind, "purpose": purpose, "text": None if purpose else "How sure?"}
        await add(world, CampaignQuestion, campaign_id=campaign, options=[], required=False, **about)
    period = await add(
        world,
        Period,
        campaign_id=campaign,
        day=now.date(),
        number=0,
        minute=570,
        anonymous=anonymous,
        state="open",
        opened_at=now,
        closes_at=now + timedelta(days=14),
        late_until=now + timedelta(days=16),
    )
    ((member,),) = await rows(world, Member.id)
    mark = {"state": "planned", "due_at": now, "answered": False, "snoozed": False, "asked_again": 0}
    await add(world, Prompt, campaign_id=campaign, period_id=period, member_id=member, **mark)
    return period


async def press(world: World, custom_id: str) -> Any:
    """Press a button as it stands under an old message."""
    return await world.alumna.click(await asking.stale(world, custom_id), custom_id=custom_id)


async def fill(world: World, form: Any, **values: Any) -> Any:
    """Submit the form: q1 is the first question; the private answer."""
    return answer(await world.alumna.submit_modal(form, values))


async def test_a_check_in_is_answered_changed_and_read_again(world: World) -> None:
    period = await open_period(world)
    form = await press(world, f"checkin:answer:{period}:d77")
    done = await fill(world, form, q1="It runs", q5=["4"])
    assert done.ephemeral
    assert "Your answers are kept" in done.content
    assert "Read, with your name" in done.content
    assert sorted(await rows(world, ResponseAnswer.text, ResponseAnswer.number), key=repr) == [
        ("It runs", None),
        (None, 4),
    ]

    again = await world.alumna.click(done, label="Change my answers")
    await fill(world, again, q1="It runs well", q5=["5"])
    history = answer(await world.alumna.slash(world.room, "checkin history"))
    assert "It runs well" in words(history)
    assert "5 (highest)" in words(history)
    assert labels(history) == ["Newer", "Older", "Change my answers"]


async def test_now_opens_what_is_open_in_her_language(world: World) -> None:
    await open_period(world)
    speak(world.alumna, "fr")
    form = await world.alumna.slash(world.room, "checkin now")
    done = await fill(world, form, q1="Ça avance", q3="Un essai")
    assert "Vos réponses sont gardées" in done.content
    assert "début d’une étude de cas" in done.content


@pytest.mark.simcord(check_errors=False)
async def test_a_refused_form_gives_its_text_back(world: World) -> None:
    period = await open_period(world)
    form = await press(world, f"checkin:answer:{period}")
    clock = world.application.clock
    assert isinstance(clock, SettableClock)
    clock.advance(timedelta(days=17))
    done = await fill(world, form, q1="Written for long")
    assert "is over" in done.content
    assert "Written for long" in done.content


async def test_topics_that_were_not_ticked_are_retired_only_on_request(world: World) -> None:
    period = await open_period(world)
    form = await press(world, f"checkin:answer:{period}")
    done = await fill(world, form, q1="x")
    assert "did not choose" in done.content
    assert await rows(world, Expertise.topic_id) == [(TOPIC,)]
    await world.alumna.select(done, [TOPIC], custom_id="checkin:retire")
    assert await rows(world, Expertise.topic_id) == []


async def test_what_got_stuck_becomes_a_question(world: World) -> None:
    await asking.forum(world)
    period = await open_period(world)
    done = await fill(world, await press(world, f"checkin:answer:{period}"), q2="Nobody pays for the pilot")
    ask = await world.alumna.click(done, label="Ask the network about what got stuck")
    shown = str(ask.modal) if ask.modal is not None else ""
    assert "Nobody pays for the pilot" in shown


async def test_skipping_snoozing_and_stopping_can_be_undone(world: World) -> None:
    period = await open_period(world)
    skipped = answer(await press(world, f"checkin:skip:{period}"))
    assert labels(skipped) == ["Answer after all"]
    offered = answer(await press(world, f"checkin:snooze:{period}"))
    await world.alumna.select(offered, ["3"], custom_id=f"checkin:until:{period}")
    assert "I ask you again" in offered.content
    assert labels(offered) == ["Answer now"]
    stopped = answer(await press(world, f"checkin:stop:{period}"))
    assert len(await rows(world, CampaignOptOut.member_id)) == 1
    choice = answer(await world.alumna.slash(world.room, "checkin now"))
    assert "left alone by: Monthly check-in" in choice.content
    await world.alumna.click(stopped, label="Ask me again")
    assert await rows(world, CampaignOptOut.member_id) == []


async def test_the_digest_quotes_what_was_shared(world: World) -> None:
    channel = world.server.create_text_channel("digest")
    period = await open_period(world, digest=channel.id)
    form = await press(world, f"checkin:answer:{period}")
    done = await fill(world, form, q1="It **runs** @everyone", q2="Not for others")
    which = answer(await world.alumna.click(done, label="Share with my name"))
    ((forward,), *_) = await rows(world, CampaignQuestion.id)
    await world.alumna.select(which, [str(forward)], custom_id=which.components[0]["components"][0]["custom_id"])
    assert "Shared with your name" in which.content
    await deliver(world, after=timedelta(days=14))
    (digest,) = channel.history()
    assert "1 person answered" in digest.content
    said = words(digest)
    assert "alumna" in said
    assert "Not for others" not in said
    assert "**runs**" not in said.replace("\\*", "")


async def test_taking_back_what_was_shared(world: World) -> None:
    channel = world.server.create_text_channel("digest")
    period = await open_period(world, digest=channel.id)
    done = await fill(world, await press(world, f"checkin:answer:{period}"), q1="Mine")
    which = answer(await world.alumna.click(done, label="Share without my name"))
    select_id = which.components[0]["components"][0]["custom_id"]
    ((forward,), *_) = await rows(world, CampaignQuestion.id)
    await world.alumna.select(which, [str(forward)], custom_id=select_id)
    assert await rows(world, SharedQuote.name) == [(None,)]
    await world.alumna.click(which, label="Do not share after all")
    assert await rows(world, SharedQuote.name) == []


async def test_an_anonymous_form_says_so_and_nothing_logs_who(
    world: World, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    period = await open_period(world, anonymous=True)
    form = await press(world, f"checkin:answer:{period}")
    assert "Final: it cannot be changed" in str(form.modal)
    done = await fill(world, form, q1="Secret", q2="Money")
    assert "Change my answers" not in labels(done)
    ((response,),) = await rows(world, Response.id)
    assert await rows(world, Response.member_id) == [(None,)]
    capsys.readouterr()
    again = answer(await press(world, f"checkin:answer:{period}"))
    assert "The answers are anonymous" in again.content
    world.env.errors.clear()
    logged = capsys.readouterr().out + caplog.text
    assert "checkins.anonymous_is_final" in logged
    assert str(world.alumna.id) not in logged
    assert f"checkin:answer:{period}" not in logged
    assert str(response) not in logged


@pytest.mark.simcord(check_errors=False)
async def test_hostile_buttons_are_refused(world: World) -> None:
    period = await open_period(world)
    big = 2**53 - 1
    for custom_id in (f"checkin:share:named:{big}", f"checkin:unshare:{big}", f"question:stuck:{big}"):
        assert "not yours" in answer(await press(world, custom_id)).content
    assert "deleted" in answer(await press(world, f"checkin:skip:{period + 999}")).content
    view = discord.ui.View(timeout=None)
    view.add_item(
        discord.ui.Select(custom_id=f"checkin:until:{period}", options=[discord.SelectOption(label="x", value="9999")])
    )
    view.stop()
    room = world.application.bot.get_channel(world.room.id)
    assert isinstance(room, discord.TextChannel)
    message = await room.send("x", view=view)
    done = answer(await world.alumna.select(message, ["9999"], custom_id=f"checkin:until:{period}"))
    assert "closes too soon" in done.content


async def test_whoever_lost_the_role_is_refused(world: World) -> None:
    period = await open_period(world)
    former = world.person("former")
    done: simcord.InteractionResult = await former.click(
        await asking.stale(world, f"checkin:answer:{period}"), custom_id=f"checkin:answer:{period}"
    )
    t = world.application.catalogues.translator("en")
    assert t("access.member_only") in answer(done).content
    world.env.errors.clear()
    async with world.application.database.begin() as session:
        await session.execute(update(Period).values(state="missed"))
    assert "No check-in is open" in answer(await world.alumna.slash(world.room, "checkin now")).content
