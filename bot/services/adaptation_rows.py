"""From rows of adaptations to the values that the rules know."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.domain.adaptations import Adaptation, News, chain
from bot.domain.case_content import CaseOutcome
from bot.domain.errors import Refusal
from bot.domain.privacy import NOBODY
from db.engine import AsyncSession
from db.queries import adaptations as queries
from db.queries.adaptations import AdaptationRow, NewsRow


async def of_cases(session: AsyncSession, case_ids: Collection[int]) -> tuple[Adaptation, ...]:
    """The adaptations of these cases, in the order of their years."""
    return chain(await from_rows(session, await queries.of_cases(session, case_ids)))


async def get(session: AsyncSession, adaptation_id: int) -> Adaptation:
    """An adaptation. Raises `Refusal` where there is none."""
    row = await queries.by_id(session, adaptation_id)
    if row is None:
        raise Refusal("cases.adaptation_unknown")
    return (await from_rows(session, [row]))[0]


async def from_rows(session: AsyncSession, rows: Sequence[AdaptationRow]) -> tuple[Adaptation, ...]:
    """The adaptations in these rows, in their order."""
    news = await queries.news(session, [row.id for row in rows])
    return tuple(_adaptation(row, news.get(row.id, ())) for row in rows)


def _adaptation(row: AdaptationRow, news: Sequence[NewsRow]) -> Adaptation:
    return Adaptation(
        id=row.id,
        case_id=row.case_id,
        user_id=None if row.user_id == NOBODY else row.user_id,
        user_name=row.user_name,
        city=row.city,
        country=row.country,
        year=row.year,
        kept=row.kept,
        changed=row.changed,
        created_at=row.created_at,
        news=tuple(News(one.months, CaseOutcome(one.outcome) if one.outcome else None, one.text) for one in news),
    )
