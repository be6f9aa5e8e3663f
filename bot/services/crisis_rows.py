"""Rows about alerts as values of the domain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from bot.domain.cap.values import Certainty, Hazard, Severity, Urgency
from bot.domain.crisis import Alert, AlertAudience, AlertState, AlertTarget, AlertText
from bot.domain.crisis_consent import ALL_SEVERITIES, CityPlace, Consent, PingPolicy, ServerPlace
from bot.domain.errors import Refusal
from db.engine import AsyncSession
from db.queries import crisis as queries
from db.queries import crisis_places as places_queries
from db.queries.crisis_chain import FollowUpRow


def alert_of(row: queries.Row) -> Alert:
    """An alert."""
    plain = row._asdict()
    plain.update(
        state=AlertState(row.state),
        category=Hazard(row.category),
        **said_of(row),
    )
    return Alert(**plain)


def said_of(row: queries.Row | FollowUpRow) -> dict[str, Any]:
    """What an alert, or a message that follows one, says: in words of the domain, and its texts."""
    return {
        "severity": Severity(row.severity),
        "urgency": Urgency(row.urgency),
        "certainty": Certainty(row.certainty),
        "audience": AlertAudience(row.audience),
        "texts": {language: AlertText(**text) for language, text in row.texts.items()},
        "frozen": {language: AlertText(**text) for language, text in row.frozen.items()},
    }


def kept_texts(texts: Mapping[str, AlertText]) -> dict[str, Any]:
    """Texts as the table keeps them."""
    return {language: asdict(text) for language, text in texts.items()}


async def find(session: AsyncSession, alert_id: int) -> Alert:
    """An alert. Raises `Refusal` where there is none."""
    row = await queries.alert(session, alert_id)
    if row is None:
        raise Refusal("crisis.unknown", number=str(alert_id))
    return alert_of(row)


async def targets(session: AsyncSession, alert_id: int) -> tuple[AlertTarget, ...]:
    """The channels that an alert was confirmed for."""
    rows = await queries.targets(session, alert_id)
    return tuple(AlertTarget(*row[:4], tuple(row.cities)) for row in rows)


def consent_of(row: places_queries.ConsentRow | None, role_id: int | None, zone: str) -> Consent:
    """A server's word; without one, that of joining: everything, pinging the alumni role."""
    if row is None:
        return Consent(role_id=role_id, zone=zone)
    quiet = None if row.quiet_from is None or row.quiet_to is None else (row.quiet_from, row.quiet_to)
    return Consent(
        takes_part=row.takes_part,
        severities=frozenset(Severity(each) for each in row.severities.split(",") if each),
        ping=PingPolicy(row.ping),
        role_id=row.role_id or role_id,
        quiet=quiet,
        zone=zone,
        drills=row.drills,
    )


def kept_consent(consent: Consent) -> dict[str, Any]:
    """A server's word as the table keeps it."""
    quiet = consent.quiet or (None, None)
    return {
        "takes_part": consent.takes_part,
        "severities": ",".join(each for each in Severity if each in consent.severities & ALL_SEVERITIES),
        "ping": consent.ping.value,
        "role_id": consent.role_id,
        "quiet_from": quiet[0],
        "quiet_to": quiet[1],
        "zone": consent.zone,
        "drills": consent.drills,
    }


async def word(session: AsyncSession, server_id: int | None) -> tuple[str, Consent] | None:
    """A server's language and its word; None where it is not in the network."""
    row = None if server_id is None else await places_queries.word(session, server_id)
    return None if row is None else (row.language, consent_of(row.consent, row.alumni_role_id, row.zone))


async def place(session: AsyncSession, server_id: int | None) -> ServerPlace | None:
    """One joined server as an alert sees it, whose people are not counted; None where it is not in the network."""
    return None if server_id is None else next(iter(await places(session, server_id)), None)


async def places(session: AsyncSession, server_id: int | None = None) -> list[ServerPlace]:
    """Every joined server as an alert sees it, or one."""
    words = await places_queries.consents(session, server_id)
    people = await places_queries.people(session) if server_id is None else {}
    cities: dict[int, list[places_queries.CityRow]] = {}
    for city in await places_queries.cities(session, server_id):
        cities.setdefault(city.server_id, []).append(city)
    found = []
    for row in await places_queries.places(session, server_id):
        own = cities.get(row.id, [])
        zone = own[0].zone if own else "UTC"
        found.append(
            ServerPlace(
                id=row.id,
                name=row.name,
                language=row.language,
                channel_id=row.crisis_channel_id,
                people=people.get(row.id, 0),
                cities=tuple(CityPlace(city.id, city.name, city.country, city.region, city.channel_id) for city in own),
                consent=consent_of(words.get(row.id), row.alumni_role_id, zone),
            )
        )
    return found
