"""Finding people over a real database: who is found, on what evidence, and who is left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update

from bot.domain.access import Actor
from bot.domain.experts import CitySize, Reason, ReasonKind, Suggestion
from bot.domain.filters import Filters
from bot.domain.members import Level
from bot.services.experts import ExpertsService
from bot.services.work import Work
from db.engine import Database
from db.queries import experts as queries
from db.tables import Answer, Endorsement, Expertise, Invitation, Member, Membership, Question, Server, Thanks
from tests.clock import SettableClock
from tests.services.house import ANNA, SERVER, MembersHouse, furnish, somebody

BEA, CLARA, DORA = (somebody(number, name) for number, name in ((1, "Bea"), (2, "Clara"), (3, "Dora")))
HOUSING = {"housing": 1.0}
QUESTIONS = count(1)


@pytest.fixture
async def house(database: Database, clock: SettableClock, tmp_path: Path) -> MembersHouse:
    house = await furnish(database, clock, tmp_path)
    await house.members.set_up(ANNA, "Lyon")
    for actor in (BEA, CLARA, DORA):
        await house.members.set_up(actor, "Porto")
        await house.members.add_topic(actor, "housing", Level.PRACTITIONER)
    return house


@pytest.fixture
def service(house: MembersHouse) -> ExpertsService:
    return ExpertsService(Work(house.database), house.members.topics, house.clock)


@pytest.fixture
def found(service: ExpertsService) -> Callable[..., Any]:
    async def names(actor: Actor = ANNA, filters: Filters | None = None, **arguments: Any) -> str:
        return " ".join(
            one.person.name for one in await service.suggest(actor, HOUSING, filters=filters or Filters(), **arguments)
        )

    return names


async def one(service: ExpertsService, name: str) -> Suggestion:
    return next(one for one in await service.suggest(ANNA, HOUSING) if one.person.name == name)


async def member_id(house: MembersHouse, actor: Actor) -> int:
    return (await house.members.profile(actor)).member_id


async def write(house: MembersHouse, *statements: Any) -> None:
    async with house.database.begin() as session:
        for statement in statements:
            await session.execute(statement)


async def change(house: MembersHouse, actor: Actor, **columns: Any) -> None:
    await write(house, update(Member).where(Member.user_id == actor.user_id).values(**columns))


async def change_topic(house: MembersHouse, actor: Actor, **columns: Any) -> None:
    known = Expertise.member_id == await member_id(house, actor)
    await write(house, update(Expertise).where(known).values(**columns))


async def question(house: MembersHouse, asker: Actor = ANNA, topic_id: str = "housing") -> int:
    number = next(QUESTIONS)
    values = {"id": number, "server_id": SERVER, "asker_user_id": asker.user_id, "nameless": False, "title": "T"}
    rest = {"body": "B", "language": "en", "topic_id": topic_id, "state": "open", "asked_at": house.clock()}
    await write(house, insert(Question).values(**values, **rest))
    return number


async def accepted(house: MembersHouse, helper: Actor, asker: Actor = ANNA, topic_id: str = "housing") -> None:
    number, now = await question(house, asker, topic_id), house.clock()
    helped = await member_id(house, helper)
    await write(
        house,
        insert(Answer).values(question_id=number, member_id=helped, relayed=False, given_at=now, accepted_at=now),
    )


async def thanked(house: MembersHouse, helper: Actor, giver: Actor = ANNA) -> None:
    number, helped = await question(house), await member_id(house, helper)
    await write(
        house,
        insert(Thanks).values(
            question_id=number, member_id=helped, giver_user_id=giver.user_id, given_at=house.clock()
        ),
    )


async def endorsed(house: MembersHouse, member: Actor, endorser: Actor, topic_id: str = "housing") -> None:
    values = {"member_id": await member_id(house, member), "endorser_id": await member_id(house, endorser)}
    await write(house, insert(Endorsement).values(**values, topic_id=topic_id, endorsed_at=house.clock()))


async def asked(house: MembersHouse, member: Actor, times: int = 1) -> None:
    for _ in range(times):
        number, who = await question(house), await member_id(house, member)
        await write(
            house, insert(Invitation).values(question_id=number, member_id=who, state="sent", sent_at=house.clock())
        )


async def test_everybody_with_the_topic_but_not_the_asker(house: MembersHouse, found: Callable[..., Any]) -> None:
    await house.members.add_topic(ANNA, "housing", Level.EXPERT)

    assert await found() == "Bea Clara Dora"
    assert await found(BEA) == "Anna Clara Dora"
    assert await found(somebody(50)) == "Anna Bea Clara Dora", "one needs no profile to ask"


async def test_an_accepted_answer_moves_her_up_and_says_so(
    house: MembersHouse, service: ExpertsService, found: Callable[..., Any]
) -> None:
    await accepted(house, DORA)
    await accepted(house, CLARA, topic_id="stormwater-fees")
    await accepted(house, CLARA, asker=CLARA)

    assert await found() == "Dora Bea Clara", "neither another topic nor her own question counts"
    assert Reason(ReasonKind.ACCEPTED, 1) in (await one(service, "Dora")).reasons


async def test_thanks_move_her_up_but_not_her_own(
    house: MembersHouse, service: ExpertsService, found: Callable[..., Any]
) -> None:
    await thanked(house, DORA)
    await thanked(house, CLARA, giver=CLARA)

    assert await found() == "Dora Bea Clara"
    assert Reason(ReasonKind.THANKED, 1) in (await one(service, "Dora")).reasons


async def test_an_answer_that_nobody_accepted_is_no_evidence(house: MembersHouse, found: Callable[..., Any]) -> None:
    await accepted(house, DORA)
    await write(house, update(Answer).values(accepted_at=None))

    assert await found() == "Bea Clara Dora"


async def test_endorsements_count_but_not_returned_ones(
    house: MembersHouse, service: ExpertsService, found: Callable[..., Any]
) -> None:
    await endorsed(house, DORA, ANNA)
    assert await found() == "Dora Bea Clara"
    assert Reason(ReasonKind.ENDORSED, 1) in (await one(service, "Dora")).reasons

    await endorsed(house, ANNA, DORA, "stormwater-fees")
    assert await found() == "Bea Clara Dora"


async def test_what_she_has_in_common_with_the_asker_moves_her_up(
    house: MembersHouse, service: ExpertsService, found: Callable[..., Any]
) -> None:
    await house.members.set_up(DORA, "2988507")
    assert await found() == "Dora Bea Clara"
    assert (await one(service, "Dora")).reasons == (Reason(ReasonKind.LEVEL), Reason(ReasonKind.COUNTRY))

    await house.members.set_up(CLARA, "702550")
    assert (await one(service, "Clara")).reasons == (Reason(ReasonKind.LEVEL), Reason(ReasonKind.CITY_SIZE))

    await house.members.save_languages(ANNA, ["uk", "fr"])
    await house.members.save_languages(BEA, ["uk", "pl"])
    assert (await one(service, "Bea")).reasons[-1] == Reason(ReasonKind.LANGUAGE, languages=("uk",))
    assert await found() == "Bea Clara Dora"


async def test_what_she_said_long_ago_counts_less(house: MembersHouse, found: Callable[..., Any]) -> None:
    await change_topic(house, BEA, confirmed_at=house.clock() - timedelta(days=700))
    assert await found() == "Clara Dora Bea"
    await change_topic(house, CLARA, confirmed_at=None)
    assert await found() == "Dora Bea Clara"


async def test_who_was_asked_this_month_has_less_room(house: MembersHouse, found: Callable[..., Any]) -> None:
    await asked(house, BEA)
    assert await found() == "Clara Dora Bea"
    house.clock.advance(timedelta(days=31))
    assert await found() == "Bea Clara Dora"


async def test_who_is_at_her_cap_is_left_out(house: MembersHouse, found: Callable[..., Any]) -> None:
    await asked(house, BEA, 4)
    assert await found() == "Clara Dora"
    await change_topic(house, BEA, monthly_cap=5)
    assert await found() == "Clara Dora Bea"


@pytest.mark.parametrize("columns", [{"user_id": None}, {"confirmed_at": None}])
async def test_who_has_not_confirmed_or_claimed_is_left_out(
    house: MembersHouse, found: Callable[..., Any], columns: dict[str, Any]
) -> None:
    await change(house, BEA, **columns)
    assert await found() == "Clara Dora"


async def test_who_paused_is_left_out_until_then(house: MembersHouse, found: Callable[..., Any]) -> None:
    await house.members.pause(BEA, "7")
    await change_topic(house, CLARA, paused_until=house.clock() + timedelta(days=3))
    assert await found() == "Dora"
    house.clock.advance(timedelta(days=3))
    assert await found() == "Clara Dora"
    house.clock.advance(timedelta(days=4))
    assert await found() == "Bea Clara Dora"


async def test_who_opted_out_or_left_is_left_out(house: MembersHouse, found: Callable[..., Any]) -> None:
    await change_topic(house, BEA, open=False)
    clara = Membership.member_id == await member_id(house, CLARA)
    await write(house, update(Membership).where(clara).values(left_at=house.clock()))
    assert await found() == "Dora"
    await write(house, update(Membership).where(clara).values(left_at=None, alumni=False))
    assert await found() == "Dora"
    await write(house, update(Server).values(left_at=house.clock()))
    assert await found() == ""


async def test_evidence_does_not_bring_back_who_is_left_out(house: MembersHouse, found: Callable[..., Any]) -> None:
    await accepted(house, BEA)
    await endorsed(house, BEA, ANNA)
    await house.members.pause(BEA, "7")
    assert await found() == "Clara Dora"
    assert await found(leave_out=frozenset({await member_id(house, CLARA)})) == "Dora"
    assert await found(limit=1) == "Clara"


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        (Filters(country="PT"), "Bea Clara"),
        (Filters(country="FR"), "Dora"),
        (Filters(country="UA"), ""),
        (Filters(language="uk"), "Bea"),
        (Filters(size=CitySize.MEDIUM), "Bea Clara"),
        (Filters(size=CitySize.TOWN), ""),
        (Filters(size=CitySize.VERY_LARGE), ""),
        (Filters(country="PT", language="fr"), "Clara"),
    ],
)
async def test_filters_narrow_the_search(
    house: MembersHouse, found: Callable[..., Any], filters: Filters, names: str
) -> None:
    await house.members.set_up(DORA, "Lyon")
    await house.members.save_languages(BEA, ["uk"])
    await house.members.save_languages(CLARA, ["fr"])
    await accepted(house, DORA)
    assert await found(filters=filters) == names


async def test_available_means_daytime_at_her_place(house: MembersHouse, found: Callable[..., Any]) -> None:
    await house.members.set_zone(BEA, "America/Los_Angeles")
    assert await found(filters=Filters(available=True)) == "Clara Dora"
    house.clock.advance(timedelta(hours=12))
    assert await found(filters=Filters(available=True)) == "Bea"


async def test_several_topics_with_their_scores(house: MembersHouse, service: ExpertsService) -> None:
    await house.members.add_topic(DORA, "stormwater-fees", Level.EXPERT)
    ranked = await service.suggest(ANNA, {"housing": 0.5, "stormwater-fees": 1.0})
    assert [(one.person.name, one.person.topic_id) for one in ranked] == [
        ("Dora", "stormwater-fees"),
        ("Bea", "housing"),
        ("Clara", "housing"),
    ]


async def test_whoever_is_likest_is_found_among_more_than_are_kept(
    house: MembersHouse, service: ExpertsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database narrows by the points that a person can have: the right ones stay."""
    monkeypatch.setattr(queries, "KEPT", 1)
    monkeypatch.setattr(queries, "CREDITED", 1)
    queries._candidates.cache_clear()
    try:
        await house.members.set_up(DORA, "Lyon")
        await accepted(house, CLARA)
        ranked = await service.suggest(ANNA, HOUSING)
        assert [one.person.name for one in ranked] == ["Clara", "Dora"]
    finally:
        queries._candidates.cache_clear()


async def test_an_actor_of_the_next_interaction_is_the_same(house: MembersHouse, found: Callable[..., Any]) -> None:
    assert await found(replace(ANNA, member_id=await member_id(house, ANNA))) == "Bea Clara Dora"
