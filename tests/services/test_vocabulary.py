"""What network coordinators do to the topics, on both engines: found at once, undone, and kept over a start."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from bot.domain.access import Actor
from bot.domain.errors import Forbidden, Refusal
from bot.domain.members import Level
from bot.domain.topics import Division
from bot.services.expertise import ExpertiseService
from bot.services.experts import ExpertsService
from bot.services.topics import TopicsService
from bot.services.unmatched import UnmatchedService
from bot.services.vocabulary import VocabularyService
from bot.services.work import Work
from db.engine import Database
from db.queries import audit, merging
from db.tables import Endorsement, Expertise, Question, TopicFollower, TopicMove, UnmatchedQuery
from tests.clock import SettableClock
from tests.services.house import ALUMNI_ROLE, ANNA, SERVER, MembersHouse, furnish, somebody, topics_file

KEEPER = replace(somebody(50, "Nadia"), is_network_coordinator=True)
LYON = "2996944"


@dataclass(frozen=True)
class Desk:
    """The services, over the small house's topics."""

    house: MembersHouse
    topics: TopicsService
    vocabulary: VocabularyService
    unmatched: UnmatchedService
    experts: ExpertsService

    async def expert(self, actor: Actor, **levels: Level) -> Actor:
        """A member who names topics, underscores for hyphens."""
        await self.house.members.set_up(actor, LYON)
        for topic_id, level in levels.items():
            await self.house.members.add_topic(actor, topic_id.replace("_", "-"), level)
        return await self.house.known(actor)

    async def names(self, topic_id: str) -> dict[int, str]:
        """Who names a topic, and at which level."""
        rows = await self.house.rows(Expertise.member_id, Expertise.level, where=Expertise.topic_id == topic_id)
        return {row[0]: row[1] for row in rows}

    def first(self, text: str, language: str = "en") -> str | None:
        """The topic that a text surely means."""
        found = self.topics.find(text, language)
        return found.matches[0].topic_id if found.confident else None


@pytest.fixture
async def desk(database: Database, clock: SettableClock, tmp_path: Path) -> Desk:
    house = await furnish(database, clock, tmp_path)
    work, topics = Work(database), house.members.topics
    return Desk(
        house,
        topics,
        VocabularyService(work, clock, topics),
        UnmatchedService(work, clock, topics),
        ExpertsService(work, topics, clock),
    )


async def test_a_new_topic_is_found_at_once_and_after_a_start(desk: Desk, tmp_path: Path) -> None:
    french = replace(KEEPER, language="fr")
    entry = await desk.vocabulary.add(french, "Déneigement", Division.ECONOMY, "Snow clearing", ["salage"])
    assert entry.topic.id == "snow-clearing"
    assert (
        desk.first("déneigement", "fr") == desk.first("salage", "fr") == desk.first("Snow clearing") == entry.topic.id
    )

    await desk.topics.synchronise(topics_file(tmp_path))
    assert desk.first("déneigement", "fr") == entry.topic.id
    again = TopicsService(Work(desk.house.database), desk.house.clock)
    await again.load()
    assert again.get("snow-clearing").label("fr") == "Déneigement"
    (done,) = await _audit(desk)
    assert (done.action, done.subject, done.actor_id) == ("topic.add", "snow-clearing", KEEPER.user_id)


async def test_what_another_process_did_is_noticed_within_a_minute(desk: Desk) -> None:
    clock, other = desk.house.clock, TopicsService(Work(desk.house.database), desk.house.clock)
    await other.load()
    await desk.vocabulary.name(KEEPER, "housing", "council flats")
    before = other.index
    assert await other.run_due(clock()) == clock() + timedelta(minutes=1)
    assert other.find("council flats", "en").matches[0].topic_id == "housing"
    assert other.index is not before
    renewed = other.index
    await other.run_due(clock())
    assert other.index is renewed


async def test_names_that_are_taken_or_missing_are_refused(desk: Desk) -> None:
    with pytest.raises(Refusal) as refused:
        await desk.vocabulary.add(KEEPER, "HOUSING", Division.HOUSING)
    assert (refused.value.message_id, refused.value.parameters["topic"]) == ("topics.name_taken", "Housing")
    with pytest.raises(Refusal) as refused:
        await desk.vocabulary.add(replace(KEEPER, language="fr"), "Déneigement", Division.ECONOMY)
    assert refused.value.message_id == "topics.english_missing"
    with pytest.raises(Refusal) as refused:
        await desk.vocabulary.name(KEEPER, "housing", "Stormwater fees")
    assert refused.value.message_id == "topics.name_taken"
    with pytest.raises(Forbidden):
        await desk.vocabulary.add(ANNA, "Snow clearing", Division.ECONOMY)


async def test_a_name_survives_the_file_and_can_be_taken_away(desk: Desk, tmp_path: Path) -> None:
    await desk.vocabulary.name(KEEPER, "housing", "council flats")
    assert desk.first("council flats") == "housing"
    done = await desk.topics.synchronise(topics_file(tmp_path))
    assert (done.new, done.changed) == (0, 0)
    changed = topics_file(tmp_path)
    changed.write_text(changed.read_text().replace("housing,06.1", "housing,06.2"))
    assert (await desk.topics.synchronise(changed)).changed == 1
    assert desk.first("council flats") == "housing"

    entry = await desk.vocabulary.entry(KEEPER, "housing")
    (own,) = entry.own_names
    assert (own.text, own.language) == ("council flats", "en")
    entry = await desk.vocabulary.unname(KEEPER, "housing", own.id)
    assert entry.own_names == ()
    assert desk.first("council flats") is None
    with pytest.raises(Refusal) as refused:
        await desk.vocabulary.unname(KEEPER, "housing", own.id)
    assert refused.value.message_id == "topics.name_gone"


async def test_what_the_file_says_later_is_the_files(desk: Desk, tmp_path: Path) -> None:
    await desk.vocabulary.add(KEEPER, "Snow clearing", Division.ECONOMY)
    rows = await desk.topics.export()
    file = tmp_path / "exported.csv"
    lines = [",".join(rows[0])]
    lines += [",".join(f'"{cell}"' for cell in row.values()) for row in rows]
    file.write_text("\n".join(lines), encoding="utf-8")
    await desk.topics.synchronise(file)
    assert (await desk.vocabulary.entry(KEEPER, "snow-clearing")).own_names == ()
    assert (await desk.topics.synchronise(file)).changed == 0
    assert desk.first("Snow clearing") == "snow-clearing"


async def test_people_questions_and_endorsements_follow_a_merged_topic_and_come_back(desk: Desk) -> None:
    only = await desk.expert(somebody(1), housing=Level.EXPERT)
    both = await desk.expert(somebody(2), housing=Level.EXPERT, stormwater_fees=Level.INTERESTED)
    other = await desk.expert(somebody(3), stormwater_fees=Level.PRACTITIONER)
    now = desk.house.clock()
    async with desk.house.database.begin() as session:
        for topic_id, endorser in (("housing", only), ("housing", other), ("stormwater-fees", other)):
            await session.execute(
                insert(Endorsement).values(
                    member_id=both.member_id, topic_id=topic_id, endorser_id=endorser.member_id, endorsed_at=now
                )
            )
        await session.execute(
            insert(Question).values(
                server_id=SERVER, nameless=True, title="t", body="b", language="en", state="open", asked_at=now,
                topic_id="housing",
            )
        )  # fmt: skip
    before = [await desk.names(topic_id) for topic_id in ("housing", "stormwater-fees")]

    entry = await desk.vocabulary.merge(KEEPER, "housing", "stormwater-fees")
    assert (entry.topic.id, [topic.id for topic in entry.merged]) == ("stormwater-fees", ["housing"])
    assert (entry.people, entry.questions) == (3, 1)
    assert await desk.names("housing") == {}
    assert await desk.names("stormwater-fees") == {
        only.member_id: "expert", both.member_id: "expert", other.member_id: "practitioner",
    }  # fmt: skip
    assert desk.first("Logement", "fr") == "stormwater-fees"
    found = await desk.experts.page(ANNA, "housing", 0)
    assert (found.topic.id, found.page.total) == ("stormwater-fees", 3)
    vouched = await desk.house.rows(Endorsement.topic_id, Endorsement.endorser_id)
    assert vouched == sorted(("stormwater-fees", each.member_id) for each in (only, other))

    entry = await desk.vocabulary.part(KEEPER, "housing")
    assert entry.topic.id == "housing"
    assert [await desk.names(topic_id) for topic_id in ("housing", "stormwater-fees")] == before
    assert len(await desk.house.rows(Endorsement.topic_id, Endorsement.endorser_id)) == 3
    assert await desk.house.rows(Question.topic_id) == [("housing",)]
    assert await desk.house.rows(TopicMove.id) == []
    assert desk.first("Logement", "fr") == "housing"
    assert [row.action for row in await _audit(desk)] == ["topic.part", "topic.merge"]


async def test_what_was_taken_away_meanwhile_does_not_come_back(desk: Desk) -> None:
    gone = await desk.expert(somebody(1), housing=Level.EXPERT, stormwater_fees=Level.INTERESTED)
    moved = await desk.expert(somebody(2), housing=Level.EXPERT)
    await desk.vocabulary.merge(KEEPER, "housing", "stormwater-fees")
    for actor in (gone, moved):
        await desk.house.members.remove_topic(actor, "stormwater-fees")
    await desk.vocabulary.part(KEEPER, "housing")
    assert await desk.house.rows(Expertise.member_id) == []


async def test_buttons_from_before_a_merge_still_work(desk: Desk) -> None:
    her = await desk.expert(somebody(1), housing=Level.EXPERT)
    other = await desk.expert(somebody(2))
    await desk.house.memberships.present(SERVER, {each.user_id: frozenset([ALUMNI_ROLE]) for each in (her, other)})
    expertise = ExpertiseService(Work(desk.house.database), desk.house.clock, desk.house.members)
    await desk.vocabulary.merge(KEEPER, "housing", "stormwater-fees")
    assert (await expertise.cap(her, "housing", 2)).topic_id == "stormwater-fees"
    assert (await expertise.own(her, "housing")).cap == 2
    await expertise.confirm(her, "housing")
    await expertise.endorse(other, her.user_id, "housing")
    assert await desk.house.rows(Endorsement.topic_id) == [("stormwater-fees",)]
    await expertise.withdraw(other, her.user_id, "housing")
    await desk.house.members.remove_topic(her, "housing")
    assert await desk.house.rows(Endorsement.topic_id) == await desk.house.rows(Expertise.topic_id) == []


async def test_a_chain_of_merged_topics_comes_apart_in_any_order(desk: Desk) -> None:
    anna = await desk.expert(somebody(1), housing=Level.EXPERT)
    await desk.vocabulary.merge(KEEPER, "housing", "stormwater-fees")
    await desk.vocabulary.merge(KEEPER, "stormwater-fees", "budget-participatory")
    assert await desk.names("budget-participatory") == {anna.member_id: "expert"}
    assert desk.first("Logement", "fr") == "budget-participatory"
    await desk.vocabulary.part(KEEPER, "housing")
    assert await desk.names("housing") == {anna.member_id: "expert"}
    await desk.vocabulary.part(KEEPER, "stormwater-fees")
    assert await desk.names("housing") == {anna.member_id: "expert"}


@pytest.mark.parametrize(("topic", "into"), [("housing", "housing"), ("stormwater-fees", "housing")])
async def test_what_is_one_already_is_not_merged_again(desk: Desk, topic: str, into: str) -> None:
    await desk.vocabulary.merge(KEEPER, "housing", "stormwater-fees")
    with pytest.raises(Refusal) as refused:
        await desk.vocabulary.merge(KEEPER, topic, into)
    assert refused.value.message_id == "topics.one_already"


async def test_every_table_with_a_topic_is_carried_over(desk: Desk) -> None:
    """A table that is added later must fit the way of `db.queries.merging`; this fails where it does not."""
    places = {(place.table.name, place.topic.name) for place in merging.plain_tables()}
    wanted = {"questions": "topic_id", "campaigns": "audience_value", "case_topics": "topic_id"}
    assert wanted.items() | {("topic_followers", "topic_id")} == places


async def test_who_follows_both_follows_one_and_then_both_again(desk: Desk) -> None:
    now = desk.house.clock()
    async with desk.house.database.begin() as session:
        for user_id, topic_id in ((1, "housing"), (1, "stormwater-fees"), (2, "housing")):
            await session.execute(
                insert(TopicFollower).values(user_id=user_id, topic_id=topic_id, language="en", told_until=now)
            )
    await desk.vocabulary.merge(KEEPER, "housing", "stormwater-fees")
    columns = (TopicFollower.user_id, TopicFollower.topic_id)
    assert await desk.house.rows(*columns) == [(1, "stormwater-fees"), (2, "stormwater-fees")]
    await desk.vocabulary.part(KEEPER, "housing")
    assert await desk.house.rows(*columns) == [(1, "housing"), (1, "stormwater-fees"), (2, "housing")]


async def test_a_hidden_topic_is_not_found_and_comes_back(desk: Desk, tmp_path: Path) -> None:
    await desk.vocabulary.hide(KEEPER, "housing")
    assert desk.topics.index.get("housing") is None
    await desk.topics.synchronise(topics_file(tmp_path))
    assert desk.topics.index.get("housing") is None
    with pytest.raises(Refusal) as refused:
        await desk.vocabulary.merge(KEEPER, "stormwater-fees", "housing")
    assert refused.value.message_id == "topics.not_shown"
    assert [topic.id for topic in await desk.vocabulary.put_away(KEEPER, "hous")] == ["housing"]
    assert (await desk.vocabulary.find(KEEPER, "housing")).hidden
    await desk.vocabulary.show(KEEPER, "housing")
    assert desk.first("Housing") == "housing"
    await desk.vocabulary.show(KEEPER, "housing")
    assert len(await _audit(desk)) == 2


async def test_doubtful_words_name_what_they_may_mean(desk: Desk) -> None:
    with pytest.raises(Refusal) as refused:
        await desk.vocabulary.find(KEEPER, "budgeting of fees")
    assert refused.value.message_id in {"topics.which", "topics.none_like"}
    with pytest.raises(Refusal) as refused:
        await desk.vocabulary.find(KEEPER, "xqzzt")
    assert refused.value.message_id == "topics.none_like"


async def test_what_is_asked_for_in_vain_is_kept_without_the_person(desk: Desk) -> None:
    await desk.expert(somebody(1, "Olena Kovalenko"), housing=Level.EXPERT)
    for text in ("Is xqzzt run by Olena Kovalenko <@100000000000000002>?", "XQZZT qwx", "xqzzt  qwx"):
        with pytest.raises(Refusal, match=r"experts\.no_topic"):
            await desk.experts.find(ANNA, text)
    page = await desk.unmatched.page(KEEPER)
    assert [(query.text, query.times, query.unsure) for query in page.queries] == [
        ("XQZZT qwx", 2, False),
        ("Is xqzzt run by … ?", 1, False),
    ]
    with pytest.raises(Forbidden):
        await desk.unmatched.page(replace(ANNA, is_server_coordinator=True))


async def test_what_a_member_would_say_she_knows_is_kept_too(desk: Desk) -> None:
    with pytest.raises(Refusal, match=r"experts\.no_topic"):
        await desk.expert(somebody(1), xqzzt=Level.EXPERT)
    assert [query.text for query in (await desk.unmatched.page(KEEPER)).queries] == ["xqzzt"]


async def test_one_tap_makes_it_a_name(desk: Desk) -> None:
    with pytest.raises(Refusal):
        await desk.experts.find(ANNA, "xqzzt qwx")
    (query,) = (await desk.unmatched.page(KEEPER)).queries
    await desk.vocabulary.settle(KEEPER, query.id, "housing")
    assert desk.first("xqzzt qwx") == "housing"
    assert (await desk.unmatched.page(KEEPER)).total == 0


async def test_a_name_settles_what_was_asked_for_in_the_same_words(desk: Desk) -> None:
    with pytest.raises(Refusal):
        await desk.experts.find(ANNA, "Xqzzt")
    await desk.vocabulary.name(KEEPER, "housing", "xqzzt")
    assert (await desk.unmatched.page(KEEPER)).total == 0


async def test_what_is_dismissed_can_be_put_back(desk: Desk) -> None:
    with pytest.raises(Refusal):
        await desk.experts.find(ANNA, "xqzzt qwx")
    (query,) = (await desk.unmatched.page(KEEPER)).queries
    await desk.unmatched.dismiss(KEEPER, query.id)
    with pytest.raises(Refusal):
        await desk.experts.find(ANNA, "xqzzt qwx")
    assert (await desk.unmatched.page(KEEPER)).total == 0
    await desk.unmatched.bring_back(KEEPER, query.id)
    assert (await desk.unmatched.page(KEEPER)).queries[0].times == 2
    with pytest.raises(Refusal, match=r"topics\.query_gone"):
        await desk.unmatched.dismiss(KEEPER, query.id + 1)


async def test_what_is_old_or_too_much_is_forgotten(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.services.unmatched.MOST_KEPT", 2)
    for text in ("qwx", "qwx", "zzt", "xqk"):
        with pytest.raises(Refusal):
            await desk.experts.find(ANNA, text)
        desk.house.clock.now += timedelta(days=1)
    assert sorted(text for (text,) in await desk.house.rows(UnmatchedQuery.text)) == ["qwx", "xqk"]
    desk.house.clock.now += timedelta(days=400)
    with pytest.raises(Refusal):
        await desk.experts.find(ANNA, "kqj")
    assert await desk.house.rows(UnmatchedQuery.text) == [("kqj",)]


async def _audit(desk: Desk) -> list[audit.AuditRow]:
    async with desk.house.database.read() as session:
        return list(await audit.latest(session))
