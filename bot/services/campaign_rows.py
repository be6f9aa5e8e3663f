"""From rows of campaigns and periods to what the rules know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from bot.domain.access import Actor
from bot.domain.campaigns import (
    Audience,
    AudienceKind,
    Campaign,
    CampaignQuestion,
    CampaignState,
    Period,
    PeriodState,
    Purpose,
    QuestionType,
    Where,
    check_rights,
)
from bot.domain.errors import Refusal
from bot.domain.prompts import Place
from db.engine import AsyncSession
from db.queries import campaigns as queries
from db.queries.audiences import PlaceRow, Whom
from db.queries.campaigns import CampaignRow, QuestionRow
from db.queries.periods import PeriodRow


def campaign_of(row: CampaignRow, questions: Sequence[QuestionRow] = ()) -> Campaign:
    """A campaign, with its questions where they were read."""
    values = row._asdict()
    audience = Audience(AudienceKind(values.pop("audience")), values.pop("audience_value"))
    where = Where(values.pop("place"))
    values["state"] = CampaignState(row.state)
    return Campaign(**values, audience=audience, where=where, questions=tuple(map(question_of, questions)))


def question_of(row: QuestionRow) -> CampaignQuestion:
    """A question."""
    return CampaignQuestion(
        QuestionType(row.type),
        row.text,
        row.hint,
        tuple(row.options),
        Purpose(row.purpose) if row.purpose else None,
        row.required,
        row.id,
        row.position,
    )


def period_of(row: PeriodRow) -> Period:
    """A period, without how far its planning is."""
    values = row._asdict()
    del values["plan_at"], values["planned_to"]
    return Period(**values | {"state": PeriodState(row.state)})


def whom_of(campaign: Campaign) -> Whom:
    """Its audience, as the tables have it."""
    return Whom(campaign.id, campaign.server_id, campaign.audience.kind, campaign.audience.value)


def place_of(row: PlaceRow) -> Place:
    """Where a member can be asked."""
    return Place(row.server_id, row.language, row.channel_id, row.zone, row.speaks_for_her)


async def read(session: AsyncSession, campaign_id: int) -> Campaign:
    """A campaign with its questions. Raises `Refusal` where there is none."""
    row = await queries.by_id(session, campaign_id)
    if row is None:
        raise Refusal("campaigns.unknown")
    return campaign_of(row, await queries.questions(session, [campaign_id]))


async def allowed(session: AsyncSession, actor: Actor, campaign_id: int) -> Campaign:
    """A campaign that she may change. Raises `Refusal` otherwise."""
    campaign = await read(session, campaign_id)
    check_rights(actor, campaign.server_id)
    return campaign


async def many(session: AsyncSession, rows: Sequence[CampaignRow]) -> tuple[Campaign, ...]:
    """Campaigns with their questions."""
    asked: dict[int, list[QuestionRow]] = defaultdict(list)
    for question in await queries.questions(session, [row.id for row in rows]):
        asked[question.campaign_id].append(question)
    return tuple(campaign_of(row, asked[row.id]) for row in rows)
