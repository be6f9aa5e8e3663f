"""`run` and `demo`: starting the bot, on Discord or in a sandbox."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import structlog
import typer

from bot import app as house
from bot.cli.desk import Answer, AsJson, Desk, perform
from bot.cli.misspelt import misspelt
from bot.demo.start import show

log = structlog.get_logger("twincord")

SIGNALS = (signal.SIGTERM, signal.SIGINT)


def run(as_json: AsJson = False) -> None:
    """Start the bot on Discord. Needs the setting TWINCORD_TOKEN; stop it with Ctrl+C or SIGTERM."""
    perform(_run, machine=as_json, running=True)


async def _run(desk: Desk) -> Answer:
    for message_id, parameters in misspelt():
        log.warning(desk.t(message_id, **parameters))
    with stopping_on_signals() as stop:
        await house.run(desk.settings, stop)
    return Answer((), {"stopped": True})


@contextmanager
def stopping_on_signals() -> Iterator[asyncio.Event]:
    """An event that is set when the process is told to end. A second signal ends it at once."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()

    def forget() -> None:
        for number in SIGNALS:
            loop.remove_signal_handler(number)

    def heard() -> None:
        forget()
        stop.set()

    try:
        for number in SIGNALS:
            loop.add_signal_handler(number, heard)
    except NotImplementedError:  # Windows: Ctrl+C then cancels the program, which closes the bot as well
        yield stop
        return
    try:
        yield stop
    finally:
        forget()


def demo(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The page's port on this machine; 0 takes any free one.")
    ] = 0,
) -> None:
    """Try the bot in a browser: a sandbox with a whole network in it, without a Discord account."""

    async def work(desk: Desk) -> Answer:
        with stopping_on_signals() as stop:
            await show(desk.settings, port, stop)
        return Answer((), {"stopped": True})

    perform(work, machine=False, running=True)
