"""A message as it goes to Discord, and who composes it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import discord

from bot.domain.outbox import Delivery, Dropped
from bot.i18n import Catalogues, Translator
from bot.services.registry import Services


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message. Whom it may ping is nobody, unless `mentions` says so.

    Buttons are plain ones, made by `bot.render`; one of them may carry the delivery (`bot.domain.outbox.mark`).
    """

    content: str | None = None
    embeds: Sequence[discord.Embed] = ()
    view: discord.ui.View | discord.ui.LayoutView | None = None
    files: Sequence[discord.File] = ()
    mentions: discord.AllowedMentions = field(default_factory=discord.AllowedMentions.none)
    silent: bool = False

    def parts(self) -> dict[str, Any]:
        """As discord.py's `send` takes it: what is not there is left out."""
        parts: dict[str, Any] = {"allowed_mentions": self.mentions, "silent": self.silent}
        optional = {"content": self.content, "embeds": list(self.embeds), "files": list(self.files), "view": self.view}
        return parts | {name: part for name, part in optional.items() if part}


@dataclass(frozen=True, slots=True)
class Desk:
    """What composers work with. `client` is for what only Discord's cache knows; it may still be connecting."""

    services: Services
    catalogues: Catalogues
    client: discord.Client

    def translator(self, *wanted: str | None) -> Translator:
        """Says things in the nearest of these languages that has a catalogue."""
        return self.catalogues.translator(*wanted)


Compose = Callable[[Desk, Delivery], Awaitable[Outgoing | Dropped]]
"""Asked at the moment of each try: checks permission and consent again, and returns the message in the recipient's
language, or says why it is no longer to be said."""
