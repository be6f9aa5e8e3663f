"""The loopback Discord counts as Discord does."""

from __future__ import annotations

import re

import pytest

from tests.wire.limits import DISCORD_PROXY, Limits, Rule, TooMany, busiest_second

SEND = ("POST", "/channels/7/messages")


class Watch:
    """A clock in seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    """A clock that stands at 100 s."""
    return Watch()


def test_fifty_in_any_rolling_second(watch: Watch) -> None:
    limits = Limits(watch)
    for number in range(50):
        watch.now = 100 + number / 100
        assert limits.judge("GET", f"/guilds/{number}") == {}
    watch.now = 100.6
    refused = limits.judge("GET", "/guilds/51")
    assert isinstance(refused, TooMany)
    assert refused.body == {"message": "You are being rate limited.", "retry_after": 0.4, "global": True}
    assert refused.headers["X-RateLimit-Scope"] == "global"
    assert refused.headers["X-RateLimit-Global"] == "true"
    assert refused.headers["Retry-After"] == "1"
    assert refused.headers["Via"] == DISCORD_PROXY
    watch.now = 101.0
    assert limits.judge("GET", "/guilds/51") == {}
    assert isinstance(limits.judge("GET", "/guilds/52"), TooMany)


def test_what_is_refused_does_not_count(watch: Watch) -> None:
    limits = Limits(watch, everywhere=1)
    assert limits.judge("GET", "/a") == {}
    assert all(isinstance(limits.judge("GET", "/a"), TooMany) for _ in range(10))
    watch.now += 1
    assert limits.judge("GET", "/a") == {}


@pytest.mark.parametrize("path", ["/interactions/1/token/callback", "/webhooks/1/token"])
def test_answers_to_interactions_are_exempt(watch: Watch, path: str) -> None:
    limits = Limits(watch, everywhere=1)
    assert limits.judge("GET", "/a") == {}
    assert [limits.judge("POST", path) for _ in range(100)] == [{}] * 100


def test_a_channel_takes_five_messages_in_five_seconds(watch: Watch) -> None:
    limits = Limits(watch)
    left = []
    for _ in range(5):
        headers = limits.judge(*SEND)
        assert isinstance(headers, dict)
        left.append((headers["X-RateLimit-Remaining"], headers["X-RateLimit-Reset-After"]))
        watch.now += 0.5
    assert left == [("4", "5.000"), ("3", "4.500"), ("2", "4.000"), ("1", "3.500"), ("0", "3.000")]
    refused = limits.judge(*SEND)
    assert isinstance(refused, TooMany)
    assert (refused.body["retry_after"], refused.body["global"]) == (2.5, False)
    assert refused.headers["X-RateLimit-Scope"] == "user"
    assert refused.headers["X-RateLimit-Remaining"] == "0"
    assert isinstance(limits.judge("POST", "/channels/8/messages"), dict), "another channel has a bucket of its own"
    watch.now = 105.0
    assert isinstance(limits.judge(*SEND), dict)


def test_one_bucket_one_name(watch: Watch) -> None:
    limits = Limits(watch, rules=[Rule("POST", re.compile(r"/users/(@me)/channels"), 1, 600.0)])
    headers = limits.judge("POST", "/users/@me/channels")
    assert isinstance(headers, dict)
    assert headers["X-RateLimit-Bucket"]
    assert isinstance(limits.judge("POST", "/users/@me/channels"), TooMany)
    assert limits.judge("GET", "/users/@me/channels") == {}


def test_the_busiest_second() -> None:
    assert busiest_second([]) == 0
    assert busiest_second([0.0, 0.5, 0.999, 1.0, 1.4]) == 4
    assert busiest_second([0.0, 1.0, 2.0]) == 1
