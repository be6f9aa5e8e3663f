"""Templates of alerts: what comes with the bot, what the network keeps, what a server keeps; the nearest one wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from bot.domain.access import Actor, Right
from bot.domain.alert_templates import (
    AlertTemplate,
    TemplateScope,
    TemplateText,
    begun_from,
    built_in,
    first,
    generalised,
    text_of,
)
from bot.domain.cap.values import Certainty, Hazard, Severity, Urgency
from bot.domain.crisis import HOURS, Alert, coordinates
from bot.domain.errors import Forbidden, Refusal
from bot.domain.hazards import HazardTerm
from bot.services import crisis_rows
from bot.services.ports import Clock
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import alert_templates as queries
from db.queries import audit


async def nearest(session: AsyncSession, server_id: int | None, hazard: HazardTerm) -> AlertTemplate:
    """What an alert about a hazard begins with in a server."""
    found = {row.server_id: _template(row) for row in await queries.templates(session, server_id, hazard.value)}
    return first(found.get(server_id), found.get(None), hazard=hazard)


@dataclass(frozen=True, slots=True)
class AlertTemplatesService:
    """Each method that changes something asks for the right of its scope, and is noted in the audit."""

    work: Work
    clock: Clock

    async def all(self, actor: Actor) -> list[AlertTemplate]:
        """What every hazard begins with in her server, in the order of the hazards."""
        actor.require(Right.SERVER_COORDINATOR)
        async with self.work.read() as session:
            rows = await queries.templates(session, actor.server_id)
        found = {(row.hazard, row.server_id): _template(row) for row in rows}
        return [
            first(found.get((hazard.value, actor.server_id)), found.get((hazard.value, None)), hazard=hazard)
            for hazard in HazardTerm
        ]

    async def get(self, actor: Actor, scope: TemplateScope, hazard: HazardTerm) -> AlertTemplate:
        """What a hazard begins with: in her server, or in a server that keeps nothing of its own."""
        _require(actor, scope)
        async with self.work.read() as session:
            return await nearest(session, _server(actor, scope), hazard)

    async def set_facts(
        self,
        actor: Actor,
        scope: TemplateScope,
        seen: AlertTemplate,
        *,
        category: Hazard,
        severity: Severity,
        urgency: Urgency,
        certainty: Certainty,
        hours: int,
    ) -> AlertTemplate:
        """Other facts. Raises `Refusal` where somebody changed it since it was `seen`."""
        if hours not in HOURS:
            raise Refusal("crisis.hours")
        facts = {"category": category, "severity": severity, "urgency": urgency, "certainty": certainty}
        changed = replace(begun_from(seen, scope), **facts, hours=hours)  # type: ignore[arg-type]
        return await self._save(actor, scope, changed, {"part": "facts"})

    async def write(
        self, actor: Actor, scope: TemplateScope, seen: AlertTemplate, language: str, typed: tuple[str, str, str]
    ) -> AlertTemplate:
        """Its headline, description and instruction in a language; all three left empty take the text away.

        Raises `Refusal` for a wrong placeholder, and where somebody changed it since it was `seen`.
        """
        text = text_of(*typed)
        texts = {each: said for each, said in seen.texts.items() if each != language or text is not None}
        if text is not None:
            texts[language] = text
        changed = replace(begun_from(seen, scope), texts=texts)
        return await self._save(actor, scope, changed, {"part": "text", "language": language})

    async def restore(self, actor: Actor, scope: TemplateScope, hazard: HazardTerm) -> AlertTemplate:
        """Keep nothing of one's own any more: what comes next holds again."""
        _require(actor, scope)
        async with self.work.begin() as session:
            if not await queries.remove(session, _server(actor, scope), hazard.value):
                raise Refusal("alert_templates.nothing_kept")
            await self._note(session, actor, "restore", hazard, {"scope": scope.value})
            return await nearest(session, _server(actor, scope), hazard)

    async def keep(self, actor: Actor, scope: TemplateScope, alert_id: int, seen: int) -> AlertTemplate:
        """What stands on an alert's card becomes the template of its hazard. `seen` is the version that it replaces.

        Raises `Refusal` for drills and imports, and where somebody changed the template meanwhile.
        """
        _require(actor, scope)
        template = replace(await self._drafted(actor, alert_id), scope=scope, version=seen)
        return await self._save(actor, scope, template, {"part": "all", "alert": alert_id})

    async def would_keep(
        self, actor: Actor, alert_id: int, scopes: Sequence[TemplateScope]
    ) -> tuple[AlertTemplate, list[tuple[TemplateScope, int]]]:
        """What `keep` would keep, and the version that it would replace in each scope; 0 where nothing is kept."""
        template = await self._drafted(actor, alert_id)
        kept = [(scope, await self.get(actor, scope, template.hazard)) for scope in scopes]
        return template, [(scope, found.version if found.scope is scope else 0) for scope, found in kept]

    async def _drafted(self, actor: Actor, alert_id: int) -> AlertTemplate:
        async with self.work.read() as session:
            alert = await crisis_rows.find(session, alert_id)
        if not coordinates(alert, actor):
            raise Forbidden("crisis.not_your_server")
        return template_of(alert)

    async def _save(
        self, actor: Actor, scope: TemplateScope, template: AlertTemplate, details: dict[str, Any]
    ) -> AlertTemplate:
        _require(actor, scope)
        columns = _columns(template)
        server_id, hazard = _server(actor, scope), template.hazard
        async with self.work.begin() as session:
            if template.version:
                done = await queries.change(session, server_id, hazard.value, template.version, columns)
            else:
                done = await queries.create(session, {"server_id": server_id, "hazard": hazard.value, **columns})
            if not done:
                raise Refusal("alert_templates.changed")
            await self._note(session, actor, "write", hazard, {"scope": scope.value, **details})
            return await nearest(session, server_id, hazard)

    async def _note(
        self, session: AsyncSession, actor: Actor, deed: str, hazard: HazardTerm, details: dict[str, Any]
    ) -> None:
        await audit.record(
            session,
            at=self.clock(),
            actor_id=actor.user_id,
            server_id=actor.server_id,
            action=f"alert_template.{deed}",
            subject=hazard.value,
            details=details,
        )


def template_of(alert: Alert) -> AlertTemplate:
    """An alert as a template. Where nobody wrote anything for it, only its facts are kept. Raises `Refusal`."""
    if alert.drill or alert.imported:
        raise Refusal("alert_templates.of_own_alerts")
    texts = {
        language: TemplateText(text.headline, text.description, text.instruction)
        if alert.templated
        else generalised(text, alert.place)
        for language, text in alert.texts.items()
    }
    return replace(
        built_in(HazardTerm(alert.hazard)),
        category=alert.category,
        severity=alert.severity,
        urgency=alert.urgency,
        certainty=alert.certainty,
        hours=alert.hours,
        texts=texts,
    )


def _require(actor: Actor, scope: TemplateScope) -> None:
    actor.require(Right.NETWORK_COORDINATOR if scope is TemplateScope.NETWORK else Right.SERVER_COORDINATOR)


def _server(actor: Actor, scope: TemplateScope) -> int | None:
    return None if scope is TemplateScope.NETWORK else actor.server_id


def _template(row: queries.TemplateRow) -> AlertTemplate:
    return AlertTemplate(
        hazard=HazardTerm(row.hazard),
        category=Hazard(row.category),
        severity=Severity(row.severity),
        urgency=Urgency(row.urgency),
        certainty=Certainty(row.certainty),
        hours=row.hours,
        texts={language: TemplateText(**text) for language, text in row.texts.items()},
        scope=TemplateScope.NETWORK if row.server_id is None else TemplateScope.SERVER,
        version=row.version,
    )


def _columns(template: AlertTemplate) -> dict[str, Any]:
    return {
        "category": template.category.value,
        "severity": template.severity.value,
        "urgency": template.urgency.value,
        "certainty": template.certainty.value,
        "hours": template.hours,
        "texts": {language: asdict(text) for language, text in template.texts.items()},
    }
