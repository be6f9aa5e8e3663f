"""Topics and their labels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import insert_for
from db.tables import Expertise, Question, Topic, TopicLabel


class TopicRow(NamedTuple):
    """A topic without its labels."""

    id: str
    cofog: str
    sdg: str | None
    source: str | None
    source_uri: str | None
    hidden: bool
    merged_into: str | None = None


class LabelRow(NamedTuple):
    """A name of a topic; `kind` is "preferred" or "synonym". Coordinators gave it what is `ours`."""

    topic_id: str
    language: str
    kind: str
    label: str
    ours: bool = False


async def topics(session: AsyncSession) -> Sequence[TopicRow]:
    """All topics, hidden ones too, in the order in which they came."""
    rows = await session.execute(
        select(
            Topic.id, Topic.cofog, Topic.sdg, Topic.source, Topic.source_uri, Topic.hidden, Topic.merged_into
        ).order_by(Topic.cofog, Topic.id)
    )
    return [TopicRow(*row) for row in rows]


async def labels(session: AsyncSession) -> Sequence[LabelRow]:
    """All names of all topics, in the order in which they were written."""
    rows = await session.execute(
        select(TopicLabel.topic_id, TopicLabel.language, TopicLabel.kind, TopicLabel.label, TopicLabel.ours).order_by(
            TopicLabel.id
        )
    )
    return [LabelRow(*row) for row in rows]


async def save(session: AsyncSession, changed: Iterable[TopicRow], names: Iterable[LabelRow]) -> None:
    """Write these topics, new or changed, and let `names` be all their labels but for those that are ours.

    Others stay as they are, and so does whether a topic is hidden or merged. A name of ours that `names` has too is
    ours no longer.
    """
    rows = [row._asdict() for row in changed]
    names = list(names)
    if not rows:
        return
    wanted = [row["id"] for row in rows]
    await session.execute(delete(TopicLabel).where(TopicLabel.topic_id.in_(wanted), TopicLabel.ours.is_(False)))
    await _give_way(session, wanted, names)
    statement: Any = insert_for(session, Topic)
    kept = ("cofog", "sdg", "source", "source_uri")
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["id"], set_={name: getattr(statement.excluded, name) for name in kept}
        ),
        rows,
    )
    await session.execute(insert(TopicLabel), [name._asdict() for name in names])


async def _give_way(session: AsyncSession, topic_ids: Sequence[str], names: Sequence[LabelRow]) -> None:
    """Our own names of these topics make room for `names`: what the file says too is its, and so are its labels."""
    same = {(name.topic_id, name.language, name.label) for name in names}
    labelled = {(name.topic_id, name.language) for name in names if name.kind == "preferred"}
    rows = await session.execute(
        select(TopicLabel.id, TopicLabel.topic_id, TopicLabel.language, TopicLabel.label).where(
            TopicLabel.topic_id.in_(topic_ids)
        )
    )
    for label_id, topic_id, language, label in rows.all():
        if (topic_id, language, label) in same:
            await session.execute(delete(TopicLabel).where(TopicLabel.id == label_id))
        elif (topic_id, language) in labelled:
            await session.execute(update(TopicLabel).where(TopicLabel.id == label_id).values(kind="synonym"))


class OwnNameRow(NamedTuple):
    """A name that coordinators gave a topic."""

    id: int
    topic_id: str
    language: str
    kind: str
    label: str


async def create(session: AsyncSession, topic_id: str, cofog: str) -> None:
    """A topic that the file does not have."""
    await session.execute(insert(Topic).values(id=topic_id, cofog=cofog, hidden=False))


async def change(session: AsyncSession, topic_id: str, **columns: Any) -> None:
    """Write these columns of a topic."""
    await session.execute(update(Topic).where(Topic.id == topic_id).values(**columns))


async def add_name(session: AsyncSession, name: LabelRow) -> None:
    """One more name for a topic; a second time changes nothing."""
    await session.execute(insert_for(session, TopicLabel).values(**name._asdict()).on_conflict_do_nothing())


async def own_names(session: AsyncSession, topic_id: str) -> Sequence[OwnNameRow]:
    """The names that coordinators gave a topic, oldest first."""
    rows = await session.execute(
        select(TopicLabel.id, TopicLabel.topic_id, TopicLabel.language, TopicLabel.kind, TopicLabel.label)
        .where(TopicLabel.topic_id == topic_id, TopicLabel.ours.is_(True))
        .order_by(TopicLabel.id)
    )
    return [OwnNameRow(*row) for row in rows]


async def remove_name(session: AsyncSession, label_id: int) -> OwnNameRow | None:
    """Take away a name that coordinators gave, and return it; None where it is gone already."""
    row = (
        await session.execute(
            delete(TopicLabel)
            .where(TopicLabel.id == label_id, TopicLabel.ours.is_(True))
            .returning(TopicLabel.id, TopicLabel.topic_id, TopicLabel.language, TopicLabel.kind, TopicLabel.label)
        )
    ).one_or_none()
    return OwnNameRow(*row) if row else None


async def used(session: AsyncSession, topic_id: str) -> tuple[int, int]:
    """How many people name a topic, and how many questions are about it."""
    people = await session.scalar(select(func.count()).where(Expertise.topic_id == topic_id))
    questions = await session.scalar(select(func.count()).where(Question.topic_id == topic_id))
    return people or 0, questions or 0
