"""A campaign, its periods and its prompts, put straight into a test's database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select

from bot.services.checkin_sharing import CheckinSharingService
from bot.services.checkins import CheckinsService
from bot.services.expertise import ExpertiseService
from bot.services.work import Work
from db.tables import Campaign, CampaignQuestion, Period, Prompt, Response, ResponseAnswer
from tests.services.house import MembersHouse

QUESTIONS: tuple[dict[str, Any], ...] = (
    {"type": "text", "purpose": "forward"},
    {"type": "text", "purpose": "stuck"},
    {"type": "text", "purpose": "tried"},
    {"type": "choice", "purpose": "expert"},
    {"type": "scale", "text": "How well does it go?"},
)


@dataclass
class Rounds:
    """A campaign with one open period, and the services over it."""

    house: MembersHouse
    checkins: CheckinsService
    sharing: CheckinSharingService
    campaign_id: int = 0
    questions: dict[str, int] = field(default_factory=dict)
    """Their ids by purpose, or by type."""

    async def open(
        self, *, anonymous: bool = False, days: int = 14, late: int = 2, ago: int = 0, **columns: Any
    ) -> int:
        """Another period, open since `ago` days; its id."""
        opened = self.house.clock() - timedelta(days=ago)
        closes = opened + timedelta(days=days)
        return await self._add(
            Period,
            campaign_id=self.campaign_id,
            day=opened.date(),
            number=0,
            minute=9 * 60 + 30,
            anonymous=anonymous,
            opened_at=opened,
            closes_at=closes,
            late_until=closes + timedelta(days=2),
            **{"state": "open", **columns},
        )

    async def ask(self, period_id: int, member_id: int, **columns: Any) -> None:
        """A prompt, by direct message."""
        about = {"state": "planned", "due_at": self.house.clock(), "answered": False, "snoozed": False}
        ids = {"campaign_id": self.campaign_id, "period_id": period_id, "member_id": member_id}
        await self._add(Prompt, **ids, **{**about, "asked_again": 0, **columns})

    async def said(self) -> list[Any]:
        """All answers: question, text and number."""
        return await self.house.rows(ResponseAnswer.question_id, ResponseAnswer.text, ResponseAnswer.number)

    async def response(self) -> Any:
        """The one response there is."""
        async with self.house.database.read() as session:
            return (await session.execute(select(*Response.__table__.columns))).one()

    async def prompt(self) -> Any:
        """The one prompt there is."""
        async with self.house.database.read() as session:
            return (await session.execute(select(*Prompt.__table__.columns))).one()

    async def _add(self, table: Any, **columns: Any) -> int:
        async with self.house.database.begin() as session:
            found: int | None = await session.scalar(insert(table).values(**columns).returning(table.id))
        assert found is not None
        return found


async def campaign(house: MembersHouse, **columns: Any) -> Rounds:
    """A campaign of the whole network, with the questions of the monthly check-in and a scale."""
    work = Work(house.database)
    checkins = CheckinsService(work, house.clock, ExpertiseService(work, house.clock, house.members))
    rounds = Rounds(house, checkins, CheckinSharingService(work, house.clock))
    about = {"state": "active", "rule": "FREQ=MONTHLY", "minute": 570, "starts_on": house.clock().date()}
    about |= {"audience": "everyone", "place": "direct", "open_days": 14, "late_hours": 48, "version": 0}
    about |= {"anonymous": False, "created_at": house.clock(), "digest_channel_id": 77}
    rounds.campaign_id = await rounds._add(Campaign, **about | columns)
    for position, question in enumerate(QUESTIONS):
        identity = await rounds._add(
            CampaignQuestion,
            campaign_id=rounds.campaign_id,
            position=position,
            options=[],
            required=False,
            **question,
        )
        rounds.questions[question.get("purpose") or question["type"]] = identity
    return rounds
