"""What forms about alerts share."""

from __future__ import annotations

import discord

from bot.client.forms import Form
from bot.domain.access import Right
from bot.domain.crisis import Alert


class AlertForm(Form):
    """A form about one alert."""

    right = Right.SERVER_COORDINATOR

    def __init__(self, title: str, alert: Alert) -> None:
        super().__init__(title=title)
        self.alert = alert

    def ask(
        self, name: str, label: str, limit: int, *, value: str = "", long: bool = False, hint: str = ""
    ) -> discord.ui.TextInput[AlertForm]:
        """A text field."""
        style = discord.TextStyle.paragraph if long else discord.TextStyle.short
        field: discord.ui.TextInput[AlertForm] = discord.ui.TextInput(
            custom_id=name, style=style, max_length=limit, default=value or None, placeholder=hint or None
        )
        self.add_item(discord.ui.Label(text=label, component=field))
        return field
