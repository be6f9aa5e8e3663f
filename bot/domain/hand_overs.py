"""What somebody leaves behind when she leaves the network, and who takes it over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.access import Actor, Right
from bot.domain.errors import Forbidden, Refusal


class HandOverKind(StrEnum):
    """What there is to take over."""

    CASE = "case"
    QUESTION = "question"
    ADAPTATION = "adaptation"
    TOPIC = "topic"
    """It has lost its last expert."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing. `subject` is a number, or a topic's id; `title` is what people call it."""

    id: int
    hand_over_id: int
    kind: HandOverKind
    subject: str
    title: str
    offered_to: int | None = None
    accepted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HandOver:
    """All that one person leaves behind in one server."""

    id: int
    server_id: int
    user_id: int | None
    name: str | None
    opened_at: datetime
    settled_at: datetime | None
    items: tuple[Item, ...] = ()

    @property
    def open_items(self) -> tuple[Item, ...]:
        """What nobody has taken yet."""
        return tuple(one for one in self.items if one.accepted_at is None)


def check_coordinates(hand_over: HandOver, actor: Actor) -> None:
    """Raises `Forbidden` unless she coordinates that server."""
    here = actor.server_id == hand_over.server_id and actor.may(Right.SERVER_COORDINATOR)
    if not actor.is_network_coordinator and not here:
        raise Forbidden("cases.coordinator_only")


def check_offer(hand_over: HandOver, item: Item, actor: Actor) -> None:
    """Raises `Refusal` unless she coordinates that server and it is still to be had."""
    check_coordinates(hand_over, actor)
    if item.accepted_at is not None:
        raise Refusal("cases.taken_already")


def check_accept(item: Item, actor: Actor) -> None:
    """Raises `Refusal` unless it was offered to her and is still to be had."""
    if item.accepted_at is not None:
        raise Refusal("cases.taken_already")
    if item.offered_to != actor.user_id:
        raise Forbidden("cases.not_offered")
