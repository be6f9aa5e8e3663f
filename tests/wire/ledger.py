"""What the loopback Discord was asked, and how often in a second."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.wire.limits import busiest_second, exempt


@dataclass(frozen=True, slots=True)
class Request:
    """A request that was received, the status it was answered with (None: no answer came), and when (seconds)."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Any
    status: int | None
    at: float

    @property
    def sends(self) -> bool:
        """Whether it wanted to send a message to a channel."""
        return self.method == "POST" and self.path.startswith("/channels/") and self.path.endswith("/messages")


class Requests(list[Request]):
    """All of them, in order."""

    def sending(self) -> list[Request]:
        """Those that wanted to send a message to a channel."""
        return [one for one in self if one.sends]

    def busiest_second(self) -> int:
        """The most that came in any one second: refused ones too, those without a limit not."""
        return busiest_second(one.at for one in self if not exempt(one.path))

    def statuses(self) -> Counter[int | None]:
        """How often each status was answered; None for no answer."""
        return Counter(one.status for one in self)
