"""A case from draft to withdrawal, on both engines."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from bot.domain.access import Actor
from bot.domain.case_content import CaseKind, CaseNeed, CaseSection
from bot.domain.case_files import read_file
from bot.domain.cases import Case, CaseState, Deed
from bot.domain.cities import Gazetteer, PopulationBand
from bot.domain.errors import Forbidden, Refusal
from bot.domain.experts import ReasonKind
from bot.domain.members import Level
from bot.i18n import Catalogues
from bot.services.adaptations import AdaptationsService, Told
from bot.services.cases import CasesService
from bot.services.experts import ExpertsService
from bot.services.members import MembersService
from bot.services.memberships import MembershipsService
from bot.services.topics import TopicsService
from bot.services.work import Work
from db.engine import Database
from db.tables import AuditEntry, CaseFile, CaseMirror, CasePost, Server
from db.tables import Case as CaseTable
from tests.clock import SettableClock
from tests.services.house import ANNA, CITIES, LOCALES, SERVER, somebody, topics_file

COORDINATOR = somebody(1, "Chloé", is_server_coordinator=True)
OTHER = somebody(2, "Olek", is_server_coordinator=True)
BOB = somebody(3, "Bob")
WHOLE: Mapping[str, str] = {
    "title": "Stormwater fees by roof area",
    "summary": "What a fee by sealed surface changed in three years.",
    "topics": "stormwater-fees; Housing",
    "city": "Lyon",
    "language": "fr",
    "status": "running",
    "outcome": "partly",
    "start_year": "2021",
    "cost": "to_100k",
    "duration": "to_3_years",
    "before": "Sewers overflowed.",
    "done": "We measured every roof with the cadastre.",
    "results": "12 % less run-off.",
    "failed": "Churches were charged. We would exempt them first.",
    "conditions": "A law that allows the fee.",
    "adapt": "Keep the map; change the tariff.",
}


@pytest.fixture
async def cases(database: Database, clock: SettableClock, tmp_path: Path) -> CasesService:
    """The service over an empty database with one joined server."""
    work = Work(database)
    topics = TopicsService(work, clock)
    await topics.synchronise(topics_file(tmp_path))
    async with database.begin() as session:
        for server_id, forum in ((SERVER, 1), (SERVER + 1, 2), (SERVER + 2, None)):
            await session.execute(
                insert(Server).values(id=server_id, name="Lyon", language="fr", joined_at=clock(), cases_forum_id=forum)
            )
        for server_id in (SERVER + 1, SERVER + 2):
            await session.execute(insert(CaseMirror).values(server_id=server_id, since=clock()))
    return CasesService(work, topics, clock, Gazetteer(CITIES))


async def whole(cases: CasesService, actor: Actor = ANNA, **typed: str) -> Case:
    """A draft that lacks nothing."""
    started = await cases.start(actor, "Stormwater fees")
    return await cases.save(actor, started.case.id, {**WHOLE, **typed})


async def published(cases: CasesService, actor: Actor = ANNA, **typed: str) -> Case:
    """A case that coordinators published."""
    draft = await whole(cases, actor, **typed)
    await cases.submit(actor, draft.id)
    return await cases.publish(COORDINATOR, draft.id)


async def count(cases: CasesService, table: type, *where: object) -> int:
    """Rows of a table."""
    async with cases.work.read() as session:
        return int(await session.scalar(select(func.count()).select_from(table).where(*where)) or 0)  # type: ignore[arg-type]


async def test_a_draft_begins_with_its_topic_and_lists_what_it_lacks(cases: CasesService) -> None:
    started = await cases.start(ANNA, "stormwater fee")
    assert started.case.content.topics == ("stormwater-fees",)
    assert started.offered == ()
    with pytest.raises(Refusal, match=r"cases\.incomplete") as refused:
        await cases.submit(ANNA, started.case.id)
    assert CaseNeed.FAILED in refused.value.parameters["needs"]  # type: ignore[operator]
    assert CaseNeed.LANGUAGE not in refused.value.parameters["needs"]  # type: ignore[operator]


async def test_an_unclear_topic_is_asked_about(cases: CasesService) -> None:
    started = await cases.start(ANNA, "xyzzy")
    assert started.case.content.topics == ()


async def test_every_step_is_saved_in_any_order(cases: CasesService) -> None:
    draft = (await cases.start(ANNA, "housing")).case
    for name in reversed(list(WHOLE)):
        draft = await cases.save(ANNA, draft.id, {name: WHOLE[name]})
    assert draft.content.population is PopulationBand.LARGE_CITY
    assert (draft.content.city, draft.content.country) == ("Lyon", "FR")
    assert draft.content.topics == ("stormwater-fees", "housing")
    assert (await cases.submit(ANNA, draft.id)).state is CaseState.SUBMITTED
    (mine,) = await cases.mine(ANNA)
    assert mine.id == draft.id


async def test_a_field_is_cleared_and_a_city_may_stay_unnamed(cases: CasesService) -> None:
    draft = await whole(cases)
    draft = await cases.save(ANNA, draft.id, {"summary": " ", "failed": "", "city": "", "named": "nameless"})
    assert (draft.content.summary, draft.content.city, draft.content.nameless_city) == (None, None, True)
    assert CaseSection.FAILED not in draft.content.texts


@pytest.mark.parametrize(
    ("name", "text", "refusal"),
    [
        ("title", "x" * 101, "text.too_long"),
        ("before", "x" * 1001, "text.too_long"),
        ("start_year", "next year", "cases.year_unknown"),
        ("start_year", "１９９９", "cases.year_unknown"),
        ("city", "Nowhere at all", "members.city_unknown"),
        ("topics", "xyzzy", "cases.topic_unknown"),
        ("language", "klingon", "experts.language_unknown"),
        ("links", "javascript:alert(1)", "cases.link_wrong"),
        ("links", "https://user@", "cases.link_wrong"),
        ("links", " ".join(f"https://example.org/{n}" for n in range(6)), "cases.too_many_links"),
        ("pilot_on", "31/12/2027", "cases.date_unknown"),
        ("status", "dreaming", "cases.field_wrong"),
    ],
)
async def test_a_wrong_field_changes_nothing(cases: CasesService, name: str, text: str, refusal: str) -> None:
    draft = await whole(cases)
    with pytest.raises(Refusal, match=refusal):
        await cases.save(ANNA, draft.id, {"summary": "New", name: text})
    assert (await cases.get(ANNA, draft.id)).content == draft.content


async def test_only_its_owner_sees_and_changes_a_draft(cases: CasesService) -> None:
    draft = await whole(cases)
    with pytest.raises(Refusal, match=r"cases\.unknown"):
        await cases.get(BOB, draft.id)
    with pytest.raises(Forbidden):
        await cases.save(BOB, draft.id, {"title": "Mine"})
    with pytest.raises(Forbidden):
        await cases.discard(COORDINATOR, draft.id)
    await cases.discard(ANNA, draft.id)
    assert await cases.mine(ANNA) == ()


async def test_published_it_stands_at_home_and_where_it_is_wanted(cases: CasesService) -> None:
    case = await published(cases)
    assert case.state is CaseState.PUBLISHED
    assert case.verify_by is not None
    assert (case.verify_by.year, case.verify_by.month) == (case.verify_by.year, cases.clock().month)
    async with cases.work.read() as session:
        posts = set(await session.scalars(select(CasePost.server_id)))
    assert posts == {SERVER, SERVER + 1}
    (entry,) = await _audit(cases)
    assert (entry.action, entry.actor_id) == ("case.publish", COORDINATOR.user_id)


async def _audit(cases: CasesService) -> list[Any]:
    async with cases.work.read() as session:
        return list((await session.execute(select(*AuditEntry.__table__.columns))).all())


async def test_two_coordinators_decide_and_the_first_has_decided(cases: CasesService) -> None:
    draft = await whole(cases)
    await cases.submit(ANNA, draft.id)
    await cases.send_back(COORDINATOR, draft.id, "Say more of what failed.")
    for late in (cases.publish(OTHER, draft.id), cases.reject(OTHER, draft.id, "No")):
        with pytest.raises(Refusal, match=r"cases\.decided_already"):
            await late
    (mine,) = await cases.mine(ANNA)
    assert (mine.state, mine.comment) == (CaseState.RETURNED, "Say more of what failed.")
    await cases.submit(ANNA, draft.id)
    assert [one.id for one in await cases.queue(OTHER)] == [draft.id]
    assert (await cases.reject(OTHER, draft.id, "It is an advertisement.")).state is CaseState.REJECTED


async def test_who_may_decide(cases: CasesService) -> None:
    draft = await whole(cases)
    await cases.submit(ANNA, draft.id)
    elsewhere = replace(COORDINATOR, server_id=SERVER + 1)
    for nobody in (ANNA, BOB, elsewhere):
        with pytest.raises(Forbidden):
            await cases.publish(nobody, draft.id)
    assert await cases.queue(elsewhere) == ()
    with pytest.raises(Refusal, match=r"cases\.not_now"):
        await cases.save(ANNA, draft.id, {"title": "Quickly"})
    assert (await cases.recall(ANNA, draft.id)).state is CaseState.DRAFT


async def test_a_coordinator_leaves_her_own_case_to_the_others_for_a_week(cases: CasesService) -> None:
    draft = await whole(cases, COORDINATOR)
    await cases.submit(COORDINATOR, draft.id)
    for late in (cases.send_back(COORDINATOR, draft.id, "Better"), cases.reject(COORDINATOR, draft.id, "No")):
        with pytest.raises(Refusal, match=r"cases\.own_judgement"):
            await late
    with pytest.raises(Refusal, match=r"cases\.own_decision") as refused:
        await cases.publish(replace(COORDINATOR, is_network_coordinator=True), draft.id)
    assert refused.value.parameters["n"] == 7
    cases.clock.advance(timedelta(days=6, hours=23))  # type: ignore[attr-defined]
    with pytest.raises(Refusal, match=r"cases\.own_decision") as refused:
        await cases.check(COORDINATOR, draft.id, Deed.PUBLISH)
    assert refused.value.parameters["n"] == 1
    cases.clock.advance(timedelta(hours=2))  # type: ignore[attr-defined]
    assert (await cases.publish(COORDINATOR, draft.id)).state is CaseState.PUBLISHED
    (entry,) = await _audit(cases)
    assert entry.details == {"case": draft.id, "own": True}


async def test_another_coordinator_decides_on_hers_at_once(cases: CasesService) -> None:
    draft = await whole(cases, COORDINATOR)
    await cases.submit(COORDINATOR, draft.id)
    assert (await cases.publish(OTHER, draft.id)).state is CaseState.PUBLISHED
    (entry,) = await _audit(cases)
    assert entry.details == {"case": draft.id}


async def test_two_coordinators_decide_at_the_same_moment(cases: CasesService) -> None:
    draft = await whole(cases)
    await cases.submit(ANNA, draft.id)
    done = await asyncio.gather(
        cases.publish(COORDINATOR, draft.id), cases.reject(OTHER, draft.id, "No"), return_exceptions=True
    )
    (late,) = [one for one in done if isinstance(one, BaseException)]
    assert isinstance(late, Refusal)
    assert late.message_id == "cases.decided_already"
    assert len(await _audit(cases)) == 1


async def test_what_nobody_looks_after_its_coordinators_edit(cases: CasesService) -> None:
    case = await published(cases)
    with pytest.raises(Forbidden):
        await cases.save(COORDINATOR, case.id, {"title": "Fees by roof"})
    async with cases.work.begin() as session:
        await session.execute(update(CaseTable).values(owner_user_id=None, owner_name=None))
    for nobody in (BOB, replace(COORDINATOR, server_id=SERVER + 1)):
        with pytest.raises(Forbidden):
            await cases.save(nobody, case.id, {"title": "Fees by roof"})
    assert (await cases.save(COORDINATOR, case.id, {"title": "Fees by roof"})).title == "Fees by roof"
    assert await cases.useful(COORDINATOR, case.id) == 1


async def test_a_published_case_keeps_every_version_and_stays_whole(cases: CasesService) -> None:
    case = await published(cases)
    with pytest.raises(Refusal, match=r"cases\.published_stays_whole"):
        await cases.save(ANNA, case.id, {"failed": ""})
    changed = await cases.save(ANNA, case.id, {"results": "20 % less run-off."})
    assert changed.revision > case.revision
    one, two = await cases.versions(BOB, case.id)
    assert one.content.texts[CaseSection.RESULTS] == WHOLE["results"]
    assert two.content.texts[CaseSection.RESULTS] == "20 % less run-off."
    assert (one.by_user_id, two.by_user_id, one.content.city) == (ANNA.user_id, ANNA.user_id, "Lyon")


async def test_no_version_names_a_city_that_does_not_want_to_be_named_by_now(cases: CasesService) -> None:
    case = await published(cases)
    await cases.save(ANNA, case.id, {"city": "", "named": "nameless"})
    for version in await cases.versions(BOB, case.id):
        assert (version.content.city, version.content.country, version.content.nameless_city) == (None, None, True)


async def test_versions_are_for_those_who_may_read_the_case(cases: CasesService) -> None:
    case = await published(cases)
    await cases.withdraw(ANNA, case.id)
    assert len(await cases.versions(ANNA, case.id)) == 1
    with pytest.raises(Refusal, match=r"cases\.unknown"):
        await cases.versions(BOB, case.id)
    with pytest.raises(Refusal, match=r"errors\.gone"):
        await cases.version(ANNA, case.id, 2)


async def test_withdrawn_it_may_come_back_after_another_look(cases: CasesService) -> None:
    case = await published(cases)
    await cases.withdraw(ANNA, case.id)
    await cases.submit(ANNA, case.id)
    again = await cases.publish(OTHER, case.id)
    assert again.published_at == case.published_at
    assert await count(cases, CaseTable) == 1


async def test_files_are_checked_and_counted(cases: CasesService) -> None:
    draft = await whole(cases)
    pdf = read_file("plan.pdf", b"%PDF-1.7 ...", "The plan")
    draft = await cases.add_files(ANNA, draft.id, (pdf, pdf))
    assert [file.name for file in draft.files] == ["plan.pdf", "plan.pdf"]
    with pytest.raises(Refusal, match=r"cases\.too_many_files"):
        await cases.add_files(ANNA, draft.id, (pdf, pdf))
    assert (await cases.remove_files(ANNA, draft.id)).files == ()
    assert await count(cases, CaseFile) == 0


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("virus.exe", b"MZ", "cases.file_kind"),
        (".pdf", b"%PDF-", "cases.file_kind"),
        ("plan.pdf", b"PK\x03\x04", "cases.file_other"),
        ("notes.txt", b"\xff\xfe\x00", "cases.file_other"),
        ("plan.pdf", b"", "cases.file_size"),
        ("plan.pdf", b"%PDF-" + b"x" * 3 * 1024 * 1024, "cases.file_size"),
    ],
)
def test_files_that_may_not_come_along(name: str, content: bytes, refusal: str) -> None:
    with pytest.raises(Refusal, match=refusal):
        read_file(name, content, "")


async def test_useful_once_and_taken_back(cases: CasesService) -> None:
    case = await published(cases)
    assert await cases.useful(BOB, case.id) == 1
    assert await cases.useful(OTHER, case.id) == 2
    assert await cases.useful(BOB, case.id) == 1
    with pytest.raises(Refusal, match=r"cases\.own_vote"):
        await cases.useful(ANNA, case.id)


async def test_a_debrief_needs_less_and_a_pilot_needs_an_owner_and_a_day(cases: CasesService) -> None:
    draft = (await cases.start(ANNA, "housing", CaseKind.DEBRIEF)).case
    said = {name: WHOLE[name] for name in ("title", "summary", "city")}
    said |= dict.fromkeys(("expected", "happened", "why", "next", "pilot"), "Text")
    draft = await cases.save(ANNA, draft.id, said)
    with pytest.raises(Refusal, match=r"cases\.incomplete") as refused:
        await cases.submit(ANNA, draft.id)
    assert refused.value.parameters["needs"] == (CaseNeed.PILOT_OWNER, CaseNeed.PILOT_ON)
    await cases.save(ANNA, draft.id, {"pilot_owner": "Ana", "pilot_on": "2027-01-31"})
    assert (await cases.submit(ANNA, draft.id)).content.pilot_on is not None


async def test_votes_and_adaptations_speak_for_the_author(cases: CasesService) -> None:
    catalogues = Catalogues.load(LOCALES)
    members = MembersService(cases.work, cases.clock, catalogues, cases.topics, cases.gazetteer)
    for one in (ANNA, BOB):
        await members.set_up(one, "Lyon")
        await members.add_topic(one, "housing", Level.EXPERT)
        await members.confirm(one)
        await MembershipsService(cases.work, cases.clock).seen(
            replace(one, member_id=(await members.profile(one)).member_id)
        )
    case = await published(cases)
    asker = somebody(9)
    experts = ExpertsService(cases.work, cases.topics, cases.clock)
    before = {one.person.name: one.score for one in await experts.suggest(asker, {"housing": 1.0})}
    assert before["Anna"] == before["Bob"]
    await cases.useful(BOB, case.id)
    adaptations = AdaptationsService(cases.work, cases.clock, cases.gazetteer)
    await adaptations.tell(BOB, case.id, Told("Porto", "2025", "The map", "The fee"))
    await adaptations.tell(ANNA, case.id, Told("Lyon", "2025", "It", "is hers"))
    first, second = await experts.suggest(asker, {"housing": 1.0})
    assert (first.person.name, second.person.name) == ("Anna", "Bob")
    kinds = {reason.kind: reason.n for reason in first.reasons}
    assert (kinds[ReasonKind.ADAPTED], kinds[ReasonKind.USEFUL]) == (1, 1)
