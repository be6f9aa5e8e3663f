"""What inviting comes to, whoever's idea it was: checked again, put on record, and handed to the outbox at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.errors import Refusal
from bot.domain.experts import MONTH, USUAL_CAP, Candidate
from bot.domain.invitations import (
    NO_REASON,
    WAITING,
    Invitation,
    InvitationState,
    Origin,
    Why,
    check_open,
    invitable,
)
from bot.domain.members import Level
from bot.domain.nights import Night
from bot.domain.outbox import DeliveryKind, NewDelivery, Target
from bot.domain.questions import Question
from bot.services import outbox
from bot.services.questions import question_of
from bot.services.topics import TopicsService
from db.engine import AsyncSession
from db.queries import invitations as queries
from db.queries import questions, servers
from db.queries.invitations import InvitationRow, PersonRow

TOPICS_MEANT = 3
"""Where it is not said what a question is about, people are looked for in so many topics that it may be."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A member to be invited, and why."""

    member_id: int
    why: Why = NO_REASON


@dataclass(frozen=True, slots=True)
class Invited:
    """A member who was invited now. `waits_until`: the end of her night, where it is that."""

    invitation_id: int
    name: str
    waits_until: datetime | None = None


async def open_question(session: AsyncSession, question_id: int) -> Question:
    """A question that people may be invited to. Raises `Refusal`, which says what became of it, for another."""
    row = await questions.by_id(session, question_id)
    if row is None:
        raise Refusal("questions.unknown")
    question = question_of(row)
    check_open(question)
    await check_server(session, question)
    return question


async def check_server(session: AsyncSession, question: Question) -> None:
    """Raises `Refusal` where the question's server has left the network."""
    server = await servers.server(session, question.server_id)
    if server is None or server.left_at is not None:
        raise Refusal("invitations.server_left")


async def invite(
    session: AsyncSession,
    question: Question,
    chosen: Sequence[Chosen],
    *,
    origin: Origin,
    now: datetime,
    referred_by: int | None = None,
    most: int = WAITING,
    night: Night | None = None,
) -> list[Invited]:
    """Invite those of them who may be invited now, at most `most`, in the transaction that decides it.

    Whoever paused meanwhile, is asked enough already, or was invited to this question before, is passed over. With
    `night`, the message waits for each one's morning.
    """
    known = await candidates(session, [one.member_id for one in chosen], topics_in(question, chosen), now)
    invited: list[Invited] = []
    for one in chosen:
        person = next((each for each in known.get(one.member_id, ()) if invitable(each, question, now)), None)
        if person is None or len(invited) >= most:
            continue
        invitation_id = await queries.invite(
            session,
            question_id=question.id,
            member_id=one.member_id,
            origin=origin.value,
            why=one.why.plain(),
            referred_by=referred_by,
            sent_at=now,
        )
        if invitation_id is None:
            continue
        morning = night.over(now, person.zone) if night else now
        await outbox.post(session, [_delivery(invitation_id, one.member_id, now, morning)], now)
        invited.append(Invited(invitation_id, person.name, morning if morning > now else None))
    return invited


def _delivery(invitation_id: int, member_id: int, now: datetime, not_before: datetime) -> NewDelivery:
    return NewDelivery(
        kind=DeliveryKind.INVITATION,
        subject=invitation_id,
        target=Target.member(member_id),
        dedupe_key=f"invitation:{invitation_id}:{now.timestamp():.0f}",
        not_before=not_before,
        fallback=True,
    )


async def candidates(
    session: AsyncSession,
    member_ids: Sequence[int],
    topic_ids: Sequence[str],
    now: datetime,
    *,
    before: int | None = None,
) -> Mapping[int, list[Candidate]]:
    """These members as the ranking knows them, by their ids: a candidate for each of the topics that they name, or one
    of no topic. With `before`, only invitations made before that one count as asks."""
    rows = await queries.people(session, topics=topic_ids, asks_since=now - MONTH, member_ids=member_ids, before=before)
    found: dict[int, list[Candidate]] = {}
    for row in rows:
        found.setdefault(row.id, []).append(candidate(row))
    return found


def candidate(row: PersonRow) -> Candidate:
    """A member as the ranking knows her. Of a topic that she does not name, the usual terms hold."""
    return Candidate(
        member_id=row.id,
        user_id=row.user_id,
        name=row.name,
        topic_id="",
        level=Level(row.level) if row.level else Level.INTERESTED,
        zone=row.zone,
        current=row.current,
        confirmed_at=row.confirmed_at,
        paused_until=row.paused_until,
        expertise_paused_until=row.topic_paused_until,
        open=row.open is not False,
        cap=USUAL_CAP if row.cap is None else row.cap,
        asks=row.asks,
    )


def topics_in(question: Question, chosen: Sequence[Chosen]) -> list[str]:
    """The topics whose terms hold for these people: those for which they were suggested, and the question's."""
    named = {one.why.topic_id for one in chosen} | {question.topic_id}
    return sorted(each for each in named if each)


def meant(topics: TopicsService, question: Question) -> dict[str, float]:
    """The topics in which people are looked for, each with its score."""
    topic = topics.index.get(question.topic_id) if question.topic_id is not None else None
    if topic is not None:
        return {topic.id: 1.0}
    found = topics.find(question.title, question.language, TOPICS_MEANT)
    return {match.topic_id: match.score for match in found.matches}


def invitation_of(row: InvitationRow) -> Invitation:
    """A row as the rules know it."""
    return Invitation(
        id=row.id,
        question_id=row.question_id,
        member_id=row.member_id,
        user_id=row.user_id,
        name=row.name,
        state=InvitationState(row.state),
        origin=Origin(row.origin),
        sent_at=row.sent_at,
        why=Why.read(row.why),
        referred_by=row.referred_by,
        referrer=row.referrer,
        message_id=row.message_id,
        settled_at=row.settled_at,
        language=row.language,
    )
