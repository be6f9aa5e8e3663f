"""Topics and their labels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import insert_for
from db.tables import Topic, TopicLabel


class TopicRow(NamedTuple):
    """A topic without its labels."""

    id: str
    cofog: str
    sdg: str | None
    source: str | None
    source_uri: str | None
    hidden: bool


class LabelRow(NamedTuple):
    """A name of a topic; `kind` is "preferred" or "synonym"."""

    topic_id: str
    language: str
    kind: str
    label: str


async def topics(session: AsyncSession) -> Sequence[TopicRow]:
    """All topics, hidden ones too, in the order in which they came."""
    rows = await session.execute(
        select(Topic.id, Topic.cofog, Topic.sdg, Topic.source, Topic.source_uri, Topic.hidden).order_by(
            Topic.cofog, Topic.id
        )
    )
    return [TopicRow(*row) for row in rows]


async def labels(session: AsyncSession) -> Sequence[LabelRow]:
    """All names of all topics, in the order in which they were written."""
    rows = await session.execute(
        select(TopicLabel.topic_id, TopicLabel.language, TopicLabel.kind, TopicLabel.label).order_by(TopicLabel.id)
    )
    return [LabelRow(*row) for row in rows]


async def save(session: AsyncSession, changed: Iterable[TopicRow], names: Iterable[LabelRow]) -> None:
    """Write these topics, new or changed, and let `names` be all their labels. Others stay as they are."""
    rows = [row._asdict() for row in changed]
    if not rows:
        return
    await session.execute(delete(TopicLabel).where(TopicLabel.topic_id.in_([row["id"] for row in rows])))
    statement: Any = insert_for(session, Topic)
    kept = ("cofog", "sdg", "source", "source_uri")
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["id"], set_={name: getattr(statement.excluded, name) for name in kept}
        ),
        rows,
    )
    await session.execute(insert(TopicLabel), [name._asdict() for name in names])
