"""People who know about a topic, in a running bot, and their invitations."""

from __future__ import annotations

from typing import Any

import discord
import simcord
from sqlalchemy import insert, update

from bot.domain.members import Level
from db.tables import Expertise, Member, Membership, Server
from tests.cogs.conftest import World, join

TOPIC = "participatory-budgeting"


async def expert(
    world: World,
    name: str,
    *,
    server: simcord.GuildHandle | None = None,
    direct: bool = True,
    topic: str | None = TOPIC,
) -> simcord.MemberActor:
    """Somebody who knows about the topic; with `direct` she allowed direct messages, and we have her channel."""
    place = server or world.server
    roles = [world.alumni_role] if server is None else []
    actor = place.add_member(world.env.create_user(name), roles=roles)
    now = world.application.clock()
    channel: discord.DMChannel | None = None
    if direct:
        channel = await world.application.bot.create_dm(discord.Object(actor.id))
    async with world.application.database.begin() as session:
        member_id = await session.scalar(
            insert(Member)
            .values(
                user_id=actor.id,
                display_name=name,
                zone="UTC",
                confirmed_at=now,
                direct_messages_at=now if channel else None,
                direct_channel_id=channel.id if channel else None,
                created_at=now,
                updated_at=now,
            )
            .returning(Member.id)
        )
        await session.execute(
            insert(Membership).values(server_id=place.id, member_id=member_id, alumni=True, joined_at=now)
        )
        if topic:
            level = Level.EXPERT.value
            await session.execute(
                insert(Expertise).values(member_id=member_id, topic_id=topic, level=level, confirmed_at=now)
            )
    return actor


async def another_server(world: World) -> simcord.GuildHandle:
    """One more server of the network, without an alumni role."""
    made = world.env.create_guild("Porto alumni")
    await join(world.application, made.id, name="Porto alumni")
    return made


async def checkin_channel(world: World, server: simcord.GuildHandle) -> simcord.ChannelHandle:
    """A check-in channel, chosen."""
    made = server.create_text_channel("check-in")
    async with world.application.database.begin() as session:
        await session.execute(update(Server).where(Server.id == server.id).values(checkin_channel_id=made.id))
    return made


async def pause(world: World, actor: simcord.MemberActor, until: Any) -> None:
    """She pauses straight away."""
    async with world.application.database.begin() as session:
        await session.execute(update(Member).where(Member.user_id == actor.id).values(paused_until=until))


def options(message: Any) -> list[tuple[str, str]]:
    """The label and value of each thing to choose under a message."""
    found = []
    for row in message.components:
        for item in row["components"] if isinstance(row, dict) else row.children:
            each = item if isinstance(item, dict) else item.to_dict()
            found += [(option["label"], option["value"]) for option in each.get("options", ())]
    return found
