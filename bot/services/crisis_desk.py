"""What is asked about alerts: by who answers one, by the sender that is about to speak, by who accounts for it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.access import Actor, Right
from bot.domain.cap.values import Severity
from bot.domain.crisis import Alert, AlertState
from bot.domain.crisis_answers import AlertAnswer, Happening, Help, HelpKind, Progress, Told
from bot.domain.crisis_consent import Consent, PingPolicy, ServerPlace, accepts, pings
from bot.domain.errors import Refusal
from bot.domain.outbox import Delivery, DeliveryKind, DeliveryState, Outcome
from bot.domain.text import clean_or_none
from bot.i18n import Catalogues
from bot.services import crisis_rows as rows
from bot.services.crisis import BEGIN, CARD_PAUSE, CrisisService, require
from bot.services.outbox import OutboxService
from bot.services.ports import Clock
from bot.services.work import Work, wake_after
from db.engine import AsyncSession
from db.queries import audit, crisis_places
from db.queries import crisis as queries

ENDS = (DeliveryKind.ALERT_END, DeliveryKind.ALERT_CANCEL, DeliveryKind.DRILL_END)
OPEN = {AlertState.BROADCASTING, AlertState.COMPLETED}


@dataclass(frozen=True, slots=True)
class Speech:
    """What is to be said in a channel now, and whom it may ping."""

    alert: Alert
    language: str
    ping: PingPolicy
    role_id: int | None


@dataclass(frozen=True, slots=True)
class ToEdit:
    """A message of ours in a channel that does not say yet how its alert ended."""

    alert: Alert
    language: str
    channel_id: int
    message_id: int
    delivery_id: int


@dataclass(frozen=True, slots=True)
class CrisisDesk:
    """Answers; decisions are `CrisisService`'s."""

    work: Work
    clock: Clock
    catalogues: Catalogues
    crisis: CrisisService

    def listen(self, outbox: OutboxService) -> None:
        """Let the card be brought up to date when something about its alert was settled."""
        for kind in (*BEGIN, *ENDS):
            outbox.on_settled(kind, self._settled)

    async def _settled(self, session: AsyncSession, delivery: Delivery, _outcome: Outcome, now: datetime) -> None:
        await queries.touch_card(session, delivery.subject, now + CARD_PAUSE)

    async def speech(self, delivery: Delivery) -> Speech | str:
        """What a delivery says now, or why it is not to be said: a word for coordinators."""
        async with self.work.read() as session:
            alert = await rows.find(session, delivery.subject)
            place = next((each for each in await rows.places(session) if each.id == delivery.target.server_id), None)
            told = await queries.told_or_in_doubt(session, alert.id, BEGIN)
        if place is None:
            return "left"
        language = delivery.language or place.language
        if delivery.kind in ENDS:
            # It ends what was told: a server that no longer takes part hears of it too.
            ping = self._ping(alert, place)
            return Speech(alert, language, *ping) if delivery.target.id in told else "never_told"
        if alert.state is not AlertState.BROADCASTING:
            return "over"
        if not accepts(place.consent, alert.severity, drill=alert.drill):
            return "no_consent"
        return Speech(alert, language, *self._ping(alert, place))

    def _ping(self, alert: Alert, place: ServerPlace) -> tuple[PingPolicy, int | None]:
        ping = pings(place.consent, alert.severity, alert.urgency, self.clock(), drill=alert.drill)
        return (ping if place.consent.takes_part else PingPolicy.NONE), place.consent.role_id

    async def receive(self, actor: Actor, alert_id: int) -> bool:
        """She has it. False where she said so before."""
        return await self._answer(actor, alert_id, AlertAnswer.RECEIVED)

    async def help(
        self, actor: Actor, alert_id: int, kind: AlertAnswer, *, what: HelpKind, quantity: str, place: str
    ) -> None:
        """She needs something for her city, or can give it."""
        amount = clean_or_none(quantity, limit=60)
        where = clean_or_none(place, limit=120)
        await self._answer(actor, alert_id, kind, what=what, quantity=amount, place=where)

    async def _answer(
        self,
        actor: Actor,
        alert_id: int,
        kind: AlertAnswer,
        *,
        what: HelpKind | None = None,
        quantity: str | None = None,
        place: str | None = None,
    ) -> bool:
        if actor.server_id is None:
            raise Refusal("access.member_only")
        now = self.clock()
        async with self.work.begin() as session:
            alert = await rows.find(session, alert_id)
            if alert.state not in OPEN:
                raise Refusal("crisis.over")
            again = kind is AlertAnswer.RECEIVED and await queries.has_received(session, alert_id, actor.user_id)
            if again:
                return False
            own = await queries.city_of(session, actor.user_id)
            server = next((each for each in await rows.places(session) if each.id == actor.server_id), None)
            await queries.add_answer(
                session,
                {
                    "alert_id": alert_id,
                    "kind": kind.value,
                    "user_id": actor.user_id,
                    "name": actor.name[:100],
                    "server_id": actor.server_id,
                    "city": own[1] if own else _first_city(server),
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
            targets = await rows.targets(session, alert.id)
            kinds = (*BEGIN,) if alert.state is AlertState.BROADCASTING else (*BEGIN, *ENDS)
            last = {row.channel_id: row for row in await queries.told(session, alert.id, kinds)}
            answers = await queries.answers(session, alert.id)
        told = []
        for target in targets:
            row = last.get(target.channel_id)
            state = DeliveryState(row.state) if row else DeliveryState.PENDING
            why = (row.problem or (str(row.code) if row.code else None)) if row else None
            told.append(Told(target.server_name, target.cities, state, why, row.settled_at if row else None))
        received = Counter(row.city for row in answers if row.kind == AlertAnswer.RECEIVED)
        helps = [_help(row) for row in reversed(answers) if row.kind != AlertAnswer.RECEIVED]
        return Progress(tuple(told), dict(received), tuple(helps))

    async def log(self, actor: Actor, alert_id: int) -> tuple[Alert, tuple[Happening, ...]]:
        """The timeline of an alert: deeds, deliveries, answers. Raises `Forbidden` for other servers' coordinators."""
        async with self.work.read() as session:
            alert = self.crisis.spoken(await rows.find(session, alert_id))
            require(alert, actor)
            deeds = await queries.deeds(session, alert_id)
            names = {each.channel_id: each.server_name for each in await rows.targets(session, alert_id)}
            told = await queries.told(session, alert_id, (*BEGIN, *ENDS))
            answers = await queries.answers(session, alert_id)
        happened = [Happening(at, action, who, "", reason) for at, action, who, _, reason in deeds]
        for row in told:
            where = names.get(row.channel_id, str(row.channel_id))
            detail = row.problem or (str(row.code) if row.code else "")
            happened.append(Happening(row.settled_at or row.posted_at, f"{row.kind}.{row.state}", None, where, detail))
        for answer in answers:
            detail = " · ".join(each for each in (answer.what, answer.quantity, answer.place) if each)
            happened.append(Happening(answer.at, f"answer.{answer.kind}", answer.user_id, answer.city, detail))
        return alert, tuple(sorted(happened, key=lambda each: each.at))

    async def recent(self, actor: Actor, *, drill: bool, imported: bool = False) -> list[Alert]:
        """The newest alerts that she may account for, never together with drills; or those that were imported."""
        everywhere = actor.is_network_coordinator
        async with self.work.read() as session:
            found = await queries.alerts(
                session, server_id=None if everywhere or imported else actor.server_id, drill=drill, imported=imported
            )
        return [self.crisis.spoken(rows.alert_of(row)) for row in found]

    async def consent(self, server_id: int) -> Consent:
        """A server's word."""
        async with self.work.read() as session:
            return await _consent(session, server_id)

    async def set_consent(self, actor: Actor, consent: Consent) -> Consent:
        """Put a server's word on record; it holds for alerts that are on their way too."""
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
            return await _consent(session, actor.server_id)

    async def to_edit(self) -> list[ToEdit]:
        """Messages that must still say how their alert ended; first it is told below them."""
        found = []
        async with self.work.read() as session:
            for row in await queries.to_edit(session):
                if row.message_id is None or await queries.waiting_ends(session, row.alert_id):
                    continue
                alert = self.crisis.spoken(await rows.find(session, row.alert_id))
                found.append(ToEdit(alert, row.language, row.channel_id, row.message_id, row.delivery_id))
        return found

    async def edited(self, alert_id: int, channel_id: int) -> None:
        """A message says how its alert ended, or cannot be made to."""
        async with self.work.begin() as session:
            await queries.edited(session, alert_id, channel_id, self.clock())

    async def cards_due(self) -> list[Alert]:
        """The alerts whose card is to be brought up to date."""
        async with self.work.read() as session:
            due = await queries.cards_due(session, self.clock())
            return [self.crisis.spoken(await rows.find(session, each)) for each in due]

    async def card_done(self, alert_id: int) -> None:
        """The card is up to date."""
        async with self.work.begin() as session:
            await queries.change(session, alert_id, card_due_at=None)

    async def next_card(self) -> datetime | None:
        """When the next card is to be brought up to date."""
        async with self.work.read() as session:
            return await queries.next_card(session)


async def _consent(session: AsyncSession, server_id: int) -> Consent:
    place = next((each for each in await rows.places(session) if each.id == server_id), None)
    return place.consent if place else Consent(takes_part=False)


def _first_city(server: ServerPlace | None) -> str:
    if server is None:
        return "–"
    return server.cities[0].name if server.cities else server.name


def _help(row: queries.AnswerRow) -> Help:
    return Help(
        AlertAnswer(row.kind),
        HelpKind(row.what or HelpKind.OTHER),
        row.quantity or "",
        row.place or "",
        row.name or "",
        row.city,
        row.at,
    )
