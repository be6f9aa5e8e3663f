"""Who named a topic, and what speaks for each: only as many as a ranking can need, however many named it.

What the database does is to narrow: `candidates` reads the first people of each level in the order of their last
confirmation, straight from an index, keeps those who can score most of them, and adds those with credits in the topic,
who are few. Everything else is worked out from what it returns, in `bot.domain.experts`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, or_, select, union, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.tables import (
    LEVELS,
    Answer,
    City,
    Endorsement,
    Expertise,
    Invitation,
    Member,
    MemberLanguage,
    Membership,
    Question,
    Server,
    Thanks,
)

WINDOW = 300
"""As many people of each level are looked at, those first who confirmed the topic last."""
KEPT = 150
"""As many of them are kept, those first who can score most."""
CREDITED = 60
"""As many people are added for each kind of credit, those first who have most."""


class CandidateRow(NamedTuple):
    """A member who named a topic, and what speaks for or against suggesting her. `cap` is None where she set none."""

    member_id: int
    user_id: int | None
    name: str
    topic_id: str
    level: str
    post: str | None
    city: str | None
    country: str | None
    population: int | None
    zone: str
    confirmed_at: datetime | None
    paused_until: datetime | None
    expertise_confirmed_at: datetime | None
    expertise_paused_until: datetime | None
    open: bool
    cap: int | None


class AskerRow(NamedTuple):
    """Where somebody who asks lives; all None where she has no profile."""

    member_id: int
    country: str | None
    population: int | None


@dataclass(frozen=True, slots=True)
class Search:
    """What `candidates` looks for. Times are aware, `now` and since when credits still count.

    `levels` says how much each level is worth and `likeness` how much the asker's `country`, `population` (from, to)
    and `languages` add to that, all as in the ranking. `only_…` narrow the search: what does not fit is left out.
    """

    topics: Mapping[str, float]
    now: datetime
    credits_since: datetime
    levels: Mapping[str, float]
    likeness: tuple[float, float, float] = (0.0, 0.0, 0.0)
    asker_user_id: int | None = None
    country: str | None = None
    population: tuple[int, int] | None = None
    languages: Collection[str] = ()
    leave_out: Collection[int] = ()
    only_country: str | None = None
    only_language: str | None = None
    only_population: tuple[int, int] | None = None
    only_zones: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Credits:
    """What members earned, by member and topic, and how often each was asked, by member."""

    accepted: Mapping[tuple[int, str], Sequence[datetime]]
    thanked: Mapping[tuple[int, str], Sequence[datetime]]
    endorsements: Mapping[tuple[int, str], int]
    asks: Mapping[int, int]


async def candidates(session: AsyncSession, search: Search) -> list[CandidateRow]:
    """People who named one of the topics and may be suggested, a row for each topic: of each topic at most `KEPT`, and
    `CREDITED` for each kind of credit. Whoever was asked too often already is among them."""
    found: dict[tuple[int, str], CandidateRow] = {}
    for topic_id in search.topics:
        every = union_all(*(_named(search, topic_id, level) for level in LEVELS), _unsaid(search, topic_id)).subquery()
        likeliest = (
            select(*every.c)
            .order_by(
                every.c.points.desc(),
                every.c.expertise_confirmed_at.is_(None),
                every.c.expertise_confirmed_at.desc(),
                every.c.member_id,
            )
            .limit(KEPT)
        )
        for statement in (likeliest, _credited(search, topic_id)):
            for row in await session.execute(statement):
                one = CandidateRow(*row[:-1])
                found.setdefault((one.member_id, topic_id), one)
    return list(found.values())


async def credits_of(
    session: AsyncSession, member_ids: Collection[int], topic_ids: Collection[str], *, since: datetime, asked: datetime
) -> Credits:
    """What these members earned in these topics from `since` on, and the number of asks from `asked` on."""
    endorsements: Any = await session.execute(
        select(Endorsement.member_id, Endorsement.topic_id, func.count())
        .where(Endorsement.member_id.in_(member_ids), Endorsement.topic_id.in_(topic_ids), ~_returned())
        .group_by(Endorsement.member_id, Endorsement.topic_id)
    )
    asks: Any = await session.execute(
        select(Invitation.member_id, func.count())
        .where(Invitation.member_id.in_(member_ids), Invitation.sent_at > asked)
        .group_by(Invitation.member_id)
    )
    return Credits(
        _grouped(await session.execute(_accepted(since, topic_ids).where(Answer.member_id.in_(member_ids)))),
        _grouped(await session.execute(_thanked(since, topic_ids).where(Thanks.member_id.in_(member_ids)))),
        {(member_id, topic_id): n for member_id, topic_id, n in endorsements},
        dict(iter(asks)),
    )


async def languages(session: AsyncSession, member_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """The languages of these members."""
    rows = await session.execute(
        select(MemberLanguage.member_id, MemberLanguage.language).where(MemberLanguage.member_id.in_(member_ids))
    )
    spoken: dict[int, set[str]] = defaultdict(set)
    for member_id, language in rows:
        spoken[member_id].add(language)
    return {member_id: frozenset(every) for member_id, every in spoken.items()}


async def asker(session: AsyncSession, user_id: int) -> AskerRow | None:
    """Who asks, if she has a profile."""
    query = select(Member.id, City.country, City.population).outerjoin(City, City.id == Member.city_id)
    row = (await session.execute(query.where(Member.user_id == user_id))).one_or_none()
    return AskerRow(*row) if row else None


def _named(search: Search, topic_id: str, level: str) -> Select[Any]:
    """Of those at one level, the first in the order of their last confirmation, which is that of an index."""
    return _some(
        _base(search, topic_id, literal(search.levels[level]))
        .where(Expertise.level == level, Expertise.confirmed_at.is_not(None))
        .order_by(Expertise.confirmed_at.desc())
        .limit(WINDOW)
    )


def _unsaid(search: Search, topic_id: str) -> Select[Any]:
    """Those who confirmed their profile, but not yet this topic of it."""
    worth = case(search.levels, value=Expertise.level, else_=0.0)
    return _some(_base(search, topic_id, worth).where(Expertise.confirmed_at.is_(None)).limit(WINDOW))


def _credited(search: Search, topic_id: str) -> Select[Any]:
    """Those with credits in the topic."""
    earned = [
        _most(_accepted(search.credits_since, [topic_id]), Answer.member_id),
        _most(_thanked(search.credits_since, [topic_id]), Thanks.member_id),
        _most(select().where(Endorsement.topic_id == topic_id), Endorsement.member_id),
    ]
    return _base(search, topic_id, literal(1.0)).where(Member.id.in_(select(union(*earned).subquery().c.member_id)))


def _most(earned: Select[Any], member_id: Any) -> Select[Any]:
    counted = earned.with_only_columns(member_id.label("member_id")).group_by(member_id)
    return _some(counted.order_by(func.count().desc(), member_id).limit(CREDITED))


def _some(query: Select[Any]) -> Select[Any]:
    """A query with a LIMIT of its own, so that it can stand in a UNION, which SQLite allows only so."""
    inner = query.subquery()
    return select(*inner.c)


def _base(search: Search, topic_id: str, worth: ColumnElement[Any]) -> Select[Any]:
    """Everyone with this topic who may be suggested and fits, with the points that she has before any credit."""
    query: Any = (
        select(
            Member.id.label("member_id"),
            Member.user_id,
            Member.display_name,
            Expertise.topic_id,
            Expertise.level,
            Member.post,
            City.name.label("city"),
            City.country,
            City.population,
            Member.zone,
            Member.confirmed_at.label("confirmed_at"),
            Member.paused_until.label("paused_until"),
            Expertise.confirmed_at.label("expertise_confirmed_at"),
            Expertise.paused_until.label("expertise_paused_until"),
            Expertise.open,
            Expertise.monthly_cap,
            (worth + _likeness(search)).label("points"),
        )
        .select_from(Expertise)
        .join(Member, Member.id == Expertise.member_id)
        .outerjoin(City, City.id == Member.city_id)
        .where(Expertise.topic_id == topic_id, *_qualified(search), *_fitting(search))
    )
    return query  # type: ignore[no-any-return]


def _likeness(search: Search) -> ColumnElement[Any]:
    country, size, language = search.likeness
    points: ColumnElement[Any] = literal(0.0)
    if search.country is not None:
        points = points + case((City.country == search.country, country), else_=0.0)
    if search.population is not None:
        points = points + case((_between(search.population), size), else_=0.0)
    if search.languages:
        points = points + case((_speaks(search.languages), language), else_=0.0)
    return points


def _qualified(search: Search) -> Iterable[ColumnElement[bool]]:
    yield Member.user_id.is_not(None)
    if search.asker_user_id is not None:
        yield Member.user_id != search.asker_user_id
    yield Member.confirmed_at.is_not(None)
    yield or_(Member.paused_until.is_(None), Member.paused_until <= search.now)
    yield Expertise.open.is_(True)
    yield or_(Expertise.paused_until.is_(None), Expertise.paused_until <= search.now)
    yield exists().where(
        and_(
            Membership.member_id == Member.id,
            Membership.alumni.is_(True),
            Membership.left_at.is_(None),
            Server.id == Membership.server_id,
            Server.left_at.is_(None),
        )
    )
    if search.leave_out:
        yield Member.id.not_in(search.leave_out)


def _fitting(search: Search) -> Iterable[ColumnElement[bool]]:
    if search.only_country is not None:
        yield City.country == search.only_country
    if search.only_population is not None:
        yield _between(search.only_population)
    if search.only_language is not None:
        yield _speaks([search.only_language])
    if search.only_zones is not None:
        yield Member.zone.in_(search.only_zones)


def _between(bounds: tuple[int, int]) -> ColumnElement[bool]:
    return and_(City.population >= bounds[0], City.population < bounds[1])


def _speaks(languages: Collection[str]) -> ColumnElement[bool]:
    return exists().where(MemberLanguage.member_id == Member.id, MemberLanguage.language.in_(languages))


def _accepted(since: datetime, topic_ids: Collection[str]) -> Select[Any]:
    """Accepted answers, but not those to a question of one's own."""
    query: Any = (
        select(Answer.member_id, Question.topic_id, Answer.accepted_at)
        .join(Question, Question.id == Answer.question_id)
        .join(Member, Member.id == Answer.member_id)
        .where(Question.topic_id.in_(topic_ids), Answer.accepted_at > since)
        .where(or_(Question.asker_user_id.is_(None), Question.asker_user_id != Member.user_id))
    )
    return query  # type: ignore[no-any-return]


def _thanked(since: datetime, topic_ids: Collection[str]) -> Select[Any]:
    """Thanks, but not those to oneself."""
    query: Any = (
        select(Thanks.member_id, Question.topic_id, Thanks.given_at)
        .join(Question, Question.id == Thanks.question_id)
        .join(Member, Member.id == Thanks.member_id)
        .where(Question.topic_id.in_(topic_ids), Thanks.given_at > since, Thanks.giver_user_id != Member.user_id)
    )
    return query  # type: ignore[no-any-return]


def _returned() -> ColumnElement[bool]:
    """Whether an endorsement was returned: she vouches for the endorser too, in whatever topic."""
    back = aliased(Endorsement)
    return exists().where(back.member_id == Endorsement.endorser_id, back.endorser_id == Endorsement.member_id)


def _grouped(rows: Iterable[Any]) -> dict[tuple[int, str], list[datetime]]:
    found: dict[tuple[int, str], list[datetime]] = defaultdict(list)
    for member_id, topic_id, at in rows:
        found[member_id, topic_id].append(at)
    return dict(found)
