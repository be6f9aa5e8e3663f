"""Results: who sees how much, who has gone quiet, and the digest of a period that closes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from bot.domain.access import Actor
from bot.domain.checkin_rates import Breakdown, Rate
from bot.domain.checkin_reports import Digest, Quote
from bot.domain.errors import Forbidden
from bot.domain.outbox import Delivery, DeliveryKind, Dropped
from bot.services.checkin_reports import CheckinReportsService
from bot.services.outbox import OutboxService
from bot.services.work import Work
from db.engine import Database
from db.tables import DeliveryRow, Member, Membership, Period, Prompt, Server
from tests.clock import SettableClock
from tests.services.checkins import Rounds, campaign
from tests.services.house import SERVER, MembersHouse, furnish, somebody
from tests.services.test_checkins import typed

OTHER_SERVER = SERVER + 1
NETWORK = somebody(90, "Margaret", is_network_coordinator=True)
LOCAL = somebody(91, "Oksana", is_server_coordinator=True)


@pytest.fixture
async def house(database: Database, clock: SettableClock, tmp_path: Path) -> MembersHouse:
    house = await furnish(database, clock, tmp_path)
    async with database.begin() as session:
        await session.execute(
            insert(Server).values(id=OTHER_SERVER, name="Porto", language="en", joined_at=house.clock())
        )
    return house


@pytest.fixture
async def rounds(house: MembersHouse) -> Rounds:
    return await campaign(house)


@pytest.fixture
def reports(house: MembersHouse) -> CheckinReportsService:
    return CheckinReportsService(Work(house.database), house.clock)


async def people(rounds: Rounds, number: int, *, city: str = "Lyon", server_id: int = SERVER) -> list[Actor]:
    """Alumnae of a city and a server."""
    found = []
    for each in range(number):
        actor = somebody(1000 * (server_id - SERVER) + each + 100 * len(city), f"{city} {each}", server_id=server_id)
        await rounds.house.members.set_up(actor, city)
        known = await rounds.house.known(actor)
        await rounds.house.memberships.seen(known)
        found.append(known)
    return found


async def held(rounds: Rounds, actors: list[Actor], answering: int, *, anonymous: bool = False) -> int:
    """A period in which all of these were asked, and the first so many answered."""
    period = await rounds.open(anonymous=anonymous)
    for actor in actors:
        assert actor.member_id is not None
        await rounds.ask(period, actor.member_id)
    for number, actor in enumerate(actors[:answering]):
        await rounds.checkins.answer(actor, period, typed(rounds, forward=f"Answer {number}", scale="4"))
    return period


async def test_rates_and_answers_of_a_named_campaign(rounds: Rounds, reports: CheckinReportsService) -> None:
    actors = [*await people(rounds, 3), *await people(rounds, 1, city="Porto")]
    await held(rounds, actors, 2)
    found = await reports.report(NETWORK, rounds.campaign_id)
    (one,) = found.rounds
    assert one.rates.total == Rate(4, 2)
    assert [(group.name, group.rate) for group in one.rates.by_country.groups] == [
        ("FR", Rate(3, 2)),
        ("PT", Rate(1, 0)),
    ]
    assert one.answers is not None
    assert sorted((said.text, said.number, said.name) for said in one.answers if said.text) == [
        ("Answer 0", None, "Lyon 0"),
        ("Answer 1", None, "Lyon 1"),
    ]
    assert [question.purpose or question.type for question in found.questions] == ["forward", "scale"]


async def test_a_server_coordinator_sees_her_own_people_alone(rounds: Rounds, reports: CheckinReportsService) -> None:
    here, there = await people(rounds, 2), await people(rounds, 2, city="Porto", server_id=OTHER_SERVER)
    await held(rounds, [*there, *here], 3)
    found = await reports.report(LOCAL, rounds.campaign_id)
    assert found.server == "Lyon"
    assert found.rounds[0].rates.total == Rate(2, 1)
    assert {said.name for said in found.rounds[0].answers or ()} == {"Lyon 0"}
    with pytest.raises(Forbidden):
        await reports.report(somebody(1), rounds.campaign_id)
    other = await campaign(rounds.house, server_id=OTHER_SERVER)
    with pytest.raises(Forbidden, match=r"checkins\.other_server"):
        await reports.report(LOCAL, other.campaign_id)


async def test_anonymous_answers_wait_and_belong_to_no_server(rounds: Rounds, reports: CheckinReportsService) -> None:
    period = await held(rounds, await people(rounds, 7), 5, anonymous=True)
    (one,) = (await reports.report(NETWORK, rounds.campaign_id)).rounds
    assert (one.rates.total, one.rates.by_country, one.answers) == (Rate(7, 5), Breakdown(), None)
    rounds.house.clock.advance(timedelta(days=16))
    (one,) = (await reports.report(NETWORK, rounds.campaign_id)).rounds
    assert one.period.id == period
    assert one.answers is not None
    assert {(said.name, said.country, said.cohort, said.late) for said in one.answers} == {(None, None, None, False)}
    assert len(one.rates.by_country.groups) == 1
    (one,) = (await reports.report(LOCAL, rounds.campaign_id)).rounds
    assert (one.rates.total, one.answers) == (Rate(7, 5), None)


async def test_fewer_than_five_anonymous_answers_are_never_shown(
    rounds: Rounds, reports: CheckinReportsService
) -> None:
    await held(rounds, await people(rounds, 7), 4, anonymous=True)
    rounds.house.clock.advance(timedelta(days=16))
    (one,) = (await reports.report(NETWORK, rounds.campaign_id)).rounds
    assert (one.rates.total, one.answers) == (Rate(7, 4), None)


async def test_too_few_asked_show_no_rate(rounds: Rounds, reports: CheckinReportsService) -> None:
    await held(rounds, await people(rounds, 4), 4, anonymous=True)
    rounds.house.clock.advance(timedelta(days=16))
    (one,) = (await reports.report(NETWORK, rounds.campaign_id)).rounds
    assert (one.rates.total, one.answers) == (None, None)


async def test_whom_no_prompt_reached_is_in_no_rate(rounds: Rounds, reports: CheckinReportsService) -> None:
    actors = await people(rounds, 5)
    await held(rounds, actors, 0)
    states = ("missed", "unreachable", "skipped")
    async with rounds.house.database.begin() as session:
        for actor, state in zip(actors, states, strict=False):
            await session.execute(update(Prompt).where(Prompt.member_id == actor.member_id).values(state=state))
        later = rounds.house.clock() + timedelta(hours=3)
        await session.execute(update(Prompt).where(Prompt.member_id == actors[4].member_id).values(due_at=later))
    (one,) = (await reports.report(NETWORK, rounds.campaign_id)).rounds
    assert one.rates.total == Rate(2, 0), "she who skipped, and she who has not answered"


async def closed(rounds: Rounds, reports: CheckinReportsService) -> None:
    rounds.house.clock.advance(timedelta(days=17))
    await reports.run_due(rounds.house.clock())


async def test_three_silent_periods_are_shown_to_her_own_coordinators(
    rounds: Rounds, reports: CheckinReportsService
) -> None:
    actors = await people(rounds, 3)
    elsewhere = await people(rounds, 1, city="Porto", server_id=OTHER_SERVER)
    for number in range(3):
        period = await held(rounds, [*actors, *elsewhere], 1 if number == 0 else 0)
        if number == 1:
            await rounds.checkins.skip(actors[1], period)
        assert await reports.quiet(LOCAL) == ()
        await closed(rounds, reports)
    assert [each.name for each in await reports.quiet(LOCAL)] == ["Lyon 2"]
    assert [each.name for each in await reports.quiet(replace(LOCAL, server_id=OTHER_SERVER))] == ["Porto 0"]
    with pytest.raises(Forbidden):
        await reports.quiet(somebody(1))

    await rounds.checkins.stop(actors[2], period)
    assert await reports.quiet(LOCAL) == (), "whoever asked to be left alone is"


async def test_one_period_closes_once_and_the_next_time_is_known(
    rounds: Rounds, reports: CheckinReportsService
) -> None:
    actors = await people(rounds, 2)
    await held(rounds, actors, 1)
    now = rounds.house.clock()
    assert await reports.run_due(now) == now + timedelta(days=14)
    await rounds.checkins.snooze(actors[1], (await rounds.house.rows(Period.id))[0][0], 7)
    await closed(rounds, reports)
    await closed(rounds, reports)
    assert await rounds.house.rows(Period.state) == [("closed",)]
    assert set(await rounds.house.rows(Prompt.again_at)) == {(None,)}
    assert await rounds.house.rows(DeliveryRow.kind, DeliveryRow.channel_id) == [("checkin_digest", 77)]


async def test_where_nobody_answered_there_is_no_digest(rounds: Rounds, reports: CheckinReportsService) -> None:
    await held(rounds, await people(rounds, 2), 0)
    await closed(rounds, reports)
    assert await rounds.house.rows(DeliveryRow.kind) == []


async def taken(rounds: Rounds) -> Delivery:
    (delivery,) = await OutboxService(Work(rounds.house.database), rounds.house.clock).take("test", 5)
    return delivery


async def test_the_digest_quotes_only_what_is_still_shared(rounds: Rounds, reports: CheckinReportsService) -> None:
    actors = await people(rounds, 4)
    period = await held(rounds, actors, 0)
    forward = rounds.questions["forward"]
    done = [
        await rounds.checkins.answer(actor, period, typed(rounds, forward=f"Text {number}"))
        for number, actor in enumerate(actors)
    ]
    await rounds.sharing.share(actors[0], done[0].response_id, [forward], named=True)
    await rounds.sharing.share(actors[1], done[1].response_id, [forward], named=False)
    await rounds.sharing.share(actors[2], done[2].response_id, [forward], named=True)
    await closed(rounds, reports)
    await rounds.sharing.unshare(actors[2], done[2].response_id)
    delivery = await taken(rounds)
    assert delivery.kind is DeliveryKind.CHECKIN_DIGEST
    found = await reports.digest(delivery)
    assert isinstance(found, Digest)
    assert (found.answered, found.total) == (4, Rate(4, 4))
    assert set(found.quotes) == {Quote(forward, "Text 0", "Lyon 0"), Quote(forward, "Text 1", None)}


async def test_a_digest_whose_channel_was_changed_is_not_sent(rounds: Rounds, reports: CheckinReportsService) -> None:
    await held(rounds, await people(rounds, 6), 5, anonymous=True)
    await closed(rounds, reports)
    delivery = await taken(rounds)
    found = await reports.digest(delivery)
    assert isinstance(found, Digest)
    assert (found.total, found.quotes) == (Rate(6, 5), ())
    assert await reports.digest(replace(delivery, subject=delivery.subject + 9)) == Dropped("campaign_gone")
    moved = replace(delivery, target=replace(delivery.target, id=78))
    assert await reports.digest(moved) == Dropped("channel_changed")


async def test_a_member_who_is_deleted_takes_her_answers_with_her(
    rounds: Rounds, reports: CheckinReportsService
) -> None:
    actors = await people(rounds, 1)
    await held(rounds, actors, 1)
    await closed(rounds, reports)
    async with rounds.house.database.begin() as session:
        await session.execute(Membership.__table__.delete())  # type: ignore[attr-defined]
        await session.execute(Member.__table__.delete())  # type: ignore[attr-defined]
    assert await reports.digest(await taken(rounds)) == Dropped("nobody_answered")
