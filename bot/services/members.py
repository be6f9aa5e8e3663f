"""Members: what each says of herself, step by step, and how an imported person makes her row her own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.access import Actor
from bot.domain.cities import Gazetteer
from bot.domain.codes import Guesses, digest
from bot.domain.errors import Refusal
from bot.domain.languages import language_codes
from bot.domain.members import (
    MAX_TOPICS,
    NAME_LIMIT,
    About,
    CodePurpose,
    Level,
    Profile,
    checked_languages,
    zone_named,
)
from bot.domain.text import tidy
from bot.domain.topics import Topic
from bot.domain.until import pause_until
from bot.i18n import Catalogues
from bot.services import homes, unmatched
from bot.services import member_rows as rows
from bot.services.homes import CityChoice
from bot.services.ports import Clock
from bot.services.topics import TopicsService
from bot.services.words import Words
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import codes
from db.queries import members as queries
from db.queries.members import MemberRow


@dataclass(frozen=True, slots=True)
class Added:
    """A topic was added to a profile, or its level changed."""

    topic: Topic
    profile: Profile


@dataclass(frozen=True, slots=True)
class WhichTopic:
    """What was typed may mean several topics: which? Best first, at least one."""

    text: str
    level: Level
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class MembersService:
    """One use case a method; each edit is saved at once and answers with the whole profile as it is then.

    Edits raise `Refusal` where she has no profile yet. What the programme told us of her is neither shown to others
    nor added to before she has confirmed it. `guesses` remembers wrong codes while the program runs.
    """

    work: Work
    clock: Clock
    catalogues: Catalogues
    topics: TopicsService
    gazetteer: Gazetteer
    guesses: Guesses = field(default_factory=Guesses)

    async def find(self, actor: Actor) -> Profile | None:
        """Her own profile, confirmed or not."""
        async with self.work.read() as session:
            row = await queries.by_user(session, actor.user_id)
            return await rows.profile(session, row) if row else None

    async def profile(self, actor: Actor) -> Profile:
        """Her own profile. Raises `Refusal` where she has none."""
        found = await self.find(actor)
        if found is None:
            raise Refusal("members.no_profile")
        return found

    async def profile_of(self, user_id: int) -> Profile:
        """Another member's profile, if she has confirmed it and is in the network now; `Refusal` otherwise."""
        async with self.work.read() as session:
            row = await queries.by_user(session, user_id)
            if row is None or row.confirmed_at is None or not await queries.is_current(session, row.id):
                raise Refusal("members.nobody")
            return await rows.profile(session, row)

    async def set_up(self, actor: Actor, city: str, zone: str | None = None) -> Profile:
        """Where she lives, and with it her profile, if she has none yet. `city` is a `CityChoice`'s value or a name.

        Without a `zone` it is guessed from the city. A profile that she begins herself needs no confirmation; one
        that the programme told us of still waits for it. Raises `Refusal` for a city or zone that we do not know.
        """
        zone = zone_named(zone) if zone else None
        now = self.clock()
        async with self.work.begin() as session:
            city_id, guessed = await homes.find(session, self.gazetteer, city)
            zone = zone or guessed
            row = await queries.by_user(session, actor.user_id)
            if row is None:
                await queries.create(
                    session,
                    user_id=actor.user_id,
                    display_name=tidy(actor.name)[:NAME_LIMIT] or str(actor.user_id),
                    city_id=city_id,
                    zone=zone,
                    confirmed_at=now,
                    created_at=now,
                    updated_at=now,
                )
            else:
                await queries.change(session, row.id, city_id=city_id, zone=zone, updated_at=now)
            return await self._saved(session, actor)

    async def save_about(self, actor: Actor, display_name: str, post: str | None, cohort: str | None) -> Profile:
        """Her name, post and cohort. Whoever corrects what the programme told us has confirmed the rest of it.

        Raises `Refusal` where the name is empty or a field is too long.
        """
        about = About.written(display_name, post, cohort)
        async with self.work.begin() as session:
            row = await rows.own(session, actor)
            await self._confirm(session, row)
            await self._change(session, row, display_name=about.display_name, post=about.post, cohort=about.cohort)
            return await self._saved(session, actor)

    async def save_languages(self, actor: Actor, codes: Iterable[str], offered: Iterable[str] = ()) -> Profile:
        """The languages that she speaks, as ISO 639 codes; those that were not `offered` stay as they are."""
        chosen = set(codes)
        async with self.work.begin() as session:
            row = await rows.own_confirmed(session, actor)
            kept = set(await queries.languages(session, row.id)) - set(offered) if offered else set()
            await queries.set_languages(session, row.id, checked_languages(chosen | kept))
            await self._change(session, row)
            return await self._saved(session, actor)

    async def save_languages_text(self, actor: Actor, text: str) -> Profile:
        """The same from a list of names or codes that she typed, in any of our languages."""
        words = Words(self.catalogues)
        return await self.save_languages(actor, await asyncio.to_thread(language_codes, tidy(text), words.language))

    async def set_language(self, actor: Actor, language: str) -> Profile:
        """The language in which the bot speaks with her. Raises `Refusal` for one without a catalogue."""
        if language not in self.catalogues.languages:
            raise Refusal("members.language_unknown", language=language[:40])
        return await self._set(actor, language=language)

    async def set_zone(self, actor: Actor, zone: str) -> Profile:
        """The time zone that she keeps. Raises `Refusal` for one that IANA does not name."""
        return await self._set(actor, zone=zone_named(zone))

    async def pause(self, actor: Actor, until: str) -> Profile:
        """Leave her alone for so many days, or until a date: neither suggested nor messaged.

        Raises `Refusal` for what is neither, or too long.
        """
        return await self._set(actor, paused_until=self.until(actor, until))

    def until(self, actor: Actor, typed: str) -> datetime:
        """When a pause ends that lasts so many days, or until a date as her language writes it."""
        return pause_until(typed, self.clock(), actor.zone, self.catalogues.translator(actor.language).writing())

    async def resume(self, actor: Actor) -> Profile:
        """She may be suggested and messaged again."""
        return await self._set(actor, paused_until=None)

    async def add_topic(self, actor: Actor, text: str, level: Level) -> Added | WhichTopic:
        """She knows about a topic: its id, its name, or her own words. Doubtful words change nothing, and are asked
        about. Raises `Refusal` where nothing like it is known, or her profile has no more room."""
        finding = self.topics.find(tidy(text)[:300], actor.language)
        if not finding.confident:
            await unmatched.keep(self.work, self.clock, tidy(text)[:300], actor.language, unsure=bool(finding.matches))
        if not finding.matches:
            raise Refusal("experts.no_topic", text=tidy(text)[:300])
        if not finding.confident:
            return WhichTopic(text, level, tuple(self.topics.get(match.topic_id) for match in finding.matches))
        topic = self.topics.get(finding.matches[0].topic_id)
        async with self.work.begin() as session:
            row = await rows.own_confirmed(session, actor)
            named = {topic_id for topic_id, _ in await queries.topics(session, row.id)}
            if topic.id not in named and len(named) >= MAX_TOPICS:
                raise Refusal("members.too_many_topics", limit=MAX_TOPICS)
            await queries.set_topic(session, row.id, topic.id, level, self.clock())
            await self._change(session, row)
            return Added(topic, await self._saved(session, actor))

    async def remove_topic(self, actor: Actor, topic_id: str) -> Profile:
        """She no longer names a topic. Raises `Refusal` where she did not."""
        async with self.work.begin() as session:
            row = await rows.own_confirmed(session, actor)
            if not await queries.remove_topic(session, row.id, self.topics.current(topic_id)):
                raise Refusal("members.topic_missing")
            await self._change(session, row)
            return await self._saved(session, actor)

    async def confirm(self, actor: Actor) -> Profile:
        """What the programme told us of her is right: from now on she may be suggested and messaged."""
        async with self.work.begin() as session:
            await self._confirm(session, await rows.own(session, actor))
            return await self._saved(session, actor)

    async def claim(self, actor: Actor, code: str) -> Profile:
        """Make the row of an imported person hers, once, with the code that the programme gave her.

        Where she has a profile already it stays as she wrote it, and only what is empty in it is filled. Raises
        `Refusal` where no row waits for the code, or she tried too many wrong ones.
        """
        now = self.clock()
        self.guesses.refuse_too_many(now, actor.user_id)
        hashed = digest(code)
        async with self.work.begin() as session:
            row = await queries.by_code(session, hashed, now)
            if row is None or row.user_id is not None:
                self.guesses.remember(now, actor.user_id)
                raise Refusal("members.code_unknown")
            await codes.use(session, purpose=CodePurpose.CLAIM, digest=hashed, used_by=actor.user_id, now=now)
            own = await queries.by_user(session, actor.user_id)
            if own is None:
                await self._change(session, row, user_id=actor.user_id)
            else:
                await self._merge(session, own, row)
            return await self._saved(session, actor)

    async def suggest_cities(self, text: str, limit: int = 25) -> list[CityChoice]:
        """Cities that somebody who typed this may mean, in any script, the likeliest first."""
        async with self.work.read() as session:
            return await homes.suggest(session, self.gazetteer, text, limit)

    async def _set(self, actor: Actor, **columns: object) -> Profile:
        async with self.work.begin() as session:
            await self._change(session, await rows.own(session, actor), **columns)
            return await self._saved(session, actor)

    async def _change(self, session: AsyncSession, row: MemberRow, **columns: object) -> None:
        await queries.change(session, row.id, **columns, updated_at=self.clock())

    async def _confirm(self, session: AsyncSession, row: MemberRow) -> None:
        if row.confirmed_at is None:
            now = self.clock()
            await self._change(session, row, confirmed_at=now)
            await queries.confirm_topics(session, row.id, now)

    async def _merge(self, session: AsyncSession, own: MemberRow, imported: MemberRow) -> None:
        """Fill what is empty in `own` from `imported`, which goes."""
        names = ("reference", "post", "cohort", "city_id", "language")
        filled = {name: getattr(own, name) or getattr(imported, name) for name in names}
        spoken = await queries.languages(session, own.id) or await queries.languages(session, imported.id)
        topics = dict(await queries.topics(session, imported.id)) | dict(await queries.topics(session, own.id))
        await queries.remove(session, imported.id)
        await self._change(session, own, **filled)
        await queries.set_languages(session, own.id, spoken)
        for topic_id, level in list(topics.items())[:MAX_TOPICS]:
            await queries.set_topic(session, own.id, topic_id, level, own.confirmed_at)

    async def _saved(self, session: AsyncSession, actor: Actor) -> Profile:
        """Her profile as it is now, in this transaction; and that she is in the server where she speaks."""
        row = await rows.own(session, actor)
        if actor.server_id is not None and actor.server_joined:
            await queries.save_membership(session, actor.server_id, row.id, alumni=actor.is_member, now=self.clock())
        return await rows.profile(session, row)
