"""Direct messages: the first one, and the button by which they end."""

from __future__ import annotations

import discord

from bot.i18n import Translator
from bot.render.parts import button, buttons


def hello(t: Translator) -> tuple[str, discord.ui.View]:
    """The first direct message to a member who allows them: what she will be sent, and how to stop it."""
    return t("direct.hello"), buttons(button(t("direct.stop"), "direct:stop"))
