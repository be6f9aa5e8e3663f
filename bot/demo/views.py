"""What a person sees, as the JSON that the page reads: messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simcord.backend import Backend, serializers
from simcord.backend.cdn import CDN_BASE
from simcord.backend.models import EPHEMERAL_FLAG, Message

MEDIA = "/media"
LOADING_FLAG = 1 << 7
EXCERPT = 140
Json = dict[str, Any]


def message_view(backend: Backend, message: Message, viewer: int, commands_used: Mapping[int, str]) -> Json:
    """One message as `viewer` sees it: who, when, what, and what can be pressed.

    `commands_used` has the whole name of the slash command behind an interaction; Discord's own data has its root.
    """
    payload: Json = dict(serializers.message_payload(backend, message, for_user=viewer))
    files = {item["filename"]: item for item in message.attachments}
    embeds = [_with_pictures(embed, files) for embed in payload["embeds"]]
    shown_in_embeds = {picture["url"] for embed in embeds for picture in _pictures(embed)}
    shown: Json = local_urls(
        {
            "id": str(message.id),
            "type": int(message.type),
            "author": author_view(backend, message),
            "content": message.content,
            "at": message.timestamp,
            "edited": message.edited_timestamp is not None and not _answered_late(message),
            "private": message.is_ephemeral,
            "loading": bool(message.flags & LOADING_FLAG),
            "embeds": embeds,
            "attachments": [item for item in message.attachments if item["url"] not in shown_in_embeds],
            "components": payload["components"],
            "reactions": payload["reactions"],
            "reply": _reply(backend, message),
            "used": _used(backend, message, commands_used),
            "thread": _thread(backend, message),
            "mentions_me": message.mention_everyone or viewer in message.ping_user_ids,
        }
    )
    return shown


def author_view(backend: Backend, message: Message) -> Json:
    """Who wrote a message, under the name shown in that server."""
    user = backend.users[message.author_id]
    channel = backend.channels[message.channel_id]
    name = message.author_name or display_name(backend, user.id, channel.guild_id)
    return {"id": str(user.id), "name": name, "bot": user.bot}


def display_name(backend: Backend, user_id: int, guild_id: int | None) -> str:
    """A person's name as shown in a server, or in direct messages where there is none."""
    user = backend.users[user_id]
    guild = backend.guilds.get(guild_id) if guild_id is not None else None
    member = guild.members.get(user_id) if guild is not None else None
    return (member.nick if member else None) or user.global_name or user.name


def local_urls(value: Any) -> Any:
    """The same JSON with the sandbox's file addresses turned into the page's own."""
    if isinstance(value, dict):
        return {key: local_urls(item) for key, item in value.items()}
    if isinstance(value, list):
        return [local_urls(item) for item in value]
    if isinstance(value, str) and value.startswith(CDN_BASE):
        return MEDIA + value.removeprefix(CDN_BASE)
    return value


def excerpt(message: Message) -> str:
    """The first words of a message: its text, or its first embed's."""
    texts = [message.content]
    for embed in message.embeds:
        texts += [embed.get("title") or "", embed.get("description") or ""]
    text = next((text for text in texts if text.strip()), "")
    return " ".join(text.split())[:EXCERPT]


def _answered_late(message: Message) -> bool:
    """A "thinking…" message that got its answer: an edit to Discord, not to who reads it."""
    return message.interaction_metadata is not None and message.edited_timestamp is not None


def _pictures(embed: Json) -> list[Json]:
    return [embed[key] for key in ("image", "thumbnail") if embed.get(key)]


def _with_pictures(embed: Json, files: dict[str, Json]) -> Json:
    shown = dict(embed)
    for key in ("image", "thumbnail"):
        picture = embed.get(key)
        if not picture:
            continue
        file = files.get(str(picture.get("url", "")).removeprefix("attachment://"))
        shown[key] = (
            {"url": file["url"], "description": file["description"] or ""} if file else {**picture, "description": ""}
        )
    return shown


def _reply(backend: Backend, message: Message) -> Json | None:
    if message.reference is None or message.reference.get("type", 0) != 0 or message.type != 19:
        return None
    source = backend.messages.get(message.channel_id, {}).get(int(message.reference["message_id"]))
    if source is None:
        return {"id": None, "author": None, "text": ""}
    return {"id": str(source.id), "author": author_view(backend, source), "text": excerpt(source)}


def _used(backend: Backend, message: Message, commands_used: Mapping[int, str]) -> Json | None:
    """Which command a message answers, and whose it was."""
    metadata = message.interaction_metadata
    if not metadata or not metadata.get("name"):
        return None
    guild_id = backend.channels[message.channel_id].guild_id
    user = int(metadata["user"]["id"])
    slash = metadata.get("command_type", 1) == 1
    command = commands_used.get(int(metadata["id"]), metadata["name"])
    return {"by": display_name(backend, user, guild_id), "command": command, "slash": slash}


def _thread(backend: Backend, message: Message) -> Json | None:
    """The thread that began at a message, or that a "started a thread" line speaks of."""
    metadata = message.system_metadata
    thread_id = metadata.channel_id if metadata and metadata.channel_id else message.id
    thread = backend.channels.get(thread_id)
    if thread is None or not thread.is_thread or thread.id == message.channel_id:
        return None
    return {"id": str(thread.id), "name": thread.name, "count": thread.message_count}


def is_private(message: Message) -> bool:
    """Whether only one person sees a message."""
    return bool(message.flags & EPHEMERAL_FLAG)
