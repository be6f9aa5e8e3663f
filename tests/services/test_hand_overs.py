"""Somebody leaves: what she looked after finds somebody else, who has said yes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from bot.domain.access import Actor
from bot.domain.errors import Forbidden, Refusal
from bot.domain.hand_overs import HandOverKind
from bot.domain.members import Level
from bot.i18n import Catalogues
from bot.services.adaptations import AdaptationsService, Told
from bot.services.cases import CasesService
from bot.services.hand_overs import HandOversService
from bot.services.members import MembersService
from bot.services.memberships import MembershipsService
from db.tables import DeliveryRow, Expertise, HandOver, Question, Server
from tests.services.house import ANNA, LOCALES, SERVER, somebody
from tests.services.test_cases import BOB, COORDINATOR, cases, published

__all__ = ["cases"]


async def settle(cases: CasesService, actor: Actor, *topics: str) -> None:
    """She has a profile, is in the server, and knows about these topics."""
    members = MembersService(cases.work, cases.clock, Catalogues.load(LOCALES), cases.topics, cases.gazetteer)
    await members.set_up(actor, "Lyon")
    for topic in topics:
        await members.add_topic(actor, topic, Level.EXPERT)
    await MembershipsService(cases.work, cases.clock).seen(
        replace(actor, member_id=(await members.profile(actor)).member_id)
    )


@pytest.fixture
async def hand_overs(cases: CasesService) -> HandOversService:
    """Anna looks after a case and a question, and is the last expert on one of two topics. Then she leaves."""
    await settle(cases, ANNA, "housing", "stormwater-fees")
    await settle(cases, BOB, "housing")
    await published(cases)
    async with cases.work.begin() as session:
        await session.execute(update(Server).where(Server.id == SERVER).values(coordinators_channel_id=77))
        await session.execute(
            insert(Question).values(
                server_id=SERVER,
                asker_user_id=ANNA.user_id,
                asker_name="Anna",
                nameless=False,
                title="Who has a cadastre?",
                body="B",
                language="en",
                state="open",
                asked_at=cases.clock(),
            )
        )
    service = HandOversService(cases.work, cases.topics, cases.clock)
    assert await run(service) == []
    await MembershipsService(cases.work, cases.clock).gone(SERVER, [ANNA.user_id])
    assert await run(service) == []
    service.clock.advance(timedelta(hours=2))  # type: ignore[attr-defined]
    return service


async def run(service: HandOversService) -> list[Any]:
    """Look who has left; the hand-overs on record."""
    async with service.work.begin() as session:
        await service.run(session, service.clock())
        return list((await session.execute(select(HandOver.id, HandOver.settled_at))).all())


async def test_one_card_with_all_that_she_leaves(hand_overs: HandOversService) -> None:
    assert len(await run(hand_overs)) == 1
    ((number, _),) = await run(hand_overs)
    found = await hand_overs.get(number)
    assert [(item.kind, item.title) for item in found.items] == [
        (HandOverKind.CASE, "Stormwater fees by roof area"),
        (HandOverKind.QUESTION, "Who has a cadastre?"),
        (HandOverKind.TOPIC, "stormwater-fees"),
    ]
    async with hand_overs.work.read() as session:
        rows = (await session.execute(select(DeliveryRow.kind, DeliveryRow.channel_id))).all()
    assert ("hand_over", 77) in [tuple(row) for row in rows]


async def test_it_is_hers_who_accepts(hand_overs: HandOversService, cases: CasesService) -> None:
    ((number, _),) = await run(hand_overs)
    found = await hand_overs.get(number)
    for item in found.items:
        await hand_overs.offer(COORDINATOR, item.id, BOB.user_id)
        assert (await hand_overs.offered(item.id, BOB.user_id)) is not None
        await hand_overs.accept(BOB, item.id)
    case = await cases.get(BOB, int(found.items[0].subject))
    assert (case.owner_user_id, case.owner_name, case.author_name) == (BOB.user_id, "Bob", "Anna")
    async with hand_overs.work.read() as session:
        assert await session.scalar(select(Question.asker_name)) == "Bob"
        levels = (await session.scalars(select(Expertise.level).where(Expertise.topic_id == "stormwater-fees"))).all()
        assert list(levels) == ["expert", "expert"]
    assert (await hand_overs.get(number)).settled_at is not None


async def test_who_takes_an_adaptation_over_is_asked_what_came_of_it(
    hand_overs: HandOversService, cases: CasesService
) -> None:
    adaptations = AdaptationsService(cases.work, cases.clock, cases.gazetteer)
    told = await adaptations.tell(ANNA, (await cases.mine(ANNA))[0].id, Told("Porto", "", "The map", "The fee"))
    ((number, _),) = await run(hand_overs)
    (item,) = [one for one in (await hand_overs.get(number)).items if one.kind is HandOverKind.ADAPTATION]
    await hand_overs.offer(COORDINATOR, item.id, BOB.user_id)
    await hand_overs.accept(BOB, item.id)
    assert (await adaptations.own(BOB, told.id)).user_name == "Bob"
    with pytest.raises(Forbidden):
        await adaptations.own(ANNA, told.id)
    assert (await adaptations.answer(BOB, told.id, 6, "worked", "")).outcome == "worked"


async def test_who_may_give_and_take(hand_overs: HandOversService) -> None:
    ((number, _),) = await run(hand_overs)
    item = (await hand_overs.get(number)).items[0]
    with pytest.raises(Forbidden):
        await hand_overs.offer(BOB, item.id, BOB.user_id)
    with pytest.raises(Forbidden):
        await hand_overs.accept(BOB, item.id)
    with pytest.raises(Refusal, match=r"cases\.no_member"):
        await hand_overs.offer(COORDINATOR, item.id, somebody(50).user_id)
    await hand_overs.offer(COORDINATOR, item.id, BOB.user_id)
    await hand_overs.decline(BOB, item.id)
    with pytest.raises(Forbidden):
        await hand_overs.accept(BOB, item.id)
    await hand_overs.offer(COORDINATOR, item.id, BOB.user_id)
    await hand_overs.accept(BOB, item.id)
    with pytest.raises(Refusal, match=r"cases\.taken_already"):
        await hand_overs.accept(BOB, item.id)
