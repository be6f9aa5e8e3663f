"""Leaving a server, for somebody who is looked after by the bot.

It waits an hour before it hands over what she leaves behind, in case she left by mistake. Here that hour is over at
once: whoever follows the tour does not wait for it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from simcord import GuildHandle, UserHandle

from bot.services.hand_overs import SETTLING
from bot.services.registry import Services

Leave = Callable[[GuildHandle, UserHandle], Awaitable[None]]


async def just_leave(guild: GuildHandle, user: UserHandle) -> None:
    """Leave, and nothing more."""
    guild.remove_member(user)


def leave_for_good(services: Services) -> Leave:
    """How somebody leaves a server whose bot then looks after what she left."""

    async def leave(guild: GuildHandle, user: UserHandle) -> None:
        now = services.hand_overs.clock()
        long_ago = now - SETTLING - timedelta(minutes=1)
        await replace(services.memberships, clock=lambda: long_ago).gone(guild.id, [user.id])
        guild.remove_member(user)
        async with services.hand_overs.work.begin() as session:
            await services.hand_overs.run(session, now)

    return leave
