"""How the outbox is, as the people who look after it are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.outbox import DeliveryKind, DeliveryState, RefusalReason


@dataclass(frozen=True, slots=True)
class Unreached:
    """What Discord refused, with its code: a channel, or a member by her name."""

    code: int
    channel_id: int | None
    member: str | None


@dataclass(frozen=True, slots=True)
class Troubled:
    """A delivery that was refused (`reason`), or of which nobody knows whether it arrived (None).

    It was for a channel, a member by her name, or somebody's direct messages.
    """

    kind: DeliveryKind
    reason: RefusalReason | None
    channel_id: int | None
    member: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class DeliveriesStatus:
    """`later`: their time has not come. `waiting`: for their turn alone, the first of them since `oldest`."""

    states: Mapping[DeliveryState, int]
    kinds: Mapping[DeliveryKind, Mapping[DeliveryState, int]]
    refused: Mapping[RefusalReason, int]
    later: int
    waiting: int
    oldest: datetime | None
    troubled: tuple[Troubled, ...] = ()
