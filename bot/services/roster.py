"""The roster: the programme's list of its people, in and out, and the codes by which they claim their rows."""

from __future__ import annotations

import asyncio
import csv
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TextIO

from bot.domain.access import Actor, Host, Right
from bot.domain.cities import Gazetteer
from bot.domain.codes import digest, new_code
from bot.domain.errors import Refusal
from bot.domain.roster import COLUMNS, Lookups, armoured
from bot.domain.roster_merge import Imported, Issued
from bot.domain.roster_reader import Reader
from bot.i18n import Catalogues
from bot.services.ports import Clock
from bot.services.roster_file import RosterFile
from bot.services.roster_import import RosterImport, Towns, Understanding, registry_of
from bot.services.topics import TopicsService
from bot.services.words import Words
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import audit
from db.queries import roster as queries

CLAIM_LIFETIME = timedelta(days=90)
"""How long a person has to claim her row: programmes write to their people in their own time."""

Progress = Callable[[int, int], None]
"""Told after each batch how many rows are done, and of how many (an estimate until the end)."""


class _Undo(Exception):
    """Leaves a transaction without a trace."""


@dataclass(frozen=True, slots=True)
class RosterService:
    """What the host and network coordinators do with all members at once. `pick` chooses a character of a code."""

    work: Work
    clock: Clock
    catalogues: Catalogues
    topics: TopicsService
    gazetteer: Gazetteer
    pick: Callable[[str], str] = secrets.choice

    async def import_file(
        self, actor: Actor | Host, path: Path, *, dry_run: bool = False, progress: Progress | None = None
    ) -> Imported:
        """Take a roster (`bot.domain.roster` says what stands in it), all of it or, where a line is bad, none.

        A row is whose Discord id it has, else whose reference, else whose name, city and cohort; so a file may be
        taken again. An empty cell changes nothing. What a member has confirmed or written herself is never
        overwritten: only what she left empty is filled. With `dry_run` all is worked out and nothing is written.

        Raises `Refusal` where the file as a whole cannot be used, and `Unavailable`. Bad lines are in the result.
        """
        _require(actor)
        file = await asyncio.to_thread(RosterFile.open, path)
        words = await asyncio.to_thread(Words, self.catalogues)
        imported: list[Imported] = []
        with suppress(_Undo):
            async with self.work.read() if dry_run else self.work.begin() as session:
                imported.append(await self._take(session, file, words, dry_run, progress))
                if dry_run or not imported[0].done:
                    raise _Undo
                await self._note(session, actor, path, imported[0])
        return imported[0]

    async def export_file(self, actor: Actor | Host, path: Path) -> int:
        """Write everybody into a roster that can be imported again, for its owner's eyes only; how many they are.

        Raises `Refusal` where the file cannot be written, and `Unavailable`.
        """
        _require(actor)
        count = 0
        with _private_file(path) as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            async with self.work.read() as session:
                async for rows in queries.export(session):
                    writer.writerows(await _cells(session, rows))
                    count += len(rows)
            # Whoever takes the data out is noted before the file is there.
            async with self.work.begin() as session:
                await audit.record(
                    session, at=self.clock(), actor_id=actor.user_id, action="members.export", details={"rows": count}
                )
        return count

    async def issue_codes(self, actor: Actor | Host, path: Path) -> Issued:
        """A new code for everybody without a Discord account, written to a file: `name`, `reference`, `code`.

        The file is for its owner's eyes only, and the codes are in it alone. Codes issued earlier no longer work.
        Raises `Refusal` where the file cannot be written, and `Unavailable`.
        """
        _require(actor)
        now = self.clock()
        expires_at = now + CLAIM_LIFETIME
        count = 0
        with _private_file(path) as file:
            writer = csv.writer(file)
            writer.writerow(("name", "reference", "code"))
            async with self.work.begin() as session:
                voided = await queries.void_claims(session)
                async for people in queries.unclaimed(session):
                    codes = [new_code(self.pick, now).text for _ in people]
                    digests = [(member_id, digest(code)) for (member_id, _, _), code in zip(people, codes, strict=True)]
                    await queries.add_claims(session, digests, created_by=actor.user_id, now=now, until=expires_at)
                    writer.writerows(
                        (armoured(name), armoured(reference or ""), code)
                        for (_, name, reference), code in zip(people, codes, strict=True)
                    )
                    count += len(codes)
                await audit.record(
                    session,
                    at=now,
                    actor_id=actor.user_id,
                    action="members.codes",
                    details={"codes": count, "voided": voided},
                )
        return Issued(count, voided, expires_at)

    async def _take(
        self, session: AsyncSession, file: RosterFile, words: Words, dry_run: bool, progress: Progress | None
    ) -> Imported:
        towns = Towns(self.gazetteer, await queries.cities(session))
        reader = Reader(file.columns, self._lookups(towns, words))
        understanding = Understanding(file.rows(), reader, await registry_of(session))
        taking = RosterImport(session, self.clock(), towns, await queries.next_id(session), dry_run)
        # While one batch is written, a thread understands the next.
        ahead = asyncio.create_task(asyncio.to_thread(understanding.next))
        try:
            while batch := await ahead:
                ahead = asyncio.create_task(asyncio.to_thread(understanding.next))
                await taking.take(batch)
                if progress is not None:
                    progress(taking.rows, max(file.lines, taking.rows))
        finally:
            await asyncio.gather(ahead, return_exceptions=True)
        if progress is not None:
            progress(taking.rows, taking.rows)
        if taking.new and not dry_run:
            await queries.counted_on(session)
        return taking.result(file.unknown)

    def _lookups(self, towns: Towns, words: Words) -> Lookups:
        index, language = self.topics.index, self.catalogues.languages[0]

        def topic(text: str) -> str | None:
            found = index.resolve(text, language)
            return found.id if found else None

        return Lookups(towns.find, topic, words.language, words.countries, words.levels)

    async def _note(self, session: AsyncSession, actor: Actor | Host, path: Path, imported: Imported) -> None:
        await audit.record(
            session,
            at=self.clock(),
            actor_id=actor.user_id,
            action="members.import",
            subject=path.name,
            details={
                "rows": imported.rows,
                "new": imported.new,
                "updated": imported.updated,
                "unchanged": imported.unchanged,
            },
        )


def _require(actor: Actor | Host) -> None:
    if isinstance(actor, Actor):
        actor.require(Right.NETWORK_COORDINATOR)


async def _cells(session: AsyncSession, rows: list[queries.ExportRow]) -> Iterator[list[str]]:
    ids = [row.member_id for row in rows]
    languages = await queries.languages(session, ids)
    topics = await queries.topics(session, ids)
    return (
        [
            armoured("" if cell is None else str(cell))
            for cell in (
                row.user_id,
                row.reference,
                row.display_name,
                row.post,
                row.cohort,
                row.city,
                row.country,
                row.zone,
                "|".join(languages.get(row.member_id, ())),
                row.language,
                " | ".join(f"{topic_id}:{level}" for topic_id, level in topics.get(row.member_id, ())),
                row.geonames_id,
            )
        ]
        for row in rows
    )


@contextmanager
def _private_file(path: Path) -> Iterator[TextIO]:
    """A new text file that nobody else may read; it is there once the block has ended well.

    Raises `Refusal` where it cannot be written, or where a file of that name is there already.
    """
    if path.exists():
        raise Refusal("roster.file_exists", file=str(path))
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            with open(descriptor, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123 - a descriptor, not a path
                yield file
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise Refusal("roster.unwritable", file=str(path), reason=error.strerror or str(error)) from error
