"""Who and what there is in the demo: a description, and building it in the sandbox.

Everything is named by a short key ("lyon", "lyon/questions", "amelie"), so that the seed and the tour can speak of
rooms and people before Discord's ids exist.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import discord
from simcord import ChannelHandle, Env, GuildHandle, MemberActor, RoleHandle, UserHandle

RoomKind = Literal["text", "forum"]
MESSAGES = "messages"
"""The room key of a person's direct messages with the bot."""


@dataclass(frozen=True, slots=True)
class PersonPlan:
    """Someone to be. `locale` is Discord's (fr, es-ES, uk); `servers` maps server keys to the keys of her roles."""

    key: str
    name: str
    locale: str
    about: str
    servers: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class RoomPlan:
    """A channel. Where `only_for` names roles, nobody else sees it; where `read_only`, only the bot writes."""

    key: str
    name: str
    kind: RoomKind = "text"
    topic: str = ""
    only_for: Sequence[str] = ()
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class RolePlan:
    """A role of a server; `permissions` are those it adds to everyone's."""

    key: str
    name: str
    permissions: discord.Permissions = field(default_factory=discord.Permissions.none)
    colour: int = 0


@dataclass(frozen=True, slots=True)
class ServerPlan:
    """A Discord server with its roles and rooms, the rooms in order. Its owner, a person's key, may do everything."""

    key: str
    name: str
    locale: str
    owner: str
    roles: Sequence[RolePlan]
    rooms: Sequence[RoomPlan]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the tour: who to be, where to go, what to type or press.

    `title` and `text` are sentences in the reader's language; `typed` is put into the composer. A press is "click:" or
    "select:" and how the `custom_id` begins, "menu:" and the menu's name, "modal" for the sending of a form, "leave",
    or "look" where being there is enough. The step ends with the press `does`, or else with the command typed; `via`
    are those on the way there. `words` stand ready in the forms that open, by the names of their fields.
    """

    key: str
    person: str
    room: str
    title: str
    text: str
    typed: str = ""
    via: Sequence[str] = ()
    does: str = ""
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chapter:
    """Steps that tell one story, in order."""

    key: str
    title: str
    steps: Sequence[Step]


@dataclass(frozen=True, slots=True)
class WorldPlan:
    """All of it, before it exists. The first person is who a visitor is at the start, in `first_room`."""

    servers: Sequence[ServerPlan]
    people: Sequence[PersonPlan]
    first_room: str


@dataclass(slots=True)
class World:
    """All of it, in the sandbox. Room keys are `server/room`."""

    plan: WorldPlan
    servers: dict[str, GuildHandle] = field(default_factory=dict)
    roles: dict[str, RoleHandle] = field(default_factory=dict)
    rooms: dict[str, ChannelHandle] = field(default_factory=dict)
    people: dict[str, UserHandle] = field(default_factory=dict)

    def plan_of(self, user_id: int) -> PersonPlan | None:
        """The description of a person by Discord id; None for one who is not in the plan."""
        for plan in self.plan.people:
            if self.people[plan.key].id == user_id:
                return plan
        return None

    def room_id(self, person: str, room: str) -> int | None:
        """The channel id behind a room key as a person means it: her own direct messages, say."""
        if room == MESSAGES:
            return self.people[person].dm_channel.id
        found = self.rooms.get(room)
        return found.id if found else None


def build_world(env: Env, plan: WorldPlan) -> World:
    """Create the people, servers, roles and rooms of a plan in a running sandbox."""
    world = World(plan)
    for person in plan.people:
        world.people[person.key] = env.create_user(_username(person), global_name=person.name)
    for server in plan.servers:
        _build_server(env, world, server)
    return world


def _username(person: PersonPlan) -> str:
    return person.key.lower().replace("-", "_")


def _build_server(env: Env, world: World, plan: ServerPlan) -> None:
    owner = world.people[plan.owner]
    guild = world.servers[plan.key] = env.create_guild(plan.name, preferred_locale=plan.locale, owner=owner)
    for role in plan.roles:
        world.roles[f"{plan.key}/{role.key}"] = guild.create_role(
            role.name, permissions=role.permissions, color=role.colour, mentionable=True
        )
    for room in plan.rooms:
        world.rooms[f"{plan.key}/{room.key}"] = _build_room(env, world, guild, plan.key, room)
    for person in world.plan.people:
        if plan.key in person.servers:
            roles = [world.roles[f"{plan.key}/{role}"] for role in person.servers[plan.key]]
            guild.add_member(world.people[person.key], roles=roles)


def _build_room(env: Env, world: World, guild: GuildHandle, server: str, plan: RoomPlan) -> ChannelHandle:
    channel = (
        guild.create_forum_channel(plan.name)
        if plan.kind == "forum"
        else guild.create_text_channel(
            plan.name, overwrites=_overwrites(env, world, guild, server, plan), topic=plan.topic
        )
    )
    if plan.kind == "forum" and plan.topic:
        env.backend.edit_channel(channel.id, {"topic": plan.topic})
    return channel


Overwrites = dict[
    RoleHandle | MemberActor | UserHandle | discord.Role | discord.Member | discord.User | discord.ClientUser,
    discord.PermissionOverwrite,
]


def _overwrites(env: Env, world: World, guild: GuildHandle, server: str, plan: RoomPlan) -> Overwrites:
    wishes: Overwrites = {}
    bot = env.bot.get_guild(guild.id)
    if bot is not None and (plan.only_for or plan.read_only):
        wishes[bot.self_role or bot.me] = discord.PermissionOverwrite(view_channel=True, send_messages=True)
    if plan.only_for:
        wishes[guild.default_role] = discord.PermissionOverwrite(view_channel=False)
        for role in plan.only_for:
            wishes[world.roles[f"{server}/{role}"]] = discord.PermissionOverwrite(view_channel=True)
    elif plan.read_only:
        wishes[guild.default_role] = discord.PermissionOverwrite(send_messages=False)
    return wishes
