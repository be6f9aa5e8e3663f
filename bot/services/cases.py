"""Case studies from the first draft to the last confirmation. Discord hears of it afterwards, from whoever called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain import cases as rules
from bot.domain.access import Actor, Right
from bot.domain.adaptations import months_later
from bot.domain.case_content import MOST_FILES, CaseKind, changes
from bot.domain.case_files import NewFile
from bot.domain.cases import COMMENT_LIMIT, MOST_LISTED, VERIFY_AFTER, Case, Deed, Version
from bot.domain.cities import Gazetteer
from bot.domain.errors import Forbidden, Refusal
from bot.domain.text import clean
from bot.domain.topics import Topic
from bot.services import case_deciding as deciding
from bot.services import case_news, case_rows
from bot.services.case_drafting import Beginning, Start, Started, from_check_in, from_pilot, start
from bot.services.case_fields import Known, named_topic, read_fields
from bot.services.ports import Clock
from bot.services.topics import TopicsService
from bot.services.work import Work
from db.queries import case_files, case_starts, case_versions, case_votes
from db.queries import cases as queries

MOST_STARTS = 5


@dataclass(frozen=True, slots=True)
class CasesService:
    """What happens to cases."""

    work: Work
    topics: TopicsService
    clock: Clock
    gazetteer: Gazetteer

    async def start(
        self,
        actor: Actor,
        topic: str,
        kind: CaseKind = CaseKind.CASE,
        first: Mapping[str, str] | None = None,
    ) -> Started:
        """A new draft about a topic, in her words or by its id; `first` are fields that are known already.

        Raises `Refusal` where she is in no server of the network.
        """
        async with self.work.begin() as session:
            return await start(session, self._known(actor), actor, Beginning(topic, kind, first or {}), self.clock())

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
            return await start(session, self._known(actor), actor, from_check_in(row.text), self.clock())

    async def grow(self, actor: Actor, case_id: int) -> Started:
        """A draft of a case study from the pilot of a debrief; asked again, what has grown from it already."""
        case = await self.get(actor, case_id)
        if not case.owned_by(actor):
            raise Forbidden("cases.owner_only")
        async with self.work.begin() as session:
            grown = await queries.grown_from(session, case_id, actor.user_id)
            if grown is not None:
                return Started(await case_rows.get(session, grown))
            return await start(session, self._known(actor), actor, from_pilot(case), self.clock())

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
        if deed in rules.DECISIONS:
            rules.check_decision(case, deed, actor, self.clock())
        else:
            rules.check(case, deed, actor)
        return case

    async def mine(self, actor: Actor) -> tuple[Case, ...]:
        """What she looks after, the latest change first; one more than is listed, where there are more."""
        async with self.work.read() as session:
            rows = await queries.of_owner(session, actor.user_id, MOST_LISTED + 1)
            return tuple((await case_rows.from_rows(session, rows)).values())

    async def queue(self, actor: Actor) -> tuple[Case, ...]:
        """What waits for her as a coordinator, the oldest first; for a network coordinator that of all servers.

        One more than is listed, where there are more.
        """
        actor.require(Right.SERVER_COORDINATOR)
        server_id = None if actor.is_network_coordinator else actor.server_id
        async with self.work.read() as session:
            rows = await queries.submitted(session, server_id, MOST_LISTED + 1)
            return tuple((await case_rows.from_rows(session, rows)).values())

    async def save(self, actor: Actor, case_id: int, typed: Mapping[str, str]) -> Case:
        """She says some fields otherwise, by name, as typed; an empty one is cleared. A published case stays whole.

        Raises `Refusal` where one is wrong; then nothing is changed.
        """
        async with self.work.begin() as session:
            case = await case_rows.get(session, case_id)
            rules.check(case, Deed.EDIT, actor)
            content = await read_fields(session, self._known(actor), case.content, typed)
            if not changes(case.content, content):
                return case
            rules.check_still_whole(case, content)
            await deciding.say(session, actor, case, content, self.clock())
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
        async with self.work.begin() as session:
            case = await case_rows.get(session, case_id)
            rules.check_decision(case, Deed.PUBLISH, actor, self.clock())
            return await deciding.publish(session, actor, case, self.clock())

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
                await case_files.add_file(
                    session,
                    case_id,
                    name=file.name,
                    media_type=file.media_type,
                    size=len(file.content),
                    description=file.description,
                    content=file.content,
                    added_at=self.clock(),
                )
            await deciding.say(session, actor, case, case.content, self.clock())
            return await case_rows.get(session, case_id)

    async def remove_files(self, actor: Actor, case_id: int) -> Case:
        """All its files go."""
        async with self.work.begin() as session:
            case = await case_rows.get(session, case_id)
            rules.check(case, Deed.EDIT, actor)
            await case_files.remove_files(session, case_id)
            await deciding.say(session, actor, case, case.content, self.clock())
            return await case_rows.get(session, case_id)

    async def useful(self, actor: Actor, case_id: int) -> int:
        """She found it useful, or takes that back; how many found so by now."""
        actor.require(Right.MEMBER)
        async with self.work.begin() as session:
            case = await case_rows.get(session, case_id)
            rules.check(case, Deed.USEFUL, actor)
            if not await case_votes.unvote(session, case_id, actor.user_id):
                await case_votes.vote(session, case_id, actor.user_id, self.clock())
            await queries.touch(session, case_id)
            return (await case_votes.votes(session, [case_id])).get(case_id, 0)

    async def versions(self, actor: Actor, case_id: int) -> tuple[Version, ...]:
        """Everything that a case has said, the first version first, to who may read it. Raises `Refusal` for others."""
        case = await self.get(actor, case_id)
        async with self.work.read() as session:
            rows = await case_versions.versions(session, case_id)
        return tuple(case_rows.version_of(row, case) for row in rows)

    async def version(self, actor: Actor, case_id: int, number: int) -> Version:
        """What a case said at one time. Raises `Refusal` where she may not read it, or there is no such version."""
        for one in await self.versions(actor, case_id):
            if one.number == number:
                return one
        raise Refusal("errors.gone")

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

    async def _move(self, actor: Actor, case_id: int, deed: Deed, **columns: object) -> Case:
        async with self.work.begin() as session:
            return await deciding.move(session, actor, case_id, deed, self.clock(), **columns)

    async def _judge(self, actor: Actor, case_id: int, deed: Deed, comment: str) -> Case:
        said = clean(comment, limit=COMMENT_LIMIT, lines=True)
        now = self.clock()
        async with self.work.begin() as session:
            case = await case_rows.get(session, case_id)
            rules.check_decision(case, deed, actor, now)
            await deciding.decide(session, actor, case, deed, now, comment=said)
            done = await case_rows.get(session, case_id)
            await case_news.decided(session, done, now)
            return done
