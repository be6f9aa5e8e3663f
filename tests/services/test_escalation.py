"""Silent cities through the services and the outbox: who is asked when, whose word ends it, and what else does."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, update

from bot.domain.alert_log import LogEntry
from bot.domain.cap.values import Severity
from bot.domain.crisis import AlertAudience, AlertDeed
from bot.domain.crisis_answers import AlertAnswer, HelpKind
from bot.domain.crisis_chain import FollowUpKind
from bot.domain.crisis_consent import Consent, PingPolicy
from bot.domain.errors import Forbidden, Refusal
from bot.domain.escalation import FIRST, LADDER, Rung
from bot.domain.oncall import Duty, OnCallFor
from bot.domain.outbox import Priority
from bot.services import escalation
from bot.services.crisis_chain import CrisisChain
from db.engine import Database
from db.tables import (
    AlertAnswerRow,
    City,
    DeliveryRow,
    EscalationRow,
    EscalationStep,
    Member,
    OnCall,
    Server,
    ServerCity,
)
from tests.clock import SettableClock
from tests.services.crisis_house import AUTHOR, COLLEAGUE, ELSEWHERE, HOME, NETWORK, OTHER, THIRD
from tests.services.oncall_house import (
    ALUMNA,
    DEPUTY,
    GHENT,
    LYON,
    ONE,
    TWO,
    OnCallHouse,
    leave,
    oncall_house,
)


@pytest.fixture
async def house(database: Database, clock: SettableClock) -> OnCallHouse:
    return await oncall_house(database, clock)


CHANNELS = [("alert", "channel:9010"), ("alert", "channel:9020"), ("alert", "channel:9030")]


async def test_those_who_answer_for_a_city_get_it_directly_after_the_channels(house: OnCallHouse) -> None:
    await house.sent()
    assert await house.speak() == [
        *CHANNELS,
        ("alert_on_call", house.to(ONE)),
        ("alert_on_call", house.to(DEPUTY)),
    ]
    languages = {row[0] for row in await house.rows(DeliveryRow.language, where=DeliveryRow.kind == "alert_on_call")}
    assert languages == {"es"}, "her own"


async def test_a_silent_city_climbs_the_ladder_and_no_further(house: OnCallHouse) -> None:
    alert = await house.sent()
    await house.speak()
    await house.wait(alert, 0.9)
    assert await house.speak() == []
    await house.wait(alert, 0.1)
    assert await house.speak() == [
        # Gent and the third server have nobody on call: the network is asked about them at once.
        ("alert_unanswered", "channel:9010"),
        ("alert_unanswered", "channel:9011"),
        ("alert_unanswered", "channel:9021"),
        ("alert_unanswered", "channel:9031"),
        ("alert_unanswered", house.to(ONE)),
        ("alert_unanswered", house.to(NETWORK)),
    ]
    await house.wait(alert)
    assert await house.speak() == [("alert_unanswered", "channel:9010"), ("alert_unanswered", house.to(DEPUTY))]
    await house.wait(alert, 2)
    assert await house.speak() == [("alert_unanswered", "channel:9011"), ("alert_unanswered", house.to(NETWORK))]
    for times in (4, 8, 16, 32, 64):
        await house.wait(alert, times)
        await house.speak()
    steps = [rung for server, city, rung in await house.steps() if (server, city) == (HOME, LYON)]
    assert steps == [rung.value for rung in LADDER][: len(steps)]
    assert await house.escalation.run_due(house.clock()) is None


async def test_the_word_of_others_is_counted_and_silences_nothing(house: OnCallHouse) -> None:
    alert = await house.sent()
    await house.speak()
    assert await house.crisis.desk.receive(ALUMNA, alert.id)
    assert await house.crisis.desk.receive(ELSEWHERE, alert.id), "she coordinates another server"
    assert (HOME, LYON) in await house.waiting()
    assert (await house.crisis.desk.progress(alert)).received == {"Lyon": 1, "Gent": 1}
    await house.wait(alert)
    assert (HOME, LYON, "on_call") in await house.steps()
    await house.crisis.desk.help(DEPUTY, alert.id, AlertAnswer.NEED, what=HelpKind.PUMPS, quantity="2", place="Quai")
    assert await house.waiting() == [(THIRD, None)], "who needs help has heard"
    said = await house.speak()
    assert ("alert_unanswered", "channel:9010") not in said
    assert ("alert_unanswered", house.to(ONE)) not in said
    assert "acknowledged" in await house.dropped()


async def test_a_direct_answer_counts_for_the_city_she_answers_for(house: OnCallHouse) -> None:
    alert = await house.sent()
    await house.speak()
    alone = replace(ONE, server_id=None, server_joined=False)
    assert await house.crisis.desk.receive(alone, alert.id, OnCallFor(HOME, LYON))
    assert not await house.crisis.desk.receive(alone, alert.id, OnCallFor(HOME, LYON))
    assert await house.rows(AlertAnswerRow.user_id, AlertAnswerRow.city, AlertAnswerRow.server_id) == [
        (ONE.user_id, "Lyon", HOME)
    ]
    assert (HOME, LYON) not in await house.waiting()
    with pytest.raises(Refusal):
        await house.crisis.desk.receive(alone, alert.id)


async def test_who_is_put_on_the_list_later_ends_it_by_pressing_again(house: OnCallHouse) -> None:
    alert = await house.sent()
    assert await house.crisis.desk.receive(ALUMNA, alert.id)
    await house.put_on(ALUMNA, Duty.DEPUTY)
    assert not await house.crisis.desk.receive(ALUMNA, alert.id)
    assert (HOME, LYON) not in await house.waiting()


async def test_a_coordinator_answers_for_her_server_and_a_network_coordinator_where_she_is(house: OnCallHouse) -> None:
    alert = await house.sent()
    await house.crisis.desk.receive(NETWORK, alert.id)
    assert set(await house.waiting()) == {(HOME, LYON), (THIRD, None)}
    await house.crisis.desk.receive(COLLEAGUE, alert.id)
    assert await house.waiting() == [(THIRD, None)]


async def test_coordinators_take_cities_on_that_a_message_named(house: OnCallHouse) -> None:
    alert = await house.sent()
    await house.speak()
    await house.wait(alert)
    named = (DeliveryRow.kind == "alert_unanswered") & (DeliveryRow.member_id == house.members[NETWORK.user_id])
    ((number,),) = await house.rows(DeliveryRow.id, where=named)
    with pytest.raises(Forbidden):
        await house.escalation.take_on(ALUMNA, alert.id, number)
    assert await house.escalation.take_on(ELSEWHERE, alert.id, number) == ("Gent",)
    alone = replace(NETWORK, server_id=None, server_joined=False)
    assert await house.escalation.take_on(alone, alert.id, number) == ("S903",)
    with pytest.raises(Refusal):
        await house.escalation.take_on(alone, alert.id, number)
    assert await house.waiting() == [(HOME, LYON)], "the message did not name it"
    _, happened = await house.crisis.desk.log(AUTHOR, alert.id)
    deeds = [(each.who, each.details["cities"]) for each in happened if each.kind == "alert.take_on"]
    assert deeds == [(ELSEWHERE.user_id, "Gent"), (NETWORK.user_id, "S903")]


async def test_a_false_alarm_ends_it_and_goes_to_everybody_who_was_told_beside_the_channels(house: OnCallHouse) -> None:
    alert = await house.sent()
    await house.speak()
    await house.wait(alert)
    (first, *_) = await house.crisis.outbox.take("us", 1)
    assert (first.priority, first.target.id) == (Priority.ESCALATION, 9010)
    await house.crisis.outbox.put_back(first)
    await house.crisis.crisis.decide(COLLEAGUE, alert.id, AlertDeed.CANCEL)
    assert await house.speak() == [
        ("alert_cancel", "channel:9010"),
        ("alert_cancel", "channel:9020"),
        ("alert_cancel", "channel:9030"),
        ("alert_on_call_cancel", house.to(ONE)),
        ("alert_on_call_cancel", house.to(DEPUTY)),
    ]
    await house.wait(alert, 50)
    assert await house.speak() == []
    assert await house.waiting() == []


async def test_coordinators_who_were_asked_hear_that_it_is_over_too(house: OnCallHouse) -> None:
    alert = await house.sent()
    await house.speak()
    await house.wait(alert)
    await house.speak()
    await house.crisis.crisis.decide(COLLEAGUE, alert.id, AlertDeed.END)
    said = await house.speak()
    ends = {target for kind, target in said if kind == "alert_on_call_end"}
    assert ends == {house.to(ONE), house.to(DEPUTY), house.to(NETWORK), "channel:9011", "channel:9021", "channel:9031"}
    assert len(said) == 3 + len(ends)


async def test_an_alert_that_expired_asks_nobody(house: OnCallHouse) -> None:
    alert = await house.sent()
    await house.speak()
    house.clock.advance(timedelta(hours=alert.hours))
    assert await house.escalation.run_due(house.clock()) is None
    assert await house.steps() == []
    assert await house.waiting() == []
    assert await house.speak() == []


async def test_a_server_that_left_the_broadcast_or_the_network_is_left_alone(house: OnCallHouse) -> None:
    alert = await house.sent()
    await house.speak()
    await house.crisis.desk.set_consent(ELSEWHERE, Consent(takes_part=False))
    await house.write(update(Server).where(Server.id == THIRD).values(left_at=house.clock()))
    await house.wait(alert)
    assert {(server, city) for server, city, _ in await house.steps()} == {(HOME, LYON)}
    ended = await house.rows(
        EscalationRow.server_id, EscalationRow.ended_why, where=EscalationRow.ended_at.is_not(None)
    )
    assert ended == [(OTHER, "left"), (THIRD, "left")]
    await house.crisis.desk.set_consent(COLLEAGUE, Consent(takes_part=False))
    assert await house.speak() == [], "what was decided before is dropped at the moment of sending"


async def test_whoever_stepped_back_left_or_stopped_direct_messages_is_not_written_to(house: OnCallHouse) -> None:
    alert = await house.sent()
    await house.write(delete(OnCall).where(OnCall.user_id == DEPUTY.user_id))
    assert await house.speak() == [*CHANNELS, ("alert_on_call", house.to(ONE))]
    assert await house.dropped() == ["not_on_call"]
    await leave(house, ONE)
    await leave(house, TWO)
    await house.wait(alert)
    assert (HOME, LYON, "network") in await house.steps(), "nobody on the list is here any more"


async def test_a_city_in_two_servers_is_silenced_in_both_by_its_own_people(house: OnCallHouse) -> None:
    await house.write(insert(ServerCity).values(server_id=THIRD, city_id=LYON))
    alert = await house.sent()
    assert set(await house.waiting()) == {(HOME, LYON), (OTHER, GHENT), (THIRD, LYON)}
    await house.crisis.desk.receive(TWO, alert.id)
    assert await house.waiting() == [(OTHER, GHENT)]


async def test_after_a_long_absence_one_step_is_taken_and_not_all(house: OnCallHouse) -> None:
    alert = await house.sent()
    await house.wait(alert, 7)
    lyon = [rung for server, _, rung in await house.steps() if server == HOME]
    assert lyon == ["on_call"]
    assert await house.escalation.run_due(house.clock()) == house.clock() + FIRST[alert.severity]


async def test_two_at_once_take_each_step_once(house: OnCallHouse) -> None:
    alert = await house.sent()
    house.clock.advance(FIRST[alert.severity])
    now = house.clock()
    await asyncio.gather(*(house.escalation.run_due(now) for _ in range(4)))
    assert len(await house.steps()) == 3
    targets = await house.rows(DeliveryRow.dedupe_key, where=DeliveryRow.kind == "alert_unanswered")
    assert len(targets) == len(set(targets)) == 6


async def test_whatever_the_batches_each_city_is_asked_about_once_and_the_network_in_one_message(
    house: OnCallHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(escalation, "BATCH", 1)
    for city, server in ((3, OTHER), (4, OTHER), (5, THIRD)):
        await house.write(
            insert(City).values(id=city, name=f"City {city}", country="FR", zone="UTC"),
            insert(ServerCity).values(server_id=server, city_id=city),
        )
        await house.put_on(ALUMNA, Duty.ON_CALL, city, server)
    alert = await house.sent()
    await house.speak()
    await house.wait(alert)
    asked = [(server, city) for server, city, _ in await house.steps()]
    assert sorted(asked) == [(HOME, LYON), (OTHER, GHENT), (OTHER, 3), (OTHER, 4), (THIRD, 5)]
    payloads = await house.rows(DeliveryRow.channel_id, where=DeliveryRow.kind == "alert_unanswered")
    assert [channel for (channel,) in payloads if channel] == [9010, 9011, 9020, 9021, 9030]
    for number in (1, 2, 3):
        await house.wait(alert, 2**number)
    to_network = (DeliveryRow.kind == "alert_unanswered") & (DeliveryRow.member_id == house.members[NETWORK.user_id])
    rungs = [(at, rung) for at, rung in await house.rows(EscalationStep.at, EscalationStep.rung)]
    moments = {at for at, rung in rungs if rung == "network"}
    assert len(await house.rows(DeliveryRow.id, where=to_network)) == len(moments) > 1


async def test_a_drill_practises_it_with_kinds_of_its_own(house: OnCallHouse) -> None:
    alert = await house.sent(drill=True)
    await house.speak()
    await house.wait(alert)
    await house.speak()
    await house.crisis.crisis.decide(COLLEAGUE, alert.id, AlertDeed.END)
    await house.speak()
    kinds = await house.rows(DeliveryRow.kind, DeliveryRow.priority)
    assert {kind for kind, _ in kinds} == {
        "drill",
        "drill_on_call",
        "drill_unanswered",
        "drill_end",
        "drill_on_call_end",
    }
    assert {priority for _, priority in kinds} == {Priority.DRILL}


async def test_a_drill_leaves_alone_whoever_paused_and_an_alert_does_not(house: OnCallHouse) -> None:
    paused = Member.user_id == ONE.user_id
    await house.write(update(Member).where(paused).values(paused_until=house.clock() + timedelta(days=9)))
    await house.sent(drill=True)
    assert ("drill_on_call", house.to(ONE)) not in await house.speak()
    assert await house.dropped() == ["paused"]
    await house.sent()
    assert ("alert_on_call", house.to(ONE)) in await house.speak()


async def test_the_card_and_the_log_say_what_escalated_when(house: OnCallHouse) -> None:
    alert = await house.sent()
    await house.speak()
    silent = (await house.crisis.desk.progress(alert)).silent
    assert {(each.place, each.rung) for each in silent} == {("Lyon", None), ("Gent", None), ("S903", None)}
    await house.wait(alert)
    await house.crisis.desk.receive(ELSEWHERE, alert.id)
    silent = (await house.crisis.desk.progress(alert)).silent
    assert [(each.place, each.rung) for each in silent] == [("S903", Rung.NETWORK), ("Lyon", Rung.ON_CALL)]
    _, happened = await house.crisis.desk.log(AUTHOR, alert.id)
    steps = [each for each in happened if each.kind.startswith("step.")]
    assert LogEntry(house.clock(), "step.on_call", where="S901", cities=("Lyon",)) in steps
    assert [each.kind for each in steps] == ["step.on_call", "step.network", "step.network"]


async def test_within_one_city_only_that_one_is_asked(house: OnCallHouse) -> None:
    alert = await house.crisis.crisis.draft(AUTHOR, "fire", AlertAudience.CITY, drill=False)
    await house.crisis.crisis.confirm(AUTHOR, alert.id, "1")
    assert await house.waiting() == [(HOME, LYON)]


@pytest.mark.parametrize(
    ("consent", "drill", "ping"),
    [
        (Consent(ping=PingPolicy.ROLE), False, True),
        (Consent(ping=PingPolicy.EVERYONE), True, True),
        (Consent(ping=PingPolicy.NONE), False, False),
        (Consent(quiet=(0, 1439)), True, False),
        (Consent(quiet=(0, 1439)), False, True),
    ],
)
async def test_people_are_pinged_as_the_alert_may_ping(
    house: OnCallHouse, consent: Consent, drill: bool, ping: bool
) -> None:
    await house.crisis.desk.set_consent(COLLEAGUE, consent)
    alert = await house.sent(drill=drill)
    await house.speak()
    await house.wait(alert)
    (asked, *_) = await house.crisis.outbox.take("us", 1)
    speech = await house.desk.asking(asked)
    assert not isinstance(speech, str)
    assert (speech.ping, speech.cities[0].user_ids) == (ping, (ONE.user_id, TWO.user_id))


async def test_what_follows_goes_to_who_was_told_directly_in_order_and_hurries_where_it_is_graver(
    house: OnCallHouse,
) -> None:
    chain = CrisisChain(house.crisis.crisis.work, house.clock, house.crisis.crisis.catalogues)
    alert = await house.sent()
    await chain.stands(AUTHOR, alert.id)
    assert await house.speak() == [
        *CHANNELS,
        ("alert_on_call", house.to(ONE)),
        ("alert_on_call", house.to(DEPUTY)),
    ], "nobody who was not told yet hears what follows, and nobody before the alert"
    assert [kind for kind, _ in await house.speak()] == ["alert_update"] * 3
    graver = await chain.begin(AUTHOR, alert.id, FollowUpKind.ESCALATE)
    await chain.confirm(AUTHOR, graver.follow_up.id, "3")
    assert await house.escalation.run_due(house.clock()) == house.clock() + FIRST[Severity.SEVERE]
    await chain.decide(COLLEAGUE, graver.follow_up.id, AlertDeed.APPROVE)
    said = await house.speak()
    assert said[3:] == [("alert_on_call_update", house.to(ONE)), ("alert_on_call_update", house.to(DEPUTY))]
    assert await house.escalation.run_due(house.clock()) == house.clock() + FIRST[Severity.EXTREME]
    await house.write(delete(OnCall).where(OnCall.user_id == DEPUTY.user_id))
    await chain.stands(AUTHOR, alert.id)
    assert (await house.speak())[3:] == [("alert_on_call_update", house.to(ONE))]


async def test_messages_beside_the_channels_say_how_it_ended_once_that_was_told_below_them(house: OnCallHouse) -> None:
    alert = await house.sent()
    await house.speak()
    await house.wait(alert)
    await house.speak()
    await house.crisis.crisis.decide(COLLEAGUE, alert.id, AlertDeed.END)
    assert (await house.desk.to_edit())[0] == []
    await house.speak()
    found, ready = await house.desk.to_edit()
    assert ready == set()
    # Two on-call people, one of them asked once more; Lyon's channel; three offices and the network coordinator.
    assert len(found) == 3 + 1 + 4
    assert [each.place_id for each in found if not each.whole] == [9010]
    for each in found:
        await house.desk.edited(each)
    assert await house.desk.to_edit() == ([], {(alert.id, "completed")})
    await house.crisis.crisis.decide(COLLEAGUE, alert.id, AlertDeed.CANCEL)
    assert (await house.desk.to_edit())[0] == []
    await house.speak()
    assert len((await house.desk.to_edit())[0]) == len(found)
