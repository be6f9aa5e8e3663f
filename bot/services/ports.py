"""What services need from the outside, as protocols."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time; handed in, so that tests say what time it is."""

    def __call__(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...
