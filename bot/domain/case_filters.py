"""What a search for cases may be narrowed to, and the marks in the index that stand for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.case_content import CaseOutcome, CaseStatus
from bot.domain.cities import PopulationBand


class CaseMark(StrEnum):
    """What a search may be narrowed to, beside topics."""

    STATUS = "status"
    OUTCOME = "outcome"
    COUNTRY = "country"
    SIZE = "size"
    LANGUAGE = "language"
    TOPIC = "topic"

    def of(self, value: str) -> str:
        """The word in the index that stands for it."""
        return f"{self.value}:{value}"


@dataclass(frozen=True, slots=True)
class CaseFilters:
    """What a search is narrowed to; `country` and `language` are codes, `topic` an id."""

    outcome: CaseOutcome | None = None
    country: str | None = None
    size: PopulationBand | None = None
    status: CaseStatus | None = None
    language: str | None = None
    topic: str | None = None

    @property
    def code(self) -> str:
        """All of them in few characters, for a `custom_id`: "13-.PT.pt.housing" (outcome, status, size by number)."""
        numbers = "".join(
            "-" if value is None else str(list(words).index(value))
            for words, value in (
                (CaseOutcome, self.outcome),
                (CaseStatus, self.status),
                (PopulationBand, self.size),
            )
        )
        return ".".join((numbers, self.country or "", self.language or "", self.topic or ""))

    @classmethod
    def decoded(cls, code: str) -> CaseFilters:
        """The filters that a button carries. Raises ValueError or IndexError for what no `code` ever was."""
        numbers, country, language, topic = code.split(".", 3)
        outcome, status, size = (None if one == "-" else int(one) for one in numbers)
        return cls(
            None if outcome is None else list(CaseOutcome)[outcome],
            country or None,
            None if size is None else list(PopulationBand)[size],
            None if status is None else list(CaseStatus)[status],
            language or None,
            topic or None,
        )

    @property
    def marks(self) -> tuple[str, ...]:
        """The words in the index that a case must have."""
        pairs = (
            (CaseMark.OUTCOME, self.outcome),
            (CaseMark.COUNTRY, self.country),
            (CaseMark.SIZE, self.size),
            (CaseMark.STATUS, self.status),
            (CaseMark.LANGUAGE, self.language),
            (CaseMark.TOPIC, self.topic),
        )
        return tuple(mark.of(value) for mark, value in pairs if value)
