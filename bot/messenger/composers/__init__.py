"""Who composes what: one composer a kind of delivery, a module a noun.

A composer is asked at the moment of each try. It looks at everything anew: what was allowed when the delivery was
written down may not be any more. To add one: a module here with `COMPOSERS`, and a line below.
"""

from __future__ import annotations

from bot.domain.outbox import DeliveryKind
from bot.messenger.composers import (
    alert_imports,
    campaigns,
    cases,
    checkins,
    crisis,
    hand_overs,
    invitations,
    oncall,
    outbox,
    questions,
)
from bot.messenger.outgoing import Compose

__all__ = ["COMPOSERS"]

COMPOSERS: dict[DeliveryKind, Compose] = {
    **crisis.COMPOSERS,
    **alert_imports.COMPOSERS,
    **invitations.COMPOSERS,
    **campaigns.COMPOSERS,
    **questions.COMPOSERS,
    **cases.COMPOSERS,
    **checkins.COMPOSERS,
    **outbox.COMPOSERS,
    **hand_overs.COMPOSERS,
    **oncall.COMPOSERS,
}
