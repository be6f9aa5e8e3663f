"""One import on its way: lines in, rows out, a few thousand at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from operator import itemgetter

from bot.domain.cities import City, Gazetteer
from bot.domain.errors import Refusal
from bot.domain.matching import normalise
from bot.domain.members import Known, Level
from bot.domain.roster import PROBLEMS_KEPT, Entry, Problem, Town, identity
from bot.domain.roster_merge import Change, Imported, Person, Registry, Stored, change, reference_for
from bot.domain.roster_reader import Reader
from db.engine import AsyncSession
from db.queries import roster as queries
from db.queries.roster import CityRow

BATCH = 2_000
"""Lines that are understood and written together."""
WITHOUT_A_CITY = "UTC"
"""The zone of somebody of whom neither city nor zone is known."""


class Towns:
    """Finds the city that a roster means: those on record that GeoNames lacks, then GeoNames'."""

    def __init__(self, gazetteer: Gazetteer, on_record: Sequence[CityRow]) -> None:
        self._gazetteer = gazetteer
        self.ids = {row.geonames_id: row.id for row in on_record if row.geonames_id is not None}
        self._others = [row for row in on_record if row.geonames_id is None]

    def find(self, name: str, country: str | None, geonames_id: int | None) -> Town:
        """The city; of several in one country the most populous. Raises `Refusal` for none, or for several countries'.

        Cities whose own name it is come before those that are called so in some other language.
        """
        if geonames_id is not None:
            exact = self._gazetteer.get(geonames_id)
            if exact is None:
                raise Refusal("roster.geonames_id", value=str(geonames_id))
            return exact
        wanted = normalise(name)
        for row in self._others:
            if normalise(row.name) == wanted and country in {None, row.country}:
                return row
        # Some names have a comma of their own ("Mianzhu, Deyang, Sichuan").
        found = self._gazetteer.find(name, country) or self._gazetteer.find(name.replace(",", " "), country)
        if not found:
            raise Refusal("roster.city_unknown", city=name[:100])
        found = tuple(city for city in found if normalise(city.name) == wanted) or found
        countries = sorted({city.country for city in found})
        if len(countries) > 1:
            raise Refusal("roster.city_ambiguous", city=name[:100], countries=", ".join(countries[:8]))
        return found[0]

    def id_of(self, town: Town | None) -> int | None:
        """The id on record of a city that was found; for one that is not there yet, a number that nobody has."""
        if town is None:
            return None
        if isinstance(town, CityRow):
            return town.id
        assert isinstance(town, City)
        return self.ids.get(town.geonames_id, -town.geonames_id)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some lines, understood: the good ones, each with the member whom it speaks of, and what is wrong with others."""

    lines: int
    entries: list[tuple[Entry, int | None]]
    problems: list[Problem]


@dataclass(slots=True)
class Understanding:
    """Reads a roster batch by batch. It asks nobody and waits for nothing, so a thread of its own can read ahead."""

    rows: Iterator[tuple[int, list[str]]]
    reader: Reader
    registry: Registry

    def next(self) -> Batch | None:
        """The next batch, None at the end. Raises `Refusal` where the file cannot be read any further."""
        batch = Batch(0, [], [])
        lines = list(islice(self.rows, BATCH))
        for line, cells in lines:
            read = self.reader.read(line, cells)
            if not isinstance(read, Entry):
                batch.problems.extend(read)
                continue
            match = self.registry.match(read)
            if isinstance(match, Problem):
                batch.problems.append(match)
            else:
                batch.entries.append((read, match))
        return replace(batch, lines=len(lines)) if lines else None


@dataclass(slots=True)
class RosterImport:
    """Takes batches, keeps count, and writes unless this is a trial or a line was bad.

    Nothing is asked of the database line by line: who is known is read once, what is kept of them once for each batch.
    """

    session: AsyncSession
    now: datetime
    towns: Towns
    next_id: int
    dry_run: bool
    rows: int = 0
    new: int = 0
    updated: int = 0
    confirmed: int = 0
    unclaimed: int = 0
    problem_count: int = 0
    problems: list[Problem] = field(default_factory=list)

    async def take(self, batch: Batch) -> None:
        """A batch of lines."""
        self.rows += batch.lines
        self.problem_count += len(batch.problems)
        self.problems += batch.problems[: max(PROBLEMS_KEPT - len(self.problems), 0)]
        entries = batch.entries
        known = await stored(self.session, [member_id for _, member_id in entries if member_id is not None])
        writing = not self.dry_run and not self.problem_count
        if writing:
            await self._put_on_record({entry.town for entry, _ in entries if isinstance(entry.town, City)})
        fresh = [entry for entry, member_id in entries if member_id is None]
        changes = [self._change(entry, known[member_id]) for entry, member_id in entries if member_id is not None]
        self.new += len(fresh)
        self.unclaimed += sum(entry.user_id is None for entry in fresh)
        if writing:
            await self._add(fresh)
            await self._alter([(member_id, change) for member_id, change in changes if change])

    def result(self, unknown_columns: tuple[str, ...]) -> Imported:
        """What came of it so far."""
        return Imported(
            rows=self.rows,
            new=self.new,
            updated=self.updated,
            unchanged=self.rows - self.new - self.updated,
            confirmed=self.confirmed,
            unclaimed=self.unclaimed,
            ignored_columns=unknown_columns,
            problems=tuple(self.problems),
            problem_count=self.problem_count,
            dry_run=self.dry_run,
        )

    def _change(self, entry: Entry, row: Stored) -> tuple[int, Change]:
        found = change(entry, self.towns.id_of(entry.town), row)
        self.updated += bool(found)
        self.confirmed += row.confirmed_at is not None
        self.unclaimed += row.user_id is None and entry.user_id is None
        return row.member_id, found

    async def _put_on_record(self, cities: set[City]) -> None:
        missing = [city for city in cities if city.geonames_id not in self.towns.ids]
        rows = [
            {
                "geonames_id": city.geonames_id,
                "name": city.name,
                "country": city.country,
                "region": city.region or None,
                "population": city.population or None,
                "zone": city.zone,
            }
            for city in missing
        ]
        self.towns.ids.update(await queries.add_cities(self.session, rows))

    async def _add(self, entries: Sequence[Entry]) -> None:
        numbered = list(enumerate(entries, start=self.next_id))
        self.next_id += len(entries)
        rows = (
            (
                member_id,
                entry.user_id,
                reference_for(entry),
                entry.about.display_name,
                entry.about.post,
                entry.about.cohort,
                self.towns.id_of(entry.town),
                entry.zone or WITHOUT_A_CITY,
                entry.language,
            )
            for member_id, entry in numbered
        )
        if numbered:
            await queries.add_members(self.session, rows, self.now)
            await self._add_lists([(member_id, entry.languages, entry.topics) for member_id, entry in numbered])

    async def _add_lists(self, lists: Sequence[tuple[int, Sequence[str], Sequence[Known]]]) -> None:
        languages = [(member_id, code) for member_id, spoken, _ in lists for code in spoken]
        topics = [(member_id, one.topic_id, one.level) for member_id, _, known in lists for one in known]
        if languages:
            await queries.add_languages(self.session, languages)
        if topics:
            # In the order of the index by topic: a tree that is written page by page is written faster.
            topics.sort(key=itemgetter(1))
            await queries.add_topics(self.session, topics)

    async def _alter(self, changes: Sequence[tuple[int, Change]]) -> None:
        stamp = {"imported_at": self.now, "updated_at": self.now}
        await queries.change_members(self.session, [(member_id, one.columns | stamp) for member_id, one in changes])
        await queries.remove_languages(self.session, [each for each, one in changes if one.languages is not None])
        await queries.remove_topics(self.session, [each for each, one in changes if one.topics is not None])
        await self._add_lists([(member_id, one.languages or (), one.topics or ()) for member_id, one in changes])


async def registry_of(session: AsyncSession) -> Registry:
    """Everybody we know."""
    people = [
        Person(row.member_id, row.user_id, row.reference, identity(row.display_name, row.cohort, row.city, row.country))
        async for row in queries.people(session)
    ]
    return Registry.of(people)


async def stored(session: AsyncSession, member_ids: Sequence[int]) -> dict[int, Stored]:
    """What is kept of these members, by id."""
    if not member_ids:
        return {}
    languages = await queries.languages(session, member_ids)
    topics = await queries.topics(session, member_ids)
    return {
        row.member_id: Stored(
            **row._asdict(),
            languages=tuple(languages.get(row.member_id, ())),
            topics=tuple(Known(topic_id, Level(level)) for topic_id, level in topics.get(row.member_id, ())),
        )
        for row in await queries.stored(session, member_ids)
    }
