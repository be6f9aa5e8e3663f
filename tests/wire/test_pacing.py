"""Turns come on a beat: a stalled loop is caught up with, and Discord's rolling second is never overfilled."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from itertools import pairwise

import aiohttp
from hypothesis import given
from hypothesis import strategies as st

from bot.messenger.pacing import MOST, WITHIN, Pacer, pacing
from tests.wire.discord_server import DiscordServer


class Loop:
    """A clock that moves when somebody sleeps, each time later than asked by what comes next."""

    def __init__(self, late: Sequence[float] = ()) -> None:
        self.now = 1000.0
        self.late = list(reversed(late))

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Wake up, too late perhaps."""
        self.now += seconds + (self.late.pop() if self.late else 0.0)


async def turns(loop: Loop, number: int) -> list[float]:
    """When each of so many turns came that were asked for at once."""
    pacer, came = Pacer(sleep=loop.sleep, seconds=loop), []

    async def one() -> None:
        await pacer.turn()
        came.append(loop.now)

    await asyncio.gather(*(one() for _ in range(number)))
    assert pacer.turns == number
    return came


def shortest(came: Sequence[float]) -> float:
    """The shortest time within which there are more turns than Discord takes in a second."""
    return min(later - earlier for earlier, later in zip(came, came[MOST:], strict=False))


async def test_the_beat_is_even_from_the_start() -> None:
    came = await turns(Loop(), 200)
    gaps = [later - earlier for earlier, later in pairwise(came)]
    assert max(gaps) - min(gaps) < 1e-6
    assert 47.5 < 1 / gaps[0] < 49


@given(late=st.lists(st.floats(0, 0.4), max_size=300))
def test_no_stall_overfills_a_second(late: list[float]) -> None:
    came = asyncio.run(turns(Loop(late), 400))
    assert shortest(came) >= WITHIN - 1e-6


async def test_small_stalls_cost_nothing() -> None:
    chance = random.Random(3)
    late = [chance.choice([0, 0, 0, 0.004, 0.012]) for _ in range(2000)]
    came = await turns(Loop(late), 2000)
    assert 1999 / (came[-1] - came[0]) > 47.5


async def test_nothing_is_saved_up_while_nobody_asks() -> None:
    loop = Loop()
    pacer = Pacer(sleep=loop.sleep, seconds=loop)
    await pacer.turn()
    loop.now += 60
    came = []
    for _ in range(5):
        await pacer.turn()
        came.append(loop.now)
    assert min(later - earlier for earlier, later in pairwise(came)) > 0.99 * pacer.interval


async def test_answers_to_people_do_not_wait(server: DiscordServer) -> None:
    loop = Loop()
    pacer = Pacer(sleep=loop.sleep, seconds=loop)
    async with aiohttp.ClientSession(trace_configs=[pacing(pacer)]) as session:
        for path in ("/users/@me", "/interactions/1/token/callback", "/webhooks/1/token", "/users/@me"):
            await session.get(server.base + path)
    assert pacer.turns == 2
