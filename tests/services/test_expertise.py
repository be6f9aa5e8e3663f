"""Her own terms, endorsing, and asking whether an old topic is still right, over a real database."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.domain.access import Actor
from bot.domain.errors import Refusal
from bot.domain.members import Level
from bot.services.expertise import ExpertiseService
from bot.services.work import Work
from db.engine import Database
from db.tables import Endorsement, Expertise
from tests.clock import SettableClock
from tests.services.house import ANNA, MembersHouse, furnish, somebody

BEA = somebody(1, "Bea")


@pytest.fixture
async def house(database: Database, clock: SettableClock, tmp_path: Path) -> MembersHouse:
    house = await furnish(database, clock, tmp_path)
    for actor in (ANNA, BEA):
        await house.members.set_up(actor, "Lyon")
    for topic in ("housing", "stormwater-fees"):
        await house.members.add_topic(BEA, topic, Level.EXPERT)
    return house


@pytest.fixture
def service(house: MembersHouse) -> ExpertiseService:
    return ExpertiseService(Work(house.database), house.clock, house.members)


async def refusal(awaitable: object) -> str:
    with pytest.raises(Refusal) as refused:
        await awaitable  # type: ignore[misc]
    return refused.value.message_id


async def test_her_terms_begin_open_with_the_usual_cap(service: ExpertiseService) -> None:
    known = await service.own(BEA, "housing")
    assert (known.open, known.cap, known.paused_until) == (True, 4, None)


async def test_each_topic_has_terms_of_its_own(service: ExpertiseService, house: MembersHouse) -> None:
    assert (await service.cap(BEA, "housing", 2)).cap == 2
    assert (await service.pause(BEA, "housing", "14")).paused_until == house.clock() + timedelta(days=14)
    assert (await service.pause(BEA, "housing", "0")).paused_until is None
    assert not (await service.open(BEA, "housing", to_requests=False)).open
    other = await service.own(BEA, "stormwater-fees")
    assert (other.open, other.cap, other.paused_until) == (True, 4, None)


async def test_opening_ends_a_pause_and_a_cap_opens(service: ExpertiseService) -> None:
    await service.pause(BEA, "housing", "14")
    assert (await service.open(BEA, "housing", to_requests=True)).paused_until is None
    await service.open(BEA, "housing", to_requests=False)
    assert (await service.cap(BEA, "housing", 8)).open


async def test_changing_the_level_keeps_her_terms(service: ExpertiseService, house: MembersHouse) -> None:
    await service.cap(BEA, "housing", 2)
    await house.members.add_topic(BEA, "housing", Level.INTERESTED)
    assert (await service.own(BEA, "housing")).cap == 2


@pytest.mark.parametrize("cap", [0, -1, 101])
async def test_a_cap_out_of_bounds_is_refused(service: ExpertiseService, cap: int) -> None:
    assert await refusal(service.cap(BEA, "housing", cap)) == "expertise.cap_bounds"


async def test_what_cannot_be_changed(service: ExpertiseService) -> None:
    assert await refusal(service.own(ANNA, "housing")) == "members.topic_missing"
    assert await refusal(service.open(somebody(9), "housing", to_requests=False)) == "members.no_profile"
    assert await refusal(service.pause(BEA, "housing", "400")) == "members.pause_length"


async def test_a_topic_of_hers_in_her_own_words(service: ExpertiseService, house: MembersHouse) -> None:
    bea = await house.known(BEA)
    assert (await service.named(bea, "storm water fees")).topic_id == "stormwater-fees"
    assert await refusal(service.named(await house.known(ANNA), "housing")) == "members.topic_missing"
    assert [topic.id for topic in await service.own_topics(bea)] == ["housing", "stormwater-fees"]
    assert await service.own_topics(somebody(9)) == ()


async def test_endorsing_counts_once_and_can_be_undone(service: ExpertiseService, house: MembersHouse) -> None:
    anna = await house.known(ANNA)
    await service.endorse(anna, BEA.user_id, "housing")
    done = await service.endorse(anna, BEA.user_id, "housing")
    assert done.endorsed == {"housing"}
    assert [(one.topic_id, one.endorsements) for one in done.topics] == [("housing", 1), ("stormwater-fees", 0)]
    assert len(await house.rows(Endorsement.member_id)) == 1

    undone = await service.withdraw(anna, BEA.user_id, "housing")
    assert undone.endorsed == frozenset()
    assert (await service.withdraw(anna, BEA.user_id, "housing")).endorsed == frozenset()


async def test_a_returned_endorsement_counts_for_neither(service: ExpertiseService, house: MembersHouse) -> None:
    await house.members.add_topic(ANNA, "housing", Level.EXPERT)
    await service.endorse(ANNA, BEA.user_id, "housing")
    await service.endorse(BEA, ANNA.user_id, "housing")
    for user_id in (ANNA.user_id, BEA.user_id):
        assert [
            one.endorsements for one in (await service.standing(ANNA, user_id)).topics if one.topic_id == "housing"
        ] == [0]


async def test_who_and_what_cannot_be_endorsed(service: ExpertiseService, house: MembersHouse) -> None:
    assert await refusal(service.endorse(BEA, BEA.user_id, "housing")) == "expertise.not_oneself"
    assert await refusal(service.endorse(ANNA, BEA.user_id, "budget-participatory")) == "expertise.not_hers"
    assert await refusal(service.endorse(somebody(9), BEA.user_id, "housing")) == "members.no_profile"
    assert await refusal(service.endorse(ANNA, somebody(9).user_id, "housing")) == "members.nobody"
    assert await refusal(service.endorsable(BEA, ANNA.user_id)) == "expertise.no_topics"
    stranger = Actor(user_id=ANNA.user_id, name="Anna", language="en")
    assert await refusal(service.endorse(stranger, BEA.user_id, "housing")) == "access.member_only"
    assert await house.rows(Endorsement.member_id) == []


async def test_an_old_topic_is_asked_about_once_a_day_the_oldest_first(
    service: ExpertiseService, house: MembersHouse
) -> None:
    bea = await house.known(BEA)
    assert await service.still(bea) is None
    house.clock.advance(timedelta(days=366))
    long_ago = house.clock() - timedelta(days=800)
    async with house.database.begin() as session:
        await session.execute(
            update(Expertise).where(Expertise.topic_id == "stormwater-fees").values(confirmed_at=long_ago)
        )

    first = await service.still(bea)
    assert first is not None
    assert first.topic_id == "stormwater-fees"
    assert await service.still(bea) is None, "not twice on a day"
    await service.confirm(bea, "stormwater-fees")
    left = await service.next_stale(bea)
    assert left is not None
    assert left.topic_id == "housing"
    await service.confirm(bea, "housing")
    assert await service.next_stale(bea) is None
    house.clock.advance(timedelta(days=1))
    assert await service.still(bea) is None
    assert await service.still(somebody(9)) is None


async def test_changing_her_terms_confirms_the_topic(service: ExpertiseService, house: MembersHouse) -> None:
    house.clock.advance(timedelta(days=400))
    await service.cap(BEA, "housing", 4)
    assert (await service.own(BEA, "housing")).confirmed_at == house.clock()
