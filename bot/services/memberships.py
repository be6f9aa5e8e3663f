"""Who is in which server, and whether she holds its alumni role: followed as Discord tells it.

Only people with a row in `members` are followed; of nobody else is anything kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.access import Actor
from bot.services.ports import Clock
from bot.services.work import Work
from db.queries import access, campaigns
from db.queries import members as queries

REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class MembershipsService:
    """`last` remembers what was last seen of whom, so that nothing is asked of the database for each click."""

    work: Work
    clock: Clock
    last: dict[tuple[int, int], bool] = field(default_factory=dict)

    async def seen(self, actor: Actor) -> None:
        """Somebody uses the bot in a server: note that she is there. This is how it is learnt without the intent."""
        if actor.server_id is None or not actor.server_joined or actor.member_id is None:
            return
        if self.last.get((actor.server_id, actor.user_id)) is actor.is_member:
            return
        async with self.work.begin() as session:
            # She may have had everything deleted since the click.
            member_id = (await queries.ids_of(session, [actor.user_id])).get(actor.user_id)
            if member_id is None:
                return
            await queries.save_membership(session, actor.server_id, member_id, alumni=actor.is_member, now=self.clock())
        self._remember(actor.server_id, actor.user_id, actor.is_member)

    async def present(self, server_id: int, people: Mapping[int, frozenset[int]]) -> int:
        """These people are in a server, each with these roles; how many of them we know.

        A server that is not in the network is passed over.
        """
        async with self.work.read() as session:
            known = await queries.ids_of(session, people.keys())
        if not known:
            return 0
        async with self.work.begin() as session:
            server = await access.server(session, server_id)
            if server is None:
                return 0
            watched = await campaigns.watched_roles(session, server_id)
            for user_id, member_id in (await queries.ids_of(session, known.keys())).items():
                alumni = server.alumni_role_id is None or server.alumni_role_id in people[user_id]
                await queries.save_membership(session, server_id, member_id, alumni=alumni, now=self.clock())
                await campaigns.hold(session, server_id, member_id, people[user_id], watched)
                self._remember(server_id, user_id, alumni)
        return len(known)

    async def gone(self, server_id: int, user_ids: Sequence[int]) -> None:
        """These people are no longer in a server."""
        for user_id in user_ids:
            self.last.pop((server_id, user_id), None)
        async with self.work.read() as session:
            known = await queries.ids_of(session, user_ids)
        if known:
            async with self.work.begin() as session:
                await queries.end_memberships(session, server_id, list(known), self.clock())
                await campaigns.let_go(session, server_id, list(known.values()))

    async def to_look_for(self, server_id: int) -> Sequence[int]:
        """The Discord accounts to ask Discord about in a server; none where it is not in the network."""
        async with self.work.read() as session:
            if await access.server(session, server_id) is None:
                return ()
            return await queries.to_look_for(session, server_id)

    def forget(self, user_id: int) -> None:
        """Somebody had everything about herself deleted: what was last seen of her goes, too."""
        for key in [key for key in self.last if key[1] == user_id]:
            del self.last[key]

    def _remember(self, server_id: int, user_id: int, alumni: bool) -> None:
        self.last[server_id, user_id] = alumni
        if len(self.last) > REMEMBERED:
            del self.last[next(iter(self.last))]
