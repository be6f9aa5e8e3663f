"""Alerts through the services and the outbox: approved, consented, ended in order, accounted for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.cap.values import Message, MsgType, Severity, Status
from bot.domain.crisis import AlertAudience, AlertDeed, AlertState
from bot.domain.crisis_answers import AlertAnswer, HelpKind
from bot.domain.crisis_consent import Consent
from bot.domain.errors import Forbidden, Refusal
from bot.domain.outbox import Again, DeliveryKind, Priority, Refused, Sent
from db.engine import Database
from db.tables import AlertMessage, AuditEntry
from tests.clock import SettableClock
from tests.domain.cap.files import CHECKER, GOOD, VALID, spoilt
from tests.services.crisis_house import AUTHOR, COLLEAGUE, ELSEWHERE, HOME, NETWORK, House, crisis_house


@pytest.fixture
async def house(database: Database, clock: SettableClock) -> House:
    return await crisis_house(database, clock)


async def test_beyond_her_own_server_a_second_person_approves(house: House) -> None:
    alert = await house.network()
    assert alert.state is AlertState.PENDING
    assert await house.speak() == []
    for actor in (AUTHOR, ELSEWHERE):
        with pytest.raises(Forbidden):
            await house.crisis.decide(actor, alert.id, AlertDeed.APPROVE)
    done = await house.crisis.decide(COLLEAGUE, alert.id, AlertDeed.APPROVE)
    assert (done.state, done.approved_by) == (AlertState.BROADCASTING, COLLEAGUE.user_id)
    assert await house.speak() == [("alert", 9010), ("alert", 9020), ("alert", 9030)]


async def test_within_her_own_server_the_typed_number_is_enough(house: House) -> None:
    alert = await house.crisis.draft(AUTHOR, "Bridge closed", AlertAudience.SERVER, drill=False)
    with pytest.raises(Refusal) as refused:
        await house.crisis.confirm(AUTHOR, alert.id, "2")
    assert refused.value.message_id == "crisis.other_count"
    assert (await house.crisis.confirm(AUTHOR, alert.id, "1")).state is AlertState.BROADCASTING
    assert await house.speak() == [("alert", 9010)]


async def test_texts_stand_ready_in_every_language_and_fall_back_to_the_authors(house: House) -> None:
    alert = house.crisis.spoken(await house.crisis.draft(AUTHOR, "flood", AlertAudience.NETWORK, drill=False))
    assert alert.text("es")[0].headline == "Inundación: Lyon"
    assert alert.text("es")[1] is False
    written = {"headline": "Crue du Rhône", "description": "Le quai est fermé.", "instruction": "Montez."}
    alert = await house.crisis.write(AUTHOR, alert.id, "fr", written)
    assert alert.text("es") == (alert.text("fr")[0], True)
    with pytest.raises(Forbidden):
        await house.crisis.write(COLLEAGUE, alert.id, "fr", written)


async def test_what_was_confirmed_is_not_changed_any_more(house: House) -> None:
    alert = await house.sent()
    with pytest.raises(Refusal):
        await house.crisis.write(AUTHOR, alert.id, "fr", {"headline": "x", "description": "x", "instruction": "x"})
    with pytest.raises(Refusal):
        await house.crisis.set(AUTHOR, alert.id, severity=Severity.MINOR)
    with pytest.raises(Refusal):
        await house.crisis.confirm(AUTHOR, alert.id, "3")


async def test_a_server_that_withdraws_its_consent_is_dropped_and_shown(house: House) -> None:
    alert = await house.sent()
    await house.desk.set_consent(ELSEWHERE, Consent(takes_part=False))
    await house.speak()
    assert [state for _, _, state in await house.states()] == ["sent", "cancelled", "sent"]
    told = {each.server_name: each.why for each in (await house.desk.progress(alert)).told}
    assert told["S902"] == "no_consent"


async def test_a_false_alarm_goes_first_to_everybody_who_was_told_or_may_have_been(house: House) -> None:
    alert = await house.sent()
    (first, second) = await house.outbox.take("us", 2)
    await house.outbox.settle(first, Sent(77, 9010))
    await house.outbox.settle(second, Again(house.clock() + timedelta(minutes=10), house.clock(), "timed_out"))
    await house.crisis.decide(NETWORK, alert.id, AlertDeed.CANCEL)
    assert [each for each in await house.states() if each[2] == "cancelled"] == [("alert", 9030, "cancelled")]
    # What is in doubt is not waited for: it is looked for at once, no longer said, and settled before its end follows.
    assert await house.speak() == [("alert", 9020), ("alert_cancel", 9010)]
    assert await house.speak() == [("alert_cancel", 9020)]
    assert (await house.states())[1] == ("alert", 9020, "cancelled")
    assert await house.speak() == []
    assert {each for each in await house.states() if each[0] == "alert_cancel"} == {
        ("alert_cancel", 9010, "sent"),
        ("alert_cancel", 9020, "sent"),
    }
    assert first.priority is Priority.ALERT


async def test_after_a_false_alarm_an_all_clear_in_doubt_is_not_said_any_more(house: House) -> None:
    alert = await house.sent()
    await house.speak()
    await house.crisis.decide(COLLEAGUE, alert.id, AlertDeed.END)
    (first, *others) = await house.outbox.take("us", 3)
    await house.outbox.settle(first, Again(house.clock() + timedelta(minutes=1), house.clock(), "timed_out"))
    for each in others:
        await house.outbox.settle(each, Sent(each.id, each.target.id))
    await house.crisis.decide(COLLEAGUE, alert.id, AlertDeed.CANCEL)
    await house.speak()
    await house.speak()
    assert [state for kind, _, state in await house.states() if kind == "alert_end"] == ["cancelled", "sent", "sent"]
    assert [state for kind, _, state in await house.states() if kind == "alert_cancel"] == ["sent"] * 3


async def test_nobody_hears_of_the_end_of_what_never_reached_her(house: House) -> None:
    alert = await house.sent()
    await house.speak(Refused(50001, 1))
    await house.crisis.decide(COLLEAGUE, alert.id, AlertDeed.END)
    assert await house.speak() == []


async def test_after_the_end_the_first_messages_say_so_once_the_end_was_told(house: House) -> None:
    alert = await house.sent()
    await house.speak()
    await house.crisis.decide(COLLEAGUE, alert.id, AlertDeed.END)
    assert await house.desk.to_edit() == []
    assert len(await house.speak()) == 3
    assert {each.channel_id for each in await house.desk.to_edit()} == {9010, 9020, 9030}
    for each in await house.desk.to_edit():
        await house.desk.edited(each.alert.id, each.channel_id)
    assert await house.desk.to_edit() == []
    await house.crisis.decide(COLLEAGUE, alert.id, AlertDeed.CANCEL)
    await house.speak()
    assert len(await house.desk.to_edit()) == 3


async def test_one_network_coordinator_may_go_on_alone_with_a_reason_told_to_all(house: House) -> None:
    alert = await house.network()
    with pytest.raises(Refusal):
        await house.crisis.decide(NETWORK, alert.id, AlertDeed.OVERRIDE, "Water is in the hospital")
    house.clock.advance(timedelta(minutes=2))
    with pytest.raises(Refusal):
        await house.crisis.decide(NETWORK, alert.id, AlertDeed.OVERRIDE, " ")
    done = await house.crisis.decide(NETWORK, alert.id, AlertDeed.OVERRIDE, "Water is in the hospital")
    assert (done.state, done.reason) == (AlertState.BROADCASTING, "Water is in the hospital")
    kinds = [kind for kind, _, _ in await house.states()]
    assert kinds.count("alert_override") == 3


async def test_what_is_returned_is_written_anew_and_confirmed_again(house: House) -> None:
    alert = await house.network()
    returned = await house.crisis.decide(COLLEAGUE, alert.id, AlertDeed.RETURN, "Say which quay")
    assert (returned.state, returned.reason) == (AlertState.RETURNED, "Say which quay")
    written = {"headline": "Crue du Rhône", "description": "Quai Victor.", "instruction": "Montez."}
    again = await house.crisis.write(AUTHOR, alert.id, "fr", written)
    assert again.text("fr")[0].description == "Quai Victor."
    assert (await house.crisis.confirm(AUTHOR, alert.id, "3")).state is AlertState.PENDING
    done = await house.crisis.decide(COLLEAGUE, alert.id, AlertDeed.APPROVE)
    assert done.frozen["fr"].description == "Quai Victor."
    assert len(await house.speak()) == 3


async def test_a_drill_has_kinds_and_a_priority_of_its_own(house: House) -> None:
    alert = await house.sent(drill=True)
    taken = await house.outbox.take("us", 10)
    assert {(each.kind, each.priority) for each in taken} == {(DeliveryKind.DRILL, Priority.DRILL)}
    for each in taken:
        await house.outbox.settle(each, Sent(each.id, each.target.id))
    with pytest.raises(Refusal):
        await house.crisis.decide(COLLEAGUE, alert.id, AlertDeed.CANCEL)
    await house.crisis.decide(COLLEAGUE, alert.id, AlertDeed.END)
    assert {kind for kind, _ in await house.speak()} == {"drill_end"}
    assert [each.id for each in await house.desk.recent(AUTHOR, drill=False)] == []
    assert [each.id for each in await house.desk.recent(AUTHOR, drill=True)] == [alert.id]


async def test_an_alert_that_expires_is_over(house: House) -> None:
    alert = await house.sent()
    await house.speak()
    assert await house.crisis.run_due(house.clock()) == alert.expires_at
    house.clock.advance(timedelta(hours=13))
    await house.crisis.run_due(house.clock())
    assert (await house.crisis.get(alert.id)).state is AlertState.COMPLETED
    assert await house.speak() == []
    assert await house.desk.to_edit() == []  # nobody gave the all-clear
    with pytest.raises(Forbidden):
        await house.desk.log(ELSEWHERE, alert.id)


async def test_answers_count_for_the_person_and_her_city(house: House) -> None:
    alert = await house.sent()
    await house.speak()
    assert await house.desk.receive(COLLEAGUE, alert.id)
    assert not await house.desk.receive(COLLEAGUE, alert.id)
    assert await house.desk.receive(ELSEWHERE, alert.id)
    await house.desk.help(ELSEWHERE, alert.id, AlertAnswer.NEED, what=HelpKind.PUMPS, quantity="4", place="Quai")
    progress = await house.desk.progress(alert)
    assert progress.received == {"Lyon": 1, "S902": 1}
    assert [(each.what, each.quantity, each.place) for each in progress.helps] == [(HelpKind.PUMPS, "4", "Quai")]
    assert await house.desk.next_card() is None  # no card was put up
    await house.crisis.put_card(alert.id, 1, 2)
    await house.desk.receive(AUTHOR, alert.id)
    house.clock.advance(timedelta(seconds=4))
    until = house.clock() + timedelta(seconds=30)
    assert [each.id for each in await house.desk.take_cards(until)] == [alert.id]
    await house.crisis.decide(AUTHOR, alert.id, AlertDeed.CANCEL)
    with pytest.raises(Refusal):
        await house.desk.receive(NETWORK, alert.id)


async def test_the_log_has_every_deed_delivery_and_answer(house: House) -> None:
    alert = await house.sent()
    await house.speak()
    await house.desk.receive(COLLEAGUE, alert.id)
    await house.crisis.decide(AUTHOR, alert.id, AlertDeed.CANCEL)
    _, happened = await house.desk.log(NETWORK, alert.id)
    kinds = [each.kind for each in happened]
    for expected in (
        "alert.draft",
        "alert.confirm",
        "alert.approve",
        "alert.cancel",
        "delivery.alert.sent",
        "answer.received",
    ):
        assert expected in kinds
    async with house.database.read() as session:
        actions = list(await session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
    assert actions == ["alert.draft", "alert.confirm", "alert.approve", "alert.cancel"]


async def test_every_message_of_the_chain_is_valid_cap(house: House) -> None:
    alert = await house.sent()
    await house.speak()
    house.clock.advance(timedelta(minutes=5))
    await house.crisis.decide(AUTHOR, alert.id, AlertDeed.END)
    house.clock.advance(timedelta(minutes=5))
    await house.crisis.decide(AUTHOR, alert.id, AlertDeed.CANCEL)
    chain = [valid(await house.cap.export(alert.id, number)) for number in (1, 2, 3)]
    assert [each.msg_type for each in chain] == [MsgType.ALERT, MsgType.UPDATE, MsgType.CANCEL]
    assert chain[2].references == (chain[0].reference, chain[1].reference)
    assert chain[2].note is not None
    assert "envoyée par erreur" in chain[2].note
    assert {info.language for info in chain[0].infos} == {"en", "es", "fr"}
    assert valid(await house.cap.export(alert.id)) == chain[2]
    drill = await house.sent(drill=True)
    assert valid(await house.cap.export(drill.id)).status is Status.EXERCISE
    draft = await house.crisis.draft(AUTHOR, "storm", AlertAudience.CITY, drill=False)
    assert valid(await house.cap.export(draft.id)).status is Status.DRAFT


def valid(document: bytes) -> Message:
    report = CHECKER.check(document)
    assert report.message is not None, report.findings
    assert not [each for each in report.findings if each.gravity != "note"]
    return report.message


async def take_in(house: House, data: bytes) -> int:
    message = CHECKER.check(data).message
    assert message is not None
    return (await house.cap.take_in(message, data)).alert_id


@pytest.mark.parametrize("file", [file for file in VALID if "update" not in file.stem], ids=lambda file: file.stem)
async def test_alerts_of_others_come_in_with_nothing_lost_and_are_never_broadcast(house: House, file: object) -> None:
    data = file.read_bytes()  # type: ignore[attr-defined]
    message = CHECKER.check(data).message
    assert message is not None
    if message.msg_type is not MsgType.ALERT:
        with pytest.raises(Refusal):
            await house.cap.take_in(message, data)
        return
    number = await take_in(house, data)
    assert CHECKER.check(await house.cap.export(number)).message == message
    alert = await house.crisis.get(number)
    assert (alert.state, alert.server_id) == (AlertState.DRAFT, None)
    assert alert.drill is (message.status is not Status.ACTUAL)
    assert {kind for kind, _, _ in await house.states()} == {"alert_import"}
    with pytest.raises(Refusal):
        await house.cap.take_in(message, data)


async def test_an_import_is_taken_on_and_goes_the_way_of_every_draft(house: House) -> None:
    number = await take_in(house, GOOD.encode())
    with pytest.raises(Forbidden):
        await house.crisis.confirm(AUTHOR, number, "1")
    assert [each.id for each in await house.desk.recent(AUTHOR, drill=False, imported=True)] == [number]
    alert = await house.cap.adopt(AUTHOR, number)
    assert (alert.author_id, alert.server_id) == (AUTHOR.user_id, HOME)
    with pytest.raises(Refusal):
        await house.cap.adopt(NETWORK, number)
    assert (await house.crisis.confirm(AUTHOR, number, "1")).state is AlertState.BROADCASTING
    assert await house.cap.export(number) == GOOD.encode()


async def test_updates_and_cancels_attach_to_their_chain(house: House) -> None:
    number = await take_in(house, GOOD.encode())
    reference = "<references>desk@example.org,A-1,2026-11-25T02:00:00-00:00</references>"
    update = spoilt(("A-1", "A-2"), ("<msgType>Alert", "<msgType>Update"), ("</scope>", f"</scope>{reference}"))
    assert await take_in(house, update) == number
    assert await house.cap.export(number) == update
    unknown = reference.replace("A-1", "B-1")
    stranger = spoilt(("A-1", "B-2"), ("<msgType>Alert", "<msgType>Cancel"), ("</scope>", f"</scope>{unknown}"))
    with pytest.raises(Refusal) as refused:
        await take_in(house, stranger)
    assert refused.value.message_id == "crisis.import_unknown"
    async with house.database.read() as session:
        assert len(list(await session.scalars(select(AlertMessage.id)))) == 2


async def test_what_happens_while_a_card_is_changed_changes_it_once_more(house: House) -> None:
    alert = await house.sent()
    await house.crisis.put_card(alert.id, 1, 2)
    until = house.clock() + timedelta(seconds=30)
    assert [each.id for each in await house.desk.take_cards(until)] == [alert.id]
    assert await house.desk.take_cards(until) == []
    await house.desk.receive(COLLEAGUE, alert.id)  # while the card is on its way to Discord
    await house.desk.card_done(alert, until)
    assert await house.desk.next_card() == house.clock() + timedelta(seconds=3)
    house.clock.advance(timedelta(seconds=3))
    until = house.clock() + timedelta(seconds=30)
    await house.desk.take_cards(until)
    assert await house.desk.next_card() == until  # after a crash in between it is done again
    await house.desk.card_done(alert, until)
    assert await house.desk.next_card() is None


async def test_going_on_alone_is_offered_on_the_card_after_two_minutes(house: House) -> None:
    alert = await house.network()
    await house.crisis.put_card(alert.id, 1, 2)
    later = house.clock() + timedelta(minutes=2)
    assert await house.desk.next_card() == later
    assert (await house.desk.standing(alert))[2] is False
    await house.desk.set_consent(NETWORK, Consent(takes_part=False))
    until = house.clock() + timedelta(seconds=30)
    assert [each.id for each in await house.desk.take_cards(until)] == [alert.id]
    await house.desk.card_done(alert, until)
    assert await house.desk.next_card() == later
    house.clock.advance(timedelta(minutes=2))
    assert (await house.desk.standing(alert))[2] is True
