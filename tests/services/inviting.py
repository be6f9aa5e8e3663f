"""A forum with a question, three people who know its topic, and the services about inviting them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update

from bot.domain.access import Actor
from bot.domain.members import Level
from bot.domain.outbox import Delivery, DeliveryKind
from bot.domain.questions import Question
from bot.services.answers import AnswersService
from bot.services.experts import ExpertsService
from bot.services.invitations import InvitationsService
from bot.services.outbox import OutboxService
from bot.services.privacy import PrivacyService
from bot.services.questions import Draft, QuestionsService
from bot.services.relays import RelaysService
from bot.services.unanswered import UnansweredService
from db.engine import Database
from db.tables import DeliveryRow, Expertise, Invitation, Member, Server
from tests.clock import SettableClock
from tests.services.house import ANNA, SERVER, MembersHouse, furnish, somebody

DRAFT = Draft("Who knows about housing?", "We have 40,000 people.")
BEA, CLARA, DORA = (somebody(number, name) for number, name in ((1, "Bea"), (2, "Clara"), (3, "Dora")))
EVA = somebody(4, "Eva")
COORDINATOR = somebody(9, "Carla", is_server_coordinator=True)
THREAD = 2**60
COORDINATORS_CHANNEL = 2**61


@dataclass(frozen=True, slots=True)
class Inviting:
    """The services, and the house under them. Bea, Clara and Dora know about housing, Eva does not."""

    house: MembersHouse
    questions: QuestionsService
    answers: AnswersService
    invitations: InvitationsService
    relays: RelaysService
    unanswered: UnansweredService
    outbox: OutboxService
    privacy: PrivacyService

    @property
    def clock(self) -> SettableClock:
        """The one clock of all."""
        return self.house.clock

    async def asked(self, actor: Actor = ANNA, *, nameless: bool = False, draft: Draft = DRAFT) -> Question:
        """A question whose post stands."""
        asked = await self.questions.ask(actor, SERVER, draft, nameless=nameless)
        number = asked.question.id
        return await self.questions.posted(number, THREAD + number * 2, THREAD + number * 2 + 1)

    async def member(self, actor: Actor) -> int:
        """Her member's id."""
        return (await self.house.members.profile(actor)).member_id

    async def invited(self, question: Question, *actors: Actor, by: Actor = ANNA) -> list[int]:
        """These are invited by the asker; the invitations' ids."""
        found = await self.invitations.invite(by, question.id, [await self.member(one) for one in actors])
        return [one.invitation_id for one in found]

    async def states(self) -> list[tuple[str, str]]:
        """Who was invited, and how it stands."""
        query = select(Member.display_name, Invitation.state).join(Invitation, Invitation.member_id == Member.id)
        async with self.house.database.read() as session:
            return sorted((name, state) for name, state in await session.execute(query))

    async def said(self, kind: DeliveryKind | None = None) -> list[Any]:
        """The deliveries on record."""
        query = select(*DeliveryRow.__table__.columns).order_by(DeliveryRow.id)
        async with self.house.database.read() as session:
            rows = list(await session.execute(query))
        return [row for row in rows if kind is None or row.kind == kind]

    async def taken(self) -> list[Delivery]:
        """What a sender would send now."""
        return await self.outbox.take("test", 50)

    async def write(self, *statements: Any) -> None:
        """Change the database straight away."""
        async with self.house.database.begin() as session:
            for statement in statements:
                await session.execute(statement)

    async def change(self, actor: Actor, **columns: Any) -> None:
        """Change a member straight away."""
        await self.write(update(Member).where(Member.user_id == actor.user_id).values(**columns))

    async def change_topic(self, actor: Actor, **columns: Any) -> None:
        """Change the terms of her topics straight away."""
        known = Expertise.member_id == await self.member(actor)
        await self.write(update(Expertise).where(known).values(**columns))


async def furnish_inviting(database: Database, clock: SettableClock, folder: Path) -> Inviting:
    """The services over a house in which everybody is an alumna of the one server, who lives in Porto."""
    house = await furnish(database, clock, folder)
    for actor in (ANNA, BEA, CLARA, DORA, EVA):
        await house.members.set_up(actor, "Porto")
        await house.memberships.seen(await house.known(actor))
    for actor in (BEA, CLARA, DORA):
        await house.members.add_topic(actor, "housing", Level.PRACTITIONER)
    work, topics = house.members.work, house.members.topics
    experts = ExpertsService(work, topics, clock)
    outbox = OutboxService(work, clock)
    invitations = InvitationsService(work, topics, experts, clock)
    outbox.on_settled(DeliveryKind.INVITATION, invitations.settled)
    found = Inviting(
        house,
        QuestionsService(work, topics, clock),
        AnswersService(work, clock),
        invitations,
        RelaysService(work, clock),
        UnansweredService(work, topics, experts, clock),
        outbox,
        PrivacyService(work, clock, house.memberships),
    )
    await found.write(update(Server).where(Server.id == SERVER).values(coordinators_channel_id=COORDINATORS_CHANNEL))
    return found


async def another_server(inviting: Inviting, server_id: int = SERVER + 1) -> None:
    """One more server in the network."""
    await inviting.write(insert(Server).values(id=server_id, name="Porto", language="es", joined_at=inviting.clock()))
