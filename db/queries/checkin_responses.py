"""Responses to check-ins: what was answered, what of it was shared, and what it began."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import insert_for
from db.queries.checkins import QuestionRow, questions_where
from db.tables import CampaignQuestion, CaseStart, Period, Response, ResponseAnswer, SharedQuote


class ResponseRow(NamedTuple):
    """A response; `member_id` and `given_at` are None where the period is anonymous."""

    id: int
    campaign_id: int
    period_id: int
    member_id: int | None
    late: bool
    given_at: datetime | None
    edited_at: datetime | None


class AnswerRow(NamedTuple):
    """The answer to one question."""

    question_id: int
    text: str | None
    number: int | None


class QuoteRow(NamedTuple):
    """An answer that its author shared; `name` is None where without her name."""

    question_id: int
    name: str | None
    text: str | None


async def response_of(session: AsyncSession, period_id: int, member_id: int) -> ResponseRow | None:
    """What she answered under her name in a period."""
    return await _response(session, Response.period_id == period_id, Response.member_id == member_id)


async def response(session: AsyncSession, response_id: int) -> ResponseRow | None:
    """A response by its id."""
    return await _response(session, Response.id == response_id)


async def _response(session: AsyncSession, *conditions: ColumnElement[bool]) -> ResponseRow | None:
    columns = (getattr(Response, name) for name in ResponseRow._fields)
    row = (await session.execute(select(*columns).where(*conditions))).one_or_none()
    return ResponseRow(*row) if row is not None else None


async def respond(session: AsyncSession, **columns: Any) -> None:
    """A new response, columns by name, its `id` among them."""
    await session.execute(insert(Response).values(**columns))


async def edited(session: AsyncSession, response_id: int, now: datetime) -> None:
    """A response was changed."""
    await session.execute(update(Response).where(Response.id == response_id).values(edited_at=now))


async def write(session: AsyncSession, response_id: int, member_id: int | None, answers: Sequence[AnswerRow]) -> None:
    """Let a response say this and nothing else. What was shared of it stays shared where it is still answered."""
    kept = [answer.question_id for answer in answers]
    for table in (SharedQuote, ResponseAnswer):
        await session.execute(delete(table).where(table.response_id == response_id, table.question_id.not_in(kept)))
    for answer in answers:
        new = insert_for(session, ResponseAnswer).values(
            response_id=response_id, member_id=member_id, **answer._asdict()
        )
        said = {"text": new.excluded.text, "number": new.excluded.number}
        await session.execute(new.on_conflict_do_update(index_elements=["response_id", "question_id"], set_=said))


async def answers(session: AsyncSession, response_id: int) -> Sequence[AnswerRow]:
    """What a response says, in the order of the questions."""
    rows = await session.execute(
        select(ResponseAnswer.question_id, ResponseAnswer.text, ResponseAnswer.number)
        .join(CampaignQuestion, CampaignQuestion.id == ResponseAnswer.question_id)
        .where(ResponseAnswer.response_id == response_id)
        .order_by(CampaignQuestion.position, CampaignQuestion.id)
    )
    return [AnswerRow(*row) for row in rows]


async def share(session: AsyncSession, given: ResponseRow, question_ids: Collection[int], *, name: str | None) -> None:
    """Let these answers of a response be quoted, and no others of it."""
    await unshare(session, given.id)
    for question_id in question_ids:
        await session.execute(
            insert(SharedQuote).values(
                response_id=given.id,
                question_id=question_id,
                period_id=given.period_id,
                member_id=given.member_id,
                name=name,
            )
        )


async def unshare(session: AsyncSession, response_id: int) -> None:
    """Nothing of a response is quoted."""
    await session.execute(delete(SharedQuote).where(SharedQuote.response_id == response_id))


async def quotes(session: AsyncSession, period_id: int) -> Sequence[QuoteRow]:
    """What was shared in a period, by question, and within one in no order that tells when: ids are of chance."""
    rows = await session.execute(
        select(SharedQuote.question_id, SharedQuote.name, ResponseAnswer.text)
        .join(
            ResponseAnswer,
            (ResponseAnswer.response_id == SharedQuote.response_id)
            & (ResponseAnswer.question_id == SharedQuote.question_id),
        )
        .join(CampaignQuestion, CampaignQuestion.id == SharedQuote.question_id)
        .where(SharedQuote.period_id == period_id)
        .order_by(CampaignQuestion.position, SharedQuote.question_id, SharedQuote.response_id)
    )
    return [QuoteRow(*row) for row in rows]


async def shared(session: AsyncSession, response_id: int) -> Sequence[tuple[int, str | None]]:
    """Which answers of a response are shared, each with the name beside it."""
    rows = await session.execute(
        select(SharedQuote.question_id, SharedQuote.name).where(SharedQuote.response_id == response_id)
    )
    return [(question_id, name) for question_id, name in rows]


async def history_length(session: AsyncSession, member_id: int) -> int:
    """How many responses a member gave under her name."""
    counted = await session.scalar(select(func.count()).select_from(Response).where(Response.member_id == member_id))
    return counted or 0


async def history(session: AsyncSession, member_id: int, place: int) -> ResponseRow | None:
    """Of the responses that a member gave under her name, the newest first, the one at this place."""
    columns = (getattr(Response, name) for name in ResponseRow._fields)
    row = (
        await session.execute(
            select(*columns)
            .join(Period, Period.id == Response.period_id)
            .where(Response.member_id == member_id)
            .order_by(Period.day.desc(), Response.period_id.desc(), Response.id)
            .offset(place)
            .limit(1)
        )
    ).one_or_none()
    return ResponseRow(*row) if row is not None else None


async def answered_questions(session: AsyncSession, response_id: int) -> Sequence[QuestionRow]:
    """The questions that a response answers, also those that are asked no more."""
    answered = select(ResponseAnswer.question_id).where(ResponseAnswer.response_id == response_id)
    return await questions_where(session, CampaignQuestion.id.in_(answered))


async def keep_start(
    session: AsyncSession, *, member_id: int, response_id: int, text: str, language: str, now: datetime
) -> None:
    """What she tried, as the start of a case study; said otherwise later, it is changed, unless it has been used."""
    new = insert_for(session, CaseStart).values(
        member_id=member_id, response_id=response_id, text=text, language=language, created_at=now
    )
    await session.execute(
        new.on_conflict_do_update(
            index_elements=["response_id"],
            set_={"text": new.excluded.text, "language": new.excluded.language},
            where=CaseStart.used_at.is_(None),
        )
    )


async def drop_start(session: AsyncSession, response_id: int) -> None:
    """She took back what she tried."""
    await session.execute(delete(CaseStart).where(CaseStart.response_id == response_id, CaseStart.used_at.is_(None)))
