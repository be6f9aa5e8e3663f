"""Whatever may be said on the bot's own has somebody who composes it."""

from __future__ import annotations

from bot.domain.outbox import DeliveryKind
from bot.messenger.composers import COMPOSERS


def test_every_kind_has_its_composer() -> None:
    assert set(COMPOSERS) == set(DeliveryKind)
