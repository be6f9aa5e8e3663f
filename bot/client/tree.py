"""The command tree: every command is checked here before it runs, and speaks the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.client.asking import actor_of
from bot.domain.access import Right
from bot.i18n import Catalogues

if TYPE_CHECKING:
    from bot.client.twincord import Twincord

AnyCommand = app_commands.Command[Any, ..., Any] | app_commands.ContextMenu


def right_of(command: AnyCommand) -> Right:
    """The right that a command asks for, from its `extras`. Raises LookupError where it declares none."""
    right = command.extras.get("right")
    if not isinstance(right, Right):
        raise LookupError(f"/{command.qualified_name} declares no right: extras={{'right': Right.…}}")
    return right


class Tree(app_commands.CommandTree["Twincord"]):
    """Asks each command's right of the person, and routes every error to the one handler."""

    async def interaction_check(self, interaction: discord.Interaction[Twincord], /) -> bool:
        """Whether she may; where not, she has been told why."""
        command = interaction.command
        if command is None:  # the tree itself answers a command that it does not know
            return True
        interaction.extras["discreet"] = command.extras.get("discreet", False)
        try:
            (await actor_of(interaction)).require(right_of(command))
        except Exception as error:  # noqa: BLE001 - whatever it is, the handler answers and logs it
            await self.client.errors.handle(interaction, error)
            return False
        return True

    async def on_error(
        self, interaction: discord.Interaction[Twincord], error: app_commands.AppCommandError, /
    ) -> None:
        """Hand it to the one handler."""
        await self.client.errors.handle(interaction, error)


class CommandTranslator(app_commands.Translator):
    """Names and descriptions of commands, from the catalogues."""

    def __init__(self, catalogues: Catalogues) -> None:
        self._catalogues = catalogues

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """The words for one of Discord's locales ("es-ES" and "es-419" are both Spanish); None where it has none."""
        language = locale.value.partition("-")[0]
        if language == "en":
            return None
        return self._catalogues.command(language, string.message)
