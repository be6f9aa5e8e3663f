"""What alerts and drills were for a server: what its keepers see of who sent what to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.crisis import Alert
from bot.domain.outbox import DeliveryState

PAGE: Final = 5


@dataclass(frozen=True, slots=True)
class SentHere:
    """An alert or a drill that was confirmed for channels of a server.

    `author` and `approver` are the names of members, None where they are none. `told` is what became of it, channel by
    channel, as far as that is on record, with the last reason why it was not told.
    """

    alert: Alert
    origin: str | None
    author: str | None
    approver: str | None
    channels: int
    told: Sequence[DeliveryState]
    why: str | None = None


@dataclass(frozen=True, slots=True)
class SentPage:
    """Some of them, the newest first. `page` counts from 0, and is the last one where there are fewer."""

    drill: bool
    sent: tuple[SentHere, ...]
    page: int
    pages: int


def page_of(wanted: int, total: int) -> tuple[int, int]:
    """The page that there is nearest to the wanted one, and how many there are."""
    pages = max(-(-total // PAGE), 1)
    return min(max(wanted, 0), pages - 1), pages
