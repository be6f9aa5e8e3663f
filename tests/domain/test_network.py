"""Who may appoint and dismiss whom."""

from __future__ import annotations

import pytest

from bot.domain.access import Actor, Host
from bot.domain.errors import Refusal
from bot.domain.network import may_appoint, may_dismiss

COORDINATOR = Actor(user_id=1, name="Ana", language="en", is_network_coordinator=True)


def test_nobody_is_appointed_twice() -> None:
    may_appoint({1}, 2)
    with pytest.raises(Refusal, match=r"network\.already_coordinator"):
        may_appoint({1, 2}, 2)


def test_only_a_coordinator_is_dismissed() -> None:
    may_dismiss(COORDINATOR, {1, 2}, 2)
    may_dismiss(COORDINATOR, {1, 2}, 1)
    with pytest.raises(Refusal, match=r"network\.not_coordinator"):
        may_dismiss(COORDINATOR, {1, 2}, 3)


def test_the_last_one_is_dismissed_by_the_host_alone() -> None:
    with pytest.raises(Refusal, match=r"network\.last_coordinator"):
        may_dismiss(COORDINATOR, {1}, 1)
    may_dismiss(Host(), {1}, 1)
