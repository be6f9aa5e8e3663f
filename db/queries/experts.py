"""Who named a topic, and what speaks for each: only as many as a ranking can need, however many named it.

What the database does is to narrow. `candidates` reads the first people of each level in the order of their last
confirmation, straight from an index, keeps those who can score most of them, and adds those with credits in the topic,
who are few. Everything else is worked out from what it returns, in `bot.domain.experts`. The statements are built once
for each combination of filters: building one takes longer than running it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Float,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    union,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.queries import case_credits
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
from db.types import UtcDateTime

WINDOW = 100
"""As many people of each level are looked at, those first who confirmed the topic last."""
KEPT = 80
"""As many of them are kept, those first who can score most."""
CREDITED = 30
"""As many people are added for each kind of credit, those first who have most."""
QUESTIONS = 100
"""In as many of the topic's newest questions people with credits are looked for. Older ones count for those who are
found, but hardly any more."""


class CandidateRow(NamedTuple):
    """A member who named a topic, and what speaks for or against suggesting her. `languages` has commas between them,
    `cap` is None where she set none; `asks` and `endorsements` are those that count."""

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
    expertise_confirmed_at: datetime | None
    cap: int | None
    languages: str | None
    asks: int
    endorsements: int


class AskerRow(NamedTuple):
    """Where somebody who asks lives, and what she speaks, with commas between."""

    country: str | None
    population: int | None
    languages: str | None


@dataclass(frozen=True, slots=True)
class Search:
    """What `candidates` looks for. `now`, since when credits still count, and since when asks count are aware.

    `levels` says how much each level is worth and `likeness` how much the asker's `country`, `population` (from, to)
    and `languages` add to that, all as in the ranking. `only_…` narrow the search: what does not fit is left out.
    """

    topic_ids: Collection[str]
    now: datetime
    credits_since: datetime
    asks_since: datetime
    levels: Mapping[str, float]
    likeness: tuple[float, float, float] = (0.0, 0.0, 0.0)
    asker_user_id: int = 0
    country: str | None = None
    population: tuple[int, int] = (0, 0)
    languages: Collection[str] = ()
    leave_out: Collection[int] = ()
    only_country: str | None = None
    only_language: str | None = None
    only_population: tuple[int, int] | None = None
    only_zones: Collection[str] | None = None


Credits = Mapping[tuple[int, str], Sequence[datetime]]
"""When members earned something, by member and topic."""


async def candidates(session: AsyncSession, search: Search) -> list[CandidateRow]:
    """People who named one of the topics and may be suggested, a row for each topic: of each topic at most `KEPT`, and
    `CREDITED` for each kind of credit. Whoever was asked too often already is among them."""
    filters = (search.only_country, search.only_language, search.only_population, search.only_zones)
    statement = _candidates(*(one is not None for one in filters))
    found = []
    for topic_id in search.topic_ids:
        found += [CandidateRow(*row) for row in await session.execute(statement, _parameters(search, topic_id))]
    return found


async def credits_of(
    session: AsyncSession, member_ids: Collection[int], topic_ids: Collection[str], since: datetime
) -> tuple[Credits, Credits]:
    """The accepted answers of these members in these topics from `since` on, and the thanks."""
    wanted = {"members": member_ids, "topics": topic_ids, "since": since}
    accepted = await session.execute(_ACCEPTED_OF, wanted)
    thanked = await session.execute(_THANKED_OF, wanted)
    return _grouped(accepted), _grouped(thanked)


async def asker(session: AsyncSession, user_id: int) -> AskerRow | None:
    """Who asks, if she has a profile."""
    row = (await session.execute(_ASKER, {"user": user_id})).one_or_none()
    return AskerRow(*row) if row else None


def _parameters(search: Search, topic_id: str) -> dict[str, Any]:
    country, size, language = search.likeness
    given: dict[str, Any] = {
        "topic": topic_id,
        "topics": [topic_id],
        "now": search.now,
        "since": search.credits_since,
        "asked": search.asks_since,
        "asker": search.asker_user_id,
        "leave_out": search.leave_out,
        "country": search.country,
        "country_points": country,
        "least": search.population[0],
        "too_many": search.population[1],
        "size_points": size,
        "languages": search.languages,
        "language_points": language,
    }
    given |= {f"points_{level}": points for level, points in search.levels.items()}
    if search.only_country is not None:
        given["only_country"] = search.only_country
    if search.only_language is not None:
        given["only_languages"] = [search.only_language]
    if search.only_population is not None:
        given["only_least"], given["only_too_many"] = search.only_population
    if search.only_zones is not None:
        given["only_zones"] = search.only_zones
    return given


@cache
def _candidates(country: bool, language: bool, size: bool, zones: bool) -> Select[Any]:
    """The statement for one combination of filters."""
    fitting = list(_fitting(country=country, language=language, size=size, zones=zones))
    windows = union_all(*(_named(level, fitting) for level in LEVELS), _unsaid(fitting)).subquery()
    likeliest = select(windows.c.member_id).order_by(
        windows.c.points.desc(), windows.c.confirmed_at.is_(None), windows.c.confirmed_at.desc(), windows.c.member_id
    )
    pool = union(_some(likeliest.limit(KEPT)), *_credited()).subquery()
    endorser = aliased(Endorsement)
    query: Any = (
        select(
            Member.id,
            Member.user_id,
            Member.display_name,
            Expertise.topic_id,
            Expertise.level,
            Member.post,
            City.name,
            City.country,
            City.population,
            Member.zone,
            Member.confirmed_at,
            Expertise.confirmed_at,
            Expertise.monthly_cap,
            _languages(),
            select(func.count())
            .where(
                Invitation.member_id == Member.id,
                Invitation.sent_at > bindparam("asked", type_=UtcDateTime),
                Invitation.state != "unsent",
            )
            .scalar_subquery(),
            select(func.count())
            .where(endorser.member_id == Member.id, endorser.topic_id == bindparam("topic"), ~_returned(endorser))
            .scalar_subquery(),
        )
        .select_from(pool)
        .join(Expertise, and_(Expertise.member_id == pool.c.member_id, Expertise.topic_id == bindparam("topic")))
        .join(Member, Member.id == Expertise.member_id)
        .outerjoin(City, City.id == Member.city_id)
        .where(*_qualified(), *fitting)
    )
    return query  # type: ignore[no-any-return]


def _named(level: str, fitting: Iterable[ColumnElement[bool]]) -> Select[Any]:
    """Of those at one level, the first in the order of their last confirmation, which is that of an index."""
    return _some(
        _window(_points(f"points_{level}"), fitting)
        .where(Expertise.level == level, Expertise.confirmed_at.is_not(None))
        .order_by(Expertise.confirmed_at.desc())
        .limit(WINDOW)
    )


def _unsaid(fitting: Iterable[ColumnElement[bool]]) -> Select[Any]:
    """Those who confirmed their profile, but not yet this topic of it.

    They are rare among those who confirmed nothing yet, who may be many: of all together only some are looked at.
    """
    some = aliased(Expertise)
    first = (
        select(some.member_id)
        .where(some.topic_id == bindparam("topic"), some.level.in_(LEVELS), some.confirmed_at.is_(None))
        .limit(2 * WINDOW)
        .subquery()
    )
    worth = case(*((Expertise.level == level, _points(f"points_{level}")) for level in LEVELS))
    return _window(worth, fitting).join(first, first.c.member_id == Expertise.member_id)


def _window(worth: ColumnElement[Any], fitting: Iterable[ColumnElement[bool]]) -> Select[Any]:
    """Everyone with this topic who may be suggested and fits, with the points that she has before any credit."""
    likeness = (
        case((City.country == bindparam("country"), _points("country_points")), else_=0.0)
        + case((_between("least", "too_many"), _points("size_points")), else_=0.0)
        + case((_speaks("languages"), _points("language_points")), else_=0.0)
    )
    query: Any = (
        select(Member.id.label("member_id"), Expertise.confirmed_at, (worth + likeness).label("points"))
        .select_from(Expertise)
        .join(Member, Member.id == Expertise.member_id)
        .outerjoin(City, City.id == Member.city_id)
        .where(Expertise.topic_id == bindparam("topic"), *_qualified(), *fitting)
    )
    return query  # type: ignore[no-any-return]


def _credited() -> Iterable[Select[Any]]:
    """Those with most credits in the topic, of each kind."""
    vouched = select(Endorsement.member_id).where(Endorsement.topic_id == bindparam("topic"))
    newest = _some(
        select(Question.id)
        .where(Question.topic_id == bindparam("topic"))
        .order_by(Question.asked_at.desc())
        .limit(QUESTIONS)
    ).subquery()
    for earned, member_id in (
        (_accepted().join(newest, newest.c.id == Question.id), Answer.member_id),
        (_thanked().join(newest, newest.c.id == Question.id), Thanks.member_id),
        (vouched, Endorsement.member_id),
        (case_credits.authors(), Member.id),
    ):
        counted = earned.with_only_columns(member_id.label("member_id")).group_by(member_id)
        yield _some(counted.order_by(func.count().desc(), member_id).limit(CREDITED))


def _some(query: Select[Any]) -> Select[Any]:
    """A query with a LIMIT of its own, so that it can stand in a UNION, which SQLite allows only so."""
    inner = query.subquery()
    return select(*inner.c)


def _qualified() -> Iterable[ColumnElement[bool]]:
    now = bindparam("now", type_=UtcDateTime)
    yield Expertise.open.is_(True)
    yield or_(Expertise.paused_until.is_(None), Expertise.paused_until <= now)
    yield Member.user_id.is_not(None)
    yield Member.user_id != bindparam("asker")
    yield Member.confirmed_at.is_not(None)
    yield or_(Member.paused_until.is_(None), Member.paused_until <= now)
    yield exists().where(
        and_(
            Membership.member_id == Member.id,
            Membership.alumni.is_(True),
            Membership.left_at.is_(None),
            Server.id == Membership.server_id,
            Server.left_at.is_(None),
        )
    )
    yield Member.id.not_in(bindparam("leave_out", expanding=True))


def _fitting(*, country: bool, language: bool, size: bool, zones: bool) -> Iterable[ColumnElement[bool]]:
    if country:
        yield City.country == bindparam("only_country")
    if language:
        yield _speaks("only_languages")
    if size:
        yield _between("only_least", "only_too_many")
    if zones:
        yield Member.zone.in_(bindparam("only_zones", expanding=True))


def _points(name: str) -> ColumnElement[float]:
    return bindparam(name, type_=Float)


def _between(least: str, too_many: str) -> ColumnElement[bool]:
    return and_(City.population >= bindparam(least), City.population < bindparam(too_many))


def _speaks(languages: str) -> ColumnElement[bool]:
    spoken = MemberLanguage.language.in_(bindparam(languages, expanding=True))
    # Counted, because PostgreSQL would turn EXISTS into a look at everybody's languages.
    return select(func.count()).where(MemberLanguage.member_id == Member.id, spoken).scalar_subquery() > 0


def _languages() -> ColumnElement[Any]:
    every = func.aggregate_strings(MemberLanguage.language, ",")
    return select(every).where(MemberLanguage.member_id == Member.id).scalar_subquery()


def _accepted() -> Select[Any]:
    """Accepted answers, but not those to a question of one's own."""
    query: Any = (
        select(Answer.member_id, Question.topic_id, Answer.accepted_at)
        .join(Question, Question.id == Answer.question_id)
        .join(Member, Member.id == Answer.member_id)
        .where(Question.topic_id.in_(bindparam("topics", expanding=True)))
        .where(Answer.accepted_at > bindparam("since", type_=UtcDateTime))
        .where(or_(Question.asker_user_id.is_(None), Question.asker_user_id != Member.user_id))
    )
    return query  # type: ignore[no-any-return]


def _thanked() -> Select[Any]:
    """Thanks, but not those to oneself."""
    query: Any = (
        select(Thanks.member_id, Question.topic_id, Thanks.given_at)
        .join(Question, Question.id == Thanks.question_id)
        .join(Member, Member.id == Thanks.member_id)
        .where(Question.topic_id.in_(bindparam("topics", expanding=True)))
        .where(Thanks.given_at > bindparam("since", type_=UtcDateTime), Thanks.giver_user_id != Member.user_id)
    )
    return query  # type: ignore[no-any-return]


def _returned(endorsement: Any) -> ColumnElement[bool]:
    """Whether an endorsement was returned: she vouches for the endorser too, in whatever topic."""
    back = aliased(Endorsement)
    return exists().where(back.member_id == endorsement.endorser_id, back.endorser_id == endorsement.member_id)


def _grouped(rows: Iterable[Any]) -> Credits:
    found: dict[tuple[int, str], list[datetime]] = defaultdict(list)
    for member_id, topic_id, at in rows:
        found[member_id, topic_id].append(at)
    return dict(found)


_ASKER: Any = (
    select(City.country, City.population, _languages())
    .select_from(Member)
    .outerjoin(City, City.id == Member.city_id)
    .where(Member.user_id == bindparam("user"))
)
_ACCEPTED_OF = _accepted().where(Answer.member_id.in_(bindparam("members", expanding=True)))
_THANKED_OF = _thanked().where(Thanks.member_id.in_(bindparam("members", expanding=True)))
