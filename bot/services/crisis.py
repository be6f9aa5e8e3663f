"""Alerts and drills: drafted, approved by a second person, broadcast through the outbox, ended or called off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.access import Actor
from bot.domain.cap.values import Certainty, MsgType, Reference, Severity, Urgency
from bot.domain.cap.writing import write
from bot.domain.crisis import (
    DESCRIPTION_LIMIT,
    HEADLINE_LIMIT,
    HOURS,
    INSTRUCTION_LIMIT,
    REASON_LIMIT,
    REASONED,
    Alert,
    AlertAudience,
    AlertDeed,
    AlertState,
    AlertTarget,
    AlertText,
    after,
    check_count,
    coordinates,
)
from bot.domain.crisis_cap import message_of
from bot.domain.crisis_consent import Reach, ServerPlace, reach
from bot.domain.errors import Forbidden, Refusal
from bot.domain.hazards import DEFAULTS, HazardTerm
from bot.domain.outbox import DeliveryKind, NewDelivery, Priority, Target
from bot.domain.text import clean, tidy
from bot.i18n import Catalogues
from bot.services import crisis_rows as rows
from bot.services.outbox import post, withdraw
from bot.services.ports import Clock
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import audit, crisis_places
from db.queries import crisis as queries

CARD_PAUSE = timedelta(seconds=3)
"""The coordinators' card is brought up to date at most this often."""
BEGIN = (DeliveryKind.ALERT, DeliveryKind.DRILL)
LATEST_END = timedelta(days=7)
"""After so long nobody is told any more that an alert is over."""


@dataclass(frozen=True, slots=True)
class CrisisService:
    """What is decided about alerts. `CrisisDesk` (`bot.services.crisis_desk`) answers what is asked about them."""

    work: Work
    clock: Clock
    catalogues: Catalogues

    async def draft(self, actor: Actor, event: str, audience: AlertAudience, *, drill: bool) -> Alert:
        """A new draft with everything that its hazard suggests. `event` is a hazard's word, or anything."""
        if actor.server_id is None or not actor.server_joined:
            raise Forbidden("access.server_not_joined")
        known = next((term for term in HazardTerm if term.value == event and term is not HazardTerm.OTHER), None)
        hazard = known or HazardTerm.OTHER
        named = None if known else clean(event, limit=100)
        begun = DEFAULTS[hazard]
        async with self.work.begin() as session:
            home = await _home(session, actor.server_id)
            value, place = await _where(session, actor, audience, home)
            alert_id = await queries.create(
                session,
                {
                    "drill": drill,
                    "imported": False,
                    "state": AlertState.DRAFT.value,
                    "server_id": actor.server_id,
                    "author_id": actor.user_id,
                    "hazard": hazard.value,
                    "event": named,
                    "place": place[:200],
                    "severity": begun.severity.value,
                    "urgency": begun.urgency.value,
                    "certainty": begun.certainty.value,
                    "audience": audience.value,
                    "audience_value": value,
                    "language": self.catalogues.nearest(actor.language),
                    "hours": begun.hours,
                    "texts": {},
                    "frozen": {},
                    "created_at": self.clock(),
                },
            )
            await self._note(session, actor, alert_id, "draft", {"event": event[:100], "audience": audience.value})
            return await rows.find(session, alert_id)

    async def get(self, alert_id: int) -> Alert:
        """An alert with its texts in every language. Raises `Refusal` where there is none."""
        async with self.work.read() as session:
            return self.spoken(await rows.find(session, alert_id))

    async def put_card(self, alert_id: int, channel_id: int, message_id: int) -> None:
        """Where the coordinators' card of an alert stands."""
        async with self.work.begin() as session:
            await queries.change(
                session, alert_id, card_channel_id=channel_id, card_message_id=message_id, card_due_at=None
            )

    async def reach(self, alert: Alert) -> Reach:
        """Whom an alert would reach now."""
        async with self.work.read() as session:
            return reach(alert, await rows.places(session))

    async def write(self, actor: Actor, alert_id: int, language: str, text: Mapping[str, str]) -> Alert:
        """The author writes what it says in one language. Other languages then say hers, marked as not translated,
        until she writes them too."""
        async with self.work.begin() as session:
            alert = await rows.find(session, alert_id)
            after(alert, AlertDeed.EDIT, actor, self.clock())
            if alert.imported:
                raise Refusal("crisis.imported_stays")
            said = AlertText(
                event=self._event(alert, language),
                headline=clean(text["headline"], limit=HEADLINE_LIMIT),
                description=clean(text["description"], limit=DESCRIPTION_LIMIT, lines=True),
                instruction=clean(text["instruction"], limit=INSTRUCTION_LIMIT, lines=True),
            )
            await queries.change(session, alert_id, texts=rows.kept_texts({**alert.texts, language: said}))
            await self._note(session, actor, alert_id, "edit", {"language": language})
            return self.spoken(await rows.find(session, alert_id))

    async def set(self, actor: Actor, alert_id: int, **columns: Severity | Urgency | Certainty | int) -> Alert:
        """Change severity, urgency, certainty or hours."""
        hours = columns.get("hours")
        if hours is not None and hours not in HOURS:
            raise Refusal("crisis.hours")
        async with self.work.begin() as session:
            alert = await rows.find(session, alert_id)
            after(alert, AlertDeed.EDIT, actor, self.clock())
            if alert.imported and set(columns) - {"hours"}:
                raise Refusal("crisis.imported_stays")
            await queries.change(session, alert_id, **columns)
            kept = {name: str(value) for name, value in columns.items()}
            await self._note(session, actor, alert_id, "edit", kept)
            return self.spoken(await rows.find(session, alert_id))

    async def confirm(self, actor: Actor, alert_id: int, typed: str) -> Alert:
        """The author typed how many channels are told: texts and targets are frozen, and it goes out or is pending."""
        now = self.clock()
        async with self.work.begin() as session:
            alert = self.spoken(await rows.find(session, alert_id))
            state = after(alert, AlertDeed.CONFIRM, actor, now)
            found = reach(alert, await rows.places(session)).targets
            check_count(typed, len(found))
            await queries.clear_targets(session, alert_id)
            await queries.add_targets(session, alert_id, [_target_row(each) for each in found])
            await queries.change(
                session, alert_id, state=state.value, frozen=rows.kept_texts(alert.texts), submitted_at=now, reason=None
            )
            await self._note(session, actor, alert_id, "confirm", {"channels": len(found)})
            if state is AlertState.BROADCASTING:
                await self._publish(session, alert_id, approved_by=None)
            return self.spoken(await rows.find(session, alert_id))

    async def decide(self, actor: Actor, alert_id: int, deed: AlertDeed, reason: str = "") -> Alert:
        """Approve, return, reject, override, discard, end or cancel."""
        now = self.clock()
        why = clean(reason, limit=REASON_LIMIT) if deed in REASONED else None
        async with self.work.begin() as session:
            alert = await rows.find(session, alert_id)
            state = after(alert, deed, actor, now)
            await queries.change(session, alert_id, state=state.value, reason=why or alert.reason)
            await self._note(session, actor, alert_id, deed.value, {"reason": why} if why else {})
            match deed:
                case AlertDeed.APPROVE | AlertDeed.OVERRIDE:
                    await self._publish(session, alert_id, approved_by=actor.user_id)
                case AlertDeed.RETURN:  # nothing is frozen any more: she writes it anew
                    await queries.change(session, alert_id, frozen={})
                case AlertDeed.END:
                    await self._finish(session, replace(alert, state=state), MsgType.UPDATE)
                case AlertDeed.CANCEL:
                    await self._finish(session, replace(alert, state=state), MsgType.CANCEL)
                case _:
                    pass
            if deed is AlertDeed.OVERRIDE:
                await self._tell_everybody(session, alert_id, now)
            return self.spoken(await rows.find(session, alert_id))

    async def run_due(self, now: datetime) -> datetime | None:
        """Alerts that have expired are completed, without a word; when the next one expires."""
        async with self.work.read() as session:
            over = await queries.expired(session, now)
            following = await queries.next_expiry(session)
        if not over:
            return following
        async with self.work.begin() as session:
            for alert_id in await queries.expired(session, now):
                await withdraw(session, BEGIN, alert_id, now)
                await queries.change(session, alert_id, state=AlertState.COMPLETED.value, card_due_at=now)
                await audit.record(session, at=now, actor_id=None, action="alert.expire", subject=str(alert_id))
        return now

    def spoken(self, alert: Alert) -> Alert:
        """With what it says in every language: the author's words, or those that stand ready."""
        if alert.frozen:
            return alert
        ready = {} if alert.texts else {each: self._ready(alert, each) for each in self.catalogues.languages}
        return replace(alert, texts={**ready, **alert.texts})

    def _ready(self, alert: Alert, language: str) -> AlertText:
        t = self.catalogues.translator(language)
        event = self._event(alert, language)
        if alert.drill:
            headline = t("crisis.drill_headline", event=event, place=alert.place)
            return AlertText(event, headline, t("crisis.drill_description"), t("crisis.drill_instruction"))
        headline = t("crisis.ready_headline", event=event, place=alert.place)
        return AlertText(event, headline, t("crisis.ready_description"), t("crisis.ready_instruction"))

    def _event(self, alert: Alert, language: str) -> str:
        return alert.event or self.catalogues.translator(language).of(HazardTerm(alert.hazard))

    def _ending(self, alert: Alert, msg_type: MsgType) -> dict[str, AlertText]:
        """What is said in every language when it is over."""
        texts = {}
        for language in self.catalogues.languages:
            t = self.catalogues.translator(language)
            event = alert.text(language)[0].event
            if msg_type is MsgType.CANCEL:
                said = t("crisis.cancel_text", event=event, place=alert.place)
            elif alert.drill:
                said = t("crisis.drill_over_text", event=event, place=alert.place)
            else:
                said = t("crisis.clear_text", event=event, place=alert.place)
            texts[language] = AlertText(event, said[:HEADLINE_LIMIT], said, "")
        return texts

    async def _publish(self, session: AsyncSession, alert_id: int, *, approved_by: int | None) -> None:
        now = self.clock()
        alert = await rows.find(session, alert_id)
        expires = now + timedelta(hours=alert.hours)
        await queries.change(
            session, alert_id, published_at=now, expires_at=expires, approved_by=approved_by, card_due_at=now
        )
        alert = replace(alert, expires_at=expires, published_at=now)
        if not alert.imported:
            await self._record(session, alert, alert.frozen, MsgType.ALERT, now)
        kind = DeliveryKind.DRILL if alert.drill else DeliveryKind.ALERT
        priority = Priority.DRILL if alert.drill else Priority.ALERT
        targets = await rows.targets(session, alert_id)
        await post(session, [_delivery(alert, kind, priority, each, expires) for each in targets], now)

    async def _finish(self, session: AsyncSession, alert: Alert, msg_type: MsgType) -> None:
        """What was not begun is not begun any more; every channel that was told, or may have been, hears that it is
        over."""
        now = self.clock()
        await withdraw(session, (*BEGIN, DeliveryKind.ALERT_END), alert.id, now)
        told = set(await queries.told_or_in_doubt(session, alert.id, BEGIN))
        kind, priority = _end_of(alert, msg_type)
        targets = [each for each in await rows.targets(session, alert.id) if each.channel_id in told]
        until = now + LATEST_END
        await post(session, [_delivery(alert, kind, priority, each, until) for each in targets], now)
        await queries.edit_anew(session, alert.id)
        await queries.touch_card(session, alert.id, now)
        if not alert.imported:
            await self._record(session, alert, self._ending(alert, msg_type), msg_type, now)

    async def _record(
        self, session: AsyncSession, alert: Alert, texts: Mapping[str, AlertText], msg_type: MsgType, now: datetime
    ) -> None:
        """The CAP message of what is published now. Published messages are never changed."""
        earlier = await queries.messages(session, alert.id)
        references = [Reference(each.sender, each.identifier, each.sent) for each in earlier]
        going = replace(alert, state=AlertState.BROADCASTING)
        message = message_of(going, texts, msg_type, now.replace(microsecond=0), references)
        await queries.add_message(
            session,
            {
                "alert_id": alert.id,
                "msg_type": msg_type.value,
                "sender": message.sender,
                "identifier": message.identifier,
                "sent": message.sent,
                "document": write(message).decode(),
                "at": now,
            },
        )

    async def _tell_everybody(self, session: AsyncSession, alert_id: int, now: datetime) -> None:
        """An override is told to every server's coordinators at once."""
        deliveries = [
            NewDelivery(
                DeliveryKind.ALERT_OVERRIDE,
                alert_id,
                Target.channel(place.coordinators_channel_id, place.id),
                f"alert:{alert_id}:override:{place.id}",
                language=place.language,
                priority=Priority.ALERT,
                not_after=now + timedelta(days=1),
            )
            for place in await crisis_places.places(session)
            if place.coordinators_channel_id is not None
        ]
        await post(session, deliveries, now)

    async def _note(
        self, session: AsyncSession, actor: Actor, alert_id: int, deed: str, details: dict[str, Any]
    ) -> None:
        await audit.record(
            session,
            at=self.clock(),
            actor_id=actor.user_id,
            server_id=actor.server_id,
            action=f"alert.{deed}",
            subject=str(alert_id),
            details=details,
        )


def require(alert: Alert, actor: Actor) -> None:
    """Raise `Forbidden` unless she coordinates the server that an alert comes from, or the network."""
    if not coordinates(alert, actor):
        raise Forbidden("crisis.not_your_server")


def _end_of(alert: Alert, msg_type: MsgType) -> tuple[DeliveryKind, Priority]:
    if alert.drill:
        return DeliveryKind.DRILL_END, Priority.DRILL
    if msg_type is MsgType.CANCEL:
        return DeliveryKind.ALERT_CANCEL, Priority.CANCEL
    return DeliveryKind.ALERT_END, Priority.ALERT


def _delivery(
    alert: Alert, kind: DeliveryKind, priority: Priority, target: AlertTarget, until: datetime
) -> NewDelivery:
    return NewDelivery(
        kind,
        alert.id,
        Target.channel(target.channel_id, target.server_id),
        f"alert:{alert.id}:{kind}:{target.channel_id}",
        language=target.language,
        priority=priority,
        not_after=until,
        sequence=f"alert:{alert.id}",
    )


def _target_row(target: AlertTarget) -> dict[str, Any]:
    return {
        "channel_id": target.channel_id,
        "server_id": target.server_id,
        "language": target.language,
        "cities": list(target.cities),
    }


async def _home(session: AsyncSession, server_id: int) -> ServerPlace:
    found = next((place for place in await rows.places(session) if place.id == server_id), None)
    if found is None:
        raise Forbidden("access.server_not_joined")
    return found


async def _where(
    session: AsyncSession, actor: Actor, audience: AlertAudience, home: ServerPlace
) -> tuple[str | None, str]:
    """What the audience is narrowed by, and the name of the place that the alert is about."""
    own = await queries.city_of(session, actor.user_id)
    city = next((each for each in home.cities if own and each.id == own[0]), next(iter(home.cities), None))
    if audience in {AlertAudience.SERVER, AlertAudience.NETWORK}:
        return None, city.name if city else home.name
    if city is None or (audience is AlertAudience.REGION and not city.region):
        raise Refusal("crisis.no_city")
    values: Mapping[AlertAudience, str] = {
        AlertAudience.CITY: str(city.id),
        AlertAudience.REGION: f"{city.country}:{city.region}",
        AlertAudience.COUNTRY: city.country,
    }
    return values[audience], tidy(city.name)
