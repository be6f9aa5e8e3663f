"""What the channels of the loopback Discord hold, and what it refuses there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.wire import payloads
from tests.wire.faults import CODES
from tests.wire.payloads import Payload

NONCE_WINDOW = 300.0
"""Seconds that a nonce is remembered: Discord's reference says "the past few minutes"."""
HISTORY = 50
"""Messages that one look at the history gives unless asked for more (100 at most)."""


class Refused(Exception):
    """Discord's "no": a status, and its own code and words."""

    def __init__(self, code: int) -> None:
        self.status, words = CODES[code]
        self.body = {"message": words, "code": code}
        super().__init__(words)


@dataclass
class Channels:
    """Takes messages and shows them. `now` gives seconds, `new_id` a fresh snowflake, `author` is the bot."""

    now: Callable[[], float]
    new_id: Callable[[], int]
    author: Payload
    nonce_window: float = NONCE_WINDOW
    known: dict[int, Payload] = field(default_factory=dict)
    messages: dict[int, list[Payload]] = field(default_factory=dict)
    direct: dict[str, Payload] = field(default_factory=dict)
    """The direct channel to each person, by her id."""
    refuses: dict[int, int] = field(default_factory=dict)
    """Channels that take no message, each with Discord's code (`CODES`)."""
    unreadable: set[int] = field(default_factory=set)
    """Channels whose history the bot may not read: Discord then gives an empty list, and no error."""
    _nonces: dict[str, tuple[float, Payload]] = field(default_factory=dict)

    def add(self, channel: Payload) -> int:
        """Make a channel known; returns its id."""
        channel_id = int(channel["id"])
        self.known[channel_id] = channel
        return channel_id

    def remove(self, channel_id: int) -> None:
        """Delete a channel: 10003 from now on."""
        del self.known[channel_id]

    def get(self, channel_id: int) -> Payload:
        """The channel. Raises Refused."""
        if channel_id not in self.known:
            raise Refused(10003)
        return self.known[channel_id]

    def post(self, channel_id: int, body: Payload) -> Payload:
        """Take a message; a nonce that its author used before gives the message it made, wherever that stands."""
        self.get(channel_id)
        if channel_id in self.refuses:
            raise Refused(self.refuses[channel_id])
        nonce = str(body["nonce"]) if body.get("enforce_nonce") and body.get("nonce") else None
        if nonce is not None and nonce in self._nonces:
            when, earlier = self._nonces[nonce]
            if self.now() - when < self.nonce_window:
                return earlier
        sent = payloads.message(self.new_id(), channel_id, self.author, body)
        self.messages.setdefault(channel_id, []).append(sent)
        self.known[channel_id]["last_message_id"] = sent["id"]
        if nonce is not None:
            self._nonces[nonce] = self.now(), sent
        return sent

    def history(self, channel_id: int, query: Mapping[str, str]) -> list[Payload]:
        """What stands in a channel, newest first, as `before`, `after` and `limit` ask. Nonces are not told."""
        self.get(channel_id)
        if channel_id in self.unreadable:
            return []
        limit = min(int(query.get("limit", HISTORY)), 100)
        found = self.messages.get(channel_id, [])
        if "after" in query:
            # The oldest of those after it, so that a client can go on from there.
            found = [one for one in found if int(one["id"]) > int(query["after"])][:limit]
        elif "before" in query:
            found = [one for one in found if int(one["id"]) < int(query["before"])]
        return [{**one, "nonce": None} for one in found[-limit:][::-1]]

    def message(self, channel_id: int, message_id: str) -> Payload:
        """One message. Raises Refused."""
        for one in self.messages.get(channel_id, []):
            if one["id"] == message_id:
                return one
        raise Refused(10008)

    def edit(self, channel_id: int, message_id: str, body: Payload) -> Payload:
        """Change what a message shows."""
        found = self.message(channel_id, message_id)
        found.update({key: body[key] for key in ("content", "embeds", "components", "flags") if key in body})
        return found

    def delete(self, channel_id: int, message_id: str) -> None:
        """Take a message away."""
        self.messages[channel_id].remove(self.message(channel_id, message_id))

    def open_direct(self, person: str) -> Payload:
        """The direct channel to someone, always the same one."""
        if person not in self.direct:
            recipient = payloads.user(int(person), "someone")
            channel = {"id": str(self.new_id()), "type": 1, "recipients": [recipient], "last_message_id": None}
            self.direct[person] = channel
            self.add(channel)
        return self.direct[person]

    def shown(self, channel_id: int) -> list[str]:
        """The text of each message that a channel shows, oldest first."""
        return [message["content"] for message in self.messages.get(channel_id, [])]

    def times_shown(self) -> Counter[tuple[int, str]]:
        """How often each channel shows each text: more than once is a message that was doubled."""
        return Counter((channel_id, text) for channel_id in self.messages for text in self.shown(channel_id))
