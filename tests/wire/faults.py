"""Bad days of the REST side: what the next matching requests meet instead of an answer."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from aiohttp import web

from tests.wire import rest
from tests.wire.limits import too_many
from tests.wire.payloads import Payload

CODES = {
    10003: (404, "Unknown Channel"),
    10008: (404, "Unknown Message"),
    50001: (403, "Missing Access"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50278: (403, "Cannot send messages to this user due to having no mutual guilds"),
}
"""Discord's error codes that a bot meets when it sends, each with its HTTP status and words."""


class Ending(Enum):
    """How the request ends for the client."""

    ANSWERED = "answered"
    CUT = "cut"
    """The connection breaks."""
    SILENT = "silent"
    """Nothing comes until the client gives up, or the server closes."""


@dataclass
class Hold:
    """An answer that is held back: the request has been carried out, and the client does not know."""

    reached: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class Fault:
    """Meets the next `times` requests of this method whose path matches.

    `accepted` ones are carried out all the same: the case in doubt. `status` None with an ANSWERED ending is the true
    answer, which is what a fault that only holds its answer back gives.
    """

    method: str
    path: re.Pattern[str]
    status: int | None = None
    body: Payload = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    times: float = 1
    accepted: bool = False
    ending: Ending = Ending.ANSWERED
    hold: Hold | None = None
    chance: Callable[[], bool] = lambda: True
    """Asked for each matching request: whether it is met."""

    def meets(self, method: str, path: str) -> bool:
        """Whether this request meets the fault; counts it where it does."""
        if self.times < 1 or method != self.method or not self.path.fullmatch(path) or not self.chance():
            return False
        self.times -= 1
        return True

    def instead(self, headers: Mapping[str, str]) -> web.Response:
        """What is answered instead of the truth."""
        return rest.answer(self.body, self.status or 500, {**headers, **self.headers})

    async def end(self, request: web.Request, over: asyncio.Event) -> None:
        """Hold the answer back, break the connection, or say nothing until the server is `over`."""
        if self.hold is not None:
            self.hold.reached.set()
            await first_of(self.hold.released, over)
        if self.ending is Ending.SILENT:
            await over.wait()
        if self.ending is not Ending.ANSWERED and request.transport is not None:
            request.transport.abort()


async def first_of(*events: asyncio.Event) -> None:
    """Wait until one of them is set."""
    waiting = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()


class BadDays:
    """Arranges faults; the first that fits a request is met. `path` is a regular expression for the whole path."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fail(
        self, method: str, path: str, status: int, *, times: float = 1, accepted: bool = False, **body: Any
    ) -> None:
        """Answer the next requests with an error; where `accepted`, they are carried out all the same."""
        self._add(method, path, status, body, times=times, accepted=accepted)

    def limit(
        self, method: str, path: str, *, retry_after: float = 0.01, scope: str = "user", times: float = 1
    ) -> None:
        """Answer the next requests with 429: too many of this kind, there ("shared"), or of all kinds ("global")."""
        said = too_many(retry_after, scope)
        self._add(method, path, 429, said.body, headers=said.headers, times=times)

    def lose_answer(self, method: str, path: str, *, accepted: bool = True, times: float = 1) -> None:
        """Carry the next requests out (or do not), then break the connection."""
        self._add(method, path, times=times, accepted=accepted, ending=Ending.CUT)

    def keep_silent(self, method: str, path: str, *, accepted: bool, times: float = 1) -> None:
        """Carry the next requests out (or do not), and never answer: they time out."""
        self._add(method, path, times=times, accepted=accepted, ending=Ending.SILENT)

    def hold_answer(self, method: str, path: str, *, skip: int = 0) -> Hold:
        """Carry the next request out, after `skip` others, and keep its answer back until the hold is released."""
        hold, turn = Hold(), itertools.count()
        self._add(method, path, accepted=True, hold=hold, chance=lambda: next(turn) >= skip)
        return hold

    def _add(self, method: str, path: str, status: int | None = None, body: Payload | None = None, **more: Any) -> None:
        self.faults.append(Fault(method, re.compile(path), status, body or {}, **more))
