"""The two places where discord.py keeps Discord's address."""

from __future__ import annotations

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route


def point_discord_py_at(base: str, gateway_url: str) -> None:
    """Make the discord.py of this process speak to another Discord, for good."""
    Route.BASE = base
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)
