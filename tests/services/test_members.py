"""Profiles and memberships, use case by use case."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from bot.domain.access import Host
from bot.domain.errors import Refusal
from bot.domain.members import MAX_TOPICS, Level
from bot.domain.text import tidy
from bot.services.members import Added, WhichTopic
from db.engine import Database
from db.tables import City, Member, Membership, Server
from tests.clock import SettableClock
from tests.corpus import READABLE, UNREADABLE
from tests.services.house import ALUMNI_ROLE, ANNA, SERVER, MembersHouse, furnish, somebody


@pytest.fixture
async def house(database: Database, clock: SettableClock, tmp_path: Path) -> MembersHouse:
    return await furnish(database, clock, tmp_path)


async def memberships(house: MembersHouse) -> list[tuple[object, ...]]:
    return await house.rows(
        Member.user_id, Membership.alumni, Membership.left_at, where=Member.id == Membership.member_id
    )


async def test_setting_up_begins_a_profile_and_moving_keeps_it(house: MembersHouse) -> None:
    profile = await house.members.set_up(ANNA, "Lyon")
    assert (profile.about.display_name, profile.zone) == ("Anna", "Europe/Paris")
    assert profile.place is not None
    assert profile.place.region == "Auvergne-Rhône-Alpes"
    assert not profile.awaits_confirmation
    await house.members.save_about(ANNA, "Anna K.", "Engineer", None)
    moved = await house.members.set_up(ANNA, "львів", "Atlantic/Azores")
    assert (moved.about.display_name, moved.zone, moved.place and moved.place.name) == (
        "Anna K.",
        "Atlantic/Azores",
        "Lviv",
    )
    assert moved.member_id == profile.member_id


async def test_a_city_that_geonames_lacks_can_be_hers(house: MembersHouse) -> None:
    async with house.database.begin() as session:
        await session.execute(insert(City).values(name="Nova Vila", country="PT", zone="Europe/Lisbon"))
    (choice,) = await house.members.suggest_cities("nova")
    profile = await house.members.set_up(ANNA, choice.value)
    assert profile.place is not None
    assert (profile.place.name, profile.zone) == ("Nova Vila", "Europe/Lisbon")
    assert [one.place.name for one in await house.members.suggest_cities("Льв")] == ["Lviv"]
    with pytest.raises(Refusal, match="city_unknown"):
        await house.members.set_up(ANNA, "999999999")


async def test_whatever_is_typed_is_kept_as_it_was_tidied(house: MembersHouse) -> None:
    for text in (str(param.values[0]) for param in READABLE):
        await house.members.set_up(somebody(0, text), "Lyon")
        saved = await house.members.save_about(ANNA, text, text, text)
        assert await house.members.find(ANNA) == saved
        assert saved.about.display_name == saved.about.post == saved.about.cohort == tidy(text)


async def test_any_text_may_be_searched_for(house: MembersHouse) -> None:
    await house.members.set_up(ANNA, "Lyon")
    refused = []
    for text in (str(param.values[0]) for param in (*READABLE, *UNREADABLE)):
        await house.members.suggest_cities(text)
        for search in (house.members.add_topic(ANNA, text, Level.EXPERT), house.members.set_up(ANNA, text)):
            try:
                await search
            except Refusal as refusal:
                refused.append(refusal.message_id)
    assert set(refused) <= {"experts.no_topic", "members.city_unknown"}
    assert len(refused) > len(READABLE)


async def test_languages_that_were_not_offered_stay(house: MembersHouse) -> None:
    await house.members.set_up(ANNA, "Lyon")
    await house.members.save_languages_text(ANNA, "français, Ukrainian; català")
    changed = await house.members.save_languages(ANNA, ["en"], offered=["fr", "en", "uk"])
    assert changed.languages == ("ca", "en")
    assert (await house.members.save_languages_text(ANNA, "")).languages == ()


async def test_topics_by_name_id_and_doubt(house: MembersHouse) -> None:
    await house.members.set_up(ANNA, "Lyon")
    added = await house.members.add_topic(ANNA, "Logement", Level.EXPERT)
    assert isinstance(added, Added)
    assert added.topic.id == "housing"
    again = await house.members.add_topic(ANNA, "housing", Level.INTERESTED)
    assert isinstance(again, Added)
    assert [(one.topic_id, one.level) for one in again.profile.topics] == [("housing", Level.INTERESTED)]
    asked = await house.members.add_topic(ANNA, "participation of owners of houses", Level.EXPERT)
    assert isinstance(asked, WhichTopic)
    assert "budget-participatory" in [topic.id for topic in asked.topics]
    gone = await house.members.remove_topic(ANNA, "housing")
    assert gone.topics == ()
    with pytest.raises(Refusal, match="topic_missing"):
        await house.members.remove_topic(ANNA, "housing")
    assert MAX_TOPICS == 25, "what one of Discord's selects holds"


async def test_others_see_a_profile_only_while_she_is_in_the_network(house: MembersHouse) -> None:
    with pytest.raises(Refusal, match=r"members\.nobody"):
        await house.members.profile_of(ANNA.user_id)
    await house.members.set_up(ANNA, "Lyon")
    assert (await house.members.profile_of(ANNA.user_id)).about.display_name == "Anna"
    await house.memberships.gone(SERVER, [ANNA.user_id])
    with pytest.raises(Refusal, match=r"members\.nobody"):
        await house.members.profile_of(ANNA.user_id)


async def test_claiming_with_a_profile_of_her_own_fills_what_is_empty(house: MembersHouse, tmp_path: Path) -> None:
    roster, codes = tmp_path / "roster.csv", tmp_path / "codes.csv"
    roster.write_text(
        "display_name,reference,post,cohort,city,languages,topics\n"
        "Anna K,A1,Head of water,2021,Porto,en|pt,housing:expert|stormwater-fees\n",
        encoding="utf-8",
    )
    await house.roster.import_file(Host(), roster)
    await house.roster.issue_codes(Host(), codes)
    code = codes.read_text("utf-8").split()[-1].rpartition(",")[2]
    await house.members.set_up(ANNA, "Lyon")
    await house.members.save_about(ANNA, "Anna", "Engineer", None)
    await house.members.add_topic(ANNA, "housing", Level.INTERESTED)
    profile = await house.members.claim(ANNA, code)
    assert (profile.about.display_name, profile.about.post, profile.about.cohort) == ("Anna", "Engineer", "2021")
    assert profile.place is not None
    assert (profile.place.name, profile.zone, profile.languages) == ("Lyon", "Europe/Paris", ("en", "pt"))
    assert [(one.topic_id, one.level) for one in profile.topics] == [
        ("housing", Level.INTERESTED),
        ("stormwater-fees", Level.PRACTITIONER),
    ]
    assert await house.rows(Member.user_id, Member.reference) == [(ANNA.user_id, "A1")]
    assert (await house.roster.import_file(Host(), roster)).new == 0


async def test_wrong_codes_are_not_tried_for_ever(house: MembersHouse) -> None:
    for _ in range(5):
        with pytest.raises(Refusal, match="code_unknown"):
            await house.members.claim(ANNA, "0000-0000-0000-0000")
    with pytest.raises(Refusal, match="too_many_guesses"):
        await house.members.claim(ANNA, "0000-0000-0000-0000")


async def test_a_code_is_too_old_after_its_time(house: MembersHouse, tmp_path: Path) -> None:
    roster, codes = tmp_path / "roster.csv", tmp_path / "codes.csv"
    roster.write_text("display_name\nAnna\n", encoding="utf-8")
    await house.roster.import_file(Host(), roster)
    issued = await house.roster.issue_codes(Host(), codes)
    code = codes.read_text("utf-8").split()[-1].rpartition(",")[2]
    house.clock.now = issued.expires_at
    with pytest.raises(Refusal, match="code_unknown"):
        await house.members.claim(ANNA, code)
    house.clock.now = issued.expires_at - timedelta(seconds=1)
    assert (await house.members.claim(ANNA, code)).about.display_name == "Anna"


async def test_presence_is_followed_for_known_people_in_joined_servers(house: MembersHouse) -> None:
    await house.members.set_up(somebody(0, server_id=None, server_joined=False), "Lyon")
    assert await memberships(house) == []
    assert await house.memberships.to_look_for(SERVER) == [ANNA.user_id]
    people = {ANNA.user_id: frozenset({ALUMNI_ROLE}), 5: frozenset({ALUMNI_ROLE})}
    assert await house.memberships.present(SERVER, people) == 1
    assert await memberships(house) == [(ANNA.user_id, True, None)]
    await house.memberships.present(SERVER, {ANNA.user_id: frozenset()})
    assert await memberships(house) == [(ANNA.user_id, False, None)]
    await house.memberships.gone(SERVER, [ANNA.user_id, 5])
    assert await memberships(house) == [(ANNA.user_id, False, house.clock())]
    assert await house.memberships.to_look_for(SERVER) == []
    await house.memberships.seen(await house.known(ANNA))
    assert await memberships(house) == [(ANNA.user_id, True, None)]


async def test_a_server_that_left_is_passed_over(house: MembersHouse) -> None:
    await house.members.set_up(somebody(0, server_id=None, server_joined=False), "Lyon")
    async with house.database.begin() as session:
        await session.execute(update(Server).values(left_at=house.clock()))
    assert await house.memberships.to_look_for(SERVER) == ()
    assert await house.memberships.present(SERVER, {ANNA.user_id: frozenset({ALUMNI_ROLE})}) == 0
    assert await memberships(house) == []


async def test_without_an_alumni_role_everybody_there_is_an_alumna(house: MembersHouse) -> None:
    await house.members.set_up(somebody(0, server_id=None, server_joined=False), "Lyon")
    async with house.database.begin() as session:
        await session.execute(update(Server).values(alumni_role_id=None))
    await house.memberships.present(SERVER, {ANNA.user_id: frozenset()})
    assert await memberships(house) == [(ANNA.user_id, True, None)]


async def test_being_seen_again_writes_nothing(house: MembersHouse) -> None:
    await house.members.set_up(ANNA, "Lyon")
    anna = await house.known(ANNA)
    await house.memberships.seen(anna)
    async with house.database.begin() as session:
        await session.execute(update(Membership).values(alumni=False))
    await house.memberships.seen(anna)
    assert await memberships(house) == [(ANNA.user_id, False, None)], "the second time nothing was asked or written"
    await house.memberships.seen(somebody(0, member_id=anna.member_id, is_member=False))
    await house.memberships.seen(anna)
    assert await memberships(house) == [(ANNA.user_id, True, None)]
