"""One try to deliver: look where it is in doubt, see whether it may still be said, have it composed, send it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import discord
import structlog

from bot.domain.errors import Unavailable
from bot.domain.outbox import (
    FORBIDDEN_CODE,
    NOT_ALLOWED,
    SEND_LIMIT,
    Again,
    Delivery,
    DeliveryKind,
    Dropped,
    InDoubt,
    Late,
    Outcome,
    Place,
    Refused,
    Sent,
    Step,
    in_time,
    next_step,
    wait_after,
    with_fingerprint,
)
from bot.messenger.answers import FAILURES, outcome_of
from bot.messenger.outgoing import Compose, Desk, Outgoing
from bot.messenger.reading import Found, Sight, look
from bot.messenger.recognising import carries_its_mark, fingerprint_of
from bot.services.outbox import OutboxService

log = structlog.get_logger("twincord.outbox")


class LeaseLost(Exception):
    """Another sender has it now."""


@dataclass(frozen=True, slots=True)
class Trying:
    """Tries deliveries, one at a time. It changes nothing on record but by what text a message is found again."""

    client: discord.Client
    outbox: OutboxService
    desk: Desk
    composers: Mapping[DeliveryKind, Compose]
    chance: Callable[[], float]
    margin: timedelta

    async def once(self, delivery: Delivery) -> Outcome:
        """Try to deliver. Raises `LeaseLost`, and `Unavailable` where the database does not answer."""
        place = await self.outbox.place(delivery)
        step = next_step(delivery, self.outbox.clock(), self.margin)
        if step is Step.LOOK:
            seen = await self._looked(delivery, place)
            if seen is not None:
                return seen
            delivery = replace(delivery, in_doubt_since=None)
            step = next_step(delivery, self.outbox.clock(), self.margin)
        if step is Step.LET_GO:
            return Late()
        against = self._against(delivery, place) or await self._compose(delivery)
        if isinstance(against, Again):
            return against
        if not isinstance(against, Outgoing):
            return against if delivery.in_doubt_since is None else await self._seen_or(against, delivery, place)
        assert place.channel_id is not None
        return await self._send(delivery, against, place.channel_id)

    async def _seen_or(self, outcome: Outcome, delivery: Delivery, place: Place) -> Outcome:
        """It is not to be said any more; but where it may have been said, we want to know."""
        return await self._looked(delivery, place) or outcome

    def _against(self, delivery: Delivery, place: Place) -> Outcome | None:
        """What speaks against saying it there now, before it is composed."""
        if place.barred is not None:
            return Dropped(place.barred)
        if place.refused is not None:
            probe = place.may_be_probed(self.outbox.clock(), delivery.priority)
            if not (probe and self._may_speak(place)):
                return Refused(place.refused, remembered=True)
        if place.channel_id is None:
            return Refused(NOT_ALLOWED) if delivery.fallback else Dropped("not_allowed")
        return None

    async def _compose(self, delivery: Delivery) -> Outgoing | Outcome:
        try:
            return await self.composers[delivery.kind](self.desk, delivery)
        except Unavailable:
            raise
        except Exception:
            log.exception("not composed", delivery=delivery.id, kind=delivery.kind.value)
            return self._again(delivery, "not_composed")

    async def _send(self, delivery: Delivery, message: Outgoing, channel_id: int) -> Outcome:
        if not carries_its_mark(message, delivery):
            fingerprints = with_fingerprint(delivery, fingerprint_of(message))
            if fingerprints != delivery.fingerprints and not await self.outbox.about_to_send(delivery, fingerprints):
                raise LeaseLost
        if not in_time(delivery, self.outbox.clock(), self.outbox.lease):
            raise LeaseLost
        channel = self.client.get_partial_messageable(channel_id)
        try:
            async with asyncio.timeout(SEND_LIMIT / timedelta(seconds=1)):
                sent = await channel.send(nonce=delivery.id, **message.parts())
        except FAILURES as error:
            return outcome_of(error, delivery, channel_id, now=self.outbox.clock(), chance=self.chance())
        except Exception as error:  # a closed session is a RuntimeError
            log.exception("not sent", delivery=delivery.id, kind=delivery.kind.value)
            return outcome_of(error, delivery, channel_id, now=self.outbox.clock(), chance=self.chance())
        return Sent(sent.id, channel_id)

    async def _looked(self, delivery: Delivery, place: Place) -> Outcome | None:
        """What a look shows of an earlier try; None where it has not arrived."""
        if place.channel_id is None:
            return InDoubt("no_place")

        async def known(message_ids: Collection[int]) -> frozenset[int]:
            return await self.outbox.known_messages(message_ids, delivery)

        try:
            match await look(self.client, delivery, place.channel_id, known):
                case Found(message_id):
                    return Sent(message_id, place.channel_id)
                case Sight.UNREADABLE:
                    return InDoubt("unreadable")
                case Sight.ABSENT:
                    return None
        except FAILURES as error:
            outcome = outcome_of(error, delivery, place.channel_id, now=self.outbox.clock(), chance=self.chance())
        match outcome:
            case Refused(code) if code == FORBIDDEN_CODE:
                return InDoubt("unreadable")
            case Refused():
                return outcome
            case _:
                return self._again(delivery, getattr(outcome, "error", "not_looked"))

    def _again(self, delivery: Delivery, error: str) -> Again:
        now = self.outbox.clock()
        return Again(now + wait_after(delivery, error, self.chance()), delivery.in_doubt_since, error)

    def _may_speak(self, place: Place) -> bool:
        """Whether Discord shows by now that we may write in a channel that it refused before."""
        channel = self.client.get_channel(place.channel_id or 0)
        if not isinstance(channel, discord.abc.GuildChannel):
            return False
        granted = channel.permissions_for(channel.guild.me)
        return granted.view_channel and granted.send_messages
