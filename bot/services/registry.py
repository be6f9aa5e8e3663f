"""All services of the house, built once by `bot.app` and handed to the client."""

from __future__ import annotations

from dataclasses import dataclass

from bot.services.access import AccessService


@dataclass(frozen=True, slots=True)
class Services:
    """One field a noun; each cog's `setup(bot)` takes what it needs from here."""

    access: AccessService
