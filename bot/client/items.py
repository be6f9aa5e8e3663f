"""Buttons and selects that survive a restart: everything they need stands in their `custom_id`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar, Self

import discord

from bot.client.asking import actor_of
from bot.domain.access import Actor, Right

if TYPE_CHECKING:
    from bot.client.twincord import Twincord


class Action(discord.ui.DynamicItem[discord.ui.Item[Any]], template=r"(?!)"):
    """The base of every button and select that a cog answers.

    A subclass names its `custom_id` as `template` (a regular expression), says whose `right` it asks, and does
    its work in `run`. discord.py only logs what a DynamicItem raises; here it reaches the one error handler.
    What a render module made is a plain button with that `custom_id`; this class never stands in a view.
    """

    right: ClassVar[Right]
    discreet: ClassVar[bool] = False
    """Whether the log must not say who used it."""

    def __init__(self, item: discord.ui.Item[Any], match: re.Match[str]) -> None:
        super().__init__(item)
        self.match = match

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Made anew by discord.py for each click."""
        return cls(item, match)

    @property
    def values(self) -> list[Any]:
        """What was chosen, where this is a select: strings, channels, roles or members."""
        chosen: list[Any] = getattr(self.item, "values", [])
        return list(chosen)

    async def callback(self, interaction: discord.Interaction[Twincord]) -> None:  # type: ignore[override]
        """Check the right, run, and hand whatever is raised to the error handler."""
        interaction.extras["discreet"] = self.discreet
        try:
            actor = await actor_of(interaction)
            actor.require(self.right)
            await self.run(interaction, actor)
        except Exception as error:  # noqa: BLE001 - whatever it is, the handler answers and logs it
            await interaction.client.errors.handle(interaction, error)

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """What the button does: parse `self.match`, call one service, render."""
        raise NotImplementedError
