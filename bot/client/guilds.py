"""What Discord shows of a server, and making channels and roles in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import discord
import structlog
from discord.abc import GuildChannel

from bot.domain.errors import Refusal
from bot.domain.servers import ChannelUse, Kind, Piece, RoleUse, Server
from bot.domain.setup import NEEDS, Permission, Seen, SeenChannel, SeenRole

log = structlog.get_logger("twincord.guilds")

KINDS = {
    discord.ChannelType.text: Kind.TEXT,
    discord.ChannelType.news: Kind.TEXT,
    discord.ChannelType.forum: Kind.FORUM,
}
TOO_MANY = {30005, 30013}
"""Discord's codes for a server that has all the roles (250) or channels (500) that it may have."""


async def look(guild: discord.Guild, server: Server, *, channel: int | None = None, role: int | None = None) -> Seen:
    """What Discord shows of the channels and roles that the server has chosen, and of one more of either.

    Where the cache lacks one, Discord is asked for all: a cache miss is not absence.
    """
    wanted = server.channel_ids | {each for each in (channel,) if each}
    channels = {each.id: each for each in guild.channels}
    if wanted - channels.keys():
        channels = {each.id: each for each in await guild.fetch_channels()}
    roles = guild.roles
    if {*server.roles.values(), *(each for each in (role,) if each)} - {each.id for each in roles}:
        roles = await guild.fetch_roles()
    return _seen(server, guild.me, [channels[each] for each in wanted if each in channels], roles)


async def fetch(client: discord.Client, server: Server) -> Seen | None:
    """The same for a client that logged in without connecting (`doctor`); None where the bot is not in that server.

    Raises discord.HTTPException where Discord does not answer well.
    """
    assert client.user is not None
    try:
        guild = await client.fetch_guild(server.id, with_counts=False)
        me = await guild.fetch_member(client.user.id)
    except (discord.NotFound, discord.Forbidden):
        return None
    wanted = server.channel_ids
    channels = [channel for channel in await guild.fetch_channels() if channel.id in wanted]
    return _seen(server, me, channels, guild.roles)


def _seen(server: Server, me: discord.Member, channels: Iterable[GuildChannel], roles: Iterable[discord.Role]) -> Seen:
    known = {role.id: role for role in roles}
    readers = [known[each] for each in (server.id, server.roles.get(RoleUse.COORDINATOR)) if each in known]
    return Seen(
        server_id=server.id,
        granted=_granted(me.guild_permissions),
        channels={
            channel.id: SeenChannel(
                name=channel.name,
                kind=KINDS.get(channel.type, Kind.OTHER),
                granted=_granted(channel.permissions_for(me)),
                readers=frozenset(role.id for role in readers if channel.permissions_for(role).view_channel),
            )
            for channel in channels
        },
        roles={
            role.id: SeenRole(role.name, _granted(role.permissions), role.managed, role.mentionable)
            for role in known.values()
        },
    )


def _granted(permissions: discord.Permissions) -> frozenset[Permission]:
    return frozenset(each for each in Permission if permissions.administrator or getattr(permissions, each))


@dataclass(frozen=True, slots=True)
class Made:
    """What a new channel or role is to be called, what stands above the channel, and why Discord's log says it came."""

    name: str
    topic: str
    reason: str


async def make(guild: discord.Guild, server: Server, piece: Piece, made: Made) -> int:
    """Make a channel or role; its id. Raises `Refusal` where Discord does not let us."""
    try:
        match piece:
            case RoleUse():
                manages = discord.Permissions(manage_threads=piece is RoleUse.COORDINATOR)
                return (await guild.create_role(name=made.name, permissions=manages, reason=made.reason)).id
            case ChannelUse.QUESTIONS | ChannelUse.CASES:
                return (await guild.create_forum(made.name, topic=made.topic, reason=made.reason)).id
            case _:
                return (
                    await guild.create_text_channel(
                        made.name,
                        topic=made.topic,
                        reason=made.reason,
                        overwrites=await _private(guild, server) if piece is ChannelUse.COORDINATORS else {},
                    )
                ).id
    except discord.HTTPException as error:
        log.warning("not made", piece=piece, server=guild.id, status=error.status, code=error.code, text=error.text)
        raise _refusal(error, piece) from error


async def _private(
    guild: discord.Guild, server: Server
) -> dict[discord.Role | discord.Member | discord.Object, discord.PermissionOverwrite]:
    # discord.py takes whatever is no Role for a member, and a role made just now is not in its cache yet.
    role_id = server.roles[RoleUse.COORDINATOR]
    role = guild.get_role(role_id) or await guild.fetch_role(role_id)
    needs = dict.fromkeys(map(str, NEEDS[ChannelUse.COORDINATORS]), True)
    return {
        guild.default_role: discord.PermissionOverwrite(view_channel=False),
        role: discord.PermissionOverwrite(view_channel=True, send_messages=True, read_message_history=True),
        guild.me: discord.PermissionOverwrite(**needs),
    }


def _refusal(error: discord.HTTPException, piece: Piece) -> Refusal:
    if error.status >= 500 or error.status == 429:
        return Refusal("errors.discord_unwell")
    if error.code in TOO_MANY:
        return Refusal("servers.full", what=piece)
    if isinstance(error, discord.Forbidden):
        return Refusal("servers.make_forbidden", what=piece)
    if piece in {ChannelUse.QUESTIONS, ChannelUse.CASES}:
        return Refusal("servers.forum_refused")
    return Refusal("servers.not_made", what=piece)


async def no_longer_in(guild: discord.Guild | None, user_ids: Iterable[int]) -> frozenset[int]:
    """Those of these people who are not in a server. Discord is asked about whoever its cache lacks; where it does not
    answer, she counts as there."""
    gone = set()
    for user_id in user_ids:
        if guild is None or guild.get_member(user_id) is not None:
            continue
        try:
            await guild.fetch_member(user_id)
        except discord.NotFound:
            gone.add(user_id)
        except discord.HTTPException as error:
            log.info("not looked up", server=guild.id, code=error.code)
    return frozenset(gone)
