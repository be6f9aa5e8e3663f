"""From a Discord interaction to the `Actor` that our rules know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.domain.access import Actor
from bot.services.access import Asking

if TYPE_CHECKING:
    from bot.client.twincord import Twincord

ACTOR = "actor"


async def actor_of(interaction: discord.Interaction[Twincord]) -> Actor:
    """Who is behind this interaction; looked up once, then kept with the interaction.

    Raises `Unavailable` where the database cannot be asked.
    """
    kept: Actor | None = interaction.extras.get(ACTOR)
    if kept is None:
        kept = await interaction.client.services.access.actor(asking(interaction))
        interaction.extras[ACTOR] = kept
    return kept


async def author_of(bot: Twincord, message: discord.Message) -> Actor:
    """Who wrote a message. It does not say in which language her Discord is: the server's stands in.

    Raises `Unavailable` where the database cannot be asked.
    """
    author, guild = message.author, message.guild
    locale = guild.preferred_locale.value if guild else discord.Locale.american_english.value
    return await bot.services.access.actor(
        Asking(
            user_id=author.id,
            name=author.display_name,
            locale=locale,
            server_id=guild.id if guild else None,
            server_locale=locale if guild else None,
            role_ids=frozenset(role.id for role in author.roles) if isinstance(author, discord.Member) else frozenset(),
        )
    )


def asking(interaction: discord.Interaction[Twincord]) -> Asking:
    """What Discord says of the person and the place."""
    user = interaction.user
    roles = frozenset(role.id for role in user.roles) if isinstance(user, discord.Member) else frozenset()
    return Asking(
        user_id=user.id,
        name=user.display_name,
        locale=interaction.locale.value,
        server_id=interaction.guild_id,
        server_locale=interaction.guild_locale.value if interaction.guild_locale else None,
        role_ids=roles,
        manages_server=interaction.guild_id is not None and interaction.permissions.manage_guild,
    )
