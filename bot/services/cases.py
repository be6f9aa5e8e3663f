"""Case studies from the first draft to the last confirmation. Discord hears of it afterwards, from whoever called."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain import cases as rules
from bot.domain.access import Actor, Right
from bot.domain.adaptations import months_later
from bot.domain.case_documents import document_of
from bot.domain.case_files import NewFile
from bot.domain.cases import (
    COMMENT_LIMIT,
    MOST_FILES,
    OPEN,
    VERIFY_AFTER,
    Case,
    CaseKind,
    CaseSection,
    CaseState,
    CaseStatus,
    Content,
    Deed,
)
from bot.domain.cities import Gazetteer
from bot.domain.errors import Forbidden, Refusal
from bot.domain.split import split
from bot.domain.text import clean
from bot.domain.topics import Topic
from bot.services import case_news, case_rows
from bot.services.case_fields import NAMELESS, Known, named_topic, read_fields
from bot.services.case_search import reindex
from bot.services.ports import Clock
from bot.services.topics import TopicsService
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import audit, case_posts, case_starts
from db.queries import cases as queries

NAME_LIMIT = 100
MOST_DRAFTS = 25
"""What one select shows."""
MOST_STARTS = 5
START_PART = 1000
STARTED_WITH = (CaseSection.DONE, CaseSection.RESULTS, CaseSection.BEFORE, CaseSection.CONDITIONS)
"""Where what was told in a check-in goes, a part of it in each: more than an answer there may have."""
READ_FOR_A_TOPIC = 200


@dataclass(frozen=True, slots=True)
class Started:
    """A new draft. Where the topic is not clear, `offered` has topics that may be meant."""

    case: Case
    offered: tuple[Topic, ...] = ()


@dataclass(frozen=True, slots=True)
class Start:
    """What somebody tried, from a check-in."""

    id: int
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """What a case said at one time. `number` counts from 1."""

    number: int
    document: Mapping[str, object]
    at: datetime


@dataclass(frozen=True, slots=True)
class CasesService:
    """What happens to cases."""

    work: Work
    topics: TopicsService
    clock: Clock
    gazetteer: Gazetteer

    async def start(
        self, actor: Actor, topic: str, kind: CaseKind = CaseKind.CASE, first: Mapping[str, str] | None = None
    ) -> Started:
        """A new draft about a topic, in her words or by its id; `first` are fields that are known already.

        Raises `Refusal` where she is in no server of the network.
        """
        actor.require(Right.MEMBER)
        found = self.topics.find(topic, actor.language) if topic.strip() else None
        meant = [match.topic_id for match in found.matches] if found else []
        sure = meant[:1] if found and found.confident else []
        now = self.clock()
        async with self.work.begin() as session:
            content = Content(kind=kind, language=actor.language, topics=tuple(sure))
            content = await read_fields(session, self._known(actor), content, first or {})
            case_id = await queries.create(
                session,
                uid=str(uuid.uuid4()),
                server_id=await _server_of(session, actor),
                state=CaseState.DRAFT,
                author_user_id=actor.user_id,
                author_name=actor.name[:NAME_LIMIT],
                owner_user_id=actor.user_id,
                owner_name=actor.name[:NAME_LIMIT],
                version=0,
                revision=1,
                created_at=now,
                updated_at=now,
                **case_rows.columns_of(content),
            )
            await queries.set_topics(session, case_id, content.topics)
            case = await case_rows.get(session, case_id)
        return Started(case, () if sure else tuple(self.topics.get(one) for one in meant))

    async def starts(self, actor: Actor) -> tuple[Start, ...]:
        """What she told of in check-ins and has not made a draft of, the newest first."""
        async with self.work.read() as session:
            return tuple(Start(*row) for row in await case_starts.unused(session, actor.user_id, MOST_STARTS))

    async def begin(self, actor: Actor, start_id: int) -> Started:
        """A draft from what she told in a check-in, once. Raises `Refusal` where it is not hers, or was used."""
        async with self.work.begin() as session:
            row = await case_starts.use(session, start_id, actor.user_id, self.clock())
        if row is None:
            raise Refusal("cases.start_used")
        texts = zip((one.value for one in STARTED_WITH), split(row.text, START_PART), strict=False)
        return await self.start(actor, row.text[:READ_FOR_A_TOPIC], first=dict(texts))

    async def grow(self, actor: Actor, case_id: int) -> Started:
        """A draft of a case study from the pilot of a debrief."""
        case = await self.get(actor, case_id)
        if not case.owned_by(actor):
            raise Forbidden("cases.owner_only")
        said = case.content
        first = {
            "topics": ";".join(said.topics),
            "title": case.title,
            CaseSection.BEFORE.value: said.texts.get(CaseSection.EXPECTED, ""),
            CaseSection.DONE.value: said.texts.get(CaseSection.PILOT, ""),
            "city": said.city or "",
            "named": NAMELESS if said.nameless_city else "",
            "status": CaseStatus.PILOT.value,
        }
        return await self.start(actor, "", first=first)

    async def get(self, actor: Actor, case_id: int) -> Case:
        """A case that she may read. Raises `Refusal` for another."""
        async with self.work.read() as session:
            case = await case_rows.get(session, case_id)
        rules.check(case, Deed.READ, actor)
        return case

    async def check(self, actor: Actor, case_id: int, deed: Deed) -> Case:
        """A case with which she may do this. Raises `Refusal` otherwise; what a draft lacks is not looked at."""
        async with self.work.read() as session:
            case = await case_rows.get(session, case_id)
        rules.check(case, deed, actor)
        return case

    async def mine(self, actor: Actor) -> tuple[Case, ...]:
        """What she looks after, the latest change first."""
        async with self.work.read() as session:
            rows = await queries.of_owner(session, actor.user_id, MOST_DRAFTS)
            return tuple((await case_rows.from_rows(session, rows)).values())

    async def queue(self, actor: Actor) -> tuple[Case, ...]:
        """What waits for her as a coordinator, the oldest first; for a network coordinator that of all servers."""
        actor.require(Right.SERVER_COORDINATOR)
        server_id = None if actor.is_network_coordinator else actor.server_id
        async with self.work.read() as session:
            rows = await queries.submitted(session, server_id, MOST_DRAFTS)
            return tuple((await case_rows.from_rows(session, rows)).values())

    async def save(self, actor: Actor, case_id: int, typed: Mapping[str, str]) -> Case:
        """She says some fields otherwise, by name, as typed; an empty one is cleared. A published case stays whole.

        Raises `Refusal` where one is wrong; then nothing is changed.
        """
        async with self.work.begin() as session:
            case = await case_rows.get(session, case_id)
            rules.check(case, Deed.EDIT, actor)
            content = await read_fields(session, self._known(actor), case.content, typed)
            if not rules.changes(case.content, content):
                return case
            rules.check_still_whole(case, content)
            await self._say(session, actor, case, content)
            return await case_rows.get(session, case_id)

    async def set_topics(self, actor: Actor, case_id: int, topic_ids: tuple[str, ...]) -> Case:
        """She chooses among topics. Raises `Refusal` for an unknown one."""
        return await self.save(actor, case_id, {"topics": ";".join(self.topics.get(one).id for one in topic_ids)})

    async def submit(self, actor: Actor, case_id: int) -> Case:
        """For the coordinators to decide on. Raises `Refusal` that names what it still lacks."""
        now = self.clock()
        return await self._move(actor, case_id, Deed.SUBMIT, submitted_at=now, comment=None)

    async def recall(self, actor: Actor, case_id: int) -> Case:
        """Back into her own hands, undecided."""
        return await self._move(actor, case_id, Deed.RECALL)

    async def discard(self, actor: Actor, case_id: int) -> None:
        """A draft goes for good."""
        async with self.work.begin() as session:
            rules.check(await case_rows.get(session, case_id), Deed.DISCARD, actor)
            await queries.remove(session, case_id)

    async def publish(self, actor: Actor, case_id: int) -> Case:
        """It is to stand in its server's forum, and in those of servers that want the cases of others."""
        now = self.clock()
        async with self.work.begin() as session:
            case = await case_rows.get(session, case_id)
            rules.check(case, Deed.PUBLISH, actor)
            await self._decide(
                session,
                actor,
                case,
                Deed.PUBLISH,
                published_at=case.published_at or now,
                verify_by=months_later(now, VERIFY_AFTER),
                version=case.version + 1,
                revision=case.revision + 1,
                comment=None,
            )
            await queries.keep_version(
                session, case_id, case.version + 1, document_of(case.content), user_id=case.owner_user_id, now=now
            )
            own = [] if case.server_id is None else [case.server_id]
            mirrors = [one for one in await case_posts.mirroring(session) if one != case.server_id]
            await case_posts.want(session, case_id, [*own, *mirrors])
            await reindex(session, case_id, None, case.content)
            done = await case_rows.get(session, case_id)
            await case_news.decided(session, done, now)
            return done

    async def send_back(self, actor: Actor, case_id: int, comment: str) -> Case:
        """Its author reads what to change, and may submit it again."""
        return await self._judge(actor, case_id, Deed.RETURN, comment)

    async def reject(self, actor: Actor, case_id: int, reason: str) -> Case:
        """Its author reads why."""
        return await self._judge(actor, case_id, Deed.REJECT, reason)

    async def withdraw(self, actor: Actor, case_id: int) -> Case:
        """Its posts are to go. What other cities made of it stays on record."""
        return await self._move(actor, case_id, Deed.WITHDRAW)

    async def retire(self, actor: Actor, case_id: int) -> Case:
        """It stays readable, and is no longer found: nobody vouches for it any more."""
        return await self._move(actor, case_id, Deed.RETIRE)

    async def confirm(self, actor: Actor, case_id: int) -> Case:
        """It still holds, for another year."""
        return await self._move(actor, case_id, Deed.CONFIRM, verify_by=months_later(self.clock(), VERIFY_AFTER))

    async def add_files(self, actor: Actor, case_id: int, files: tuple[NewFile, ...]) -> Case:
        """Files more. Raises `Refusal` where they would be too many."""
        async with self.work.begin() as session:
            case = await case_rows.get(session, case_id)
            rules.check(case, Deed.EDIT, actor)
            if len(case.files) + len(files) > MOST_FILES:
                raise Refusal("cases.too_many_files", most=MOST_FILES, n=len(case.files))
            for file in files:
                await queries.add_file(
                    session,
                    case_id,
                    name=file.name,
                    media_type=file.media_type,
                    size=len(file.content),
                    description=file.description,
                    content=file.content,
                    added_at=self.clock(),
                )
            await self._say(session, actor, case, case.content)
            return await case_rows.get(session, case_id)

    async def remove_files(self, actor: Actor, case_id: int) -> Case:
        """All its files go."""
        async with self.work.begin() as session:
            case = await case_rows.get(session, case_id)
            rules.check(case, Deed.EDIT, actor)
            await queries.remove_files(session, case_id)
            await self._say(session, actor, case, case.content)
            return await case_rows.get(session, case_id)

    async def useful(self, actor: Actor, case_id: int) -> int:
        """She found it useful, or takes that back; how many found so by now."""
        actor.require(Right.MEMBER)
        async with self.work.begin() as session:
            case = await case_rows.get(session, case_id)
            rules.check(case, Deed.USEFUL, actor)
            if not await queries.unvote(session, case_id, actor.user_id):
                await queries.vote(session, case_id, actor.user_id, self.clock())
            await queries.touch(session, case_id)
            return (await queries.votes(session, [case_id])).get(case_id, 0)

    async def versions(self, actor: Actor, case_id: int) -> tuple[Version, ...]:
        """Everything that a case has said, the first version first."""
        await self.get(actor, case_id)
        async with self.work.read() as session:
            return tuple(Version(*row) for row in await queries.versions(session, case_id))

    async def managed(self, actor: Actor, case_id: int) -> Case:
        """A case with which she may do more than read it. Raises `Refusal` for one of somebody else's."""
        async with self.work.read() as session:
            case = await case_rows.get(session, case_id)
        if not case.owned_by(actor) and not rules.coordinates(case, actor):
            raise Forbidden("cases.owner_or_coordinator_only")
        return case

    def check_room(self, case: Case) -> None:
        """Raises `Refusal` where it has all the files that it may have."""
        if len(case.files) >= MOST_FILES:
            raise Refusal("cases.too_many_files", most=MOST_FILES, n=len(case.files))

    def topic_named(self, topic: str, language: str) -> str:
        """The id of a topic that was chosen or typed. Raises `Refusal` where it is not clear which."""
        return named_topic(self.topics, topic, language)

    def topics_of(self, case: Case) -> tuple[Topic, ...]:
        """What it is about, without topics that are no longer shown."""
        found = (self.topics.index.get(one) for one in case.content.topics)
        return tuple(one for one in found if one is not None)

    def _known(self, actor: Actor) -> Known:
        return Known(self.topics, self.gazetteer, actor.language)

    async def _say(self, session: AsyncSession, actor: Actor, case: Case, content: Content) -> None:
        """Write down what a case says from now on; a published one keeps what it said before as a version."""
        now = self.clock()
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
            await queries.keep_version(session, case.id, case.version + 1, document, user_id=actor.user_id, now=now)
        if case.state is CaseState.PUBLISHED:
            await reindex(session, case.id, case.content, (await case_rows.get(session, case.id)).content)

    async def _move(self, actor: Actor, case_id: int, deed: Deed, **columns: object) -> Case:
        async with self.work.begin() as session:
            case = await case_rows.get(session, case_id)
            rules.check(case, deed, actor)
            await self._decide(session, actor, case, deed, **columns)
            now = await case_rows.get(session, case_id)
            was_found, is_found = (one.state is CaseState.PUBLISHED for one in (case, now))
            if was_found != is_found:
                await reindex(session, case_id, case.content if was_found else None, now.content if is_found else None)
            if deed is Deed.SUBMIT:
                await case_news.submitted(session, now, self.clock())
            if now.state in OPEN or case.state in OPEN:
                await queries.touch(session, case_id)
            return await case_rows.get(session, case_id)

    async def _judge(self, actor: Actor, case_id: int, deed: Deed, comment: str) -> Case:
        said = clean(comment, limit=COMMENT_LIMIT, lines=True)
        async with self.work.begin() as session:
            case = await case_rows.get(session, case_id)
            rules.check(case, deed, actor)
            await self._decide(session, actor, case, deed, comment=said)
            done = await case_rows.get(session, case_id)
            await case_news.decided(session, done, self.clock())
            return done

    async def _decide(self, session: AsyncSession, actor: Actor, case: Case, deed: Deed, **columns: object) -> None:
        """Move it, unless somebody else has moved it meanwhile, and note what is not the owner's own doing."""
        state = rules.after(case, deed)
        if deed in rules.DECISIONS:
            columns = {**columns, "decided_by": actor.user_id}
        if not await queries.move(session, case.id, case.state, **columns, state=state, updated_at=self.clock()):
            raise Refusal("cases.decided_already", state=(await case_rows.get(session, case.id)).state)
        if deed in rules.DECISIONS or not case.owned_by(actor):
            await audit.record(
                session,
                at=self.clock(),
                actor_id=actor.user_id,
                server_id=case.server_id,
                action=f"case.{deed}",
                subject=case.title or None,
                details={"case": case.id},
            )


async def _server_of(session: AsyncSession, actor: Actor) -> int:
    """The server that a new case belongs to: this one, or in a direct message the first of hers."""
    if actor.server_id is not None:
        return actor.server_id
    places = await queries.places(session, actor.user_id)
    if not places:
        raise Forbidden("access.member_only")
    return places[0][0]
