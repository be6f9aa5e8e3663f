"""Templates through the service: whose holds, who may keep one, two people at once, and what a draft makes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.domain.access import Actor
from bot.domain.alert_templates import TemplateScope, built_in
from bot.domain.cap.values import Certainty, Hazard, Severity, Urgency
from bot.domain.crisis import Alert, AlertAudience
from bot.domain.errors import Forbidden, Refusal
from bot.domain.hazards import HazardTerm
from bot.services.alert_templates import AlertTemplatesService
from db.engine import Database
from db.tables import AuditEntry
from tests.clock import SettableClock
from tests.services.crisis_house import AUTHOR, COLLEAGUE, ELSEWHERE, NETWORK, House, crisis_house

FLOOD = HazardTerm.FLOOD
SERVER, EVERYWHERE = TemplateScope.SERVER, TemplateScope.NETWORK
TEXT = ("{event}: {place}", "The river is over its banks in {place}.", "Go upstairs.")


@pytest.fixture
async def house(database: Database, clock: SettableClock) -> House:
    return await crisis_house(database, clock)


@pytest.fixture
def templates(house: House) -> AlertTemplatesService:
    return AlertTemplatesService(house.crisis.work, house.clock)


async def facts(templates: AlertTemplatesService, actor: Actor, scope: TemplateScope, hours: int = 24) -> None:
    seen = await templates.get(actor, scope, FLOOD)
    await templates.set_facts(
        actor,
        scope,
        seen,
        category=Hazard.RESCUE,
        severity=Severity.EXTREME,
        urgency=Urgency.EXPECTED,
        certainty=Certainty.LIKELY,
        hours=hours,
    )


async def write(templates: AlertTemplatesService, actor: Actor, scope: TemplateScope, language: str = "en") -> None:
    await templates.write(actor, scope, await templates.get(actor, scope, FLOOD), language, TEXT)


async def drafted(house: House, actor: Actor = AUTHOR, *, drill: bool = False) -> Alert:
    return house.crisis.spoken(await house.crisis.draft(actor, "flood", AlertAudience.NETWORK, drill=drill))


async def test_a_draft_begins_with_what_is_kept(house: House, templates: AlertTemplatesService) -> None:
    await facts(templates, AUTHOR, SERVER)
    await write(templates, AUTHOR, SERVER, "fr")
    alert = await drafted(house)
    assert (alert.category, alert.severity, alert.urgency) == (Hazard.RESCUE, Severity.EXTREME, Urgency.EXPECTED)
    assert (alert.certainty, alert.hours) == (Certainty.LIKELY, 24)
    assert alert.text("fr")[0].headline == "Inondation: Lyon"
    assert alert.text("fr")[0].description == "The river is over its banks in Lyon."
    # A person filled it, and wrote nothing in Spanish: hers, marked.
    assert alert.text("es") == (alert.text("fr")[0], True)
    assert alert.written_in("es") == "fr"
    done = await house.crisis.confirm(AUTHOR, alert.id, "3")
    assert {language: text.headline for language, text in done.frozen.items()} == {"fr": "Inondation: Lyon"}


async def test_a_text_in_another_language_than_the_authors_is_said_to_be_in_it(
    house: House, templates: AlertTemplatesService
) -> None:
    await write(templates, AUTHOR, SERVER, "es")
    alert = await drafted(house)
    assert (alert.language, alert.written_in("fr"), alert.written_in("en")) == ("fr", "es", "es")


async def test_the_servers_goes_before_the_networks_and_restoring_goes_back_a_step(
    house: House, templates: AlertTemplatesService
) -> None:
    await facts(templates, NETWORK, EVERYWHERE, hours=48)
    assert (await drafted(house)).hours == 48
    await facts(templates, AUTHOR, SERVER, hours=6)
    assert (await drafted(house)).hours == 6
    assert (await drafted(house, ELSEWHERE)).hours == 48
    assert (await templates.restore(COLLEAGUE, SERVER, FLOOD)).hours == 48
    assert await templates.restore(NETWORK, EVERYWHERE, FLOOD) == built_in(FLOOD)
    with pytest.raises(Refusal) as refused:
        await templates.restore(COLLEAGUE, SERVER, FLOOD)
    assert refused.value.message_id == "alert_templates.nothing_kept"
    async with house.database.read() as session:
        noted = (
            await session.execute(
                select(AuditEntry.action, AuditEntry.actor_id, AuditEntry.subject)
                .where(AuditEntry.action.like("alert_template%"))
                .order_by(AuditEntry.id)
            )
        ).all()
    assert [tuple(each) for each in noted] == [
        ("alert_template.write", NETWORK.user_id, "flood"),
        ("alert_template.write", AUTHOR.user_id, "flood"),
        ("alert_template.restore", COLLEAGUE.user_id, "flood"),
        ("alert_template.restore", NETWORK.user_id, "flood"),
    ]


async def test_a_copy_of_the_networks_becomes_the_servers_own(house: House, templates: AlertTemplatesService) -> None:
    await write(templates, NETWORK, EVERYWHERE, "es")
    await write(templates, AUTHOR, SERVER, "fr")
    own = await templates.get(AUTHOR, SERVER, FLOOD)
    assert (set(own.texts), own.scope) == ({"es", "fr"}, SERVER)
    assert set((await templates.get(NETWORK, EVERYWHERE, FLOOD)).texts) == {"es"}


@pytest.mark.parametrize("first", [True, False])
async def test_of_two_at_once_the_second_is_told(house: House, templates: AlertTemplatesService, first: bool) -> None:
    if not first:
        await facts(templates, AUTHOR, SERVER)
    seen = await templates.get(AUTHOR, SERVER, FLOOD)
    await templates.write(COLLEAGUE, SERVER, seen, "en", TEXT)
    with pytest.raises(Refusal) as refused:
        await templates.write(AUTHOR, SERVER, seen, "en", ("Mine", "mine", "mine"))
    assert refused.value.message_id == "alert_templates.changed"
    assert (await templates.get(AUTHOR, SERVER, FLOOD)).texts["en"].headline == "{event}: {place}"
    await templates.restore(COLLEAGUE, SERVER, FLOOD)
    if not first:
        with pytest.raises(Refusal):
            await templates.write(AUTHOR, SERVER, replace(seen, version=2), "en", TEXT)


async def test_the_networks_is_kept_once_by_two_at_once(house: House, templates: AlertTemplatesService) -> None:
    seen = await templates.get(NETWORK, EVERYWHERE, FLOOD)
    await templates.write(NETWORK, EVERYWHERE, seen, "en", TEXT)
    with pytest.raises(Refusal):
        await templates.write(NETWORK, EVERYWHERE, seen, "fr", TEXT)


async def test_only_network_coordinators_keep_the_networks(templates: AlertTemplatesService) -> None:
    alumna = replace(AUTHOR, is_server_coordinator=False)
    seen = built_in(FLOOD)
    for actor, scope in ((AUTHOR, EVERYWHERE), (alumna, SERVER), (alumna, EVERYWHERE)):
        with pytest.raises(Forbidden):
            await templates.write(actor, scope, seen, "en", TEXT)
        with pytest.raises(Forbidden):
            await templates.restore(actor, scope, FLOOD)
    with pytest.raises(Forbidden):
        await templates.all(alumna)


async def test_emptying_a_text_takes_it_away(templates: AlertTemplatesService) -> None:
    await write(templates, AUTHOR, SERVER, "fr")
    await write(templates, AUTHOR, SERVER, "es")
    seen = await templates.get(AUTHOR, SERVER, FLOOD)
    assert set((await templates.write(AUTHOR, SERVER, seen, "es", ("", " ", ""))).texts) == {"fr"}


async def test_the_list_says_whose_each_one_is(templates: AlertTemplatesService) -> None:
    await facts(templates, NETWORK, EVERYWHERE)
    kept = {each.hazard: each.scope for each in await templates.all(AUTHOR)}
    assert list(kept) == list(HazardTerm)
    assert (kept[FLOOD], kept[HazardTerm.STORM]) == (EVERYWHERE, None)


async def test_a_drill_takes_the_facts_and_never_the_text(house: House, templates: AlertTemplatesService) -> None:
    await facts(templates, AUTHOR, SERVER)
    await write(templates, AUTHOR, SERVER, "fr")
    drill = await drafted(house, drill=True)
    assert (drill.severity, drill.hours) == (Severity.EXTREME, 24)
    assert "river" not in drill.text("fr")[0].description
    assert set(drill.texts) == {"en", "es", "fr"}
    with pytest.raises(Refusal) as refused:
        await templates.keep(AUTHOR, SERVER, drill.id, 1)
    assert refused.value.message_id == "alert_templates.of_own_alerts"


async def test_a_draft_is_kept_and_the_next_one_is_about_another_place(
    house: House, templates: AlertTemplatesService
) -> None:
    alert = await drafted(house)
    await house.crisis.set(AUTHOR, alert.id, category=Hazard.RESCUE, severity=Severity.MINOR, hours=3)
    written = {"headline": "Inondation : Lyon", "description": "Le quai de Lyon est fermé.", "instruction": "Montez."}
    await house.crisis.write(AUTHOR, alert.id, "fr", written)
    with pytest.raises(Forbidden):
        await templates.keep(ELSEWHERE, SERVER, alert.id, 0)
    template, versions = await templates.would_keep(COLLEAGUE, alert.id, [SERVER])
    assert versions == [(SERVER, 0)]
    kept = await templates.keep(COLLEAGUE, SERVER, alert.id, 0)
    assert (kept.texts, kept.severity, kept.category) == (template.texts, Severity.MINOR, Hazard.RESCUE)
    assert kept.texts["fr"].headline == "{event} : {place}"
    assert kept.texts["fr"].description == "Le quai de {place} est fermé."
    following = await drafted(house)
    assert (following.hours, following.text("fr")[0].headline) == (3, "Inondation : Lyon")
    with pytest.raises(Refusal):
        await templates.keep(COLLEAGUE, SERVER, alert.id, 0)  # somebody kept one meanwhile
    assert (await templates.keep(COLLEAGUE, SERVER, following.id, 1)).texts == kept.texts


async def test_once_the_author_writes_the_templates_other_languages_are_silent(
    house: House, templates: AlertTemplatesService
) -> None:
    await write(templates, AUTHOR, SERVER, "fr")
    await write(templates, AUTHOR, SERVER, "es")
    alert = await drafted(house)
    assert alert.text("es")[1] is False
    written = {"headline": "Fausse rumeur", "description": "Le barrage tient.", "instruction": "Restez."}
    alert = await house.crisis.write(AUTHOR, alert.id, "fr", written)
    assert alert.text("es") == (alert.text("fr")[0], True)
    assert set((await house.crisis.confirm(AUTHOR, alert.id, "3")).frozen) == {"fr"}
