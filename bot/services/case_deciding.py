"""What becomes of a case, in the transaction that decides it: another state, another version, its posts, its news."""

from __future__ import annotations

from datetime import datetime

from bot.domain import cases as rules
from bot.domain.access import Actor
from bot.domain.adaptations import months_later
from bot.domain.case_content import Content
from bot.domain.case_documents import document_of
from bot.domain.cases import OPEN, VERIFY_AFTER, Case, CaseState, Deed
from bot.domain.errors import Refusal
from bot.services import case_news, case_rows
from bot.services.case_search import reindex
from db.engine import AsyncSession
from db.queries import audit, case_posts, case_versions
from db.queries import cases as queries


async def say(session: AsyncSession, actor: Actor, case: Case, content: Content, now: datetime) -> None:
    """Write down what a case says from now on; a published one keeps what it said before as a version."""
    published = case.state in OPEN
    await queries.change(
        session,
        case.id,
        **case_rows.columns_of(content),
        version=case.version + published,
        revision=case.revision + 1,
        updated_at=now,
    )
    await queries.set_topics(session, case.id, content.topics)
    if published:
        document = document_of((await case_rows.get(session, case.id)).content)
        await case_versions.keep_version(session, case.id, case.version + 1, document, user_id=actor.user_id, now=now)
    if case.state is CaseState.PUBLISHED:
        await reindex(session, case.id, case.content, (await case_rows.get(session, case.id)).content)


async def move(session: AsyncSession, actor: Actor, case_id: int, deed: Deed, now: datetime, **columns: object) -> Case:
    """Let a case stand otherwise; it is found while it is published."""
    case = await case_rows.get(session, case_id)
    rules.check(case, deed, actor)
    await decide(session, actor, case, deed, now, **columns)
    moved = await case_rows.get(session, case_id)
    was_found, is_found = (one.state is CaseState.PUBLISHED for one in (case, moved))
    if was_found != is_found:
        await reindex(session, case_id, case.content if was_found else None, moved.content if is_found else None)
    if deed is Deed.SUBMIT:
        await case_news.submitted(session, moved, now)
    if moved.state in OPEN or case.state in OPEN:
        await queries.touch(session, case_id)
    return await case_rows.get(session, case_id)


async def publish(session: AsyncSession, actor: Actor, case: Case, now: datetime) -> Case:
    """It may be read, it is found, and its posts are wanted: in its own server, and where others' cases are."""
    await decide(
        session,
        actor,
        case,
        Deed.PUBLISH,
        now,
        published_at=case.published_at or now,
        verify_by=months_later(now, VERIFY_AFTER),
        version=case.version + 1,
        revision=case.revision + 1,
        comment=None,
    )
    await case_versions.keep_version(
        session, case.id, case.version + 1, document_of(case.content), user_id=case.owner_user_id, now=now
    )
    own = [] if case.server_id is None else [case.server_id]
    mirrors = [one for one in await case_posts.mirroring(session) if one != case.server_id]
    await case_posts.want(session, case.id, [*own, *mirrors])
    await reindex(session, case.id, None, case.content)
    done = await case_rows.get(session, case.id)
    await case_news.decided(session, done, now)
    return done


async def decide(session: AsyncSession, actor: Actor, case: Case, deed: Deed, now: datetime, **columns: object) -> None:
    """Move it, unless somebody else has moved it meanwhile, and note what is not the owner's own doing."""
    state = rules.after(case, deed)
    if deed in rules.DECISIONS:
        columns = {**columns, "decided_by": actor.user_id}
    if not await queries.move(session, case.id, case.state, **columns, state=state, updated_at=now):
        raise Refusal("cases.decided_already", state=(await case_rows.get(session, case.id)).state)
    if deed in rules.DECISIONS or not case.owned_by(actor):
        await audit.record(
            session,
            at=now,
            actor_id=actor.user_id,
            server_id=case.server_id,
            action=f"case.{deed}",
            subject=case.title or None,
            details={"case": case.id} | ({"own": True} if case.written_by(actor) else {}),
        )
