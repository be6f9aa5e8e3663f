"""Threads under alerts: where people talk once every channel has been told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.crisis import Alert

NAME_LIMIT: Final = 100


class ThreadRefusal(StrEnum):
    """Why Discord did not let us open a thread, as coordinators are told it."""

    FULL = "full"
    """A server has at most 1,000 threads that are active."""
    FORBIDDEN = "forbidden"
    DELETED = "deleted"
    """The message is gone."""
    GONE = "gone"
    """The channel is."""
    UNFIT = "unfit"
    """The channel takes no threads, or Discord says something else."""


_REASONS: Final = {
    160006: ThreadRefusal.FULL,
    50001: ThreadRefusal.FORBIDDEN,
    50013: ThreadRefusal.FORBIDDEN,
    403: ThreadRefusal.FORBIDDEN,
    10008: ThreadRefusal.DELETED,
    10003: ThreadRefusal.GONE,
    404: ThreadRefusal.GONE,
}
"""Discord's codes (its reference, "JSON Error Codes"), or those of HTTP where it gave none."""


def refusal_of(code: int) -> ThreadRefusal:
    """What one of Discord's codes means for a thread."""
    return _REASONS.get(code, ThreadRefusal.UNFIT)


@dataclass(frozen=True, slots=True)
class ToOpen:
    """A message of ours under which a thread is to be opened, in the language of its server."""

    alert: Alert
    server_id: int
    channel_id: int
    message_id: int
    language: str

    @property
    def key(self) -> tuple[int, int]:
        """The alert and the channel."""
        return self.alert.id, self.channel_id


@dataclass(frozen=True, slots=True)
class Opened:
    """A thread that was opened under an alert, or why not (`refusal`)."""

    server_name: str
    channel_id: int
    thread_id: int | None
    refusal: ThreadRefusal | None
    at: datetime
