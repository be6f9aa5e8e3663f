"""Variables that were meant as settings, and are none."""

from __future__ import annotations

from config.settings import unknown_variables


def misspelt() -> list[tuple[str, dict[str, str]]]:
    """The sentence (its id and parameters) for each TWINCORD_… variable that no setting reads."""
    return [
        ("settings.misspelt_variable", {"variable": name, "meant": meant})
        if meant
        else ("settings.unknown_variable", {"variable": name})
        for name, meant in unknown_variables()
    ]
