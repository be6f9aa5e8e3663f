"""What follows an alert, through the services and the outbox: approved, in order, to who was told, on record as CAP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.cap.values import MsgType, ResponseType, Severity, Status
from bot.domain.crisis import Alert, AlertAudience, AlertDeed, AlertState
from bot.domain.crisis_chain import FollowUpKind, FollowUpState
from bot.domain.crisis_consent import Consent
from bot.domain.errors import Forbidden, Refusal
from bot.domain.outbox import Again, DeliveryState, Priority, Refused, Sent
from bot.render.alert_log import DEEDS, said
from bot.services.crisis_chain import CrisisChain, FollowUpView
from db.engine import Database
from db.tables import AuditEntry
from tests.clock import SettableClock
from tests.domain.cap.files import CHECKER
from tests.services.crisis_house import AUTHOR, COLLEAGUE, ELSEWHERE, NETWORK, House, crisis_house

WRITTEN: Mapping[str, str] = {"headline": "L’eau baisse", "description": "Un mètre de moins.", "instruction": "Restez."}
REPORT: Mapping[str, str] = {"headline": "Point de 3 h", "description": "Deux quais sont fermés."}


@pytest.fixture
async def house(database: Database, clock: SettableClock) -> House:
    return await crisis_house(database, clock)


@pytest.fixture
def chain(house: House) -> CrisisChain:
    return CrisisChain(house.crisis.work, house.clock, house.crisis.catalogues)


async def told(house: House, **options: bool) -> Alert:
    """An alert to the whole network that everybody has."""
    alert = await house.sent(**options)
    await house.speak()
    return await house.crisis.get(alert.id)


async def updated(
    house: House, chain: CrisisChain, alert: Alert, kind: FollowUpKind = FollowUpKind.UPDATE, channels: int = 3
) -> FollowUpView:
    """Written, confirmed and approved."""
    begun = await chain.begin(AUTHOR, alert.id, kind, REPORT if kind is FollowUpKind.REPORT else WRITTEN)
    await chain.confirm(AUTHOR, begun.follow_up.id, str(channels))
    return await chain.decide(COLLEAGUE, begun.follow_up.id, AlertDeed.APPROVE)


async def test_an_update_is_approved_by_a_second_person_and_goes_to_who_was_told(
    house: House, chain: CrisisChain
) -> None:
    alert = await told(house)
    begun = await chain.begin(AUTHOR, alert.id, FollowUpKind.UPDATE, WRITTEN)
    assert (await chain.reach(begun)).channels == 3
    with pytest.raises(Refusal, match=r"crisis\.other_count"):
        await chain.confirm(AUTHOR, begun.follow_up.id, "2")
    pending = await chain.confirm(AUTHOR, begun.follow_up.id, "3")
    assert pending.follow_up.state is FollowUpState.PENDING
    assert await house.speak() == []
    with pytest.raises(Forbidden):
        await chain.decide(AUTHOR, begun.follow_up.id, AlertDeed.APPROVE)
    with pytest.raises(Forbidden):
        await chain.decide(ELSEWHERE, begun.follow_up.id, AlertDeed.APPROVE)
    done = await chain.decide(COLLEAGUE, begun.follow_up.id, AlertDeed.APPROVE)
    assert (done.follow_up.state, done.follow_up.approved_by) == (FollowUpState.SENT, COLLEAGUE.user_id)
    assert await house.speak() == [("alert_update", 9010), ("alert_update", 9020), ("alert_update", 9030)]
    now = await house.crisis.get(alert.id)
    assert (now.text("fr")[0].headline, now.text("es")[1]) == ("L’eau baisse", True)
    with pytest.raises(Refusal):
        await chain.decide(COLLEAGUE, begun.follow_up.id, AlertDeed.APPROVE)


async def test_within_the_alerts_own_server_the_typed_number_is_enough(house: House, chain: CrisisChain) -> None:
    alert = await house.crisis.draft(AUTHOR, "flood", AlertAudience.SERVER, drill=False)
    await house.crisis.confirm(AUTHOR, alert.id, "1")
    await house.speak()
    begun = await chain.begin(COLLEAGUE, alert.id, FollowUpKind.UPDATE, WRITTEN)
    assert (await chain.confirm(COLLEAGUE, begun.follow_up.id, "1")).follow_up.state is FollowUpState.SENT
    elsewhere = await chain.begin(NETWORK, alert.id, FollowUpKind.UPDATE, WRITTEN)
    assert (await chain.confirm(NETWORK, elsewhere.follow_up.id, "1")).follow_up.state is FollowUpState.PENDING


async def test_one_message_at_a_time_is_written_about_an_alert(house: House, chain: CrisisChain) -> None:
    alert = await told(house)
    begun = await chain.begin(AUTHOR, alert.id, FollowUpKind.UPDATE, WRITTEN)
    await chain.put_card(begun.follow_up.id, 9011, 5)
    with pytest.raises(Refusal) as refused:
        await chain.begin(COLLEAGUE, alert.id, FollowUpKind.REPORT, REPORT)
    assert refused.value.message_id == "crisis_chain.written_already"
    assert refused.value.parameters["link"] == "https://discord.com/channels/901/9011/5"
    with pytest.raises(Refusal):
        await chain.check(COLLEAGUE, alert.id)
    await chain.stands(COLLEAGUE, alert.id)  # changes nothing, and so waits for nobody
    await chain.decide(COLLEAGUE, begun.follow_up.id, AlertDeed.DISCARD)
    await chain.begin(COLLEAGUE, alert.id, FollowUpKind.REPORT, REPORT)


async def test_an_update_never_overtakes_its_alert(house: House, chain: CrisisChain) -> None:
    alert = await house.sent()
    (first, second) = await house.outbox.take("us", 2)
    await house.outbox.settle(first, Sent(77, 9010))
    await house.outbox.settle(second, Again(house.clock() + timedelta(minutes=1), house.clock(), "timed_out"))
    await updated(house, chain, alert)
    assert await house.speak() == [("alert", 9030), ("alert_update", 9010)]
    assert await house.speak() == [("alert_update", 9030)]
    house.clock.advance(timedelta(minutes=2))
    assert await house.speak() == [("alert", 9020)]
    assert await house.speak() == [("alert_update", 9020)]


async def test_who_never_got_the_alert_gets_no_update(house: House, chain: CrisisChain) -> None:
    alert = await house.sent()
    await house.speak(Refused(50001, 1))
    await updated(house, chain, alert)
    assert {(kind, state) for kind, _, state in await house.states() if kind == "alert_update"} == {
        ("alert_update", "pending")
    }
    await house.speak()
    assert {state for kind, _, state in await house.states() if kind == "alert_update"} == {"cancelled"}


async def test_a_server_that_left_hears_no_update_and_one_that_only_wants_worse_does(
    house: House, chain: CrisisChain
) -> None:
    alert = await told(house)
    await house.desk.set_consent(ELSEWHERE, Consent(takes_part=False))
    await house.desk.set_consent(AUTHOR, Consent(severities=frozenset({Severity.EXTREME})))
    begun = await chain.begin(AUTHOR, alert.id, FollowUpKind.UPDATE, WRITTEN)
    found = await chain.reach(begun)
    assert (found.channels, [each.name for each in found.left_out]) == (2, ["S902"])
    await chain.confirm(AUTHOR, begun.follow_up.id, "2")
    await chain.decide(COLLEAGUE, begun.follow_up.id, AlertDeed.APPROVE)
    await house.speak()
    states = {channel: state for kind, channel, state in await house.states() if kind == "alert_update"}
    assert states == {9010: "sent", 9020: "cancelled", 9030: "sent"}


async def test_an_escalation_begins_the_alert_where_it_was_not_told(house: House, chain: CrisisChain) -> None:
    await house.desk.set_consent(ELSEWHERE, Consent(severities=frozenset({Severity.EXTREME})))
    alert = await house.network(channels=2)
    await house.crisis.decide(COLLEAGUE, alert.id, AlertDeed.APPROVE)
    await house.speak()
    begun = await chain.begin(AUTHOR, alert.id, FollowUpKind.ESCALATE)
    assert begun.follow_up.severity is Severity.EXTREME
    assert {*begun.shown.texts} == {"en", "es", "fr"}  # the words stay, and so do their translations
    found = await chain.reach(begun)
    assert ([each.channel_id for each in found.added], found.channels) == ([9020], 3)
    await chain.confirm(AUTHOR, begun.follow_up.id, "3")
    await chain.decide(COLLEAGUE, begun.follow_up.id, AlertDeed.APPROVE)
    assert set(await house.speak()) == {("alert_update", 9010), ("alert", 9020), ("alert_update", 9030)}
    assert (await house.crisis.get(alert.id)).severity is Severity.EXTREME
    await house.crisis.decide(COLLEAGUE, alert.id, AlertDeed.CANCEL)
    assert {channel for _, channel in await house.speak()} == {9010, 9020, 9030}


async def test_an_escalation_to_more_people_asks_for_a_second_person(house: House, chain: CrisisChain) -> None:
    alert = await house.crisis.draft(AUTHOR, "flood", AlertAudience.SERVER, drill=False)
    await house.crisis.confirm(AUTHOR, alert.id, "1")
    await house.speak()
    begun = await chain.begin(AUTHOR, alert.id, FollowUpKind.ESCALATE)
    number = begun.follow_up.id
    wider = await chain.widen(AUTHOR, number, AlertAudience.REGION)
    assert wider.follow_up.audience_value == "FR:ARA"
    with pytest.raises(Refusal, match=r"crisis_chain\.not_narrower"):
        await chain.widen(AUTHOR, number, AlertAudience.CITY)
    wider = await chain.widen(AUTHOR, number, AlertAudience.NETWORK)
    pending = await chain.confirm(AUTHOR, number, "3")
    assert pending.follow_up.state is FollowUpState.PENDING
    await house.desk.set_consent(ELSEWHERE, Consent(takes_part=False))
    found = await chain.reach(pending)
    assert ([each.channel_id for each in found.added], [each.name for each in found.left_out]) == ([9030], ["S902"])
    await chain.decide(COLLEAGUE, number, AlertDeed.APPROVE)
    await house.speak()
    sent = {(kind, channel) for kind, channel, state in await house.states() if state == "sent"}
    assert sent == {("alert", 9010), ("alert_update", 9010), ("alert", 9030)}


async def test_a_report_changes_nothing_and_waits_behind_alerts(house: House, chain: CrisisChain) -> None:
    alert = await told(house)
    begun = await chain.begin(AUTHOR, alert.id, FollowUpKind.REPORT, REPORT)
    with pytest.raises(Refusal, match=r"crisis_chain\.escalate_instead"):
        await chain.set(AUTHOR, begun.follow_up.id, severity=Severity.MINOR)
    await chain.confirm(AUTHOR, begun.follow_up.id, "3")
    await chain.decide(COLLEAGUE, begun.follow_up.id, AlertDeed.APPROVE)
    taken = await house.outbox.take("us", 10)
    assert {each.priority for each in taken} == {Priority.ESCALATION}
    for each in taken:
        await house.outbox.settle(each, Sent(each.id + 5000, each.target.id))
    assert await house.crisis.get(alert.id) == alert
    progress = await house.desk.progress(alert)
    assert progress.latest is not None
    assert (progress.latest.kind, progress.latest.states) == (FollowUpKind.REPORT, {DeliveryState.SENT: 3})


async def test_it_stands_is_said_at_once_by_one_coordinator_in_every_language(house: House, chain: CrisisChain) -> None:
    alert = await told(house)
    with pytest.raises(Forbidden):
        await chain.stands(ELSEWHERE, alert.id)
    await chain.stands(COLLEAGUE, alert.id)
    deliveries = await house.outbox.take("us", 10)
    speeches = [await house.desk.speech(each) for each in deliveries]
    said = [each.alert.text(each.language) for each in speeches if not isinstance(each, str)]
    assert [each[1] for each in said] == [False, False, False]
    assert len({each[0].description for each in said}) == 3
    assert await house.crisis.get(alert.id) == alert


async def test_an_update_moves_the_end(house: House, chain: CrisisChain) -> None:
    alert = await told(house)
    house.clock.advance(timedelta(hours=2))
    begun = await chain.begin(AUTHOR, alert.id, FollowUpKind.UPDATE, WRITTEN)
    with pytest.raises(Refusal, match=r"crisis\.hours"):
        await chain.set(AUTHOR, begun.follow_up.id, hours=5)
    await chain.set(AUTHOR, begun.follow_up.id, hours=48)
    await chain.confirm(AUTHOR, begun.follow_up.id, "3")
    await chain.decide(COLLEAGUE, begun.follow_up.id, AlertDeed.APPROVE)
    assert (await house.crisis.get(alert.id)).expires_at == house.clock() + timedelta(hours=48)


async def test_nothing_is_left_of_it_once_the_alert_is_over(house: House, chain: CrisisChain) -> None:
    alert = await told(house)
    done = await updated(house, chain, alert)
    waiting = await chain.begin(AUTHOR, alert.id, FollowUpKind.REPORT, REPORT)
    await house.crisis.decide(COLLEAGUE, alert.id, AlertDeed.CANCEL)
    assert {kind for kind, _ in await house.speak()} == {"alert_cancel"}
    assert {state for kind, _, state in await house.states() if kind == "alert_update"} == {"cancelled"}
    assert (await chain.get(waiting.follow_up.id)).follow_up.state is FollowUpState.DISCARDED
    assert (await chain.get(done.follow_up.id)).follow_up.state is FollowUpState.SENT
    for deed in (AlertDeed.CONFIRM, AlertDeed.APPROVE):
        with pytest.raises(Refusal):
            await chain.decide(AUTHOR, waiting.follow_up.id, deed)
    with pytest.raises(Refusal):
        await chain.begin(AUTHOR, alert.id, FollowUpKind.REPORT, REPORT)
    with pytest.raises(Refusal):
        await chain.stands(AUTHOR, alert.id)


async def test_expiry_ends_what_was_being_written(house: House, chain: CrisisChain) -> None:
    alert = await told(house)
    await updated(house, chain, alert)
    waiting = await chain.begin(AUTHOR, alert.id, FollowUpKind.REPORT, REPORT)
    house.clock.advance(timedelta(hours=13))
    await house.crisis.run_due(house.clock())
    assert (await house.crisis.get(alert.id)).state is AlertState.COMPLETED
    assert await house.speak() == []
    assert (await chain.get(waiting.follow_up.id)).follow_up.state is FollowUpState.DISCARDED


async def test_every_message_of_an_alert_says_afterwards_how_it_ended(house: House, chain: CrisisChain) -> None:
    alert = await told(house)
    await updated(house, chain, alert)
    await house.speak()
    await house.crisis.decide(COLLEAGUE, alert.id, AlertDeed.CANCEL)
    await house.speak()
    found = {each.channel_id: each for each in await house.desk.to_edit()}
    assert {*found} == {9010, 9020, 9030}
    headlines = [said.text("fr")[0].headline for _, said in found[9010].messages]
    assert headlines == [alert.text("fr")[0].headline, "L’eau baisse"]


async def test_what_is_returned_is_written_anew(house: House, chain: CrisisChain) -> None:
    alert = await told(house)
    begun = await chain.begin(AUTHOR, alert.id, FollowUpKind.UPDATE, WRITTEN)
    number = begun.follow_up.id
    with pytest.raises(Forbidden):
        await chain.write(COLLEAGUE, number, "es", WRITTEN)
    await chain.confirm(AUTHOR, number, "3")
    with pytest.raises(Refusal):
        await chain.write(AUTHOR, number, "es", WRITTEN)
    returned = await chain.decide(COLLEAGUE, number, AlertDeed.RETURN, "Say which quay")
    assert (returned.follow_up.state, returned.follow_up.frozen) == (FollowUpState.RETURNED, {})
    again = await chain.write(AUTHOR, number, "es", {**WRITTEN, "headline": "El agua baja"})
    assert again.shown.text("es")[0].headline == "El agua baja"
    await chain.confirm(AUTHOR, number, "3")
    rejected = await chain.decide(NETWORK, number, AlertDeed.REJECT, "Not now")
    assert rejected.follow_up.state is FollowUpState.REJECTED
    assert await house.speak() == []


async def test_alone_with_a_reason_after_two_minutes_told_to_all(house: House, chain: CrisisChain) -> None:
    alert = await told(house)
    begun = await chain.begin(AUTHOR, alert.id, FollowUpKind.UPDATE, WRITTEN)
    await chain.confirm(AUTHOR, begun.follow_up.id, "3")
    with pytest.raises(Refusal):
        await chain.decide(NETWORK, begun.follow_up.id, AlertDeed.OVERRIDE, "The dam")
    house.clock.advance(timedelta(minutes=2))
    done = await chain.decide(NETWORK, begun.follow_up.id, AlertDeed.OVERRIDE, "The dam")
    assert (done.follow_up.state, done.follow_up.reason) == (FollowUpState.SENT, "The dam")
    assert [kind for kind, _, _ in await house.states()].count("alert_override") == 3


async def test_the_chain_is_valid_cap_with_all_its_references(house: House, chain: CrisisChain) -> None:
    alert = await told(house)
    for kind in (FollowUpKind.UPDATE, FollowUpKind.REPORT):
        house.clock.advance(timedelta(minutes=5))
        await updated(house, chain, alert, kind)
    house.clock.advance(timedelta(minutes=5))
    await chain.stands(AUTHOR, alert.id)
    house.clock.advance(timedelta(minutes=5))
    await house.crisis.decide(AUTHOR, alert.id, AlertDeed.CANCEL)
    documents = [await house.cap.export(alert.id, number) for number in (1, 2, 3)]
    reports = [CHECKER.check(each) for each in documents]
    assert not [each for report in reports for each in report.findings if each.gravity != "note"]
    first, update, cancel = (report.message for report in reports)
    assert first is not None
    assert update is not None
    assert cancel is not None
    assert [each.msg_type for each in (first, update, cancel)] == [MsgType.ALERT, MsgType.UPDATE, MsgType.CANCEL]
    assert update.references == (first.reference,)
    assert cancel.references == (first.reference, update.reference)
    (info,) = update.infos
    assert (info.headline, info.response_types) == ("L’eau baisse", (ResponseType.ASSESS,))
    assert info.expires is not None
    with pytest.raises(Refusal):
        await house.cap.export(alert.id, 4)


async def test_a_drills_messages_have_kinds_of_their_own(house: House, chain: CrisisChain) -> None:
    drill = await told(house, drill=True)
    await updated(house, chain, drill)
    await updated(house, chain, drill, FollowUpKind.REPORT)
    await chain.stands(AUTHOR, drill.id)
    taken = [await house.outbox.take("us", 10)]
    while taken[-1]:
        for each in taken[-1]:
            await house.outbox.settle(each, Sent(each.id + 5000, each.target.id))
        taken.append(await house.outbox.take("us", 10))
    found = {(each.kind.value, each.priority) for some in taken for each in some}
    assert found == {("drill_update", Priority.DRILL), ("drill_report", Priority.DRILL)}
    message = CHECKER.check(await house.cap.export(drill.id)).message
    assert message is not None
    assert (message.status, message.msg_type) == (Status.EXERCISE, MsgType.UPDATE)


async def test_every_deed_is_on_record_and_has_its_words(house: House, chain: CrisisChain) -> None:
    alert = await told(house)
    begun = await chain.begin(AUTHOR, alert.id, FollowUpKind.UPDATE, WRITTEN)
    number = begun.follow_up.id
    await chain.write(AUTHOR, number, "fr", WRITTEN)
    await chain.confirm(AUTHOR, number, "3")
    await chain.decide(COLLEAGUE, number, AlertDeed.RETURN, "why")
    await chain.confirm(AUTHOR, number, "3")
    await chain.decide(COLLEAGUE, number, AlertDeed.APPROVE)
    again = await chain.begin(AUTHOR, alert.id, FollowUpKind.REPORT, REPORT)
    await chain.decide(COLLEAGUE, again.follow_up.id, AlertDeed.DISCARD)
    await chain.stands(AUTHOR, alert.id)
    async with house.database.read() as session:
        query = select(AuditEntry.action, AuditEntry.actor_id).order_by(AuditEntry.id)
        actions = [(action, who) for action, who in await session.execute(query)][3:]
    assert [action for action, _ in actions] == [
        "alert.follow_draft",
        "alert.follow_edit",
        "alert.follow_confirm",
        "alert.follow_return",
        "alert.follow_confirm",
        "alert.follow_approve",
        "alert.follow_draft",
        "alert.follow_discard",
        "alert.stands",
    ]
    assert all(action in DEEDS for action, _ in actions)
    assert {who for _, who in actions} == {AUTHOR.user_id, COLLEAGUE.user_id}
    assert {f"alert.follow_{deed.value}" for deed in AlertDeed} - {*DEEDS} == {
        "alert.follow_end",
        "alert.follow_cancel",
    }


async def test_the_log_has_what_each_message_said(house: House, chain: CrisisChain) -> None:
    alert = await told(house)
    await updated(house, chain, alert)
    await updated(house, chain, alert, FollowUpKind.REPORT)
    _, happened = await house.desk.log(AUTHOR, alert.id)
    found = {each.kind: each for each in happened if each.kind.startswith("message.")}
    assert {kind: dict(each.details) for kind, each in found.items()} == {
        "message.update": dict(WRITTEN),
        "message.report": dict(REPORT),
    }
    t = house.crisis.catalogues.translator("en")
    assert said(t, found["message.report"]) == f"Situation report by <@1>: {' · '.join(REPORT.values())}"


async def test_who_is_in_no_server_writes_nothing(house: House, chain: CrisisChain) -> None:
    alert = await told(house)
    nowhere = replace(NETWORK, server_id=None)
    with pytest.raises(Forbidden):
        await chain.begin(nowhere, alert.id, FollowUpKind.UPDATE, WRITTEN)
    with pytest.raises(Forbidden):
        await chain.stands(nowhere, alert.id)
    with pytest.raises(Refusal):
        await chain.get(99)
