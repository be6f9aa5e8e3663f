"""What is asked about alerts: by who answers one, by the sender that is about to speak, by who accounts for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.access import Actor, Right
from bot.domain.alert_log import LogEntry
from bot.domain.cap.values import Severity
from bot.domain.crisis import Alert, AlertState, override_from
from bot.domain.crisis_answers import AlertAnswer, HelpKind, Progress
from bot.domain.crisis_chain import FollowUp, shown
from bot.domain.crisis_consent import Consent, PingPolicy, Reach, ServerPlace, accepts, goes_on, pings
from bot.domain.errors import Refusal
from bot.domain.oncall import OnCallFor
from bot.domain.outbox import Delivery, DeliveryKind, Outcome
from bot.domain.text import clean_or_none
from bot.i18n import Catalogues
from bot.services import crisis_chain_rows as chain
from bot.services import crisis_rows as rows
from bot.services.alert_log import timeline
from bot.services.crisis import CARD_PAUSE, CrisisService, require
from bot.services.crisis_account import progress_of
from bot.services.crisis_publishing import BEGIN, ENDS, FOLLOWING
from bot.services.crisis_threads import follow_end
from bot.services.escalation import acknowledge
from bot.services.outbox import OutboxService
from bot.services.ports import Clock
from bot.services.work import Work, wake_after
from db.engine import AsyncSession
from db.queries import audit, crisis_answers, crisis_places, crisis_told
from db.queries import crisis as queries

EDITED_AT_ONCE = 40
"""So many channels are looked up for editing at a time."""
OPEN = {AlertState.BROADCASTING, AlertState.COMPLETED}
WAITING = {AlertState.DRAFT, AlertState.RETURNED, AlertState.PENDING}


@dataclass(frozen=True, slots=True)
class Speech:
    """What is to be said in a channel now, and whom it may ping. `follow_up`: where it is no first message."""

    alert: Alert
    language: str
    ping: PingPolicy
    role_id: int | None
    follow_up: FollowUp | None = None


@dataclass(frozen=True, slots=True)
class ToEdit:
    """A channel whose messages do not say yet how their alert ended: each with what it said, the oldest first."""

    alert: Alert
    language: str
    channel_id: int
    messages: tuple[tuple[int, Alert], ...]


@dataclass(frozen=True, slots=True)
class CrisisDesk:
    """Answers; decisions are `CrisisService`'s."""

    work: Work
    clock: Clock
    catalogues: Catalogues
    crisis: CrisisService

    def listen(self, outbox: OutboxService) -> None:
        """Let the card be brought up to date when something about its alert was settled."""
        for kind in (*BEGIN, *FOLLOWING, *ENDS):
            outbox.on_settled(kind, self._settled)

    async def _settled(self, session: AsyncSession, delivery: Delivery, outcome: Outcome, now: datetime) -> None:
        await queries.touch_card(session, delivery.subject, now + CARD_PAUSE)
        await follow_end(session, delivery, outcome, now)

    async def speech(self, delivery: Delivery) -> Speech | str:
        """What a delivery says now, or why it is not to be said: a word for coordinators."""
        async with self.work.read() as session:
            alert = await rows.find(session, delivery.subject)
            number = delivery.payload.get("follow_up")
            follow_up = await chain.find(session, number) if number is not None else None
            word = await rows.word(session, delivery.target.server_id)
            begins, ends = delivery.kind in BEGIN, delivery.kind in ENDS
            told = begins or await crisis_told.told_or_in_doubt(session, alert.id, BEGIN, delivery.target.id)
        if word is None:
            return "left"
        language, consent = delivery.language or word[0], word[1]
        if ends:
            # It ends what was told: a server that no longer takes part hears of it too.
            if delivery.kind is DeliveryKind.ALERT_END and alert.state is AlertState.CANCELLED:
                return "over"  # it was a false alarm after all, and that is said by itself
            return Speech(alert, language, *self._ping(alert, consent)) if told else "never_told"
        if alert.state is not AlertState.BROADCASTING:
            return "over"
        if not told:
            return "never_told"
        said = shown(alert, follow_up, self.clock()) if follow_up else alert
        lets = accepts(consent, said.severity, drill=alert.drill) if begins else goes_on(consent, drill=alert.drill)
        if not lets:
            return "no_consent"
        return Speech(said, language, *self._ping(said, consent), follow_up if delivery.kind in FOLLOWING else None)

    def _ping(self, alert: Alert, consent: Consent) -> tuple[PingPolicy, int | None]:
        ping = pings(consent, alert.severity, alert.urgency, self.clock(), drill=alert.drill)
        return (ping if consent.takes_part else PingPolicy.NONE), consent.role_id

    async def receive(self, actor: Actor, alert_id: int, on_call: OnCallFor | None = None) -> bool:
        """She has it; `on_call`: she says so in a direct message about that city. False where she said so before."""
        return await self._answer(actor, alert_id, AlertAnswer.RECEIVED, on_call)

    async def help(
        self,
        actor: Actor,
        alert_id: int,
        kind: AlertAnswer,
        on_call: OnCallFor | None = None,
        *,
        what: HelpKind,
        quantity: str,
        place: str,
    ) -> None:
        """She needs something for her city, or can give it."""
        amount = clean_or_none(quantity, limit=60)
        where = clean_or_none(place, limit=120)
        await self._answer(actor, alert_id, kind, on_call, what=what, quantity=amount, place=where)

    async def _answer(
        self,
        actor: Actor,
        alert_id: int,
        kind: AlertAnswer,
        on_call: OnCallFor | None = None,
        *,
        what: HelpKind | None = None,
        quantity: str | None = None,
        place: str | None = None,
    ) -> bool:
        server_id = on_call.server_id if on_call else actor.server_id
        if server_id is None:
            raise Refusal("access.member_only")
        now = self.clock()
        async with self.work.begin() as session:
            alert = await rows.find(session, alert_id)
            if alert.state not in OPEN:
                raise Refusal("crisis.over")
            if await acknowledge(session, alert_id, actor, on_call or OnCallFor(server_id, None), now):
                await queries.touch_card(session, alert_id, now + CARD_PAUSE)
                wake_after(session)
            again = kind is AlertAnswer.RECEIVED and await crisis_answers.has_received(session, alert_id, actor.user_id)
            if again:
                return False
            own = await crisis_answers.city_of(session, actor.user_id)
            server = await rows.place(session, server_id)
            await crisis_answers.add_answer(
                session,
                {
                    "alert_id": alert_id,
                    "kind": kind.value,
                    "user_id": actor.user_id,
                    "name": actor.name[:100],
                    "server_id": server_id,
                    "city": _city_named(server, on_call) or (own[1] if own else _first_city(server)),
                    "what": what.value if what else None,
                    "quantity": quantity,
                    "place": place,
                    "at": now,
                },
            )
            await queries.touch_card(session, alert_id, now + CARD_PAUSE)
            wake_after(session)
        return True

    async def progress(self, alert: Alert) -> Progress:
        """How an alert goes."""
        async with self.work.read() as session:
            return await progress_of(session, alert)

    async def standing(self, alert: Alert) -> tuple[Reach | None, Progress | None, bool]:
        """What its card says of the servers: whom it will reach, and once it was sent how it goes; and whether it has
        waited for so long that one network coordinator may go on alone."""
        alone = override_from(alert)
        if alert.state in WAITING:
            return await self.crisis.reach(alert), None, alone is not None and alone <= self.clock()
        return None, await self.progress(alert), False

    async def log(self, actor: Actor, alert_id: int) -> tuple[Alert, tuple[LogEntry, ...]]:
        """The timeline of an alert: deeds, deliveries, answers. Raises `Forbidden` for other servers' coordinators."""
        async with self.work.read() as session:
            alert = self.crisis.spoken(await rows.find(session, alert_id))
            require(alert, actor)
            return alert, await timeline(session, alert_id)

    async def recent(self, actor: Actor, *, drill: bool, imported: bool = False, running: bool = False) -> list[Alert]:
        """The newest alerts that she may account for, never together with drills; or those that were imported, or that
        are on."""
        everywhere = actor.is_network_coordinator
        async with self.work.read() as session:
            found = await queries.alerts(
                session,
                server_id=None if everywhere or imported else actor.server_id,
                drill=drill,
                imported=imported,
                states=[AlertState.BROADCASTING] if running else list(AlertState),
            )
        return [self.crisis.spoken(rows.alert_of(row)) for row in found]

    async def consent(self, server_id: int) -> Consent:
        """A server's word."""
        async with self.work.read() as session:
            return await _consent(session, server_id)

    async def set_consent(self, actor: Actor, consent: Consent) -> Consent:
        """Put a server's word on record. It holds for alerts that are on their way too; cards of those that wait for
        approval show it."""
        actor.require(Right.COORDINATOR_OR_ADMINISTRATOR)
        assert actor.server_id is not None
        kept = consent.severities & frozenset(Severity)
        columns = rows.kept_consent(replace(consent, severities=kept))
        async with self.work.begin() as session:
            await crisis_places.set_consent(session, actor.server_id, columns)
            await audit.record(
                session,
                at=self.clock(),
                actor_id=actor.user_id,
                server_id=actor.server_id,
                action="consent.set",
                details=columns,
            )
            await queries.touch_pending_cards(session, self.clock())
            wake_after(session)
            return await _consent(session, actor.server_id)

    async def to_edit(self, but: Collection[tuple[int, int]] = ()) -> list[ToEdit]:
        """Some of the channels whose messages must still say how their alert ended, except these (by alert and
        channel). Everybody is told first: while that goes on, nothing is edited."""
        found: list[ToEdit] = []
        async with self.work.read() as session:
            places = await crisis_told.to_edit(session)
            telling = {each: await crisis_told.telling_end(session, each) for each in {place[0] for place in places}}
            for alert_id, channel_id, language in places:
                if telling[alert_id] or (alert_id, channel_id) in but or len(found) == EDITED_AT_ONCE:
                    continue
                alert = self.crisis.spoken(await rows.find(session, alert_id))
                said = {each.id: shown(alert, each, self.clock()) for each in await chain.sent(session, alert_id)}
                messages = tuple(
                    (row.message_id, said.get(row.payload.get("follow_up", 0), alert))
                    for row in await crisis_told.messages_in(session, alert_id, channel_id, (*BEGIN, *FOLLOWING))
                )
                found.append(ToEdit(alert, language, channel_id, messages))
        return found

    async def edited(self, alert_id: int, channel_id: int) -> None:
        """The messages in a channel say how their alert ended, or cannot be made to."""
        async with self.work.begin() as session:
            await crisis_told.edited(session, alert_id, channel_id, self.clock())

    async def take_cards(self, until: datetime) -> list[Alert]:
        """The alerts whose card is to be brought up to date. They are due again at `until`, unless `card_done` is said:
        what happens while a card is being changed brings it up to date once more, and so does a crash."""
        async with self.work.begin() as session:
            due = await queries.take_cards(session, self.clock(), until)
            return [self.crisis.spoken(await chain.present_alert(session, each)) for each in due]

    async def card_done(self, alert: Alert, until: datetime) -> None:
        """A card that was taken until then is up to date; a pending one until somebody may go on alone."""
        alone = override_from(alert)
        following = alone if alone is not None and alone > self.clock() else None
        async with self.work.begin() as session:
            await queries.card_done(session, alert.id, until, following)

    async def next_card(self) -> datetime | None:
        """When the next card is to be brought up to date."""
        async with self.work.read() as session:
            return await queries.next_card(session)


async def _consent(session: AsyncSession, server_id: int) -> Consent:
    word = await rows.word(session, server_id)
    return word[1] if word else Consent(takes_part=False)


def _city_named(server: ServerPlace | None, on_call: OnCallFor | None) -> str | None:
    if server is None or on_call is None:
        return None
    return next((city.name for city in server.cities if city.id == on_call.city_id), None)


def _first_city(server: ServerPlace | None) -> str:
    if server is None:
        return "–"
    return server.cities[0].name if server.cities else server.name
