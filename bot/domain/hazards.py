"""The hazards that an alert may be about, each with what a frightened person should not have to choose."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.cap.values import Certainty, Hazard, Severity, Urgency


class HazardTerm(StrEnum):
    """What may happen to a city."""

    FLOOD = "flood"
    STORM = "storm"
    HEATWAVE = "heatwave"
    COLD = "cold"
    WILDFIRE = "wildfire"
    FIRE = "fire"
    EARTHQUAKE = "earthquake"
    LANDSLIDE = "landslide"
    TSUNAMI = "tsunami"
    DROUGHT = "drought"
    CYBER_ATTACK = "cyber_attack"
    POWER_OUTAGE = "power_outage"
    WATER_SUPPLY = "water_supply"
    EPIDEMIC = "epidemic"
    CHEMICAL = "chemical"
    DISPLACEMENT = "displacement"
    TRANSPORT = "transport"
    SECURITY = "security"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a hazard begins with; `hours` until it expires."""

    category: Hazard
    severity: Severity = Severity.SEVERE
    urgency: Urgency = Urgency.IMMEDIATE
    certainty: Certainty = Certainty.OBSERVED
    hours: int = 12


_EXPECTED = Urgency.EXPECTED
DEFAULTS = {
    HazardTerm.FLOOD: Defaults(Hazard.MET),
    HazardTerm.STORM: Defaults(Hazard.MET),
    HazardTerm.HEATWAVE: Defaults(Hazard.MET, Severity.MODERATE, _EXPECTED, Certainty.LIKELY, 48),
    HazardTerm.COLD: Defaults(Hazard.MET, Severity.MODERATE, _EXPECTED, Certainty.LIKELY, 48),
    HazardTerm.WILDFIRE: Defaults(Hazard.FIRE),
    HazardTerm.FIRE: Defaults(Hazard.FIRE),
    HazardTerm.EARTHQUAKE: Defaults(Hazard.GEO),
    HazardTerm.LANDSLIDE: Defaults(Hazard.GEO),
    HazardTerm.TSUNAMI: Defaults(Hazard.GEO, Severity.EXTREME, hours=6),
    HazardTerm.DROUGHT: Defaults(Hazard.ENV, Severity.MODERATE, Urgency.FUTURE, Certainty.LIKELY, 72),
    HazardTerm.CYBER_ATTACK: Defaults(Hazard.SECURITY, hours=24),
    HazardTerm.POWER_OUTAGE: Defaults(Hazard.INFRA),
    HazardTerm.WATER_SUPPLY: Defaults(Hazard.INFRA, hours=24),
    HazardTerm.EPIDEMIC: Defaults(Hazard.HEALTH, Severity.SEVERE, _EXPECTED, Certainty.LIKELY, 72),
    HazardTerm.CHEMICAL: Defaults(Hazard.CBRNE),
    HazardTerm.DISPLACEMENT: Defaults(Hazard.SAFETY, Severity.SEVERE, _EXPECTED, hours=72),
    HazardTerm.TRANSPORT: Defaults(Hazard.TRANSPORT, Severity.MODERATE),
    HazardTerm.SECURITY: Defaults(Hazard.SECURITY),
    HazardTerm.OTHER: Defaults(Hazard.OTHER),
}
