"""What a person sees, as the JSON that the page reads: servers, rooms, threads, posts and what is unread."""

from __future__ import annotations

import json
import re
from typing import Any

import discord
from simcord.backend.access import channel_accessible, message_accessible
from simcord.backend.models import Channel, Guild, Message
from simcord.enums import ChannelType

from bot.demo.catalog import labels_of_commands
from bot.demo.sandbox import Sandbox
from bot.demo.views import Json, author_view, display_name, excerpt, message_view

SHOWN_MESSAGES = 150
POINTED = re.compile(r"(?:<#|https://discord\.com/channels/\d+/)(\d+)")
"""A room that a message points at, as a mention or as an address."""
KINDS = {
    ChannelType.TEXT: "text",
    ChannelType.NEWS: "text",
    ChannelType.DM: "dm",
    ChannelType.FORUM: "forum",
    ChannelType.PUBLIC_THREAD: "thread",
    ChannelType.PRIVATE_THREAD: "thread",
}


class Rooms:
    """The rooms of the sandbox as each person sees them, and what she has read there."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._read: dict[tuple[int, int], int] = {}
        self._dismissed: set[tuple[int, int]] = set()
        self._beginning = 0

    @property
    def _backend(self) -> Any:
        return self._sandbox.env.backend

    def begin(self) -> None:
        """Everything that was written until now counts as read by everybody."""
        self._beginning = max((message for room in self._backend.messages.values() for message in room), default=0)

    def dismiss(self, viewer: int, message_id: int) -> None:
        """Hide a private reply from the person whom it was for."""
        self._dismissed.add((viewer, message_id))

    def servers(self, viewer: int) -> list[Json]:
        """The servers a person is in, each with the rooms and running threads she sees."""
        return [
            {
                "id": str(guild.id),
                "name": guild.name,
                "locale": guild.preferred_locale,
                "rooms": [self.summary(channel, viewer) for channel in self._visible(guild, viewer)],
                "roles": [
                    {"id": str(role.id), "name": role.name, "colour": role.color}
                    for role in guild.roles.values()
                    if role.id != guild.id
                ],
                "people": [str(user) for user in guild.members],
                "may_leave": viewer != guild.owner_id,
            }
            for guild in self._backend.guilds.values()
            if viewer in guild.members
        ]

    def messages_with_bot(self, viewer: int) -> Json:
        """The room of a person's direct messages with the bot."""
        return self.summary(self._backend.get_dm_channel(viewer), viewer)

    def view(self, viewer: int, channel_id: int) -> Json:
        """A room with what is written there. Raises `SetupError` where this person does not see it."""
        handle = self._sandbox.room(viewer, channel_id)
        channel = self._backend.get_channel(handle.id)
        messages = self._messages(channel, viewer)
        if messages:
            self._read[viewer, channel.id] = messages[-1].id
        named = labels_of_commands(self._sandbox, self._sandbox.locales.get(viewer, "en-US"))
        used = {identity: named.get(name, name) for identity, name in self._sandbox.commands_used.items()}
        shown = [message_view(self._backend, message, viewer, used) for message in messages[-SHOWN_MESSAGES:]]
        return {
            "room": self.summary(channel, viewer),
            "messages": shown,
            "names": self._names(shown, viewer),
            "posts": self._posts(channel, viewer) if channel.type == ChannelType.FORUM else [],
            "may": self._may(channel, viewer),
        }

    def summary(self, channel: Channel, viewer: int) -> Json:
        """A room's line in the list of rooms."""
        parent = self._backend.channels.get(channel.parent_id) if channel.parent_id else None
        unread = [
            message
            for message in self._messages(channel, viewer)
            if message.id > self._read.get((viewer, channel.id), self._beginning) and message.author_id != viewer
        ]
        return {
            "id": str(channel.id),
            "server": str(channel.guild_id) if channel.guild_id else None,
            "kind": "post" if parent and parent.type == ChannelType.FORUM else KINDS[ChannelType(channel.type)],
            "name": channel.name or self._backend.bot_user.name,
            "topic": channel.topic or "",
            "parent": {"id": str(parent.id), "name": parent.name} if parent else None,
            "closed": bool(channel.thread_metadata and channel.thread_metadata.archived),
            "private": self._hidden_from_everyone(channel),
            "unread": len(unread),
            "calls": sum(viewer in message.ping_user_ids or message.mention_everyone for message in unread),
        }

    def _visible(self, guild: Guild, viewer: int) -> list[Channel]:
        channels = [self._backend.channels[channel_id] for channel_id in guild.channel_ids]
        shown: list[Channel] = []
        for channel in sorted(channels, key=lambda channel: (channel.position, channel.id)):
            if channel.type in KINDS and channel_accessible(self._backend, channel.id, viewer, history=True):
                shown.append(channel)
                if channel.type != ChannelType.FORUM:
                    shown += [thread for thread in self._threads(channel, viewer) if not _archived(thread)]
        return shown

    def _threads(self, parent: Channel, viewer: int) -> list[Channel]:
        return [
            channel
            for channel in self._backend.channels.values()
            if channel.parent_id == parent.id
            and channel.is_thread
            and channel_accessible(self._backend, channel.id, viewer, history=True)
        ]

    def _messages(self, channel: Channel, viewer: int) -> list[Message]:
        return [
            message
            for message_id, message in sorted(self._backend.messages.get(channel.id, {}).items())
            if message_accessible(self._backend, channel.id, message, viewer, history=True)
            and (viewer, message_id) not in self._dismissed
        ]

    def _names(self, messages: list[Json], viewer: int) -> dict[str, str]:
        """What the rooms are called that these messages point at, if this person sees them."""
        pointed = {int(found) for found in POINTED.findall(json.dumps(messages))}
        channels = [self._backend.channels[one] for one in pointed if one in self._backend.channels]
        return {str(channel.id): channel.name for channel in channels if self._sandbox.sees(viewer, channel.id)}

    def _posts(self, forum: Channel, viewer: int) -> list[Json]:
        tags = {str(tag["id"]): tag["name"] for tag in forum.available_tags}
        posts = []
        for thread in self._threads(forum, viewer):
            messages = self._messages(thread, viewer)
            opening = messages[0] if messages else None
            posts.append(
                self.summary(thread, viewer)
                | {
                    "tags": [tags[str(tag)] for tag in thread.applied_tags if str(tag) in tags],
                    "author": author_view(self._backend, opening) if opening else None,
                    "excerpt": excerpt(opening) if opening else "",
                    "replies": max(0, len(messages) - 1),
                    "at": messages[-1].timestamp if messages else None,
                }
            )
        return sorted(posts, key=lambda post: (post["at"] or "", post["id"]), reverse=True)

    def _may(self, channel: Channel, viewer: int) -> Json:
        if channel.guild_id is None:
            return {"write": True, "delete": False, "react": True, "files": True}
        rights = discord.Permissions(self._backend.compute_permissions(channel.guild_id, viewer, channel.id))
        writes = rights.send_messages_in_threads if channel.is_thread else rights.send_messages
        return {
            "write": writes and not bool(channel.thread_metadata and channel.thread_metadata.locked),
            "delete": rights.manage_messages,
            "react": rights.add_reactions,
            "files": rights.attach_files,
        }

    def _hidden_from_everyone(self, channel: Channel) -> bool:
        if channel.type == ChannelType.PRIVATE_THREAD:
            return True
        everyone = [overwrite for overwrite in channel.overwrites if overwrite.target_id == channel.guild_id]
        return any(discord.Permissions(overwrite.deny).view_channel for overwrite in everyone)


def people_view(sandbox: Sandbox) -> list[Json]:
    """Everybody in the sandbox who is not a bot, with the names of their servers' roles."""
    backend = sandbox.env.backend
    return [
        {
            "id": str(user.id),
            "name": display_name(backend, user.id, None),
            "bot": user.bot,
            "locale": sandbox.locales.get(user.id, "en-US"),
            "servers": [_membership(guild, user.id) for guild in backend.guilds.values() if user.id in guild.members],
        }
        for user in backend.users.values()
        if not user.system
    ]


def _membership(guild: Guild, user_id: int) -> Json:
    roles = [guild.roles[role_id].name for role_id in guild.members[user_id].role_ids if role_id in guild.roles]
    return {"id": str(guild.id), "name": guild.name, "roles": roles}


def _archived(thread: Channel) -> bool:
    return bool(thread.thread_metadata and thread.thread_metadata.archived)
