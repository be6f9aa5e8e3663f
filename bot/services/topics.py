"""The topics: from the file an administrator may edit into the database, and found by what people type."""

from __future__ import annotations

import asyncio
import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from bot.domain.access import Actor, Host, Right
from bot.domain.errors import Refusal
from bot.domain.topics import LANGUAGES, Finding, Match, Topic, TopicIndex, parse_topics
from bot.services.ports import Clock
from bot.services.work import Work
from db.queries import audit
from db.queries import topics as queries
from db.queries.topics import LabelRow, TopicRow

PREFERRED = "preferred"
SYNONYM = "synonym"
AUDITED = "topic"
"""How the audit's words for what is done to topics begin."""
LOOK = timedelta(minutes=1)
LEAST_LIKE = 0.2
"""A match of a lower score is chance: letters that nonsense shares with some name. To ask "did you mean" of it would
look foolish."""


class _All(tuple[Topic, ...]):
    """All topics, known by their ids where it must be quick."""

    __slots__ = ()

    def __hash__(self) -> int:
        return hash(tuple(topic.id for topic in self))


@lru_cache(maxsize=2)
def _index_over(topics: _All) -> TopicIndex:
    """The index over these topics. It never changes and takes half a second, so that a process that builds the
    bot more than once, as a test run does, builds it once."""
    return TopicIndex(topics)


@dataclass(frozen=True, slots=True)
class Synchronised:
    """What bringing the file into the database changed: how many topics are new, changed, and there in all."""

    new: int
    changed: int
    total: int


class TopicsService:
    """Knows the topics, and holds the index by which they are found; rebuilt whenever they change here."""

    def __init__(self, work: Work, clock: Clock) -> None:
        self._work = work
        self._clock = clock
        self._index = TopicIndex(())
        self._loading = asyncio.Lock()
        self._seen: int | None = None

    @property
    def index(self) -> TopicIndex:
        """The topics that can be found now. Empty until `load` or `synchronise`."""
        return self._index

    def adopt(self, index: TopicIndex) -> None:
        """Use an index that somebody else built from the same database."""
        self._index = index

    async def load(self) -> None:
        """Build the index from what the database holds: one at a time, so that the newest reading stays."""
        async with self._loading:
            async with self._work.read() as session:
                self._seen = await audit.newest(session, AUDITED)
                stored = _from_rows(await queries.topics(session), await queries.labels(session))
            await self._index_of(stored.values())

    async def run_due(self, now: datetime) -> datetime:
        """Notice what another process did to the topics, such as `topics import` beside this bot. For the ticker."""
        async with self._work.read() as session:
            newest = await audit.newest(session, AUDITED, self._seen or 0)
        if self._seen is not None and newest > self._seen:
            await self.load()
        self._seen = max(newest, self._seen or 0)
        return now + LOOK

    async def stored(self) -> dict[str, Topic]:
        """All topics by their ids as the database has them now: hidden ones, and those that were merged, too."""
        async with self._work.read() as session:
            return _from_rows(await queries.topics(session), await queries.labels(session))

    async def foresee(self, file: Path, *, stored: bool) -> None:
        """Build the index that a bot started now would have, changing nothing.

        That is the topics of the file, and beside them those of the database where it is ready (`stored`). Raises
        `Refusal` with the line of the first row that cannot be used.
        """
        known: dict[str, Topic] = {}
        ours: list[LabelRow] = []
        if stored:
            async with self._work.read() as session:
                names = await queries.labels(session)
                known = _from_rows(await queries.topics(session), names)
            ours = [name for name in names if name.ours]
        wanted = {one.id: _kept(one, known.get(one.id)) for one in parse_topics(_rows(file))}
        await self._index_of((known | _with_ours(wanted, ours)).values())

    async def synchronise(self, file: Path, actor: Actor | Host | None = None) -> Synchronised:
        """Bring a topics file into the database: new topics are added, changed ones changed, none is taken away.

        Done at every start with the settings' file (`actor` None), and on the word of the host or a network
        coordinator, which is audited. What the file does not say stays as it is: what is hidden or merged, and names
        that coordinators gave. Raises `Refusal` with the line of the first row that cannot be used; then nothing was
        changed.
        """
        if isinstance(actor, Actor):
            actor.require(Right.NETWORK_COORDINATOR)
        wanted = parse_topics(_rows(file))
        async with self._work.read() as session:
            self._seen = await audit.newest(session, AUDITED)
            rows, names = await queries.topics(session), await queries.labels(session)
        stored, own = _from_rows(rows, names), _from_rows(rows, [name for name in names if not name.ours])
        changed = [topic for topic in wanted if not _same(topic, own.get(topic.id))]
        if changed:
            async with self._work.begin() as session:
                await queries.save(session, map(_row, changed), [name for one in changed for name in _names(one)])
                if actor is not None:
                    await audit.record(
                        session,
                        at=self._clock(),
                        actor_id=actor.user_id,
                        action="topics.import",
                        subject=file.name,
                        details={"topics": [topic.id for topic in changed][:100]},
                    )
            await self.load()
        else:
            await self._index_of(stored.values())
        new = sum(topic.id not in stored for topic in changed)
        return Synchronised(new, len(changed) - new, len(stored) + new)

    async def export(self) -> list[dict[str, str]]:
        """All topics as rows of a topics file, ready for `csv.DictWriter`; reading them back changes nothing."""
        return [_file_row(topic) for topic in (await self.stored()).values()]

    def suggest(self, text: str, language: str, limit: int = 25) -> list[Match]:
        """What somebody who has typed `text` so far may be about to ask for, best first."""
        return self._index.suggest(text, language, limit)

    def look_up(self, text: str, language: str, limit: int = 10) -> Finding:
        """What a list of topics for this text shows, best first, and whether the bot would answer outright."""
        answer, around = self.find(text, language, limit), self._index.find(text, language, limit)
        named = {match.topic_id for match in answer.matches}
        others = [match for match in around.matches if match.topic_id not in named]
        return Finding(answer.confident, (*answer.matches, *others)[:limit])

    def find(self, text: str, language: str, limit: int = 5) -> Finding:
        """What a free text may mean; nothing where it reminds of no topic.

        An id, or exactly a topic's name, is that topic and nothing else.
        """
        exact = self._index.resolve(text, language)
        if exact is not None:
            return Finding(True, (Match(exact.id, 1.0, exact.label(language), language),))
        found = self._index.find(text, language, limit)
        return Finding(found.confident, tuple(match for match in found.matches if match.score >= LEAST_LIKE))

    async def _index_of(self, topics: Iterable[Topic]) -> None:
        # Half a second for all the names there are: the bot goes on listening meanwhile.
        self._index = await asyncio.to_thread(_index_over, _All(topics))

    def current(self, topic_id: str) -> str:
        """The id by which a topic goes now: that of the topic it was merged into. Buttons may hold an old one."""
        found = self._index.get(topic_id)
        return found.id if found else topic_id

    def get(self, topic_id: str) -> Topic:
        """A topic by its id. Raises `Refusal` where there is none, or it is hidden."""
        topic = self._index.get(topic_id)
        if topic is None:
            raise Refusal("topics.unknown", topic=topic_id)
        return topic


def _rows(file: Path) -> list[dict[str, str | None]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            return list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Refusal("topics.file_unreadable", file=str(file), reason=str(error)) from error


def _from_rows(rows: Iterable[TopicRow], names: Iterable[LabelRow]) -> dict[str, Topic]:
    preferred: dict[str, dict[str, str]] = defaultdict(dict)
    synonyms: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for name in names:
        if name.kind == PREFERRED:
            preferred[name.topic_id][name.language] = name.label
        else:
            synonyms[name.topic_id][name.language] = (*synonyms[name.topic_id].get(name.language, ()), name.label)
    return {row.id: Topic(**row._asdict(), labels=preferred[row.id], synonyms=synonyms[row.id]) for row in rows}


def _kept(topic: Topic, known: Topic | None) -> Topic:
    """A topic of the file with what the file does not say."""
    return replace(topic, hidden=known.hidden, merged_into=known.merged_into) if known else topic


def _with_ours(topics: dict[str, Topic], ours: Iterable[LabelRow]) -> dict[str, Topic]:
    """These topics with the names that coordinators gave them."""
    for name in ours:
        topic = topics.get(name.topic_id)
        if topic is not None:
            kept = topic.synonyms.get(name.language, ())
            topics[topic.id] = replace(topic, synonyms={**topic.synonyms, name.language: (*kept, name.label)})
    return topics


def _row(topic: Topic) -> TopicRow:
    return TopicRow(topic.id, topic.cofog, topic.sdg, topic.source, topic.source_uri, topic.hidden, topic.merged_into)


def _names(topic: Topic) -> list[LabelRow]:
    """The topic's names as rows, each once a language: a synonym that is also the label is left out."""
    names = [LabelRow(topic.id, language, PREFERRED, label) for language, label in topic.labels.items()]
    for language, labels in topic.synonyms.items():
        own = dict.fromkeys(label for label in labels if label != topic.labels.get(language))
        names += [LabelRow(topic.id, language, SYNONYM, label) for label in own]
    return names


def _same(topic: Topic, stored: Topic | None) -> bool:
    if stored is None or _row(topic)[:5] != _row(stored)[:5]:
        return False
    return sorted(_names(topic)) == sorted(_names(stored))


def _file_row(topic: Topic) -> dict[str, str]:
    row = {
        "id": topic.id,
        "cofog": topic.cofog,
        "sdg": topic.sdg or "",
        "source": topic.source or "",
        "source_uri": topic.source_uri or "",
    }
    row |= {f"label_{language}": topic.labels.get(language, "") for language in LANGUAGES}
    return row | {f"synonyms_{language}": "|".join(topic.synonyms.get(language, ())) for language in LANGUAGES}
