"""What an alert about a hazard begins with: as it comes with the bot, or as coordinators keep it.

A text of a template may say {event} and {place}; both are filled in each language when an alert is drafted, and anew
when its author changes them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from bot.domain.cap.values import Certainty, Hazard, Severity, Urgency
from bot.domain.crisis import DESCRIPTION_LIMIT, HEADLINE_LIMIT, INSTRUCTION_LIMIT, AlertText
from bot.domain.errors import Refusal
from bot.domain.hazards import DEFAULTS, HazardTerm
from bot.domain.text import clean

EVENT, PLACE = "{event}", "{place}"
_IN_BRACES = re.compile(r"\{[^{}]*\}|[{}]")
_SHORTEST: Final = 3
"""A shorter name of an event or a place may be part of any word."""


class TemplateScope(StrEnum):
    """For whom a template is kept. A server's own goes before the network's."""

    SERVER = "server"
    NETWORK = "network"


@dataclass(frozen=True, slots=True)
class TemplateText:
    """What a template says in one language, with its placeholders."""

    headline: str
    description: str
    instruction: str


@dataclass(frozen=True, slots=True)
class AlertTemplate:
    """What an alert about a hazard begins with. `scope` is None for what comes with the bot, whose `version` is 0.

    `hours` until it expires. Without `texts`, what stands ready for every hazard is said.
    """

    hazard: HazardTerm
    category: Hazard
    severity: Severity
    urgency: Urgency
    certainty: Certainty
    hours: int
    texts: Mapping[str, TemplateText] = field(default_factory=dict)
    scope: TemplateScope | None = None
    version: int = 0

    def text(self, language: str) -> tuple[TemplateText, str] | None:
        """What it says in a language, and the language that this is really in; None without any text."""
        if not self.texts:
            return None
        found = language if language in self.texts else next(iter(self.texts))
        return self.texts[found], found


def built_in(hazard: HazardTerm) -> AlertTemplate:
    """What comes with the bot."""
    begun = DEFAULTS[hazard]
    return AlertTemplate(hazard, begun.category, begun.severity, begun.urgency, begun.certainty, begun.hours)


def first(*kept: AlertTemplate | None, hazard: HazardTerm) -> AlertTemplate:
    """The first that is kept, else what comes with the bot."""
    return next((each for each in kept if each is not None), built_in(hazard))


def begun_from(shown: AlertTemplate, scope: TemplateScope) -> AlertTemplate:
    """What somebody changes who keeps a template for `scope` and sees `shown`: a copy, where it is another's."""
    return shown if shown.scope is scope else replace(shown, scope=scope, version=0)


def text_of(headline: str, description: str, instruction: str) -> TemplateText | None:
    """A text as it was typed; None where all of it was left empty. Raises `Refusal` for one that is half empty or too
    long, or that holds another placeholder."""
    if not (headline.strip() or description.strip() or instruction.strip()):
        return None
    for typed in (headline, description, instruction):
        check_placeholders(typed)
    return TemplateText(
        clean(headline, limit=HEADLINE_LIMIT),
        clean(description, limit=DESCRIPTION_LIMIT, lines=True),
        clean(instruction, limit=INSTRUCTION_LIMIT, lines=True),
    )


def check_placeholders(typed: str) -> None:
    """Raise `Refusal` for braces around anything but event and place, and for a brace alone."""
    for found in _IN_BRACES.findall(typed):
        if found not in {EVENT, PLACE}:
            raise Refusal("alert_templates.placeholder", refused=typed, found=found)


def filled(text: AlertText, event: str, place: str) -> AlertText:
    """A template's text with what it is about; cut where a long name would not fit."""

    def fill(said: str, limit: int) -> str:
        # In one go: a place whose name holds "{event}" stays what it is.
        whole = _IN_BRACES.sub(lambda found: {EVENT: event, PLACE: place}.get(found[0], found[0]), said)
        return whole if len(whole) <= limit else whole[: limit - 1].rstrip() + "…"

    return AlertText(
        event,
        fill(text.headline, HEADLINE_LIMIT),
        fill(text.description, DESCRIPTION_LIMIT),
        fill(text.instruction, INSTRUCTION_LIMIT),
    )


def generalised(text: AlertText, place: str) -> TemplateText:
    """What was written for one alert as a template's text: its event and place become placeholders.

    Other braces go: nobody could write them into a template.
    """

    def general(said: str) -> str:
        plain = said.replace("{", "(").replace("}", ")")
        for name, placeholder in ((text.event, EVENT), (place, PLACE)):
            if len(name) >= _SHORTEST:
                plain = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", placeholder, plain)
        return plain

    return TemplateText(
        general(text.headline)[:HEADLINE_LIMIT],
        general(text.description)[:DESCRIPTION_LIMIT],
        general(text.instruction)[:INSTRUCTION_LIMIT],
    )
