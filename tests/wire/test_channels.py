"""Channels of the loopback Discord: nonces, history, and what is shown."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from tests.wire import payloads
from tests.wire.channels import Channels, Refused
from tests.wire.test_limits import Watch


@pytest.fixture
def watch() -> Watch:
    """A clock in seconds."""
    return Watch()


@pytest.fixture
def channels(watch: Watch) -> Channels:
    """Two channels, 1 and 2."""
    made = Channels(watch, itertools.count(1000).__next__, payloads.user(9, "Twincord", bot=True))
    for channel_id in (1, 2):
        made.add(payloads.text_channel(channel_id, 0, "check-ins"))
    return made


def body(text: str, nonce: str | None = None) -> dict[str, Any]:
    """What a client sends."""
    return {"content": text, "nonce": nonce, "enforce_nonce": nonce is not None}


def test_a_nonce_makes_one_message_even_in_another_channel(channels: Channels) -> None:
    first = channels.post(1, body("once", "7"))
    assert channels.post(1, body("twice", "7")) is first
    assert channels.post(2, body("elsewhere", "7")) is first
    assert (channels.shown(1), channels.shown(2)) == (["once"], [])


def test_a_nonce_is_forgotten(channels: Channels, watch: Watch) -> None:
    channels.post(1, body("once", "7"))
    watch.now += channels.nonce_window
    channels.post(1, body("once", "7"))
    assert channels.times_shown() == {(1, "once"): 2}


def test_a_nonce_that_is_not_enforced_is_decoration(channels: Channels) -> None:
    for _ in range(2):
        channels.post(1, {"content": "hello", "nonce": "7"})
    assert channels.shown(1) == ["hello", "hello"]


def test_history_is_newest_first(channels: Channels) -> None:
    ids = [channels.post(1, body(text))["id"] for text in "abcd"]

    def texts(**query: str) -> str:
        return "".join(message["content"] for message in channels.history(1, query))

    assert texts() == "dcba"
    assert texts(limit="2") == "dc"
    assert texts(before=ids[2]) == "ba"
    assert texts(after=ids[0], limit="2") == "cb"
    assert channels.history(2, {}) == []
    assert channels.get(1)["last_message_id"] == ids[3]


def test_history_that_may_not_be_read_is_an_empty_list(channels: Channels) -> None:
    channels.post(1, body("there"))
    channels.unreadable.add(1)
    assert channels.history(1, {}) == []
    assert channels.shown(1) == ["there"]


@pytest.mark.parametrize(("code", "status"), [(50001, 403), (50007, 403), (50013, 403), (50278, 403), (10003, 404)])
def test_a_channel_refuses(channels: Channels, code: int, status: int) -> None:
    channels.refuses[1] = code
    with pytest.raises(Refused) as caught:
        channels.post(1, body("may I?"))
    assert (caught.value.status, caught.value.body["code"]) == (status, code)
    assert channels.shown(1) == []


def test_a_channel_that_is_gone(channels: Channels) -> None:
    channels.remove(1)
    for attempt in (lambda: channels.post(1, body("?")), lambda: channels.history(1, {}), lambda: channels.get(1)):
        with pytest.raises(Refused) as caught:
            attempt()
        assert caught.value.body["code"] == 10003


def test_a_message_is_edited_and_taken_away(channels: Channels) -> None:
    sent = channels.post(1, body("draft"))
    channels.edit(1, sent["id"], {"content": "done"})
    assert channels.shown(1) == ["done"]
    channels.delete(1, sent["id"])
    assert channels.shown(1) == []
    with pytest.raises(Refused) as caught:
        channels.message(1, sent["id"])
    assert caught.value.body["code"] == 10008


def test_a_person_has_one_direct_channel(channels: Channels) -> None:
    opened = channels.open_direct("42")
    assert channels.open_direct("42") == opened
    channels.post(int(opened["id"]), body("hello"))
    assert channels.shown(int(opened["id"])) == ["hello"]
