"""What the servers of the demo have settled before anything happens: what alerts may do there, and who is on call.

No two servers have said the same; each still takes part in drills.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.demo.cases import COORDINATORS
from bot.demo.world import World
from bot.domain.access import Actor
from bot.domain.cap.values import Severity
from bot.domain.crisis_consent import ALL_SEVERITIES, Consent, PingPolicy, quiet_of
from bot.domain.oncall import Chosen, Duty
from bot.services.registry import Services

ON_CALL: Sequence[tuple[str, int, Duty, Sequence[str]]] = (
    ("lyon", 2996944, Duty.ON_CALL, ("karim",)),
    ("lyon", 2996944, Duty.DEPUTY, ("julien",)),
    ("lyon", 2968254, Duty.ON_CALL, ("nadia",)),
    ("lyon", 2980291, Duty.ON_CALL, ("sophie",)),
    ("lyon", 3014728, Duty.ON_CALL, ("thomas",)),
    ("lviv", 702550, Duty.ON_CALL, ("natalia",)),
    ("lviv", 707471, Duty.ON_CALL, ("petro",)),
    ("lviv", 709611, Duty.ON_CALL, ("yulia",)),
    ("porto", 2742032, Duty.ON_CALL, ("marta",)),
)
"""Server, city (a GeoNames id), duty, and who has it: everywhere but in Porto and Matosinhos, where it is lacking."""
DIRECT = ("karim", "lyon")
"""Who lets the bot write to him directly."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Everything that settling works with; `actors` are the people by key and server."""

    services: Services
    world: World
    actors: dict[tuple[str, str], Actor]

    async def fill(self) -> None:
        """Settle all of it."""
        for server, consent in self._consents().items():
            await self.services.crisis_desk.set_consent(self._judge(server), consent)
        key, server = DIRECT
        await self.services.direct.allow(self.actors[key, server], self.world.people[key].dm_channel.id)
        for server, city, duty, people in ON_CALL:
            chosen = [self._chosen(person, server) for person in people]
            await self.services.oncall.choose(self._judge(server), await self._city(server, city), duty, chosen)

    def _consents(self) -> Mapping[str, Consent]:
        alumni = {server: self.world.roles[f"{server}/alumni"].id for server in COORDINATORS}
        return {
            "lyon": Consent(ping=PingPolicy.ROLE, role_id=alumni["lyon"]),
            "lviv": Consent(ping=PingPolicy.EVERYONE),
            "porto": Consent(
                severities=ALL_SEVERITIES - {Severity.MINOR},
                role_id=alumni["porto"],
                quiet=quiet_of("22:00-07:00"),
                zone="Europe/Lisbon",
            ),
        }

    async def _city(self, server: str, geonames_id: int) -> int:
        found = await self.services.servers.find(self.world.servers[server].id)
        assert found is not None
        return next(city.id for city in found.cities if city.geonames_id == geonames_id)

    def _judge(self, server: str) -> Actor:
        return replace(self.actors[COORDINATORS[server], server], is_server_coordinator=True)

    def _chosen(self, person: str, server: str) -> Chosen:
        user = self.world.people[person]
        roles = frozenset(self.world.roles[f"{server}/{role}"].id for role in ("alumni",))
        return Chosen(user.id, self.actors[person, server].name, roles)
