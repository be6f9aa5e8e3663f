"""`tests.wire.sending` with a fault at one of the places where the sender waits. Only for processes of their own: what
it imports is instrumented."""

from __future__ import annotations

from typing import Any

from tests.wire import awaits

awaits.instrument(awaits.sender_modules())

from tests.wire import sending  # noqa: E402


def main(orders: dict[str, Any]) -> int:
    """Send until nothing is left to send, or until the fault."""
    fault = orders.pop("fault", None)
    if fault:
        awaits.arm(**fault)
    sending.main(orders)
    return awaits.NOT_MET if fault and not awaits.was_met() else 0
