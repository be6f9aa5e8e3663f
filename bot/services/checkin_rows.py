"""From rows of periods, questions and responses to check-ins."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.campaigns import CampaignQuestion, Period, PeriodState, PromptState, Purpose, QuestionType
from bot.domain.checkins import Checkin, Given
from bot.domain.errors import Refusal
from db.engine import AsyncSession
from db.queries import checkin_responses as responses
from db.queries import checkins as queries
from db.queries.checkins import CheckinRow, QuestionRow

PERIOD = Period.__dataclass_fields__.keys()


@dataclass(frozen=True, slots=True)
class Found:
    """A check-in, and what else answering it needs: its row, and her response under her name."""

    checkin: Checkin
    row: CheckinRow
    response: responses.ResponseRow | None


async def find(session: AsyncSession, period_id: int, member_id: int) -> Found:
    """A period as a member finds it. Raises `Refusal` where it is gone: its campaign was deleted."""
    row = await queries.checkin(session, period_id)
    if row is None:
        raise Refusal("checkins.gone")
    stand = await queries.stand(session, period_id, member_id)
    response = await responses.response_of(session, period_id, member_id)
    given = await responses.answers(session, response.id) if response else ()
    checkin = Checkin(
        period=period_of(row),
        name=row.name,
        server=row.server,
        has_digest=row.digest_channel_id is not None,
        questions=tuple(map(question_of, await queries.questions(session, row.campaign_id))),
        given=tuple(Given(*answer) for answer in given),
        asked=PromptState(stand.state) if stand else None,
        directly=stand is not None and stand.channel_id is None,
        answered=stand is not None and stand.answered,
    )
    return Found(checkin, row, response)


def period_of(row: CheckinRow) -> Period:
    """The period in a row."""
    columns = {name: value for name, value in row._asdict().items() if name in PERIOD}
    return Period(**columns | {"state": PeriodState(row.state)})


def question_of(row: QuestionRow) -> CampaignQuestion:
    """The question in a row."""
    return CampaignQuestion(
        type=QuestionType(row.type),
        text=row.text,
        hint=row.hint,
        options=tuple(row.options),
        purpose=Purpose(row.purpose) if row.purpose else None,
        required=row.required,
        id=row.id,
        position=row.position,
    )
