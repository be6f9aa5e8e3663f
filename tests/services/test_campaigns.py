"""Campaigns as coordinators set them up: whose they are, what holds, what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from bot.domain.calendar import Shift, moment
from bot.domain.campaigns import (
    MONTHLY,
    Audience,
    AudienceKind,
    CampaignState,
    Purpose,
    QuestionType,
    Where,
    question,
)
from bot.domain.errors import Forbidden, Refusal
from bot.i18n import Catalogues
from bot.render.prompts import question_text
from bot.services.audiences import AudiencesService, token
from bot.services.campaign_editing import How
from bot.services.memberships import MembershipsService
from bot.services.topics import TopicsService
from bot.services.work import Work
from db.engine import Database
from db.tables import (
    AuditEntry,
    Campaign,
    CampaignQuestion,
    Expertise,
    HeldRole,
    Membership,
    Period,
    Response,
    ResponseAnswer,
)
from tests.clock import SettableClock
from tests.services.campaign_house import CHANNEL, COORDINATOR, NETWORK, SERVER, CampaignHouse
from tests.services.house import LOCALES, topics_file

OTHER = 900_000_000_000_000_002
CATALOGUES = Catalogues.load(LOCALES)


@pytest.fixture
async def house(database: Database, clock: SettableClock) -> CampaignHouse:
    house = CampaignHouse(database, clock, chunk=50)
    clock.now = datetime(2026, 3, 1, tzinfo=UTC)
    await house.add_server()
    await house.add("Ana")
    return house


async def test_only_those_who_coordinate_these_people(house: CampaignHouse) -> None:
    campaign = await house.campaign(on=False)
    with pytest.raises(Forbidden):
        await house.campaigns.create(COORDINATOR, "All", Audience(), whole_network=True)
    whole = await house.campaigns.create(NETWORK, "All", Audience(), whole_network=True)
    elsewhere = replace(COORDINATOR, server_id=OTHER)
    alumna = replace(COORDINATOR, is_server_coordinator=False)
    for actor, campaign_id in ((elsewhere, campaign.id), (alumna, campaign.id), (COORDINATOR, whole.id)):
        for deed in (
            house.campaigns.get(actor, campaign_id),
            house.campaigns.preview(actor, campaign_id),
            house.campaigns.switch(actor, campaign_id, on=True),
            house.campaigns.run(actor, campaign_id, 0),
            house.campaigns.delete(actor, campaign_id, 0),
            house.editing.rename(actor, campaign_id, "Mine"),
            house.editing.save_question(actor, campaign_id, question(QuestionType.TEXT, "Why?")),
        ):
            with pytest.raises(Forbidden):
                await deed
    assert [each.id for each in await house.campaigns.list(COORDINATOR)] == [campaign.id]
    assert [each.id for each in await house.campaigns.list(NETWORK)] == [campaign.id, whole.id]
    assert (await house.campaigns.get(NETWORK, campaign.id)).name == "Monthly"


async def test_a_server_asks_its_own_people_and_the_network_everybody(house: CampaignHouse) -> None:
    await house.add_server(OTHER, CHANNEL + 9)
    bo = await house.add("Bo", direct=False)
    async with house.database.begin() as session:
        await session.execute(
            insert(Membership).values(server_id=OTHER, member_id=bo, alumni=True, joined_at=house.clock())
        )
    await house.leave("Bo")
    async with house.database.begin() as session:
        await session.execute(
            Membership.__table__.update().where(Membership.server_id == OTHER).values(left_at=None)  # type: ignore[attr-defined]
        )
    here = await house.campaigns.create(COORDINATOR, "Here", Audience())
    whole = await house.campaigns.create(NETWORK, "All", Audience(), whole_network=True)
    assert (await house.campaigns.reach(COORDINATOR, here.id))[1].people == 1
    reach = (await house.campaigns.reach(NETWORK, whole.id))[1]
    assert (reach.direct, reach.channel, reach.nowhere) == (1, 1, 0)


@pytest.mark.parametrize(
    ("kind", "value", "people"),
    [
        (AudienceKind.COHORT, "SPRING 2024", 1),
        (AudienceKind.COHORT, "2023", 0),
        (AudienceKind.COUNTRY, "PT", 1),
        (AudienceKind.TOPIC, "housing", 1),
        (AudienceKind.ROLE, "5", 0),
        (AudienceKind.CITY, "nonsense", 0),
        (AudienceKind.EVERYONE, None, 2),
    ],
)
async def test_audiences(
    house: CampaignHouse, tmp_path: Path, kind: AudienceKind, value: str | None, people: int
) -> None:
    topics = TopicsService(Work(house.database), house.clock)
    await topics.synchronise(topics_file(tmp_path))
    porto = await house.add_city("Porto", "Europe/Lisbon", "PT")
    bo = await house.add("Bo", cohort="Spring 2024", city_id=porto)
    async with house.database.begin() as session:
        await session.execute(insert(Expertise).values(member_id=bo, topic_id="housing", level="expert", open=True))
    campaign = await house.campaign(Audience(kind, value), on=False)
    assert (await house.campaigns.reach(COORDINATOR, campaign.id))[1].people == people
    if kind is AudienceKind.CITY:
        city = await house.campaign(Audience(AudienceKind.CITY, str(porto)), on=False)
        assert (await house.campaigns.reach(COORDINATOR, city.id))[1].people == 1


async def test_audiences_by_name(house: CampaignHouse, tmp_path: Path) -> None:
    topics = TopicsService(Work(house.database), house.clock)
    await topics.synchronise(topics_file(tmp_path))
    service = AudiencesService(Work(house.database), topics, CATALOGUES)
    porto = await house.add_city("Porto", "Europe/Lisbon", "PT")
    await house.add("Bo", cohort="Spring 2024", city_id=porto)
    roles = {7: "Mentors"}
    for typed, expected in {
        "everyone": "everyone",
        "": "everyone",
        "spring 2024": "cohort:Spring 2024",
        "Portugal": "country:PT",
        "porto": f"city:{porto}",
        "mentors": "role:7",
        "Housing": "topic:housing",
        "topic:housing": "topic:housing",
        f"city:{porto}": f"city:{porto}",
    }.items():
        assert token(await service.understand(COORDINATOR, typed, roles)) == expected, typed
    for typed in ("Atlantis", "city:99999", "role:8", "topic:nothing", "country:XX", "cohort:", "x" * 5000):
        with pytest.raises(Refusal):
            await service.understand(COORDINATOR, typed, roles)
    offered = [token(each.audience) for each in await service.suggest(COORDINATOR, "", roles)]
    assert offered == ["everyone", "cohort:Spring 2024", "country:PT", f"city:{porto}", "role:7"]
    assert [each.name for each in await service.suggest(replace(COORDINATOR, language="fr"), "logem", roles)] == [
        "Logement"
    ]


async def test_the_preview_marks_clock_changes_and_counts_who_will_be_back(house: CampaignHouse) -> None:
    await house.add("Back in May", "America/New_York", paused_until=datetime(2026, 5, 1, tzinfo=UTC))
    await house.add("Tokyo", "Asia/Tokyo")
    await house.add("Osaka", "Asia/Tokyo")
    actor = replace(COORDINATOR, zone="Europe/Paris")
    campaign = await house.campaign(rule="FREQ=MONTHLY;BYDAY=-1SU", minute=150, on=False)
    preview = await house.campaigns.preview(actor, campaign.id)
    assert len(preview.runs) == 6
    assert [each.zone for each in preview.runs[0].times] == ["Europe/Paris", "Asia/Tokyo", "UTC"]
    assert [run.people for run in preview.runs] == [3, 3, 4, 4, 4, 4]
    march = preview.runs[0]
    assert march.day == date(2026, 3, 29)
    assert march.times[0].shift == Shift.SKIPPED
    assert march.times[1].shift == Shift.NONE
    assert march.times[0].at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    later = await house.campaigns.preview(
        actor, (await house.campaign(rule="FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", minute=150)).id
    )
    assert later.runs[0].times[0].shift == Shift.TWICE
    assert later.runs[0].times[0].at == moment(date(2026, 10, 25), 150, "Europe/Paris")


async def test_switching_on_wants_a_question_and_somebody_to_ask(house: CampaignHouse) -> None:
    campaign = await house.campaign(Audience(AudienceKind.COHORT, "nobody"), on=False)
    for expected in ("campaigns.nobody", "campaigns.no_questions"):
        for deed in (house.campaigns.switch(COORDINATOR, campaign.id, on=True), run_now(house, campaign.id)):
            with pytest.raises(Refusal) as refused:
                await deed
            assert refused.value.message_id == expected
        for asked in (await house.campaigns.get(COORDINATOR, campaign.id)).questions:
            await house.editing.drop_question(COORDINATOR, campaign.id, asked.id)


async def run_now(house: CampaignHouse, campaign_id: int) -> None:
    campaign = await house.campaigns.get(COORDINATOR, campaign_id)
    await house.campaigns.run(COORDINATOR, campaign_id, campaign.version)


async def test_a_run_by_hand_asks_everybody_at_once(house: CampaignHouse) -> None:
    await house.add("Niue", "Pacific/Niue")
    campaign = await house.campaign(on=False)
    await run_now(house, campaign.id)
    await house.planning.run_due(house.clock())
    assert [(who, at) for _, who, at in await house.deliveries()] == [("Ana", house.clock()), ("Niue", house.clock())]
    with pytest.raises(Refusal) as refused:
        await house.campaigns.run(COORDINATOR, campaign.id, campaign.version)
    assert refused.value.message_id == "campaigns.changed_meanwhile"
    await run_now(house, campaign.id)
    async with house.database.read() as session:
        assert sorted(await session.scalars(select(Period.number))) == [1, 2]


async def test_a_change_of_time_moves_the_next_day_and_never_repeats_one(house: CampaignHouse) -> None:
    campaign = await house.campaign()
    await house.jump(moment(date(2026, 3, 3), 570, "Europe/Paris"))
    changed = await house.editing.set_when(COORDINATOR, campaign.id, "first Tuesday", "23:00")
    assert changed.next_day == date(2026, 4, 7)
    changed = await house.editing.set_when(COORDINATOR, campaign.id, "every day", "23:00")
    assert (changed.next_day, changed.starts_on) == (date(2026, 3, 4), date(2026, 3, 3))
    paused = await house.campaigns.switch(COORDINATOR, campaign.id, on=False)
    assert (paused.state, paused.next_day, paused.next_at) == (CampaignState.PAUSED, None, None)


async def test_what_is_changed_holds_from_the_next_period_on(house: CampaignHouse) -> None:
    campaign = await house.campaign()
    await house.jump(moment(date(2026, 3, 3), 570, "Europe/Paris"))
    how = How(Where.CHANNEL, anonymous=True, remind_after_days="", open_days="20", late_hours="24")
    changed = await house.editing.set_how(COORDINATOR, campaign.id, how)
    assert (changed.where, changed.anonymous, changed.remind_after_days) == (Where.CHANNEL, True, None)
    async with house.database.read() as session:
        assert (await session.scalars(select(Period.anonymous))).all() == [False]


NO_NUMBERS = (
    *(("0", "14", "48"), ("x", "14", "48"), ("4", "", "48"), ("4", "91", "48"), ("4", "14", "5"), ("4", "1", "48")),
    *(("9" * 400, "14", "48"), ("4", "14", "-6"), ("4", "1.5", "48"), ("61", "14", "48")),
)


async def test_numbers_that_cannot_be(house: CampaignHouse) -> None:
    campaign = await house.campaign(on=False)
    for typed in NO_NUMBERS:
        with pytest.raises(Refusal):
            await house.editing.set_how(COORDINATOR, campaign.id, How(Where.DIRECT, False, *typed))
    assert (await house.campaigns.get(COORDINATOR, campaign.id)).version == campaign.version


async def test_questions_come_and_go_and_what_was_answered_stays(house: CampaignHouse) -> None:
    campaign = await house.campaign()
    await house.jump(moment(date(2026, 3, 3), 570, "Europe/Paris"))
    for number in range(4):
        campaign = await house.editing.save_question(
            COORDINATOR, campaign.id, question(QuestionType.TEXT, f"Q{number}?")
        )
    with pytest.raises(Refusal) as refused:
        await house.editing.save_question(COORDINATOR, campaign.id, question(QuestionType.TEXT, "Sixth?"))
    assert refused.value.message_id == "campaigns.too_many_questions"
    first, second = campaign.questions[:2]
    async with house.database.begin() as session:
        period_id = await session.scalar(select(Period.id))
        values = {"campaign_id": campaign.id, "period_id": period_id, "late": False, "prompted": True}
        response = await session.scalar(insert(Response).values(**values).returning(Response.id))
        for asked in (first, second):
            row = {"response_id": response, "question_id": asked.id, "text": "Well"}
            await session.execute(insert(ResponseAnswer).values(**row))
    again = await house.editing.save_question(
        COORDINATOR, campaign.id, question(QuestionType.SCALE, "Better?"), second.id
    )
    assert [each.text for each in again.questions] == [None, "Better?", "Q1?", "Q2?", "Q3?"]
    less = await house.editing.drop_question(COORDINATOR, campaign.id, again.questions[2].id)
    assert [each.text for each in less.questions] == [None, "Better?", "Q2?", "Q3?"]
    with pytest.raises(Refusal) as gone:
        await house.editing.drop_question(COORDINATOR, campaign.id, second.id)
    assert gone.value.message_id == "campaigns.question_gone"
    async with house.database.read() as session:
        kept = select(CampaignQuestion.text, CampaignQuestion.retired_at.is_not(None)).order_by(CampaignQuestion.id)
        assert ("Q0?", True) in [tuple(row) for row in await session.execute(kept)]


async def test_a_role_is_for_its_server_alone(house: CampaignHouse) -> None:
    role = Audience(AudienceKind.ROLE, "7")
    with pytest.raises(Refusal):
        await house.campaigns.create(NETWORK, "All", role, whole_network=True)
    whole = await house.campaigns.create(NETWORK, "All", Audience(), whole_network=True)
    with pytest.raises(Refusal):
        await house.editing.set_audience(NETWORK, whole.id, role)


async def test_of_roles_only_those_that_are_an_audience_are_kept(house: CampaignHouse) -> None:
    memberships = MembershipsService(Work(house.database), house.clock)
    user_id = 100_000_000_000_000_001

    async def held() -> list[int]:
        async with house.database.read() as session:
            return sorted(await session.scalars(select(HeldRole.role_id)))

    await memberships.present(SERVER, {user_id: frozenset({7, 8})})
    assert await held() == []
    campaign = await house.campaign(Audience(AudienceKind.ROLE, "7"), on=False)
    for roles, kept in (({7, 8}, [7]), ({8}, []), ({7}, [7])):
        await memberships.present(SERVER, {user_id: frozenset(roles)})
        assert await held() == kept
    assert (await house.campaigns.reach(COORDINATOR, campaign.id))[1].people == 1
    await memberships.gone(SERVER, [user_id])
    assert await held() == []
    await memberships.present(SERVER, {user_id: frozenset({7})})
    await house.campaigns.delete(COORDINATOR, campaign.id, campaign.version)
    assert await held() == []


async def test_there_are_not_too_many(house: CampaignHouse) -> None:
    for number in range(25):
        await house.campaigns.create(COORDINATOR, f"C{number}", Audience())
    with pytest.raises(Refusal) as refused:
        await house.campaigns.create(COORDINATOR, "One more", Audience())
    assert refused.value.message_id == "campaigns.too_many"


async def test_everything_is_noted_and_deleting_takes_it_all(house: CampaignHouse) -> None:
    campaign = await house.campaign()
    await house.jump(moment(date(2026, 3, 3), 570, "Europe/Paris"))
    _, prompts, responses = await house.campaigns.what_goes(COORDINATOR, campaign.id)
    assert (prompts, responses) == (1, 0)
    await house.campaigns.delete(COORDINATOR, campaign.id, campaign.version)
    async with house.database.read() as session:
        for table in (Campaign, CampaignQuestion, Period):
            assert (await session.scalars(select(table.id))).all() == []
        noted = select(AuditEntry.action, AuditEntry.server_id, AuditEntry.actor_id).order_by(AuditEntry.id)
        assert [tuple(row) for row in await session.execute(noted)] == [
            (f"campaign.{deed}", SERVER, COORDINATOR.user_id) for deed in ("create", "switch", "delete")
        ]
    with pytest.raises(Refusal):
        await house.campaigns.get(COORDINATOR, campaign.id)


@pytest.mark.parametrize(
    ("type_", "text", "options", "refused"),
    [
        (QuestionType.TEXT, "", "", "text.empty"),
        (QuestionType.TEXT, "x" * 46, "", "text.too_long"),
        (QuestionType.TEXT, "Fine?", "a\nb", "campaigns.options_for_choice"),
        (QuestionType.CHOICE, "Which?", "a", "campaigns.options_number"),
        (QuestionType.CHOICE, "Which?", "\n".join(map(str, range(26))), "campaigns.options_number"),
        (QuestionType.CHOICE, "Which?", "a\nA", "campaigns.option_twice"),
        (QuestionType.CHOICE, "Which?", "a\n" + "b" * 101, "text.too_long"),
    ],
)
def test_questions_that_a_form_cannot_hold(type_: QuestionType, text: str, options: str, refused: str) -> None:
    with pytest.raises(Refusal) as found:
        question(type_, text, options=options)
    assert found.value.message_id == refused


@pytest.mark.parametrize("language", CATALOGUES.languages)
def test_the_questions_that_ship_fit_a_form_in_every_language(language: str) -> None:
    t = CATALOGUES.translator(language)
    assert [each.purpose for each in MONTHLY] == list(Purpose)
    assert all(0 < len(question_text(t, each)) <= 45 for each in MONTHLY)
    assert len(t("campaigns.monthly_name")) <= 45
