"""Where cases stand in forums, and which servers want the cases of others."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import insert_for
from db.tables import Case, CaseMirror, CasePost, Server


class PostRow(NamedTuple):
    """A case in one server's forum."""

    id: int
    case_id: int
    server_id: int
    state: str
    thread_id: int | None
    message_id: int | None
    parts: list[str]
    shown: int


_COLUMNS = tuple(getattr(CasePost, name) for name in PostRow._fields)


async def _some(session: AsyncSession, *conditions: ColumnElement[bool]) -> Sequence[PostRow]:
    rows = await session.execute(select(*_COLUMNS).where(*conditions).order_by(CasePost.id))
    return [PostRow(*row) for row in rows]


async def by_id(session: AsyncSession, post_id: int) -> PostRow | None:
    """A post."""
    return next(iter(await _some(session, CasePost.id == post_id)), None)


async def of_case(session: AsyncSession, case_id: int) -> Sequence[PostRow]:
    """Every post of a case, that of its author's server first."""
    return await _some(session, CasePost.case_id == case_id)


async def of_cases(session: AsyncSession, case_ids: Collection[int]) -> Sequence[PostRow]:
    """Every post of these cases."""
    return await _some(session, CasePost.case_id.in_(case_ids))


async def by_thread(session: AsyncSession, thread_id: int) -> PostRow | None:
    """The post that this thread is."""
    return next(iter(await _some(session, CasePost.thread_id == thread_id)), None)


async def want(session: AsyncSession, case_id: int, server_ids: Sequence[int]) -> None:
    """A case is to stand in these servers. Where it was removed or lost, it is to be made anew."""
    for server_id in server_ids:
        statement: Any = insert_for(session, CasePost)
        fresh: dict[str, Any] = {"state": "wanted", "thread_id": None, "message_id": None, "parts": [], "shown": 0}
        await session.execute(
            statement.values(case_id=case_id, server_id=server_id, **fresh).on_conflict_do_update(
                index_elements=["case_id", "server_id"],
                set_=fresh,
                where=CasePost.state.in_(("removed", "lost")),
            )
        )


async def change(session: AsyncSession, post_id: int, **columns: Any) -> None:
    """Write these columns of a post."""
    await session.execute(update(CasePost).where(CasePost.id == post_id).values(**columns))


async def threads(session: AsyncSession, thread_ids: Collection[int]) -> frozenset[int]:
    """Those of these threads that are the post of a case."""
    found = await session.scalars(select(CasePost.thread_id).where(CasePost.thread_id.in_(thread_ids)))
    return frozenset(each for each in found if each is not None)


async def unfinished(session: AsyncSession, limit: int, resting: Collection[int], *, made: bool) -> Sequence[PostRow]:
    """Posts that are not as they should be, oldest first, but for those that rest: to be made, or (`made`) to be
    brought up to date or removed."""
    open_now = Case.state.in_(("published", "retired"))
    wrong = (
        or_(
            and_(open_now, CasePost.state == "posted", CasePost.shown < Case.revision),
            and_(Case.state == "withdrawn", CasePost.state.in_(("posted", "wanted"))),
        )
        if made
        else and_(open_now, CasePost.state == "wanted")
    )
    here = select(Server.id).where(Server.left_at.is_(None))
    rows = await session.execute(
        select(*_COLUMNS)
        .join(Case, Case.id == CasePost.case_id)
        .where(wrong, CasePost.server_id.in_(here), CasePost.id.not_in(resting))
        .order_by(CasePost.id)
        .limit(limit)
    )
    return [PostRow(*row) for row in rows]


async def mirroring(session: AsyncSession) -> Sequence[int]:
    """The servers of the network that want the cases of others and have a forum for them."""
    return list(
        await session.scalars(
            select(Server.id)
            .join(CaseMirror, CaseMirror.server_id == Server.id)
            .where(Server.left_at.is_(None), Server.cases_forum_id.is_not(None))
            .order_by(Server.id)
        )
    )


async def set_mirror(session: AsyncSession, server_id: int, *, wanted: bool, now: datetime) -> None:
    """A server wants the cases of others, or no longer does."""
    if wanted:
        statement: Any = insert_for(session, CaseMirror)
        await session.execute(statement.values(server_id=server_id, since=now).on_conflict_do_nothing())
    else:
        await session.execute(delete(CaseMirror).where(CaseMirror.server_id == server_id))
