"""The client: intents, loading the cogs by name, one error handler. It holds the services, and no rule."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import aiohttp
import discord
import structlog
from discord.ext import commands

from bot.client.asking import actor_of
from bot.client.errors import ErrorHandler
from bot.client.forms import OpenAgain
from bot.client.tree import CommandTranslator, Tree, right_of
from bot.i18n import Catalogues, Translator
from bot.services.registry import Services

__all__ = ["Twincord", "actor_of", "cog_names", "reply"]

log = structlog.get_logger("twincord.client")


def cog_names() -> list[str]:
    """The names of all cogs, found in the folder `cogs` without importing them."""
    spec = find_spec("cogs")
    assert spec is not None
    return [f"cogs.{module.name}" for module in pkgutil.iter_modules(spec.submodule_search_locations)]


def intents(*, members: bool) -> discord.Intents:
    """What the bot listens to. Message text is not among it: a mention and a direct message carry theirs."""
    wanted = discord.Intents.none()
    wanted.guilds = True
    wanted.guild_messages = True
    wanted.dm_messages = True
    wanted.members = members
    return wanted


class Twincord(commands.AutoShardedBot):
    """The bot. Everything it knows is handed to it; each cog's `setup(bot)` takes what it needs."""

    def __init__(
        self,
        services: Services,
        catalogues: Catalogues,
        *,
        members_intent: bool = True,
        shard_count: int | None = None,
        extensions: list[str] | None = None,
        http_trace: aiohttp.TraceConfig | None = None,
    ) -> None:
        super().__init__(
            commands.when_mentioned,
            intents=intents(members=members_intent),
            allowed_mentions=discord.AllowedMentions.none(),
            help_command=None,
            chunk_guilds_at_startup=False,
            max_messages=None,
            shard_count=shard_count,
            tree_cls=Tree,
            http_trace=http_trace or aiohttp.TraceConfig(),
        )
        self.services = services
        self.catalogues = catalogues
        self.errors = ErrorHandler(catalogues)
        self.command_ids: dict[str, int] = {}
        """The id that Discord gave each top-level command, for links to it in messages."""
        self.on_logged_in: Callable[[], None] | None = None
        """Called once we are logged in and can send, before we are connected; again where the login is tried again."""
        self._wanted_extensions = extensions

    async def setup_hook(self) -> None:
        """Load the cogs, see that each command says who may use it, and tell Discord the commands."""
        await self.tree.set_translator(CommandTranslator(self.catalogues))
        self.add_dynamic_items(OpenAgain)
        for name in cog_names() if self._wanted_extensions is None else self._wanted_extensions:
            if name not in self.extensions:  # a login that is tried again comes here again
                await self.load_extension(name)
        self.check_rights()
        self.command_ids = {command.name: command.id for command in await self.tree.sync()}
        if self.on_logged_in is not None:
            self.on_logged_in()

    def check_rights(self) -> None:
        """See that each command and menu says who may use it. Raises LookupError naming the first that does not."""
        for kind in discord.AppCommandType:
            for command in self.tree.walk_commands(type=kind):
                if not isinstance(command, discord.app_commands.Group):
                    right_of(command)

    async def on_message(self, message: discord.Message, /) -> None:
        """There are no commands with a prefix; a mention is a question (`cogs.chat`)."""

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Log what a listener raised, under the name of its event."""
        log.exception("listener failed", event_name=event_method)

    def translator(self, *wanted: str | None) -> Translator:
        """Says things in the nearest of these languages that has a catalogue."""
        return self.catalogues.translator(*wanted)


async def reply(interaction: discord.Interaction[Any], text: str | None = None, /, **parts: Any) -> None:
    """Answer an interaction privately, whether or not it was deferred.

    `parts` are those of discord.py's `send_message`: embed, view, file… Pass `ephemeral=False` for everybody.
    """
    parts.setdefault("ephemeral", True)
    if interaction.response.is_done():
        await interaction.followup.send(text or "", **parts)
    else:
        await interaction.response.send_message(text, **parts)
