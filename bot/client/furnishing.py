"""Making what a server lacks, one piece after another; each is on record as soon as it is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord

from bot.client.guilds import Made, look, make
from bot.domain.access import Actor
from bot.domain.errors import Refusal
from bot.domain.servers import ChannelUse, Piece, RoleUse
from bot.domain.setup import check_can_make
from bot.render import setup as render

if TYPE_CHECKING:
    from bot.client.twincord import Twincord

BUSY: set[int] = set()
"""The servers in which something is being made just now: two impatient clicks shall not make it twice."""


@dataclass(frozen=True, slots=True)
class Furnished:
    """What was made, with its ids on Discord, and why it stopped there, if it did."""

    made: tuple[tuple[Piece, int], ...]
    refusal: Refusal | None = None


async def furnish(bot: Twincord, guild: discord.Guild, actor: Actor, wanted: Sequence[Piece]) -> Furnished:
    """Make these pieces, named in the server's language. It stops at the first that Discord does not let us make."""
    if guild.id in BUSY:
        raise Refusal("servers.busy")
    BUSY.add(guild.id)
    made: list[tuple[Piece, int]] = []
    try:
        for piece in wanted:
            new = await _furnish(bot, guild, actor, piece)
            made.append((piece, new))
    except Refusal as refusal:
        return Furnished(tuple(made), refusal)
    finally:
        BUSY.discard(guild.id)
    return Furnished(tuple(made))


async def _furnish(bot: Twincord, guild: discord.Guild, actor: Actor, piece: Piece) -> int:
    servers = bot.services.servers
    server = await servers.here(actor)
    check_can_make(server, piece, await look(guild, server))
    t = bot.translator(server.language)
    topic = render.topic_of(t, piece) if isinstance(piece, ChannelUse) else ""
    new = await make(guild, server, piece, Made(render.name_of(t, piece), topic, render.reason(t, actor.name)))
    await save(bot, actor, server.id, piece, new)
    return new


async def save(bot: Twincord, actor: Actor, server_id: int, piece: Piece, chosen: int | None) -> None:
    """Put a choice on record."""
    if isinstance(piece, ChannelUse):
        await bot.services.servers.set_channel(actor, server_id, piece, chosen)
    else:
        await bot.services.servers.set_role(actor, server_id, piece, chosen)
        guild = bot.get_guild(server_id)
        if piece is RoleUse.ALUMNI and guild is not None:
            bot.dispatch("alumni_role", guild)
