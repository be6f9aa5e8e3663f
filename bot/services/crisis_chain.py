"""What follows an alert: written, approved by a second person where that is asked for, and sent to who was told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.access import Actor
from bot.domain.cap.values import Certainty, Severity, Urgency
from bot.domain.crisis import (
    HOURS,
    REASON_LIMIT,
    REASONED,
    Alert,
    AlertAudience,
    AlertDeed,
    AlertText,
    check_count,
)
from bot.domain.crisis_chain import (
    WIDTH,
    FollowUp,
    FollowUpKind,
    FollowUpState,
    after,
    check_open,
    check_set,
    raised,
    shown,
)
from bot.domain.crisis_chain_reach import FollowUpReach, reach_of, widened
from bot.domain.crisis_consent import reach
from bot.domain.errors import Forbidden, Refusal
from bot.domain.text import clean
from bot.i18n import Catalogues
from bot.services import crisis_chain_rows as chain
from bot.services import crisis_rows as rows
from bot.services.crisis_chain_drafting import columns_of, said
from bot.services.crisis_publishing import follow, target_row, tell_everybody
from bot.services.crisis_texts import ready_report, standing
from bot.services.ports import Clock
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import audit
from db.queries import crisis_chain as queries


@dataclass(frozen=True, slots=True)
class FollowUpView:
    """A message that follows an alert, the alert as it stood before it, and what recipients read."""

    alert: Alert
    follow_up: FollowUp
    shown: Alert


@dataclass(frozen=True, slots=True)
class CrisisChain:
    """What is decided about messages that follow an alert."""

    work: Work
    clock: Clock
    catalogues: Catalogues

    async def check(self, actor: Actor, alert_id: int) -> Alert:
        """The alert as it stands, if she may write about it now; asked before she types.

        Raises `Forbidden`, and `Refusal` where it is over or where something is being written already.
        """
        async with self.work.read() as session:
            return await self._writable(session, actor, alert_id)

    def may(self, actor: Actor, view: FollowUpView, deed: AlertDeed) -> None:
        """Raise as `decide` would: before a form that she would fill in for nothing."""
        after(view.alert, view.follow_up, deed, actor, self.clock())

    async def begin(
        self, actor: Actor, alert_id: int, kind: FollowUpKind, text: Mapping[str, str] | None = None
    ) -> FollowUpView:
        """A draft: of an update or a report with her words, of an escalation with everything one step up."""
        now = self.clock()
        async with self.work.begin() as session:
            alert = await self._writable(session, actor, alert_id)
            if actor.server_id is None:
                raise Forbidden("access.server_not_joined")
            language = self.catalogues.nearest(actor.language)
            texts = {language: said(self.catalogues, alert, language, text)} if text else dict(alert.frozen)
            columns = columns_of(alert, actor, kind, language, now)
            columns["texts"] = rows.kept_texts(texts)
            if kind is FollowUpKind.ESCALATE:
                columns["severity"] = raised(alert.severity).value
            follow_up_id = await queries.create(session, columns)
            await self._note(session, actor, alert_id, "draft", {"kind": kind.value, "follow_up": follow_up_id})
            return await self._view(session, follow_up_id)

    async def get(self, follow_up_id: int) -> FollowUpView:
        """One of them. Raises `Refusal` where there is none."""
        async with self.work.read() as session:
            return await self._view(session, follow_up_id)

    async def reach(self, view: FollowUpView) -> FollowUpReach:
        """Whom it reaches now."""
        async with self.work.read() as session:
            return await self._reach(session, view.alert, view.follow_up)

    async def put_card(self, follow_up_id: int, channel_id: int, message_id: int) -> None:
        """Where its card stands."""
        async with self.work.begin() as session:
            await queries.change(session, follow_up_id, card_channel_id=channel_id, card_message_id=message_id)

    async def write(self, actor: Actor, follow_up_id: int, language: str, text: Mapping[str, str]) -> FollowUpView:
        """The author writes what it says in one language."""
        async with self.work.begin() as session:
            view = await self._editable(session, actor, follow_up_id)
            texts = {**view.follow_up.texts, language: said(self.catalogues, view.alert, language, text)}
            await queries.change(session, follow_up_id, texts=rows.kept_texts(texts))
            await self._note(session, actor, view.alert.id, "edit", {**_named(view.follow_up), "language": language})
            return await self._view(session, follow_up_id)

    async def set(
        self,
        actor: Actor,
        follow_up_id: int,
        *,
        severity: Severity | None = None,
        urgency: Urgency | None = None,
        certainty: Certainty | None = None,
        hours: int | None = None,
    ) -> FollowUpView:
        """Change one of these. `hours`: from then on, 0 for the end that it has."""
        async with self.work.begin() as session:
            view = await self._editable(session, actor, follow_up_id)
            if not view.follow_up.kind.changes:
                raise Refusal("crisis_chain.escalate_instead")
            if severity is not None:
                check_set(view.alert, view.follow_up, severity)
            if hours is not None and hours not in {0, *HOURS}:
                raise Refusal("crisis.hours")
            asked = {"severity": severity, "urgency": urgency, "certainty": certainty}
            columns: dict[str, Any] = {name: word.value for name, word in asked.items() if word is not None}
            if hours is not None:
                columns["hours"] = hours or None
            await queries.change(session, follow_up_id, **columns)
            await self._note(session, actor, view.alert.id, "edit", {**_named(view.follow_up), **columns})
            return await self._view(session, follow_up_id)

    async def widen(self, actor: Actor, follow_up_id: int, audience: AlertAudience) -> FollowUpView:
        """An escalation for more people. Raises `Refusal` for fewer, and where it is unknown who that would be."""
        async with self.work.begin() as session:
            view = await self._editable(session, actor, follow_up_id)
            alert, follow_up = view.alert, view.follow_up
            if follow_up.kind is not FollowUpKind.ESCALATE or WIDTH.index(audience) < WIDTH.index(alert.audience):
                raise Refusal("crisis_chain.not_narrower")
            home = next((each for each in await rows.places(session) if each.id == alert.server_id), None)
            value = widened(alert, audience, home.cities if home else ())
            await queries.change(session, follow_up_id, audience=audience.value, audience_value=value)
            await self._note(session, actor, alert.id, "edit", {**_named(follow_up), "audience": audience.value})
            return await self._view(session, follow_up_id)

    async def confirm(self, actor: Actor, follow_up_id: int, typed: str) -> FollowUpView:
        """The author typed how many channels are told: texts and channels are frozen, and it goes out or is pending."""
        now = self.clock()
        async with self.work.begin() as session:
            view = await self._view(session, follow_up_id)
            alert, follow_up = view.alert, view.follow_up
            state = after(alert, follow_up, AlertDeed.CONFIRM, actor, now)
            found = await self._reach(session, alert, follow_up)
            check_count(typed, found.channels)
            await queries.change(
                session,
                follow_up_id,
                state=state.value,
                frozen=rows.kept_texts(follow_up.texts),
                added=[{**target_row(each), "server_name": each.server_name} for each in found.added],
                submitted_at=now,
                reason=None,
            )
            await self._note(session, actor, alert.id, "confirm", {**_named(follow_up), "channels": found.channels})
            if state is FollowUpState.SENT:
                await follow(session, alert, await chain.find(session, follow_up_id), now)
            return await self._view(session, follow_up_id)

    async def decide(self, actor: Actor, follow_up_id: int, deed: AlertDeed, reason: str = "") -> FollowUpView:
        """Approve, return, reject, override or discard."""
        now = self.clock()
        why = clean(reason, limit=REASON_LIMIT) if deed in REASONED else None
        async with self.work.begin() as session:
            view = await self._view(session, follow_up_id)
            alert, follow_up = view.alert, view.follow_up
            state = after(alert, follow_up, deed, actor, now)
            await queries.change(session, follow_up_id, state=state.value, reason=why or follow_up.reason)
            await self._note(
                session, actor, alert.id, deed.value, {**_named(follow_up), **({"reason": why} if why else {})}
            )
            if deed is AlertDeed.RETURN:  # nothing is frozen any more: she writes it anew
                await queries.change(session, follow_up_id, frozen={}, added=[])
            if state is FollowUpState.SENT:
                await queries.change(session, follow_up_id, approved_by=actor.user_id)
                await follow(session, alert, await chain.find(session, follow_up_id), now)
            if deed is AlertDeed.OVERRIDE:
                await tell_everybody(session, alert.id, now, follow_up)
            return await self._view(session, follow_up_id)

    async def stands(self, actor: Actor, alert_id: int) -> Alert:
        """Everyone who was told hears that the alert is real and still holds. Its text stands ready."""
        now = self.clock()
        async with self.work.begin() as session:
            alert = await chain.present_alert(session, alert_id)
            check_open(alert, actor)
            if actor.server_id is None:
                raise Forbidden("access.server_not_joined")
            texts = rows.kept_texts(standing(self.catalogues, alert))
            columns = columns_of(alert, actor, FollowUpKind.STANDS, alert.language, now)
            columns |= {"state": FollowUpState.SENT.value, "texts": texts, "frozen": texts}
            follow_up_id = await queries.create(session, columns)
            await self._note(session, actor, alert_id, "stands", {"follow_up": follow_up_id})
            await follow(session, alert, await chain.find(session, follow_up_id), now)
            return alert

    def report_text(self, alert: Alert, language: str) -> AlertText:
        """What a situation report begins with in a language."""
        return ready_report(self.catalogues, alert, language)

    async def _writable(self, session: AsyncSession, actor: Actor, alert_id: int) -> Alert:
        alert = await chain.present_alert(session, alert_id)
        check_open(alert, actor)
        written = await chain.open_one(session, alert_id)
        if written is not None:
            link = f"https://discord.com/channels/{alert.server_id}/{written.card_channel_id}/{written.card_message_id}"
            raise Refusal("crisis_chain.written_already", link=link)
        return alert

    async def _editable(self, session: AsyncSession, actor: Actor, follow_up_id: int) -> FollowUpView:
        view = await self._view(session, follow_up_id)
        after(view.alert, view.follow_up, AlertDeed.EDIT, actor, self.clock())
        return view

    async def _view(self, session: AsyncSession, follow_up_id: int) -> FollowUpView:
        follow_up = await chain.find(session, follow_up_id)
        alert = await chain.present_alert(session, follow_up.alert_id)
        return FollowUpView(alert, follow_up, shown(alert, follow_up, self.clock()))

    async def _reach(self, session: AsyncSession, alert: Alert, follow_up: FollowUp) -> FollowUpReach:
        places = await rows.places(session)
        wider = reach(shown(alert, follow_up, self.clock()), places)
        targets = await rows.targets(session, alert.id)
        return reach_of(follow_up, targets, wider, places, drill=alert.drill)

    async def _note(
        self, session: AsyncSession, actor: Actor, alert_id: int, deed: str, details: dict[str, Any]
    ) -> None:
        await audit.record(
            session,
            at=self.clock(),
            actor_id=actor.user_id,
            server_id=actor.server_id,
            action="alert.stands" if deed == "stands" else f"alert.follow_{deed}",
            subject=str(alert_id),
            details=details,
        )


def _named(follow_up: FollowUp) -> dict[str, Any]:
    return {"kind": follow_up.kind.value, "follow_up": follow_up.id}
