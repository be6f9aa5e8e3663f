"""Who knows about a topic, in which order, and why each.

    score = match² × (0.30 declared + 0.40 evidence + 0.15 endorsed + 0.15 context) × fresh × load

Every part is between 0 and 1, and all numbers stand in `WEIGHTS`:

- *match* is how well the topic fits what was asked. Squared, so that a vague match never beats a good one by its
  people.
- *declared* is what the person says of herself: interested, practitioner or expert.
- *evidence* is what others got out of her in this topic: an accepted answer counts 1, and so does a city that adapted
  a case study of hers; a thanks a half, and so does somebody who found a case study of hers useful; each half as much
  for every year that has passed. It saturates: two credits of today make a half, and no number of them makes one.
- *endorsed* counts the members who vouch for her in this topic, except those whom she vouches for in turn. It saturates
  in the same way.
- *context* is what she has in common with the asker: the country, the size of the city, a language.
- *fresh* is 1 for a year after she last confirmed the topic, then halves with every further year, down to a quarter.
- *load* is 1 − asks in the last 30 days / her monthly cap, so that the willing are not worn out.

Left out are the asker herself, who has not confirmed her profile, who is in no joined server any more, who paused
(herself, or the topic), who does not take requests on the topic, and who has been asked as often as her cap allows.

The third place goes to the qualified person who was asked least in the last 30 days: a practitioner or an expert who
scores at least half as much as the first. Otherwise equal people stand in the order of their last confirmation, then
of their names, so that the order is always the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import Final

from bot.domain.members import Level

YEAR: Final = timedelta(days=365)
MONTH: Final = timedelta(days=30)
"""How far back asks count against the cap."""
USUAL_CAP: Final = 4
"""Asks in a month, where she has set no cap of her own."""
PAGE: Final = 5
"""People on one page: what a phone shows without scrolling far."""
MOST: Final = 100
"""People on all pages of one list together."""
FAIR_PLACE: Final = 2
"""The place, counted from 0, that goes to the least-asked qualified person."""


_LEVELS: Final = MappingProxyType({Level.EXPERT: 1.0, Level.PRACTITIONER: 0.7, Level.INTERESTED: 0.25})


@dataclass(frozen=True, slots=True)
class Weights:
    """Every number of the ranking; `bot.domain.experts` explains each."""

    declared: float = 0.30
    evidence: float = 0.40
    endorsed: float = 0.15
    context: float = 0.15
    level: Mapping[Level, float] = field(default_factory=lambda: _LEVELS)
    accepted: float = 1.0
    thanked: float = 0.5
    adapted: float = 1.0
    useful: float = 0.5
    half_life: timedelta = YEAR
    half_of_evidence: float = 2.0
    """As many fresh credits make half of the full evidence."""
    half_of_endorsed: float = 2.0
    """As many endorsements make half of the full share."""
    country: float = 0.3
    city_size: float = 0.3
    language: float = 0.4
    fresh_for: timedelta = YEAR
    stale_half_life: timedelta = YEAR
    least_fresh: float = 0.25
    never_confirmed: float = 0.5
    qualified_share: float = 0.5
    """Of the best score, to be qualified for the third place."""


WEIGHTS: Final = Weights()


class CitySize(StrEnum):
    """Classes of cities by inhabitants: those of the OECD's functional urban areas, and towns below them."""

    TOWN = "town"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"
    VERY_LARGE = "very_large"

    @property
    def bounds(self) -> tuple[int, int]:
        """The least number of inhabitants, and the number that is too large."""
        return _BOUNDS[self]

    @classmethod
    def of(cls, population: int | None) -> CitySize | None:
        """The class of a city; None where nobody knows how many live there."""
        if population is None:
            return None
        return next(size for size in cls if population < size.bounds[1])


_BOUNDS: Final = MappingProxyType(
    {
        CitySize.TOWN: (0, 50_000),
        CitySize.SMALL: (50_000, 200_000),
        CitySize.MEDIUM: (200_000, 500_000),
        CitySize.LARGE: (500_000, 1_500_000),
        CitySize.VERY_LARGE: (1_500_000, (1 << 31) - 1),
    }
)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, as far as the ranking cares. `languages` are ISO 639 codes, `country` an ISO 3166 code."""

    user_id: int | None
    languages: frozenset[str] = frozenset()
    country: str | None = None
    size: CitySize | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member who has named the topic. `languages` are ISO 639 codes; `current` is whether she is in a joined server
    and holds its alumni role.

    `accepted`, `thanked`, `adapted` and `useful` are the moments of her credits in this topic, the last two of her case
    studies; `endorsements` the number of members who
    vouch for her in it and whom she does not vouch for; `asks` those of the last 30 days, whatever their topic.
    """

    member_id: int
    user_id: int | None
    name: str
    topic_id: str
    level: Level
    post: str | None = None
    city: str | None = None
    country: str | None = None
    size: CitySize | None = None
    zone: str = "UTC"
    languages: frozenset[str] = frozenset()
    current: bool = True
    confirmed_at: datetime | None = None
    paused_until: datetime | None = None
    expertise_confirmed_at: datetime | None = None
    expertise_paused_until: datetime | None = None
    open: bool = True
    cap: int = USUAL_CAP
    asks: int = 0
    accepted: tuple[datetime, ...] = ()
    thanked: tuple[datetime, ...] = ()
    adapted: tuple[datetime, ...] = ()
    useful: tuple[datetime, ...] = ()
    endorsements: int = 0


class ReasonKind(Enum):
    """Why this person: what speaks for her, the weightiest first."""

    LEVEL = "level"
    ACCEPTED = "accepted"
    THANKED = "thanked"
    ADAPTED = "adapted"
    """Cities adapted case studies of hers."""
    USEFUL = "useful"
    """People found case studies of hers useful."""
    ENDORSED = "endorsed"
    COUNTRY = "country"
    CITY_SIZE = "city_size"
    LANGUAGE = "language"
    RESTED = "rested"
    """She has the third place because she was asked least."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for a person. `n` counts answers, thanks or members; `languages` are those shared."""

    kind: ReasonKind
    n: int = 0
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A person with the topic that speaks most for her, and why she."""

    person: Candidate
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list. `number` counts from 0; `last` is the highest number."""

    suggestions: tuple[Suggestion, ...]
    number: int
    last: int
    total: int


def suggestible(person: Candidate, now: datetime, asker_user_id: int | None) -> bool:
    """Whether she may be suggested to this asker at all."""
    if person.user_id is None or person.user_id == asker_user_id:
        return False
    if person.confirmed_at is None or not person.current or not person.open:
        return False
    if any(end is not None and end > now for end in (person.paused_until, person.expertise_paused_until)):
        return False
    return person.asks < person.cap


def score(person: Candidate, match: float, asker: Asker, now: datetime, weights: Weights = WEIGHTS) -> float:
    """How well she fits, 0 to 1. `match` is the topic's score for the question."""
    worth = (
        weights.declared * weights.level[person.level]
        + weights.evidence * evidence(person, now, weights)
        + weights.endorsed * _saturating(person.endorsements, weights.half_of_endorsed)
        + weights.context * context(person, asker, weights)
    )
    return match**2 * worth * fresh(person.expertise_confirmed_at, now, weights) * load(person)


def evidence(person: Candidate, now: datetime, weights: Weights = WEIGHTS) -> float:
    """What others got out of her in this topic, 0 to below 1."""
    earned = weights.accepted * sum(_left(at, now, weights.half_life) for at in person.accepted)
    earned += weights.thanked * sum(_left(at, now, weights.half_life) for at in person.thanked)
    earned += weights.adapted * sum(_left(at, now, weights.half_life) for at in person.adapted)
    earned += weights.useful * sum(_left(at, now, weights.half_life) for at in person.useful)
    return _saturating(earned, weights.half_of_evidence)


def context(person: Candidate, asker: Asker, weights: Weights = WEIGHTS) -> float:
    """What she has in common with the asker, 0 to 1."""
    return (
        weights.country * (person.country is not None and person.country == asker.country)
        + weights.city_size * (person.size is not None and person.size is asker.size)
        + weights.language * bool(person.languages & asker.languages)
    )


def fresh(confirmed_at: datetime | None, now: datetime, weights: Weights = WEIGHTS) -> float:
    """How much of her word still counts, by when she last said it."""
    if confirmed_at is None:
        return weights.never_confirmed
    return max(_left(confirmed_at + weights.fresh_for, now, weights.stale_half_life), weights.least_fresh)


def load(person: Candidate) -> float:
    """The share of her monthly cap that is left."""
    return max(1 - person.asks / person.cap, 0.0) if person.cap > 0 else 0.0


def rank(
    candidates: Iterable[Candidate],
    *,
    now: datetime,
    matches: Mapping[str, float],
    asker: Asker,
    weights: Weights = WEIGHTS,
) -> list[Suggestion]:
    """The people to suggest, best first, each once with the topic that speaks most for her.

    `matches` has the score of each topic that the question may mean. Candidates of other topics are left out.
    """
    best: dict[int, tuple[float, Candidate]] = {}
    for person in candidates:
        match = matches.get(person.topic_id)
        if match is None or not suggestible(person, now, asker.user_id):
            continue
        points = score(person, match, asker, now, weights)
        known = best.get(person.member_id)
        if known is None or known[0] < points:
            best[person.member_id] = points, person
    ordered = sorted(best.values(), key=_order)[:MOST]
    rested = _least_asked(ordered, weights)
    if rested is not None:
        ordered.insert(FAIR_PLACE, ordered.pop(rested))
    return [
        Suggestion(person, points, _reasons(person, asker, rested=rested is not None and place == FAIR_PLACE))
        for place, (points, person) in enumerate(ordered)
    ]


def page_of(suggestions: Sequence[Suggestion], number: int) -> Page:
    """One page of a list; a number beyond the end gives the last page."""
    last = max((len(suggestions) - 1) // PAGE, 0)
    number = min(max(number, 0), last)
    shown = tuple(suggestions[number * PAGE : (number + 1) * PAGE])
    return Page(shown, number, last, len(suggestions))


def _left(since: datetime, now: datetime, half_life: timedelta) -> float:
    """Return 1 for what is new or yet to come, a half after one half-life, and so on."""
    return float(0.5 ** max((now - since) / half_life, 0.0))


def _saturating(amount: float, half: float) -> float:
    """Return 0 for nothing, a half for `half`, and ever closer to 1."""
    return amount / (amount + half)


def _order(found: tuple[float, Candidate]) -> tuple[float, float, str, int]:
    points, person = found
    confirmed = person.expertise_confirmed_at
    # Rounded, so that people who differ by a few minutes of half-life count as equal.
    return (-round(points, 6), -confirmed.timestamp() if confirmed else 0.0, person.name.casefold(), person.member_id)


def _least_asked(ordered: Sequence[tuple[float, Candidate]], weights: Weights) -> int | None:
    """Return the place of whoever is moved up to the third; None where whoever has it was asked no more than others."""
    if len(ordered) <= FAIR_PLACE:
        return None
    enough = ordered[0][0] * weights.qualified_share
    qualified = [
        (person.asks, place)
        for place, (points, person) in enumerate(ordered)
        if place >= FAIR_PLACE and points >= enough and person.level is not Level.INTERESTED
    ]
    if not qualified:
        return None
    asks, place = min(qualified)
    return place if asks < ordered[FAIR_PLACE][1].asks else None


def _reasons(person: Candidate, asker: Asker, *, rested: bool) -> tuple[Reason, ...]:
    reasons = [Reason(ReasonKind.LEVEL)]
    if person.accepted:
        reasons.append(Reason(ReasonKind.ACCEPTED, len(person.accepted)))
    if person.thanked:
        reasons.append(Reason(ReasonKind.THANKED, len(person.thanked)))
    if person.adapted:
        reasons.append(Reason(ReasonKind.ADAPTED, len(person.adapted)))
    if person.useful:
        reasons.append(Reason(ReasonKind.USEFUL, len(person.useful)))
    if person.endorsements:
        reasons.append(Reason(ReasonKind.ENDORSED, person.endorsements))
    if person.country is not None and person.country == asker.country:
        reasons.append(Reason(ReasonKind.COUNTRY))
    if person.size is not None and person.size is asker.size:
        reasons.append(Reason(ReasonKind.CITY_SIZE))
    shared = tuple(sorted(person.languages & asker.languages))
    if shared:
        reasons.append(Reason(ReasonKind.LANGUAGE, languages=shared))
    if rested:
        reasons.append(Reason(ReasonKind.RESTED))
    return tuple(reasons)
