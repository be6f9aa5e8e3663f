"""Forms (Discord's modals) that give the text back when it is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

import discord

from bot.client.asking import actor_of
from bot.client.items import Action
from bot.domain.access import Actor, Right
from bot.domain.errors import Refusal
from bot.domain.text import tidy

if TYPE_CHECKING:
    from bot.client.twincord import Twincord


class Form(discord.ui.Modal):
    """The base of every modal. A subclass adds its fields in `__init__`, and does its work in `submit`."""

    right: ClassVar[Right] = Right.MEMBER
    discreet: ClassVar[bool] = False
    """Whether the log must not say who filled it in."""

    async def submit(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """What submitting does: read the fields, call one service, render."""
        raise NotImplementedError

    async def on_submit(self, interaction: discord.Interaction[Twincord]) -> None:  # type: ignore[override]
        """Check the right, then submit."""
        interaction.extras["discreet"] = self.discreet
        actor = await actor_of(interaction)
        actor.require(self.right)
        await self.submit(interaction, actor)

    async def on_error(  # type: ignore[override]
        self, interaction: discord.Interaction[Twincord], error: Exception, /
    ) -> None:
        """Tell her why, and give back what she typed."""
        await interaction.client.errors.handle(interaction, error, form=self)

    def typed(self) -> dict[str, str]:
        """What she wrote, by the label of each text field; empty fields are left out."""
        return {label: field.value for label, field in self._text_fields() if field.value}

    def refused_field(self, refusal: Refusal) -> str | None:
        """The label of the text field that a refusal is about: what it holds is what was refused, or is quoted.

        None where it is about no field, or about all of them together.
        """
        quoted = [value for value in refusal.parameters.values() if isinstance(value, str)]
        wanted = {tidy(text) for text in ([refusal.refused] if refusal.refused is not None else quoted)}
        for label, field in self._text_fields():
            if tidy(field.value) in wanted:
                return label
        return None

    def _text_fields(self) -> Iterator[tuple[str, discord.ui.TextInput[Any]]]:
        for child in self.children:
            field = child.component if isinstance(child, discord.ui.Label) else child
            if isinstance(field, discord.ui.TextInput):
                yield child.text if isinstance(child, discord.ui.Label) else str(field.label), field

    def filled_again(self) -> Form:
        """This form, every field holding what she entered, ready to be shown again."""
        for child in self.children:
            field: Any = child.component if isinstance(child, discord.ui.Label) else child
            if isinstance(field, discord.ui.TextInput):
                field.default = field.value or None
            elif isinstance(field, discord.ui.Select):
                for option in field.options:
                    option.default = option.value in field.values
        return self


class OpenAgain(Action, template=r"form:again:(?P<reference>[0-9a-f]+)"):
    """The button under a refused form that opens it again with what was typed."""

    right = Right.ANYONE

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Open it; after a restart the form is gone, but the text still stands in the message above."""
        form = interaction.client.errors.kept_forms.get(self.match["reference"])
        if form is None:
            raise Refusal("errors.form_expired")
        await interaction.response.send_modal(form.filled_again())
