"""The network: the programme's whole alumni body, the servers in it, and those who coordinate all of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.domain.access import Actor, Host
from bot.domain.errors import Refusal


@dataclass(frozen=True, slots=True)
class JoinedServer:
    """A server of the network, in a list of them all. `members` counts those seen with the alumni role."""

    id: int
    name: str
    language: str
    joined_at: datetime
    left_at: datetime | None
    cities: tuple[str, ...]
    members: int


@dataclass(frozen=True, slots=True)
class Coordinator:
    """Someone who acts for the whole network. `appointed_by` is None where the host did it."""

    user_id: int
    appointed_by: int | None
    appointed_at: datetime


def may_appoint(coordinators: Collection[int], user_id: int) -> None:
    """Raises `Refusal` where this person is a network coordinator already."""
    if user_id in coordinators:
        raise Refusal("network.already_coordinator")


def may_dismiss(by: Actor | Host, coordinators: Collection[int], user_id: int) -> None:
    """Raises `Refusal` where this person is no network coordinator, or the last one.

    A network without any could only be helped from the command line; so that is where the last one is dismissed.
    """
    if user_id not in coordinators:
        raise Refusal("network.not_coordinator")
    if len(coordinators) == 1 and not isinstance(by, Host):
        raise Refusal("network.last_coordinator")
