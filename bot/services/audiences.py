"""Audiences as coordinators name them: offered while they type, understood when they have, and called by a name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.domain.access import Actor
from bot.domain.campaigns import Audience, AudienceKind
from bot.domain.errors import Refusal
from bot.i18n import Catalogues, Translator
from bot.services.topics import TopicsService
from bot.services.work import Work
from db.queries import audiences as queries

OFFERED = 25
"""As many as autocomplete can show."""
LOOKED_AT = 500
TYPED_LIMIT = 200


@dataclass(frozen=True, slots=True)
class NamedAudience:
    """An audience, and the name of its cohort, city, topic, role or country; None for everyone."""

    audience: Audience
    name: str | None = None


@dataclass(frozen=True, slots=True)
class AudiencesService:
    """`roles` are those of the server in which somebody types, by their ids: only Discord knows them."""

    work: Work
    topics: TopicsService
    catalogues: Catalogues

    async def suggest(self, actor: Actor, typed: str, roles: Mapping[int, str]) -> list[NamedAudience]:
        """Audiences whose name holds what was typed, those that begin with it first."""
        wanted = _folded(typed.rpartition(":")[2])
        found = [each for each in await self._all(actor, roles) if wanted in _folded(each.name or "")]
        found.sort(key=lambda each: not _folded(each.name or "").startswith(wanted))
        if wanted:
            found += self._topics(actor, typed)
        everyone = [] if wanted else [NamedAudience(Audience())]
        return [*everyone, *found][:OFFERED]

    async def understand(self, actor: Actor, typed: str, roles: Mapping[int, str]) -> Audience:
        """The audience that was chosen, or that has this very name. Raises `Refusal` for any other."""
        chosen = await self._chosen(actor, typed.strip()[:TYPED_LIMIT], roles)
        if chosen is not None:
            return chosen
        wanted = _folded(typed)
        t = self.catalogues.translator(actor.language)
        if wanted in {_folded(t.of(AudienceKind.EVERYONE)), "everyone", ""}:
            return Audience()
        for each in [*await self._all(actor, roles), *self._topics(actor, typed)]:
            if wanted == _folded(each.name or ""):
                return each.audience
        raise Refusal("campaigns.audience_unknown", audience=typed.strip()[:100])

    async def called(self, audience: Audience, language: str) -> NamedAudience:
        """An audience with its name. A role is named by Discord, from its id."""
        value = audience.value or ""
        match audience.kind:
            case AudienceKind.EVERYONE:
                return NamedAudience(audience)
            case AudienceKind.COUNTRY:
                return NamedAudience(audience, self.catalogues.translator(language).country(value))
            case AudienceKind.CITY:
                async with self.work.read() as session:
                    return NamedAudience(audience, await queries.city_name(session, int(value)) or value)
            case AudienceKind.TOPIC:
                return NamedAudience(audience, self._topic(value, language))
        return NamedAudience(audience, value)

    async def _all(self, actor: Actor, roles: Mapping[int, str]) -> list[NamedAudience]:
        t = self.catalogues.translator(actor.language)
        async with self.work.read() as session:
            cohorts = await queries.cohorts(session, LOOKED_AT)
            cities = await queries.cities(session, LOOKED_AT)
        return [
            *(NamedAudience(Audience(AudienceKind.COHORT, each), each) for each in cohorts),
            *_countries(t, {city.country for city in cities}),
            *(NamedAudience(Audience(AudienceKind.CITY, str(city.id)), city.name) for city in cities),
            *(NamedAudience(Audience(AudienceKind.ROLE, str(each)), name) for each, name in roles.items()),
        ]

    async def _chosen(self, actor: Actor, typed: str, roles: Mapping[int, str]) -> Audience | None:
        """What autocomplete wrote, as `token` makes it; None where it is not of that shape."""
        word, colon, value = typed.partition(":")
        if typed == AudienceKind.EVERYONE:
            return Audience()
        if not colon or word not in set(AudienceKind) - {AudienceKind.EVERYONE} or not value.strip():
            return None
        audience = Audience(AudienceKind(word), value.strip())
        known = {each.audience for each in await self._all(actor, roles)}
        if audience.kind is AudienceKind.TOPIC:
            return Audience(AudienceKind.TOPIC, self.topics.get(value.strip()).id)
        if audience not in known:
            raise Refusal("campaigns.audience_unknown", audience=typed[:100])
        return audience

    def _topics(self, actor: Actor, typed: str) -> Iterator[NamedAudience]:
        for match in self.topics.suggest(typed.rpartition(":")[2], actor.language):
            name = self._topic(match.topic_id, actor.language)
            yield NamedAudience(Audience(AudienceKind.TOPIC, match.topic_id), name)

    def _topic(self, topic_id: str, language: str) -> str:
        try:
            return self.topics.get(topic_id).label(language)
        except Refusal:
            return topic_id


def token(audience: Audience) -> str:
    """An audience as an option's value: "city:12"."""
    return f"{audience.kind}:{audience.value}" if audience.value is not None else str(audience.kind)


def _countries(t: Translator, codes: set[str]) -> Iterator[NamedAudience]:
    for code in sorted(codes):
        yield NamedAudience(Audience(AudienceKind.COUNTRY, code), t.country(code))


def _folded(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().casefold()
