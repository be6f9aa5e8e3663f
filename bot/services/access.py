"""Who is asking: from what Discord says of a person and a place to the `Actor` that the rules know."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.access import Actor
from bot.i18n import Catalogues
from bot.services.work import Work
from db.queries import access as queries


@dataclass(frozen=True, slots=True)
class Asking:
    """What Discord says of a person and the place she speaks in. `locale` is her client's language."""

    user_id: int
    name: str
    locale: str
    server_id: int | None = None
    server_locale: str | None = None
    role_ids: frozenset[int] = frozenset()
    manages_server: bool = False


@dataclass(frozen=True, slots=True)
class AccessService:
    """Looks people up, once for each interaction."""

    work: Work
    catalogues: Catalogues

    async def actor(self, asking: Asking) -> Actor:
        """The person, her languages and her rights, here and now, in one short reading.

        In a server her roles are those that Discord just told; in a direct message she counts as a member where
        she was last seen with the alumni role. Raises `Unavailable` where the database cannot be asked.
        """
        async with self.work.read() as session:
            server = await queries.server(session, asking.server_id) if asking.server_id else None
            member = await queries.member(session, asking.user_id)
            network_coordinator = await queries.is_network_coordinator(session, asking.user_id)
            elsewhere = await queries.is_alumna_anywhere(session, asking.user_id) if server is None else False
        alumni = server is not None and (server.alumni_role_id is None or server.alumni_role_id in asking.role_ids)
        return Actor(
            user_id=asking.user_id,
            name=asking.name,
            language=self.catalogues.nearest(member.language if member else None, asking.locale),
            server_id=asking.server_id,
            server_language=self.catalogues.nearest(server.language if server else asking.server_locale),
            server_joined=server is not None,
            member_id=member.id if member else None,
            is_member=alumni or (asking.server_id is None and elsewhere),
            is_server_coordinator=server is not None and server.coordinator_role_id in asking.role_ids,
            is_network_coordinator=network_coordinator,
            is_administrator=asking.manages_server,
            zone=member.zone if member else "UTC",
        )
