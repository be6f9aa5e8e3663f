"""What each server of the network lets alerts do in it, and whom an alert therefore reaches."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.cap.values import Severity, Urgency
from bot.domain.crisis import Alert, AlertAudience, AlertTarget
from bot.domain.errors import Refusal

ALL_SEVERITIES: Final = frozenset({Severity.EXTREME, Severity.SEVERE, Severity.MODERATE, Severity.MINOR})
_CLOCK = re.compile(r"(\d{1,2})[:h.](\d{2})")


class PingPolicy(StrEnum):
    """Whom an alert may ping in a server."""

    NONE = "none"
    ROLE = "role"
    EVERYONE = "everyone"


@dataclass(frozen=True, slots=True)
class Consent:
    """A server's word. `quiet` is from and to in minutes of its day, in `zone`. `role_id`: whom to ping."""

    takes_part: bool = True
    severities: frozenset[Severity] = ALL_SEVERITIES
    ping: PingPolicy = PingPolicy.ROLE
    role_id: int | None = None
    quiet: tuple[int, int] | None = None
    zone: str = "UTC"
    drills: bool = True


@dataclass(frozen=True, slots=True)
class CityPlace:
    """A city that a server speaks for, with its own crisis channel where it has one."""

    id: int
    name: str
    country: str
    region: str | None
    channel_id: int | None


@dataclass(frozen=True, slots=True)
class ServerPlace:
    """A joined server as an alert sees it. `people` counts its alumni."""

    id: int
    name: str
    language: str
    channel_id: int | None
    people: int
    cities: tuple[CityPlace, ...]
    consent: Consent


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A server in the audience that is not told, and the id of the sentence that says why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom an alert reaches."""

    targets: tuple[AlertTarget, ...]
    left_out: tuple[LeftOut, ...]
    people: int

    @property
    def cities(self) -> int:
        """How many cities are told."""
        return len({city for target in self.targets for city in target.cities})


def accepts(consent: Consent, severity: Severity, *, drill: bool) -> bool:
    """Whether an alert of this severity, or a drill, may be told in a server. An unknown severity counts as any."""
    if not consent.takes_part:
        return False
    if drill:
        return consent.drills
    return severity is Severity.UNKNOWN or severity in consent.severities


def goes_on(consent: Consent, *, drill: bool) -> bool:
    """Whether a server that was told of an alert hears what follows, of whatever severity: an update may lower it."""
    return consent.takes_part and (consent.drills or not drill)


def may_ping(consent: Consent, severity: Severity, urgency: Urgency, now: datetime, *, drill: bool) -> bool:
    """Whether anybody may be pinged now. Quiet hours drop a ping, and never one that is Extreme or Severe and
    Immediate."""
    if not consent.takes_part or consent.ping is PingPolicy.NONE:
        return False
    pressing = severity in {Severity.EXTREME, Severity.SEVERE} and urgency is Urgency.IMMEDIATE and not drill
    return consent.quiet is None or pressing or not _in_quiet(consent.quiet, now.astimezone(ZoneInfo(consent.zone)))


def pings(consent: Consent, severity: Severity, urgency: Urgency, now: datetime, *, drill: bool) -> PingPolicy:
    """Whom to ping now."""
    if not may_ping(consent, severity, urgency, now, drill=drill):
        return PingPolicy.NONE
    if consent.ping is PingPolicy.ROLE and consent.role_id is None:
        return PingPolicy.NONE
    return consent.ping


def _in_quiet(quiet: tuple[int, int], local: datetime) -> bool:
    minute = local.hour * 60 + local.minute
    begin, end = quiet
    return begin <= minute < end if begin <= end else minute >= begin or minute < end


def quiet_of(typed: str) -> tuple[int, int] | None:
    """ "22:00-07:00" in minutes; empty for none. Raises `Refusal` for another text."""
    if not typed.strip():
        return None
    found = _CLOCK.findall(typed)
    if len(found) != 2 or not all(int(hour) < 24 and int(minute) < 60 for hour, minute in found):
        raise Refusal("crisis.quiet_hours", typed=typed[:40])
    (begin, end) = (int(hour) * 60 + int(minute) for hour, minute in found)
    if begin == end:
        raise Refusal("crisis.quiet_hours", typed=typed[:40])
    return begin, end


def quiet_text(quiet: tuple[int, int]) -> str:
    """The opposite of `quiet_of`."""
    return "-".join(f"{minutes // 60:02}:{minutes % 60:02}" for minutes in quiet)


def reach(alert: Alert, places: Iterable[ServerPlace]) -> Reach:
    """The channels in an alert's audience that may be told, each once, and the servers that are left out."""
    targets: list[AlertTarget] = []
    left_out: list[LeftOut] = []
    people = 0
    for place in places:
        cities = _cities(alert, place)
        if cities is None:
            continue
        if not accepts(place.consent, alert.severity, drill=alert.drill):
            left_out.append(LeftOut(place.name, "crisis.left_out_consent"))
            continue
        found = _channels(place, cities)
        if not found:
            left_out.append(LeftOut(place.name, "crisis.left_out_channel"))
            continue
        people += place.people
        targets += found
    return Reach(tuple(targets), tuple(left_out), people)


def confirmed(alert: Alert, targets: Iterable[AlertTarget], places: Iterable[ServerPlace]) -> Reach:
    """What is left of the channels that an alert was confirmed for. Who withdrew or left is dropped, and shown; who
    came later is shown too, and not added."""
    wanted: dict[int, list[AlertTarget]] = {}
    for target in targets:
        wanted.setdefault(target.server_id, []).append(target)
    kept: list[AlertTarget] = []
    left_out: list[LeftOut] = []
    people = 0
    for place in places:
        own = wanted.pop(place.id, None)
        consents = accepts(place.consent, alert.severity, drill=alert.drill)
        if own is not None and consents:
            kept += own
            people += place.people
        elif own is not None:
            left_out.append(LeftOut(place.name, "crisis.left_out_withdrew"))
        elif (cities := _cities(alert, place)) is not None:
            left_out.append(LeftOut(place.name, _not_confirmed(place, cities, consents=consents)))
    left_out += [LeftOut(own[0].server_name, "crisis.left_out_gone") for own in wanted.values()]
    return Reach(tuple(kept), tuple(left_out), people)


def _not_confirmed(place: ServerPlace, cities: Sequence[CityPlace], *, consents: bool) -> str:
    if not consents:
        return "crisis.left_out_consent"
    return "crisis.left_out_later" if _channels(place, cities) else "crisis.left_out_channel"


def _cities(alert: Alert, place: ServerPlace) -> Sequence[CityPlace] | None:
    """The cities of a server that are in the audience; None where the server is not."""
    value = alert.audience_value
    match alert.audience:
        case AlertAudience.NETWORK:
            return place.cities
        case AlertAudience.SERVER:
            return place.cities if place.id == alert.server_id else None
        case AlertAudience.CITY:
            found = [city for city in place.cities if place.id == alert.server_id and str(city.id) == value]
        case AlertAudience.REGION:
            found = [city for city in place.cities if f"{city.country}:{city.region}" == value]
        case AlertAudience.COUNTRY:
            found = [city for city in place.cities if city.country == value]
    return found or None


def _channels(place: ServerPlace, cities: Sequence[CityPlace]) -> list[AlertTarget]:
    named: dict[int, list[str]] = {}
    if not cities and place.channel_id is not None:
        named[place.channel_id] = []
    for city in cities:
        channel_id = city.channel_id or place.channel_id
        if channel_id is not None:
            named.setdefault(channel_id, []).append(city.name)
    return [
        AlertTarget(place.id, place.name, channel_id, place.language, tuple(names))
        for channel_id, names in named.items()
    ]
