"""Told, handed out, deleted: all of it, and nobody else's."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from bot.domain.access import Actor, Host
from bot.domain.codes import digest
from bot.domain.members import Level
from bot.domain.outbox import DeliveryKind, NewDelivery, Target
from bot.domain.privacy import NOBODY, Category, without
from bot.services.outbox import post
from bot.services.privacy import PrivacyService
from bot.services.work import Work
from db.engine import Database
from db.queries import audit
from db.queries.privacy import TRACES
from db.tables import (
    Adaptation,
    AlertAnswerRow,
    AlertFollowUp,
    AlertRow,
    Answer,
    AuditEntry,
    Base,
    Campaign,
    CampaignOptOut,
    CampaignQuestion,
    Case,
    CaseStart,
    CaseVersion,
    CaseVote,
    City,
    DeliveryRow,
    Endorsement,
    Follower,
    HandOver,
    HandOverItem,
    HeldRole,
    Invitation,
    Member,
    NetworkCoordinator,
    OnCall,
    OneTimeCode,
    Period,
    Prompt,
    Question,
    RefusalRow,
    Response,
    ResponseAnswer,
    SharedQuote,
    Thanks,
    TopicFollower,
    TopicMove,
)
from tests.clock import SettableClock
from tests.services.house import ALUMNI_ROLE, ANNA, SERVER, MembersHouse, furnish, somebody

BOB = somebody(9, "Bob")


@pytest.fixture
async def house(database: Database, clock: SettableClock, tmp_path: Path) -> MembersHouse:
    return await furnish(database, clock, tmp_path)


@pytest.fixture
def privacy(house: MembersHouse) -> PrivacyService:
    return PrivacyService(Work(house.database), house.clock, house.memberships)


async def fill(house: MembersHouse) -> None:
    """A row of Anna's, and one of Bob's, in every place that may tell of them."""
    now = house.clock()
    for actor in (ANNA, BOB):
        profile = await house.members.set_up(actor, "Lyon")
        await house.members.save_languages(actor, ["fr", "en"])
        await house.members.add_topic(actor, "housing", Level.EXPERT)
        async with house.database.begin() as session:
            await session.execute(
                insert(NetworkCoordinator).values(
                    user_id=actor.user_id, appointed_by=(BOB if actor is ANNA else ANNA).user_id, appointed_at=now
                )
            )
            for number, columns in enumerate(
                (
                    {"purpose": "claim", "member_id": profile.member_id},
                    {"purpose": "join", "created_by": actor.user_id, "used_by": BOB.user_id, "used_at": now},
                )
            ):
                code = f"{'A' * 14}{number}{'0' if actor is ANNA else '1'}"
                values: dict[str, Any] = {"digest": digest(code), "created_at": now, "expires_at": now + timedelta(1)}
                await session.execute(insert(OneTimeCode).values(**values, **columns))
            await ask(session, house, actor, profile.member_id)
            await audit.record(
                session,
                at=now,
                actor_id=actor.user_id,
                action="network.appoint",
                subject=str(actor.user_id),
                details={"who": actor.user_id, "also": [f"<@{actor.user_id}>", BOB.user_id], "yes": True},
            )


async def ask(session: Any, house: MembersHouse, actor: Actor, member_id: int) -> None:
    """A question of hers under her name, which she answered herself, and what else there may be around it."""
    now = house.clock()
    question = await session.scalar(
        insert(Question)
        .values(
            server_id=SERVER,
            asker_user_id=actor.user_id,
            asker_name="Anna Unique" if actor is ANNA else actor.name,
            nameless=False,
            title="Title",
            body="Body",
            language="en",
            state="open",
            asked_at=now,
        )
        .returning(Question.id)
    )
    around = {"question_id": question, "member_id": member_id}
    await session.execute(insert(Answer).values(**around, relayed=True, text="Text", given_at=now))
    await session.execute(insert(Thanks).values(**around, giver_user_id=actor.user_id, given_at=now))
    await session.execute(insert(Invitation).values(**around, referred_by=member_id, state="sent", sent_at=now))
    await session.execute(insert(Follower).values(question_id=question, user_id=actor.user_id, since=now))
    target = Target.member(member_id)
    await post(session, [NewDelivery(DeliveryKind.QUESTION_NEWS, question, target, f"news:{member_id}")], now)
    await session.execute(update(DeliveryRow).where(DeliveryRow.member_id == member_id).values(instead_of=member_id))
    await session.execute(insert(RefusalRow).values(member_id=member_id, code=50007, at=now))
    await check_in(session, house, actor, member_id)
    await alert(session, house, actor)
    await write_cases(session, house, actor, member_id)
    others = (await session.scalars(select(Member.id).where(Member.id != member_id))).all()
    for other in others:
        for one, two in ((member_id, other), (other, member_id)):
            await session.execute(
                insert(Endorsement).values(member_id=one, endorser_id=two, topic_id="housing", endorsed_at=now)
            )


async def write_cases(session: Any, house: MembersHouse, actor: Actor, member_id: int) -> None:
    """A published case of hers and a draft, a version, a vote, an adaptation, a topic to follow and a hand-over."""
    now, name = house.clock(), "Anna Unique" if actor is ANNA else actor.name
    her = {"author_user_id": actor.user_id, "author_name": name, "owner_user_id": actor.user_id, "owner_name": name}
    said = {"kind": "case", "texts": {}, "links": [], "version": 1, "revision": 1, "created_at": now, "updated_at": now}
    cases = [
        await session.scalar(
            insert(Case)
            .values(uid=f"{actor is ANNA}-{state}", state=state, decided_by=actor.user_id, **her, **said)
            .returning(Case.id)
        )
        for state in ("published", "draft")
    ]
    of_case = {"case_id": cases[0]}
    await session.execute(
        insert(CaseVersion).values(**of_case, number=1, document={}, by_user_id=actor.user_id, at=now)
    )
    await session.execute(insert(CaseVote).values(**of_case, user_id=actor.user_id, given_at=now))
    text = {"year": 2026, "kept": "The map", "changed": "The fee", "created_at": now}
    await session.execute(insert(Adaptation).values(**of_case, user_id=actor.user_id, user_name=name, **text))
    await session.execute(
        insert(TopicFollower).values(topic_id="housing", user_id=actor.user_id, language="en", told_until=now)
    )
    await session.execute(
        insert(TopicMove).values(
            source_id="housing", kind="endorsements", member_id=member_id, endorser_id=member_id,
            user_id=actor.user_id, dropped=False,
        )
    )  # fmt: skip
    left = {"server_id": SERVER, "user_id": actor.user_id, "name": name, "opened_at": now}
    hand_over = await session.scalar(insert(HandOver).values(**left).returning(HandOver.id))
    item = {"kind": "case", "subject": "1", "title": "Fees", "offered_to": actor.user_id}
    await session.execute(insert(HandOverItem).values(hand_over_id=hand_over, **item))


async def check_in(session: Any, house: MembersHouse, actor: Actor, member_id: int) -> None:
    """A campaign of hers, in which she was asked, answered, and let herself be quoted before she had enough of it."""
    now, hers = house.clock(), {"member_id": member_id}
    rule = {"rule": "FREQ=MONTHLY", "minute": 570, "starts_on": now.date(), "version": 0, "created_at": now}
    kind = {"state": "active", "audience": "everyone", "place": "direct", "anonymous": False}
    campaign = await session.scalar(
        insert(Campaign)
        .values(created_by=actor.user_id, name="Monthly", open_days=14, late_hours=48, **rule, **kind)
        .returning(Campaign.id)
    )
    question = await session.scalar(
        insert(CampaignQuestion)
        .values(campaign_id=campaign, position=0, type="text", text="How?", options=[], required=False)
        .returning(CampaignQuestion.id)
    )
    times = {"opened_at": now, "closes_at": now, "late_until": now}
    period = await session.scalar(
        insert(Period)
        .values(campaign_id=campaign, day=now.date(), number=0, minute=570, anonymous=False, state="open", **times)
        .returning(Period.id)
    )
    asked = {"state": "planned", "due_at": now, "answered": True, "snoozed": False, "asked_again": 0}
    await session.execute(insert(Prompt).values(campaign_id=campaign, period_id=period, **hers, **asked))
    response = await session.scalar(
        insert(Response)
        .values(campaign_id=campaign, period_id=period, **hers, late=False, prompted=True, given_at=now)
        .returning(Response.id)
    )
    answer = {"response_id": response, "question_id": question, **hers}
    await session.execute(insert(ResponseAnswer).values(**answer, text="Well"))
    await session.execute(insert(SharedQuote).values(**answer, period_id=period, name=actor.name))
    start = {"text": "Started", "language": "en", "created_at": now}
    await session.execute(insert(CaseStart).values(response_id=response, **hers, **start))
    await session.execute(insert(CampaignOptOut).values(campaign_id=campaign, **hers, since=now))
    await session.execute(insert(HeldRole).values(role_id=ALUMNI_ROLE, server_id=SERVER, **hers))


async def alert(session: Any, house: MembersHouse, actor: Actor) -> None:
    """An alert of hers that she approved herself, and what she answered to it."""
    now = house.clock()
    kind = {"drill": False, "imported": False, "state": "completed", "hazard": "flood", "audience": "network"}
    words = {"place": "Lyon", "severity": "Severe", "urgency": "Immediate", "certainty": "Likely", "language": "en"}
    alert_id = await session.scalar(
        insert(AlertRow)
        .values(**kind, **words, author_id=actor.user_id, approved_by=actor.user_id, hours=6, created_at=now)
        .returning(AlertRow.id)
    )
    follow_up = {"alert_id": alert_id, "kind": "update", "state": "sent", "server_id": SERVER, "added": []}
    await session.execute(
        insert(AlertFollowUp).values(
            **follow_up,
            **{name: word for name, word in words.items() if name != "place"},
            audience="network",
            author_id=actor.user_id,
            approved_by=actor.user_id,
            created_at=now,
        )
    )
    answer = {"alert_id": alert_id, "kind": "received", "user_id": actor.user_id, "server_id": SERVER}
    await session.execute(insert(AlertAnswerRow).values(**answer, city="Lyon", at=now))
    city_id = await session.scalar(select(City.id))
    duty = {"server_id": SERVER, "city_id": city_id, "duty": "on_call", "added_at": now}
    await session.execute(insert(OnCall).values(**duty, user_id=actor.user_id, added_by=actor.user_id))


async def test_everything_is_counted_and_handed_out(house: MembersHouse, privacy: PrivacyService) -> None:
    await fill(house)
    kept = await privacy.kept(ANNA)
    assert kept.counts == {
        Category.PROFILE: 1,
        Category.LANGUAGES: 2,
        Category.TOPICS: 1,
        Category.SERVERS: 1,
        Category.CODES: 2,
        Category.APPOINTMENTS: 2,
        Category.ENDORSEMENTS: 2,
        Category.QUESTIONS: 1,
        Category.ANSWERS: 1,
        Category.THANKS: 1,
        Category.INVITATIONS: 1,
        Category.FOLLOWED: 1,
        Category.MESSAGES: 1,
        Category.UNREACHED: 1,
        Category.CAMPAIGNS: 1,
        Category.PROMPTS: 1,
        Category.RESPONSES: 1,
        Category.QUOTES: 1,
        Category.OPT_OUTS: 1,
        Category.CASE_STARTS: 1,
        Category.ROLES: 1,
        Category.CASES: 2,
        Category.CASE_VOTES: 1,
        Category.ADAPTATIONS: 1,
        Category.TOPIC_FOLLOWS: 1,
        Category.MERGED_TOPICS: 1,
        Category.HAND_OVERS: 1,
        Category.ALERTS: 1,
        Category.ALERT_ANSWERS: 1,
        Category.ON_CALL: 1,
        Category.ACTIONS: 1,
    }
    everything = json.loads(json.dumps(await privacy.export(ANNA)))
    assert set(everything) == {"exported_at", "city", *(trace.table for trace in TRACES)}
    assert everything["city"] == {"name": "Lyon", "region": "Auvergne-Rhône-Alpes", "country": "FR"}
    assert everything["members"][0]["user_id"] == str(ANNA.user_id)
    assert everything["expertise"][0]["topic_id"] == "housing"
    assert everything["memberships"][0]["server_id"] == str(SERVER)
    assert '"digest":' not in json.dumps(everything)
    for trace in TRACES:
        assert any(row[trace.column] is not None for row in everything[trace.table]), f"no example of {trace}"


async def test_a_stranger_has_nothing(house: MembersHouse, privacy: PrivacyService) -> None:
    await fill(house)
    stranger = somebody(77)
    assert not await privacy.kept(stranger)
    assert set(await privacy.export(stranger)) == {"exported_at", "city"}
    assert not await privacy.delete(stranger)


async def test_deleting_leaves_no_trace_of_her_and_everything_of_others(
    house: MembersHouse, privacy: PrivacyService
) -> None:
    await fill(house)
    async with house.database.begin() as session:
        await session.execute(update(Member).where(Member.user_id == ANNA.user_id).values(display_name="Anna Unique"))
    bobs = await privacy.export(BOB)
    kept = await privacy.delete(ANNA)
    assert kept.counts[Category.PROFILE] == 1

    everything = await all_text(house)
    assert str(ANNA.user_id) not in everything
    assert "Anna Unique" not in everything
    after = await privacy.export(BOB)
    for table in ("members", "member_languages", "expertise", "memberships"):
        assert after[table] == bobs[table]
    assert await house.rows(NetworkCoordinator.user_id, NetworkCoordinator.appointed_by) == [(BOB.user_id, NOBODY)]
    assert await house.rows(OneTimeCode.created_by, where=OneTimeCode.purpose == "join") == [(NOBODY,), (BOB.user_id,)]
    entries = await house.rows(AuditEntry.actor_id, AuditEntry.action, AuditEntry.subject, AuditEntry.details)
    assert (NOBODY, "network.appoint", "0", {"who": 0, "also": ["<@0>", BOB.user_id], "yes": True}) in entries
    ((details,),) = await house.rows(AuditEntry.details, where=AuditEntry.action == "privacy.delete")
    assert details == {
        "profile": 1,
        "languages": 2,
        "topics": 1,
        "servers": 1,
        "codes": 2,
        "appointments": 2,
        "endorsements": 2,
        "thanks": 1,
        "invitations": 1,
        "followed": 1,
        "messages": 1,
        "unreached": 1,
        "prompts": 1,
        "responses": 1,
        "quotes": 1,
        "opt_outs": 1,
        "case_starts": 1,
        "roles": 1,
        "case_votes": 1,
        "topic_follows": 1,
        "merged_topics": 1,
        "alert_answers": 1,
        "on_call": 1,
    }
    assert await house.rows(
        Case.author_user_id, Case.owner_name, Case.revision, where=Case.author_user_id == NOBODY
    ) == [(NOBODY, None, 2)]
    assert await house.rows(Question.asker_user_id, Question.asker_name) == [(NOBODY, None), (BOB.user_id, "Bob")]
    assert [member_id for (member_id,) in await house.rows(Answer.member_id)].count(None) == 1


async def test_who_gave_thanks_is_told_to_nobody_else(house: MembersHouse, privacy: PrivacyService) -> None:
    await fill(house)
    anna = await house.known(ANNA)
    async with house.database.begin() as session:
        question = await session.scalar(select(Question.id).where(Question.asker_user_id == ANNA.user_id))
        await session.execute(
            insert(Thanks).values(
                question_id=question, member_id=anna.member_id, giver_user_id=BOB.user_id, given_at=house.clock()
            )
        )
    hers = (await privacy.export(ANNA))["thanks"]
    assert sorted(str(row["giver_user_id"]) for row in hers) == [str(ANNA.user_id), "None"]
    assert len((await privacy.export(BOB))["thanks"]) == 2


async def test_deleting_twice_is_deleting_once(house: MembersHouse, privacy: PrivacyService) -> None:
    await fill(house)
    await privacy.delete(ANNA)
    before = await all_text(house)
    assert not await privacy.delete(ANNA)
    assert not await privacy.kept(ANNA)
    assert await all_text(house) == before


async def test_she_may_come_back_and_is_seen_again(house: MembersHouse, privacy: PrivacyService) -> None:
    await house.members.set_up(ANNA, "Lyon")
    await house.memberships.seen(await house.known(ANNA))
    await privacy.delete(ANNA)
    await house.members.set_up(somebody(0, "Anna", server_id=None, server_joined=False), "Porto")
    await house.memberships.seen(await house.known(ANNA))
    assert Category.SERVERS in (await privacy.kept(ANNA)).counts


async def test_an_imported_person_can_delete_what_the_programme_told(
    house: MembersHouse, privacy: PrivacyService, tmp_path: Path
) -> None:
    file = tmp_path / "roster.csv"
    file.write_text(f"display_name,discord_user_id,topics\nAnna,{ANNA.user_id},housing\n", encoding="utf-8")
    await house.roster.import_file(Host(), file)
    await privacy.delete(ANNA)
    assert await house.members.find(ANNA) is None


def test_ids_are_taken_out_of_any_value() -> None:
    assert without({"5": [5, 50, "a5b", None, 5.0, True]}, 5) == {"0": [0, 50, "a0b", None, 5.0, True]}


async def all_text(house: MembersHouse) -> str:
    """The whole database as text."""
    async with house.database.read() as session:
        tables = [(await session.execute(table.select())).all() for table in Base.metadata.sorted_tables]
    return "\n".join(repr(sorted(map(repr, rows))) for rows in tables)
