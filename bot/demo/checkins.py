"""The monthly check-in of the demo: five months that are over, and one that has just been asked.

All of it goes through the services, with a clock that stands in the past. What would have been sent then counts as
sent; the digest of the last month goes out now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from simcord import Env

from bot.demo.world import World
from bot.domain.access import Actor
from bot.domain.campaigns import Purpose
from bot.domain.checkins import Checkin, Typed
from bot.domain.outbox import Sent
from bot.services.registry import Services

COORDINATOR, SERVER, CHANNEL = "margaret", "lyon", "lyon/checkin"
MONTHS = 5
DAYS = 30
OVER = timedelta(days=17)
"""So long after its beginning a period is over, late answers included."""
MOST = 500
FORWARD: Mapping[str, str] = {
    "etienne": "Le conseil a voté la redevance eaux pluviales. Première facture en janvier.",
    "anke": "The impervious area register is done for two of nine districts.",
    "nadia": "Douze ménages relogés sans passage par l’hôtel.",
    "thomas": "La deuxième vélorue est ouverte.",
    "julien": "We finished the exercise with the hospital. It took four hours longer than planned.",
    "karim": "Le plan de crue est relié aux écoles.",
    "sophie": "Trois cours d’école ont de l’ombre.",
    "jonas": "The budget data is open, by line and by month.",
    "taras": "Послуга подання заяв працює без паперу.",
    "oliver": "The retrofit loan has its first forty homes.",
    "priya": "Night buses run on four lines.",
    "miguel": "Abrimos el presupuesto participativo en dos barrios.",
    "lucia": "El mapa de riesgo está en la web.",
    "rui": "O orçamento participativo chegou às escolas.",
}
"""What moved forward, by who says it; she says it in each month that she answers."""
STUCK: Mapping[str, str] = {
    "etienne": "Les grandes surfaces contestent leur part imperméable.",
    "oliver": "Nobody knows who may see the energy bills.",
    "miguel": "Vienen siempre los mismos vecinos.",
}
TRIED: Mapping[str, str] = {
    "anke": "Aerial pictures instead of visits: a tenth of the cost, and few complaints.",
    "nadia": "Un seul référent par ménage, du premier appel au bail.",
}
SHARED: Mapping[str, bool] = {"anke": True, "nadia": False, "miguel": True}
"""Whose answers of the last month the digest quotes, and whether with the name."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """Everything that asking every month works with; `actors` are the people by key and server."""

    env: Env
    services: Services
    world: World
    actors: dict[tuple[str, str], Actor]

    async def fill(self) -> None:
        """Ask for half a year, let people answer, and ask once more now."""
        margaret = self.actors[COORDINATOR, SERVER]
        campaign = await self.services.campaigns.create_monthly(margaret, whole_network=True)
        await self.services.campaign_editing.set_digest(margaret, campaign.id, self.world.rooms[CHANNEL].id)
        for month in range(MONTHS, 0, -1):
            await self._month(campaign.id, self.env.now() - timedelta(days=DAYS * month), month)
        await self._ask(campaign.id, self.env.now())

    async def _ask(self, campaign_id: int, at: datetime) -> None:
        margaret = self.actors[COORDINATOR, SERVER]
        campaigns = replace(self.services.campaigns, clock=lambda: at)
        seen = await campaigns.get(margaret, campaign_id)
        await campaigns.run(margaret, campaign_id, seen.version)
        await replace(self.services.planning, clock=lambda: at).run_due(at)

    async def _month(self, campaign_id: int, at: datetime, month: int) -> None:
        await self._ask(campaign_id, at)
        await self._as_sent(at)
        for place, key in enumerate(sorted(FORWARD)):
            # Whoever answers does so more and more often; in the last month most do.
            if (place * 7 + month * 5) % 10 >= month + 1:
                await self._answer(key, at + timedelta(days=1 + place % 5), last=month == 1)
        over = at + OVER if month > 1 else self.env.now()
        await replace(self.services.checkin_reports, clock=lambda: over).run_due(over)
        if month > 1:
            await self._as_sent(over)

    async def _as_sent(self, at: datetime) -> None:
        """What was due then has been sent."""
        outbox = replace(self.services.outbox, clock=lambda: at)
        for delivery in await outbox.take("demo", MOST):
            await outbox.settle(delivery, Sent(None, delivery.target.id))

    async def _answer(self, key: str, at: datetime, *, last: bool) -> None:
        actor = next((actor for (person, _), actor in self.actors.items() if person == key), None)
        if actor is None:
            raise ValueError(f"nobody in the demo is called {key}")
        checkins = replace(self.services.checkins, clock=lambda: at)
        (checkin,) = [each for each in await checkins.waiting(actor) if not each.answered]
        done = await checkins.answer(actor, checkin.period.id, _typed(checkin, key))
        if last and key in SHARED:
            sharing = replace(self.services.checkin_sharing, clock=lambda: at)
            questions = [question.id for question in done.texts if question.purpose is not Purpose.STUCK]
            await sharing.share(actor, done.response_id, questions, named=SHARED[key])


def _typed(checkin: Checkin, key: str) -> dict[int, Typed]:
    texts = {Purpose.FORWARD: FORWARD.get(key), Purpose.STUCK: STUCK.get(key), Purpose.TRIED: TRIED.get(key)}
    found = {}
    for question in checkin.questions:
        text = texts.get(question.purpose) if question.purpose else None
        if text:
            found[question.id] = Typed(text)
    return found
