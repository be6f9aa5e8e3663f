"""What is changed on the card of a draft besides its texts and facts: what it is about, where, and whom it is for."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.access import Actor
from bot.domain.alert_drafts import AudienceChoice, audiences
from bot.domain.crisis import Alert, AlertDeed, AlertText, after
from bot.domain.errors import Refusal
from bot.domain.hazards import HazardTerm
from bot.domain.text import clean
from bot.services import crisis_rows as rows
from bot.services.crisis import CrisisService
from bot.services.crisis_drafting import home_of
from db.queries import audit
from db.queries import crisis as queries

EVENT_LIMIT, PLACE_LIMIT = 100, 200


@dataclass(frozen=True, slots=True)
class AlertDraftsService:
    """Decisions about a draft that only its author makes."""

    crisis: CrisisService

    async def audiences(self, alert: Alert) -> list[AudienceChoice]:
        """Whom it may be for."""
        async with self.crisis.work.read() as session:
            return audiences(await home_of(session, alert.server_id))

    async def set_where(
        self, actor: Actor, alert_id: int, *, audience: str, event: str | None = None, place: str | None = None
    ) -> Alert:
        """Whom it is for (the key of a choice), and unless None what it is about and where.

        Raises `Refusal` for an audience that is not offered, and for another event or place of what was imported.
        """
        crisis, now = self.crisis, self.crisis.clock()
        about = None if event is None else clean(event, limit=EVENT_LIMIT)
        where = None if place is None else clean(place, limit=PLACE_LIMIT)
        async with crisis.work.begin() as session:
            alert = await rows.find(session, alert_id)
            after(alert, AlertDeed.EDIT, actor, now)
            if alert.imported and (about or where):
                raise Refusal("crisis.imported_stays")
            offered = {each.key: each for each in audiences(await home_of(session, alert.server_id))}
            if audience not in offered:
                raise Refusal("crisis.no_city")
            named = self._named(actor, alert, about)
            texts = alert.texts if named == alert.event else self._called(alert, named)
            await queries.change(
                session,
                alert_id,
                audience=offered[audience].audience.value,
                audience_value=offered[audience].value,
                event=named,
                place=where or alert.place,
                texts=rows.kept_texts(texts),
            )
            await audit.record(
                session,
                at=now,
                actor_id=actor.user_id,
                server_id=actor.server_id,
                action="alert.edit",
                subject=str(alert_id),
                details={"audience": offered[audience].audience.value, "event": named, "place": where},
            )
            return crisis.spoken(await rows.find(session, alert_id))

    def _named(self, actor: Actor, alert: Alert, about: str | None) -> str | None:
        """The event in her own words; None where it is called as its hazard is."""
        if about is None:
            return alert.event
        hazard = self.crisis.catalogues.translator(actor.language).of(HazardTerm(alert.hazard))
        return None if about == hazard else about

    def _called(self, alert: Alert, named: str | None) -> dict[str, AlertText]:
        """What was written before the event was called otherwise."""
        of = {
            language: named or self.crisis.catalogues.translator(language).of(HazardTerm(alert.hazard))
            for language in alert.texts
        }
        return {language: replace(text, event=of[language]) for language, text in alert.texts.items()}
