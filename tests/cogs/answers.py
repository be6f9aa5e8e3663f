"""Reading what the bot answered."""

from __future__ import annotations

from typing import Any

import simcord


def answer(result: simcord.InteractionResult) -> Any:
    """The message that an interaction was answered with; the newest, where one was followed by another."""
    return result.followups[-1] if result.followups else result.response


def fields(message: Any) -> dict[str, str]:
    """The fields of a message's card, by name."""
    return {str(field.name): str(field.value) for field in message.embeds[0].fields}


def labels(message: Any) -> list[str]:
    """The labels of a message's buttons."""
    return [item["label"] for row in message.components for item in row["components"] if item["type"] == 2]
