"""The collection of case studies taken away."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.access import Actor, Host, Right
from bot.domain.case_documents import Exported
from bot.i18n import Translator
from bot.services import case_collection as collection
from bot.services import case_rows
from bot.services.adaptation_rows import of_cases
from bot.services.topics import TopicsService
from bot.services.work import Work
from db.queries import cases as queries

PART = 500


class ExportFormat(StrEnum):
    """How a collection is written."""

    MD = "md"
    JSON = "json"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class CaseExchangeService:
    """Exports, for members and the host."""

    work: Work
    topics: TopicsService

    async def export(self, actor: Actor | Host, form: ExportFormat, t: Translator) -> tuple[str, int]:
        """The collection as one text, and how many cases it has."""
        if isinstance(actor, Actor):
            actor.require(Right.MEMBER)
        cases = [one async for one in self._all()]
        match form:
            case ExportFormat.JSON:
                return collection.as_json(cases), len(cases)
            case ExportFormat.CSV:
                return collection.as_csv(cases), len(cases)
            case ExportFormat.MD:
                return "\n".join(collection.as_markdown(one, self.topics.index, t) for one in cases), len(cases)

    async def _all(self) -> AsyncIterator[Exported]:
        """Every published or retired case, in the order of ids, read in parts."""
        after = 0
        while True:
            async with self.work.read() as session:
                rows = await queries.open_cases(session, after, PART)
                cases = await case_rows.from_rows(session, rows)
                adaptations = await of_cases(session, list(cases))
            for case in cases.values():
                own = tuple(collection.told(one) for one in adaptations if one.case_id == case.id)
                yield Exported(case.uid, case.state, case.content, case.licence, case.published_at, own)
            if len(rows) < PART:
                return
            after = rows[-1].id
