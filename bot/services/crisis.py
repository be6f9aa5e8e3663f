"""Alerts and drills: drafted, approved by a second person, broadcast through the outbox, ended or called off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.access import Actor
from bot.domain.alert_drafts import content_of
from bot.domain.cap.values import Certainty, Hazard, MsgType, Severity, Urgency
from bot.domain.crisis import (
    DESCRIPTION_LIMIT,
    HEADLINE_LIMIT,
    HOURS,
    INSTRUCTION_LIMIT,
    OVERRIDE_AFTER,
    REASON_LIMIT,
    REASONED,
    Alert,
    AlertAudience,
    AlertDeed,
    AlertState,
    AlertText,
    after,
    check_count,
    coordinates,
)
from bot.domain.crisis_consent import Reach, confirmed, reach
from bot.domain.errors import Forbidden, Refusal
from bot.domain.text import clean
from bot.i18n import Catalogues
from bot.services import crisis_chain_rows as chain
from bot.services import crisis_rows as rows
from bot.services.crisis_drafting import begin
from bot.services.crisis_publishing import finish, publish, silence, target_row, tell_everybody
from bot.services.crisis_texts import event_of, spoken
from bot.services.ports import Clock
from bot.services.work import Work, wake_after
from db.engine import AsyncSession
from db.queries import audit
from db.queries import crisis as queries

CARD_PAUSE = timedelta(seconds=3)
"""The coordinators' card is brought up to date at most this often."""


@dataclass(frozen=True, slots=True)
class CrisisService:
    """What is decided about alerts. `CrisisDesk` (`bot.services.crisis_desk`) answers what is asked about them."""

    work: Work
    clock: Clock
    catalogues: Catalogues

    async def draft(self, actor: Actor, event: str, audience: AlertAudience, *, drill: bool) -> Alert:
        """A new draft with everything that its hazard suggests. `event` is a hazard's word, or anything."""
        async with self.work.begin() as session:
            columns = await begin(session, self.catalogues, actor, event, audience, now=self.clock(), drill=drill)
            alert_id = await queries.create(session, columns)
            await self._note(session, actor, alert_id, "draft", {"event": event[:100], "audience": audience.value})
            return await rows.find(session, alert_id)

    async def get(self, alert_id: int) -> Alert:
        """An alert as it stands, with its texts in every language. Raises `Refusal` where there is none."""
        async with self.work.read() as session:
            return self.spoken(await chain.present_alert(session, alert_id))

    def check(self, actor: Actor, alert: Alert, deed: AlertDeed) -> None:
        """Raise as `decide` would: before a form that she would fill in for nothing."""
        after(alert, deed, actor, self.clock())

    async def put_card(self, alert_id: int, channel_id: int, message_id: int) -> None:
        """Where the coordinators' card of an alert stands."""
        async with self.work.begin() as session:
            await queries.change(session, alert_id, card_channel_id=channel_id, card_message_id=message_id)

    async def reach(self, alert: Alert) -> Reach:
        """Whom an alert would reach now; of one that is pending, whom it was confirmed for and may still reach."""
        async with self.work.read() as session:
            places = await rows.places(session)
            if alert.state is AlertState.PENDING:
                return confirmed(alert, await rows.targets(session, alert.id), places)
            return reach(alert, places)

    async def write(self, actor: Actor, alert_id: int, language: str, text: Mapping[str, str]) -> Alert:
        """The author writes what it says in one language. Other languages then say hers, marked as not translated,
        until she writes them too."""
        async with self.work.begin() as session:
            alert = await rows.find(session, alert_id)
            after(alert, AlertDeed.EDIT, actor, self.clock())
            if alert.imported:
                raise Refusal("crisis.imported_stays")
            said = AlertText(
                event=event_of(self.catalogues, alert, language),
                headline=clean(text["headline"], limit=HEADLINE_LIMIT),
                description=clean(text["description"], limit=DESCRIPTION_LIMIT, lines=True),
                instruction=clean(text["instruction"], limit=INSTRUCTION_LIMIT, lines=True),
            )
            written = {} if alert.templated else alert.texts  # a template's other languages would say something else
            kept = rows.kept_texts({**written, language: said})
            await queries.change(session, alert_id, texts=kept, templated=False)
            await self._note(session, actor, alert_id, "edit", {"language": language})
            return self.spoken(await rows.find(session, alert_id))

    async def set(self, actor: Actor, alert_id: int, **columns: Hazard | Severity | Urgency | Certainty | int) -> Alert:
        """Change category, severity, urgency, certainty or hours."""
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
            if alert.state is AlertState.RETURNED and content_of(alert) == alert.returned_as:
                raise Refusal("crisis.nothing_changed")
            await queries.clear_targets(session, alert_id)
            await queries.add_targets(session, alert_id, [target_row(each) for each in found])
            await queries.change(
                session, alert_id, state=state.value, frozen=rows.kept_texts(alert.texts), submitted_at=now, reason=None
            )
            await self._note(session, actor, alert_id, "confirm", {"channels": len(found)})
            if state is AlertState.PENDING:
                await queries.touch_card(session, alert_id, now + OVERRIDE_AFTER)
                wake_after(session)
            if state is AlertState.BROADCASTING:
                await publish(session, alert_id, now, approved_by=None)
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
                    await publish(session, alert_id, now, approved_by=actor.user_id)
                case AlertDeed.RETURN:  # nothing is frozen any more: she writes it anew
                    await queries.change(session, alert_id, frozen={}, returned_as=content_of(alert))
                case AlertDeed.END:
                    await finish(session, self.catalogues, replace(alert, state=state), MsgType.UPDATE, now)
                case AlertDeed.CANCEL:
                    await finish(session, self.catalogues, replace(alert, state=state), MsgType.CANCEL, now)
                case _:
                    pass
            if deed is AlertDeed.OVERRIDE:
                await tell_everybody(session, alert_id, now)
            return self.spoken(await chain.present_alert(session, alert_id))

    async def run_due(self, now: datetime) -> datetime | None:
        """Alerts that have expired are completed, without a word; when the next one expires."""
        async with self.work.read() as session:
            over = await queries.expired(session, now)
            following = await queries.next_expiry(session)
        if not over:
            return following
        async with self.work.begin() as session:
            for alert_id in await queries.expired(session, now):
                await silence(session, alert_id, now)
                await queries.change(session, alert_id, state=AlertState.COMPLETED.value, card_due_at=now)
                await audit.record(session, at=now, actor_id=None, action="alert.expire", subject=str(alert_id))
        return now

    def spoken(self, alert: Alert) -> Alert:
        """With what it says in every language: the author's words, or those that stand ready."""
        return spoken(self.catalogues, alert)

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
