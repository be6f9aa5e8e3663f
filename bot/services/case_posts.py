"""Where cases stand in forums: what is to be made, put right or taken away, and what became of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from bot.domain.access import Actor, Right
from bot.domain.adaptations import Adaptation
from bot.domain.case_posts import CasePost, PostState
from bot.domain.cases import Case
from bot.domain.topics import Topic
from bot.services import case_rows
from bot.services.adaptation_rows import of_cases
from bot.services.ports import Clock
from bot.services.topics import TopicsService
from bot.services.work import Work
from db.queries import audit, case_files, case_votes
from db.queries import case_posts as queries
from db.queries.case_posts import PostRow

AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything that a post of a case says."""

    case: Case
    topics: tuple[Topic, ...]
    adaptations: tuple[Adaptation, ...]
    votes: int


@dataclass(frozen=True, slots=True)
class CasePostsService:
    """Keeps account of posts. Discord is spoken to by `bot.client.case_posting`."""

    work: Work
    topics: TopicsService
    clock: Clock

    async def shown(self, case_id: int) -> Shown:
        """What the posts of a case are to say now. Raises `Refusal` where there is no such case."""
        async with self.work.read() as session:
            case = await case_rows.get(session, case_id)
            adaptations = await of_cases(session, [case_id])
            votes = await case_votes.votes(session, [case_id])
        found = (self.topics.index.get(one) for one in case.content.topics)
        topics = tuple(one for one in found if one is not None)
        return Shown(case, topics, adaptations, votes.get(case_id, 0))

    async def files(self, case_id: int) -> tuple[tuple[str, str, bytes], ...]:
        """The files of a case: name, description, bytes."""
        async with self.work.read() as session:
            return tuple(await case_files.bytes_of(session, case_id))

    async def of_case(self, case_id: int) -> tuple[CasePost, ...]:
        """Every post of a case."""
        async with self.work.read() as session:
            return tuple(map(post_of, await queries.of_case(session, case_id)))

    async def get(self, post_id: int) -> CasePost | None:
        """A post as it is on record."""
        async with self.work.read() as session:
            row = await queries.by_id(session, post_id)
            return post_of(row) if row else None

    async def in_thread(self, thread_id: int) -> CasePost | None:
        """The post that this thread is."""
        async with self.work.read() as session:
            row = await queries.by_thread(session, thread_id)
            return post_of(row) if row else None

    async def links(self, case_ids: Collection[int], server_id: int | None) -> dict[int, tuple[int, int]]:
        """Where these cases stand, as server and thread: in this server if they do."""
        found: dict[int, tuple[int, int]] = {}
        async with self.work.read() as session:
            for row in await queries.of_cases(session, case_ids):
                if row.thread_id is not None and (row.case_id not in found or row.server_id == server_id):
                    found[row.case_id] = (row.server_id, row.thread_id)
        return found

    async def unfinished(self, resting: Collection[int], *, making: int) -> tuple[CasePost, ...]:
        """Posts that are not as they should be: we stopped in between, or Discord failed us. Without those that rest;
        of those that are to be made at most `making`."""
        async with self.work.read() as session:
            standing = await queries.unfinished(session, AT_ONCE, resting, made=True)
            wanted = await queries.unfinished(session, making, resting, made=False) if making > 0 else []
            return tuple(map(post_of, [*standing, *wanted]))

    async def unknown_threads(self, thread_ids: Collection[int]) -> frozenset[int]:
        """Those of these threads that are the post of no case on record."""
        async with self.work.read() as session:
            return frozenset(thread_ids) - await queries.threads(session, thread_ids)

    async def posted(self, post_id: int, thread_id: int, message_id: int) -> None:
        """The post stands; its other messages and what changed meanwhile are still to come (`shown` 0)."""
        async with self.work.begin() as session:
            await queries.change(
                session, post_id, state=PostState.POSTED, thread_id=thread_id, message_id=message_id, shown=0, parts=[]
            )

    async def has_parts(self, post_id: int, parts: Collection[int]) -> None:
        """Its other messages are these."""
        async with self.work.begin() as session:
            await queries.change(session, post_id, parts=[str(one) for one in parts])

    async def up_to_date(self, post_id: int, revision: int) -> None:
        """It says what this revision says."""
        async with self.work.begin() as session:
            await queries.change(session, post_id, shown=revision)

    async def removed(self, post_id: int) -> None:
        """We took it away."""
        async with self.work.begin() as session:
            gone: dict[str, Any] = {"state": PostState.REMOVED, "thread_id": None, "message_id": None, "parts": []}
            await queries.change(session, post_id, **gone)

    async def lost(self, thread_id: int, message_id: int | None = None) -> CasePost | None:
        """A thread is gone, or one message in it; the post that is lost with it, None where none is."""
        async with self.work.begin() as session:
            row = await queries.by_thread(session, thread_id)
            if row is None or row.state != PostState.POSTED or message_id not in (None, row.message_id):
                return None
            await queries.change(session, row.id, state=PostState.LOST, thread_id=None, message_id=None, parts=[])
            return post_of(row)

    async def again(self, case_id: int) -> None:
        """Let the lost posts of a case be made anew."""
        async with self.work.begin() as session:
            rows = await queries.of_case(session, case_id)
            await queries.want(session, case_id, [row.server_id for row in rows if row.state == PostState.LOST])

    async def mirror(self, actor: Actor, *, wanted: bool) -> None:
        """Whether her server wants the cases of other servers in its forum, from now on."""
        actor.require(Right.COORDINATOR_OR_ADMINISTRATOR)
        assert actor.server_id is not None
        async with self.work.begin() as session:
            await queries.set_mirror(session, actor.server_id, wanted=wanted, now=self.clock())
            await audit.record(
                session,
                at=self.clock(),
                actor_id=actor.user_id,
                server_id=actor.server_id,
                action="case.mirror",
                details={"wanted": wanted},
            )


def post_of(row: PostRow) -> CasePost:
    """A row as the rules know it."""
    return CasePost(
        id=row.id,
        case_id=row.case_id,
        server_id=row.server_id,
        state=PostState(row.state),
        thread_id=row.thread_id,
        message_id=row.message_id,
        parts=tuple(map(int, row.parts)),
        shown=row.shown,
    )
