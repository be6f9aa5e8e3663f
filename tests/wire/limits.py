"""Discord's rate limits: so many requests in any rolling second for a token, and a bucket for each route and channel.

Discord's reference ("Rate limits") has the headers; the numbers are those that bots see: 50 requests a second in all,
5 messages in 5 seconds to a channel. Answers to interactions go by their own token and are exempt.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from tests.wire.payloads import Payload

DISCORD_PROXY = "1.1 google"
"""The `Via` header of Discord's own answers. A 429 without it is taken by discord.py for a Cloudflare ban."""
REQUESTS_A_SECOND = 50
MESSAGES = r"/channels/(\d+)/messages"


@dataclass(frozen=True, slots=True)
class TooMany:
    """Discord's 429: its body and headers."""

    body: Payload
    headers: dict[str, str]


def too_many(retry_after: float, scope: str = "user") -> TooMany:
    """A 429 whose scope is "user", "shared" (everybody who writes there) or "global"; `retry_after` in seconds."""
    everywhere = scope == "global"
    headers = {"Via": DISCORD_PROXY, "Retry-After": str(math.ceil(retry_after)), "X-RateLimit-Scope": scope}
    if everywhere:
        headers["X-RateLimit-Global"] = "true"
    body = {"message": "You are being rate limited.", "retry_after": round(retry_after, 4), "global": everywhere}
    return TooMany(body, headers)


@dataclass(frozen=True, slots=True)
class Rule:
    """At most `limit` requests of this method in `per` seconds, for each value of the path's first group."""

    method: str
    path: re.Pattern[str]
    limit: int
    per: float

    @property
    def name(self) -> str:
        """What `X-RateLimit-Bucket` says."""
        return hashlib.sha256(f"{self.method} {self.path.pattern}".encode()).hexdigest()[:32]


@dataclass(slots=True)
class _Bucket:
    """Opens with its first request and is full again when its time is over."""

    rule: Rule
    opened: float = -math.inf
    used: int = 0

    def take(self, now: float) -> bool:
        if now - self.opened >= self.rule.per:
            self.opened, self.used = now, 0
        if self.used >= self.rule.limit:
            return False
        self.used += 1
        return True

    def headers(self, now: float) -> dict[str, str]:
        left = self.opened + self.rule.per - now
        return {
            "X-RateLimit-Limit": str(self.rule.limit),
            "X-RateLimit-Remaining": str(self.rule.limit - self.used),
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": self.rule.name,
        }


DEFAULT_RULES = (Rule("POST", re.compile(MESSAGES), 5, 5.0),)


@dataclass
class Limits:
    """Judges each request as it arrives. `seconds` is a clock that only goes forward."""

    seconds: Callable[[], float]
    everywhere: int = REQUESTS_A_SECOND
    """Requests in any rolling second, over all routes; more are answered with 429 and do not count."""
    rules: Sequence[Rule] = DEFAULT_RULES
    _let_in: deque[float] = field(default_factory=deque)
    _buckets: dict[tuple[str, str], _Bucket] = field(default_factory=dict)

    def judge(self, method: str, path: str) -> TooMany | dict[str, str]:
        """A 429 where this request is one too many, otherwise the headers of its answer."""
        if exempt(path):
            return {}
        now = self.seconds()
        while self._let_in and now - self._let_in[0] >= 1:
            self._let_in.popleft()
        if len(self._let_in) >= self.everywhere:
            return too_many(self._let_in[0] + 1 - now, "global")
        self._let_in.append(now)
        bucket = self._bucket(method, path)
        if bucket is None:
            return {}
        if bucket.take(now):
            return bucket.headers(now)
        refused = too_many(bucket.opened + bucket.rule.per - now)
        return TooMany(refused.body, bucket.headers(now) | refused.headers)

    def _bucket(self, method: str, path: str) -> _Bucket | None:
        for rule in self.rules:
            matched = rule.path.fullmatch(path)
            if matched and method == rule.method:
                return self._buckets.setdefault((rule.name, matched[1]), _Bucket(rule))
        return None


def exempt(path: str) -> bool:
    """Whether a path carries its own secret: Discord asks for no token there, and the token's limit does not count."""
    return path.startswith(("/interactions/", "/webhooks/"))


def busiest_second(times: Iterable[float]) -> int:
    """The most of these moments (seconds, in order) that lie within any one second, its end not included."""
    window: deque[float] = deque()
    most = 0
    for moment in times:
        window.append(moment)
        while moment - window[0] >= 1:
            window.popleft()
        most = max(most, len(window))
    return most
