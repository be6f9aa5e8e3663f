"""Recognising a message of ours again: by the mark in a button, or by the fingerprint of its text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import discord

from bot.domain.outbox import FINGERPRINT, Delivery, marked
from bot.messenger.outgoing import Outgoing

TEXT_DISPLAY = 10
"""The type of a component that is text (Discord's reference, "Component Types")."""


def marks_in(components: Iterable[Any]) -> frozenset[int]:
    """The deliveries whose mark stands in the `custom_id` of any of these components, however deep."""
    names = (str(getattr(one, "custom_id", None) or "") for one in _all(components))
    return frozenset(number for name in names for number in marked(name))


def carries_its_mark(message: Outgoing, delivery: Delivery) -> bool:
    """Whether one of its buttons says which delivery it is."""
    return message.view is not None and delivery.id in marks_in(message.view.walk_children())


def fingerprint_of(message: Outgoing) -> str:
    """That of a message that is about to be sent."""
    components = message.view.to_components() if message.view is not None else []
    return _fingerprint(message.content or "", message.embeds, _texts(components))


def is_it(message: discord.Message, delivery: Delivery) -> bool:
    """Whether a message of ours is this delivery, as far as the message shows: by its mark, or by its text."""
    if delivery.id in marks_in(message.components):
        return True
    if not delivery.fingerprints:
        return False
    texts = _texts([one.to_dict() for one in message.components])
    return _fingerprint(message.content, message.embeds, texts) in delivery.fingerprints


def _fingerprint(content: str, embeds: Sequence[discord.Embed], texts: Iterable[str]) -> str:
    """What Discord shows as it was sent; white space it may trim."""
    parts = [content, *texts]
    for embed in embeds:
        parts += [embed.title or "", embed.description or "", embed.footer.text or ""]
        parts += [part or "" for field in embed.fields for part in (field.name, field.value)]
    return hashlib.sha256("\0".join(" ".join(part.split()) for part in parts).encode()).hexdigest()[:FINGERPRINT]


def _all(components: Iterable[Any]) -> Iterator[Any]:
    for one in components:
        yield one
        yield from _all(getattr(one, "children", ()))
        yield from _all(filter(None, [getattr(one, "accessory", None)]))


def _texts(components: Iterable[Any]) -> Iterator[str]:
    for one in components:
        if one.get("type") == TEXT_DISPLAY:
            yield str(one.get("content", ""))
        yield from _texts(one.get("components", ()))
