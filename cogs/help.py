"""/help: what this person may do here."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Twincord, actor_of, reply
from bot.client.tree import AnyCommand, right_of
from bot.domain.access import Actor, Right
from bot.render import help as render

FOR_EVERYBODY = {Right.ANYONE, Right.MEMBER}


class Help(commands.Cog):
    """The list of commands, read from the live tree: nothing can be forgotten in it."""

    def __init__(self, bot: Twincord) -> None:
        self.bot = bot

    @app_commands.command(name="help", description="See what you can do here", extras={"right": Right.ANYONE})
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def help(self, interaction: discord.Interaction[Twincord]) -> None:
        """The commands that she may use in this place, in her language."""
        actor = await actor_of(interaction)
        t = interaction.client.translator(actor.language)
        slash, menus = self._usable(actor)
        cards = render.cards(
            t,
            [self._entry(one) for one in slash if right_of(one) in FOR_EVERYBODY],
            [self._entry(one) for one in slash if right_of(one) not in FOR_EVERYBODY],
            [render.Entry(t.catalogues.command(t.language, one.name) or one.name, "") for one in menus],
        )
        for card in cards:
            await reply(interaction, embed=card)

    def _usable(self, actor: Actor) -> tuple[list[app_commands.Command[Any, ..., Any]], list[app_commands.ContextMenu]]:
        slash = [
            command
            for command in self.bot.tree.walk_commands()
            if not isinstance(command, app_commands.Group) and usable(command, actor)
        ]
        menus = [
            menu
            for kind in (discord.AppCommandType.message, discord.AppCommandType.user)
            for menu in self.bot.tree.get_commands(type=kind)
            if usable(menu, actor)
        ]
        return slash, menus

    def _entry(self, command: app_commands.Command[Any, ..., Any]) -> render.Entry:
        identity = self.bot.command_ids.get(command.qualified_name.partition(" ")[0])
        name = command.qualified_name
        return render.Entry(f"</{name}:{identity}>" if identity else f"`/{name}`", command.description)


def usable(command: AnyCommand, actor: Actor) -> bool:
    """Whether she may use it, and use it in this kind of place."""
    root = command.root_parent or command if isinstance(command, app_commands.Command) else command
    places = root.allowed_contexts
    in_place = actor.server_id is not None or (places is not None and bool(places.dm_channel))
    return in_place and actor.may(right_of(command))


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    await bot.add_cog(Help(bot))
