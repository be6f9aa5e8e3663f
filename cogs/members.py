"""Following who comes to the servers of the network, who goes, and who gets or loses the alumni role.

With Discord's members intent it is told at once. Without it, it is learnt at each start and reconnection, and whenever
somebody uses the bot; the log says so, and `doctor` says how to grant it.
"""

from __future__ import annotations

import asyncio
from itertools import islice

import discord
import structlog
from discord.ext import commands

from bot.client import Twincord, actor_of
from bot.domain.errors import TwincordError
from bot.services.memberships import MembershipsService

log = structlog.get_logger("twincord.members")

ASKED_AT_ONCE = 100
"""People that Discord looks up in one request to the gateway."""


class Members(commands.Cog):
    """Listens, and hands on what it hears. One server after the other is compared with Discord."""

    def __init__(self, bot: Twincord, memberships: MembershipsService) -> None:
        self.bot = bot
        self.memberships = memberships
        self.turn = asyncio.Lock()

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction[Twincord]) -> None:
        """Whoever uses the bot in a server is in it, with the roles that Discord tells along."""
        if interaction.guild is None or interaction.type is discord.InteractionType.autocomplete:
            return
        try:
            actor = await actor_of(interaction)
            await self.memberships.seen(actor)
        except TwincordError as error:  # the command itself is answered; this only learns from it
            log.info("not noted", server=interaction.guild_id, reason=str(error))
            return
        known = actor.member_id is not None and actor.server_joined
        if known and self.bot.intents.members and interaction.guild.get_member(actor.user_id) is None:
            # discord.py tells of a change of roles only for people whom it has seen before.
            await self.compare(interaction.guild, [actor.user_id])

    @commands.Cog.listener()
    async def on_member_join(self, member: discord.Member) -> None:
        """Somebody comes, or comes back."""
        await self.memberships.present(member.guild.id, roles_of([member]))

    @commands.Cog.listener()
    async def on_raw_member_remove(self, payload: discord.RawMemberRemoveEvent) -> None:
        """Somebody goes, or is sent away."""
        await self.memberships.gone(payload.guild_id, [payload.user.id])

    @commands.Cog.listener()
    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        """Somebody gets or loses a role."""
        if before.roles != after.roles:
            await self.memberships.present(after.guild.id, roles_of([after]))

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """At the start, and after each outage of Discord's: what happened meanwhile."""
        await self.reconcile(guild)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """The bot was invited again into a server that it knows."""
        await self.reconcile(guild)

    @commands.Cog.listener()
    async def on_alumni_role(self, guild: discord.Guild) -> None:
        """Sent by ourselves when a server has chosen another alumni role: everybody is looked at anew."""
        await self.reconcile(guild)

    async def reconcile(self, guild: discord.Guild) -> None:
        """Ask Discord about all members of ours who may be in this server."""
        wanted = iter(await self.memberships.to_look_for(guild.id))
        while batch := list(islice(wanted, ASKED_AT_ONCE)):
            if not await self.compare(guild, batch):
                return

    async def compare(self, guild: discord.Guild, user_ids: list[int]) -> bool:
        """Ask Discord about these people, at most a hundred. False where it did not answer: then nothing changes."""
        async with self.turn:
            try:
                found = await guild.query_members(
                    user_ids=user_ids, limit=ASKED_AT_ONCE, cache=self.bot.intents.members
                )
            except (TimeoutError, discord.DiscordException) as error:
                log.warning("members not compared", server=guild.id, people=len(user_ids), reason=repr(error))
                return False
        people = roles_of(found)
        await self.memberships.present(guild.id, people)
        await self.memberships.gone(guild.id, [user_id for user_id in user_ids if user_id not in people])
        return True


def roles_of(members: list[discord.Member]) -> dict[int, frozenset[int]]:
    """The roles of each, by id."""
    return {member.id: frozenset(role.id for role in member.roles) for member in members}


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    if not bot.intents.members:
        log.warning("no members intent", consequence="joining and leaving is noticed at the start and on use only")
    await bot.add_cog(Members(bot, bot.services.memberships))
