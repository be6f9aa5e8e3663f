"""A message of somebody else's that came in as CAP, as coordinators are told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.cap.values import MsgType
from bot.domain.crisis import Alert, AlertText


@dataclass(frozen=True, slots=True)
class ImportNews:
    """A message that came in: the alert that it made or was attached to, and what it says itself. `first` made it."""

    alert: Alert
    msg_type: MsgType
    texts: Mapping[str, AlertText]
    first: bool
