"""Bad days of the REST side: what the next matching requests meet instead of an answer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tests.wire.payloads import Payload

DISCORD_PROXY = "1.1 google"
"""The `Via` header of Discord's own answers. A 429 without it is taken by discord.py for a Cloudflare ban."""


@dataclass
class Fault:
    """Meets the next `times` requests of this method whose path matches; a status of None loses the answer.

    A lost answer is the case in doubt: the request is carried out, then the connection is cut.
    """

    method: str
    path: re.Pattern[str]
    status: int | None
    body: Payload = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    times: int = 1

    def meets(self, method: str, path: str) -> bool:
        """Whether this request meets the fault; counts it where it does."""
        if self.times < 1 or method != self.method or not self.path.fullmatch(path):
            return False
        self.times -= 1
        return True


def rate_limit(method: str, path: str, retry_after: float, *, everywhere: bool, times: int) -> Fault:
    """Discord's 429: too many requests, of this kind or (`everywhere`) of all kinds."""
    scope = "global" if everywhere else "user"
    return Fault(
        method,
        re.compile(path),
        429,
        {"message": "You are being rate limited.", "retry_after": retry_after, "global": everywhere},
        {"Via": DISCORD_PROXY, "Retry-After": str(retry_after), "X-RateLimit-Scope": scope},
        times,
    )
