"""Starting the demo. Its packages are asked for only now: a bot on Discord does without them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from bot.domain.errors import Refusal
from config.settings import Settings


async def show(settings: Settings, port: int, stop: asyncio.Event) -> None:
    """Run the demo until `stop` is set, and say at which address. Nothing of it is left afterwards.

    Raises `Refusal` where its packages are not installed or the port is taken, and what `bot.app.build` raises.
    """
    try:
        with _quiet("discord.state", "discord.client"):
            from bot.demo.run import run  # noqa: PLC0415 - see the module's docstring
    except ModuleNotFoundError as error:
        if error.name is None or not error.name.startswith("simcord"):
            raise
        raise Refusal("cli.demo_needs_simcord") from error
    await run(settings, port, stop)


@contextmanager
def _quiet(*names: str) -> Iterator[None]:
    """Keep warnings of these loggers back: simcord tries discord.py out while it is imported, and is warned of that."""
    before = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)
