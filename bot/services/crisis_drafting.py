"""What a new draft begins with: everything that its hazard, its author and her server suggest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.domain.access import Actor
from bot.domain.crisis import AlertAudience, AlertState
from bot.domain.crisis_consent import ServerPlace
from bot.domain.errors import Forbidden, Refusal
from bot.domain.hazards import HazardTerm
from bot.domain.text import clean, tidy
from bot.i18n import Catalogues
from bot.services import crisis_rows as rows
from bot.services.alert_templates import nearest
from db.engine import AsyncSession
from db.queries import crisis_answers


async def begin(
    session: AsyncSession,
    catalogues: Catalogues,
    actor: Actor,
    event: str,
    audience: AlertAudience,
    *,
    now: datetime,
    drill: bool,
) -> dict[str, Any]:
    """The columns of a new draft. `event` is a hazard's word, or anything."""
    if actor.server_id is None or not actor.server_joined:
        raise Forbidden("access.server_not_joined")
    known = next((term for term in HazardTerm if term.value == event and term is not HazardTerm.OTHER), None)
    hazard = known or HazardTerm.OTHER
    named = None if known else clean(event, limit=100)
    begun = await nearest(session, actor.server_id, hazard)
    # A template's text is written for what is real: a drill takes nothing of it but the facts.
    texts = {} if drill else {language: {"event": "", **asdict(text)} for language, text in begun.texts.items()}
    value, place = await _where(session, actor, audience, await home_of(session, actor.server_id))
    return {
        "drill": drill,
        "imported": False,
        "state": AlertState.DRAFT.value,
        "server_id": actor.server_id,
        "author_id": actor.user_id,
        "hazard": hazard.value,
        "event": named,
        "category": begun.category.value,
        "place": tidy(place)[:200].strip(),
        "severity": begun.severity.value,
        "urgency": begun.urgency.value,
        "certainty": begun.certainty.value,
        "audience": audience.value,
        "audience_value": value,
        "language": catalogues.nearest(actor.language),
        "hours": begun.hours,
        "texts": texts,
        "templated": bool(texts),
        "frozen": {},
        "created_at": now,
    }


async def home_of(session: AsyncSession, server_id: int | None) -> ServerPlace:
    """The server of a draft. Raises `Forbidden` where it is in the network no more."""
    found = await rows.place(session, server_id)
    if found is None:
        raise Forbidden("access.server_not_joined")
    return found


async def _where(
    session: AsyncSession, actor: Actor, audience: AlertAudience, home: ServerPlace
) -> tuple[str | None, str]:
    """What the audience is narrowed by, and the name of the place that the alert is about."""
    own = await crisis_answers.city_of(session, actor.user_id)
    city = next((each for each in home.cities if own and each.id == own[0]), next(iter(home.cities), None))
    if audience in {AlertAudience.SERVER, AlertAudience.NETWORK}:
        return None, city.name if city else home.name
    if city is None or (audience is AlertAudience.REGION and not city.region):
        raise Refusal("crisis.no_city")
    values: Mapping[AlertAudience, str] = {
        AlertAudience.CITY: str(city.id),
        AlertAudience.REGION: f"{city.country}:{city.region}",
        AlertAudience.COUNTRY: city.country,
    }
    return values[audience], tidy(city.name)
