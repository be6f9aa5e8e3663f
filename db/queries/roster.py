"""Many members at once: what an import writes and an export reads.

New rows get their ids from us, not from the database, so that what hangs on them can be written without asking back.
That is safe because one transaction writes at a time (`db.engine`).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    ColumnElement,
    Text,
    bindparam,
    cast,
    delete,
    func,
    insert,
    literal,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeEngine

from db.address import POSTGRESQL
from db.engine import insert_for
from db.tables import City, Expertise, Member, MemberLanguage, OneTimeCode

PAGE = 5_000
MEMBER_CELLS = (
    "id",
    "user_id",
    "reference",
    "display_name",
    "post",
    "cohort",
    "city_id",
    "zone",
    "language",
)
_SQLITE_GIVEN = "SELECT seq FROM sqlite_sequence WHERE name = 'members'"


class PersonRow(NamedTuple):
    """What tells one member from another."""

    member_id: int
    user_id: int | None
    reference: str | None
    display_name: str
    cohort: str | None
    city: str | None
    country: str | None


class StoredRow(NamedTuple):
    """What a roster can change in a member."""

    member_id: int
    user_id: int | None
    reference: str | None
    display_name: str
    post: str | None
    cohort: str | None
    city_id: int | None
    zone: str
    language: str | None
    confirmed_at: datetime | None


class CityRow(NamedTuple):
    """A city on record."""

    id: int
    geonames_id: int | None
    name: str
    country: str
    zone: str


class ExportRow(NamedTuple):
    """A member as a roster lists her."""

    member_id: int
    user_id: int | None
    reference: str | None
    display_name: str
    post: str | None
    cohort: str | None
    city: str | None
    country: str | None
    geonames_id: int | None
    zone: str
    language: str | None


async def _pages(session: AsyncSession, query: Any) -> AsyncIterator[Sequence[Any]]:
    """The rows of a query over members whose first column is the member's id, in order, some thousand at a time."""
    last = 0
    while rows := (await session.execute(query.where(Member.id > last).order_by(Member.id).limit(PAGE))).all():
        yield rows
        last = rows[-1][0]


async def _add(
    session: AsyncSession,
    table: type[DeclarativeBase],
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
    **same: Any,
) -> None:
    """Insert many rows: the columns `names` from each row's cells, and those of `same` alike in all.

    The rows travel as one JSON text, which both engines take apart themselves: a statement with a parameter for each
    cell spends most of its time on the parameters. Cells are numbers, texts and None.
    """
    columns = table.__table__.columns
    sent = bindparam("rows", type_=Text)
    on_postgresql = session.get_bind().dialect.name == POSTGRESQL
    each = func.json_array_elements(cast(sent, JSON)) if on_postgresql else func.json_each(sent)
    row = each.table_valued("value")
    read = [_cell(session, row.c.value, place, columns[name].type) for place, name in enumerate(names)]
    constant = [literal(value, columns[name].type) for name, value in same.items()]
    text_of_rows = json.dumps(list(rows), ensure_ascii=False, separators=(",", ":"))
    statement = insert(table.__table__).from_select([*names, *same], select(*read, *constant))  # type: ignore[arg-type]
    await (await session.connection()).execute(statement, {"rows": text_of_rows})


def _cell(session: AsyncSession, value: Any, place: int, kind: TypeEngine[Any]) -> ColumnElement[Any]:
    """The cell at a place of a row that is a JSON array."""
    if session.get_bind().dialect.name == POSTGRESQL:
        return cast(value.op("->>")(literal_column(str(place))), kind)
    return func.json_extract(value, literal_column(f"'$[{place}]'"))


async def people(session: AsyncSession) -> AsyncIterator[PersonRow]:
    """Everybody, in the order of their ids."""
    query = select(
        Member.id, Member.user_id, Member.reference, Member.display_name, Member.cohort, City.name, City.country
    ).outerjoin(City, City.id == Member.city_id)
    async for rows in _pages(session, query):
        for row in rows:
            yield PersonRow(*row)


async def stored(session: AsyncSession, member_ids: Collection[int]) -> list[StoredRow]:
    """These members, at most a few thousand."""
    columns: Any = (
        Member.id,
        Member.user_id,
        Member.reference,
        Member.display_name,
        Member.post,
        Member.cohort,
        Member.city_id,
        Member.zone,
        Member.language,
        Member.confirmed_at,
    )
    return [StoredRow(*row) for row in await session.execute(select(*columns).where(Member.id.in_(member_ids)))]


async def languages(session: AsyncSession, member_ids: Collection[int]) -> dict[int, list[str]]:
    """The languages of these members, sorted, by member."""
    rows = await session.execute(
        select(MemberLanguage.member_id, MemberLanguage.language)
        .where(MemberLanguage.member_id.in_(member_ids))
        .order_by(MemberLanguage.member_id, MemberLanguage.language)
    )
    return _grouped(rows)


async def topics(session: AsyncSession, member_ids: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    """The topics of these members, each with its level, sorted, by member."""
    rows = await session.execute(
        select(Expertise.member_id, Expertise.topic_id, Expertise.level)
        .where(Expertise.member_id.in_(member_ids))
        .order_by(Expertise.member_id, Expertise.topic_id)
    )
    return _grouped((member_id, (topic_id, level)) for member_id, topic_id, level in rows)


def _grouped(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for member_id, value in rows:
        found[member_id].append(value)
    return found


async def cities(session: AsyncSession) -> list[CityRow]:
    """All cities on record: those that somebody lives in or a server speaks for."""
    rows = await session.execute(
        select(City.id, City.geonames_id, City.name, City.country, City.zone).order_by(City.id)
    )
    return [CityRow(*row) for row in rows]


async def add_cities(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> dict[int, int]:
    """Put cities on record, columns by name; returns the id of each by its GeoNames id."""
    if not rows:
        return {}
    await session.execute(insert_for(session, City).on_conflict_do_nothing(index_elements=["geonames_id"]), rows)
    wanted = [row["geonames_id"] for row in rows]
    found = await session.execute(select(City.geonames_id, City.id).where(City.geonames_id.in_(wanted)))
    return {geonames_id: city_id for geonames_id, city_id in found if geonames_id is not None}


async def next_id(session: AsyncSession) -> int:
    """An id from which on nobody has one or ever had one."""
    postgresql = session.get_bind().dialect.name == POSTGRESQL
    given = "SELECT last_value FROM members_id_seq" if postgresql else _SQLITE_GIVEN
    highest = await session.scalar(select(func.max(Member.id)))
    return max(highest or 0, await session.scalar(text(given)) or 0) + 1


async def add_members(session: AsyncSession, rows: Iterable[Sequence[Any]], now: datetime) -> None:
    """New members, imported now; the cells of a row are `MEMBER_CELLS`."""
    await _add(session, Member, MEMBER_CELLS, rows, imported_at=now, created_at=now, updated_at=now)


async def counted_on(session: AsyncSession) -> None:
    """After `add_members`: let the database count on from the highest id. SQLite does so by itself."""
    if session.get_bind().dialect.name == POSTGRESQL:
        await session.execute(
            text("SELECT setval(pg_get_serial_sequence('members', 'id'), (SELECT max(id) FROM members))")
        )


async def add_languages(session: AsyncSession, rows: Iterable[tuple[int, str]]) -> None:
    """Languages of members who have none yet, or whose were taken away."""
    await _add(session, MemberLanguage, ("member_id", "language"), rows)


async def add_topics(session: AsyncSession, rows: Iterable[tuple[int, str, str]]) -> None:
    """The same for topics, each with its level; she has not confirmed them."""
    await _add(session, Expertise, ("member_id", "topic_id", "level"), rows)


async def remove_languages(session: AsyncSession, member_ids: Collection[int]) -> None:
    """Take all languages of these members away."""
    if member_ids:
        await session.execute(delete(MemberLanguage).where(MemberLanguage.member_id.in_(member_ids)))


async def remove_topics(session: AsyncSession, member_ids: Collection[int]) -> None:
    """Take all topics of these members away."""
    if member_ids:
        await session.execute(delete(Expertise).where(Expertise.member_id.in_(member_ids)))


async def change_members(session: AsyncSession, changes: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
    """Write changed columns, by member. Those who change the same columns go together."""
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for member_id, columns in changes:
        alike[tuple(sorted(columns))].append({"b_id": member_id, **{f"b_{k}": v for k, v in columns.items()}})
    connection = await session.connection()
    for names, rows in alike.items():
        values: dict[str, Any] = {name: bindparam(f"b_{name}") for name in names}
        await connection.execute(update(Member).where(Member.id == bindparam("b_id")).values(values), rows)


async def export(session: AsyncSession) -> AsyncIterator[list[ExportRow]]:
    """Everybody, some thousand at a time, in the order of their ids."""
    query = select(
        Member.id,
        Member.user_id,
        Member.reference,
        Member.display_name,
        Member.post,
        Member.cohort,
        City.name,
        City.country,
        City.geonames_id,
        Member.zone,
        Member.language,
    ).outerjoin(City, City.id == Member.city_id)
    async for rows in _pages(session, query):
        yield [ExportRow(*row) for row in rows]


async def unclaimed(session: AsyncSession) -> AsyncIterator[list[tuple[int, str, str | None]]]:
    """Id, name and reference of everybody without a Discord account, some thousand at a time."""
    query = select(Member.id, Member.display_name, Member.reference).where(Member.user_id.is_(None))
    async for rows in _pages(session, query):
        yield [(member_id, name, reference) for member_id, name, reference in rows]


async def void_claims(session: AsyncSession) -> int:
    """Take away all unused codes by which imported people claim their rows; returns how many there were."""
    voided = await session.execute(
        delete(OneTimeCode)
        .where(OneTimeCode.purpose == "claim", OneTimeCode.used_at.is_(None))
        .returning(OneTimeCode.id)
    )
    return len(voided.all())


async def add_claims(
    session: AsyncSession, rows: Iterable[tuple[int, str]], *, created_by: int | None, now: datetime, until: datetime
) -> None:
    """New codes by which imported people claim their rows: the member's id and the code's digest."""
    same = {"purpose": "claim", "created_by": created_by, "created_at": now, "expires_at": until}
    await _add(session, OneTimeCode, ("member_id", "digest"), rows, **same)
