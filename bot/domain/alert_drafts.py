"""What a second person looks at, and what may be chosen on the card of a draft."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import astuple, dataclass

from bot.domain.crisis import Alert, AlertAudience
from bot.domain.crisis_consent import ServerPlace

_MOST = 25
"""Discord's limit for a select."""
_MOST_REGIONS, _MOST_COUNTRIES = 7, 5
"""So that a server with many of either still offers its cities."""


@dataclass(frozen=True, slots=True)
class AudienceChoice:
    """An audience, narrowed by `value` as an alert keeps it. `name`: that of the city or region, the country's code."""

    audience: AlertAudience
    value: str | None = None
    name: str | None = None

    @property
    def key(self) -> str:
        """The choice as a select carries it."""
        return self.audience.value if self.value is None else f"{self.audience.value}:{self.value}"[:100]


def audiences(home: ServerPlace) -> list[AudienceChoice]:
    """Whom an alert of a server may be for, the widest last."""
    named = {f"{city.country}:{city.region}": city.region for city in home.cities if city.region}
    regions = [AudienceChoice(AlertAudience.REGION, value, name) for value, name in named.items()][:_MOST_REGIONS]
    countries = [
        AudienceChoice(AlertAudience.COUNTRY, country, country)
        for country in dict.fromkeys(city.country for city in home.cities)
    ][:_MOST_COUNTRIES]
    cities = [AudienceChoice(AlertAudience.CITY, str(city.id), city.name) for city in home.cities]
    room = _MOST - 2 - len(regions) - len(countries)
    return [
        AudienceChoice(AlertAudience.SERVER),
        *cities[:room],
        *regions,
        *countries,
        AudienceChoice(AlertAudience.NETWORK),
    ]


def content_of(alert: Alert) -> str:
    """A fingerprint of what a second person decides about: every text, the facts, the place, and whom it is for."""
    said = alert.frozen or alert.texts
    return hashlib.sha256(
        json.dumps([*_facts(alert), sorted((key, astuple(text)) for key, text in said.items())]).encode()
    ).hexdigest()


def _facts(alert: Alert) -> Iterator[str | int | None]:
    yield from (alert.place, alert.category, alert.severity, alert.urgency, alert.certainty, alert.hours)
    yield from (alert.audience, alert.audience_value)
