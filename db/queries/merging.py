"""What hangs on a topic goes to another one, and can come back.

`merge` and `part` go over every table that speaks of a topic: what members say of themselves, who vouches for them,
and whatever else refers to `topics.id`, found in the tables themselves. Each row that went is put down in
`topic_moves`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Table, and_, delete, exists, insert, literal, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.engine import insert_for
from db.tables import LEVELS, Base, Endorsement, Expertise, TopicMove
from db.types import Snowflake

_OWN_WAY = {"topics", "topic_labels", "topic_moves", "expertise", "endorsements"}
"""Tables that speak of topics and are not just carried over; names stay with their topic."""
_TERMS = ("level", "confirmed_at", "open", "monthly_cap", "paused_until")


class Place(NamedTuple):
    """A column of a table in which a topic stands, where `condition` holds, and the one that tells its rows apart."""

    table: Table
    topic: Column[Any]
    other: Column[Any]
    condition: ColumnElement[bool]

    @property
    def key(self) -> str:
        """The column of `topic_moves` that tells its rows apart."""
        return "user_id" if isinstance(self.other.type, Snowflake) else "row_id"

    def of(self, topic_id: str) -> ColumnElement[bool]:
        """Its rows with this topic."""
        return and_(self.topic == topic_id, self.condition)


def plain_tables() -> Iterator[Place]:
    """Every other table with a topic."""
    for table in Base.metadata.sorted_tables:
        if table.name in _OWN_WAY:
            continue
        for column in table.columns:
            if any(key.column.table.name == "topics" for key in column.foreign_keys):
                (other,) = [each for each in table.primary_key.columns if each is not column]
                yield Place(table, column, other, true())
    campaigns = Base.metadata.tables["campaigns"].c
    # Whom a campaign is for stands in one column, whatever it is.
    yield Place(campaigns.id.table, campaigns.audience_value, campaigns.id, campaigns.audience == "topic")


async def merge(session: AsyncSession, source: str, target: str) -> None:
    """Carry over everything that hangs on `source`. Where `target` has it too, the better of the two stays."""
    await _merge_expertise(session, source, target)
    await _merge_endorsements(session, source, target)
    for place in plain_tables():
        await _merge_plain(session, place, source, target)


async def part(session: AsyncSession, source: str, target: str) -> None:
    """Bring back what went from `source`, and hangs on `target` now. What its owner took away meanwhile stays away."""
    went = [TopicMove.source_id == source, TopicMove.dropped.is_(False)]
    here = exists().where(*went, TopicMove.kind == "expertise", TopicMove.member_id == Expertise.member_id)
    await session.execute(update(Expertise).where(Expertise.topic_id == target, here).values(topic_id=source))
    vouched = exists().where(
        *went,
        TopicMove.kind == "endorsements",
        TopicMove.member_id == Endorsement.member_id,
        TopicMove.endorser_id == Endorsement.endorser_id,
    )
    await session.execute(update(Endorsement).where(Endorsement.topic_id == target, vouched).values(topic_id=source))
    for place in plain_tables():
        back = exists().where(*went, TopicMove.kind == place.table.name, getattr(TopicMove, place.key) == place.other)
        await session.execute(update(place.table).where(place.of(target), back).values({place.topic.name: source}))
    await _bring_back(session, source, target)
    await session.execute(delete(TopicMove).where(TopicMove.source_id == source))


async def _merge_expertise(session: AsyncSession, source: str, target: str) -> None:
    there = aliased(Expertise)
    terms = [getattr(Expertise, name) for name in _TERMS]
    both = await session.execute(
        select(Expertise.member_id, there.level, *terms)
        .join(there, and_(there.member_id == Expertise.member_id, there.topic_id == target))
        .where(Expertise.topic_id == source)
    )
    for member_id, level, *kept in both.all():
        columns = dict(zip(_TERMS, kept, strict=True))
        raised = LEVELS.index(columns["level"]) > LEVELS.index(level)
        if raised:
            await _set_level(session, member_id, target, columns["level"])
        await session.execute(
            insert(TopicMove).values(
                source_id=source,
                kind="expertise",
                member_id=member_id,
                dropped=True,
                raised_from=level if raised else None,
                **columns,
            )
        )
        await session.execute(delete(Expertise).where(Expertise.member_id == member_id, Expertise.topic_id == source))
    await _note(session, source, "expertise", Expertise.topic_id == source, member_id=Expertise.member_id)
    await session.execute(update(Expertise).where(Expertise.topic_id == source).values(topic_id=target))


async def _merge_endorsements(session: AsyncSession, source: str, target: str) -> None:
    there = aliased(Endorsement)
    doubled = exists().where(
        there.member_id == Endorsement.member_id,
        there.endorser_id == Endorsement.endorser_id,
        there.topic_id == target,
    )
    who = {"member_id": Endorsement.member_id, "endorser_id": Endorsement.endorser_id}
    await _note(
        session,
        source,
        "endorsements",
        Endorsement.topic_id == source,
        doubled,
        confirmed_at=Endorsement.endorsed_at,
        **who,
    )
    await session.execute(delete(Endorsement).where(Endorsement.topic_id == source, doubled))
    await _note(session, source, "endorsements", Endorsement.topic_id == source, **who)
    await session.execute(update(Endorsement).where(Endorsement.topic_id == source).values(topic_id=target))


async def _merge_plain(session: AsyncSession, place: Place, source: str, target: str) -> None:
    table, topic, other, _ = place
    if topic.primary_key:
        there = table.alias()
        doubled = exists().where(there.c[other.name] == other, there.c[topic.name] == target)
        await _note(session, source, table.name, place.of(source), doubled, **{place.key: other})
        await session.execute(delete(table).where(topic == source, doubled))
    await _note(session, source, table.name, place.of(source), **{place.key: other})
    await session.execute(update(table).where(place.of(source)).values({topic.name: target}))


async def _note(
    session: AsyncSession, source: str, kind: str, rows_of: ColumnElement[bool], doubled: Any = None, **columns: Any
) -> None:
    """Put down which rows of `source` are about to go; with `doubled`, those that are about to be taken away."""
    given = {"source_id": literal(source), "kind": literal(kind), "dropped": literal(doubled is not None), **columns}
    rows = select(*given.values()).where(rows_of)
    if doubled is not None:
        rows = rows.where(doubled)
    await session.execute(insert(TopicMove).from_select(list(given), rows))


async def _bring_back(session: AsyncSession, source: str, target: str) -> None:
    """What both had comes back where what stayed is still there."""
    names = ("kind", "member_id", "endorser_id", "row_id", "user_id", "raised_from")
    columns = [getattr(TopicMove, name) for name in names]
    terms = [getattr(TopicMove, name) for name in _TERMS]
    moves = await session.execute(
        select(*columns, *terms).where(TopicMove.source_id == source, TopicMove.dropped.is_(True))
    )
    plain = {place.table.name: place for place in plain_tables()}
    for kind, member_id, endorser_id, row_id, user_id, raised_from, *kept in moves.all():
        values = dict(zip(_TERMS, kept, strict=True))
        if kind == "expertise":
            level = await _level(session, member_id, target)
            if level is None:
                continue
            await session.execute(insert(Expertise).values(member_id=member_id, topic_id=source, **values))
            if raised_from is not None and level == values["level"]:
                await _set_level(session, member_id, target, raised_from)
        elif kind == "endorsements":
            key = {"member_id": member_id, "endorser_id": endorser_id, "topic_id": source}
            statement = insert_for(session, Endorsement).values(**key, endorsed_at=values["confirmed_at"])
            if await _stays(session, Endorsement.__table__, **(key | {"topic_id": target})):
                await session.execute(statement)
        else:
            await _copy(session, plain[kind], row_id if user_id is None else user_id, source, target)


async def _copy(session: AsyncSession, place: Place, key: int, source: str, target: str) -> None:
    """Once more what stayed, for the topic that was merged; its other columns are of the day."""
    columns = list(place.table.columns)
    values = [literal(source) if column is place.topic else column for column in columns]
    rows = select(*values).where(place.other == key, place.of(target))
    await session.execute(insert(place.table).from_select([column.name for column in columns], rows))


async def _level(session: AsyncSession, member_id: int, topic_id: str) -> str | None:
    found: str | None = await session.scalar(
        select(Expertise.level).where(Expertise.member_id == member_id, Expertise.topic_id == topic_id)
    )
    return found


async def _set_level(session: AsyncSession, member_id: int, topic_id: str, level: str) -> None:
    await session.execute(
        update(Expertise).where(Expertise.member_id == member_id, Expertise.topic_id == topic_id).values(level=level)
    )


async def _stays(session: AsyncSession, table: Any, **key: Any) -> bool:
    conditions = [table.c[name] == value for name, value in key.items()]
    return await session.scalar(select(literal(1)).select_from(table).where(*conditions)) is not None
