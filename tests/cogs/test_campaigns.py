"""/campaign: made with two answers, looked over, switched on, and then people are asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import simcord
from sqlalchemy import func, select, update

from bot.services.access import Asking
from db.tables import AuditEntry, Campaign, HeldRole, Member, Period, Prompt, Server
from tests.cogs.answers import answer, fields, labels
from tests.cogs.asking import member, pressable, rows, stale
from tests.cogs.conftest import World
from tests.cogs.delivering import deliver


async def command(world: World, verb: str, who: simcord.MemberActor | None = None, /, **options: Any) -> Any:
    """What the server's coordinator is answered."""
    return answer(await (who or world.coordinator).slash(world.room, f"campaign {verb}", **options))


async def press(world: World, message: Any, custom_id: str, value: str | None = None) -> Any:
    """Click, or choose; the interaction."""
    if value is not None:
        return await world.coordinator.select(message, [value], custom_id=custom_id)
    return await world.coordinator.click(message, custom_id=custom_id)


async def people(world: World) -> simcord.ChannelHandle:
    """The alumna may be written to, the coordinator may not; the server has a check-in channel, which is returned."""
    channel = world.server.create_text_channel("check-ins")
    for actor, name in ((world.alumna, "Ana"), (world.coordinator, "Carla")):
        await member(world, actor, name)
    now, direct = world.application.clock(), world.alumna.user.dm_channel
    async with world.application.database.begin() as session:
        await session.execute(update(Server).values(checkin_channel_id=channel.id))
        await session.execute(update(Member).values(confirmed_at=now, zone="Europe/Lisbon"))
        allowed = update(Member).where(Member.user_id == world.alumna.id)
        await session.execute(allowed.values(direct_messages_at=now, direct_channel_id=direct.id, language="es"))
    return channel


async def change(world: World, card: Any, what: str, /, **typed: Any) -> Any:
    """Change one part of a campaign with its form; the interaction."""
    (campaign,) = await rows(world, Campaign)
    form = await press(world, card, f"campaign:change:{campaign.id}", what)
    return await world.coordinator.submit_modal(form, typed)


async def test_made_with_two_answers_switched_on_and_asked(world: World) -> None:
    channel = await people(world)
    card = await command(world, "create", name="Spring check-in", audience="everyone")
    shown = fields(card)
    assert card.embeds[0].title == "Spring check-in"
    assert shown["When"] == "first Tuesday of each month, at 09:30 where each person lives"
    assert shown["Who is asked"] == "Everyone\n2 people: 1 by direct message, 1 in a check-in channel."
    assert "Paused" in shown["State"]
    assert "coordinators of Lyon alumni" in shown["Who reads the answers"]

    await press(world, card, "campaign:on:1")
    assert [(each.state, each.version) for each in await rows(world, Campaign)] == [("active", 1)]
    await deliver(world, after=timedelta(minutes=45))

    said = world.alumna.user.dm_channel.history()[-1]
    assert said.content.startswith("**Spring check-in**: 1 pregunta breve para usted.")
    assert "¿Qué ha avanzado?" in said.content
    assert "las leen quienes coordinan Lyon alumni" in said.content
    assert pressable(said) == ["Responder", "Saltar esta vez", "Posponer hasta…", "No preguntarme más"]
    post: Any = channel.history()[-1]
    assert len(channel.history()) == 1
    assert "nobody here sees what you write" in post.content
    assert pressable(post) == ["Answer", "Skip this time", "Stop asking me"]
    (period,) = await rows(world, Period)
    ids = [item.custom_id for row in post.components for item in row.children]
    assert ids[0].startswith(f"checkin:answer:{period.id}:d")
    assert ids[1:] == [f"checkin:skip:{period.id}", f"checkin:stop:{period.id}"]

    await deliver(world, after=timedelta(hours=3))
    assert (len(channel.history()), len(world.alumna.user.dm_channel.history())) == (1, 1)
    assert {each.state for each in await rows(world, Prompt)} == {"planned"}


async def test_everything_on_the_card_can_be_changed(world: World) -> None:
    await people(world)
    card = await command(world, "create", name="Spring", audience="everyone")
    await change(world, card, "name", name="Autumn")
    await change(world, card, "when", cadence="dernier jour ouvré", time="18h15")
    await change(world, card, "audience", audience="alumni")
    how = {"where": ["channel"], "names": ["anonymous"], "remind": "", "open": "20", "late": "24"}
    await change(world, card, "how", **how)
    choice = {
        "text": "How many?",
        "type": ["choice"],
        "hint": "Roughly",
        "choices": "None\nSome",
        "required": ["required"],
    }
    await change(world, card, "add", **choice)
    result = await press(world, card, "campaign:change:1", "digest")
    await world.coordinator.select(answer(result), [world.room], custom_id="campaign:digest:1")

    shown = fields(await command(world, "show", campaign="1"))
    assert shown["When"] == "last working day of each month, at 18:15 where each person lives"
    assert shown["Who is asked"].startswith(f"Role: <@&{world.alumni_role.id}>")
    assert "2. How many? (Choice) – must be answered" in shown["Questions"]
    assert shown["How"].splitlines()[1:3] == ["No reminder", "Open for 20 days"]
    assert f"<#{world.room.id}>" in shown["Who reads the answers"]
    assert "without your name" in shown["Who reads the answers"]

    question = (await world.application.services.campaigns.get(await actor(world), 1)).questions[0]
    await press(world, card, "campaign:change:1", f"drop:{question.id}")
    assert "1. How many?" in fields(await command(world, "show", campaign="1"))["Questions"]


async def actor(world: World) -> Any:
    """The coordinator, as a service knows her."""

    roles = frozenset({world.alumni_role.id, world.coordinator_role.id})
    return await world.application.services.access.actor(
        Asking(world.coordinator.id, "Carla", "en", world.server.id, "en", roles)
    )


async def test_who_holds_a_role_is_learnt_when_it_becomes_an_audience(world: World) -> None:
    await people(world)
    card = await command(world, "create", name="Spring", audience=f"role:{world.coordinator_role.id}")
    await world.env.settle()
    assert [(each.role_id,) for each in await rows(world, HeldRole)] == [(world.coordinator_role.id,)]
    assert "1 person" in fields(await command(world, "show", campaign="1"))["Who is asked"]
    await change(world, card, "audience", audience="everyone")
    assert await rows(world, HeldRole) == []


async def test_what_cannot_be_is_refused_in_one_sentence(world: World) -> None:
    await people(world)
    assert "I know no audience “Atlantis”" in (await command(world, "create", name="S", audience="Atlantis")).content
    assert "46 characters, and 45 fit" in (await command(world, "create", name="x" * 46, audience="everyone")).content
    card = await command(world, "create", name="Spring", audience="everyone")
    never = await change(world, card, "when", cadence="FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", time="9:30")
    assert "No day fits this rule" in answer(never).content
    often = await change(world, card, "when", cadence="FREQ=HOURLY", time="9:30")
    assert "once a day at the most" in answer(often).content
    how = {"where": ["direct"], "names": ["named"], "remind": "4", "open": "1", "late": "48"}
    assert "after the period has closed" in answer(await change(world, card, "how", **how)).content
    one = {"text": "Which?", "type": ["choice"], "choices": "Only", "required": ["optional"]}
    assert "from 2 to 25 options" in answer(await change(world, card, "add", **one)).content
    async with world.application.database.begin() as session:
        await session.execute(update(Member).values(confirmed_at=None))
    assert "Nobody is in this audience now" in answer(await press(world, card, "campaign:on:1")).content
    assert world.env.errors
    world.env.errors.clear()


async def test_the_preview_shows_six_runs_in_three_zones(world: World) -> None:
    await people(world)
    card = await command(world, "create", name="Spring", audience="everyone")
    await change(world, card, "when", cadence="every Sunday", time="01:30")
    seen = await command(world, "preview", campaign="1")
    runs = seen.embeds[0].fields
    assert len(runs) == 6
    assert all(len(str(run.value).splitlines()) == 3 for run in runs)
    assert str(runs[0].name).endswith("2 people")
    # On the last Sunday of March, clocks in Lisbon go forward from 01:00 to 02:00.
    march = next(str(run.value) for run in runs if "March 29" in str(run.name))
    assert "⏰ Europe/Lisbon: Sun 29 Mar, 02:30 – clocks go forward" in march


async def test_run_now_says_whom_it_asks_and_runs_once(world: World) -> None:
    await people(world)
    await command(world, "create", name="Spring", audience="everyone")
    ask = await command(world, "run", campaign="1")
    assert "**Spring** now" in ask.content
    assert "2 people: 1 by direct message, 1 in a check-in channel." in ask.content
    assert labels(ask)[0] == "Ask 2 people now"
    await press(world, ask, "campaign:go:1:0")
    again = await world.coordinator.click(await stale(world, "campaign:go:1:0"), custom_id="campaign:go:1:0")
    assert "changed or run in the meantime" in answer(again).content
    world.env.errors.clear()
    await deliver(world)
    assert [each.number for each in await rows(world, Period)] == [1]
    assert len(world.alumna.user.dm_channel.history()) == 1


async def test_delete_says_what_goes(world: World) -> None:
    await people(world)
    await command(world, "create", name="Spring", audience="everyone")
    ask = await command(world, "delete", campaign="1")
    assert "0 responses" in ask.content
    await press(world, ask, "campaign:gone:1:0")
    assert await rows(world, Campaign) == []
    assert [each.action for each in await rows(world, AuditEntry)] == ["campaign.create", "campaign.delete"]


async def test_the_monthly_one_ships_ready_to_switch_on(world: World) -> None:
    await people(world)
    listed = await command(world, "list")
    await press(world, listed, "campaign:monthly:here")
    await world.coordinator.click(await stale(world, "campaign:monthly:here"), custom_id="campaign:monthly:here")
    assert len(await rows(world, Campaign)) == 1
    card = await command(world, "show", campaign="1")
    assert card.embeds[0].title == "Monthly check-in"
    assert "4. Still an expert in…?" in fields(card)["Questions"]
    assert labels(card)[0] == "Switch on"
    shown = await command(world, "list")
    assert "**Monthly check-in** – this server – paused – first Tuesday of each month" in shown.embeds[0].description


async def test_the_whole_network_is_for_its_coordinators(world: World) -> None:
    await people(world)
    mine = await command(world, "create", name="S", audience="everyone", network=True)
    assert "the network’s coordinators" in mine.content
    world.env.errors.clear()
    hers = await command(world, "create", world.network_coordinator, name="S", audience="everyone", network=True)
    assert "whole network" in fields(hers)["Who reads the answers"]
    refused = await command(world, "show", campaign="1")
    assert "the network’s coordinators" in refused.content
    world.env.errors.clear()


async def test_audiences_are_offered_while_one_types(world: World) -> None:
    offered = await world.coordinator.autocomplete(world.room, "campaign create", "audience", "")
    assert offered[0] == {"name": "Everyone", "value": "everyone"}
    topics = await world.coordinator.autocomplete(world.room, "campaign create", "audience", "social hous")
    assert topics[0]["value"] == "topic:social-housing"


async def test_a_deleted_channel_and_a_closed_door(world: World) -> None:
    """Whoever Discord does not let us reach is not counted as asked."""
    channel = await people(world)
    await command(world, "create", name="Spring", audience="everyone")
    direct = world.alumna.user.dm_channel
    world.env.inject_error("POST", f"/channels/{direct.id}/messages", status=403, code=50007, message="no")
    world.env.inject_error("POST", f"/channels/{channel.id}/messages", status=404, code=10003, message="gone")
    ask = await command(world, "run", campaign="1")
    await press(world, ask, "campaign:go:1:0")
    await deliver(world)
    async with world.application.database.read() as session:
        found = dict((await session.execute(select(Prompt.state, func.count()).group_by(Prompt.state))).all())
    assert found == {"unreachable": 2}
