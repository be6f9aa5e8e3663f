"""The network in which the machine of `test_crisis_machine` acts: three servers, five people, the real services, a real
database, the real composers and tries of the sender, and a Discord that is a model.

It knows the rule by itself: who may publish, which server lets what be told, what each message must look like.
"""

from __future__ import annotations

import asyncio
import shutil
from collections import defaultdict
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any, Final, TypeVar, cast

from sqlalchemy import insert, select, update

from bot.domain.access import Actor
from bot.domain.cap.values import Severity
from bot.domain.crisis import Alert, AlertAudience, AlertDeed, AlertState, AlertText
from bot.domain.crisis_chain import FollowUp, FollowUpKind
from bot.domain.crisis_consent import Consent
from bot.domain.errors import Refusal
from bot.domain.outbox import NONCE_MARGIN, UNSETTLED, Delivery, DeliveryKind
from bot.i18n import Catalogues
from bot.messenger import Desk, Outgoing
from bot.messenger.composers import COMPOSERS
from bot.messenger.trying import LeaseLost, Trying
from bot.services import crisis_chain_rows
from bot.services.crisis import CrisisService
from bot.services.crisis_chain import CrisisChain
from bot.services.crisis_desk import CrisisDesk
from bot.services.crisis_publishing import FOLLOWING
from bot.services.outbox import OutboxService
from bot.services.work import Work
from db.engine import Database
from db.tables import City, DeliveryRow, Server, ServerCity
from tests.clock import SettableClock
from tests.services.crisis_looks import Look
from tests.services.discord_model import Died, DiscordModel, End, Gate
from tests.services.house import LOCALES

HOME, OTHER, THIRD = 901, 902, 903
LANGUAGES = {HOME: "fr", OTHER: "es", THIRD: "en"}
CHANNELS = tuple(server * 10 for server in LANGUAGES)
AUTHOR = Actor(1, "Anna", "fr", server_id=HOME, server_joined=True, is_member=True, is_server_coordinator=True)
COLLEAGUE = replace(AUTHOR, user_id=2, name="Boris")
NETWORK = replace(AUTHOR, user_id=3, name="Chris", server_id=OTHER, is_network_coordinator=True)
ELSEWHERE = replace(AUTHOR, user_id=4, name="Dora", server_id=OTHER)
STRANGER = replace(AUTHOR, user_id=5, name="Emil", is_server_coordinator=False)

BEGINS: Final = frozenset({DeliveryKind.ALERT, DeliveryKind.DRILL})
ENDS: Final = {
    AlertState.CANCELLED: {DeliveryKind.ALERT_CANCEL},
    AlertState.COMPLETED: {DeliveryKind.ALERT_END, DeliveryKind.DRILL_END},
}
SEVERAL: Final = frozenset({AlertAudience.COUNTRY, AlertAudience.NETWORK})
"""The audiences here that reach beyond one server."""
UNDER_WAY: Final = timedelta(seconds=15)
"""No request stays under way for longer: ours give up after twenty seconds."""
ROUNDS: Final = 60
_CATALOGUES: Final = Catalogues.load(LOCALES)
Got = TypeVar("Got")


@dataclass
class Known:
    """What an alert is, as far as the rule is concerned."""

    id: int
    author: Actor
    audience: AlertAudience
    drill: bool
    state: AlertState = AlertState.DRAFT
    hazard: str = ""
    event: str | None = None
    language: str = "en"
    place: str = ""
    severity: Severity = Severity.SEVERE
    confirmed_at: datetime | None = None
    frozen: Mapping[str, AlertText] = field(default_factory=dict)
    """What was confirmed: nothing else may be said."""
    targets: frozenset[int] = frozenset()
    approved: bool = False
    expires_at: datetime | None = None
    told_its_end: bool = False
    """Whether somebody ended it; it may also just have expired."""

    def coordinated_by(self, actor: Actor) -> bool:
        """Whether she may decide anything about it."""
        own = actor.is_server_coordinator and actor.server_id == self.author.server_id
        return own or actor.is_network_coordinator

    def allows(self, actor: Actor, deed: AlertDeed, reason: str, now: datetime) -> bool:
        """The rule, in this test's own words."""
        if not self.coordinated_by(actor):
            return False
        own, pending = actor.user_id == self.author.user_id, self.state is AlertState.PENDING
        match deed:
            case AlertDeed.CONFIRM | AlertDeed.EDIT:
                return own and self.state in {AlertState.DRAFT, AlertState.RETURNED}
            case AlertDeed.APPROVE:
                return pending and not own
            case AlertDeed.RETURN | AlertDeed.REJECT:
                return pending and not own and bool(reason)
            case AlertDeed.OVERRIDE:
                waited = self.confirmed_at is not None and now - self.confirmed_at >= timedelta(minutes=2)
                return pending and waited and actor.is_network_coordinator and bool(reason)
            case AlertDeed.DISCARD:
                return own and self.state in {AlertState.DRAFT, AlertState.RETURNED, AlertState.PENDING}
            case AlertDeed.END:
                return self.state is AlertState.BROADCASTING
            case AlertDeed.CANCEL:
                return not self.drill and self.state in {AlertState.BROADCASTING, AlertState.COMPLETED}


class World:
    """Does what the machine asks, and sees whether all is well."""

    def __init__(self, template: Path) -> None:
        self.runner = asyncio.Runner()
        self.folder = TemporaryDirectory()
        file = Path(self.folder.name) / "machine.db"
        shutil.copyfile(template, file)
        self.clock = SettableClock()
        self.database = Database(f"sqlite:///{file}", wait=20)
        work = Work(self.database)
        self.outbox = OutboxService(work, self.clock)
        self.crisis = CrisisService(work, self.clock, _CATALOGUES)
        self.crisis_desk = CrisisDesk(work, self.clock, _CATALOGUES, self.crisis)
        self.crisis_desk.listen(self.outbox)
        self.chain = CrisisChain(work, self.clock, _CATALOGUES)
        self.follow_ups: dict[int, set[int]] = defaultdict(set)
        """By alert: what follows it and may be told."""
        self.discord = DiscordModel(self.clock, self._asked)
        services = SimpleNamespace(crisis=self.crisis, crisis_desk=self.crisis_desk, outbox=self.outbox)
        self.desk = Desk(cast(Any, services), _CATALOGUES, cast(Any, self.discord))
        self.alerts: dict[int, Known] = {}
        self.held: list[Delivery] = []
        self.stalled: list[tuple[Delivery, asyncio.Task[None], Gate]] = []
        self.lives = 0
        self.problems: list[AssertionError] = []
        self.consents = dict.fromkeys(LANGUAGES, Consent())
        self.away: set[int] = set()
        self.unwilling: defaultdict[int, set[int]] = defaultdict(set)
        """By alert: the servers that would not have it told, at some moment since it was published."""
        self.gone: set[int] = set()
        """Servers that were away at some moment."""
        self.run(self._found_servers())

    def run(self, work: Coroutine[Any, Any, Got]) -> Got:
        """Do it now."""
        return self.runner.run(work)

    async def _found_servers(self) -> None:
        async with self.database.begin() as session:
            for server, language in LANGUAGES.items():
                values = {"id": server, "name": f"S{server}", "language": language, "joined_at": self.clock()}
                channels = {"crisis_channel_id": server * 10, "coordinators_channel_id": server * 10 + 1}
                await session.execute(insert(Server).values(**values, **channels))
                country = "ES" if server == OTHER else "FR"
                place = {"id": server, "name": f"City {server}", "country": country, "zone": "Europe/Paris"}
                await session.execute(insert(City).values(**place))
                await session.execute(insert(ServerCity).values(server_id=server, city_id=server))

    # What people do.

    def pick(self, which: int) -> Known:
        """One of the alerts."""
        return list(self.alerts.values())[which % len(self.alerts)]

    @property
    def going(self) -> list[Known]:
        """Those that are being told."""
        return [one for one in self.alerts.values() if one.state is AlertState.BROADCASTING]

    @property
    def waiting(self) -> list[Known]:
        """Those that wait for a second person."""
        return [one for one in self.alerts.values() if one.state is AlertState.PENDING]

    def ask(self, work: Coroutine[Any, Any, Got]) -> Got | None:
        """Ask a service; None where it refuses."""
        try:
            return self.run(work)
        except Refusal:
            return None

    def draft(self, author: Actor, event: str, audience: AlertAudience, *, drill: bool) -> Known | None:
        """A new draft; None where her server has left."""
        made = self.ask(self.crisis.draft(author, event, audience, drill=drill))
        assert (made is None) == (author.server_id in self.away)
        if made is None:
            return None
        known = Known(made.id, author, audience, drill, hazard=made.hazard, event=made.event)
        self.alerts[made.id] = known
        return known

    def write(self, actor: Actor, known: Known, text: str) -> None:
        """Her words for it, in her language."""
        words = {"headline": text, "description": text, "instruction": text}
        allowed = known.allows(actor, AlertDeed.EDIT, "", self.clock())
        assert (self.ask(self.crisis.write(actor, known.id, actor.language, words)) is not None) == allowed

    def change(self, actor: Actor, known: Known, severity: Severity) -> None:
        """How bad it is."""
        allowed = known.allows(actor, AlertDeed.EDIT, "", self.clock())
        assert (self.ask(self.crisis.set(actor, known.id, severity=severity)) is not None) == allowed

    def confirm(self, actor: Actor, known: Known, *, honest: bool) -> None:
        """She types how many channels are told, or another number."""
        now = self.clock()
        alert = self.run(self.crisis.get(known.id))
        found = self._willing(alert)
        allowed = known.allows(actor, AlertDeed.CONFIRM, "", now) and honest and bool(found)
        done = self.ask(self.crisis.confirm(actor, known.id, str(len(found) + (not honest))))
        assert (done is not None) == allowed
        if done is not None:
            known.frozen, known.targets, known.confirmed_at = alert.texts, found, now
            known.language, known.place, known.severity = alert.language, alert.place, alert.severity
            known.state = AlertState.PENDING if known.audience in SEVERAL else AlertState.BROADCASTING
            assert done.state is known.state
            if known.state is AlertState.BROADCASTING:
                self._published(known, done)

    def _willing(self, alert: Alert) -> frozenset[int]:
        """The channels that it would be told in now."""
        home = self.alerts[alert.id].author.server_id
        reached = {
            AlertAudience.NETWORK: set(LANGUAGES),
            AlertAudience.COUNTRY: {OTHER} if home == OTHER else {HOME, THIRD},
        }.get(alert.audience, {home})
        return frozenset(
            server * 10 for server in LANGUAGES if server in reached and self._lets(server, alert.severity, alert.drill)
        )

    def _lets(self, server: int, severity: Severity, drill: bool) -> bool:
        word = self.consents[server]
        accepted = word.drills if drill else severity in word.severities
        return server not in self.away and word.takes_part and accepted

    def decide(self, actor: Actor, known: Known, deed: AlertDeed, reason: str) -> None:
        """Approve, return, reject, override, discard, end, cancel."""
        allowed = known.allows(actor, deed, reason, self.clock())
        done = self.ask(self.crisis.decide(actor, known.id, deed, reason))
        assert (done is not None) == allowed, (known, actor, deed)
        if done is not None:
            known.state = done.state
            known.told_its_end = deed in {AlertDeed.END, AlertDeed.CANCEL}
            if deed in {AlertDeed.APPROVE, AlertDeed.OVERRIDE}:
                self._published(known, done)

    def follow(self, author: Actor, known: Known, kind: FollowUpKind, approver: Actor) -> None:
        """A message that follows: hers, and approved by somebody else where it goes beyond one server."""
        allowed = known.coordinated_by(author) and known.state is AlertState.BROADCASTING
        words = {"headline": "Plus bas", "description": "Le quai est ouvert.", "instruction": "Attendez."}
        view = self.ask(self.chain.begin(author, known.id, kind, words))
        assert (view is not None) == allowed, (known, author)
        if view is None:
            return
        number = view.follow_up.id
        channels = self.run(self.chain.reach(view)).channels
        if self.ask(self.chain.confirm(author, number, str(channels))) is None:
            assert not channels
        elif known.audience not in SEVERAL and author.server_id == known.author.server_id:
            self.follow_ups[known.id].add(number)
            return
        else:
            may = known.coordinated_by(approver) and approver.user_id != author.user_id
            done = self.ask(self.chain.decide(approver, number, AlertDeed.APPROVE))
            assert (done is not None) == may, (known, author, approver)
            if done is not None:
                self.follow_ups[known.id].add(number)
                return
        assert self.ask(self.chain.decide(author, number, AlertDeed.DISCARD)) is not None

    def stand(self, actor: Actor, known: Known) -> None:
        """The alert stands: one person is enough."""
        allowed = known.coordinated_by(actor) and known.state is AlertState.BROADCASTING
        done = self.ask(self.chain.stands(actor, known.id))
        assert (done is not None) == allowed, (known, actor)
        if done is not None:
            self.follow_ups[known.id] |= {each.id for each in self.run(self._sent(known.id))}

    async def _sent(self, alert_id: int) -> Sequence[FollowUp]:
        async with self.database.read() as session:
            return [
                each for each in await crisis_chain_rows.sent(session, alert_id) if each.kind is FollowUpKind.STANDS
            ]

    def _published(self, known: Known, alert: Alert) -> None:
        known.approved = True
        known.expires_at = self.run(self.crisis.get(alert.id)).expires_at
        self._remember_unwilling()

    def consent(self, who: Actor, consent: Consent) -> None:
        """A server's word."""
        assert who.server_id is not None
        self.run(self.crisis_desk.set_consent(who, consent))
        self.consents[who.server_id] = consent
        self._remember_unwilling()

    def join(self, server: int, *, joined: bool) -> None:
        """A server leaves the network, or comes back."""

        async def write() -> None:
            async with self.database.begin() as session:
                left = None if joined else self.clock()
                await session.execute(update(Server).where(Server.id == server).values(left_at=left))

        self.run(write())
        (self.away.discard if joined else self.away.add)(server)
        self.gone |= self.away
        self._remember_unwilling()

    def _remember_unwilling(self) -> None:
        for known in self.going:
            self.unwilling[known.id] |= {one for one in LANGUAGES if not self._lets(one, known.severity, known.drill)}

    def pass_time(self, by: timedelta) -> None:
        """Time passes; what is due by itself is done."""
        if by > UNDER_WAY:
            self.land()
        self.clock.advance(by)
        self.run(self.crisis.run_due(self.clock()))
        for known in self.going:
            if known.expires_at is not None and known.expires_at <= self.clock():
                known.state = AlertState.COMPLETED

    # What a sender does.

    def take(self, most: int) -> None:
        """Take what goes first."""
        taken = self.run(self.outbox.take(f"life {self.lives}", most))
        urgency = [each.priority for each in taken]
        assert urgency == sorted(urgency)
        self.held += taken

    def go_on(self, which: int, end: End, *, blind: bool = False) -> None:
        """One try with what is held, up to its end."""
        delivery = self.held.pop(which % len(self.held))
        self.discord.trying, self.discord.end, self.discord.blind = delivery, end, blind
        try:
            self.run(self._once(delivery))
        except Died:
            self.die()

    def stall(self, which: int) -> None:
        """The same, but its request stays under way."""
        delivery = self.held.pop(which % len(self.held))
        self.discord.trying, self.discord.blind = delivery, False

        async def begin() -> None:
            gate = Gate()
            self.discord.end = gate
            task = asyncio.create_task(self._once(delivery))
            reached = asyncio.create_task(gate.reached.wait())
            await asyncio.wait({task, reached}, return_when=asyncio.FIRST_COMPLETED)
            reached.cancel()
            if not task.done():
                self.stalled.append((delivery, task, gate))

        self.run(begin())

    def arrive(self, end: End) -> None:
        """What was under way for longest ends so."""
        _, task, gate = self.stalled.pop(0)

        async def go_on() -> None:
            gate.end.set_result(end)
            await asyncio.wait({task})

        self.run(go_on())
        if not isinstance(task.exception(), Died):
            task.result()

    def land(self, *, dying: bool = False) -> None:
        """What is under way arrives or does not; nobody hears of it."""
        while self.stalled:
            arrives = self.stalled[0][0].id % 2
            ends = (End.DIES_BEFORE, End.DIES_AFTER) if dying else (End.NEVER, End.LOST)
            self.arrive(ends[arrives])

    async def _once(self, delivery: Delivery) -> None:
        trying = Trying(cast(Any, self.discord), self.outbox, self.desk, COMPOSERS, lambda: 0.5, NONCE_MARGIN)
        try:
            outcome = await trying.once(delivery)
        except LeaseLost:
            return
        await self.outbox.settle(delivery, outcome)

    def die(self) -> None:
        """What it held is known to the database alone; the next speaker takes over."""
        self.held = []
        self.be_slow(dying=True)

    def be_slow(self, *, dying: bool = False) -> None:
        """It keeps what it holds, while another becomes the speaker."""
        self.land(dying=dying)
        self.lives += 1
        self.run(self.outbox.take_over(f"life {self.lives}"))

    # What must hold.

    def _asked(self, delivery: Delivery, message: Outgoing) -> None:
        """The sender is about to say something: may it?"""
        try:
            self._judge(delivery, message)
        except AssertionError as problem:  # the sender would take it for a failure of Discord's
            self.problems.append(problem)

    def _judge(self, delivery: Delivery, message: Outgoing) -> None:
        if delivery.kind is DeliveryKind.UNDELIVERED:
            return
        known = self.alerts[delivery.subject]
        assert known.approved, known
        assert delivery.target.server_id not in self.away
        look = Look(known.drill, known.hazard, known.event, known.frozen, known.language, known.place, known.severity)
        look.check(_CATALOGUES, delivery, message)
        if delivery.kind is DeliveryKind.ALERT_OVERRIDE:
            return
        assert delivery.target.id in known.targets
        if delivery.kind in FOLLOWING:
            assert known.state is AlertState.BROADCASTING, known
            assert delivery.payload["follow_up"] in self.follow_ups[known.id]
            word = self.consents[delivery.target.server_id or 0]
            assert word.takes_part
            assert word.drills or not known.drill
        elif delivery.kind in BEGINS:
            assert known.state is AlertState.BROADCASTING, known
            assert self._lets(delivery.target.server_id or 0, known.severity, known.drill), (known, delivery)
        else:
            assert delivery.kind in ENDS[known.state], (known, delivery)

    def check(self) -> None:
        """Nothing is doubled, and nothing overtakes what it follows."""
        if self.problems:
            raise self.problems[0]
        numbers = [one.delivery.id for one in self.discord.shown]
        assert len(numbers) == len(set(numbers))
        told: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        for one in self.discord.shown:
            if one.delivery.kind not in {DeliveryKind.UNDELIVERED, DeliveryKind.ALERT_OVERRIDE}:
                told[one.channel_id, one.delivery.subject].append(one.delivery.id)
        for order in told.values():
            assert order == sorted(order), [one for one in self.discord.shown if one.delivery.id in order]

    def finish(self) -> None:
        """A last sender, to which nothing happens, says all that is left."""
        self.die()
        for _ in range(ROUNDS):
            self.pass_time(timedelta(seconds=11))
            self.take(5)
            while self.held:
                self.go_on(0, End.ANSWERED)
            if not any(state in UNSETTLED for *_, state in self.run(self.states())):
                return
        raise AssertionError(self.run(self.states()))

    async def states(self) -> list[tuple[int, str, int, int, str]]:
        """Every delivery: its id, kind, subject, channel and state."""
        names = ("id", "kind", "subject", "channel_id", "state")
        async with self.database.read() as session:
            found = await session.execute(select(*(getattr(DeliveryRow, name) for name in names)))
            return [(row.id, row.kind, row.subject, row.channel_id, row.state) for row in found]

    def check_records(self) -> None:
        """At the end: what is on record is what is shown, everybody was told, and nobody was left without the end."""
        shown = {one.delivery.id for one in self.discord.shown}
        told = {
            (one.delivery.subject, one.channel_id, one.delivery.kind)
            for one in self.discord.shown
            if one.delivery.kind is not DeliveryKind.UNDELIVERED
        }
        for number, kind, subject, channel, state in self.run(self.states()):
            if state == "unknown":
                assert channel in self.discord.unreadable
            else:
                assert (state == "sent") == (number in shown), (number, kind, subject, channel, state)
        for known in self.alerts.values():
            if not known.approved:
                assert not [one for one in told if one[0] == known.id]
            elif known.state is AlertState.BROADCASTING:
                deaf = {one * 10 for one in self.unwilling[known.id]} | self._unreachable
                kind = DeliveryKind.DRILL if known.drill else DeliveryKind.ALERT
                assert all((known.id, channel, kind) in told for channel in known.targets - deaf)
            elif known.told_its_end:
                for channel in {one[1] for one in told if one[0] == known.id and one[2] in BEGINS}:
                    ends = {kind for subject, place, kind in told if (subject, place) == (known.id, channel)}
                    assert channel in self._unreachable or ends & ENDS[known.state], (known, channel, ends)

    @property
    def _unreachable(self) -> set[int]:
        return {one * 10 for one in self.gone} | self.discord.refusing | self.discord.unreadable

    def close(self) -> None:
        """It was all for nothing."""
        self.land(dying=True)
        self.run(self.database.close())
        self.runner.close()
        self.folder.cleanup()
