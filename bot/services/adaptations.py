"""Adaptations: what other cities made of a case, told when they begin, and again after six and twelve months."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain import adaptations as rules
from bot.domain import cases as case_rules
from bot.domain.access import Actor, Right
from bot.domain.adaptations import ASKED_AFTER, TEXT_LIMIT, Adaptation
from bot.domain.case_content import CaseOutcome
from bot.domain.case_documents import year as read_year
from bot.domain.case_map import CaseMap, Learned, draw_up
from bot.domain.cases import Deed
from bot.domain.cities import Gazetteer
from bot.domain.errors import Refusal
from bot.domain.text import clean, clean_or_none
from bot.services import adaptation_rows, case_rows, homes
from bot.services.case_news import adapted
from bot.services.ports import Clock
from bot.services.work import Work
from db.queries import adaptations as queries
from db.queries import cases as case_queries
from db.queries import members

NAME_LIMIT = 100
MOST_LINKS = 500
"""As many adaptations are drawn on the map."""


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody wrote into the form."""

    city: str
    year: str
    kept: str
    changed: str


@dataclass(frozen=True, slots=True)
class AdaptationsService:
    """What happens to adaptations. The posts of their cases are put right by whoever called."""

    work: Work
    clock: Clock
    gazetteer: Gazetteer

    async def home(self, actor: Actor) -> str:
        """The city that she most likely speaks of: her own, where we know it."""
        async with self.work.read() as session:
            row = await members.by_user(session, actor.user_id)
        return (row.city or "") if row else ""

    async def tell(self, actor: Actor, case_id: int, told: Told) -> Adaptation:
        """Her city took a case up. Raises `Refusal` where a field is wrong, or the case cannot be read any more."""
        actor.require(Right.MEMBER)
        kept = clean(told.kept, limit=TEXT_LIMIT, lines=True)
        changed = clean(told.changed, limit=TEXT_LIMIT, lines=True)
        year = read_year(told.year) or self.clock().year
        rules.check_year(year, self.clock())
        async with self.work.begin() as session:
            case = await case_rows.get(session, case_id)
            case_rules.check(case, Deed.ADAPT, actor)
            city_id, _ = await homes.find(session, self.gazetteer, told.city)
            adaptation_id = await queries.create(
                session,
                case_id=case_id,
                user_id=actor.user_id,
                user_name=actor.name[:NAME_LIMIT],
                language=actor.language,
                city_id=city_id,
                year=year,
                kept=kept,
                changed=changed,
                created_at=self.clock(),
            )
            await case_queries.touch(session, case_id)
            adaptation = await adaptation_rows.get(session, adaptation_id)
            if not case.owned_by(actor):
                await adapted(session, case, adaptation, self.clock())
            return adaptation

    async def take_back(self, actor: Actor, adaptation_id: int) -> Adaptation:
        """It was told by mistake."""
        async with self.work.begin() as session:
            adaptation = await adaptation_rows.get(session, adaptation_id)
            rules.check_own(adaptation, actor)
            await queries.remove(session, adaptation_id, self.clock())
            await case_queries.touch(session, adaptation.case_id)
            return adaptation

    async def find(self, adaptation_id: int) -> Adaptation | None:
        """An adaptation, None where it was taken back."""
        async with self.work.read() as session:
            try:
                return await adaptation_rows.get(session, adaptation_id)
            except Refusal:
                return None

    async def own(self, actor: Actor, adaptation_id: int) -> Adaptation:
        """An adaptation that she told of. Raises `Refusal` for another."""
        async with self.work.read() as session:
            adaptation = await adaptation_rows.get(session, adaptation_id)
        rules.check_own(adaptation, actor)
        return adaptation

    async def answer(self, actor: Actor, adaptation_id: int, months: int, outcome: str, text: str) -> Adaptation:
        """What came of it after so many months. Told again, the later word counts."""
        if months not in ASKED_AFTER or outcome not in set(CaseOutcome):
            raise Refusal("errors.gone")
        said = clean_or_none(text, limit=TEXT_LIMIT, lines=True)
        async with self.work.begin() as session:
            adaptation = await adaptation_rows.get(session, adaptation_id)
            rules.check_own(adaptation, actor)
            await queries.tell(session, adaptation_id, months, outcome=outcome, text=said, now=self.clock())
            await case_queries.touch(session, adaptation.case_id)
            return await adaptation_rows.get(session, adaptation_id)

    async def of_case(self, case_id: int) -> tuple[Adaptation, ...]:
        """The cities that took a case up, by year."""
        async with self.work.read() as session:
            return await adaptation_rows.of_cases(session, [case_id])

    async def map(self) -> CaseMap:
        """Who learned from whom, in cities."""
        async with self.work.read() as session:
            rows = await queries.links(session, MOST_LINKS)
        return draw_up(Learned(row.from_city, row.to_city, row.year) for row in rows)
