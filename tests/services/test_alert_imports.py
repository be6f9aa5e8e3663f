"""What comes in from others: kept whole, told to coordinators, taken on once, kept up with by its Updates."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.domain.cap.values import Hazard, Message, MsgType, Severity
from bot.domain.crisis import Alert, AlertAudience, AlertDeed, AlertState
from bot.domain.crisis_cap import texts_of
from bot.domain.errors import Refusal
from bot.domain.outbox import DeliveryKind
from db.engine import Database
from db.tables import DeliveryRow
from tests.clock import SettableClock
from tests.domain.cap.files import CHECKER, GOOD, VALID, spoilt
from tests.services.crisis_house import AUTHOR, COLLEAGUE, ELSEWHERE, NETWORK, House, crisis_house

REFERENCE = "<references>desk@example.org,A-1,2026-11-25T02:00:00-00:00</references>"


@pytest.fixture
async def house(database: Database, clock: SettableClock) -> House:
    return await crisis_house(database, clock)


def read(data: bytes) -> Message:
    message = CHECKER.check(data).message
    assert message is not None
    return message


async def take_in(house: House, data: bytes) -> int:
    return (await house.cap.take_in(read(data), data)).alert_id


def following(kind: str, identifier: str, *changes: tuple[str, str]) -> bytes:
    """A message about the good one."""
    return spoilt(
        ("A-1", identifier),
        ("<msgType>Alert", f"<msgType>{kind}"),
        ("</scope>", f"</scope>{REFERENCE}"),
        *changes,
    )


async def told(house: House) -> list[tuple[int | None, int]]:
    """Who is told of what came in: the channel, and which message of the chain it is."""
    async with house.database.read() as session:
        rows = await session.execute(
            select(DeliveryRow.channel_id, DeliveryRow.payload)
            .where(DeliveryRow.kind == DeliveryKind.ALERT_IMPORT.value)
            .order_by(DeliveryRow.id)
        )
        return [(channel, payload["number"]) for channel, payload in rows]


@pytest.mark.parametrize(
    "data",
    [data for data in map(Path.read_bytes, VALID) if read(data).msg_type is MsgType.ALERT],
    ids=lambda data: read(data).identifier[:20],
)
async def test_category_languages_and_areas_are_kept(house: House, data: bytes) -> None:
    message = read(data)
    number = await take_in(house, data)
    alert = await house.crisis.get(number)
    assert read(await house.cap.export(number)) == message
    assert set(alert.texts) == {(info.language or "en").partition("-")[0].lower() for info in message.infos}
    assert alert.category is (message.infos[0].categories[0] if message.infos else Hazard.OTHER)
    for area in {area.description for info in message.infos for area in info.areas}:
        assert " ".join(area.split())[:30] in alert.place or alert.place.endswith("…")
    for language, text in alert.texts.items():
        assert texts_of(message)[language] == text


async def test_it_lasts_as_long_as_its_sender_says(house: House) -> None:
    expires = read(GOOD.encode()).infos[0].expires
    assert expires is not None
    house.clock.now = expires.replace(hour=expires.hour - 3)
    assert (await house.crisis.get(await take_in(house, GOOD.encode()))).hours == 3
    unsaid = spoilt(("A-1", "A-9"), ("<expires>2026-11-25T09:00:00+01:00</expires>", ""))
    assert (await house.crisis.get(await take_in(house, unsaid))).hours == 12


async def test_every_servers_coordinators_are_told_and_nobody_else(house: House) -> None:
    number = await take_in(house, GOOD.encode())
    assert await told(house) == [(9011, 1), (9021, 1), (9031, 1)]
    assert {kind for kind, _, _ in await house.states()} == {"alert_import"}
    news = await house.cap.news(number, 1)
    assert (news.first, news.msg_type, news.texts["fr"].event) == (True, MsgType.ALERT, "Crue")


async def test_of_two_who_take_it_on_the_first_has_it(house: House) -> None:
    number = await take_in(house, GOOD.encode())
    assert (await house.cap.adopt(AUTHOR, number)).author_id == AUTHOR.user_id
    with pytest.raises(Refusal) as refused:
        await house.cap.adopt(ELSEWHERE, number)
    assert refused.value.message_id == "crisis.not_imported"
    assert (await house.crisis.get(number)).server_id == AUTHOR.server_id


async def test_of_two_at_the_same_moment_one_has_it(house: House) -> None:
    number = await take_in(house, GOOD.encode())
    both = await asyncio.gather(
        house.cap.adopt(AUTHOR, number), house.cap.adopt(ELSEWHERE, number), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in both) == ["Alert", "Refusal"]
    (taken,) = [each for each in both if isinstance(each, Alert)]
    assert (await house.crisis.get(number)).author_id == taken.author_id


async def test_an_update_of_a_draft_is_what_it_says_now_and_its_server_alone_hears_of_it(house: House) -> None:
    number = await take_in(house, GOOD.encode())
    await house.cap.adopt(AUTHOR, number)
    update = following("Update", "A-2", ("<severity>Severe", "<severity>Extreme"), ("Crue", "Crue majeure"))
    assert await take_in(house, update) == number
    alert = await house.crisis.get(number)
    assert (alert.severity, alert.text("fr")[0].event, alert.author_id) == (Severity.EXTREME, "Crue majeure", 1)
    assert await told(house) == [(9011, 1), (9021, 1), (9031, 1), (9011, 2)]
    news = await house.cap.news(number, 2)
    assert (news.first, news.msg_type) == (False, MsgType.UPDATE)
    assert (await house.crisis.confirm(AUTHOR, number, "1")).frozen["fr"].event == "Crue majeure"


async def test_what_was_confirmed_stays_as_it_was(house: House) -> None:
    number = await take_in(house, GOOD.encode())
    await house.cap.adopt(AUTHOR, number)
    await house.crisis.confirm(AUTHOR, number, "1")
    await take_in(house, following("Update", "A-2", ("<severity>Severe", "<severity>Extreme")))
    alert = await house.crisis.get(number)
    assert (alert.state, alert.severity) == (AlertState.BROADCASTING, Severity.SEVERE)
    assert [kind for kind, _, _ in await house.states() if kind != "alert_import"] == ["alert"]


async def test_what_its_sender_called_off_is_not_taken_on(house: House) -> None:
    number = await take_in(house, GOOD.encode())
    await take_in(house, following("Cancel", "A-2"))
    with pytest.raises(Refusal) as refused:
        await house.cap.adopt(AUTHOR, number)
    assert refused.value.message_id == "alert_imports.called_off"


async def test_a_message_about_an_alert_of_ours_joins_it_and_changes_nothing(house: House) -> None:
    alert = await house.network()
    await house.crisis.decide(COLLEAGUE, alert.id, AlertDeed.APPROVE)
    ours = read(await house.cap.export(alert.id)).reference
    moment = f"{ours.sent:%Y-%m-%dT%H:%M:%S}-00:00"
    theirs = following("Update", "A-2").replace(
        REFERENCE.encode(), f"<references>{ours.sender},{ours.identifier},{moment}</references>".encode()
    )
    assert await take_in(house, theirs) == alert.id
    assert (await house.cap.news(alert.id, 2)).first is False
    assert (await house.crisis.get(alert.id)).severity is Severity.SEVERE
    assert await told(house) == [(9011, 2)]


async def test_no_import_goes_out_without_the_way_of_every_draft(house: House) -> None:
    number = await take_in(house, GOOD.encode())
    for actor in (AUTHOR, NETWORK):
        with pytest.raises(Refusal):
            await house.crisis.confirm(actor, number, "1")
        with pytest.raises(Refusal):
            await house.crisis.set(actor, number, hours=24)
    assert (await house.crisis.get(number)).audience is AlertAudience.SERVER
