"""Adaptations: another city's use of a case, and what came of it after six months and after twelve."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.access import Actor
from bot.domain.case_content import CaseOutcome
from bot.domain.errors import Forbidden, Refusal

TEXT_LIMIT: Final = 1000
ASKED_AFTER: Final = (6, 12)
"""Months after which the owner of an adaptation is asked what came of it."""


@dataclass(frozen=True, slots=True)
class News:
    """What came of an adaptation after so many months; `outcome` is None until its owner has answered."""

    months: int
    outcome: CaseOutcome | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Adaptation:
    """A city that took up a case. Names and ids are None once its owner had her data deleted."""

    id: int
    case_id: int
    user_id: int | None
    user_name: str | None
    city: str | None
    country: str | None
    year: int
    kept: str
    changed: str
    created_at: datetime
    news: tuple[News, ...] = ()

    def owned_by(self, actor: Actor) -> bool:
        """Whether this is the person who told of it."""
        return self.user_id is not None and self.user_id == actor.user_id

    @property
    def outcome(self) -> CaseOutcome | None:
        """What came of it, as last told."""
        told = [one for one in self.news if one.outcome is not None]
        return max(told, key=lambda one: one.months).outcome if told else None


def check_own(adaptation: Adaptation, actor: Actor) -> None:
    """Raises `Forbidden` unless she told of it."""
    if not adaptation.owned_by(actor):
        raise Forbidden("cases.adapter_only")


def check_year(year: int, now: datetime) -> None:
    """Raises `Refusal` for a year that cannot be meant."""
    if not 1900 <= year <= now.year + 1:
        raise Refusal("cases.year_unknown", year=str(year))


def months_later(moment: datetime, months: int) -> datetime:
    """The same day so many months later, or that month's last."""
    years, month = divmod(moment.month - 1 + months, 12)
    year = moment.year + years
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


def due(adaptation: Adaptation, now: datetime) -> int | None:
    """After how many months she is to be asked now: only the latest that is due and was not asked about yet."""
    asked = {one.months for one in adaptation.news}
    reached = [each for each in ASKED_AFTER if months_later(adaptation.created_at, each) <= now]
    latest = max(reached, default=None)
    return None if latest is None or latest in asked else latest


def chain(adaptations: Iterable[Adaptation]) -> tuple[Adaptation, ...]:
    """Adaptations in the order of their years, those of one year as they were told."""
    return tuple(sorted(adaptations, key=lambda one: (one.year, one.created_at, one.id)))
