"""Importing, exporting, and the codes by which imported people claim their rows."""

from __future__ import annotations

import csv
import stat
from pathlib import Path

import pytest

from bot.domain.access import Host
from bot.domain.errors import Forbidden, Refusal
from bot.domain.members import Level
from bot.domain.roster import COLUMNS
from bot.services.roster_import import BATCH
from db.engine import Database
from db.tables import AuditEntry, Base, City, Expertise, Member, MemberLanguage, OneTimeCode
from tests.clock import SettableClock
from tests.services.house import ANNA, MembersHouse, furnish, somebody

HEADER = "discord_user_id,reference,display_name,post,cohort,city,country,zone,languages,language,topics"
LINES = (
    '100000000000000001,A1,Anna,Stormwater engineer,2021,Lyon,FR,,"fr,en",fr,stormwater-fees:expert | housing',
    ",B2,Богдан Шевченко,Housing officer,2019,Львів,Ukraine,,Ukrainian|pl,,Logement:expert",
    ",,Carla,,2020,Porto,PT,Atlantic/Azores,pt,,",
)


@pytest.fixture
async def house(database: Database, clock: SettableClock, tmp_path: Path) -> MembersHouse:
    return await furnish(database, clock, tmp_path)


def roster(folder: Path, *lines: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
    file = folder / "roster.csv"
    file.write_bytes("\r\n".join([header, *lines, ""]).encode(encoding))
    return file


async def everything(house: MembersHouse) -> list[object]:
    """All that an import writes about people, but for the times."""
    members = await house.rows(
        Member.id, Member.user_id, Member.reference, Member.display_name, Member.post, Member.cohort, Member.zone,
        Member.language, Member.city_id, Member.confirmed_at,
    )  # fmt: skip
    languages = await house.rows(MemberLanguage.member_id, MemberLanguage.language)
    topics = await house.rows(Expertise.member_id, Expertise.topic_id, Expertise.level)
    return [members, languages, topics]


async def test_a_roster_is_taken_whole(house: MembersHouse, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    result = await house.roster.import_file(
        Host(), roster(tmp_path, *LINES), progress=lambda done, total: told.append((done, total))
    )
    assert (result.rows, result.new, result.updated, result.unchanged, result.unclaimed) == (3, 3, 0, 0, 2)
    assert result.done
    assert told[-1] == (3, 3)
    assert await house.rows(Member.display_name, Member.zone, Member.language, Member.confirmed_at) == [
        ("Anna", "Europe/Paris", "fr", None),
        ("Carla", "Atlantic/Azores", None, None),
        ("Богдан Шевченко", "Europe/Kyiv", None, None),
    ]
    assert await house.rows(Member.display_name, City.name, where=City.id == Member.city_id) == [
        ("Anna", "Lyon"),
        ("Carla", "Porto"),
        ("Богдан Шевченко", "Lviv"),
    ]
    assert await house.rows(
        Member.display_name, MemberLanguage.language, where=Member.id == MemberLanguage.member_id
    ) == [
        ("Anna", "en"),
        ("Anna", "fr"),
        ("Carla", "pt"),
        ("Богдан Шевченко", "pl"),
        ("Богдан Шевченко", "uk"),
    ]
    named = await house.rows(
        Member.display_name, Expertise.topic_id, Expertise.level, where=Member.id == Expertise.member_id
    )
    assert named == [
        ("Anna", "housing", "practitioner"),
        ("Anna", "stormwater-fees", "expert"),
        ("Богдан Шевченко", "housing", "expert"),
    ]
    ((action, actor_id, subject, details),) = await house.rows(
        AuditEntry.action, AuditEntry.actor_id, AuditEntry.subject, AuditEntry.details
    )
    assert (action, actor_id, subject) == ("members.import", None, "roster.csv")
    assert details == {"rows": 3, "new": 3, "updated": 0, "unchanged": 0}


async def test_taking_it_again_changes_nothing(house: MembersHouse, tmp_path: Path) -> None:
    file = roster(tmp_path, *LINES)
    await house.roster.import_file(Host(), file)
    before = await everything(house)
    again = await house.roster.import_file(Host(), file)
    assert (again.new, again.updated, again.unchanged) == (0, 0, 3)
    assert await everything(house) == before


async def test_the_next_member_gets_an_id_of_her_own(house: MembersHouse, tmp_path: Path) -> None:
    await house.roster.import_file(Host(), roster(tmp_path, *LINES))
    profile = await house.members.set_up(somebody(7), "Lyon")
    ids = [member_id for (member_id,) in await house.rows(Member.id)]
    assert len(ids) == 4
    assert profile.member_id == max(ids)


async def test_a_trial_says_the_same_and_writes_nothing(house: MembersHouse, tmp_path: Path) -> None:
    file = roster(tmp_path, *LINES)
    trial = await house.roster.import_file(Host(), file, dry_run=True)
    assert await everything(house) == [[], [], []]
    assert await house.rows(AuditEntry.id) == []
    real = await house.roster.import_file(Host(), file)
    assert (trial.rows, trial.new, trial.unclaimed) == (real.rows, real.new, real.unclaimed)
    assert (trial.dry_run, real.dry_run) == (True, False)


async def test_every_bad_line_is_named_and_none_is_taken(house: MembersHouse, tmp_path: Path) -> None:
    lines = (
        LINES[0],
        "12,,Short id,,,,,,,,",
        ',,"two\r\nlines",,,Nowhere,FR,,,,',
        ",,,,,,,,,,",
        f",,{'x' * 101},,,,,Mars/Base,klingon,,",
        ",,Two places,,,Paris,,,,,",
        ",,Unknown topic,,,,,,,,astrology:expert",
        ",,Far land,,,Lyon,Atlantis,,,,",
        ",,Too few cells",
        "100000000000000001,,Anna again,,,,,,,,",
        ",,Two tongues,,,,,,,en|fr,",
        "99999999999999999999,,Too large an id,,,,,,,,",
    )
    result = await house.roster.import_file(Host(), roster(tmp_path, *lines))
    assert [(one.line, one.column, one.message_id) for one in result.problems] == [
        (3, "discord_user_id", "roster.user_id"),
        (4, "city", "roster.city_unknown"),
        (7, "display_name", "text.too_long"),
        (7, "zone", "members.zone_unknown"),
        (7, "languages", "members.language_unknown"),
        (8, "city", "roster.city_ambiguous"),
        (9, "topics", "roster.topic_unknown"),
        (10, "city", "roster.country_unknown"),
        (11, None, "roster.cells"),
        (12, "discord_user_id", "roster.twice"),
        (13, "language", "roster.one_language"),
        (14, "discord_user_id", "roster.user_id"),
    ]
    assert not result.done
    assert result.problem_count == 12
    assert await everything(house) == [[], [], []]
    assert await house.rows(AuditEntry.id) == []


async def test_a_bad_line_far_down_undoes_the_batches_before_it(house: MembersHouse, tmp_path: Path) -> None:
    good = [f",R{number},Person {number},,,Lyon,FR,,fr,," for number in range(BATCH + 10)]
    result = await house.roster.import_file(Host(), roster(tmp_path, *good, ",,,,,,,,,,en,x"))
    assert [one.message_id for one in result.problems] == ["roster.cells"]
    assert await house.rows(Member.id) == []
    assert (await house.roster.import_file(Host(), roster(tmp_path, *good))).new == BATCH + 10
    assert (await house.roster.import_file(Host(), roster(tmp_path, *good))).unchanged == BATCH + 10


async def test_names_are_found_in_any_order_separator_and_with_a_mark_at_the_beginning(
    house: MembersHouse, tmp_path: Path
) -> None:
    file = roster(tmp_path, "Lyon;Zoë;hobby;FR", header="City;Display name;Hobby;COUNTRY", encoding="utf-8-sig")
    result = await house.roster.import_file(Host(), file)
    assert result.ignored_columns == ("hobby",)
    assert await house.rows(Member.display_name, Member.zone) == [("Zoë", "Europe/Paris")]


@pytest.mark.parametrize(
    ("content", "message_id"),
    [
        (b"", "roster.empty"),
        (b"name,city\nAnna,Lyon\n", "roster.column_missing"),
        (b"display_name,city,City\n", "roster.column_twice"),
        ("display_name\nZoë\n".encode("latin-1"), "roster.not_utf8"),
        ("display_name\nZoë\n".encode("utf-16"), "roster.not_utf8"),
        (b'display_name,post\nAnna,"never closed\nBob,x\n', "roster.quotes"),
    ],
)
async def test_a_file_that_is_no_roster_is_refused_in_one_sentence(
    house: MembersHouse, tmp_path: Path, content: bytes, message_id: str
) -> None:
    file = tmp_path / "roster.csv"
    file.write_bytes(content)
    with pytest.raises(Refusal) as refused:
        await house.roster.import_file(Host(), file)
    assert refused.value.message_id == message_id
    with pytest.raises(Refusal, match="unreadable"):
        await house.roster.import_file(Host(), tmp_path / "missing.csv")


async def test_the_line_that_is_not_utf8_is_named(house: MembersHouse, tmp_path: Path) -> None:
    file = tmp_path / "roster.csv"
    file.write_bytes(b"display_name\nAnna\nBob\nZo\xeb\n")
    with pytest.raises(Refusal) as refused:
        await house.roster.import_file(Host(), file)
    assert refused.value.parameters == {"line": 4}


async def test_before_she_confirms_the_file_has_the_last_word(house: MembersHouse, tmp_path: Path) -> None:
    await house.roster.import_file(Host(), roster(tmp_path, *LINES))
    newer = LINES[0].replace("Stormwater engineer", "Head of water").replace("stormwater-fees:expert | housing", "")
    result = await house.roster.import_file(Host(), roster(tmp_path, newer))
    assert (result.updated, result.unchanged) == (1, 0)
    profile = await house.members.profile(ANNA)
    assert profile.about.post == "Head of water"
    assert len(profile.topics) == 2, "an empty cell changes nothing"


async def test_her_own_words_are_never_overwritten(house: MembersHouse, tmp_path: Path) -> None:
    await house.roster.import_file(Host(), roster(tmp_path, "100000000000000001,A1,Anna,Engineer,,Lyon,FR,,fr,,"))
    await house.members.save_about(ANNA, "Anna K.", "Director", None)
    result = await house.roster.import_file(Host(), roster(tmp_path, *LINES))
    assert (result.updated, result.confirmed) == (1, 1)
    profile = await house.members.profile(ANNA)
    assert (profile.about.display_name, profile.about.post, profile.languages) == ("Anna K.", "Director", ("fr",))
    assert profile.about.cohort == "2021", "what she left empty is filled"
    assert len(profile.topics) == 2
    assert (await house.roster.import_file(Host(), roster(tmp_path, *LINES))).unchanged == 3


async def test_whoever_had_no_id_is_found_again_after_renaming_herself(house: MembersHouse, tmp_path: Path) -> None:
    file = roster(tmp_path, LINES[2])
    await house.roster.import_file(Host(), file)
    code = await code_of(house, tmp_path, "Carla")
    carla = somebody(3, "carla_99")
    await house.members.claim(carla, code)
    await house.members.save_about(carla, "Carla Sousa", "Budget director", None)
    again = await house.roster.import_file(Host(), file)
    assert (again.new, again.updated) == (0, 1)
    assert await house.rows(Member.display_name, Member.cohort) == [("Carla Sousa", "2020")]


async def test_an_id_that_the_programme_learns_later_is_filled_in(house: MembersHouse, tmp_path: Path) -> None:
    await house.roster.import_file(Host(), roster(tmp_path, LINES[1], LINES[2]))
    with_ids = (
        f"100000000000000002{LINES[1]}",
        "100000000000000003,C3,Carla,,2020,Porto,PT,,,,",
    )
    result = await house.roster.import_file(Host(), roster(tmp_path, *with_ids))
    assert (result.new, result.updated, result.unclaimed) == (0, 2, 0)
    assert await house.rows(Member.user_id, Member.reference) == [
        (100000000000000002, "B2"),
        (100000000000000003, "C3"),
    ]


async def test_conflicts_between_id_and_reference_are_named(house: MembersHouse, tmp_path: Path) -> None:
    await house.roster.import_file(Host(), roster(tmp_path, LINES[0], "100000000000000002,B2,Bohdan,,,,,,,,"))
    result = await house.roster.import_file(
        Host(), roster(tmp_path, "100000000000000001,B2,Anna,,,,,,,,", "100000000000000009,A1,Anna,,,,,,,,")
    )
    assert [(one.line, one.message_id) for one in result.problems] == [
        (2, "roster.two_people"),
        (3, "roster.another_account"),
    ]
    once = await house.roster.import_file(
        Host(), roster(tmp_path, "100000000000000001,,Anna,,,,,,,,", ",A1,Anna,,,,,,,,")
    )
    assert [(one.line, one.message_id) for one in once.problems] == [(3, "roster.twice")]


async def test_two_people_of_one_name_need_a_reference(house: MembersHouse, tmp_path: Path) -> None:
    twins = (",T1,Maria Silva,,,Porto,PT,,,,", ",T2,Maria Silva,,,Porto,PT,,,,")
    assert (await house.roster.import_file(Host(), roster(tmp_path, *twins))).new == 2
    result = await house.roster.import_file(Host(), roster(tmp_path, ",,Maria Silva,,,Porto,PT,,,,"))
    assert [one.message_id for one in result.problems] == ["roster.several"]


async def test_of_cities_with_one_name_in_a_country_the_largest_is_meant(house: MembersHouse, tmp_path: Path) -> None:
    await house.roster.import_file(Host(), roster(tmp_path, ",,Sam,,,Springfield,USA,,,,", ',,Li,,,"Wuhu, Anhui",,,,,'))
    assert await house.rows(City.region) == [("Anhui",), ("Missouri",)]


async def test_what_is_exported_can_be_imported_again(house: MembersHouse, tmp_path: Path) -> None:
    formulas = ",F1,=SUM(1),'+49 office,-2020,Springfield,US,,en,,"
    await house.roster.import_file(Host(), roster(tmp_path, *LINES, formulas))
    out = tmp_path / "out.csv"
    assert await house.roster.export_file(Host(), out) == 4
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    rows = list(csv.reader(out.read_text("utf-8").splitlines()))
    assert rows[0] == list(COLUMNS)
    assert not [cell for row in rows for cell in row if cell[:1] in {"=", "+", "-", "@"}]
    before = await everything(house)
    again = await house.roster.import_file(Host(), out)
    assert (again.rows, again.unchanged) == (4, 4)
    assert await everything(house) == before
    names = await house.rows(Member.display_name, Member.post, Member.cohort, where=Member.reference == "F1")
    assert names == [("=SUM(1)", "+49 office", "-2020")]


async def test_an_export_fills_an_empty_database_with_the_same(
    house: MembersHouse, clock: SettableClock, tmp_path: Path
) -> None:
    await house.roster.import_file(Host(), roster(tmp_path, *LINES))
    await house.members.confirm(ANNA)
    out, second = tmp_path / "out.csv", tmp_path / "second.csv"
    await house.roster.export_file(Host(), out)
    async with house.database.begin() as session:
        for table in (Base.metadata.tables[name] for name in ("expertise", "member_languages", "members", "cities")):
            await session.execute(table.delete())
    result = await house.roster.import_file(Host(), out)
    assert (result.new, result.unclaimed) == (3, 2)
    await house.roster.export_file(Host(), second)
    assert second.read_text("utf-8") == out.read_text("utf-8")
    assert not (await house.members.profile(ANNA)).confirmed_at, "she confirms in each network for herself"


async def code_of(house: MembersHouse, folder: Path, name: str) -> str:
    """Issue codes for everybody, and take this person's."""
    file = folder / "codes.csv"
    await house.roster.issue_codes(Host(), file)
    with file.open(encoding="utf-8", newline="") as text:
        return next(row["code"] for row in csv.DictReader(text) if row["name"] == name)


async def test_codes_are_written_once_for_the_owner_alone(house: MembersHouse, tmp_path: Path) -> None:
    await house.roster.import_file(Host(), roster(tmp_path, *LINES))
    file = tmp_path / "codes.csv"
    issued = await house.roster.issue_codes(Host(), file)
    assert (issued.codes, issued.voided) == (2, 0)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    rows = list(csv.DictReader(file.read_text("utf-8").splitlines()))
    assert [(row["name"], bool(row["code"])) for row in rows] == [("Богдан Шевченко", True), ("Carla", True)]
    kept = await house.rows(OneTimeCode.digest, OneTimeCode.member_id)
    assert len(kept) == 2
    assert not [row for row in rows if row["code"] in repr(kept)]
    for write in (house.roster.issue_codes, house.roster.export_file):
        with pytest.raises(Refusal, match="file_exists"):
            await write(Host(), file)
    again = await house.roster.issue_codes(Host(), tmp_path / "again.csv")
    assert (again.codes, again.voided) == (2, 2)
    with pytest.raises(Refusal, match="code_unknown"):
        await house.members.claim(somebody(5), rows[0]["code"])


async def test_where_the_file_cannot_be_written_the_old_codes_stay(house: MembersHouse, tmp_path: Path) -> None:
    await house.roster.import_file(Host(), roster(tmp_path, *LINES))
    code = await code_of(house, tmp_path, "Carla")
    for write in (house.roster.issue_codes, house.roster.export_file):
        with pytest.raises(Refusal, match="unwritable"):
            await write(Host(), tmp_path / "missing" / "codes.csv")
    assert (await house.members.claim(somebody(5), code)).about.display_name == "Carla"


async def test_members_cannot_do_any_of_it(house: MembersHouse, tmp_path: Path) -> None:
    file = roster(tmp_path, *LINES)
    for attempt in (
        house.roster.import_file(ANNA, file),
        house.roster.export_file(ANNA, tmp_path / "out.csv"),
        house.roster.issue_codes(ANNA, tmp_path / "codes.csv"),
    ):
        with pytest.raises(Forbidden):
            await attempt
    assert not (tmp_path / "out.csv").exists()


async def test_a_claimed_row_is_hers_and_waits_for_her_word(house: MembersHouse, tmp_path: Path) -> None:
    await house.roster.import_file(Host(), roster(tmp_path, *LINES))
    bohdan = somebody(2, "bohdan")
    profile = await house.members.claim(bohdan, await code_of(house, tmp_path, "Богдан Шевченко"))
    assert profile.awaits_confirmation
    assert profile.user_id == bohdan.user_id
    confirmed = await house.members.confirm(bohdan)
    assert confirmed.confirmed_at == house.clock()
    assert confirmed.topics[0].level is Level.EXPERT
    assert await house.rows(Expertise.confirmed_at, where=Expertise.member_id == profile.member_id) == [
        (house.clock(),)
    ]
