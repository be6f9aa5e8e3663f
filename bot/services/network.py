"""The network: servers that come and go, and those who coordinate all of it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.domain.access import Actor, Host, Right
from bot.domain.codes import Code, Guesses, digest, new_code
from bot.domain.errors import Refusal
from bot.domain.members import CodePurpose
from bot.domain.network import Coordinator, JoinedServer, may_appoint, may_dismiss
from bot.domain.text import tidy
from bot.i18n import Catalogues
from bot.services.ports import Clock
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import audit, codes
from db.queries import network as queries
from db.queries import servers as server_queries

SERVER_NAME_LIMIT = 100


def _require(actor: Actor | Host) -> None:
    if isinstance(actor, Actor):
        actor.require(Right.NETWORK_COORDINATOR)


@dataclass(frozen=True, slots=True)
class _Joining:
    id: int
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class NetworkService:
    """What network coordinators and the host do, and how a server joins and leaves.

    `pick` chooses a character of a new code; `guesses` remembers wrong codes while the program runs.
    """

    work: Work
    clock: Clock
    catalogues: Catalogues
    guesses: Guesses = field(default_factory=Guesses)
    pick: Callable[[str], str] = secrets.choice

    async def invite(self, actor: Actor | Host) -> Code:
        """A new code with which one server can join within a week. It is shown this once and kept nowhere."""
        _require(actor)
        now = self.clock()
        code = new_code(self.pick, now)
        async with self.work.begin() as session:
            await codes.create(
                session,
                purpose=CodePurpose.JOIN,
                digest=digest(code.text),
                created_by=actor.user_id,
                created_at=now,
                expires_at=code.expires_at,
            )
            await audit.record(session, at=now, actor_id=actor.user_id, action="network.invite")
        return code

    async def join(self, actor: Actor | Host, code: str, server_id: int, name: str, language: str) -> None:
        """Let a Discord server into the network, once, with a code; somebody who manages it asks for that.

        A server that was here before finds its channels, roles, cities and language as they were. Raises `Refusal`
        where the code is wrong, used or too old, too many were wrong, or the server is in the network already.
        """
        if isinstance(actor, Actor):
            actor.require(Right.ADMINISTRATOR)
            if actor.server_id != server_id:
                raise Refusal("access.administrator_only")
            self.guesses.refuse_too_many(self.clock(), server_id, actor.user_id)
        hashed = digest(code)
        joining = _Joining(server_id, tidy(name)[:SERVER_NAME_LIMIT], self.catalogues.nearest(language))
        try:
            async with self.work.begin() as session:
                await self._join(session, actor, hashed, joining)
        except Refusal as refusal:
            if refusal.message_id == "codes.unknown" and actor.user_id is not None:
                self.guesses.remember(self.clock(), server_id, actor.user_id)
            raise

    async def _join(self, session: AsyncSession, actor: Actor | Host, hashed: str, server: _Joining) -> None:
        now = self.clock()
        before = await server_queries.server(session, server.id)
        if before is not None and before.left_at is None:
            raise Refusal("network.already_joined")
        if not await codes.use(session, purpose=CodePurpose.JOIN, digest=hashed, used_by=actor.user_id, now=now):
            raise await self._why_not(session, hashed)
        if before is None:
            await server_queries.join(session, server_id=server.id, name=server.name, language=server.language, now=now)
        else:
            await server_queries.rejoin(session, server_id=server.id, name=server.name)
        await audit.record(
            session,
            at=now,
            actor_id=actor.user_id,
            server_id=server.id,
            action="server.join" if before is None else "server.rejoin",
            subject=server.name,
        )

    async def _why_not(self, session: AsyncSession, hashed: str) -> Refusal:
        found = await codes.find(session, purpose=CodePurpose.JOIN, digest=hashed)
        if found is None:
            return Refusal("codes.unknown")
        return Refusal("codes.used" if found.used_at is not None else "codes.expired")

    async def leave(self, server_id: int) -> bool:
        """The bot was removed from a server: it has left, and needs a code to come back. Its data stay.

        False where it was not in the network. Nobody knows who removed the bot, so there is no audit entry.
        """
        async with self.work.begin() as session:
            return await server_queries.leave(session, server_id=server_id, now=self.clock())

    async def servers(self, actor: Actor | Host) -> Sequence[JoinedServer]:
        """All servers by name, those that left at the end, each with its cities and number of alumni."""
        _require(actor)
        async with self.work.read() as session:
            rows = await queries.servers(session)
            cities = await queries.city_names(session)
        return [
            JoinedServer(
                id=row.id,
                name=row.name,
                language=row.language,
                joined_at=row.joined_at,
                left_at=row.left_at,
                cities=tuple(cities.get(row.id, ())),
                members=row.members,
            )
            for row in rows
        ]

    async def coordinators(self, actor: Actor | Host) -> Sequence[Coordinator]:
        """All network coordinators, the longest-serving first."""
        _require(actor)
        async with self.work.read() as session:
            return [Coordinator(*row) for row in await queries.coordinators(session)]

    async def appoint(self, actor: Actor | Host, user_id: int) -> None:
        """Make a Discord user a network coordinator. Raises `Refusal` where she is one already."""
        _require(actor)
        now = self.clock()
        async with self.work.begin() as session:
            may_appoint({row.user_id for row in await queries.coordinators(session)}, user_id)
            await queries.add_coordinator(session, user_id=user_id, appointed_by=actor.user_id, at=now)
            await audit.record(session, at=now, actor_id=actor.user_id, action="network.appoint", subject=str(user_id))

    async def dismiss(self, actor: Actor | Host, user_id: int) -> None:
        """She is no network coordinator any longer. Raises `Refusal` where she is none, or the last one.

        The host may dismiss the last one too, and can always appoint another.
        """
        _require(actor)
        async with self.work.begin() as session:
            may_dismiss(actor, {row.user_id for row in await queries.coordinators(session)}, user_id)
            await queries.remove_coordinator(session, user_id)
            await audit.record(
                session, at=self.clock(), actor_id=actor.user_id, action="network.dismiss", subject=str(user_id)
            )
