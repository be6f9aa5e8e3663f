"""A member of the network: what she says of herself, and the limits of each field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Final
from zoneinfo import available_timezones

from bot.domain.errors import Refusal
from bot.domain.languages import CODES
from bot.domain.text import clean, clean_or_none

NAME_LIMIT: Final = 100
POST_LIMIT: Final = 200
COHORT_LIMIT: Final = 100
REFERENCE_LIMIT: Final = 200
MAX_TOPICS: Final = 25
"""As many as one of Discord's selects can show."""
MAX_LANGUAGES: Final = 20
LONGEST_PAUSE: Final = timedelta(days=366)


class Level(StrEnum):
    """How well a member knows a topic, by her own word."""

    INTERESTED = "interested"
    PRACTITIONER = "practitioner"
    EXPERT = "expert"


class CodePurpose(StrEnum):
    """What a one-time code is for: a server joins the network, an imported person claims her row."""

    JOIN = "join"
    CLAIM = "claim"


@dataclass(frozen=True, slots=True)
class Place:
    """A city as a profile shows it. `country` is an ISO 3166 code, `zone` an IANA name."""

    name: str
    country: str
    region: str | None
    zone: str


@dataclass(frozen=True, slots=True)
class Known:
    """A topic that a member knows about, and how well."""

    topic_id: str
    level: Level


@dataclass(frozen=True, slots=True)
class About:
    """What a member writes of herself, tidied and within its limits."""

    display_name: str
    post: str | None
    cohort: str | None

    @classmethod
    def written(cls, display_name: str, post: str | None, cohort: str | None) -> About:
        """From what was typed. Raises `Refusal` where the name is empty or a field is too long."""
        return cls(
            clean(display_name, limit=NAME_LIMIT),
            clean_or_none(post, limit=POST_LIMIT),
            clean_or_none(cohort, limit=COHORT_LIMIT),
        )


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything that a member's card shows. `languages` are ISO 639 codes, sorted; `language` is the bot's for her."""

    member_id: int
    user_id: int | None
    about: About
    zone: str
    place: Place | None = None
    language: str | None = None
    languages: tuple[str, ...] = ()
    topics: tuple[Known, ...] = ()
    imported_at: datetime | None = None
    confirmed_at: datetime | None = None
    paused_until: datetime | None = None
    direct_messages_at: datetime | None = None

    @property
    def awaits_confirmation(self) -> bool:
        """Whether the programme told us of her and she has not yet said that it is right."""
        return self.confirmed_at is None

    def paused(self, now: datetime) -> bool:
        """Whether she is to be left alone: neither suggested nor messaged."""
        return self.paused_until is not None and self.paused_until > now

    @property
    def missing(self) -> tuple[Step, ...]:
        """The steps of a profile that she has not taken yet."""
        taken = {
            Step.ABOUT: self.about.post is not None,
            Step.LANGUAGES: bool(self.languages),
            Step.TOPICS: bool(self.topics),
        }
        return tuple(step for step, done in taken.items() if not done)


class Step(StrEnum):
    """The short steps of filling a profile, in their order."""

    ABOUT = "about"
    LANGUAGES = "languages"
    TOPICS = "topics"


@cache
def _zones() -> dict[str, str]:
    """IANA's names by their lower-case form. Those without a slash are abbreviations, but for UTC."""
    return {name.casefold(): name for name in available_timezones() if "/" in name or name == "UTC"}


def zone_named(text: str) -> str:
    """The IANA zone of this name, in any case and with blanks for underscores. Raises `Refusal` for another."""
    found = _zones().get(text.strip().replace(" ", "_").casefold())
    if found is None:
        raise Refusal("members.zone_unknown", zone=text.strip()[:64])
    return found


def zones_like(text: str, limit: int = 25) -> list[str]:
    """IANA zones whose name holds what was typed, those whose last part begins with it first."""
    typed = text.strip().replace(" ", "_").casefold()
    found = [name for folded, name in _zones().items() if typed in folded and not folded.startswith(("etc/", "posix"))]
    return sorted(found, key=lambda name: (not name.rpartition("/")[2].casefold().startswith(typed), name))[:limit]


def checked_languages(codes: Iterable[str]) -> tuple[str, ...]:
    """ISO 639 codes, sorted and each once. Raises `Refusal` for one that is none, or for too many."""
    chosen = sorted(set(codes))
    for code in chosen:
        if code not in CODES:
            raise Refusal("members.language_unknown", language=code[:40])
    if len(chosen) > MAX_LANGUAGES:
        raise Refusal("members.too_many_languages", limit=MAX_LANGUAGES)
    return tuple(chosen)


def pause_end(now: datetime, days: int) -> datetime:
    """When a pause of so many days ends. Raises `Refusal` for less than a day or more than a year."""
    if not 1 <= days <= LONGEST_PAUSE.days:
        raise Refusal("members.pause_length", limit=LONGEST_PAUSE.days)
    return now + timedelta(days=days)
