"""Whether an alert would reach a server, before there is one: what is wrong, how bad that is, and what mends it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.crisis_consent import ALL_SEVERITIES, Consent, PingPolicy
from bot.domain.oncall import Duty, OnCallReach
from bot.domain.servers import ChannelUse, RoleUse, Server, SpokenCity, channels_for
from bot.domain.setup import Permission, Reviewed, Seen, SetupProblem, review, review_cities

DRILL_AGE: Final = timedelta(days=183)
"""A drill that is longer ago than half a year shows little of today's people."""
REACHABLE: Final = frozenset({OnCallReach.DIRECT, OnCallReach.CHANNEL})
USED: Final = frozenset({ChannelUse.CRISIS, ChannelUse.COORDINATORS, RoleUse.COORDINATOR})
"""What of a server's set-up an alert needs."""
HARMLESS: Final = frozenset({SetupProblem.OPEN, SetupProblem.COMMANDS_HIDDEN})
"""What is to be put right, and keeps no alert from arriving."""


class Aspect(StrEnum):
    """What is looked at."""

    CHANNELS = "channels"
    PERMISSIONS = "permissions"
    PING = "ping"
    ON_CALL = "on_call"
    DRILL = "drill"
    CONSENT = "consent"


class ReadinessGrade(StrEnum):
    """How it is, the worst first."""

    MEND = "mend"
    """An alert would not arrive, or nobody would notice it."""
    ADVICE = "advice"
    FINE = "fine"


@dataclass(frozen=True, slots=True)
class ReadinessFinding:
    """One thing, and the id of the sentence that says what it is and what mends it."""

    aspect: Aspect
    grade: ReadinessGrade
    message_id: str
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LastDrill:
    """The newest drill that was sent to a server: the cities that it was for, and those of them that acknowledged."""

    at: datetime
    cities: tuple[str, ...]
    acknowledged: frozenset[str]


@dataclass(frozen=True, slots=True)
class OnCallOf:
    """Somebody who answers for a city of the server."""

    city_id: int
    duty: Duty
    reach: OnCallReach


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything that is known of a server. `seen` is None where Discord does not show it to us."""

    server: Server
    consent: Consent
    seen: Seen | None
    drill: LastDrill | None
    on_call: tuple[OnCallOf, ...]


@dataclass(frozen=True, slots=True)
class Readiness:
    """How ready a server is; every aspect has at least one finding."""

    server_id: int
    server_name: str
    findings: tuple[ReadinessFinding, ...]

    def count(self, grade: ReadinessGrade) -> int:
        """How many findings there are of this grade."""
        return sum(each.grade is grade for each in self.findings)

    def of(self, aspect: Aspect) -> tuple[ReadinessFinding, ...]:
        """What was found about one aspect, the worst first."""
        return tuple(sorted((each for each in self.findings if each.aspect is aspect), key=_badness))

    @property
    def worst(self) -> tuple[ReadinessFinding, ...]:
        """What is not fine, the worst first."""
        return tuple(sorted((each for each in self.findings if each.grade is not ReadinessGrade.FINE), key=_badness))


def _badness(finding: ReadinessFinding) -> int:
    return list(ReadinessGrade).index(finding.grade)


def worst_first(found: Iterable[Readiness]) -> list[Readiness]:
    """Those with most to mend first, then those with most to think about, then by name."""
    mend, advice = ReadinessGrade.MEND, ReadinessGrade.ADVICE
    return sorted(found, key=lambda each: (-each.count(mend), -each.count(advice), each.server_name.casefold()))


def judge(standing: Standing, now: datetime) -> Readiness:
    """Every aspect of a server, in the order of `Aspect`."""
    found = [
        finding
        for aspect, rule in _RULES.items()
        for finding in (list(rule(standing, now)) or [_fine(aspect, standing)])
    ]
    return Readiness(standing.server.id, standing.server.name, tuple(found))


def _mend(aspect: Aspect, message_id: str, **parameters: object) -> ReadinessFinding:
    return ReadinessFinding(aspect, ReadinessGrade.MEND, message_id, parameters)


def _advice(aspect: Aspect, message_id: str, **parameters: object) -> ReadinessFinding:
    return ReadinessFinding(aspect, ReadinessGrade.ADVICE, message_id, parameters)


def _fine(aspect: Aspect, standing: Standing) -> ReadinessFinding:
    """What there is to say where nothing is wrong."""
    sentences: Mapping[Aspect, str] = {
        Aspect.CHANNELS: "readiness.channels_fine",
        Aspect.PERMISSIONS: "readiness.permissions_fine" if standing.seen else "readiness.permissions_unseen",
        Aspect.PING: "readiness.ping_fine" if standing.seen else "readiness.ping_unseen",
        Aspect.ON_CALL: "readiness.on_call_fine" if standing.server.cities else "readiness.on_call_no_cities",
        Aspect.DRILL: "readiness.drill_fine",
        Aspect.CONSENT: "readiness.consent_fine",
    }
    parameters: dict[str, object] = {}
    if aspect is Aspect.DRILL and standing.drill is not None:
        parameters = {"day": standing.drill.at, "n": len(standing.drill.cities)}
    return ReadinessFinding(aspect, ReadinessGrade.FINE, sentences[aspect], parameters)


def _channels(standing: Standing, _now: datetime) -> Iterator[ReadinessFinding]:
    server, aspect = standing.server, Aspect.CHANNELS
    if standing.seen is None:
        yield _mend(aspect, "readiness.unseen")
        return
    if not server.cities:
        yield _advice(aspect, "readiness.no_cities")
        if ChannelUse.CRISIS not in server.channels:
            yield _mend(aspect, "readiness.no_crisis_channel")
    without = tuple(city.name for city in server.cities if channels_for(server, city.id).crisis is None)
    if without:
        yield _mend(aspect, "readiness.cities_without_channel", cities=without)
    if ChannelUse.COORDINATORS not in server.channels:
        yield _mend(aspect, "readiness.no_coordinators_channel")
    if RoleUse.COORDINATOR not in server.roles:
        yield _mend(aspect, "readiness.no_coordinator_role")
    for each in review(server, standing.seen):
        if each.piece in USED and each.problem is not None:
            grade = _advice if each.problem in HARMLESS else _mend
            yield grade(aspect, "readiness.problem", what=each.piece, problem=each.problem)
    yield from (
        _mend(aspect, "readiness.city_problem", city=city.name, problem=reviewed.problem)
        for city, reviewed in _own_channels(standing)
        if reviewed.problem is not None
    )


def _own_channels(standing: Standing) -> Iterator[tuple[SpokenCity, Reviewed]]:
    """The crisis channels that cities have for themselves."""
    if standing.seen is not None:
        for each in review_cities(standing.server, standing.seen):
            if each.reviewed.piece is ChannelUse.CRISIS:
                yield each.city, each.reviewed


def _permissions(standing: Standing, _now: datetime) -> Iterator[ReadinessFinding]:
    if standing.seen is None:
        return
    pieces = [each for each in review(standing.server, standing.seen) if each.piece in USED]
    pieces += [reviewed for _, reviewed in _own_channels(standing)]
    for each in pieces:
        if each.missing and each.chosen is not None:
            yield _mend(
                Aspect.PERMISSIONS, "readiness.missing", channel=f"<#{each.chosen}>", permissions=tuple(each.missing)
            )


def _ping(standing: Standing, _now: datetime) -> Iterator[ReadinessFinding]:
    consent, seen, aspect = standing.consent, standing.seen, Aspect.PING
    if seen is None or not consent.takes_part:
        return
    if consent.ping is PingPolicy.NONE:
        yield _advice(aspect, "readiness.ping_nobody")
        return
    role = None
    if consent.ping is PingPolicy.ROLE:
        if consent.role_id is None:
            yield _mend(aspect, "readiness.ping_no_role")
            return
        role = seen.roles.get(consent.role_id)
        if role is None:
            yield _mend(aspect, "readiness.ping_role_gone")
            return
    if role is not None and role.mentionable:
        return
    # Without the role's own leave, it takes a permission in each channel.
    silent = tuple(f"<#{each}>" for each in _crisis_channels(standing) if not _may_mention(seen, each))
    if silent:
        message_id = "readiness.ping_everyone_silent" if role is None else "readiness.ping_role_silent"
        yield _mend(aspect, message_id, role=f"<@&{consent.role_id}>", channels=silent)


def _crisis_channels(standing: Standing) -> list[int]:
    server = standing.server
    wanted = [channels_for(server, city.id).crisis for city in server.cities] or [
        server.channels.get(ChannelUse.CRISIS)
    ]
    return list(dict.fromkeys(each for each in wanted if each is not None))


def _may_mention(seen: Seen, channel_id: int) -> bool:
    """Whether a ping works there; a channel that is gone is spoken of elsewhere."""
    channel = seen.channels.get(channel_id)
    return channel is None or Permission.MENTION_EVERYONE in channel.granted


def _on_call(standing: Standing, _now: datetime) -> Iterator[ReadinessFinding]:
    nobody, unreached, alone, only_channel = [], [], [], []
    for city in standing.server.cities:
        own = [each for each in standing.on_call if each.city_id == city.id]
        first = [each for each in own if each.duty is Duty.ON_CALL]
        reachable = [each for each in own if each.reach in REACHABLE]
        if not first:
            nobody.append(city.name)
        elif not any(each.reach in REACHABLE for each in first):
            unreached.append(city.name)
        elif not any(each.duty is Duty.DEPUTY for each in reachable):
            alone.append(city.name)
        elif not any(each.reach is OnCallReach.DIRECT for each in reachable):
            only_channel.append(city.name)
    if nobody:
        yield _mend(Aspect.ON_CALL, "readiness.on_call_nobody", cities=tuple(nobody))
    if unreached:
        yield _mend(Aspect.ON_CALL, "readiness.on_call_unreached", cities=tuple(unreached))
    if alone:
        yield _advice(Aspect.ON_CALL, "readiness.on_call_alone", cities=tuple(alone))
    if only_channel:
        yield _advice(Aspect.ON_CALL, "readiness.on_call_channel", cities=tuple(only_channel))


def _drill(standing: Standing, now: datetime) -> Iterator[ReadinessFinding]:
    drill = standing.drill
    if drill is None:
        yield _advice(Aspect.DRILL, "readiness.drill_never")
        return
    if now - drill.at > DRILL_AGE:
        yield _advice(Aspect.DRILL, "readiness.drill_old", day=drill.at)
    silent = tuple(city for city in drill.cities if city not in drill.acknowledged)
    if silent:
        yield _advice(
            Aspect.DRILL,
            "readiness.drill_silent",
            day=drill.at,
            heard=len(drill.cities) - len(silent),
            all=len(drill.cities),
            cities=silent,
        )


def _consent(standing: Standing, _now: datetime) -> Iterator[ReadinessFinding]:
    consent, aspect = standing.consent, Aspect.CONSENT
    if not consent.takes_part:
        yield _mend(aspect, "readiness.consent_left")
        return
    refused = tuple(each for each in sorted(ALL_SEVERITIES) if each not in consent.severities)
    if refused:
        yield _advice(aspect, "readiness.consent_severities", severities=refused)
    if not consent.drills:
        yield _advice(aspect, "readiness.consent_drills")


_RULES: Final[Mapping[Aspect, Callable[[Standing, datetime], Iterator[ReadinessFinding]]]] = {
    Aspect.CHANNELS: _channels,
    Aspect.PERMISSIONS: _permissions,
    Aspect.PING: _ping,
    Aspect.ON_CALL: _on_call,
    Aspect.DRILL: _drill,
    Aspect.CONSENT: _consent,
}
