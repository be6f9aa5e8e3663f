"""Fills the sandbox the way a network is really filled: codes, set-up, a roster, confirmed profiles, talk."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.client.twincord import Twincord
from bot.demo.asking import Forum
from bot.demo.cases import Shelf
from bot.demo.checkins import Rounds
from bot.demo.crises import Watch
from bot.demo.network import HOMES, NETWORK_COORDINATOR, ROSTER_COLUMNS, Home, Row, network_plan, read_people
from bot.demo.sandbox import Sandbox
from bot.demo.talk import write_talk
from bot.demo.world import World, build_world
from bot.domain.access import Actor, Host
from bot.domain.servers import ChannelUse, RoleUse
from bot.services.access import Asking
from bot.services.registry import Services

HOST = Host()
CHANNELS = {
    ChannelUse.QUESTIONS: "questions",
    ChannelUse.CASES: "cases",
    ChannelUse.CRISIS: "crisis",
    ChannelUse.CHECKIN: "checkin",
    ChannelUse.COORDINATORS: "coordinators",
}
ROLES = {RoleUse.COORDINATOR: "coordinator", RoleUse.ALUMNI: "alumni"}


@dataclass(frozen=True, slots=True)
class Seed:
    """Everything that seeding works with. `folder` is where the roster is put, and thrown away with it."""

    sandbox: Sandbox
    bot: Twincord
    services: Services
    folder: Path

    async def sow(self) -> World:
        """Make the whole network. Raises what the services raise: a seed that no longer fits is a bug."""
        rows = read_people()
        async with self.sandbox.act() as env:
            world = build_world(env, network_plan(rows))
            self.sandbox.locales |= {world.people[row.person.key].id: row.person.locale for row in rows}
            await env.settle()
        for home in HOMES:
            await self._join(world, home)
        await self.services.network.appoint(HOST, world.people[NETWORK_COORDINATOR].id)
        await self._take_roster(world, rows)
        actors: dict[tuple[str, str], Actor] = {}
        for home in HOMES:
            actors |= await self._fill(world, home, rows)
        async with self.sandbox.act() as env:
            write_talk(env, world)
            await env.settle()
            await Forum(env, self.bot, self.services, world, actors).fill()
            await Rounds(env, self.services, world, actors).fill()
            await Shelf(env, self.bot, self.services, world, actors).fill()
            await Watch(self.services, world, actors).fill()
        return world

    async def _join(self, world: World, home: Home) -> None:
        key, guild = home.plan.key, world.servers[home.plan.key]
        code = await self.services.network.invite(HOST)
        await self.services.network.join(HOST, code.text, guild.id, guild.name, home.plan.locale)
        servers = self.services.servers
        await servers.set_language(HOST, guild.id, home.language)
        for role, name in ROLES.items():
            await servers.set_role(HOST, guild.id, role, world.roles[f"{key}/{name}"].id)
        for use, name in CHANNELS.items():
            await servers.set_channel(HOST, guild.id, use, world.rooms[f"{key}/{name}"].id)
        for city in home.cities:
            await servers.add_city(HOST, guild.id, city)

    async def _take_roster(self, world: World, rows: Sequence[Row]) -> None:
        path = self.folder / "roster.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("discord_user_id", *ROSTER_COLUMNS))
            for row in rows:
                if row.in_roster:
                    writer.writerow((world.people[row.person.key].id, *row.roster.values()))
        imported = await self.services.roster.import_file(HOST, path)
        if not imported.done:
            raise ValueError(f"the demo's roster: {imported}")

    async def _fill(self, world: World, home: Home, rows: Sequence[Row]) -> dict[tuple[str, str], Actor]:
        """Who is in this server, as the bot would see it, and who has confirmed her profile; those people by key."""
        key, guild = home.plan.key, world.servers[home.plan.key]
        here = [row for row in rows if key in row.person.servers]
        roles = {
            world.people[row.person.key].id: frozenset(
                world.roles[f"{key}/{role}"].id for role in row.person.servers[key]
            )
            for row in here
        }
        await self.services.memberships.present(guild.id, roles)
        actors = {}
        for row in here:
            if row.confirmed:
                user = world.people[row.person.key].id
                asking = Asking(user, row.person.name, row.person.locale, guild.id, home.plan.locale, roles[user])
                actors[row.person.key, key] = await self.services.access.actor(asking)
                await self.services.members.confirm(actors[row.person.key, key])
        return actors
