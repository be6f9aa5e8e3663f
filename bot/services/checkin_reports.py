"""Results of campaigns: reports for coordinators, who has gone quiet, and the digest when a period closes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain import checkin_reports as rules
from bot.domain.access import Actor, Right
from bot.domain.campaigns import Period
from bot.domain.checkin_rates import Cell, Rate
from bot.domain.checkin_reports import ANSWERS, PERIODS, Digest, Quiet, Quote, Report, Said, Scope
from bot.domain.checkins import SILENT_FOR
from bot.domain.errors import Refusal
from bot.domain.outbox import Delivery, DeliveryKind, Dropped, NewDelivery, Target, TargetKind
from bot.services import campaign_rows, outbox
from bot.services.checkin_rows import question_of
from bot.services.ports import Clock
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import campaigns, checkin_responses, periods
from db.queries import checkin_reports as queries
from db.queries import checkins as checkin_queries

DIGEST_WITHIN: Final = timedelta(days=7)
"""A digest that cannot be sent for so long is news no more."""
MOST_QUIET: Final = 200


@dataclass(frozen=True, slots=True)
class CheckinReportsService:
    """What coordinators are shown. `close_due` is the ticker's."""

    work: Work
    clock: Clock

    async def campaigns(self, actor: Actor) -> tuple[tuple[int, str | None, str | None], ...]:
        """The campaigns of which she may see something: id, name, and the name of the server whose it is."""
        if not actor.may(Right.SERVER_COORDINATOR):
            return ()
        async with self.work.read() as session:
            scope = None if actor.is_network_coordinator else actor.server_id
            return tuple(await queries.campaigns(session, scope))

    async def report(self, actor: Actor, campaign_id: int) -> Report:
        """A campaign's rates and answers, as far as she may see them. Raises `Refusal` where she may see nothing."""
        now = self.clock()
        async with self.work.read() as session:
            campaign = await campaign_rows.read(session, campaign_id)
            scope = rules.scope_of(actor, campaign.server_id)
            found = [await _period(session, each) for each in await queries.periods(session, campaign_id, PERIODS)]
            ids = [period.id for period in found]
            cells, said = await _cells(session, ids, scope, now), await _said(session, ids, scope)
            questions = tuple(map(question_of, await checkin_queries.all_questions(session, campaign_id)))
            names = await campaigns.server_names(session, [scope.server_id] if scope.server_id else [])
        rounds = [rules.round_of(period, cells[period.id], said[period.id], scope, now) for period in found]
        server = names.get(scope.server_id) if scope.server_id else None
        answered = {each.question_id for one in rounds for each in one.answers or ()}
        return Report(
            campaign.name,
            server,
            tuple(one for one in rounds if one.rates.total is None or one.rates.total.asked),
            tuple(each for each in questions if each.id in answered),
        )

    async def quiet(self, actor: Actor) -> tuple[Quiet, ...]:
        """Who among the people of the server where she speaks has been silent for three periods of a campaign."""
        actor.require(Right.SERVER_COORDINATOR)
        assert actor.server_id is not None
        async with self.work.read() as session:
            rows = await queries.quiet(session, actor.server_id, SILENT_FOR, self.clock(), MOST_QUIET)
        return tuple(Quiet(*row) for row in rows)

    async def run_due(self, now: datetime) -> datetime | None:
        """Close every period whose time is over; returns when the next one is."""
        while await self._close_one(now):
            pass
        async with self.work.read() as session:
            return await queries.next_close(session)

    async def _close_one(self, now: datetime) -> bool:
        """Close a period; with it a digest is written down, unless nobody answered. False where none is due."""
        async with self.work.begin() as session:
            period_id = await queries.to_close(session, now)
            if period_id is None:
                return False
            row = await checkin_queries.checkin(session, period_id)
            assert row is not None
            await queries.close(session, period_id, now)
            if row.digest_channel_id is not None and await queries.answered(session, period_id):
                await outbox.post(session, [_digest(period_id, row, now)], now)
        return True

    async def digest(self, delivery: Delivery) -> Digest | Dropped:
        """What a digest says at the moment when it is sent, or why it says nothing.

        Who took back what she shared, or had her data deleted, is not in it.
        """
        async with self.work.read() as session:
            row = await checkin_queries.checkin(session, delivery.subject)
            if row is None:
                return Dropped("campaign_gone")
            if row.digest_channel_id != delivery.target.id:
                return Dropped("channel_changed")
            period = await _period(session, row.id)
            cells = (await _cells(session, [row.id], Scope(), self.clock()))[row.id]
            answered = await queries.answered(session, row.id)
            quotes = await checkin_responses.quotes(session, row.id)
            questions = tuple(map(question_of, await checkin_queries.all_questions(session, row.campaign_id)))
        if not answered:
            return Dropped("nobody_answered")
        total = sum((cell.rate for cell in cells), Rate())
        return Digest(
            row.name,
            period,
            answered,
            rules.digest_total(period, total),
            questions,
            tuple(Quote(quote.question_id, quote.text, quote.name) for quote in quotes if quote.text),
        )


def _digest(period_id: int, row: checkin_queries.CheckinRow, now: datetime) -> NewDelivery:
    assert row.digest_channel_id is not None
    return NewDelivery(
        kind=DeliveryKind.CHECKIN_DIGEST,
        subject=period_id,
        target=Target(TargetKind.CHANNEL, row.digest_channel_id, row.server_id),
        dedupe_key=f"digest:{period_id}",
        not_after=now + DIGEST_WITHIN,
    )


async def _period(session: AsyncSession, period_id: int) -> Period:
    row = await periods.by_id(session, period_id)
    if row is None:
        raise Refusal("checkins.gone")
    return campaign_rows.period_of(row)


async def _cells(session: AsyncSession, ids: Sequence[int], scope: Scope, now: datetime) -> dict[int, list[Cell]]:
    found: dict[int, list[Cell]] = defaultdict(list)
    for row in await queries.cells(session, ids, scope.server_id, now):
        found[row.period_id].append(Cell(row.country, row.cohort, Rate(row.asked, row.answered)))
    return found


async def _said(session: AsyncSession, ids: Sequence[int], scope: Scope) -> dict[int, list[Said]]:
    found: dict[int, list[Said]] = defaultdict(list)
    for row in await queries.said(session, ids, scope.server_id, ANSWERS):
        found[row.period_id].append(Said(*row[1:]))
    return found
