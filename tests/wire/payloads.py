"""What Discord says about users, servers, channels and interactions, as small as discord.py takes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord

Payload = dict[str, Any]


def user(user_id: int, name: str, *, bot: bool = False) -> Payload:
    """A user object."""
    return {
        "id": str(user_id),
        "username": name,
        "global_name": name,
        "discriminator": "0",
        "avatar": None,
        "bot": bot,
        "flags": 0,
    }


def member(of: Payload, roles: Sequence[int] = ()) -> Payload:
    """A guild member object around a user object."""
    return {
        "user": of,
        "nick": None,
        "roles": [str(role) for role in roles],
        "joined_at": "2026-01-05T08:00:00+00:00",
        "deaf": False,
        "mute": False,
        "flags": 0,
        "permissions": str(discord.Permissions.all().value),
    }


def role(role_id: int, name: str) -> Payload:
    """A role that may do everything; the one with the guild's own id is @everyone."""
    return {
        "id": str(role_id),
        "name": name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "position": 0,
        "permissions": str(discord.Permissions.all().value),
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def text_channel(channel_id: int, guild_id: int, name: str) -> Payload:
    """A text channel that everyone may use."""
    return {
        "id": str(channel_id),
        "type": 0,
        "guild_id": str(guild_id),
        "name": name,
        "position": 0,
        "permission_overwrites": [],
        "topic": None,
        "nsfw": False,
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "parent_id": None,
    }


def guild(guild_id: int, name: str, members: Sequence[Payload], *, locale: str = "en-US") -> Payload:
    """A guild as GUILD_CREATE brings it, with one channel (`guild_id + 1`), owned by its first member."""
    return {
        "id": str(guild_id),
        "name": name,
        "icon": None,
        "owner_id": members[0]["user"]["id"],
        "preferred_locale": locale,
        "verification_level": 1,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "features": [],
        "roles": [role(guild_id, "@everyone")],
        "emojis": [],
        "stickers": [],
        "channels": [text_channel(guild_id + 1, guild_id, "general")],
        "threads": [],
        "members": list(members),
        "member_count": len(members),
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
        "large": False,
        "unavailable": False,
        "joined_at": "2026-01-05T08:00:00+00:00",
        "nsfw_level": 0,
        "mfa_level": 0,
        "premium_tier": 0,
        "afk_timeout": 300,
        "system_channel_flags": 0,
    }


def message(message_id: int, channel_id: int, author: Payload, body: Payload) -> Payload:
    """A message made from the body of the request that sent it."""
    return {
        "id": str(message_id),
        "channel_id": str(channel_id),
        "author": author,
        "content": body.get("content") or "",
        "timestamp": discord.utils.snowflake_time(message_id).isoformat(),
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": body.get("embeds") or [],
        "components": body.get("components") or [],
        "flags": body.get("flags", 0),
        "nonce": body.get("nonce"),
        "pinned": False,
        "type": 0,
    }


def interaction(
    interaction_id: int,
    application_id: int,
    place: Payload,
    who: Payload,
    data: Payload,
    *,
    kind: discord.InteractionType = discord.InteractionType.application_command,
    locale: str = "en-US",
) -> Payload:
    """An interaction of a guild's member in the guild's first channel."""
    return {
        "id": str(interaction_id),
        "application_id": str(application_id),
        "type": kind.value,
        "token": f"interaction-{interaction_id}",
        "version": 1,
        "data": data,
        "guild_id": place["id"],
        "guild_locale": place["preferred_locale"],
        "channel_id": place["channels"][0]["id"],
        "channel": place["channels"][0],
        "member": who,
        "locale": locale,
        "app_permissions": str(discord.Permissions.all().value),
        "entitlements": [],
        "authorizing_integration_owners": {"0": place["id"]},
        "context": 0,
        "attachment_size_limit": 10485760,
    }
