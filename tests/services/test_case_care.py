"""What is asked and told as time goes by: once each, and nothing where nothing is new."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.domain.access import Actor
from bot.domain.case_content import CaseKind
from bot.domain.errors import Refusal
from bot.i18n import Catalogues
from bot.services.adaptations import AdaptationsService, Told
from bot.services.case_care import CaseCareService
from bot.services.cases import CasesService
from bot.services.hand_overs import HandOversService
from bot.services.members import MembersService
from db.tables import Case, DeliveryRow, Server
from tests.services.house import ANNA, LOCALES, SERVER
from tests.services.test_cases import BOB, COORDINATOR, WHOLE, cases, published

__all__ = ["cases"]
DAY = timedelta(days=1)


@pytest.fixture
async def care(cases: CasesService) -> CaseCareService:
    """The service, with Anna and Bob on record."""
    members = MembersService(cases.work, cases.clock, Catalogues.load(LOCALES), cases.topics, cases.gazetteer)
    for actor in (ANNA, BOB):
        await members.set_up(actor, "Lyon")
    return CaseCareService(
        cases.work, cases.topics, cases.clock, HandOversService(cases.work, cases.topics, cases.clock)
    )


async def later(care: CaseCareService, time: timedelta) -> list[str]:
    """Let time pass and look; the kinds of all deliveries about cases so far."""
    care._clock.advance(time)  # type: ignore[attr-defined]
    await care.run_due(care._clock())
    await care.run_due(care._clock())
    async with care._work.read() as session:
        kinds = await session.scalars(select(DeliveryRow.kind).order_by(DeliveryRow.id))
        return [kind for kind in kinds if kind not in {"case_submitted", "case_decided", "case_adapted"}]


async def payloads(care: CaseCareService) -> list[Any]:
    """What the digests hold."""
    async with care._work.read() as session:
        rows = await session.scalars(select(DeliveryRow.payload).where(DeliveryRow.kind == "case_digest"))
        return [row["cases"] for row in rows]


async def test_a_digest_at_most_once_a_day_and_never_empty(care: CaseCareService, cases: CasesService) -> None:
    topic, follows = await care.follows(BOB, "housing")
    assert not follows
    await care.follow(BOB, topic.id, 5)
    assert (await care.follows(BOB, "housing"))[1]
    assert await later(care, 2 * DAY) == []
    one = await published(cases)
    assert await later(care, timedelta(hours=1)) == ["case_digest"]
    two = await published(cases, title="Another one")
    assert await later(care, timedelta(hours=1)) == ["case_digest"]
    assert await later(care, DAY) == ["case_digest"] * 2
    assert await payloads(care) == [[one.id], [two.id]]
    await care.unfollow(BOB, topic.id)
    await published(cases, title="A third one")
    assert await later(care, 2 * DAY) == ["case_digest"] * 2


async def test_who_has_no_profile_cannot_follow(care: CaseCareService) -> None:
    with pytest.raises(Refusal, match=r"members\.no_profile"):
        await care.follows(Actor(5, "X", "en", is_member=True), "housing")


async def test_after_a_year_its_owner_is_asked_once_whether_it_holds(
    care: CaseCareService, cases: CasesService
) -> None:
    case = await published(cases)
    assert await later(care, 360 * DAY) == []
    assert await later(care, 10 * DAY) == ["case_verify"]
    assert await later(care, 30 * DAY) == ["case_verify"]
    await cases.confirm(ANNA, case.id)
    assert await later(care, 370 * DAY) == ["case_verify"] * 2


async def test_where_nobody_looks_after_it_the_coordinators_are_asked(
    care: CaseCareService, cases: CasesService
) -> None:
    await published(cases)
    async with cases.work.begin() as session:
        await session.execute(update(Case).values(owner_user_id=None))
        await session.execute(update(Server).where(Server.id == SERVER).values(coordinators_channel_id=77))
    assert await later(care, 370 * DAY) == ["case_verify"]
    assert await later(care, 30 * DAY) == ["case_verify"]
    async with cases.work.read() as session:
        told = await session.execute(select(DeliveryRow.channel_id).where(DeliveryRow.kind == "case_verify"))
        assert list(told.scalars()) == [77]


async def test_a_pilot_is_asked_about_at_its_day_and_can_grow(care: CaseCareService, cases: CasesService) -> None:
    draft = (await cases.start(ANNA, "housing", CaseKind.DEBRIEF)).case
    said = {name: WHOLE[name] for name in ("title", "summary", "city")}
    said |= dict.fromkeys(("expected", "happened", "why", "next", "pilot"), "Text")
    on = (cases.clock() + 40 * DAY).date().isoformat()
    await cases.save(ANNA, draft.id, {**said, "pilot_owner": "Ana", "pilot_on": on})
    await cases.submit(ANNA, draft.id)
    await cases.publish(COORDINATOR, draft.id)
    assert await later(care, 30 * DAY) == []
    assert await later(care, 11 * DAY) == ["case_pilot"]
    assert await later(care, 11 * DAY) == ["case_pilot"]
    grown = (await cases.grow(ANNA, draft.id)).case
    assert (await cases.grow(ANNA, draft.id)).case.id == grown.id
    assert (grown.content.kind, grown.title, grown.content.city) == (CaseKind.CASE, WHOLE["title"], "Lyon")
    with pytest.raises(Refusal):
        await cases.grow(BOB, draft.id)


async def test_an_adaptation_is_asked_about_after_six_months_and_twelve(
    care: CaseCareService, cases: CasesService
) -> None:
    case = await published(cases)
    adaptations = AdaptationsService(cases.work, cases.clock, cases.gazetteer)
    told = await adaptations.tell(BOB, case.id, Told("Porto", "", "The map", "The fee"))
    assert told.year == cases.clock().year
    kinds = [kind for kind in await later(care, 190 * DAY) if kind == "adaptation_asked"]
    assert len(kinds) == 1
    kinds = [kind for kind in await later(care, 190 * DAY) if kind == "adaptation_asked"]
    assert len(kinds) == 2
    with pytest.raises(Refusal):
        await adaptations.answer(ANNA, told.id, 6, "worked", "")
    assert (await adaptations.answer(BOB, told.id, 6, "failed", "No luck")).outcome == "failed"
    assert (await adaptations.answer(BOB, told.id, 12, "partly", "")).outcome == "partly"
    await adaptations.take_back(BOB, told.id)
    assert await adaptations.of_case(case.id) == ()
