"""Setting a server up: what is chosen, what is wrong with it, and what the bot may make by itself.

What Discord shows of a server comes in as `Seen`; nothing here asks Discord. Permissions go by the names that
Discord's own documentation gives them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.errors import Refusal
from bot.domain.servers import PIECES, ChannelUse, Kind, Piece, RoleUse, Server, SpokenCity


class Permission(StrEnum):
    """Those of Discord's permissions that the bot ever needs."""

    VIEW_CHANNEL = "view_channel"
    SEND_MESSAGES = "send_messages"
    SEND_MESSAGES_IN_THREADS = "send_messages_in_threads"
    CREATE_PUBLIC_THREADS = "create_public_threads"
    EMBED_LINKS = "embed_links"
    ATTACH_FILES = "attach_files"
    READ_MESSAGE_HISTORY = "read_message_history"
    MANAGE_THREADS = "manage_threads"
    MANAGE_CHANNELS = "manage_channels"
    MANAGE_ROLES = "manage_roles"
    MENTION_EVERYONE = "mention_everyone"


class SetupProblem(StrEnum):
    """What may be wrong with a channel or role that was chosen."""

    GONE = "gone"
    """Deleted on Discord since it was chosen."""
    WRONG_KIND = "wrong_kind"
    OPEN = "open"
    """The private channel of the coordinators, and everybody can read it."""
    CLOSED = "closed"
    """The private channel of the coordinators, and they cannot read it."""
    COMMANDS_HIDDEN = "commands_hidden"
    """Those who hold the coordinator role do not see the coordinators' commands: it lacks Manage Threads."""


_WRITING = (
    Permission.VIEW_CHANNEL,
    Permission.SEND_MESSAGES,
    Permission.EMBED_LINKS,
    Permission.ATTACH_FILES,
    Permission.READ_MESSAGE_HISTORY,
)
_FORUM = (*_WRITING, Permission.SEND_MESSAGES_IN_THREADS, Permission.MANAGE_THREADS)
NEEDS: Mapping[ChannelUse, tuple[Permission, ...]] = {
    ChannelUse.QUESTIONS: _FORUM,
    ChannelUse.CASES: _FORUM,
    ChannelUse.CRISIS: (*_WRITING, Permission.CREATE_PUBLIC_THREADS, Permission.SEND_MESSAGES_IN_THREADS),
    ChannelUse.CHECKIN: _WRITING,
    ChannelUse.COORDINATORS: _WRITING,
}
"""The least that the bot must hold in a channel: to post with a picture, to find its own messages again after a crash,
in forums to tag and close posts, and in a crisis to open a thread under the alert."""


def needs_to_make(piece: Piece) -> tuple[Permission, ...]:
    """What the bot must hold in the whole server to make this piece.

    Discord lets nobody give away a permission that she does not hold herself, neither to a role nor in the overwrites
    of a new channel (https://discord.com/developers/docs/resources/guild#create-guild-channel).
    """
    match piece:
        case RoleUse.COORDINATOR:
            return (Permission.MANAGE_ROLES, Permission.MANAGE_THREADS)
        case RoleUse.ALUMNI:
            return (Permission.MANAGE_ROLES,)
        case ChannelUse.COORDINATORS:
            return (Permission.MANAGE_CHANNELS, *NEEDS[piece])
        case _:
            return (Permission.MANAGE_CHANNELS,)


@dataclass(frozen=True, slots=True)
class SeenChannel:
    """A channel on Discord, and what the bot may do in it. `readers` are the roles asked about that can read it."""

    name: str
    kind: Kind
    granted: frozenset[Permission]
    readers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class SeenRole:
    """A role on Discord. `managed` says that it belongs to a bot, and cannot be given to people;
    `mentionable` that anybody may mention it."""

    name: str
    granted: frozenset[Permission]
    managed: bool
    mentionable: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """What Discord shows of a server just now, as far as somebody asked. Everyone's role goes by the server's id.

    Whoever holds Discord's Administrator is shown with every permission. `granted` is what the bot may do in the
    whole server.
    """

    server_id: int
    granted: frozenset[Permission]
    channels: Mapping[int, SeenChannel]
    roles: Mapping[int, SeenRole]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One piece of a server's set-up: what was chosen, and what is wrong with it. All well where nothing is."""

    piece: Piece
    chosen: int | None
    problem: SetupProblem | None = None
    missing: tuple[Permission, ...] = ()


def review(server: Server, seen: Seen) -> tuple[Reviewed, ...]:
    """Every piece of the set-up, in the order of `PIECES`."""
    return tuple(_reviewed(server, piece, seen) for piece in PIECES)


def _reviewed(server: Server, piece: Piece, seen: Seen) -> Reviewed:
    chosen = server.chosen(piece)
    if chosen is None:
        return Reviewed(piece, None)
    if isinstance(piece, RoleUse):
        role = seen.roles.get(chosen)
        if role is None:
            return Reviewed(piece, chosen, SetupProblem.GONE)
        hidden = piece is RoleUse.COORDINATOR and Permission.MANAGE_THREADS not in role.granted
        return Reviewed(piece, chosen, SetupProblem.COMMANDS_HIDDEN if hidden else None)
    channel = seen.channels.get(chosen)
    if channel is None:
        return Reviewed(piece, chosen, SetupProblem.GONE)
    if channel.kind is not piece.kind:
        return Reviewed(piece, chosen, SetupProblem.WRONG_KIND)
    return Reviewed(piece, chosen, _exposure(server, piece, channel), missing_in(piece, channel))


def _exposure(server: Server, use: ChannelUse, channel: SeenChannel) -> SetupProblem | None:
    if use is not ChannelUse.COORDINATORS:
        return None
    if server.id in channel.readers:
        return SetupProblem.OPEN
    role = server.roles.get(RoleUse.COORDINATOR)
    return SetupProblem.CLOSED if role is not None and role not in channel.readers else None


def missing_in(use: ChannelUse, channel: SeenChannel) -> tuple[Permission, ...]:
    """The permissions that the bot needs and lacks in a channel for this use."""
    return tuple(need for need in NEEDS[use] if need not in channel.granted)


@dataclass(frozen=True, slots=True)
class CityReviewed:
    """A channel that a city has for itself, and what is wrong with it."""

    city: SpokenCity
    reviewed: Reviewed


def review_cities(server: Server, seen: Seen) -> tuple[CityReviewed, ...]:
    """The channels that the server's cities have for themselves."""
    found = []
    for city in server.cities:
        for use, channel_id in (
            (ChannelUse.CRISIS, city.crisis_channel_id),
            (ChannelUse.CHECKIN, city.checkin_channel_id),
        ):
            if channel_id is not None:
                alone = Server(server.id, server.name, server.language, server.joined_at, channels={use: channel_id})
                found.append(CityReviewed(city, _reviewed(alone, use, seen)))
    return tuple(found)


def check_channel(use: ChannelUse, channel_id: int, seen: Seen) -> None:
    """Raises `Refusal` where this channel cannot be chosen for this use: gone, or of another sort."""
    channel = seen.channels.get(channel_id)
    if channel is None:
        raise Refusal("servers.channel_gone")
    if channel.kind is not use.kind:
        raise Refusal("servers.needs_forum" if use.kind is Kind.FORUM else "servers.needs_text", name=channel.name)


def check_role(role_id: int, seen: Seen) -> None:
    """Raises `Refusal` where this role cannot be chosen: gone, everybody's, or a bot's own.

    It may stand above the bot's: the bot gives roles to nobody, it only looks who holds them.
    """
    role = seen.roles.get(role_id)
    if role is None:
        raise Refusal("servers.role_gone")
    if role_id == seen.server_id:
        raise Refusal("servers.role_everyone")
    if role.managed:
        raise Refusal("servers.role_managed", name=role.name)


def check_can_make(server: Server, piece: Piece, seen: Seen) -> None:
    """Raises `Refusal`, naming the permissions, where the bot lacks what making this piece takes."""
    if piece is ChannelUse.COORDINATORS and server.roles.get(RoleUse.COORDINATOR) not in seen.roles:
        raise Refusal("servers.coordinator_role_first")
    missing = tuple(need for need in needs_to_make(piece) if need not in seen.granted)
    if missing:
        raise Refusal("servers.cannot_make", what=piece, permissions=missing)
