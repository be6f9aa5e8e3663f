"""The commands that Discord would offer a person in a room, in her language, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simcord.enums import AppCommandType
from simcord.interactions import command_leaves

from bot.demo.sandbox import Sandbox
from bot.demo.views import Json

FALLBACKS = {"es-419": "es-ES", "en-GB": "en-US"}


def commands_view(sandbox: Sandbox, viewer: int, channel_id: int) -> Json:
    """Slash commands with their options, and the names of the message and user menus."""
    locale = sandbox.locales.get(viewer, "en-US")

    def offered(kind: AppCommandType) -> list[dict[str, Any]]:
        return sandbox.env.backend.visible_commands(user_id=viewer, channel_id=channel_id, type=kind)

    return {
        "slash": [leaf for command in offered(AppCommandType.CHAT_INPUT) for leaf in _leaves(command, locale)],
        "message": [_named(command, locale) for command in offered(AppCommandType.MESSAGE)],
        "user": [_named(command, locale) for command in offered(AppCommandType.USER)],
    }


def labels_of_commands(sandbox: Sandbox, locale: str) -> Mapping[str, str]:
    """What each slash command is called in a language, by its name in the code."""
    return {
        " ".join(path): _localised_path(root, path, locale)
        for root in _roots(sandbox)
        for path, _ in command_leaves(root)
    }


def in_her_words(sandbox: Sandbox, typed: str, locale: str) -> tuple[str, str]:
    """A typed command ("/expert find topic:rain") as it is written in a language, and its name in the code.

    What is no command stays as it is, with no name.
    """
    for root in _roots(sandbox):
        for path, leaf in command_leaves(root):
            name = " ".join(path)
            if typed == f"/{name}" or typed.startswith(f"/{name} "):
                rest = typed.removeprefix(f"/{name}")
                for option in leaf.get("options") or []:
                    rest = rest.replace(f" {option['name']}:", f" {_localised(option, 'name', locale)}:")
                return f"/{_localised_path(root, path, locale)}{rest}", name
    return typed, ""


def _roots(sandbox: Sandbox) -> list[dict[str, Any]]:
    return [
        command
        for scope in sandbox.env.backend.commands.values()
        for (_, kind), command in scope.items()
        if kind == AppCommandType.CHAT_INPUT
    ]


def _leaves(command: Mapping[str, Any], locale: str) -> list[Json]:
    return [
        {
            "path": " ".join(path),
            "label": _localised_path(command, path, locale),
            "description": _localised(leaf, "description", locale),
            "options": [_option(option, locale) for option in leaf.get("options") or []],
        }
        for path, leaf in command_leaves(dict(command))
    ]


def _localised_path(command: Mapping[str, Any], path: list[str], locale: str) -> str:
    node, names = command, [_localised(command, "name", locale)]
    for name in path[1:]:
        node = next(option for option in node["options"] if option["name"] == name)
        names.append(_localised(node, "name", locale))
    return " ".join(names)


def _option(option: Mapping[str, Any], locale: str) -> Json:
    kept = ("type", "required", "autocomplete", "min_value", "max_value", "min_length", "max_length", "channel_types")
    return {
        "name": option["name"],
        "label": _localised(option, "name", locale),
        "description": _localised(option, "description", locale),
        **{key: option[key] for key in kept if option.get(key) is not None},
        "choices": [choice_view(choice, locale) for choice in option.get("choices") or []],
    }


def choice_view(choice: Mapping[str, Any], locale: str) -> Json:
    """A choice as offered: the name in the person's language, the value as text."""
    return {"name": _localised(choice, "name", locale), "value": str(choice["value"])}


def _named(command: Mapping[str, Any], locale: str) -> Json:
    return {"name": command["name"], "label": _localised(command, "name", locale)}


def _localised(node: Mapping[str, Any], field: str, locale: str) -> str:
    names = node.get(f"{field}_localizations") or {}
    return str(names.get(locale) or names.get(FALLBACKS.get(locale, locale)) or node.get(field) or "")
